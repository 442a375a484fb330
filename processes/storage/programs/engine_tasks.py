"""Open tasks for the engine's API: a program's filters and sorting, not a screen's.

Owns the SQL of those lists. The caller passes the clause of visible rows; no right is decided here.
That API uses windows by number (`first`, `most`); screens page by key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, func, select

from engine.records.states import TaskStatus
from engine.storage.cases.worklist import COLUMNS, Task
from engine.storage.tables import definition, task, task_candidate
from processes.storage.work.task_rows import offered_to


@dataclass(frozen=True, slots=True)
class Window:
    """Rows `first` (from 0) to `first + most` of a list sorted by the name `by`; None: by id."""

    first: int = 0
    most: int = 200
    by: str | None = None
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksWanted:
    """The filters of a list of open tasks; None does not filter.

    `candidates`: principals (`user:x`, `group:x`) of whom one may claim the task, which nobody has;
    `offered_to`: groups to which it was offered, taken or not; `name_like`: pattern with `%` and
    `_`.
    """

    ids: Collection[UUID] | None = None
    instance_ids: Collection[UUID] | None = None
    definition_ids: Collection[UUID] | None = None
    process_keys: Collection[str] | None = None
    business_keys: Collection[str] | None = None
    element_ids: Collection[str] | None = None
    names: Collection[str] | None = None
    assignees: Collection[str] | None = None
    priorities: Collection[int] | None = None
    name_like: str | None = None
    assigned: bool | None = None
    with_due: bool | None = None
    candidates: Collection[str] | None = None
    offered_to: Collection[str] | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    created_before: datetime | None = None
    created_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task and the number of its process version."""

    task: Task
    version: int


_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "ids": task.c.id,
    "instance_ids": task.c.instance_id,
    "definition_ids": task.c.definition_id,
    "process_keys": task.c.process_key,
    "business_keys": task.c.business_key,
    "element_ids": task.c.element_id,
    "names": task.c.name,
    "assignees": task.c.assignee,
    "priorities": task.c.priority,
}
SORTS: Final[Mapping[str, Column[Any]]] = {
    "id": task.c.id,
    "instanceId": task.c.instance_id,
    "taskDefinitionKey": task.c.element_id,
    "name": task.c.name,
    "assignee": task.c.assignee,
    "priority": task.c.priority,
    "created": task.c.created_at,
    "dueDate": task.c.due_at,
    "followUpDate": task.c.follow_up_at,
}
"""Name of an order -> its column."""


def open_tasks(
    connection: Connection, visible: ColumnElement[bool], wanted: TasksWanted, window: Window
) -> list[TaskRow]:
    """A window of the open tasks."""
    question = (
        select(*COLUMNS, definition.c.number)
        .join(definition, definition.c.id == task.c.definition_id)
        .where(_clause(visible, wanted))
        .order_by(*ordering(SORTS, window, task.c.id))
        .offset(window.first)
        .limit(window.most)
    )
    return [TaskRow(Task(*row[:-1]), row[-1]) for row in connection.execute(question)]


def count_open(connection: Connection, visible: ColumnElement[bool], wanted: TasksWanted) -> int:
    """The number of these open tasks."""
    question = select(func.count()).select_from(task).where(_clause(visible, wanted))
    return int(connection.execute(question).scalar_one())


def of_instance(
    connection: Connection, visible: ColumnElement[bool], instance_id: UUID
) -> list[Task]:
    """The tasks of an instance, ended ones too, oldest first."""
    question = (
        select(*COLUMNS).where(task.c.instance_id == instance_id, visible).order_by(task.c.id)
    )
    return [Task(*row) for row in connection.execute(question)]


def ordering(
    sorts: Mapping[str, Column[Any]], window: Window, id: Column[Any]
) -> list[ColumnElement[Any]]:
    """The wanted order; rows without a value come last in both databases, ties are ordered by
    id."""
    if window.by is None:
        return [id.asc()]
    column = sorts[window.by]
    return [(column.desc() if window.descending else column.asc()).nulls_last(), id.asc()]


def any_of(columns: Mapping[str, Column[Any]], wanted: object) -> list[ColumnElement[bool]]:
    """A clause for each field of `wanted` with values: the column holds one of them."""
    given = {name: getattr(wanted, name) for name in columns}
    return [columns[name].in_(list(values)) for name, values in given.items() if values is not None]


def between(
    column: Column[Any], after: datetime | None, before: datetime | None
) -> list[ColumnElement[bool]]:
    """Clauses for a time later than `after` and earlier than `before`."""
    return [
        *([column > after] if after is not None else []),
        *([column < before] if before is not None else []),
    ]


def present(column: Column[Any], wanted: bool | None) -> list[ColumnElement[bool]]:
    """A clause for a column that must have a value, or must have none; None: either."""
    if wanted is None:
        return []
    return [column.is_not(None) if wanted else column.is_(None)]


def _clause(visible: ColumnElement[bool], wanted: TasksWanted) -> ColumnElement[bool]:
    return and_(
        task.c.status == TaskStatus.OPEN,
        visible,
        *any_of(_ANY_OF, wanted),
        *between(task.c.due_at, wanted.due_after, wanted.due_before),
        *between(task.c.created_at, wanted.created_after, wanted.created_before),
        *present(task.c.assignee, wanted.assigned),
        *present(task.c.due_at, wanted.with_due),
        *([] if wanted.name_like is None else [task.c.name.like(wanted.name_like)]),
        *([] if wanted.candidates is None else [_waits_for(wanted.candidates)]),
        *([] if wanted.offered_to is None else [offered_to(wanted.offered_to)]),
    )


def _waits_for(principals: Collection[str]) -> ColumnElement[bool]:
    # The assignee of a task is also its one principal, but no candidate of it.
    offered = exists().where(
        task_candidate.c.task_id == task.c.id, task_candidate.c.principal.in_(sorted(principals))
    )
    return and_(task.c.assignee.is_(None), offered)
