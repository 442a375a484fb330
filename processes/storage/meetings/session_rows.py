"""What is typed in a rakor about one institution: who was there, and what was said.

Owns the SQL on attendance and oral statements of a rakor. Each row has a version: one more with
each change, so that who saves later learns of it. Knows neither readers nor rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select, update

from processes.register.vocabulary import Attendance
from processes.storage.tables.agreements import meeting_statement
from processes.storage.tables.follow_ups import follow_up, statement
from processes.storage.tables.meetings import meeting_institution
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation


@dataclass(frozen=True, slots=True)
class Attended:
    """An institution of a rakor, and who was there for it."""

    institution: str
    short_name: str
    attendance: Attendance | None
    attended_by: str | None
    version: int
    changed_at: datetime | None
    changed_by: str | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said of one follow-up in a rakor; `on_behalf`: by somebody else for the
    institution."""

    id: UUID
    follow_up_id: UUID
    text: str
    said_by: str
    on_behalf: bool
    version: int
    changed_at: datetime
    changed_by: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a rakor of one follow-up, as its minutes say it. `number`, `title`: of the
    recommendation; `name`: of the institution."""

    follow_up_id: UUID
    name: str
    number: str | None
    title: str
    text: str
    said_by: str
    on_behalf: bool


_ATTENDED: Final = (
    meeting_institution.c.institution,
    institution.c.short_name,
    meeting_institution.c.attendance,
    meeting_institution.c.attended_by,
    meeting_institution.c.version,
    meeting_institution.c.changed_at,
    meeting_institution.c.changed_by,
)
_SPOKEN: Final = (
    statement.c.id,
    statement.c.follow_up_id,
    statement.c.text,
    statement.c.said_by,
    meeting_statement.c.on_behalf,
    meeting_statement.c.version,
    meeting_statement.c.changed_at,
    meeting_statement.c.changed_by,
)


def attended(connection: Connection, meeting_id: UUID) -> list[Attended]:
    """The institutions of a rakor, by short name."""
    rows = connection.execute(
        select(*_ATTENDED)
        .join(institution, institution.c.code == meeting_institution.c.institution)
        .where(meeting_institution.c.meeting_id == meeting_id)
        .order_by(institution.c.short_name)
    )
    return [Attended(*row) for row in rows]


def attend(
    connection: Connection,
    meeting_id: UUID,
    was: Attended,
    attendance: Attendance | None,
    attended_by: str | None,
    now: datetime,
    by: str,
) -> None:
    """Write who was there."""
    table = meeting_institution
    connection.execute(
        update(table)
        .where(table.c.meeting_id == meeting_id, table.c.institution == was.institution)
        .values(
            attendance=attendance, attended_by=attended_by, version=was.version + 1,
            changed_at=now, changed_by=by,
        )
    )  # fmt: skip


def said(connection: Connection, meeting_id: UUID, code: str) -> list[Spoken]:
    """What was said of the follow-ups of one institution, in the order it was typed."""
    table = meeting_statement
    rows = connection.execute(
        select(*_SPOKEN)
        .join(statement, statement.c.id == table.c.statement_id)
        .where(table.c.meeting_id == meeting_id, table.c.institution == code)
        .order_by(table.c.statement_id)
    )
    return [Spoken(*row) for row in rows]


def said_of_all(
    connection: Connection, meeting_id: UUID, visible: ColumnElement[bool]
) -> list[Said]:
    """What was said of the visible follow-ups, by institution, then in the order it was typed."""
    table = meeting_statement
    rows = connection.execute(
        select(
            follow_up.c.id,
            institution.c.short_name,
            recommendation.c.number,
            recommendation.c.title,
            statement.c.text,
            statement.c.said_by,
            table.c.on_behalf,
        )
        .select_from(table)
        .join(statement, statement.c.id == table.c.statement_id)
        .join(follow_up, follow_up.c.id == statement.c.follow_up_id)
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .join(institution, institution.c.code == table.c.institution)
        .where(table.c.meeting_id == meeting_id, visible)
        .order_by(institution.c.short_name, table.c.statement_id)
    )
    return [Said(*row) for row in rows]


def add(
    connection: Connection,
    statement_id: UUID,
    meeting_id: UUID,
    code: str,
    *,
    on_behalf: bool,
    now: datetime,
    by: str,
) -> None:
    """Say in which rakor a statement was made."""
    row = {
        "statement_id": statement_id, "meeting_id": meeting_id, "institution": code,
        "on_behalf": on_behalf, "version": 1, "changed_at": now, "changed_by": by,
    }  # fmt: skip
    connection.execute(insert(meeting_statement), row)


def correct(
    connection: Connection,
    was: Spoken,
    text: str,
    said_by: str,
    *,
    on_behalf: bool,
    now: datetime,
    by: str,
) -> None:
    """Correct what was typed, while the rakor is open."""
    connection.execute(
        update(statement).where(statement.c.id == was.id).values(text=text, said_by=said_by)
    )
    connection.execute(
        update(meeting_statement)
        .where(meeting_statement.c.statement_id == was.id)
        .values(on_behalf=on_behalf, version=was.version + 1, changed_at=now, changed_by=by)
    )
