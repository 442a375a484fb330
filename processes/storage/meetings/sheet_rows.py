"""The inventory sheet of a rakor: every follow-up that it covers, with where it stands.

Owns the SQL of the sheet. The caller passes the clause of visible follow-ups. Its order is that of
the keys of what a rakor covers: by recommendation, then by institution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    and_,
    case,
    func,
    null,
    or_,
    select,
    true,
)

from processes.ground.paging import Cursor
from processes.register.states import ENDED, Stage
from processes.register.vocabulary import Classification, OwingRole
from processes.storage.cases.past import follow_up_past
from processes.storage.keyset import along, beyond
from processes.storage.tables.follow_ups import follow_up, plan, progress
from processes.storage.tables.meetings import meeting_position, meeting_recommendation
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation

Place = tuple[UUID, str]
"""Where a row stands on the sheet: its recommendation and institution."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One follow-up on the sheet. `percent`, `narrative`, `progress_at`: of its last progress;
    `activity`, `activity_due`: the first line of its plan; `then`: its stage at the last rakor,
    None without one or if it did not exist."""

    id: UUID
    recommendation_id: UUID
    institution: str
    short_name: str
    number: str | None
    title: str
    classification: Classification
    role: OwingRole
    status: Stage
    status_since: datetime
    deadline: date
    verdict: str | None
    percent: int | None
    narrative: str | None
    obstacles: str | None
    progress_at: datetime | None
    activity: str | None
    activity_due: str | None
    position: str | None
    position_obstacles: str | None
    requests: str | None
    position_at: datetime | None
    then: Stage | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is owed."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which rows of the sheet: of one institution, of a stage; `only`: `late`, `changed` since the
    last rakor, `silent` (open, without a position) or `open`."""

    institution: str = ""
    stage: Stage | None = None
    only: str = ""


ONLY = ("open", "late", "changed", "silent")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of the whole sheet stand at a stage, and how many of them are late, changed
    since the last rakor, or have no position."""

    stage: Stage
    rows: int
    late: int
    changed: int
    silent: int


def page(
    connection: Connection,
    meeting_id: UUID,
    visible: ColumnElement[bool],
    narrowed: Narrowed,
    today: date,
    before: datetime | None,
    at: Cursor[Place] | None,
    limit: int,
) -> list[SheetRow]:
    """A page of the sheet; going back it comes backwards. `before`: when the last rakor was
    held."""
    keys = (meeting_recommendation.c.recommendation_id, follow_up.c.institution)
    rows = connection.execute(
        select(*_columns(before))
        .select_from(_from(meeting_id, before))
        .where(
            meeting_recommendation.c.meeting_id == meeting_id,
            visible,
            _only(narrowed, today, before),
            beyond(keys, at),
        )
        .order_by(*along(keys, at))
        .limit(limit)
    )
    return [SheetRow(*row) for row in rows]


def counts(
    connection: Connection,
    meeting_id: UUID,
    visible: ColumnElement[bool],
    today: date,
    before: datetime | None,
) -> list[Counted]:
    """The numbers of the whole sheet, by stage."""
    rows = connection.execute(
        select(
            follow_up.c.status,
            func.count(),
            _sum(_late(today)),
            _sum(_changed(before)),
            _sum(_silent()),
        )
        .select_from(_from(meeting_id, before))
        .where(meeting_recommendation.c.meeting_id == meeting_id, visible)
        .group_by(follow_up.c.status)
    )
    return [Counted(*row) for row in rows]


def institutions(
    connection: Connection, meeting_id: UUID, visible: ColumnElement[bool]
) -> list[tuple[str, str]]:
    """(code, short name) of those on the sheet, by name."""
    rows = connection.execute(
        select(institution.c.code, institution.c.short_name)
        .select_from(_from(meeting_id, None))
        .where(meeting_recommendation.c.meeting_id == meeting_id, visible)
        .distinct()
        .order_by(institution.c.short_name)
    )
    return [(code, name) for code, name in rows]


def _from(meeting_id: UUID, before: datetime | None) -> FromClause:
    joined = (
        meeting_recommendation.join(
            recommendation, recommendation.c.id == meeting_recommendation.c.recommendation_id
        )
        .join(follow_up, follow_up.c.recommendation_id == recommendation.c.id)
        .join(institution, institution.c.code == follow_up.c.institution)
        .outerjoin(
            meeting_position,
            and_(
                meeting_position.c.follow_up_id == follow_up.c.id,
                meeting_position.c.meeting_id == meeting_id,
            ),
        )
    )
    if before is None:
        return joined
    then = and_(
        follow_up_past.c.follow_up_id == follow_up.c.id,
        follow_up_past.c.valid_from <= before,
        or_(follow_up_past.c.valid_to.is_(None), follow_up_past.c.valid_to > before),
    )
    return joined.outerjoin(follow_up_past, then)


def _columns(before: datetime | None) -> Sequence[ColumnElement[Any]]:
    return [
        follow_up.c.id,
        recommendation.c.id,
        follow_up.c.institution,
        institution.c.short_name,
        recommendation.c.number,
        recommendation.c.title,
        recommendation.c.classification,
        follow_up.c.role,
        follow_up.c.status,
        follow_up.c.status_since,
        func.coalesce(follow_up.c.rework_deadline, follow_up.c.deadline),
        follow_up.c.verdict,
        *(_last(progress.c[name]) for name in ("percent", "narrative", "obstacles", "at")),
        _planned(plan.c.activity),
        _planned(plan.c.due),
        meeting_position.c.text,
        meeting_position.c.obstacles,
        meeting_position.c.requests,
        meeting_position.c.at,
        null() if before is None else follow_up_past.c.status,
    ]


def _last(column: Column[Any]) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(progress.c.follow_up_id == follow_up.c.id)
        .order_by(progress.c.id.desc())
        .limit(1)
        .correlate(follow_up)
        .scalar_subquery()
    )


def _planned(column: Column[Any]) -> ScalarSelect[Any]:
    """Of the first activity in the newest version of the plan."""
    return (
        select(column)
        .where(plan.c.follow_up_id == follow_up.c.id)
        .order_by(plan.c.version.desc(), plan.c.position)
        .limit(1)
        .correlate(follow_up)
        .scalar_subquery()
    )


def _only(narrowed: Narrowed, today: date, before: datetime | None) -> ColumnElement[bool]:
    clauses: list[ColumnElement[bool]] = []
    if narrowed.institution:
        clauses.append(follow_up.c.institution == narrowed.institution)
    if narrowed.stage is not None:
        clauses.append(follow_up.c.status == narrowed.stage)
    if narrowed.only == "open":
        clauses.append(follow_up.c.status.not_in(ENDED))
    elif narrowed.only == "late":
        clauses.append(_late(today))
    elif narrowed.only == "changed":
        clauses.append(_changed(before))
    elif narrowed.only == "silent":
        clauses.append(_silent())
    return and_(true(), *clauses)


def _late(today: date) -> ColumnElement[bool]:
    due = func.coalesce(follow_up.c.rework_deadline, follow_up.c.deadline)
    return and_(follow_up.c.status.not_in(ENDED), due < today)


def _changed(before: datetime | None) -> ColumnElement[bool]:
    """At another stage than at the last rakor, or new since."""
    if before is None:
        return and_(true(), follow_up.c.id.is_(None))
    return or_(follow_up_past.c.status.is_(None), follow_up_past.c.status != follow_up.c.status)


def _silent() -> ColumnElement[bool]:
    return and_(follow_up.c.status.not_in(ENDED), meeting_position.c.id.is_(None))


def _sum(clause: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((clause, 1), else_=0))
