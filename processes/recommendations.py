"""Recommendations in lists, who may read one, a new draft, the proposal to take one back.

Every question and command takes the `Scope`. One in full is `processes.recommendation_case`; what
is recorded in between is the business of the process's tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import BadInput, Conflict, NotFound
from engine.invisible import is_blank
from engine.words import say
from processes.access import Scope, may, relations_to_case
from processes.calendars import calendar_of
from processes.paging import PAGE, Page, cursor, cut
from processes.service import Service
from processes.states import ENDED, RecommendationState
from processes.storage import (
    case_heads,
    matrix_rows,
    recommendation_lists,
    recommendation_rows,
)
from processes.storage.matrix_rows import Cell
from processes.storage.recommendation_lists import Listed, Wanted
from processes.storage.recommendation_rows import Recommendation
from processes.visibility import visible_follow_ups, visible_recommendations
from processes.vocabulary import PRIORITIES

EVERYTHING: Final = Wanted()
"""A list that is not narrowed."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where one institution stands. `due`: deadline of its open work; `overdue`: working days
    after it, negative before, None once it has ended; `late`: it has passed."""

    cell: Cell
    due: date
    overdue: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A recommendation in a list, with the positions the reader may see."""

    listed: Listed
    positions: Sequence[Position]

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.listed.id

    @property
    def cells(self) -> Sequence[Cell]:
        """The positions without their standing in time."""
        return [one.cell for one in self.positions]

    @property
    def total(self) -> int:
        """How many follow-ups there are."""
        return len(self.positions)

    @property
    def done(self) -> int:
        """How many of them have ended."""
        return sum(one.cell.status in ENDED for one in self.positions)

    @property
    def overdue(self) -> int | None:
        """Working days that the latest open work is past its deadline, negative before it; None
        when nothing is open."""
        return max((one.overdue for one in self.positions if one.overdue is not None), default=None)

    @property
    def late(self) -> bool:
        """Whether open work of anybody is past its deadline."""
        return any(one.late for one in self.positions)


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    wanted: Wanted = EVERYTHING,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Row]:
    """Visible recommendations, newest first. Raises `BadInput` for an unknown filter."""
    may(scope, "read_recommendations")
    _check(wanted)
    visible = visible_recommendations(scope)
    at = cursor(after, before)
    found = recommendation_lists.page(connection, visible, wanted, now, at, limit + 1)
    return cut(rows_of(connection, scope, found, now), limit, at)


def _check(wanted: Wanted) -> None:
    offered = {"status": RecommendationState, "priority": PRIORITIES}
    wrong = {
        name: say("Choose one of the offered values.")
        for name, values in offered.items()
        if getattr(wanted, name) not in (None, *values)
    }
    if wrong:
        raise BadInput(say("This list cannot be narrowed like that."), wrong)


def rows_of(
    connection: Connection, scope: Scope, found: Sequence[Listed], now: datetime
) -> list[Row]:
    """Rows with the cells of each recommendation that the reader may see: two questions in all."""
    cells = matrix_rows.cells(connection, [one.id for one in found], visible_follow_ups(scope))
    positions = [_position(connection, cell, now) for cell in cells]
    return [
        Row(one, [part for part in positions if part.cell.recommendation_id == one.id])
        for one in found
    ]


def _position(connection: Connection, cell: Cell, now: datetime) -> Position:
    calendar = calendar_of(connection, cell.institution)
    due_at = cell.work_due_at or calendar.end_of(cell.due)
    due = calendar.due_date_of(due_at)
    if cell.status in ENDED:
        return Position(cell, due, None, late=False)
    return Position(cell, due, calendar.overdue(due, calendar.today(now)), late=due_at <= now)


def readable(
    connection: Connection, scope: Scope, id: UUID, act: str = "read_case"
) -> tuple[Recommendation, frozenset[str]]:
    """A recommendation the asker may do `act` with. Raises `NotFound`, `Forbidden`."""
    case = recommendation_rows.find(connection, id)
    head = case_heads.of_recommendation(connection, id)
    if case is None or head is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    institutions = case_heads.institutions_of(connection, head)
    relations = relations_to_case(scope, institutions, case.classification)
    may(scope, act, relations)
    return case, relations


def propose(service: Service, scope: Scope, *, id: UUID | None = None) -> UUID:
    """Begin a recommendation: its draft, and its process, whose first task is to register it.

    With the id of a draft whose process never started (the machine failed in between) it is
    started now; repeating does nothing. Raises `NotFound` for an id that is not there.
    """
    may(scope, "start_recommendation")
    if id is None:
        id = uuid7()
        with service.transaction() as connection:
            now = service.engine.on(connection).now()
            recommendation_rows.insert_draft(connection, id, uuid7(), scope.username, now)
    with service.reading() as connection:
        case, _ = readable(connection, scope, id)
    service.engine.start("recommendation", {}, str(id), scope.username, id=case.instance_id)
    return id


def propose_withdrawal(service: Service, scope: Scope, id: UUID, reason: str) -> None:
    """Propose to take a recommendation back. Raises `Conflict` while a proposal waits, `BadInput`
    with the field `reason`."""
    with service.reading() as connection:
        readable(connection, scope, id, "propose_withdrawal")
        pending = recommendation_rows.pending_withdrawal(connection, id)
    if pending is not None:
        raise Conflict(say("An earlier proposal has not been decided yet."))
    if is_blank(reason):
        sentence = say("Please fill in this field.")
        raise BadInput(sentence, {"reason": sentence})
    payload = {"reason": reason.strip()}
    service.engine.deliver("withdrawal_proposed", str(id), payload, wait=False, by=scope.username)
