"""Pages by key: what was seen last tells where the next page begins.

Owns the shape only. There is no OFFSET anywhere: a late page costs as little as the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in order, and whether there are more after them."""

    items: Sequence[T]
    more: bool

    @property
    def last(self) -> T | None:
        """Its id is the `after` of the next page; None on the last page."""
        return self.items[-1] if self.more and self.items else None


def cut(rows: Sequence[T], limit: int) -> Page[T]:
    """The page of `limit` rows out of up to `limit` + 1 that were read."""
    return Page(rows[:limit], len(rows) > limit)
