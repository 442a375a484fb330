"""The official written reports on progress: a letter, its receipt, and an answer for each case.

Owns writing and reading them. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.register.vocabulary import Classification, Urgency
from processes.storage.facts import Facts
from processes.storage.tables.written_reports import (
    ProgressReport,
    progress_report,
    written_answer,
    written_report,
)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """The letter of an institution that answers a part of a request."""

    id: UUID
    part_id: UUID
    institution: str
    letter_number: str
    letter_date: date
    urgency: Urgency
    classification: Classification
    subject: str
    signatory: str
    at: datetime
    by: str | None
    receipt_number: str | None = None
    receipt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """What a letter says of one follow-up."""

    id: UUID
    written_report_id: UUID
    follow_up_id: UUID
    round: int
    percent: int
    narrative: str
    obstacles: str | None


letters = Facts(written_report, written_report.c.id, WrittenReport)
of_parts = Facts(written_report, written_report.c.part_id, WrittenReport)
answers = Facts(written_answer, written_answer.c.written_report_id, WrittenAnswer)


def add(connection: Connection, letter: WrittenReport, said: Sequence[WrittenAnswer]) -> None:
    """Store a letter with its answers."""
    letters.add(connection, letter)
    answers.add(connection, *said)


def give_receipt(connection: Connection, id: UUID, number: str, at: datetime) -> None:
    """Number a letter."""
    mine = written_report.c.id == id
    connection.execute(
        update(written_report).where(mine).values(receipt_number=number, receipt_at=at)
    )


def by_receipt(connection: Connection, number: str) -> WrittenReport | None:
    """The letter that a receipt was given for."""
    found = letters.where(connection, written_report.c.receipt_number == number)
    return found[0] if found else None


def receipt_given_at(connection: Connection, part_id: UUID, moment: datetime) -> str | None:
    """The receipt of the letter handed in at exactly this moment, which is the time of one step."""
    found: str | None = connection.scalar(
        select(written_report.c.receipt_number)
        .where(written_report.c.part_id == part_id, written_report.c.at == moment)
        .limit(1)
    )
    return found


def about(connection: Connection, follow_up_ids: Collection[UUID]) -> list[ProgressReport]:
    """What letters say of these follow-ups, oldest first."""
    columns = [progress_report.c[name] for name in ProgressReport.__slots__]
    rows = connection.execute(
        select(*columns)
        .where(progress_report.c.follow_up_id.in_(follow_up_ids))
        .order_by(progress_report.c.id)
    )
    return [ProgressReport(*row) for row in rows]
