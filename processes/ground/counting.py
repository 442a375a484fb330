"""How many there are: exact up to a bound, beyond it honestly so many and more.

Owns the shape of a number whose counting is bounded, so that no list of a large office makes a page
slow. The bound is on how many rows are looked at, whatever page of a list is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 2_000
"""So many rows of a list are counted; of a longer one is said that there are more."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are. `more`: there are more than `number`, how many was not counted."""

    number: int
    more: bool = False


def parts(upto: Sequence[int], total: int, most: int) -> list[Count | None]:
    """The count of each part of a list in order. `upto`: how many rows lie before the end of each
    part but the last, of the first `most` + 1 rows; `total`: how many rows that were. None: a part
    that begins behind the bound, of which nothing is known."""
    ends = [*upto, total]
    begins = [0, *upto]
    return [_part(begin, end, most) for begin, end in zip(begins, ends, strict=True)]


def _part(begin: int, end: int, most: int) -> Count | None:
    if end <= most:
        return Count(end - begin)
    return Count(most - begin, more=True) if begin < most else None
