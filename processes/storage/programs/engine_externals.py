"""External tasks for the engine's API: a program's filters and sorting.

Owns the SQL of those lists. The caller passes the clause of visible rows; no right is decided here.
The engine itself reads the tasks for workers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, and_, func, or_, select

from engine.storage.clock_time import database_now
from engine.storage.later.externals import COLUMNS, ExternalTask
from engine.storage.tables import definition, external_task
from processes.storage.programs.engine_tasks import Window, any_of, between, ordering


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalsWanted:
    """The filters of a list of external tasks; None does not filter.

    `leased`: whether its lease, or its wait after a failure, lasts at the database's time;
    `has_failed_for_good`: whether no retries are left; `lowest` and `highest` priority.
    """

    ids: Collection[UUID] | None = None
    instance_ids: Collection[UUID] | None = None
    definition_ids: Collection[UUID] | None = None
    process_keys: Collection[str] | None = None
    element_ids: Collection[str] | None = None
    topics: Collection[str] | None = None
    workers: Collection[str] | None = None
    leased: bool | None = None
    has_failed_for_good: bool | None = None
    leased_after: datetime | None = None
    leased_before: datetime | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """An external task with key and number of the version that draws its element."""

    task: ExternalTask
    key: str
    version: int


_TASK = external_task.c
_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "ids": _TASK.token,
    "instance_ids": _TASK.instance_id,
    "definition_ids": _TASK.definition_id,
    "process_keys": definition.c.key,
    "element_ids": _TASK.element_id,
    "topics": _TASK.topic,
    "workers": _TASK.worker,
}
SORTS: Final[Mapping[str, Column[Any]]] = {
    "id": _TASK.token,
    "lockExpirationTime": _TASK.leased_until,
    "processInstanceId": _TASK.instance_id,
    "processDefinitionId": _TASK.definition_id,
    "processDefinitionKey": definition.c.key,
    "taskPriority": _TASK.priority,
    "createTime": _TASK.created_at,
}
"""Name of an order -> its column."""
_versioned = external_task.join(definition, definition.c.id == _TASK.definition_id)


def listed(
    connection: Connection, visible: ColumnElement[bool], wanted: ExternalsWanted, window: Window
) -> list[ExternalRow]:
    """A window of the external tasks."""
    question = (
        select(*COLUMNS, definition.c.key, definition.c.number)
        .select_from(_versioned)
        .where(_clause(visible, wanted))
        .order_by(*ordering(SORTS, window, _TASK.token))
        .offset(window.first)
        .limit(window.most)
    )
    return [ExternalRow(ExternalTask(*row[:-2]), *row[-2:]) for row in connection.execute(question)]


def count(connection: Connection, visible: ColumnElement[bool], wanted: ExternalsWanted) -> int:
    """The number of these tasks."""
    question = select(func.count()).select_from(_versioned).where(_clause(visible, wanted))
    return int(connection.execute(question).scalar_one())


def topic_names(
    connection: Connection, visible: ColumnElement[bool], wanted: ExternalsWanted
) -> list[str]:
    """The topics of these tasks, by name."""
    question = select(_TASK.topic).distinct().select_from(_versioned).order_by(_TASK.topic)
    return list(connection.scalars(question.where(_clause(visible, wanted))))


def _clause(visible: ColumnElement[bool], wanted: ExternalsWanted) -> ColumnElement[bool]:
    held = _TASK.leased_until > database_now()
    free = or_(_TASK.leased_until.is_(None), _TASK.leased_until <= database_now())
    return and_(
        visible,
        *any_of(_ANY_OF, wanted),
        *between(_TASK.leased_until, wanted.leased_after, wanted.leased_before),
        *([] if wanted.leased is None else [held if wanted.leased else free]),
        *_ended(wanted.has_failed_for_good),
        *([] if wanted.lowest is None else [_TASK.priority >= wanted.lowest]),
        *([] if wanted.highest is None else [_TASK.priority <= wanted.highest]),
    )


def _ended(wanted: bool | None) -> list[ColumnElement[bool]]:
    ended = func.coalesce(_TASK.retries, 1) == 0
    return [] if wanted is None else [ended if wanted else ~ended]
