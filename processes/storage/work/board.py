"""The board of present escalations: highest level first, and in it the longest late.

Owns the SQL of one screen. The caller passes the clause of visible tasks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    exists,
    func,
    select,
    true,
    union_all,
)

from engine.records.states import JobStatus, TaskStatus
from engine.storage.tables import event, job, task
from processes.ground.paging import Cursor
from processes.storage.keyset import beyond
from processes.storage.notices.reminder_letters import reminder_letter
from processes.storage.tables.follow_ups import progress
from processes.storage.tables.notices import escalation
from processes.storage.work.task_rows import COLUMNS, OpenTask, with_case

ACTS = ("remind", "extend", "assign", "claim")
"""Kinds of events that count as a person's act on it."""


LOOKS_AT: Final = "escalate_"
"""With the task's name behind it, the name of the timer that looks at a late task."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What an institution said was in its way, and when."""

    text: str
    at: datetime


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


Place = tuple[int, datetime, UUID]
"""Where an escalation stands on the board: its level, the deadline that passed, its id."""
_ESCALATION = [escalation.c[name] for name in list(OpenEscalation.__slots__)[1:]]
_WITHIN = (escalation.c.due_at, escalation.c.id)
"""The order within a level: the longest late first. With the level before it, it is an index."""
_LATE = task.join(escalation, escalation.c.task_id == task.c.id)


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    levels: tuple[int, int | None],
    at: Cursor[Place] | None,
    limit: int,
) -> list[OpenEscalation]:
    """What stands between two levels (None: the highest). Going back it comes backwards."""
    # Asked by themselves: within one question a planner may read all escalations for these few.
    found = list(connection.scalars(_first(_stands(levels, visible), at, limit)))
    order = _order(at is not None and at.back)
    question = select(*_ESCALATION, *COLUMNS).select_from(with_case(_LATE))
    return _read(connection, question.where(escalation.c.id.in_(found)).order_by(*order))


def of_tasks(
    connection: Connection, visible: ColumnElement[bool], task_ids: Collection[UUID]
) -> list[OpenEscalation]:
    """What stands for these tasks."""
    question = select(*_ESCALATION, *COLUMNS).select_from(with_case(_LATE))
    mine = task.c.id.in_(list(task_ids))
    return _read(connection, question.where(mine, *_stands((0, None), visible)))


def _read(connection: Connection, question: Select[Any]) -> list[OpenEscalation]:
    width = len(_ESCALATION)
    rows = connection.execute(question)
    return [OpenEscalation(OpenTask(*row[width:]), *row[:width]) for row in rows]


def _first(
    stands: Sequence[ColumnElement[bool]], at: Cursor[Place] | None, limit: int
) -> Select[tuple[UUID]]:
    """The ids of a page. Behind a row lie the rest of its level and the levels beyond: each is a
    range of the index, which one clause with "or" would not be."""
    back = at is not None and at.back
    if at is None:
        parts = [_part(stands, limit, back)]
    else:
        level, *place = at.key
        others = escalation.c.level > level if back else escalation.c.level < level
        rest = beyond(_WITHIN, Cursor(tuple(place), back))
        same = [escalation.c.level == level, rest]
        parts = [_part([*stands, *same], limit, back), _part([*stands, others], limit, back)]
    both = union_all(*(select(part) for part in parts)).subquery()
    named = (both.c.level, both.c.due_at, both.c.id)
    return select(both.c.id).order_by(*_order(back, named)).limit(limit)


def _part(clauses: Sequence[ColumnElement[bool]], limit: int, back: bool) -> Subquery:
    return (
        select(escalation.c.level, *_WITHIN)
        .select_from(_LATE)
        .where(*clauses)
        .order_by(*_order(back))
        .limit(limit)
        .subquery()
    )


def _order(
    back: bool, columns: Sequence[ColumnElement[Any]] = (escalation.c.level, *_WITHIN)
) -> list[ColumnElement[Any]]:
    level, *within = columns
    if back:
        return [level.asc(), *(one.desc() for one in within)]
    return [level.desc(), *(one.asc() for one in within)]


def _stands(
    levels: tuple[int, int | None], visible: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    from_level, to_level = levels
    return [
        escalation.c.ended_at.is_(None),
        escalation.c.level >= from_level,
        true() if to_level is None else escalation.c.level <= to_level,
        task.c.status == "open",
        # The same deadline, in two halves: with the id, a planner takes "=" for one case in
        # thousands, and reads all of them before it sorts a page.
        task.c.due_at <= escalation.c.due_at,
        task.c.due_at >= escalation.c.due_at,
        visible,
    ]


def counts(
    connection: Connection, visible: ColumnElement[bool], levels: tuple[int, int | None], most: int
) -> tuple[dict[int, int], int]:
    """Level -> how much stands there, of the first `most` + 1 on the board, and how many these
    were."""
    first = _part(_stands(levels, visible), most + 1, back=False)
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


def levels(
    connection: Connection, visible: ColumnElement[bool], *, of_follow_ups: bool = False
) -> dict[int, str]:
    """Level -> name, lowest first, of those levels at which something visible stands;
    `of_follow_ups`: a follow-up, for lists of these."""
    named = escalation.alias("named")
    every = (
        select(named.c.level, func.max(named.c.level_name).label("name"))
        .where(named.c.ended_at.is_(None))
        .group_by(named.c.level)
        .subquery()
    )
    clauses = _stands((0, None), visible)
    if of_follow_ups:
        clauses.append(escalation.c.follow_up_id.is_not(None))
    stands = (
        exists().select_from(_LATE).where(escalation.c.level == every.c.level, *clauses)
    ).correlate(every)
    rows = connection.execute(select(every).where(stands).order_by(every.c.level))
    return {row.level: row.name for row in rows if row.name}


def place_of(connection: Connection, id: UUID) -> Place | None:
    """Where an escalation stands on the board."""
    row = connection.execute(
        select(escalation.c.level, *_WITHIN).where(escalation.c.id == id)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def obstacles(connection: Connection, follow_up_ids: Collection[UUID]) -> dict[UUID, Obstacle]:
    """Follow-up -> the last obstacle that its institution has reported."""
    c = progress.c
    rows = connection.execute(
        select(c.follow_up_id, c.obstacles, c.at)
        .where(c.follow_up_id.in_(list(follow_up_ids)), c.obstacles != "")
        .order_by(c.follow_up_id, c.id)
    )
    return {row.follow_up_id: Obstacle(row.obstacles, row.at) for row in rows}


def next_looks(
    connection: Connection, tasks: Collection[OpenTask]
) -> dict[tuple[UUID, str], datetime]:
    """(Instance, element) of these tasks -> when its timer looks at it next."""
    rows = connection.execute(
        select(job.c.instance_id, job.c.payload, job.c.due_at)
        .where(
            job.c.instance_id.in_([one.instance_id for one in tasks]),
            job.c.kind == "timer",
            job.c.status == JobStatus.READY,
        )
        .order_by(job.c.due_at.desc())
    )
    at = {(row.instance_id, str(row.payload["element"])): row.due_at for row in rows}
    named = {(one.instance_id, one.element_id): f"{LOOKS_AT}{one.element_id}" for one in tasks}
    found = {task: at.get((task[0], timer)) for task, timer in named.items()}
    return {task: moment for task, moment in found.items() if moment is not None}


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
