"""The matrix of follow-ups: recommendations by institutions, one cell each.

Owns the reading of cells, for the inventory, a recommendation's page and the compilation. For the
question of a screen the caller passes the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    select,
    true,
)

from engine.records.states import TaskStatus
from engine.storage.tables import task
from processes.register.groups import Group, group_of
from processes.register.rounds import of_claim
from processes.register.states import Stage, Treatment
from processes.register.vocabulary import FollowUpKind, OwingRole
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.notices import escalation
from processes.storage.tables.people import institution
from processes.storage.work.task_rows import SIDE_TASKS


@dataclass(frozen=True, slots=True)
class Cell:
    """One institution's position on one recommendation. `level`: its highest escalation, with the
    name of that level; None without one. `work_due_at`: deadline of the open work."""

    id: UUID
    recommendation_id: UUID
    institution: str
    short_name: str
    role: OwingRole
    kind: FollowUpKind | None
    status: Stage
    status_since: datetime
    round: int
    deadline: date
    rework_deadline: date | None
    claimed_status: str | None
    claimed_percent: int | None
    claimed_at: datetime | None
    verdict: str | None
    verdict_at: datetime | None
    closed_at: datetime | None
    treatment: Treatment | None
    level: int | None
    level_name: str | None
    work_due_at: datetime | None

    @property
    def due(self) -> date:
        """The date worked towards now: that of returned work, else the follow-up's."""
        return self.rework_deadline or self.deadline

    @property
    def group(self) -> Group:
        """The group it is counted in."""
        return group_of(self.status, self.verdict)

    @property
    def claimed_round(self) -> int:
        """The round of the present claim."""
        return of_claim(self.round, self.claimed_at, self.verdict, self.verdict_at)

    def snapshot(self, overdue: int) -> dict[str, Any]:
        """JSON values for the compiled inventory, with the working days late."""
        plain = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in asdict(self).items()
            if key not in ("id", "recommendation_id", "work_due_at")
        }
        return {**plain, "id": str(self.id), "overdue": overdue}


STANDS: Final = (
    escalation.c.task_id == task.c.id,
    escalation.c.follow_up_id == follow_up.c.id,
    escalation.c.ended_at.is_(None),
    # Completed meanwhile, or its deadline moved: that escalation does not stand any more.
    task.c.status == TaskStatus.OPEN,
    task.c.due_at == escalation.c.due_at,
)
"""Rows of `escalation` and `task`: the present escalations of the follow-up's open tasks."""


def of_open_escalation(column: Column[Any]) -> ScalarSelect[Any]:
    """A column of the highest escalation that stands for an open task of the follow-up."""
    return (
        select(column)
        .select_from(escalation, task)
        .where(*STANDS)
        .order_by(escalation.c.level.desc(), escalation.c.id.desc())
        .limit(1)
        .correlate(follow_up)
        .scalar_subquery()
    )


_WORK_DUE = (
    select(task.c.due_at)
    .where(
        task.c.instance_id == follow_up.c.instance_id,
        task.c.status == TaskStatus.OPEN,
        task.c.element_id.not_in(SIDE_TASKS),
    )
    .order_by(task.c.id)
    .limit(1)
    .correlate(follow_up)
    .scalar_subquery()
)
_SPECIAL = {
    "work_due_at": _WORK_DUE.label("work_due_at"),
    "short_name": institution.c.short_name,
    "level": of_open_escalation(escalation.c.level).label("level"),
    "level_name": of_open_escalation(escalation.c.level_name).label("level_name"),
}
CELL = [_SPECIAL[name] if name in _SPECIAL else follow_up.c[name] for name in Cell.__slots__]
FROM_CELLS = follow_up.join(institution, institution.c.code == follow_up.c.institution)


def cells(
    connection: Connection,
    recommendation_ids: Collection[UUID],
    visible: ColumnElement[bool] | None = None,
) -> list[Cell]:
    """The cells of these recommendations, by recommendation, leads first, then by institution."""
    rows = connection.execute(
        select(*CELL)
        .select_from(FROM_CELLS)
        .where(
            and_(
                follow_up.c.recommendation_id.in_(recommendation_ids),
                true() if visible is None else visible,
            )
        )
        .order_by(follow_up.c.recommendation_id, follow_up.c.role, follow_up.c.institution)
    )
    return [Cell(*row) for row in rows]


def of_recommendation(connection: Connection, recommendation_id: UUID) -> list[Cell]:
    """Every cell of one recommendation, for the case itself (no reader, no scope)."""
    return cells(connection, [recommendation_id])


def of_follow_up(connection: Connection, id: UUID) -> Cell:
    """The cell of one follow-up, which must exist."""
    question = select(*CELL).select_from(FROM_CELLS).where(follow_up.c.id == id)
    return Cell(*connection.execute(question).one())
