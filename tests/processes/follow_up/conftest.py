"""A follow-up whose institution has reported, for handlers called by themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from processes.register.vocabulary import Classification
from processes.storage.cases import report_rows
from processes.storage.cases.follow_up_detail import Evaluation, evaluations
from processes.storage.tables.reports import Report
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import (
    TODAY,
    Desk,
    connection,  # noqa: F401  (a fixture)
    part,  # noqa: F401  (a fixture)
)


def handed_in(
    desk: Desk,
    classification: Classification = "ordinary",
    *,
    round: int = 1,
    at: datetime = NOW,
    sent: bool = True,
) -> UUID:
    """A report on the follow-up; its id. Not `sent`: it lies with the institution's head."""
    report = Report(
        id=uuid7(), follow_up_id=desk.id, round=round, letter_number="B-1", letter_date=TODAY,
        urgency="ordinary", classification=classification, subject="Laporan", signatory="Sesjen",
        summary="Selesai.", claimed_status="conforms", at=at, by="rina",
        handed_in_at=at if sent else None,
    )  # fmt: skip
    report_rows.add(desk.connection, report)
    return report.id


def judged(desk: Desk, report_id: UUID | None, by: str | None = "ani") -> None:
    """A verdict on a report."""
    found = Evaluation(
        id=uuid7(), follow_up_id=desk.id, report_id=report_id, round=1, verdict="conforms",
        notes=None, reason=None, basis=None, rework_deadline=None, at=NOW, by=by,
    )  # fmt: skip
    evaluations.add(desk.connection, found)
