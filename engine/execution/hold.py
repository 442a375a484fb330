"""One transaction and the cases that are locked in it.

Owns the lock, the time, and the reports after the commit. Knows no act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.execution.step import Done, Stepper, event_row
from engine.records import history
from engine.records.commands import Command
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.cases import steps
from engine.storage.cases.steps import Head
from engine.storage.clock_time import read_time


class Hold:
    """A transaction on its `connection`, in which instances are locked and moved. Before the commit
    it reports nothing. `ids`: the ids made so far, kept if the whole is run again."""

    def __init__(self, stepper: Stepper, connection: Connection, ids: list[UUID]) -> None:
        self.connection = connection
        self.stepper = stepper
        self._locked: dict[UUID, Head] = {}
        self._instance_of: dict[UUID, UUID] = {}
        self._after: list[Callable[[], None]] = []
        self._ids, self._ids_used = ids, 0

    def committed(self) -> None:
        """Report the stored work, after the commit."""
        for tell in self._after:
            tell()

    @cached_property
    def now(self) -> datetime:
        """The engine's time: aware UTC."""
        return self.stepper.clock.at(*self._time)

    @property
    def real_now(self) -> datetime:
        """The database's time; no virtual clock moves it."""
        return self._time[0]

    @cached_property
    def _time(self) -> tuple[datetime, str | None]:
        for head in self._locked.values():
            return head.database_now, head.clock
        return read_time(self.connection)

    def new_id(self) -> UUID:
        """A new id. A repeated run of the whole act gets the same ids, so it finds rows that were
        stored before the connection was lost."""
        if self._ids_used == len(self._ids):
            self._ids.append(uuid7())
        self._ids_used += 1
        return self._ids[self._ids_used - 1]

    # --- the lock -------------------------------------------------------------------------------

    def lock(self, instance_id: UUID) -> Head:
        """The instance, locked until the transaction ends. Raises NotFound."""
        return self._locked.get(instance_id) or self._known(
            steps.lock(self.connection, instance_id)
        )

    def lock_by_task(self, task_id: UUID) -> Head:
        """The instance of a task, locked. Raises NotFound."""
        instance_id = self._instance_of.get(task_id)
        if instance_id is not None:
            return self.lock(instance_id)
        head = self._known(steps.lock_by_task(self.connection, task_id))
        self._instance_of[task_id] = head.id
        return head

    def _known(self, head: Head | None) -> Head:
        if head is None:
            raise NotFound(say("There is no such task or case."))
        self._locked[head.id] = head
        return head

    def forget(self) -> None:
        """Forget the facts read of locked instances, because their histories have gone on."""
        self._locked.clear()

    # --- what is done under it ---------------------------------------------------------------

    def perform(self, head: Head, command: Command) -> None:
        """Run the step on a locked instance. Raises StepFailed besides."""
        self.done(self.stepper.perform(self.connection, head, command))

    def done(self, done: Done | None) -> None:
        """Remember a step of this transaction; facts read of its instance are no longer valid."""
        if done is not None:
            self._locked.pop(done.head.id, None)
            self._after.append(lambda: self.stepper.committed(done))

    def append(self, head: Head, kind: str, by: str | None, details: Mapping[str, Any]) -> None:
        """Append one event to the history of a locked instance, without a step."""
        body = history.body_of((), (), (), {}, details)
        steps.append(self.connection, head, event_row(head, self.now, kind, by, None, body))
        self._locked.pop(head.id, None)

    # --- after the commit -----------------------------------------------------------------------

    def wake(self) -> None:
        """Make the scheduler look now, for due work that is stored outside a step."""
        self._after.append(lambda: self.stepper.wake(0.0))

    def offer(self, topics: frozenset[str]) -> None:
        """Report to workers that there are external tasks of these topics."""
        if topics:
            self._after.append(lambda: self.stepper.offer(topics))
