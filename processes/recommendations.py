"""Recommendations as people see and begin them: the list, one in full, its chain, a new draft, the
proposal to take one back.

Every question and command takes the `Scope`. What is recorded in between is the business of the
process's tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import BadInput, Conflict, NotFound
from engine.words import say
from processes.access import Scope, may, relations_to_case
from processes.calendars import calendar_of
from processes.paging import PAGE, Page, cut
from processes.service import Service
from processes.storage import (
    case_heads,
    matrix_rows,
    recommendation_detail,
    recommendation_lists,
    recommendation_rows,
    task_rows,
)
from processes.storage.facts import add, newest
from processes.storage.follow_up_detail import Decision
from processes.storage.matrix_rows import Cell
from processes.storage.recommendation_detail import (
    Comment,
    Compilation,
    Meeting,
    OverallEvaluation,
)
from processes.storage.recommendation_lists import Listed
from processes.storage.recommendation_rows import Recommendation
from processes.storage.register import decision
from processes.storage.task_rows import OpenTask
from processes.visibility import visible_follow_ups, visible_recommendations
from processes.vocabulary import ENDED, ROLES


@dataclass(frozen=True, slots=True)
class Row:
    """A recommendation in a list. `done` of `total` follow-ups have ended; `overdue`: working days
    of the latest one still open, negative before its deadline; None when none is open."""

    listed: Listed
    done: int
    total: int
    overdue: int | None
    cells: Sequence[Cell]

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.listed.id


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    status: str | None = None,
    after: UUID | None = None,
    limit: int = PAGE,
) -> Page[Row]:
    """Visible recommendations, newest first."""
    may(scope, "read_recommendations")
    visible = visible_recommendations(scope)
    found = recommendation_lists.page(connection, visible, status, after, limit + 1)
    return cut(rows_of(connection, scope, found, now), limit)


def rows_of(
    connection: Connection, scope: Scope, found: Sequence[Listed], now: datetime
) -> list[Row]:
    """Rows with the cells of each recommendation that the reader may see: two questions in all."""
    cells = matrix_rows.cells(connection, [one.id for one in found], visible_follow_ups(scope))
    return [
        _row(connection, one, [c for c in cells if c.recommendation_id == one.id], now)
        for one in found
    ]


def _row(connection: Connection, listed: Listed, cells: Sequence[Cell], now: datetime) -> Row:
    running = [cell for cell in cells if cell.status not in ENDED]
    late = [overdue(connection, cell, now) for cell in running]
    return Row(listed, len(cells) - len(running), len(cells), max(late) if late else None, cells)


def overdue(connection: Connection, cell: Cell, now: datetime) -> int:
    """Working days after the date an institution works towards, by its own calendar."""
    calendar = calendar_of(connection, cell.institution)
    return calendar.overdue(cell.due, calendar.today(now))


@dataclass(frozen=True, slots=True)
class Detail:
    """One recommendation in full. `relations`: how the reader stands to it, for `allows`."""

    case: Recommendation
    institutions: Mapping[str, str]
    relations: frozenset[str]
    tasks: Sequence[OpenTask]
    row: Row
    comments: Sequence[Comment]
    decisions: Sequence[Decision]
    meetings: Sequence[Meeting]
    evaluations: Sequence[OverallEvaluation]
    compilations: Sequence[Compilation]
    predecessor: Listed | None
    successors: Sequence[Listed]

    @property
    def pending_withdrawal(self) -> Decision | None:
        """The proposal to take it back that waits for a decision."""
        return next((one for one in self.decisions if one.approved is None), None)


def detail(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Detail:
    """One recommendation; an institution sees its own cell and comment only. Raises `NotFound`."""
    case, relations = readable(connection, scope, id)
    visible = visible_recommendations(scope)
    listed = recommendation_lists.by_ids(connection, visible, [id])
    if not listed:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    predecessor = recommendation_lists.by_ids(
        connection, visible, [case.predecessor_id] if case.predecessor_id else []
    )
    comments = recommendation_detail.comments(connection, id)
    own_decisions = recommendation_detail.decisions(connection, id)
    return Detail(
        case=case,
        institutions=recommendation_rows.institutions_of(connection, id),
        relations=relations,
        tasks=_tasks(connection, scope, case),
        row=rows_of(connection, scope, listed, now)[0],
        comments=[
            one for one in comments if scope.oversees or one.institution in scope.institutions
        ],
        decisions=[one for one in own_decisions if one.kind != "not_feasible"],
        meetings=recommendation_detail.meetings(connection, id),
        evaluations=recommendation_detail.evaluations(connection, id),
        compilations=recommendation_detail.compilations(connection, id) if scope.oversees else [],
        predecessor=predecessor[0] if predecessor else None,
        successors=recommendation_lists.successors(connection, visible, id),
    )


def _tasks(connection: Connection, scope: Scope, case: Recommendation) -> list[OpenTask]:
    """The open tasks; an institution sees its own comment task, not the others'."""
    found = task_rows.of_instances(connection, [case.instance_id])
    if scope.oversees:
        return found
    return [one for one in found if scope.groups.intersection(one.candidate_groups)]


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


def chain(connection: Connection, scope: Scope, id: UUID) -> list[Listed]:
    """Where a recommendation comes from, as far back as the reader may see: the first one first,
    the one asked for last."""
    visible = visible_recommendations(scope)
    found: list[Listed] = []
    wanted: UUID | None = id
    while wanted is not None:
        one = recommendation_lists.by_ids(connection, visible, [wanted])
        if not one or one[0] in found:
            break
        found.insert(0, one[0])
        wanted = one[0].predecessor_id
    return found


def prefill(connection: Connection, id: UUID) -> dict[str, Any]:
    """What the form `register` begins with: the draft as it stands, by field key."""
    case = recommendation_rows.find(connection, id)
    if case is None:
        return {}
    roles = recommendation_rows.institutions_of(connection, id)
    listed = {role: [code for code, one in roles.items() if one == role] for role in ROLES}
    names = (
        "title", "text", "expected_outcome", "source_meeting", "source_date", "legal_basis",
        "rpjmn_reference", "priority", "classification", "cycle", "rollup_rule", "rollup_percent",
    )  # fmt: skip
    values = {name: _plain(getattr(case, name)) for name in names} | listed
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def propose(service: Service, scope: Scope, *, id: UUID | None = None) -> UUID:
    """Begin a recommendation: its draft, and its process, whose first task is to register it.

    With the id of a draft whose process never started (the machine failed in between) it is
    started now; repeating does nothing. Raises `NotFound` for an id that is not there.
    """
    may(scope, "start_recommendation")
    if id is None:
        id = uuid7()
        with service.transaction() as connection:
            now = service.engine.now_on(connection)
            recommendation_rows.insert_draft(connection, id, uuid7(), scope.username, now)
    with service.reading() as connection:
        case, _ = readable(connection, scope, id)
    service.engine.start("recommendation", {}, str(id), scope.username, id=case.instance_id)
    return id


def propose_withdrawal(service: Service, scope: Scope, id: UUID, reason: str) -> None:
    """Propose to take a recommendation back. Raises `Conflict` while a proposal waits, `BadInput`
    with the field `reason`."""
    with service.reading() as connection:
        case, _ = readable(connection, scope, id, "propose_withdrawal")
        pending = newest(
            connection,
            decision,
            decision.c.recommendation_id,
            id,
            kind="withdrawal",
            approved=None,
        )
    if pending is not None:
        raise Conflict(say("An earlier proposal has not been decided yet."))
    if not reason.strip():
        sentence = say("Please fill in this field.")
        raise BadInput(sentence, {"reason": sentence})
    payload = {"reason": reason.strip()}
    service.engine.deliver("withdrawal_proposed", str(id), payload, wait=False, by=scope.username)

    def write(connection: Connection, at: datetime) -> None:
        add(
            connection,
            decision,
            recommendation_id=id,
            kind="withdrawal",
            proposed_reason=reason.strip(),
            proposed_at=at,
            proposed_by=scope.username,
        )

    service.engine.note(case.instance_id, "withdrawal_proposed", scope.username, {}, write)
