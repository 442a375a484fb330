"""The matrix: everyone's position on every recommendation in one picture.

Owns its shape: recommendations by institutions, with totals by stage, and what of it is picked out.
Changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput
from engine.words import say
from processes.access import Scope, may
from processes.paging import cursor, cut
from processes.recommendations import Position, Row, rows_of
from processes.statements import unconfirmed
from processes.storage import recommendation_lists
from processes.visibility import visible_recommendations
from processes.vocabulary import STAGES

ROWS = 50
"""Recommendations on one page of the matrix."""
PICKS: Final = ("late", "escalated", "spoken", *STAGES)
"""What can be picked out: late or escalated positions, those with a statement that no report has
confirmed, those of one stage."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """`institutions`: code -> short name, in column order; `positions`: (recommendation,
    institution) -> position; `spoken`: the follow-ups of which something is only said; `totals`:
    how many positions of this page each pick would leave; `picked`: (recommendation, institution)
    of those it leaves, all of them without one."""

    rows: Sequence[Row]
    institutions: Mapping[str, str]
    positions: Mapping[tuple[UUID, str], Position]
    spoken: Collection[UUID]
    totals: Mapping[str, int]
    picked: Collection[tuple[UUID, str]]
    first: UUID | None
    last: UUID | None

    @property
    def stages(self) -> Mapping[str, int]:
        """How many positions stand at each stage, in the order of the work."""
        return {stage: self.totals[stage] for stage in STAGES if self.totals[stage]}

    @property
    def late(self) -> int:
        """At how many positions the open work is past its deadline."""
        return self.totals["late"]


def matrix(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    pick: str | None = None,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = ROWS,
) -> Matrix:
    """A page of the matrix, newest recommendation first; with `pick`, one of `PICKS`, rows without
    such a position are left out. Four questions, and one by key for each institution's calendar.
    Raises `BadInput` for an unknown pick."""
    may(scope, "read_inventory")
    if pick is not None and pick not in PICKS:
        wrong = {"pick": say("Choose one of the offered values.")}
        raise BadInput(say("This list cannot be narrowed like that."), wrong)
    visible = visible_recommendations(scope)
    at = cursor(after, before)
    page = cut(recommendation_lists.issued(connection, visible, at, limit + 1), limit, at)
    rows = rows_of(connection, scope, page.items, now)
    positions = {(row.id, one.cell.institution): one for row in rows for one in row.positions}
    spoken = unconfirmed(connection, [one.cell.id for one in positions.values()])
    picked = {key for key, one in positions.items() if _is_picked(one, pick, spoken)}
    names = {one.cell.institution: one.cell.short_name for one in positions.values()}
    shown = {recommendation for recommendation, _ in picked}
    return Matrix(
        rows=[row for row in rows if row.id in shown],
        institutions=dict(sorted(names.items(), key=lambda item: item[1])),
        positions=positions,
        spoken=spoken,
        totals=_totals(list(positions.values()), spoken),
        picked=picked,
        first=page.first.id if page.first else None,
        last=page.last.id if page.last else None,
    )


SPECIAL: Mapping[str, Callable[[Position, Collection[UUID]], bool]] = {
    "late": lambda one, _: one.late,
    "escalated": lambda one, _: bool(one.cell.level),
    "spoken": lambda one, spoken: one.cell.id in spoken,
}


def _is_picked(one: Position, pick: str | None, spoken: Collection[UUID]) -> bool:
    if pick is None:
        return True
    special = SPECIAL.get(pick)
    return special(one, spoken) if special else one.cell.status == pick


def _totals(positions: Sequence[Position], spoken: Collection[UUID]) -> Mapping[str, int]:
    stages = Counter(one.cell.status for one in positions)
    return {
        **{stage: stages[stage] for stage in STAGES},
        **{pick: sum(_is_picked(one, pick, spoken) for one in positions) for pick in SPECIAL},
    }
