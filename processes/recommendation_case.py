"""One recommendation in full: its facts, positions, comments, chain and open tasks.

Owns putting together what a reader may see of it. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.storage import instances
from engine.words import say
from processes.access import Scope, allows
from processes.inbox import relations_of
from processes.recommendations import Row, readable, rows_of
from processes.service import Service
from processes.statements import Spoken, said
from processes.states import DecisionKind
from processes.storage import (
    institutions,
    recommendation_detail,
    recommendation_lists,
    recommendation_rows,
    task_rows,
)
from processes.storage.follow_up_detail import Decision
from processes.storage.recommendation_detail import (
    Comment,
    Compilation,
    Meeting,
    OverallEvaluation,
)
from processes.storage.recommendation_lists import Listed
from processes.storage.recommendation_rows import Recommendation
from processes.storage.task_rows import OpenTask
from processes.visibility import visible_recommendations


@dataclass(frozen=True, slots=True)
class Detail:
    """One recommendation. `institutions`: code -> role of whom it is addressed to; `names`: code ->
    short name; `relations`: how the reader stands to it, for `allows`; `mine`: the open task the
    reader may complete; `statements`: what was said about the positions the reader may see."""

    case: Recommendation
    institutions: Mapping[str, str]
    names: Mapping[str, str]
    relations: frozenset[str]
    tasks: Sequence[OpenTask]
    mine: OpenTask | None
    row: Row
    statements: Sequence[Spoken]
    comments: Sequence[Comment]
    decisions: Sequence[Decision]
    meetings: Sequence[Meeting]
    evaluations: Sequence[OverallEvaluation]
    compilations: Sequence[Compilation]
    predecessor: Listed | None
    successors: Sequence[Listed]

    @property
    def text(self) -> str:
        """What is recommended: the final text, else the draft."""
        return self.case.final_text or self.case.text

    @property
    def spoken_by(self) -> Mapping[UUID, str]:
        """Follow-up id -> short name of its institution."""
        return {one.id: one.short_name for one in self.row.cells}

    @property
    def pending_withdrawal(self) -> Decision | None:
        """The proposal to take it back that waits for a decision."""
        return next((one for one in self.decisions if one.approved is None), None)

    @property
    def refusal(self) -> Decision | None:
        """The supervisor's no that the coordinator has to answer with a new text."""
        asked = [one for one in self.decisions if one.kind is DecisionKind.ISSUE]
        return asked[-1] if asked and asked[-1].approved is False else None


def detail(connection: Connection, scope: Scope, id: UUID, now: datetime) -> Detail:
    """One recommendation; an institution sees its own position, task and comment only. Raises
    `NotFound`."""
    case, relations = readable(connection, scope, id)
    visible = visible_recommendations(scope)
    listed = recommendation_lists.by_ids(connection, visible, [id])
    if not listed:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    predecessor = recommendation_lists.by_ids(
        connection, visible, [case.predecessor_id] if case.predecessor_id else []
    )
    addressed = recommendation_rows.institutions_of(connection, id)
    tasks = _tasks(connection, scope, case)
    row = rows_of(connection, scope, listed, now)[0]
    comments = recommendation_detail.comments(connection, id)
    decisions = recommendation_detail.decisions(connection, id)
    return Detail(
        case=case,
        institutions=addressed,
        names=institutions.short_names(connection, set(addressed)),
        relations=relations,
        tasks=tasks,
        mine=_mine(scope, tasks),
        row=row,
        statements=said(connection, [one.id for one in row.cells]),
        comments=[
            one for one in comments if scope.oversees or one.institution in scope.institutions
        ],
        decisions=[one for one in decisions if _may_see(scope, one)],
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


def _may_see(scope: Scope, one: Decision) -> bool:
    """What the ministry proposes and approves within itself is its own business."""
    if one.kind is DecisionKind.NOT_FEASIBLE:
        return False
    return scope.oversees or (one.kind is DecisionKind.WITHDRAWAL and bool(one.approved))


def _mine(scope: Scope, tasks: Sequence[OpenTask]) -> OpenTask | None:
    able = (
        one
        for one in tasks
        if not one.repairing and allows(scope, "complete_task", relations_of(scope, one))
    )
    return next(able, None)


def element_names(service: Service, scope: Scope, id: UUID) -> dict[str, str]:
    """Element id -> its name on the drawing of the version this case runs on. Raises `NotFound`."""
    with service.reading() as connection:
        case, _ = readable(connection, scope, id)
        definition_id = instances.get(connection, case.instance_id).definition_id
    elements = service.engine.program(definition_id).elements
    return {id: element.name for id, element in elements.items()}


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
