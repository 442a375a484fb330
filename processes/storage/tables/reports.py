"""The official written reports of an institution: the table, and the shape of one report.

Owns both, so that a further field of the report is said in this file once. The receipt is given
right after the hand-in (`report_rows.give_receipt`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

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
    Index(None, "at", "follow_up_id"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """An official written report with its receipt. `replaced_at`: when its institution took it back
    to correct it; then it counts no more."""

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


reports = Facts(report, report.c.follow_up_id, Report)
