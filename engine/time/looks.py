"""When an engine looks at tasks with an escalation table: a setting of whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final


@dataclass(frozen=True, slots=True)
class Looks:
    """`first`: the time of a day from which cases are looked at; `spread`: they do so within this
    time, each at a moment of its own, so that thousands do not all wake at once; `priority`: what
    a table reads as `priority` where the case says none."""

    first: time = time(0)
    spread: timedelta = timedelta(0)
    priority: str | None = None

    def time_of(self, key: str) -> time:
        """When the case of this key is looked at: the same every day."""
        seconds = int(self.spread.total_seconds())
        part = int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % max(1, seconds)
        return (datetime.combine(date.min, self.first) + timedelta(seconds=part)).time()


FROM_MIDNIGHT: Final = Looks()
"""Of an engine that nobody has told more."""
