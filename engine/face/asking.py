"""What every question begins with: a reading transaction, the engine's time, a case as stored.

Knows no question of its own but what time it is, and whether somebody looks after later work.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.deployment.examining import Examine
from engine.execution.border import Fault, Live
from engine.execution.step import Stepper
from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage import upkeep
from engine.storage.cases import steps, worklist
from engine.storage.cases.worklist import Task
from engine.storage.clock_time import read_time
from engine.time.clock import VirtualTime, read_virtual


class Asking:
    """Whoever is asked. `reading()` gives a connection: a new transaction for each question
    (`Engine`), or one that the asker already has (`Engine.on`)."""

    def __init__(
        self,
        stepper: Stepper,
        examine: Examine,
        reading: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._stepper = stepper
        self.examine = examine
        self.reading = reading
        """A reading transaction."""

    def now(self) -> datetime:
        """The engine's time: aware UTC."""
        return self._stepper.clock.at(*self._time())

    def real_now(self) -> datetime:
        """The database's time, which no virtual clock moves: for sessions, links and throttling."""
        return self._time()[0]

    def _time(self) -> tuple[datetime, str | None]:
        with self.reading() as connection:
            return read_time(connection)

    def virtual_time(self) -> VirtualTime | None:
        """The virtual clock that is stored; None: the engine goes by the database's."""
        stored = self._time()[1]
        return read_virtual(stored) if stored else None

    def heartbeat(self) -> datetime | None:
        """When a scheduler last looked, by the database's clock; None: never."""
        with self.reading() as connection:
            return upkeep.heartbeat(connection)

    def _task(self, connection: Connection, task_id: UUID) -> Task:
        return worklist.get(connection, task_id)

    def _loaded(self, connection: Connection, instance_id: UUID) -> Live:
        """The instance as it is stored. Raises NotFound, Conflict for a state that cannot be
        read."""
        found = steps.stored(connection, [instance_id])
        if instance_id not in found:
            raise NotFound(say("There is no such case."))
        return self._live(connection, *found[instance_id])

    def _live(self, connection: Connection, definition_id: UUID, body: bytes) -> Live:
        program = self._stepper.programs.of(connection, definition_id)
        try:
            return Live.load(program, body, self._stepper.programs.finder(connection))
        except Fault as fault:
            raise Conflict(fault.what) from fault
