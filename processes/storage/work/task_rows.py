"""Open human tasks together with the case they belong to.

Owns the join of the engine's `task` with the register, for every list of work: inbox, holder of a
case, board. Callers pass the clause of visible rows; nothing here decides about rights.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    or_,
    select,
)

from engine.records.states import TaskStatus
from engine.storage.tables import task, task_candidate
from processes.ground.paging import Cursor
from processes.register.vocabulary import Classification
from processes.storage.keyset import along, beyond
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation

SIDE_TASKS = ("decide_extension",)
"""Tasks beside the work: they never tell where a follow-up stands or who has it."""

whole = recommendation.alias("whole")
"""The recommendation a task is about itself."""
parent = recommendation.alias("parent")
"""The recommendation of the follow-up a task is about."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task and its case; without a case (an instance of another model) the latter half is
    None. `sort_at` is where it stands in a list by due date."""

    id: UUID
    instance_id: UUID
    process_key: str
    element_id: str
    name: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    created_at: datetime
    due_at: datetime | None
    held_since: datetime
    round: int
    repairing: bool
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    number: str | None
    title: str | None
    classification: Classification | None
    institution: str | None
    institution_name: str | None


_TASK = [task.c[name] for name in list(OpenTask.__slots__)[:13]]
COLUMNS: Sequence[ColumnElement[Any]] = [
    *_TASK,
    func.coalesce(parent.c.id, whole.c.id, type_=recommendation.c.id.type).label("recommendation"),
    follow_up.c.id.label("follow_up_id"),
    func.coalesce(parent.c.number, whole.c.number).label("number"),
    func.coalesce(parent.c.title, whole.c.title).label("title"),
    func.coalesce(parent.c.classification, whole.c.classification).label("classification"),
    follow_up.c.institution,
    institution.c.short_name,
]


def with_case(source: FromClause) -> FromClause:
    """`task` joined to the case it belongs to, if it belongs to one."""
    return (
        source.outerjoin(follow_up, follow_up.c.instance_id == task.c.instance_id)
        .outerjoin(institution, institution.c.code == follow_up.c.institution)
        .outerjoin(parent, parent.c.id == follow_up.c.recommendation_id)
        .outerjoin(whole, whole.c.instance_id == task.c.instance_id)
    )


def held(
    connection: Connection,
    principals: Collection[str],
    visible: ColumnElement[bool],
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
) -> list[OpenTask]:
    """Open tasks that any of the principals may complete, by due date, each once."""
    mine = select(task_candidate.c.sort_at, task_candidate.c.task_id).where(
        task_candidate.c.principal.in_(sorted(principals)),
        beyond((task_candidate.c.sort_at, task_candidate.c.task_id), at),
    )
    offered = mine.distinct().subquery()
    question = (
        select(*COLUMNS)
        .select_from(with_case(task.join(offered, offered.c.task_id == task.c.id)))
        .where(visible)
        .order_by(*along((offered.c.sort_at, offered.c.task_id), at))
        .limit(limit)
    )
    return _read(connection, question)


def assigned_to_others(
    connection: Connection,
    username: str,
    groups: Collection[str],
    visible: ColumnElement[bool],
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
) -> list[OpenTask]:
    """Open tasks offered to one of the groups that somebody else has taken, by due date."""
    clause = and_(task.c.assignee.is_not(None), task.c.assignee != username, offered_to(groups))
    return _by_due(connection, and_(clause, visible), at, limit)


def of_cases(
    connection: Connection,
    not_by: tuple[str, Collection[str]],
    visible: ColumnElement[bool],
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
) -> list[OpenTask]:
    """Open tasks of visible cases that wait for others. `not_by`: (user, groups) asking."""
    username, groups = not_by
    others = and_(or_(task.c.assignee.is_(None), task.c.assignee != username))
    clause = and_(others, ~offered_to(groups))
    return _by_due(connection, and_(clause, visible), at, limit)


def offered_to(groups: Collection[str]) -> ColumnElement[bool]:
    """Whether a task was offered to one of these groups, taken or not. `candidate_groups` is a
    JSON list of words without quotes in them, so its text can be searched in both databases."""
    listed = cast(task.c.candidate_groups, Text)
    return or_(false(), *(listed.like(f'%"{group}"%') for group in sorted(groups)))


def of_instances(connection: Connection, instance_ids: Collection[UUID]) -> list[OpenTask]:
    """The open tasks of these instances, side tasks last, then oldest first."""
    question = (
        select(*COLUMNS)
        .select_from(with_case(task))
        .where(task.c.instance_id.in_(list(instance_ids)), task.c.status == TaskStatus.OPEN)
        .order_by(task.c.element_id.in_(SIDE_TASKS), task.c.id)
    )
    return _read(connection, question)


_BY_DUE = (task.c.due_at, task.c.id)


def _by_due(
    connection: Connection,
    clause: ColumnElement[bool],
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
) -> list[OpenTask]:
    # Tasks of cases all have a deadline; without the constant the partial index is not used.
    question = (
        select(*COLUMNS)
        .select_from(with_case(task))
        .where(
            task.c.status == TaskStatus.OPEN,
            task.c.due_at.is_not(None),
            clause,
            beyond(_BY_DUE, at),
        )
        .order_by(*along(_BY_DUE, at))
        .limit(limit)
    )
    return _read(connection, question)


def _read(connection: Connection, question: Select[Any]) -> list[OpenTask]:
    return [OpenTask(*row) for row in connection.execute(question)]
