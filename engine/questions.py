"""Questions on the engine's face: tasks, forms, instances, history, counts, drafts, models.

All unscoped: who may see an answer is decided above the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import deploying, drafting, starts, verification
from engine.cases import Identity
from engine.clock import VirtualTime, read_virtual
from engine.drafting import ModelDraft
from engine.errors import Conflict, NotFound
from engine.examining import Examine
from engine.execution.border import Choice, Fault, HumanTask, Live, Program, Subscription
from engine.execution.host import Options
from engine.execution.step import Stepper
from engine.history import Event
from engine.models.checks import Known
from engine.models.forms import Form
from engine.models.problems import Problem
from engine.storage import (
    counters,
    definitions,
    drafts,
    instances,
    model_drafts,
    upkeep,
    workers,
    worklist,
)
from engine.storage import incidents as incident_rows
from engine.storage import steps as step_rows
from engine.storage.clock_time import read_time
from engine.storage.definitions import Version
from engine.storage.drafts import Draft
from engine.storage.incidents import Incident
from engine.storage.instances import Instance
from engine.storage.worklist import Task
from engine.words import say


class Questions:
    """What somebody may want to know. `reading()` gives a connection: a new transaction for each
    question (`Engine`), or one that the asker already has (`Engine.on`)."""

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

    def incidents(self, process_key: str | None = None) -> list[Incident]:
        """What is stuck, newest first."""
        with self.reading() as connection:
            return incident_rows.opened(connection, process_key=process_key)

    # --- tasks, instances -----------------------------------------------------------------------

    def tasks(
        self,
        instance_id: UUID | None = None,
        assignee: str | None = None,
        candidate_group: str | None = None,
        open: bool = True,
        limit: int = 25,
        after: Task | None = None,
    ) -> list[Task]:
        """Human tasks of an instance, of a person, or of a group; pages by `after`, the last
        task seen. Without a filter: all, by id."""
        with self.reading() as connection:
            if instance_id is not None:
                found = worklist.of_instance(connection, instance_id, only_open=open)
                return [t for t in found if _matches(t, assignee, candidate_group)][:limit]
            if assignee is None and candidate_group is None:
                last = after.id if after else None
                return worklist.all_open(connection, limit, last, only_open=open)
            who = [f"user:{assignee}"] if assignee else [f"group:{candidate_group}"]
            position = worklist.position(after) if after else None
            return worklist.open_for(connection, who, limit, position)

    def task(self, task_id: UUID) -> Task:
        """One task. Raises NotFound."""
        with self.reading() as connection:
            return self._task(connection, task_id)

    def _task(self, connection: Connection, task_id: UUID) -> Task:
        return worklist.get(connection, task_id)

    def form(self, task_id: UUID) -> tuple[Form | None, Options]:
        """The form of a task and the lists its choices come from."""
        with self.reading() as connection:
            task = self._task(connection, task_id)
            program = self._stepper.programs.of(connection, task.definition_id)
            form = self._form(connection, task, program)
            if form is None:
                return None, {}
            instance = Identity(task.instance_id, task.process_key, task.business_key)
            return form, self._stepper.around.options_for(connection, instance, form)

    def _form(self, connection: Connection, task: Task, program: Program) -> Form | None:
        """A called process may have elements and forms of the same id: the open task knows."""
        if program.calls:
            live = self._loaded(connection, task.instance_id)
            for waiting in live.waiting().tasks.values():
                if waiting.row_id == task.id:
                    return waiting.form
        return program.form_of(program.element(task.element_id))

    def instance(self, instance_id: UUID) -> Instance:
        """One instance. Raises NotFound."""
        with self.reading() as connection:
            return instances.get(connection, instance_id)

    def data(self, instance_id: UUID) -> dict[str, Any]:
        """The variables of an instance itself, as they are now or were when it ended."""
        with self.reading() as connection:
            return self._loaded(connection, instance_id).data

    def task_data(self, task_id: UUID) -> dict[str, Any]:
        """Every variable an open task sees, those of its own run included. Raises NotFound,
        Conflict when the task has ended."""
        live, task = self._waiting_at(task_id)
        return live.data_of(task.token)

    def form_data(self, task_id: UUID) -> dict[str, Any]:
        """The variables that the form of an open task shows; of a task without a form, all that a
        form might show. Raises NotFound, Conflict when the task has ended."""
        live, task = self._waiting_at(task_id)
        data = live.form_data_of(task.token)
        return (
            data if task.form is None else {key: data[key] for key in data.keys() & task.form.shown}
        )

    def awaited(self, instance_id: UUID) -> list[Subscription]:
        """What of a running instance waits for a message or a signal, the first to wait first: its
        token, element, name and key; a receive task without a message has no name. Raises
        NotFound."""
        with self.reading() as connection:
            live = self._loaded(connection, instance_id)
        return list(live.waiting().subscriptions.values())

    def choices(self, instance_id: UUID) -> list[Choice]:
        """The open ad-hoc sub-processes of a running instance, the oldest first, each with the
        activities that can be started now. Raises NotFound."""
        with self.reading() as connection:
            return self._loaded(connection, instance_id).choices()

    def choosing(self, instance_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of these running instances in which an activity can be chosen now."""
        with self.reading() as connection:
            found = step_rows.stored(connection, instance_ids)
            return frozenset(
                id for id, (definition_id, body) in found.items()
                if self._live(connection, definition_id, body).choices()
            )  # fmt: skip

    def _waiting_at(self, task_id: UUID) -> tuple[Live, HumanTask]:
        """The instance of an open task, and the task as it waits there."""
        with self.reading() as connection:
            task = self._task(connection, task_id)
            live = self._loaded(connection, task.instance_id)
            for waiting in live.waiting().tasks.values():
                if waiting.row_id == task_id:
                    return live, waiting
            raise worklist.ended(connection, task_id)

    def _loaded(self, connection: Connection, instance_id: UUID) -> Live:
        """The instance as it is stored. Raises NotFound, Conflict for a state that cannot be
        read."""
        found = step_rows.stored(connection, [instance_id])
        if instance_id not in found:
            raise NotFound(say("There is no such case."))
        return self._live(connection, *found[instance_id])

    def _live(self, connection: Connection, definition_id: UUID, body: bytes) -> Live:
        program = self._stepper.programs.of(connection, definition_id)
        try:
            return Live.load(program, body, self._stepper.programs.finder(connection))
        except Fault as fault:
            raise Conflict(fault.what) from fault

    def history(self, instance_id: UUID) -> list[Event]:
        """What happened to an instance, oldest first."""
        with self.reading() as connection:
            return instances.events(connection, instance_id)

    def broken_history(self, instance_id: UUID) -> int | None:
        """The seq at which the hash chain of an instance breaks, or None."""
        with self.reading() as connection:
            return verification.broken_link(connection, instance_id)

    def counts(self, definition_id: UUID) -> dict[str, int]:
        """How many wait at each element of a version."""
        with self.reading() as connection:
            return counters.read(connection, f"at:{definition_id}")

    def instance_counts(self, definition_id: UUID) -> dict[str, int]:
        """How many instances of a version are in each state."""
        with self.reading() as connection:
            return counters.read(connection, f"instances:{definition_id}")

    def draft(self, task_id: UUID, owner: str) -> Draft | None:
        """What somebody typed so far."""
        with self.reading() as connection:
            return drafts.load(connection, task_id, owner)

    # --- models ---------------------------------------------------------------------------------

    @property
    def known(self) -> Known:
        """What models may refer to besides their own files, as it is now. Which processes there are
        is read where a deployment is planned."""
        with self.reading() as connection:
            return self._known(connection)

    def _known(self, connection: Connection) -> Known:
        topics = {name: topic.processes for name, topic in self._stepper.around.handlers.items()}
        heard, cases = workers.topics(connection), self._stepper.around.cases
        return Known(topics=topics, heard=heard, cases=cases.processes, case_names=cases.names)

    def check(self, files: Mapping[str, bytes]) -> list[Problem]:
        """What deploying these files would find; stores nothing."""
        with self.reading() as connection:
            return deploying.plan(connection, files, self._known(connection), self.examine).problems

    def retired(self, key: str) -> tuple[str, datetime] | None:
        """Who retired the process, and when; None: nobody has since its newest version."""
        with self.reading() as connection:
            return starts.retired(connection, key)

    def model_draft(self, key: str) -> ModelDraft:
        """The draft of a process: its newest version with the changes saved so far."""
        with self.reading() as connection:
            return drafting.read(connection, key)

    def drafted(self) -> set[str]:
        """Keys of processes with a draft."""
        with self.reading() as connection:
            return model_drafts.keys(connection)

    def program(self, definition_id: UUID) -> Program:
        """The parsed model of a version."""
        with self.reading() as connection:
            return self._stepper.programs.of(connection, definition_id)

    def versions(self, key: str | None = None) -> list[Version]:
        """All versions of a key, newest first; without a key the newest version of each."""
        with self.reading() as connection:
            if key is None:
                return definitions.all_newest(connection)
            return definitions.history_of(connection, key)

    def version(self, definition_id: UUID) -> Version:
        """One version. Raises NotFound."""
        with self.reading() as connection:
            found = definitions.by_id(connection, definition_id)
        if found is None:
            raise NotFound(say("There is no such process version."))
        return found

    def files(self, definition_id: UUID) -> dict[str, bytes]:
        """The files a version is pinned to."""
        with self.reading() as connection:
            return definitions.files_of(connection, definition_id)


class Once(Questions):
    """Questions in one reading transaction, in which nothing changes: what many of them begin with
    is read once."""

    @cached_property
    def _read(self) -> tuple[datetime, str | None]:
        return super()._time()

    def _time(self) -> tuple[datetime, str | None]:
        return self._read

    @cached_property
    def _tasks(self) -> dict[UUID, Task]:
        return {}

    def _task(self, connection: Connection, task_id: UUID) -> Task:
        if task_id not in self._tasks:
            self._tasks[task_id] = super()._task(connection, task_id)
        return self._tasks[task_id]

    @cached_property
    def _instances(self) -> dict[UUID, Live]:
        return {}

    def _loaded(self, connection: Connection, instance_id: UUID) -> Live:
        if instance_id not in self._instances:
            self._instances[instance_id] = super()._loaded(connection, instance_id)
        return self._instances[instance_id]


def _matches(task: Task, assignee: str | None, group: str | None) -> bool:
    return (assignee is None or task.assignee == assignee) and (
        group is None or group in task.candidate_groups
    )
