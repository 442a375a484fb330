"""What an institution handed in about one follow-up and what was found in it, as a reader sees it.

Owns the one rule that a report may be classified higher than its case: then its files and the
verdict on it, which quotes it, are kept from whoever may not read it.
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
    """Reports within the reader's clearance, with their evaluations, and the evidence of the case
    but that of other reports; each oldest first."""

    reports: Sequence[Report]
    evaluations: Sequence[Evaluation]
    evidence: Sequence[Evidence]


def written(record: Record, scope: Scope, follow_up_id: UUID) -> Written:
    """What this reader may see of it. Whether they may see the case is asked before."""
    reports = [
        one for one in record.of(Report, follow_up_id) if one.classification in scope.cleared_for
    ]
    # None: an evaluation without a report, evidence of something else.
    shown = {None, *(one.id for one in reports)}
    return Written(
        reports,
        [one for one in record.of(Evaluation, follow_up_id) if one.report_id in shown],
        [one for one in record.of(Evidence, follow_up_id) if one.report_id in shown],
    )
