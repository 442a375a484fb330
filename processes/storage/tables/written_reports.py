"""Tables of requests for reports, and of the official written reports on progress that answer them.

Owns shapes, constraints and indexes only. A request has a part for each institution; one letter of
the institution answers its part, with an answer for each follow-up. The receipt number belongs to
the letter.
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
    select,
    text,
)

from engine.storage.database.types import ID, UtcDateTime
from processes.register.report_requests import NotDue, ReportRequestState
from processes.register.vocabulary import CLASSIFICATIONS, URGENCIES, Classification, Urgency
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

report_request = Table(
    "report_request",
    metadata,
    Column("id", ID, primary_key=True),
    Column("number", WORD, nullable=False, unique=True),
    # An institution reports of itself: then nobody has asked, and there is no letter.
    Column("unasked", Boolean, nullable=False),
    Column("letter_number", String(200)),
    Column("letter_date", Date),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("deadline", Date, nullable=False),
    # The highest of the recommendations it is about.
    Column("classification", WORD, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    one_of("classification", CLASSIFICATIONS),
)

report_request_part = Table(
    "report_request_part",
    metadata,
    Column("id", ID, primary_key=True),
    Column("request_id", ID, ForeignKey("report_request.id"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    Column("instance_id", ID, nullable=False, unique=True),
    # The first of its follow-ups: where mails and lists find it.
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    # The highest of its own recommendations: what others are asked keeps nobody out.
    Column("classification", WORD, nullable=False),
    Column("state", Member(ReportRequestState), nullable=False),
    Column("state_since", UtcDateTime, nullable=False),
    # Why somebody let the institution off, and who.
    Column("dropped_reason", Text),
    Column("dropped_by", NAME),
    one_of("classification", CLASSIFICATIONS),
    one_of("state", ReportRequestState),
    # request_lists: the parts of a request, in the order of the institutions
    Index(None, "request_id", "institution", "id"),
    # request_lists: what an institution was asked; request_rows: what it still owes
    Index(None, "institution", "request_id", "state"),
)

report_request_case = Table(
    "report_request_case",
    metadata,
    Column("part_id", ID, ForeignKey("report_request_part.id"), primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), primary_key=True),
    Column("not_due", Member(NotDue)),
    Column("not_due_since", UtcDateTime),
    one_of("not_due", NotDue),
    # request_rows.owing: the requests that a follow-up owes an answer to
    Index(None, "follow_up_id", "part_id"),
    sqlite_with_rowid=False,
)

report_request_past = Table(
    "report_request_past",
    metadata,
    Column("part_id", ID, ForeignKey("report_request_part.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    # NULL: the row holds now.
    Column("valid_to", UtcDateTime),
    Column("state", Member(ReportRequestState), nullable=False),
    one_of("state", ReportRequestState),
    CheckConstraint("valid_to > valid_from", name="span"),
    # One row holds now; note: the row that ends.
    Index(
        "uq_report_request_past_now",
        "part_id",
        unique=True,
        sqlite_where=text("valid_to is null"),
        postgresql_where=text("valid_to is null"),
    ),
    sqlite_with_rowid=False,
)

written_report = Table(
    "written_report",
    metadata,
    Column("id", ID, primary_key=True),
    Column("part_id", ID, ForeignKey("report_request_part.id"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    # From then on everybody who may read the request knows of it; empty: it waits for the head of
    # its institution, or was sent back by them then.
    Column("handed_in_at", UtcDateTime),
    Column("sent_back_at", UtcDateTime),
    # TT-<year>-<nnnn>, of the same series as the receipts of final reports.
    Column("receipt_number", WORD, unique=True),
    Column("receipt_at", UtcDateTime),
    Column("letter_number", String(200), nullable=False),
    Column("letter_date", Date, nullable=False),
    Column("urgency", WORD, nullable=False),
    Column("classification", WORD, nullable=False),
    Column("subject", Text, nullable=False),
    Column("signatory", NAME, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    one_of("urgency", URGENCIES),
    one_of("classification", CLASSIFICATIONS),
    # written_report_rows.of_parts: the letter that answered a part
    Index(None, "part_id", "id"),
)

written_answer = Table(
    "written_answer",
    metadata,
    Column("id", ID, primary_key=True),
    Column("written_report_id", ID, ForeignKey("written_report.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("narrative", Text, nullable=False),
    Column("obstacles", Text),
    CheckConstraint("percent between 0 and 100", name="percent"),
    # follow_up_detail and written_report_rows.about: what was reported of a follow-up, oldest first
    Index(None, "follow_up_id", "id"),
    # written_report_rows.answers: what one letter says
    Index(None, "written_report_id", "id"),
)


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """What a letter that was handed in says of one follow-up, with the letter. `id`: of the answer;
    `at`: when it was handed in."""

    id: UUID
    follow_up_id: UUID
    written_report_id: UUID
    round: int
    percent: int
    narrative: str
    obstacles: str | None
    letter_number: str
    letter_date: date
    urgency: Urgency
    classification: Classification
    subject: str
    signatory: str
    receipt_number: str | None
    at: datetime
    by: str | None


_FROM = {
    **{column.name: column for column in written_report.c},
    **{column.name: column for column in written_answer.c},
    "at": written_report.c.handed_in_at.label("at"),
}
progress_report = (
    select(*(_FROM[name] for name in ProgressReport.__slots__))
    .join(written_report, written_report.c.id == written_answer.c.written_report_id)
    .where(written_report.c.handed_in_at.is_not(None))
    .subquery("progress_report")
)
"""Its columns, from both tables."""
