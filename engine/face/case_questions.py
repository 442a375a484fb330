"""Questions about cases: instances, their tasks, variables, history, and what is stuck."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Choice, HumanTask, Live, Program, Subscription
from engine.execution.step_host import Options
from engine.face import verification
from engine.face.asking import Asking
from engine.models.forms import Form
from engine.ports.cases import Identity
from engine.records.history import Event
from engine.storage.cases import drafts, incidents, instances, steps, worklist
from engine.storage.cases.drafts import Draft
from engine.storage.cases.incidents import Incident
from engine.storage.cases.instances import Instance
from engine.storage.cases.worklist import Task


class CaseQuestions(Asking):
    """What somebody may want to know of instances and tasks."""

    def incidents(self, process_key: str | None = None) -> list[Incident]:
        """What is stuck, newest first."""
        with self.reading() as connection:
            return incidents.opened(connection, process_key=process_key)

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
            found = steps.stored(connection, instance_ids)
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

    def history(self, instance_id: UUID) -> list[Event]:
        """What happened to an instance, oldest first."""
        with self.reading() as connection:
            return instances.events(connection, instance_id)

    def broken_history(self, instance_id: UUID) -> int | None:
        """The seq at which the hash chain of an instance breaks, or None."""
        with self.reading() as connection:
            return verification.broken_link(connection, instance_id)

    def draft(self, task_id: UUID, owner: str) -> Draft | None:
        """What somebody typed so far."""
        with self.reading() as connection:
            return drafts.load(connection, task_id, owner)

    def past_drafts(self, task_id: UUID, owner: str) -> list[Draft]:
        """The earlier texts of the draft, which something else was saved over, newest first."""
        with self.reading() as connection:
            return drafts.past(connection, task_id, owner)


def _matches(task: Task, assignee: str | None, group: str | None) -> bool:
    return (assignee is None or task.assignee == assignee) and (
        group is None or group in task.candidate_groups
    )
