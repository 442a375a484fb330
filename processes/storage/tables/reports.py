"""The official written reports of an institution: the table, and the shape of one report.

Owns both, so that a further field of the report is said in this file once, and the answers of
those who release a report inside their institution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from engine.storage.database.types import ID, UtcDateTime
from processes.register.vocabulary import CLASSIFICATIONS, URGENCIES, Classification, Urgency
from processes.storage.facts import Facts
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, one_of

report = Table(
    "report",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("round", Integer, nullable=False),
    # From then on everybody who may read the case knows of it; empty: it waits for the head of its
    # institution, or was sent back by them.
    Column("handed_in_at", UtcDateTime),
    # TT-<year>-<nnnn>, given by the receipt task right after the hand-in.
    Column("receipt_number", WORD, unique=True),
    Column("receipt_at", UtcDateTime),
    Column("letter_number", String(200), nullable=False),
    Column("letter_date", Date, nullable=False),
    Column("urgency", WORD, nullable=False),
    Column("classification", WORD, nullable=False),
    Column("subject", Text, nullable=False),
    Column("signatory", NAME, nullable=False),
    Column("summary", Text, nullable=False),
    Column("claimed_status", WORD, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # Taken back by its institution before it was evaluated; the row and its receipt stay.
    Column("replaced_at", UtcDateTime),
    Column("replaced_by", NAME),
    Column("replaced_reason", Text),
    one_of("urgency", URGENCIES),
    one_of("classification", CLASSIFICATIONS),
    # follow_ups.detail and compilation.of: reports of one follow-up, newest first
    Index(None, "follow_up_id", "id"),
    # compiled: those handed in within a period
    Index(None, "handed_in_at", "follow_up_id"),
)

report_release = Table(
    "report_release",
    metadata,
    Column("id", ID, primary_key=True),
    # Of a final report, or of a letter on progress.
    Column("report_id", ID, ForeignKey("report.id")),
    Column("written_report_id", ID, ForeignKey("written_report.id")),
    Column("released", Boolean, nullable=False),
    # What is to be corrected, of one that is not released.
    Column("notes", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    CheckConstraint("(report_id IS NULL) <> (written_report_id IS NULL)", name="of_one"),
    # report_rows.release_of, written_report_rows.release_of: of one report
    Index(None, "report_id", "id"),
    Index(None, "written_report_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Release:
    """The answer of an institution's head, or of who stands in, to a report that it would send."""

    id: UUID
    released: bool
    notes: str | None
    at: datetime
    by: str | None
    report_id: UUID | None = None
    written_report_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """An official written report with its receipt, written `at` and `by`. `handed_in_at`: then or
    when its institution's head released it. `replaced_at`: when its institution took it back to
    correct it; then it counts no more."""

    id: UUID
    follow_up_id: UUID
    round: int
    letter_number: str
    letter_date: date
    urgency: Urgency
    classification: Classification
    subject: str
    signatory: str
    summary: str
    claimed_status: str
    at: datetime
    by: str | None
    receipt_number: str | None = None
    receipt_at: datetime | None = None
    replaced_at: datetime | None = None
    replaced_by: str | None = None
    replaced_reason: str | None = None
    handed_in_at: datetime | None = None

    @property
    def handed_in(self) -> bool:
        """Whether anybody outside its institution may know of it."""
        return self.handed_in_at is not None

    @property
    def awaits_release(self) -> bool:
        """Whether it lies with the head of its institution."""
        return self.handed_in_at is None and self.replaced_at is None

    @property
    def given_back(self) -> bool:
        """Whether its institution writes it anew: taken back, or not released."""
        return self.replaced_at is not None


reports = Facts(report, report.c.follow_up_id, Report)
releases = Facts(report_release, report_release.c.report_id, Release)
