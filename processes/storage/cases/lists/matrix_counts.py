"""The picks of the matrix, and the number of positions of each.

Owns the clause of each pick. The numbers above the matrix and the rows behind them use the same
clause, so they never differ. Numbers cover everything that a reader may read, never only a page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, select, true

from processes.register.groups import BY_VALUE, Group
from processes.register.states import Stage
from processes.storage.cases.lists.follow_up_lists import SPOKEN, late
from processes.storage.cases.lists.grouping import group_column, in_group
from processes.storage.cases.lists.matrix_rows import STANDS
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.notices import escalation

SPECIAL: Final = ("late", "escalated", "spoken")
"""Picks that are no stage: open work past its deadline; escalated beyond the holder; an oral
statement without a report."""

_ESCALATED = exists().where(*STANDS, escalation.c.level > 0).correlate(follow_up)


@dataclass(frozen=True, slots=True)
class Count:
    """How many positions an institution has at a stage and in a group, how many of them each
    special pick leaves, and how many the pick that was asked for."""

    institution: str
    status: Stage
    group: Group
    number: int
    picked: int
    late: int
    escalated: int
    spoken: int


def picked_by(pick: str, now: datetime) -> ColumnElement[bool]:
    """Rows of `follow_up` that a pick leaves: a special one, or those in the group or at the stage
    it names."""
    if pick == "late":
        return late(now)
    if pick == "escalated":
        return _ESCALATED
    if pick == "spoken":
        return SPOKEN
    group = BY_VALUE.get(pick)
    return follow_up.c.status == pick if group is None else in_group(group)


def counts(
    connection: Connection,
    visible: ColumnElement[bool],
    now: datetime,
    pick: ColumnElement[bool] | None = None,
) -> list[Count]:
    """One row for each institution, stage and group: looks at every visible follow-up once."""
    facts = (
        select(
            follow_up.c.institution,
            follow_up.c.status,
            group_column().label("group"),
            (true() if pick is None else pick).label("picked"),
            *(picked_by(special, now).label(special) for special in SPECIAL),
        )
        .where(visible)
        .subquery()
    )
    place = (facts.c.institution, facts.c.status, facts.c.group)
    numbers = (func.count().filter(facts.c[name]) for name in ("picked", *SPECIAL))
    rows = connection.execute(select(*place, func.count(), *numbers).group_by(*place))
    return [Count(code, stage, BY_VALUE[group], *rest) for code, stage, group, *rest in rows]


def picked(
    connection: Connection,
    visible: ColumnElement[bool],
    recommendation_ids: Collection[UUID],
    pick: ColumnElement[bool],
) -> set[UUID]:
    """Those follow-ups of these recommendations that are in a pick."""
    rows = connection.execute(
        select(follow_up.c.id).where(
            follow_up.c.recommendation_id.in_(recommendation_ids), visible, pick
        )
    )
    return set(rows.scalars())
