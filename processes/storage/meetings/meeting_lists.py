"""The list of rakor, newest first.

Owns the SQL of one screen. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from processes.ground.paging import Cursor
from processes.register.states import MeetingState
from processes.register.vocabulary import Classification
from processes.storage.keyset import along, beyond
from processes.storage.meetings.meeting_rows import COLUMNS, Meeting
from processes.storage.tables.meetings import (
    meeting,
    meeting_institution,
    meeting_recommendation,
)
from processes.storage.tables.recommendations import recommendation


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A row of the list; its numbers are of what the reader may see. `answered`: institutions that
    have filled in their positions."""

    id: UUID
    number: str | None
    title: str
    classification: Classification
    state: MeetingState
    held_on: date | None
    hour: str | None
    place: str | None
    recommendations: int
    institutions: int
    answered: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader may see: rows of `meeting`, and those of `recommendation` and of
    `meeting_institution` that are counted."""

    meetings: ColumnElement[bool]
    recommendations: ColumnElement[bool]
    institutions: ColumnElement[bool]


def page(
    connection: Connection,
    seen: Seen,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[MeetingRow]:
    """A page; going back it comes backwards."""
    asked = (
        select(func.count())
        .select_from(meeting_institution)
        .where(meeting_institution.c.meeting_id == meeting.c.id, seen.institutions)
        .correlate(meeting)
    )
    rows = connection.execute(
        select(
            *(meeting.c[name] for name in list(MeetingRow.__slots__)[:8]),
            _covered(seen.recommendations),
            asked.scalar_subquery(),
            asked.where(meeting_institution.c.answered_at.is_not(None)).scalar_subquery(),
        )
        .where(seen.meetings, beyond((meeting.c.id,), at, descending=True))
        .order_by(*along((meeting.c.id,), at, descending=True))
        .limit(limit)
    )
    return [MeetingRow(*row) for row in rows]


def _covered(visible: ColumnElement[bool]) -> ColumnElement[int]:
    table = meeting_recommendation
    joined = table.join(recommendation, recommendation.c.id == table.c.recommendation_id)
    return (
        select(func.count())
        .select_from(joined)
        .where(table.c.meeting_id == meeting.c.id, visible)
        .correlate(meeting)
        .scalar_subquery()
    )


def one(connection: Connection, visible: ColumnElement[bool], id: UUID) -> Meeting | None:
    """One rakor, if it is visible."""
    row = connection.execute(select(*COLUMNS).where(visible, meeting.c.id == id)).one_or_none()
    return None if row is None else Meeting(*row)
