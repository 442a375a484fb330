"""What the heads of institutions answered about reports of one follow-up.

Owns the two questions, of final reports and of letters on progress. The rows are written by the
handlers of both (`processes.lifecycle.releasing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from processes.register.vocabulary import Classification
from processes.storage.tables.reports import report, report_release
from processes.storage.tables.written_reports import written_answer, written_report


@dataclass(frozen=True, slots=True)
class CaseRelease:
    """The answer about a report of this follow-up. `report_id`: of a final report; None: of a
    letter on progress."""

    id: UUID
    follow_up_id: UUID
    report_id: UUID | None
    released: bool
    notes: str | None
    classification: Classification
    at: datetime
    by: str | None


_OF_REPORT = {
    **{column.name: column for column in report_release.c},
    "follow_up_id": report.c.follow_up_id,
    "classification": report.c.classification,
}
_OF_LETTER = {
    **{column.name: column for column in report_release.c},
    "follow_up_id": written_answer.c.follow_up_id,
    "classification": written_report.c.classification,
}
of_reports = (
    select(*(_OF_REPORT[name] for name in CaseRelease.__slots__))
    .join(report, report.c.id == report_release.c.report_id)
    .subquery("release_of_report")
)
"""The answers about final reports."""
of_letters = (
    select(*(_OF_LETTER[name] for name in CaseRelease.__slots__))
    .join(written_report, written_report.c.id == report_release.c.written_report_id)
    .join(written_answer, written_answer.c.written_report_id == written_report.c.id)
    .subquery("release_of_letter")
)
"""The answers about letters on progress, for each follow-up that a letter is about."""
