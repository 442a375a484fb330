"""The official written reports on progress: a letter, its receipt, and an answer for each case.

Owns writing and reading them. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, Update, and_, select, update

from processes.register.vocabulary import Classification, Urgency
from processes.storage.facts import Facts
from processes.storage.tables.reports import Release, releases, report_release
from processes.storage.tables.written_reports import (
    ProgressReport,
    progress_report,
    report_request_part,
    written_answer,
    written_report,
)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """The letter of an institution that answers a part of a request, written `at` and `by`.
    `handed_in_at`: then or when its institution's head released it."""

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
    handed_in_at: datetime | None = None
    sent_back_at: datetime | None = None

    @property
    def handed_in(self) -> bool:
        """Whether anybody outside its institution may know of it."""
        return self.handed_in_at is not None

    @property
    def given_back(self) -> bool:
        """Whether its institution writes it anew: its head has not released it."""
        return self.sent_back_at is not None

    @property
    def awaits_release(self) -> bool:
        """Whether it lies with the head of its institution."""
        return not self.handed_in and not self.given_back


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
_LETTER = [written_report.c[name] for name in WrittenReport.__slots__]
answers = Facts(written_answer, written_answer.c.written_report_id, WrittenAnswer)


def of_parts(connection: Connection, *ids: UUID) -> list[WrittenReport]:
    """The letters that answer these parts, handed in, oldest first."""
    mine = written_report.c.part_id.in_(ids)
    return letters.where(connection, and_(mine, written_report.c.handed_in_at.is_not(None)))


def written_last(connection: Connection, *instance_ids: UUID) -> dict[UUID, WrittenReport]:
    """Instance -> the letter that was written last in it, handed in or not: for its own
    institution."""
    rows = connection.execute(
        select(report_request_part.c.instance_id, *_LETTER)
        .join(written_report, written_report.c.part_id == report_request_part.c.id)
        .where(report_request_part.c.instance_id.in_(instance_ids))
        .order_by(written_report.c.id)
    )
    return {row[0]: WrittenReport(*row[1:]) for row in rows}


def hand_in(connection: Connection, id: UUID, at: datetime) -> None:
    """A letter was released by its institution's head."""
    connection.execute(_letter(id).values(handed_in_at=at))


def send_back(connection: Connection, id: UUID, at: datetime) -> None:
    """A letter was not."""
    connection.execute(_letter(id).values(sent_back_at=at))


def _letter(id: UUID) -> Update:
    return update(written_report).where(written_report.c.id == id)


def release_of(connection: Connection, id: UUID) -> Release | None:
    """The answer of the institution's head to a letter."""
    found = releases.where(connection, report_release.c.written_report_id == id)
    return found[-1] if found else None


def add(connection: Connection, letter: WrittenReport, said: Sequence[WrittenAnswer]) -> None:
    """Store a letter with its answers."""
    letters.add(connection, letter)
    answers.add(connection, *said)


def give_receipt(connection: Connection, id: UUID, number: str, at: datetime) -> None:
    """Number a letter."""
    connection.execute(_letter(id).values(receipt_number=number, receipt_at=at))


def by_receipt(connection: Connection, number: str) -> WrittenReport | None:
    """The letter that a receipt was given for."""
    found = letters.where(connection, written_report.c.receipt_number == number)
    return found[0] if found else None


def receipt_given_at(connection: Connection, part_id: UUID, moment: datetime) -> str | None:
    """The receipt of the letter handed in at exactly this moment, which is the time of one step."""
    found: str | None = connection.scalar(
        select(written_report.c.receipt_number)
        .where(written_report.c.part_id == part_id, written_report.c.handed_in_at == moment)
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
