"""How a list is sorted: by which of its columns, upwards or downwards.

Owns only the value. Each list says by which names it can be sorted, and the storage has the columns
of an index for each.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sort:
    """A name of the list's own for what it is sorted by, and the direction."""

    by: str
    descending: bool = False

    @property
    def turned(self) -> Sort:
        """The other direction."""
        return Sort(self.by, not self.descending)
