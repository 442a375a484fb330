"""Lists of recommendations, newest first, and the chain they form.

Owns the SQL of the screens' questions. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, true

from processes.storage.register import recommendation


@dataclass(frozen=True, slots=True)
class Listed:
    """A recommendation in a list."""

    id: UUID
    instance_id: UUID
    number: str | None
    title: str
    status: str
    priority: str
    classification: str
    deadline: date | None
    issued_at: datetime | None
    rollup_rule: str
    rollup_percent: int | None
    created_by: str | None
    predecessor_id: UUID | None


COLUMNS = [recommendation.c[name] for name in Listed.__slots__]


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    status: str | None,
    after: UUID | None,
    limit: int,
) -> list[Listed]:
    """Recommendations, newest first, below `after`."""
    clauses = [visible]
    if status is not None:
        clauses.append(recommendation.c.status == status)
    if after is not None:
        clauses.append(recommendation.c.id < after)
    rows = connection.execute(
        select(*COLUMNS).where(*clauses).order_by(recommendation.c.id.desc()).limit(limit)
    )
    return [Listed(*row) for row in rows]


def issued(
    connection: Connection, visible: ColumnElement[bool], after: UUID | None, limit: int
) -> list[Listed]:
    """Those that have follow-ups, newest first, below `after`."""
    below = true() if after is None else recommendation.c.id < after
    rows = connection.execute(
        select(*COLUMNS)
        .where(and_(visible, below, recommendation.c.issued_at.is_not(None)))
        .order_by(recommendation.c.id.desc())
        .limit(limit)
    )
    return [Listed(*row) for row in rows]


def by_ids(
    connection: Connection, visible: ColumnElement[bool], ids: Collection[UUID]
) -> list[Listed]:
    """Those of the given recommendations that are visible."""
    rows = connection.execute(
        select(*COLUMNS).where(and_(visible, recommendation.c.id.in_(list(ids))))
    )
    return [Listed(*row) for row in rows]


def successors(connection: Connection, visible: ColumnElement[bool], id: UUID) -> list[Listed]:
    """What a recommendation led to, oldest first."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(and_(visible, recommendation.c.predecessor_id == id))
        .order_by(recommendation.c.id)
    )
    return [Listed(*row) for row in rows]
