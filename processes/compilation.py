"""All reports of one recommendation in one paper, as every coordination meeting works from.

Owns putting together what the reader may see of each institution. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes import recommendations
from processes.access import Scope
from processes.recommendations import Detail
from processes.storage import evidence, follow_up_detail
from processes.storage.evidence import Evidence
from processes.storage.follow_up_detail import Evaluation, Progress, Report, Statement
from processes.storage.matrix_rows import Cell
from processes.storage.recommendation_detail import Compilation


@dataclass(frozen=True, slots=True)
class Said:
    """An oral statement; `confirmed` by a report handed in since, else marked as unconfirmed."""

    statement: Statement
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one institution reported, said and was found. `overdue`: working days after the date it
    works towards, negative before."""

    cell: Cell
    overdue: int
    reports: Sequence[Report]
    evaluations: Sequence[Evaluation]
    progress: Sequence[Progress]
    statements: Sequence[Said]
    evidence: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Paper:
    """The compilation. `snapshot`: the matrix as it was kept at the last meeting."""

    detail: Detail
    parts: Sequence[Part]
    snapshot: Compilation | None


def of(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Paper:
    """The compilation of a recommendation: an institution's reader sees its own part only, and
    nobody a report above their clearance. Raises `NotFound`."""
    detail = recommendations.detail(connection, scope, id, now)
    parts = [_part(connection, scope, cell, now) for cell in detail.row.cells]
    snapshot = detail.compilations[-1] if detail.compilations else None
    return Paper(detail, parts, snapshot)


def _part(connection: Connection, scope: Scope, cell: Cell, now: datetime) -> Part:
    reports = [
        one
        for one in follow_up_detail.reports(connection, cell.id)
        if one.classification in scope.cleared_for
    ]
    shown = {one.id for one in reports}
    newest = max((one.at for one in reports), default=None)
    return Part(
        cell=cell,
        overdue=recommendations.overdue(connection, cell, now),
        reports=reports,
        evaluations=follow_up_detail.evaluations(connection, cell.id),
        progress=follow_up_detail.progress(connection, cell.id),
        statements=[
            Said(one, confirmed=newest is not None and newest > one.at)
            for one in follow_up_detail.statements(connection, cell.id)
        ],
        evidence=[
            one
            for one in evidence.evidence_of(connection, cell.id)
            if one.report_id is None or one.report_id in shown
        ],
    )
