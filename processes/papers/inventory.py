"""The matrix: the position of every institution on every recommendation.

Owns its shape: recommendations by institutions, with totals by stage, and the picked positions.
Changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, and_, true

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.cases.recommendation.recommendations import (
    FollowUpInTime,
    RecommendationRow,
    rows_of,
)
from processes.cases.statements import unconfirmed
from processes.ground.paging import cursor, cut
from processes.register.groups import Group
from processes.register.states import RUNNING, Stage
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_follow_ups, visible_recommendations
from processes.storage.cases.lists import follow_up_lists, matrix_counts, recommendation_lists
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.cases.lists.matrix_counts import SPECIAL, Count

EVERYTHING: Final = Wanted()
ROWS = 10
"""Recommendations on one page of the matrix."""
PICKS: Final = (*SPECIAL, *Group, *Stage)
"""What can be picked out: late or escalated positions, those with a statement that no report has
confirmed, those of one group, those of one stage."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A page of the matrix, and the numbers of the whole. `institutions`: code -> short name, in
    column order; `positions`: (recommendation, institution) -> position; `spoken`: follow-ups with
    a statement but no report; `picked`: the picked ones, all of them without a pick; `counts`:
    every position that the reader may read, on any page."""

    rows: Sequence[RecommendationRow]
    institutions: Mapping[str, str]
    positions: Mapping[tuple[UUID, str], FollowUpInTime]
    spoken: Collection[UUID]
    picked: Collection[UUID]
    counts: Sequence[Count]
    first: UUID | None
    last: UUID | None

    @property
    def total(self) -> int:
        """The number of positions."""
        return sum(one.number for one in self.counts)

    @property
    def groups(self) -> Mapping[Group, int]:
        """How many positions are in each group; together they are the total."""
        return {group: self._number(group=group) for group in Group}

    @property
    def stages(self) -> Mapping[Stage, int]:
        """How many positions stand at each stage that is no end, in the order of work."""
        return {stage: self._number(status=stage) for stage in RUNNING}

    @property
    def specials(self) -> Mapping[str, int]:
        """How many positions each special pick leaves."""
        return {pick: sum(getattr(one, pick) for one in self.counts) for pick in SPECIAL}

    @property
    def totals(self) -> Mapping[str, int]:
        """How many positions each pick leaves."""
        parts = (self.specials, self.groups, self.stages)
        return {pick: number for part in parts for pick, number in part.items()}

    def _number(self, **wanted: str) -> int:
        return sum(
            one.number
            for one in self.counts
            if all(getattr(one, name) == value for name, value in wanted.items())
        )


def matrix(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    pick: str | None = None,
    wanted: Wanted = EVERYTHING,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = ROWS,
) -> Matrix:
    """A page of the matrix, newest recommendation first; with `pick`, one of `PICKS`, only those
    with such a position; `wanted`: institution, coordinator and words as in the list of follow-ups.
    Six statements, and one by key for each institution's calendar. Raises `BadInput` for an unknown
    pick."""
    may(scope, "read_inventory")
    if pick is not None and pick not in PICKS:
        wrong = {"pick": say("Choose one of the offered values.")}
        raise BadInput(say("This list cannot be narrowed like that."), wrong)
    at = cursor(after, before)
    narrowed = follow_up_lists.narrowed(wanted, (now, now))
    visible = and_(visible_follow_ups(scope), narrowed)
    clause = matrix_counts.picked_by(pick, now) if pick else None
    if clause is None and wanted != EVERYTHING:
        clause = true()
    found = recommendation_lists.issued(
        connection,
        visible_recommendations(scope),
        at,
        limit + 1,
        having=None if clause is None else and_(visible, clause),
    )
    page = cut(found, limit, at)
    rows = rows_of(connection, scope, page.items, now)
    positions = {(row.id, one.cell.institution): one for row in rows for one in row.positions}
    ids = {one.cell.id for one in positions.values()}
    picked = (
        ids
        if clause is None
        else matrix_counts.picked(connection, visible, [row.id for row in rows], clause)
    )
    shown = [one.cell for one in positions.values() if one.cell.id in picked]
    names = {cell.institution: cell.short_name for cell in shown}
    return Matrix(
        rows=rows,
        institutions=dict(sorted(names.items(), key=lambda item: item[1])),
        positions=positions,
        spoken=unconfirmed(connection, ids),
        picked=picked,
        counts=matrix_counts.counts(connection, visible, now, clause),
        first=page.first.id if page.first else None,
        last=page.last.id if page.last else None,
    )
