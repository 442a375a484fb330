"""All reports of one recommendation in one paper, for a coordination meeting.

Owns collecting the parts of each institution that the reader may read. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes.cases.recommendation import recommendation_case
from processes.cases.recommendation.recommendation_case import Detail
from processes.cases.recommendation.recommendations import FollowUpInTime
from processes.cases.statements import Spoken
from processes.cases.written import Handed, HandedProgress, written
from processes.rights.access import Scope
from processes.storage.cases import follow_up_detail
from processes.storage.cases.follow_up_detail import Evaluation, Progress
from processes.storage.cases.recommendation_detail import Compilation
from processes.storage.cases.record import Record
from processes.storage.files.evidence import Evidence
from processes.storage.tables.reports import Report
from processes.storage.tables.written_reports import ProgressReport


@dataclass(frozen=True, slots=True)
class Part:
    """The reports and statements of one institution, and the findings about them."""

    position: FollowUpInTime
    handed_in: Sequence[Handed]
    on_progress: Sequence[HandedProgress]
    evaluations: Sequence[Evaluation]
    progress: Sequence[Progress]
    statements: Sequence[Spoken]
    evidence: Sequence[Evidence]

    @property
    def reports(self) -> Sequence[Report]:
        """The reports that the reader may read and that were not taken back."""
        return [one.report for one in self.handed_in if one.report is not None and one.counts]

    @property
    def progress_reports(self) -> Sequence[ProgressReport]:
        """The reports on progress that the reader may read."""
        return [one.report for one in self.on_progress if one.report is not None]


@dataclass(frozen=True, slots=True)
class Paper:
    """The compilation. `snapshot`: the matrix when the newest overall evaluation began; `inside`:
    its reader reads the positions of all institutions."""

    detail: Detail
    parts: Sequence[Part]
    snapshot: Compilation | None
    inside: bool


def of(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Paper:
    """The compilation of a recommendation. A reader of an institution gets only its own part, and
    nobody gets more than the receipt of a report above their clearance. Raises `NotFound`."""
    detail = recommendation_case.detail(connection, scope, id, now)
    positions = detail.row.positions
    record = follow_up_detail.WRITTEN.of_several(connection, [one.cell.id for one in positions])
    parts = [_part(record, scope, position, detail) for position in positions]
    snapshot = detail.compilations[-1] if detail.compilations else None
    return Paper(detail, parts, snapshot, scope.oversees)


def _part(record: Record, scope: Scope, position: FollowUpInTime, detail: Detail) -> Part:
    follow_up = position.cell.id
    handed_in = written(record, scope, follow_up)
    return Part(
        position=position,
        handed_in=handed_in.handed_in,
        on_progress=handed_in.on_progress,
        evaluations=handed_in.evaluations,
        progress=record.of(Progress, follow_up),
        statements=[one for one in detail.statements if one.statement.follow_up_id == follow_up],
        evidence=handed_in.evidence,
    )
