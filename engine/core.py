"""What every part of the engine's face stands on: database, parsed models, stepper, clock.

Owns transactions and the engine's time. Knows none of the questions and acts built on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from engine import jobs
from engine.clock import Clock
from engine.examining import Examine
from engine.execution.cache import LiveCache
from engine.execution.host import Surroundings
from engine.execution.offers import Offers
from engine.execution.programs import Programs
from engine.execution.step import Stepper
from engine.external_tasks import ExternalTasks
from engine.storage.clock_time import read_time
from engine.storage.notify import DUE, Bell, Ear
from engine.storage.unit_of_work import Database

T = TypeVar("T")

HEARTBEAT_SECONDS = 5.0
"""Every scheduler looks at least so often, whether it is told of new work or not."""


class Core:
    """The engine's own state; safe to share between threads."""

    def __init__(
        self,
        database: Database,
        around: Surroundings,
        clock: Clock,
        senders: Mapping[str, jobs.Sender],
        daily: Sequence[Callable[[Any], object]],
        examine: Examine,
    ) -> None:
        self.database = database
        self.examine = examine
        self._clock = clock
        self._daily = daily
        self._listeners: list[Callable[[float], None]] = []
        self._bell = Bell(database.url) if database.tells_others else None
        self._ears: list[Ear] = []
        self._programs = Programs(around.cases.processes)
        self._offers = Offers(database, self._bell)
        self._stepper = Stepper(
            around, self._programs, clock, LiveCache(), self._wake, self._offers.offer
        )
        self.external = ExternalTasks(self._stepper, self._offers)
        """Work for programs outside."""
        self._loop = jobs.Loop(self._stepper, senders)
        self._around = around
        self._beaten = time.monotonic()
        self.stopping = threading.Event()
        """Set when this process is about to end: long work leaves off."""

    def close(self) -> None:
        """Close all connections."""
        self.stopping.set()
        for ear in self._ears:
            ear.close()
        self._offers.close()
        if self._bell is not None:
            self._bell.close()
        self.database.dispose()

    def now(self) -> datetime:
        """The engine's time: aware UTC."""
        with self.database.read() as connection:
            return self._at(connection)

    def now_on(self, connection: Connection) -> datetime:
        """The engine's time, read on a connection one already has."""
        return self._at(connection)

    def real_now(self) -> datetime:
        """The database's time, which no virtual clock moves: for sessions, links and throttling."""
        with self.database.read() as connection:
            return self.real_now_on(connection)

    def real_now_on(self, connection: Connection) -> datetime:
        """The same, read on a connection one already has."""
        now: datetime = read_time(connection)[0]
        return now

    def _at(self, connection: Connection) -> datetime:
        return self._clock.at(*read_time(connection))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction for rows that belong to no case."""
        with self.database.write() as connection:
            yield connection

    def repeat(self, work: Callable[[Connection], T]) -> T:
        """A writing transaction that also locks cases: the whole of `work` is run again where
        another worker was in its way, so it must be safe to repeat."""
        return self.database.repeat(work)

    def reading(self) -> AbstractContextManager[Connection]:
        """A reading transaction."""
        return self.database.read()

    def listen(self, listener: Callable[[float], None]) -> None:
        """`listener(seconds)` is called after each commit that stores work due in `seconds`, also
        after those of other processes where the database `tells_others`."""
        self._listeners.append(listener)
        if self.database.tells_others:
            self._ears.append(Ear(self.database.url, DUE, lambda said: listener(_seconds(said))))

    def wake(self) -> None:
        """Have the scheduler look at once: for work due now that was stored outside of a step.
        Called after its commit."""
        self._wake(0.0)

    def _wake(self, seconds: float) -> None:
        """Told after a commit. Without a listener of one's own the other processes are told, if
        the work is due before they would look anyway."""
        for listener in self._listeners:
            listener(seconds)
        if self._bell is not None and not self._listeners and seconds < HEARTBEAT_SECONDS:
            self._bell.ring(DUE, f"{seconds:.3f}")


def _seconds(said: str) -> float:
    """In how many seconds the work is due; at once for what only somebody else can have said."""
    try:
        return max(0.0, float(said))
    except ValueError:
        return 0.0
