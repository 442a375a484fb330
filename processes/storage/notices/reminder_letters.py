"""Reminder letters to institutions: drafted by an escalation, sent on paper, noted as sent.

Owns the table and the SQL on it. What a letter says is `processes.papers.reminder_letter_text`; who
may read it is asked before anything here is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)
from uuid_utils.compat import uuid7

from engine.storage.database.types import ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.people import RANKS
from processes.storage.tables.recommendations import NAME, WORD, one_of

reminder_letter = Table(
    "reminder_letter",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("escalation_id", ID, ForeignKey("escalation.id"), nullable=False),
    Column("task_id", ID, nullable=False),
    # Rank of the signatory: between institutions a letter goes from equal to equal.
    Column("signatory", WORD, nullable=False),
    Column("level_name", Text, nullable=False),
    # The late task when the draft was made.
    Column("task_name", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("overdue", Integer, nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    # The next escalation replaced this draft before it was sent.
    Column("replaced_at", UtcDateTime),
    # The registry's number and date of the sent letter.
    Column("letter_number", String(200)),
    Column("letter_date", Date),
    Column("sent_at", UtcDateTime),
    Column("sent_by", NAME),
    one_of("signatory", RANKS),
    # follow_ups.detail: letters of one follow-up in time order
    Index(None, "follow_up_id", "id"),
    # escalations.page: the draft of a late task; also replaces it
    Index(None, "task_id", "id"),
)


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """A draft; with number, date and time of sending, a sent letter."""

    id: UUID
    follow_up_id: UUID
    task_id: UUID
    signatory: str
    level_name: str
    task_name: str
    due: date
    overdue: int
    drafted_at: datetime
    replaced_at: datetime | None
    letter_number: str | None
    letter_date: date | None
    sent_at: datetime | None
    sent_by: str | None


_COLUMNS = [reminder_letter.c[name] for name in ReminderLetter.__slots__]


def insert_draft(
    connection: Connection,
    task_id: UUID,
    now: datetime,
    *,
    follow_up_id: UUID,
    escalation_id: UUID,
    signatory: str,
    level_name: str,
    task_name: str,
    due: date,
    overdue: int,
) -> None:
    """Draft a letter about a late task; an earlier draft that was not sent is replaced."""
    table = reminder_letter
    connection.execute(
        update(table)
        .where(table.c.task_id == task_id, table.c.sent_at.is_(None), table.c.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    connection.execute(
        insert(table).values(
            id=uuid7(), task_id=task_id, drafted_at=now, follow_up_id=follow_up_id,
            escalation_id=escalation_id, signatory=signatory, level_name=level_name,
            task_name=task_name, due=due, overdue=overdue,
        )
    )  # fmt: skip


def note_sent(
    connection: Connection,
    id: UUID,
    *,
    letter_number: str,
    letter_date: date,
    at: datetime,
    by: str,
) -> None:
    """Note that a letter was sent."""
    connection.execute(
        update(reminder_letter)
        .where(reminder_letter.c.id == id)
        .values(letter_number=letter_number, letter_date=letter_date, sent_at=at, sent_by=by)
    )


def find(connection: Connection, id: UUID) -> ReminderLetter | None:
    """One letter."""
    question = select(*_COLUMNS).where(reminder_letter.c.id == id)
    row = connection.execute(question).one_or_none()
    return None if row is None else ReminderLetter(*row)


def of_follow_up(connection: Connection, id: UUID) -> list[ReminderLetter]:
    """Every letter about a follow-up, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(reminder_letter.c.follow_up_id == id).order_by(reminder_letter.c.id)
    )
    return [ReminderLetter(*row) for row in rows]


def of_tasks(connection: Connection, task_ids: Collection[UUID]) -> dict[UUID, ReminderLetter]:
    """Task -> the newest letter about it that has not been replaced."""
    table = reminder_letter
    rows = connection.execute(
        select(*_COLUMNS)
        .where(table.c.task_id.in_(list(task_ids)), table.c.replaced_at.is_(None))
        .order_by(table.c.id)
    )
    return {letter.task_id: letter for letter in (ReminderLetter(*row) for row in rows)}
