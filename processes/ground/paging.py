"""Pages by key: the last or first row of a page shows where the next or the earlier page lies.

Owns only the shape. No query uses OFFSET: a late page costs as little as the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Key = TypeVar("Key")

PAGE = 25


@dataclass(frozen=True, slots=True)
class Cursor(Generic[Key]):
    """The place of a page: behind the row at `key`, or, going `back`, before it."""

    key: Key
    back: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in order, and whether there are `more` after them and `earlier` ones before
    them."""

    items: Sequence[T]
    more: bool
    earlier: bool = False

    @property
    def last(self) -> T | None:
        """Its id is the `after` of the next page; None on the last page."""
        return self.items[-1] if self.more and self.items else None

    @property
    def first(self) -> T | None:
        """Its id is the `before` of the page before; None on the first page."""
        return self.items[0] if self.earlier and self.items else None


def cursor(after: Key | None, before: Key | None) -> Cursor[Key] | None:
    """The place of a page that begins behind one row or ends before another; None: the first
    page."""
    if before is not None:
        return Cursor(before, back=True)
    return None if after is None else Cursor(after)


def cut(rows: Sequence[T], limit: int, at: Cursor[Key] | None = None) -> Page[T]:
    """The page of `limit` rows from up to `limit` + 1 rows read from `at` on. Going back, the rows
    were read backwards."""
    beyond = len(rows) > limit
    if at is not None and at.back:
        return Page(rows[:limit][::-1], more=True, earlier=beyond)
    return Page(rows[:limit], more=beyond, earlier=at is not None)
