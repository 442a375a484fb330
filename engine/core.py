"""What every part of the engine's face stands on: database, parsed models, stepper, clock.

Owns transactions and the engine's time. Knows none of the questions and acts built on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from engine import incidents, jobs
from engine.act import Act
from engine.clock import Clock
from engine.examining import Examine
from engine.execution.cache import LiveCache
from engine.execution.host import Surroundings
from engine.execution.offers import Offers
from engine.execution.programs import Programs
from engine.execution.step import StepFailed, Stepper
from engine.external_tasks import ExternalTasks
from engine.incidents import Failed, Kept
from engine.questions import Once, Questions
from engine.storage.notify import DUE, Bell, Ear
from engine.storage.unit_of_work import Database

T = TypeVar("T")

HEARTBEAT_SECONDS = 5.0
"""Every scheduler looks at least so often, whether it is told of new work or not."""


class Core(Questions):
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
        self._daily = daily
        self._listeners: list[Callable[[float], None]] = []
        self._bell = Bell(database.url) if database.tells_others else None
        self._ears: list[Ear] = []
        self._offers = Offers(database, self._bell)
        programs = Programs(around.cases.processes)
        stepper = Stepper(around, programs, clock, LiveCache(), self._wake, self._offers.offer)
        super().__init__(stepper, examine, database.read)
        self.external = ExternalTasks(self._stepper, self._offers, self)
        """Work for programs outside."""
        self._loop = jobs.Loop(self._stepper, senders)
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

    def on(self, connection: Connection) -> Questions:
        """The same questions on a connection one already has."""
        return Questions(self._stepper, self.examine, lambda: nullcontext(connection))

    def once(self, connection: Connection) -> Questions:
        """The same for who only reads: the clock, a task and an instance are read once."""
        return Once(self._stepper, self.examine, lambda: nullcontext(connection))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction for rows that belong to no case."""
        with self.database.write() as connection:
            yield connection

    def act(self, work: Callable[[Act], T]) -> T:
        """Do all that `work` does in one transaction, or nothing of it. The whole of it is run
        again where another worker was in its way, so it must be safe to repeat.

        Raises what it raises, and Failed when the model or a handler fails at a step of it.
        """
        try:
            return self._committed(work)
        except StepFailed as failed:
            raise Failed(failed.failure) from failed

    def keep(self, work: Callable[[Act], T]) -> T:
        """The same for an act that is one command with its rights. When the model or a handler
        fails at it, the command is kept as an incident, and Kept is raised."""
        try:
            return self._committed(work)
        except StepFailed as failed:
            raise Kept(incidents.record(self._stepper, failed)) from failed

    def _committed(self, work: Callable[[Act], T]) -> T:
        ids: list[UUID] = []

        def acted(connection: Connection) -> tuple[Act, T]:
            act = Act(self._stepper, connection, ids)
            return act, work(act)

        act, done = self.database.repeat(acted)
        act.committed()
        return done

    def listen(self, listener: Callable[[float], None]) -> None:
        """`listener(seconds)` is called after each commit that stores work due in `seconds`, also
        after those of other processes where the database `tells_others`."""
        self._listeners.append(listener)
        if self.database.tells_others:
            self._ears.append(Ear(self.database.url, DUE, lambda said: listener(_seconds(said))))

    def wake(self) -> None:
        """Have the scheduler look at once: for work due now that was stored outside of an act.
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
