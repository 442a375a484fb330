"""The reports of an institution on one follow-up and the findings about them, for a reader.

Owns the one rule that a report may be classified higher than its case. A reader without that
clearance gets neither its texts and files nor the verdict, which quotes it. That it exists, its
receipt and its date are said to everybody who reads the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from processes.rights.access import Scope
from processes.storage.cases.follow_up_detail import Evaluation
from processes.storage.cases.record import Record
from processes.storage.files.evidence import Evidence
from processes.storage.tables.reports import Report
from processes.storage.tables.written_reports import ProgressReport


@dataclass(frozen=True, slots=True)
class Handed:
    """A report that was handed in, as every reader of the case may know it. `files`: how many came
    with it; `judged`: whether there is a verdict on it; `report`: what it says, None if it is
    classified above the reader's clearance.
    """

    id: UUID
    round: int
    receipt_number: str | None
    at: datetime
    by: str | None
    replaced_at: datetime | None
    replaced_by: str | None
    files: int
    judged: bool
    report: Report | None

    @property
    def counts(self) -> bool:
        """Whether it has not been taken back."""
        return self.replaced_at is None


@dataclass(frozen=True, slots=True)
class HandedProgress:
    """A report on progress that was handed in, as every reader of the case may know it. `report`:
    what it says, None if it is classified above the reader's clearance."""

    id: UUID
    receipt_number: str | None
    at: datetime
    by: str | None
    report: ProgressReport | None


@dataclass(frozen=True, slots=True)
class Written:
    """What was handed in, with evaluations and files, each oldest first."""

    handed_in: Sequence[Handed]
    on_progress: Sequence[HandedProgress]
    evaluations: Sequence[Evaluation]
    evidence: Sequence[Evidence]


def written(record: Record, scope: Scope, follow_up_id: UUID) -> Written:
    """The documents that this reader may read. The caller has checked that the reader may read the
    case."""
    files, findings = record.of(Evidence, follow_up_id), record.of(Evaluation, follow_up_id)
    judged, reports = {one.report_id for one in findings}, record.of(Report, follow_up_id)
    handed = [
        handed_of(one, scope, files, judged=one.id in judged) for one in reports if one.handed_in
    ]
    on_progress = [
        HandedProgress(one.id, one.receipt_number, one.at, one.by, _if_cleared(one, scope))
        for one in record.of(ProgressReport, follow_up_id)
    ]
    hidden = {one.id for one in handed if one.report is None}
    hidden |= {one.id for one in reports if not one.handed_in}
    shown = {one.id for one in on_progress if one.report is not None} | {None}
    return Written(
        handed,
        on_progress,
        [one for one in findings if one.report_id not in hidden],
        [one for one in files if one.report_id not in hidden and one.answer_id in shown],
    )


def _if_cleared(one: ProgressReport, scope: Scope) -> ProgressReport | None:
    return one if one.classification in scope.cleared_for else None


def handed_of(report: Report, scope: Scope, files: Sequence[Evidence], *, judged: bool) -> Handed:
    """A report for this reader. `files`: of its case; `judged`: there is a verdict on it."""
    return Handed(
        id=report.id,
        round=report.round,
        receipt_number=report.receipt_number,
        at=report.handed_in_at or report.at,
        by=report.by,
        replaced_at=report.replaced_at,
        replaced_by=report.replaced_by,
        files=sum(one.report_id == report.id for one in files),
        judged=judged,
        report=report if report.classification in scope.cleared_for else None,
    )
