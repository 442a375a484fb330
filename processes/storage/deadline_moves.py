"""Deadlines that a change of a calendar moves: planned with the change, moved one by one by jobs.

Owns the table and the SQL on it. Which deadlines move is `processes.calendar_changes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from engine.storage import incidents
from engine.storage.jobs import job_row
from engine.storage.tables import job
from engine.storage.types import ID, UtcDateTime
from processes.payloads import MoveDeadline
from processes.states import MoveState
from processes.storage.register import NAME, Member, one_of
from processes.storage.schema import metadata

deadline_move = Table(
    "deadline_move",
    metadata,
    Column("id", ID, primary_key=True),
    # One change of a day: all its moves share it.
    Column("change_id", ID, nullable=False),
    Column("calendar_code", String(40), ForeignKey("calendar.code"), nullable=False),
    Column("day", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("task_id", ID, nullable=False),
    Column("was_due", UtcDateTime, nullable=False),
    Column("would_be", Date, nullable=False),
    Column("state", Member(MoveState), nullable=False),
    Column("planned_at", UtcDateTime, nullable=False),
    Column("by", NAME, nullable=False),
    one_of("state", MoveState),
    # calendar_changes.progress: the newest change of one calendar, and its moves
    Index(None, "calendar_code", "planned_at"),
    Index(None, "change_id", "state"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """One deadline to be moved: from the moment it had to the end of a day."""

    id: UUID
    task_id: UUID
    was_due: datetime
    would_be: date
    reason: str
    state: MoveState
    by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the moving after a change of `day` has come. `failed`: incidents to be repaired."""

    day: date
    planned_at: datetime
    planned: int
    moved: int
    left: int
    failed: int = 0

    @property
    def waiting(self) -> int:
        """How many are still to be looked at."""
        return self.planned - self.moved - self.left - self.failed


def plan(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Store moves, and the job that carries out each."""
    if rows:
        ready = {"state": MoveState.WAITING, "planned_at": now}
        connection.execute(insert(deadline_move), [{**row, **ready} for row in rows])
        wanted = [MoveDeadline(row["id"]) for row in rows]
        jobs = [job_row(one.kind, now, one.encode()) for one in wanted]
        connection.execute(insert(job), jobs)


def find(connection: Connection, id: UUID) -> Move | None:
    """One move."""
    columns = [deadline_move.c[name] for name in Move.__slots__]
    row = connection.execute(select(*columns).where(deadline_move.c.id == id)).one_or_none()
    return None if row is None else Move(*row)


def finish(connection: Connection, id: UUID, state: MoveState) -> None:
    """Note what became of a move."""
    connection.execute(update(deadline_move).where(deadline_move.c.id == id).values(state=state))


def progress(connection: Connection, calendar_code: str) -> Progress | None:
    """The newest change of a calendar that moved anything; None: there was none."""
    table = deadline_move
    newest = (
        select(table.c.change_id)
        .where(table.c.calendar_code == calendar_code)
        .order_by(table.c.planned_at.desc(), table.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    mine = table.c.change_id == newest
    rows = connection.execute(
        select(table.c.state, func.count(), func.max(table.c.day), func.max(table.c.planned_at))
        .where(mine)
        .group_by(table.c.state)
    ).all()
    if not rows:
        return None
    counts = {row[0]: row[1] for row in rows}
    stuck = stuck_moves(connection)
    failed = connection.scalar(select(func.count()).where(mine, table.c.id.in_(stuck))) or 0
    return Progress(
        day=rows[0][2],
        planned_at=rows[0][3],
        planned=sum(counts.values()),
        moved=counts.get(MoveState.MOVED, 0),
        left=counts.get(MoveState.LEFT, 0) - failed,
        failed=failed,
    )


def stuck_moves(connection: Connection) -> frozenset[UUID]:
    """The moves whose step failed and waits as an open incident: their ids are its request id."""
    return frozenset(
        id for one in incidents.opened(connection) if (id := move_of(one.command)) is not None
    )


def move_of(command: Mapping[str, Any]) -> UUID | None:
    """The move that a step was taken for, by its command; None for any other step."""
    try:
        return UUID(str(command.get("request_id"))) if command["kind"] == "extend" else None
    except ValueError:
        return None
