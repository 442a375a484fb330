"""The board of present escalations: highest level first.

Owns the SQL of one screen. The caller passes the clause of visible tasks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, true

from engine.records.states import TaskStatus
from engine.storage.tables import event, task
from processes.ground.paging import Cursor
from processes.storage.keyset import along, beyond
from processes.storage.notices.reminder_letters import reminder_letter
from processes.storage.tables.notices import escalation
from processes.storage.work.task_rows import COLUMNS, OpenTask, with_case

ACTS = ("remind", "extend", "assign", "claim")
"""Kinds of events that count as a person's act on it."""


@dataclass(frozen=True, slots=True)
class OpenEscalation:
    """An escalation that stands: its task is open and its deadline has not been moved since."""

    task: OpenTask
    id: UUID
    level: int
    level_name: str
    planned: datetime | None
    fired: datetime
    late_seconds: int
    told: list[dict[str, Any]]
    no_recipient: bool


_PLACE = (escalation.c.level, escalation.c.id)
_ESCALATION = [escalation.c[name] for name in list(OpenEscalation.__slots__)[1:]]


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    levels: tuple[int, int | None],
    at: Cursor[tuple[int, UUID]] | None,
    limit: int,
) -> list[OpenEscalation]:
    """What stands between two levels (None: the highest), highest and newest first."""
    from_level, to_level = levels
    question = (
        select(*_ESCALATION, *COLUMNS)
        .select_from(with_case(_LATE))
        .where(
            *_stands(from_level, visible),
            true() if to_level is None else escalation.c.level <= to_level,
            beyond(_PLACE, at, descending=True),
        )
        .order_by(*along(_PLACE, at, descending=True))
        .limit(limit)
    )
    width = len(_ESCALATION)
    rows = connection.execute(question)
    return [OpenEscalation(OpenTask(*row[width:]), *row[:width]) for row in rows]


_LATE = task.join(escalation, escalation.c.task_id == task.c.id)


def _stands(from_level: int, visible: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    return [
        escalation.c.ended_at.is_(None),
        escalation.c.level >= from_level,
        task.c.status == "open",
        task.c.due_at == escalation.c.due_at,
        visible,
    ]


def counts(
    connection: Connection, visible: ColumnElement[bool], from_level: int, most: int
) -> tuple[dict[int, int], int]:
    """Level -> how much stands there, of the first `most` + 1 on the board, and how many these
    were."""
    first = (
        select(escalation.c.level, escalation.c.id)
        .select_from(_LATE)
        .where(*_stands(from_level, visible))
        .order_by(*along(_PLACE, None, descending=True))
        .limit(most + 1)
        .subquery()
    )
    by_level = select(first.c.level, func.count()).group_by(first.c.level)
    found: dict[int, int] = dict(connection.execute(by_level.order_by(first.c.level.desc())).all())
    return found, sum(found.values())


def letters_awaiting(connection: Connection, visible: ColumnElement[bool]) -> int:
    """The number of drafted reminder letters about present escalations that were not sent."""
    letter = reminder_letter
    question = (
        select(func.count(letter.c.id.distinct()))
        .select_from(task.join(escalation, escalation.c.task_id == task.c.id))
        .join(letter, letter.c.task_id == task.c.id)
        .where(
            escalation.c.ended_at.is_(None),
            task.c.status == TaskStatus.OPEN,
            task.c.due_at == escalation.c.due_at,
            letter.c.sent_at.is_(None),
            letter.c.replaced_at.is_(None),
            visible,
        )
    )
    return connection.execute(question).scalar_one()


def levels(connection: Connection) -> dict[int, str]:
    """Level -> name for present escalations, lowest first; few rows, read through the partial
    index."""
    rows = connection.execute(
        select(escalation.c.level, escalation.c.level_name)
        .where(escalation.c.ended_at.is_(None))
        .distinct()
        .order_by(escalation.c.level, escalation.c.level_name)
    )
    return {row.level: row.level_name for row in rows if row.level_name}


def level_of(connection: Connection, id: UUID) -> int | None:
    """The level of an escalation on the board."""
    found: int | None = connection.execute(
        select(escalation.c.level).where(escalation.c.id == id)
    ).scalar_one_or_none()
    return found


def next_deadline(connection: Connection, visible: ColumnElement[bool], now: datetime) -> Any:
    """The nearest deadline of a visible open task that has not passed; None without one."""
    return connection.execute(
        select(task.c.due_at)
        .where(task.c.status == TaskStatus.OPEN, task.c.due_at > now, visible)
        .order_by(task.c.due_at)
        .limit(1)
    ).scalar_one_or_none()


def last_acts(
    connection: Connection, instance_ids: Collection[UUID]
) -> dict[UUID, tuple[str, str | None, datetime]]:
    """Instance -> (kind, by, at) of the last act of a person on it."""
    rows = connection.execute(
        select(event.c.instance_id, event.c.kind, event.c.by, event.c.at)
        .where(event.c.instance_id.in_(list(instance_ids)), event.c.kind.in_(ACTS))
        .order_by(event.c.instance_id, event.c.seq)
    )
    return {row.instance_id: (row.kind, row.by, row.at) for row in rows}
