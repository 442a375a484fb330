"""Recommendations: lists, rights to read one, a new draft, the proposal to withdraw one.

Every question and command takes the `Scope`. `processes.cases.recommendation.recommendation_case`
reads one in full; the process's tasks record everything in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.later.repairs import Received
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import say
from engine.time.calendar import Calendar, Timing
from processes.acts.acting import Acting, act, kept
from processes.days.calendars import calendars_of
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.register.groups import OUTSTANDING, TAKEN_OUT, Group, tally
from processes.register.rollup import Part, Rollup, rollup
from processes.register.states import ENDED, RecommendationState
from processes.register.vocabulary import PRIORITIES
from processes.rights.access import Scope, may, relations_to_case
from processes.rights.visibility import visible_follow_ups, visible_recommendations
from processes.storage.cases import case_heads, recommendation_rows, withdrawal_rows
from processes.storage.cases.lists import matrix_rows, recommendation_lists
from processes.storage.cases.lists.matrix_rows import Cell
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation, Wanted
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.people import successions

EVERYTHING: Final = Wanted()
"""A list without filters."""
SORTS: Final = tuple(recommendation_lists.ORDERS)
NEWEST: Final = Sort("newest", descending=True)


@dataclass(frozen=True, slots=True)
class FollowUpInTime:
    """Where one institution stands. `due`: deadline of its open work; `timing`: how it stands to
    it, None once it has ended."""

    cell: Cell
    due: date
    timing: Timing | None


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation in a list, with the positions the reader may see."""

    listed: ListedRecommendation
    positions: Sequence[FollowUpInTime]

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.listed.id

    @property
    def cells(self) -> Sequence[Cell]:
        """The positions without their times."""
        return [one.cell for one in self.positions]

    @property
    def total(self) -> int:
        """The number of follow-ups."""
        return len(self.positions)

    @property
    def groups(self) -> Mapping[Group, int]:
        """How many of them are in each group; together they are the total."""
        return tally(one.cell.group for one in self.positions)

    @property
    def done(self) -> int:
        """How many of them conform: an end alone is no success."""
        return self.groups.get(Group.CONFORMS, 0)

    @property
    def asked(self) -> int:
        """How many of them are part of the recommendation still."""
        return self.total - sum(self.groups.get(group, 0) for group in TAKEN_OUT)

    @property
    def outstanding(self) -> int:
        """How many of them somebody still works on."""
        return sum(self.groups.get(group, 0) for group in OUTSTANDING)

    @property
    def rollup(self) -> Rollup:
        """How far it is by its own rule; for readers of every position."""
        rule, percent = self.listed.rollup_rule, self.listed.rollup_percent
        parts = (Part(one.short_name, one.role, one.group) for one in self.cells)
        return rollup(rule, percent, parts)

    @property
    def latest(self) -> FollowUpInTime | None:
        """The institution whose open work is latest or due first; None when nothing is open."""
        still = [(one.timing.overdue, one.timing.late, one) for one in self.positions if one.timing]
        return max(still, key=lambda one: one[:2])[2] if still else None

    @property
    def timing(self) -> Timing | None:
        """How the latest open work stands to its deadline; None when nothing is open."""
        return self.latest.timing if self.latest else None


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    wanted: Wanted = EVERYTHING,
    *,
    sort: Sort = NEWEST,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[RecommendationRow]:
    """Visible recommendations in one of `SORTS`. Raises `BadInput` for an unknown filter."""
    may(scope, "read_recommendations")
    _check(wanted, sort)
    visible = visible_recommendations(scope)
    at = cursor(after, before)
    found = recommendation_lists.page(connection, visible, wanted, now, sort, at, limit + 1)
    return cut(rows_of(connection, scope, found, now), limit, at)


def coordinators(connection: Connection, scope: Scope) -> list[tuple[str, str]]:
    """(username, name) of those who have begun a recommendation, for a filter."""
    may(scope, "read_recommendations")
    return recommendation_lists.coordinators(connection)


def copies(
    connection: Connection,
    scope: Scope,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[ListedRecommendation]:
    """The issued recommendations of which the reader's institutions got a copy, newest first."""
    may(scope, "read_copies")
    visible, at = visible_recommendations(scope), cursor(after, before)
    mine = scope.institutions
    found = recommendation_lists.copies(connection, visible, mine, at, limit + 1)
    return cut(found, limit, at)


def _check(wanted: Wanted, sort: Sort) -> None:
    offered = {"status": RecommendationState, "priority": PRIORITIES}
    wrong = {
        name: say("Choose one of the offered values.")
        for name, values in offered.items()
        if getattr(wanted, name) not in (None, *values)
    }
    if sort.by not in SORTS:
        wrong["sort"] = say("Choose one of the offered values.")
    if wrong:
        raise BadInput(say("This list cannot be narrowed like that."), wrong)


def rows_of(
    connection: Connection, scope: Scope, found: Sequence[ListedRecommendation], now: datetime
) -> list[RecommendationRow]:
    """Rows with the cells of each recommendation that the reader may see: two questions in all."""
    cells = matrix_rows.cells(connection, [one.id for one in found], visible_follow_ups(scope))
    calendars = calendars_of(connection, {cell.institution for cell in cells})
    positions = [_in_time(cell, calendars[cell.institution], now) for cell in cells]
    return [
        RecommendationRow(
            one, [part for part in positions if part.cell.recommendation_id == one.id]
        )
        for one in found
    ]


def _in_time(cell: Cell, calendar: Calendar, now: datetime) -> FollowUpInTime:
    due_at = cell.work_due_at or calendar.end_of(cell.due)
    due = calendar.due_date_of(due_at)
    if cell.status in ENDED:
        return FollowUpInTime(cell, due, None)
    return FollowUpInTime(cell, due, calendar.timing(due_at, now))


def readable(
    connection: Connection, scope: Scope, id: UUID, act: str = "read_case"
) -> tuple[Recommendation, frozenset[str]]:
    """A recommendation on which the user may do `act`. Raises `NotFound`, `Forbidden`."""
    case = recommendation_rows.find(connection, id)
    if case is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    # The institutions of the case do not matter for a user without an institution.
    institutions = case_heads.addressed(connection, id) if scope.institutions else ()
    had = successions.had_part(connection, id, scope.succeeded) if scope.succeeded else ()
    relations = relations_to_case(scope, institutions, case.classification, had)
    may(scope, act, relations)
    return case, relations


@act
def propose(act: Acting, *, id: UUID | None = None) -> UUID:
    """Begin a recommendation: its draft, and its process, whose first task is to register it.

    For the id of a draft without a running process, the process begins now; a repeated call does
    nothing. Raises `NotFound` for an unknown id.
    """
    if id is not None:
        begun(act, id)
        return id
    act.may("start_recommendation")
    id, instance_id = act.engine.new_id(), act.engine.new_id()
    recommendation_rows.insert_draft_once(act.connection, id, instance_id, act.by, act.now)
    _start(act, id, instance_id)
    return id


def begun(act: Acting, id: UUID) -> UUID:
    """The instance of a draft; it begins now if it has not begun. Raises the errors of
    `propose`."""
    lock(act, id)
    act.may("start_recommendation")
    case, _ = readable(act.connection, act.scope, id)
    return _start(act, id, case.instance_id)


def _start(act: Acting, id: UUID, instance_id: UUID) -> UUID:
    return act.engine.start("recommendation", {}, str(id), act.by, id=instance_id)


@kept(Received)
def propose_withdrawal(act: Acting, id: UUID, reason: str) -> Received:
    """Propose to withdraw a recommendation. Raises `Conflict` while a proposal waits, `BadInput`
    with the field `reason`."""
    lock(act, id)
    readable(act.connection, act.scope, id, "propose_withdrawal")
    pending = withdrawal_rows.pending(act.connection, id)
    if pending is not None:
        raise Conflict(say("An earlier proposal has not been decided yet."))
    if is_blank(reason):
        sentence = say("Please fill in this field.")
        raise BadInput(sentence, {"reason": sentence})
    payload = {"reason": reason.strip()}
    act.engine.deliver("withdrawal_proposed", str(id), payload, wait=False, by=act.by)
    return Received()


def lock(act: Acting, id: UUID) -> None:
    """Lock the instance of a recommendation, if it has one."""
    instance_id = recommendation_rows.instance_of(act.connection, id)
    if instance_id is not None:
        with suppress(NotFound):  # a draft whose process never began
            act.lock(instance_id)
