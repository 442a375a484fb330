"""The matrix: the position of every institution on every recommendation.

Owns its shape: recommendations by institutions, with totals by stage, and the picked positions.
Changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, true

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.cases.recommendation.recommendations import (
    FollowUpInTime,
    RecommendationRow,
    rows_of,
)
from processes.cases.statements import unconfirmed
from processes.ground.paging import Cursor, cursor, cut
from processes.register.groups import Group
from processes.register.states import RUNNING, Stage
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_follow_ups, visible_recommendations
from processes.storage.cases.lists import follow_up_lists, matrix_counts, recommendation_lists
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.cases.lists.matrix_counts import SPECIAL, Count
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation

EVERYTHING: Final = Wanted()
ROWS = 10
"""Recommendations on one page of the matrix."""
STEP: Final = 250
"""Recommendations that are read at a time where all of them are wanted."""
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


@dataclass(frozen=True, slots=True)
class Picked:
    """A picked position, with its recommendation."""

    of: ListedRecommendation
    position: FollowUpInTime


def picked(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    pick: str | None = None,
    wanted: Wanted = EVERYTHING,
    step: int = STEP,
) -> Iterator[Picked]:
    """Every picked position of every page of the matrix, in its order: `step` recommendations are
    read at a time, so that their number costs no memory. Raises `BadInput` as `matrix`."""
    may(scope, "read_inventory")
    visible, clause = _narrowed(scope, now, pick, wanted)
    at: Cursor[UUID] | None = None
    more = True
    while more:
        found = _listed(connection, scope, at, step + 1, visible, clause)
        page = cut(found, step, at)
        rows = rows_of(connection, scope, page.items, now)
        ids = _picked(connection, rows, visible, clause)
        for row in rows:
            for one in row.positions:
                if one.cell.id in ids:
                    yield Picked(row.listed, one)
        more = page.more
        at = cursor(page.items[-1].id, None) if page.items else None


def _narrowed(
    scope: Scope, now: datetime, pick: str | None, wanted: Wanted
) -> tuple[ColumnElement[bool], ColumnElement[bool] | None]:
    """The positions that the reader may see and asks for; what is picked of them, None: all."""
    if pick is not None and pick not in PICKS:
        wrong = {"pick": say("Choose one of the offered values.")}
        raise BadInput(say("This list cannot be narrowed like that."), wrong)
    visible = and_(visible_follow_ups(scope), follow_up_lists.narrowed(wanted, (now, now)))
    clause = matrix_counts.picked_by(pick, now) if pick else None
    return visible, true() if clause is None and wanted != EVERYTHING else clause


def _listed(
    connection: Connection,
    scope: Scope,
    at: Cursor[UUID] | None,
    limit: int,
    visible: ColumnElement[bool],
    clause: ColumnElement[bool] | None,
) -> list[ListedRecommendation]:
    having = None if clause is None else and_(visible, clause)
    seen = visible_recommendations(scope)
    return recommendation_lists.issued(connection, seen, at, limit, having=having)


def _picked(
    connection: Connection,
    rows: Sequence[RecommendationRow],
    visible: ColumnElement[bool],
    clause: ColumnElement[bool] | None,
) -> Collection[UUID]:
    if clause is None:
        return {cell.id for row in rows for cell in row.cells}
    return matrix_counts.picked(connection, visible, [row.id for row in rows], clause)


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
    visible, clause = _narrowed(scope, now, pick, wanted)
    at = cursor(after, before)
    found = _listed(connection, scope, at, limit + 1, visible, clause)
    page = cut(found, limit, at)
    rows = rows_of(connection, scope, page.items, now)
    positions = {(row.id, one.cell.institution): one for row in rows for one in row.positions}
    ids = {one.cell.id for one in positions.values()}
    chosen = _picked(connection, rows, visible, clause)
    shown = [one.cell for one in positions.values() if one.cell.id in chosen]
    names = {cell.institution: cell.short_name for cell in shown}
    return Matrix(
        rows=rows,
        institutions=dict(sorted(names.items(), key=lambda item: item[1])),
        positions=positions,
        spoken=unconfirmed(connection, ids),
        picked=chosen,
        counts=matrix_counts.counts(connection, visible, now, clause),
        first=page.first.id if page.first else None,
        last=page.last.id if page.last else None,
    )
