"""Questions on the engine's face: tasks, forms, instances, history, counts, drafts of answers.

All unscoped: who may see an answer is decided above the engine.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import verification
from engine.cases import Identity
from engine.core import Core
from engine.errors import Conflict
from engine.execution.border import Choice, Fault, HumanTask, Live, Program, Subscription
from engine.execution.host import (
    Options,
)
from engine.history import Event
from engine.models.forms import Form
from engine.storage import (
    counters,
    drafts,
    instances,
    worklist,
)
from engine.storage import steps as step_rows
from engine.storage.drafts import Draft
from engine.storage.instances import Instance
from engine.storage.worklist import Task


class Questions(Core):
    """What somebody may want to know."""

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
        with self.database.read() as connection:
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
        with self.database.read() as connection:
            return worklist.get(connection, task_id)

    def form(self, task_id: UUID) -> tuple[Form | None, Options]:
        """The form of a task and the lists its choices come from."""
        with self.database.read() as connection:
            task = worklist.get(connection, task_id)
            program = self._programs.of(connection, task.definition_id)
            form = self._form(connection, task, program)
            if form is None:
                return None, {}
            instance = Identity(task.instance_id, task.process_key, task.business_key)
            return form, self._around.options_for(connection, instance, form)

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
        with self.database.read() as connection:
            return instances.get(connection, instance_id)

    def data(self, instance_id: UUID) -> dict[str, Any]:
        """The variables of an instance itself, as they are now or were when it ended."""
        with self.database.read() as connection:
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
        with self.database.read() as connection:
            live = self._loaded(connection, instance_id)
        return list(live.waiting().subscriptions.values())

    def choices(self, instance_id: UUID) -> list[Choice]:
        """The open ad-hoc sub-processes of a running instance, the oldest first, each with the
        activities that can be started now. Raises NotFound."""
        with self.database.read() as connection:
            return self._loaded(connection, instance_id).choices()

    def _waiting_at(self, task_id: UUID) -> tuple[Live, HumanTask]:
        """The instance of an open task, and the task as it waits there."""
        with self.database.read() as connection:
            task = worklist.get(connection, task_id)
            live = self._loaded(connection, task.instance_id)
            for waiting in live.waiting().tasks.values():
                if waiting.row_id == task_id:
                    return live, waiting
            raise worklist.ended(connection, task_id)

    def _loaded(self, connection: Connection, instance_id: UUID) -> Live:
        """The instance as it is stored. Raises NotFound, Conflict for a state that cannot be
        read."""
        found = instances.get(connection, instance_id)
        program = self._programs.of(connection, found.definition_id)
        body = step_rows.state(connection, instance_id)
        try:
            return Live.load(program, body, self._programs.finder(connection))
        except Fault as fault:
            raise Conflict(fault.what) from fault

    def history(self, instance_id: UUID) -> list[Event]:
        """What happened to an instance, oldest first."""
        with self.database.read() as connection:
            return instances.events(connection, instance_id)

    def broken_history(self, instance_id: UUID) -> int | None:
        """The seq at which the hash chain of an instance breaks, or None."""
        with self.database.read() as connection:
            return verification.broken_link(connection, instance_id)

    def counts(self, definition_id: UUID) -> dict[str, int]:
        """How many wait at each element of a version."""
        with self.database.read() as connection:
            return counters.read(connection, f"at:{definition_id}")

    def instance_counts(self, definition_id: UUID) -> dict[str, int]:
        """How many instances of a version are in each state."""
        with self.database.read() as connection:
            return counters.read(connection, f"instances:{definition_id}")

    def draft(self, task_id: UUID, owner: str) -> Draft | None:
        """What somebody typed so far."""
        with self.database.read() as connection:
            return drafts.load(connection, task_id, owner)


def _matches(task: Task, assignee: str | None, group: str | None) -> bool:
    return (assignee is None or task.assignee == assignee) and (
        group is None or group in task.candidate_groups
    )
