"""Later work on the engine's face: what a scheduler does at each look, and when to look again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.deployment.examining import Examine
from engine.execution.step_host import Surroundings
from engine.face import verification
from engine.face.transactions import Transactions
from engine.face.verification import Verified
from engine.later import loop
from engine.storage import upkeep
from engine.storage.clock_time import read_time
from engine.storage.database.unit_of_work import Database
from engine.storage.later import jobs
from engine.time.clock import Clock


class LaterWork(Transactions):
    """What is done without anybody asking for it now: jobs that are due, upkeep, verifying."""

    def __init__(
        self,
        database: Database,
        around: Surroundings,
        clock: Clock,
        senders: Mapping[str, loop.Sender],
        daily: Sequence[Callable[[Any], object]],
        examine: Examine,
    ) -> None:
        super().__init__(database, around, clock, examine)
        self._daily = daily
        self._loop = loop.Loop(self._stepper, senders)
        self._beaten = time.monotonic()
        self.stopping = threading.Event()
        """Set when this process is about to end: long work leaves off."""

    def close(self) -> None:
        """Close all connections; long work leaves off."""
        self.stopping.set()
        super().close()

    def run_due(self, now: datetime | None = None) -> int:
        """Run every job due by `now` (the clock's now by default); returns how many were
        done: what failed, is another's, or was left over by its case counts as none."""
        return self._loop.run_due(now, self.beat)

    def beat(self) -> None:
        """Between jobs, and between the parts of a long one: so often as the heartbeat is written
        at all, and looked at no more."""
        if time.monotonic() - self._beaten >= upkeep.BEAT_EVERY.total_seconds():
            self._beaten = time.monotonic()
            self.database.repeat(upkeep.beat)

    def seconds_to_next_job(self) -> float | None:
        """Real seconds until the earliest job is due; None without one."""
        with self.reading() as connection:
            earliest = jobs.earliest(connection)
            if earliest is None:
                return None
            database_now, stored = read_time(connection)
            now = self._stepper.clock.at(database_now, stored)
            return self._stepper.clock.seconds_until(earliest, now, stored)

    def maintain(self, aside: Callable[[Callable[[], None]], None] = lambda work: work()) -> None:
        """What the scheduler does at each look besides due jobs: heartbeat, counters, and once a
        real day what was given as `daily`, which may take long: `aside` runs it, or has it run
        beside. If it fails, the next day tries again; where this process ends first, another
        does."""
        if not self.stopping.is_set() and self.database.repeat(upkeep.look):
            aside(self._day)

    def _day(self) -> None:
        for work in self._daily:
            work(self)
        if self.stopping.is_set():
            self.database.repeat(upkeep.forget_sweep)

    def verify(self) -> Verified | None:
        """Whether the history of every instance is what was written; None: the engine was told to
        stop before the end."""
        return verification.verify(self.database, self.stopping.is_set)
