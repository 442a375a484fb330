"""Lists of follow-ups: filtered, page by page, nearest deadline first.

Owns the SQL of one screen. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    not_,
    select,
    true,
)

from engine.records.states import TaskStatus
from engine.storage.tables import task
from processes.ground.paging import Cursor
from processes.register.groups import Group
from processes.register.states import ENDED
from processes.register.vocabulary import Classification, Priority
from processes.storage.cases.grouping import in_group
from processes.storage.cases.matrix_rows import CELL, FROM_CELLS, Cell, of_open_escalation
from processes.storage.keyset import along, beyond
from processes.storage.tables.follow_ups import RUNS, follow_up, statement
from processes.storage.tables.notices import escalation
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from processes.storage.work.task_rows import SIDE_TASKS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None or False: not. `time`: late, soon, on_time, open or ended;
    `level`: escalated at least so high; `spoken`: something was said that no report confirmed."""

    stage: str | None = None
    time: str | None = None
    level: int | None = None
    institution: str | None = None
    recommendation_id: UUID | None = None
    role: str | None = None
    verdict: str | None = None
    group: Group | None = None
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """A follow-up in a list: its cell, and the recommendation it belongs to."""

    cell: Cell
    instance_id: UUID
    number: str | None
    title: str
    classification: Classification
    priority: Priority


_CONFIRMED = exists().where(
    report.c.follow_up_id == statement.c.follow_up_id,
    report.c.at > statement.c.at,
    report.c.replaced_at.is_(None),
)
SPOKEN: Final = (
    exists()
    .where(statement.c.follow_up_id == follow_up.c.id, not_(_CONFIRMED.correlate(statement)))
    .correlate(follow_up)
)
"""Rows of `follow_up` of which something is only said so far."""
_PLACE = (follow_up.c.deadline, follow_up.c.id)


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    wanted: Wanted,
    moments: tuple[datetime, datetime],
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedFollowUp]:
    """Follow-ups by deadline. `moments`: now, and the moment up to which a deadline is soon."""
    place = Cursor((_deadline(connection, at.key), at.key), at.back) if at else None
    question = (
        select(
            *CELL,
            follow_up.c.instance_id,
            recommendation.c.number,
            recommendation.c.title,
            recommendation.c.classification,
            recommendation.c.priority,
        )
        .select_from(
            FROM_CELLS.join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        )
        .where(visible, _narrowed(wanted, *moments), beyond(_PLACE, place))
        .order_by(*along(_PLACE, place))
        .limit(limit)
    )
    width = len(CELL)
    return [
        ListedFollowUp(Cell(*row[:width]), *row[width:]) for row in connection.execute(question)
    ]


def _deadline(connection: Connection, id: UUID) -> date:
    """The place of the follow-up seen last; the far future for one that does not exist."""
    found: date | None = connection.execute(
        select(follow_up.c.deadline).where(follow_up.c.id == id)
    ).scalar_one_or_none()
    return found or date.max


def _narrowed(wanted: Wanted, now: datetime, soon: datetime) -> ColumnElement[bool]:
    equal = {
        follow_up.c.status: wanted.stage,
        follow_up.c.institution: wanted.institution,
        follow_up.c.recommendation_id: wanted.recommendation_id,
        follow_up.c.role: wanted.role,
        follow_up.c.verdict: wanted.verdict,
    }
    clauses = [column == value for column, value in equal.items() if value is not None]
    if wanted.group is not None:
        clauses.append(in_group(wanted.group))
    if wanted.spoken:
        clauses.append(SPOKEN)
    if wanted.level is not None:
        clauses.append(of_open_escalation(escalation.c.level) >= wanted.level)
    if wanted.time is not None:
        clauses.append(_in_time(wanted.time, now, soon))
    return and_(true(), *clauses)


def _in_time(time: str, now: datetime, soon: datetime) -> ColumnElement[bool]:
    """By the deadline of the work that is open now: whoever holds it is late, not the case."""
    if time in ("open", "ended"):
        return RUNS if time == "open" else follow_up.c.status.in_(ENDED)
    if time == "late":
        return late(now)
    if time == "soon":
        return and_(RUNS, not_(_due_by(now)), _due_by(soon))
    return and_(RUNS, not_(_due_by(soon)))


def late(now: datetime) -> ColumnElement[bool]:
    """Rows of `follow_up` whose open work is past its deadline."""
    return and_(RUNS, _due_by(now))


def _due_by(moment: datetime) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            task.c.instance_id == follow_up.c.instance_id,
            task.c.status == TaskStatus.OPEN,
            task.c.due_at <= moment,
            task.c.element_id.not_in(SIDE_TASKS),
        )
        .correlate(follow_up)
    )


def institutions(connection: Connection, visible: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(code, short name) of the institutions that have a visible follow-up, by name."""
    has_one = exists().where(follow_up.c.institution == institution.c.code, visible)
    rows = connection.execute(
        select(institution.c.code, institution.c.short_name)
        .where(has_one.correlate(institution))
        .order_by(institution.c.short_name)
    )
    return [(row.code, row.short_name) for row in rows]


def recommendations(
    connection: Connection, visible: ColumnElement[bool], limit: int
) -> list[tuple[UUID, str, str]]:
    """(id, number, title) of the newest recommendations with a visible follow-up."""
    has_one = exists().where(follow_up.c.recommendation_id == recommendation.c.id, visible)
    rows = connection.execute(
        select(recommendation.c.id, recommendation.c.number, recommendation.c.title)
        .where(recommendation.c.issued_at.is_not(None), has_one.correlate(recommendation))
        .order_by(recommendation.c.id.desc())
        .limit(limit)
    )
    return [(row.id, row.number or "", row.title) for row in rows]
