"""Statements for human tasks, unscoped: code above the engine decides who may read the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, tuple_, update

from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from engine.storage.tables import task, task_candidate

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The place of a task without a deadline in a list sorted by due date."""


@dataclass(frozen=True, slots=True)
class Task:
    """A human task as its row says. Times are aware UTC; `ended_by` and `ended_at` once ended.
    `passed_by` and `passed_reason`: who gave it to its assignee, or back to everybody, and why;
    None where the assignee took it."""

    id: UUID
    instance_id: UUID
    definition_id: UUID
    process_key: str
    business_key: str | None
    element_id: str
    name: str
    status: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    form_ref: str | None
    priority: int
    round: int
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    held_since: datetime
    passed_by: str | None
    passed_reason: str | None
    repairing: bool
    ended_at: datetime | None
    ended_by: str | None


COLUMNS = tuple(task.c[name] for name in Task.__dataclass_fields__)
_by_id = Hot(select(*COLUMNS).where(task.c.id == bindparam("id", type_=ID)))


def by_id(connection: Connection, task_id: UUID) -> Task | None:
    """One task."""
    row = _by_id.one(connection, {"id": task_id})
    return None if row is None else Task(*row)


def get(connection: Connection, task_id: UUID) -> Task:
    """One task. Raises NotFound."""
    found = by_id(connection, task_id)
    if found is None:
        raise NotFound(say("There is no such task."))
    return found


def is_open(connection: Connection, task_id: UUID) -> bool:
    """Whether a task is open; asked under the lock of its instance."""
    return connection.scalar(select(task.c.status).where(task.c.id == task_id)) == "open"


def ended(connection: Connection, task_id: UUID) -> Exception:
    """The error for an act on a task that is not open; it names who was faster, and when."""
    found = get(connection, task_id)
    if found.status == "completed":
        return Conflict(
            say("This task was already completed by {who}.", who=found.ended_by or "-"),
            who=found.ended_by,
            when=found.ended_at,
        )
    return Conflict(say("This task is no longer needed."), when=found.ended_at)


def of_instance(connection: Connection, instance_id: UUID, *, only_open: bool) -> list[Task]:
    """The tasks of a case, oldest first."""
    wanted = select(*COLUMNS).where(task.c.instance_id == instance_id).order_by(task.c.id)
    if only_open:
        wanted = wanted.where(task.c.status == "open")
    return [Task(*row) for row in connection.execute(wanted)]


def open_for(
    connection: Connection,
    principals: Iterable[str],
    limit: int,
    after: tuple[datetime, UUID] | None = None,
) -> list[Task]:
    """Open tasks on which any of the principals may act, by due date; `after` is the last one of
    the previous page."""
    who = sorted(set(principals))
    mine = select(task_candidate.c.sort_at, task_candidate.c.task_id).where(
        task_candidate.c.principal.in_(who)
    )
    if after is not None:
        mine = mine.where(tuple_(task_candidate.c.sort_at, task_candidate.c.task_id) > after)
    mine = mine.distinct().order_by(task_candidate.c.sort_at, task_candidate.c.task_id).limit(limit)
    page = mine.subquery()
    wanted = (
        select(*COLUMNS)
        .join(page, page.c.task_id == task.c.id)
        .order_by(page.c.sort_at, page.c.task_id)
    )
    return [Task(*row) for row in connection.execute(wanted)]


def all_open(
    connection: Connection, limit: int, after: UUID | None = None, *, only_open: bool = True
) -> list[Task]:
    """Tasks of the whole engine by id: for an API user who may read every case."""
    wanted: Select[Any] = select(*COLUMNS).order_by(task.c.id).limit(limit)
    if only_open:
        wanted = wanted.where(task.c.status == "open")
    if after is not None:
        wanted = wanted.where(task.c.id > after)
    return [Task(*row) for row in connection.execute(wanted)]


def position(found: Task) -> tuple[datetime, UUID]:
    """The place of a task in a list by due date: the `after` of the next page."""
    return (found.due_at or NEVER, found.id)


def candidate_rows(
    task_id: UUID, due_at: datetime | None, principals: Iterable[str]
) -> list[dict[str, Any]]:
    """Rows of `task_candidate` for an open task."""
    return [
        {"task_id": task_id, "principal": principal, "sort_at": due_at or NEVER}
        for principal in principals
    ]


def principals(assignee: str | None, users: Iterable[str], groups: Iterable[str]) -> list[str]:
    """The people who may act now: the assignee alone, else every candidate."""
    if assignee is not None:
        return [f"user:{assignee}"]
    return sorted({*(f"user:{user}" for user in users), *(f"group:{group}" for group in groups)})


def hand_over(
    connection: Connection,
    found: Task,
    assignee: str | None,
    now: datetime,
    passed: tuple[str, str] | None = None,
) -> None:
    """Give an open task to one person, or back to its candidates; the old holder loses it.
    `passed`: who gives it, and why."""
    by, reason = passed or (None, None)
    holding = {"assignee": assignee, "held_since": now}
    why = {"passed_by": by, "passed_reason": reason or None}
    connection.execute(update(task).where(task.c.id == found.id).values(**holding, **why))
    connection.execute(delete(task_candidate).where(task_candidate.c.task_id == found.id))
    who = principals(assignee, found.candidate_users, found.candidate_groups)
    rows: list[Mapping[str, Any]] = list(candidate_rows(found.id, found.due_at, who))
    if rows:
        connection.execute(insert(task_candidate), rows)


def offer(
    connection: Connection,
    found: Task,
    groups: Sequence[str],
    now: datetime,
    passed: tuple[str, str],
) -> None:
    """Offer an open task to other groups, and to nobody in particular. `passed`: as of
    `hand_over`."""
    offered = replace(found, candidate_groups=list(groups))
    changed = update(task).where(task.c.id == found.id).values(candidate_groups=list(groups))
    connection.execute(changed)
    hand_over(connection, offered, None, now, passed)


def mark_repairing(connection: Connection, task_id: UUID, repairing: bool) -> None:
    """Mark a task whose completion waits for a repair: it accepts no other completion."""
    connection.execute(update(task).where(task.c.id == task_id).values(repairing=repairing))
