"""Lists of follow-ups: filtered, searched and sorted, page by page.

Owns the SQL of one screen, and the columns of an index for each order. The caller passes the clause
of visible rows.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from processes.ground.sorting import Sort
from processes.register.groups import Group
from processes.register.states import ENDED
from processes.register.vocabulary import Classification, Priority
from processes.storage import search, sorted_rows
from processes.storage.cases.lists.grouping import in_group
from processes.storage.cases.lists.matrix_rows import CELL, FROM_CELLS, Cell, of_open_escalation
from processes.storage.keyset import Columns
from processes.storage.sorted_rows import Order
from processes.storage.tables.follow_ups import RUNS, follow_up, statement
from processes.storage.tables.notices import escalation
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from processes.storage.work.task_rows import SIDE_TASKS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None, False or empty: not. `time`: late, soon, on_time, open or
    ended; `level`: escalated at least so high; `spoken`: something was said that no report
    confirmed; `coordinator`: username of whoever began the recommendation; `due_from`, `due_to`: of
    the deadline of the follow-up; `searched`: words that are in the case."""

    stage: str | None = None
    time: str | None = None
    level: int | None = None
    institution: str | None = None
    recommendation_id: UUID | None = None
    role: str | None = None
    verdict: str | None = None
    group: Group | None = None
    spoken: bool = False
    coordinator: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    searched: str = ""


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
    report.c.handed_in_at > statement.c.at,
    report.c.replaced_at.is_(None),
)
SPOKEN: Final = (
    exists()
    .where(statement.c.follow_up_id == follow_up.c.id, not_(_CONFIRMED.correlate(statement)))
    .correlate(follow_up)
)
"""Rows of `follow_up` of which something is only said so far."""
ORDERS: Final[Mapping[str, Columns]] = {
    "deadline": (follow_up.c.deadline, follow_up.c.id),
    "recommendation": (
        follow_up.c.recommendation_id,
        follow_up.c.institution,
        follow_up.c.id,
    ),
    "institution": (follow_up.c.institution, follow_up.c.deadline, follow_up.c.id),
    "since": (follow_up.c.status_since, follow_up.c.id),
}
"""What the list can be sorted by; each is an index."""


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    wanted: Wanted,
    moments: tuple[datetime, datetime],
    sort: Sort,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedFollowUp]:
    """Follow-ups in an order of `ORDERS`. `moments`: now, and the moment up to which a deadline is
    soon."""
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
        .where(visible, narrowed(wanted, moments))
    )
    order = Order(ORDERS[sort.by], sort.descending)
    width = len(CELL)
    return [
        ListedFollowUp(Cell(*row[:width]), *row[width:])
        for row in sorted_rows.read(connection, question, order, at, limit)
    ]


def narrowed(wanted: Wanted, moments: tuple[datetime, datetime]) -> ColumnElement[bool]:
    """Rows of `follow_up` that are wanted. `moments`: as of `page`."""
    equal = {
        follow_up.c.status: wanted.stage,
        follow_up.c.institution: wanted.institution,
        follow_up.c.recommendation_id: wanted.recommendation_id,
        follow_up.c.role: wanted.role,
        follow_up.c.verdict: wanted.verdict,
    }
    clauses = [column == value for column, value in equal.items() if value is not None]
    if wanted.coordinator is not None:
        clauses.append(_begun_by(wanted.coordinator))
    if wanted.due_from is not None:
        clauses.append(follow_up.c.deadline >= wanted.due_from)
    if wanted.due_to is not None:
        clauses.append(follow_up.c.deadline <= wanted.due_to)
    if wanted.searched:
        clauses.append(search.follow_ups(follow_up.c.id, wanted.searched))
    if wanted.group is not None:
        clauses.append(in_group(wanted.group))
    if wanted.spoken:
        clauses.append(SPOKEN)
    if wanted.level is not None:
        clauses.append(of_open_escalation(escalation.c.level) >= wanted.level)
    if wanted.time is not None:
        clauses.append(_in_time(wanted.time, *moments))
    return and_(true(), *clauses)


def _begun_by(username: str) -> ColumnElement[bool]:
    begun = select(recommendation.c.id).where(recommendation.c.created_by == username)
    return follow_up.c.recommendation_id.in_(begun)


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
