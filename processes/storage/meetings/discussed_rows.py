"""What each rakor that covered one recommendation said of it: positions and agreements.

Owns these questions. Callers pass the rakor and the clauses of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from processes.storage.meetings.agreement_lists import ListedAgreement, listed
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting_position
from processes.storage.tables.people import institution


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What an institution said of its follow-up before a rakor."""

    meeting_id: UUID
    follow_up_id: UUID
    short_name: str
    text: str
    obstacles: str | None
    requests: str | None


def positions(
    connection: Connection,
    meeting_ids: Collection[UUID],
    recommendation_id: UUID,
    visible: ColumnElement[bool],
) -> list[SaidBefore]:
    """The positions on visible follow-ups of a recommendation, by institution."""
    said = meeting_position.c
    rows = connection.execute(
        select(
            said.meeting_id,
            said.follow_up_id,
            institution.c.short_name,
            said.text,
            said.obstacles,
            said.requests,
        )
        .join(follow_up, follow_up.c.id == said.follow_up_id)
        .join(institution, institution.c.code == follow_up.c.institution)
        .where(
            said.meeting_id.in_(list(meeting_ids)),
            follow_up.c.recommendation_id == recommendation_id,
            visible,
        )
        .order_by(institution.c.short_name, said.id)
    )
    return [SaidBefore(*row) for row in rows]


def agreements(
    connection: Connection,
    meeting_ids: Collection[UUID],
    recommendation_id: UUID,
    visible: ColumnElement[bool],
) -> list[ListedAgreement]:
    """What was settled about a recommendation or a follow-up of it, in order."""
    parts = select(follow_up.c.id).where(follow_up.c.recommendation_id == recommendation_id)
    about = or_(
        agreement.c.recommendation_id == recommendation_id, agreement.c.follow_up_id.in_(parts)
    )
    return listed(connection, agreement.c.meeting_id.in_(list(meeting_ids)), about, visible)
