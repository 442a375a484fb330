"""What can be picked out of the matrix, and how many positions there are of each.

Owns the clause of each pick: the numbers above the matrix and the rows behind them are asked by the
same one, so they never differ. Numbers are of all that a reader may see, never of a page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, not_, select

from processes.register.states import Stage
from processes.storage.cases.follow_up_lists import late
from processes.storage.cases.matrix_rows import STANDS
from processes.storage.tables.follow_ups import follow_up, statement
from processes.storage.tables.notices import escalation
from processes.storage.tables.reports import report

SPECIAL: Final = ("late", "escalated", "spoken")
"""Picks that are no stage: open work past its deadline; somebody beyond the holder was told;
something was said that no report has confirmed."""

_ESCALATED = exists().where(*STANDS, escalation.c.level > 0).correlate(follow_up)
_CONFIRMED = exists().where(
    report.c.follow_up_id == statement.c.follow_up_id, report.c.at > statement.c.at
)
_SPOKEN = (
    exists()
    .where(statement.c.follow_up_id == follow_up.c.id, not_(_CONFIRMED.correlate(statement)))
    .correlate(follow_up)
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many positions an institution has at a stage, and how many of them each special pick
    leaves."""

    institution: str
    status: Stage
    number: int
    late: int
    escalated: int
    spoken: int


def picked_by(pick: str, now: datetime) -> ColumnElement[bool]:
    """Rows of `follow_up` that a pick leaves: a special one, or those at the stage it names."""
    if pick == "late":
        return late(now)
    if pick == "escalated":
        return _ESCALATED
    return _SPOKEN if pick == "spoken" else follow_up.c.status == pick


def counts(connection: Connection, visible: ColumnElement[bool], now: datetime) -> list[Count]:
    """One row for each institution and stage: looks at every visible follow-up once."""
    facts = (
        select(
            follow_up.c.institution,
            follow_up.c.status,
            *(picked_by(pick, now).label(pick) for pick in SPECIAL),
        )
        .where(visible)
        .subquery()
    )
    place = (facts.c.institution, facts.c.status)
    special = (func.count().filter(facts.c[pick]) for pick in SPECIAL)
    rows = connection.execute(select(*place, func.count(), *special).group_by(*place))
    return [Count(*row) for row in rows]


def picked(
    connection: Connection,
    visible: ColumnElement[bool],
    recommendation_ids: Collection[UUID],
    pick: ColumnElement[bool],
) -> set[UUID]:
    """The follow-ups of these recommendations that a pick leaves."""
    rows = connection.execute(
        select(follow_up.c.id).where(
            follow_up.c.recommendation_id.in_(recommendation_ids), visible, pick
        )
    )
    return set(rows.scalars())
