"""The reports of an institution on one follow-up and the findings about them, for a reader.

Owns the one rule that a report may be classified higher than its case. Then a reader without that
clearance gets neither its files nor the verdict, which quotes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from processes.rights.access import Scope
from processes.storage.cases.follow_up_detail import Evaluation
from processes.storage.cases.record import Record
from processes.storage.files.evidence import Evidence
from processes.storage.tables.reports import Report


@dataclass(frozen=True, slots=True)
class Written:
    """Reports within the reader's clearance, with their evaluations, and the case's evidence except
    that of other reports; each oldest first."""

    reports: Sequence[Report]
    evaluations: Sequence[Evaluation]
    evidence: Sequence[Evidence]


def written(record: Record, scope: Scope, follow_up_id: UUID) -> Written:
    """The documents that this reader may read. The caller has checked that the reader may read the
    case."""
    reports = [
        one for one in record.of(Report, follow_up_id) if one.classification in scope.cleared_for
    ]
    # None: an evaluation without a report, or evidence of another fact.
    shown = {None, *(one.id for one in reports)}
    return Written(
        reports,
        [one for one in record.of(Evaluation, follow_up_id) if one.report_id in shown],
        [one for one in record.of(Evidence, follow_up_id) if one.report_id in shown],
    )
