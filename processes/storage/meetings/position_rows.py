"""What an institution says of its follow-ups before a rakor.

Owns the rows of positions; the newest text of an institution replaces the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete

from processes.storage.facts import Facts
from processes.storage.tables.meetings import meeting_position


@dataclass(frozen=True, slots=True)
class StatedPosition:
    """An institution's position on one of its follow-ups, before a rakor."""

    id: UUID
    meeting_id: UUID
    follow_up_id: UUID
    text: str
    obstacles: str | None
    requests: str | None
    at: datetime
    by: str | None


positions = Facts(meeting_position, meeting_position.c.meeting_id, StatedPosition)


def put(connection: Connection, *said: StatedPosition) -> None:
    """Store positions in place of those on the same follow-ups."""
    for one in said:
        connection.execute(
            delete(meeting_position).where(
                meeting_position.c.meeting_id == one.meeting_id,
                meeting_position.c.follow_up_id == one.follow_up_id,
            )
        )
    positions.add(connection, *said)
