"""The times at which an engine looks at tasks with an escalation table: a setting of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final


@dataclass(frozen=True, slots=True)
class Looks:
    """`first`: the time of day of the earliest look; `spread`: the looks of all cases lie within
    this time after it, each at its own moment, so that thousands do not wake at once; `priority`:
    the table's `priority` for a case without one."""

    first: time = time(0)
    spread: timedelta = timedelta(0)
    priority: str | None = None

    def time_of(self, key: str) -> time:
        """The time of day at which the case of this key is looked at: the same every day."""
        seconds = int(self.spread.total_seconds())
        part = int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % max(1, seconds)
        return (datetime.combine(date.min, self.first) + timedelta(seconds=part)).time()


FROM_MIDNIGHT: Final = Looks()
"""The default of an engine without a setting."""
