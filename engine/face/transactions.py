"""The engine's transactions: of an act, of rows that belong to no case, of questions together.

Owns the database, the stepper and who is told after a commit. Knows none of the acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from engine.deployment.examining import Examine
from engine.execution.cache import LiveCache
from engine.execution.programs import Programs
from engine.execution.step import StepFailed, Stepper
from engine.execution.step_host import Surroundings
from engine.face.act import Act
from engine.face.external_tasks import ExternalTasks
from engine.face.questions import Once, Questions
from engine.face.waking import Waking
from engine.later import repairs
from engine.later.repairs import Failed, Kept
from engine.storage.database.unit_of_work import Database
from engine.time.clock import Clock
from engine.workers.offers import Offers

T = TypeVar("T")


class _TakenBack(Exception):
    """The end of a rehearsal."""


class Transactions(Questions):
    """An open database on which cases run; safe to share between threads. Each question it is
    asked itself has a transaction of its own."""

    def __init__(
        self, database: Database, around: Surroundings, clock: Clock, examine: Examine
    ) -> None:
        self.database = database
        self._waking = Waking(database)
        self._offers = Offers(database, self._waking.bell)
        programs = Programs(around.cases.processes)
        wake, offer = self._waking.wake, self._offers.offer
        stepper = Stepper(around, programs, clock, LiveCache(), wake, offer)
        super().__init__(stepper, examine, database.read)
        self.external = ExternalTasks(self._stepper, self._offers, self)
        """Work for programs outside."""

    def close(self) -> None:
        """Close all connections."""
        self._waking.stop_listening()
        self._offers.close()
        self._waking.close()
        self.database.dispose()

    def on(self, connection: Connection) -> Questions:
        """The engine's questions on the caller's connection."""
        return Questions(self._stepper, self.examine, lambda: nullcontext(connection))

    def once(self, connection: Connection) -> Questions:
        """The same for a reader: the clock, a task and an instance are read only once."""
        return Once(self._stepper, self.examine, lambda: nullcontext(connection))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction for rows that belong to no case."""
        with self.database.write() as connection:
            yield connection

    def act(self, work: Callable[[Act], T]) -> T:
        """Do all of `work` in one transaction, or nothing. If another worker disturbs it, the
        engine runs `work` again, so a repeated call must be safe.

        Raises the errors of `work`, and Failed if the model or a handler fails in one of its steps.
        """
        try:
            return self._committed(work)
        except StepFailed as failed:
            raise Failed(failed.failure) from failed

    def keep(self, work: Callable[[Act], T]) -> T:
        """Do the same for an act that is one command with its rights. If the model or a handler
        fails, the engine keeps the command as an incident and raises Kept."""
        try:
            return self._committed(work)
        except StepFailed as failed:
            raise Kept(repairs.record(self._stepper, failed)) from failed

    def rehearse(self, work: Callable[[Act], object]) -> None:
        """Do all that `work` does and take it back: nothing is stored or told, no number of a
        series is lost. Raises what `act` would raise, but not for a failure of the model or a
        handler: that would be kept."""
        around = replace(self._stepper.around, rehearsing=True)
        stepper = replace(self._stepper, around=around, cache=LiveCache())

        def acted(connection: Connection) -> None:
            work(Act(stepper, connection, []))
            raise _TakenBack

        try:
            self.database.repeat(acted)
        except (_TakenBack, StepFailed):
            return

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
        self._waking.listen(listener)

    def wake(self) -> None:
        """Have the scheduler look at once: for work due now that was stored outside of an act.
        Called after its commit."""
        self._waking.wake(0.0)
