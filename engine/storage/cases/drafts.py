"""Drafts of answers to human tasks, and what they held before: outside steps and history.

The last save wins. What it replaces is kept for a while where the caller asks for that. What was
typed for a task that its process took away counts for the next task of the same element: the same
is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy import delete as sql_delete

from engine.records.states import InstanceStatus, TaskStatus
from engine.storage.database.hot import Hot
from engine.storage.tables import instance, task, task_draft, task_draft_past

FINISHED: Final = timedelta(days=366)
PAST: Final = 10
"""So many replaced texts of one person are kept for a task."""
DRAFT: Final = (task_draft.c.data, task_draft.c.version, task_draft.c.saved_at)


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers that a person has typed so far. `version` counts the saves: a gap shows a save
    from another tab."""

    data: Mapping[str, Any]
    version: int
    saved_at: datetime


def load(connection: Connection, task_id: UUID, owner: str) -> Draft | None:
    """The draft of a person for a task, if need be that for the task before it."""
    row = _newest.one(connection, {"for_task": task_id, "of_owner": owner})
    return None if row is None else Draft(*row)


def _own(connection: Connection, task_id: UUID, owner: str) -> Draft | None:
    return _read(connection, _of(task_draft, task_id, owner))


def _draft() -> Select[Any]:
    """The draft for the task, before that for the task before of this element, if its process took
    that one away."""
    again, before = task.alias("again"), task.alias("before")
    same = (before.c.instance_id == again.c.instance_id) & (
        before.c.element_id == again.c.element_id
    )
    earlier = (
        select(before.c.id)
        .join(again, same)
        .where(again.c.id == bindparam("for_task"), before.c.created_at < again.c.created_at)
        .order_by(before.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    taken = exists().where(task.c.id == task_draft.c.task_id, task.c.status == TaskStatus.CANCELLED)
    mine = task_draft.c.owner == bindparam("of_owner")
    here = task_draft.c.task_id == bindparam("for_task")
    behind = (task_draft.c.task_id == earlier) & taken
    return select(*DRAFT).where(mine, here | behind).order_by(here.desc()).limit(1)


def _read(connection: Connection, clause: ColumnElement[bool]) -> Draft | None:
    row = connection.execute(select(*DRAFT).where(clause)).first()
    return None if row is None else Draft(*row)


_newest = Hot(_draft())


def save(
    connection: Connection,
    task_id: UUID,
    owner: str,
    data: Mapping[str, Any],
    now: datetime,
    *,
    aside: bool = False,
) -> Draft:
    """Store the newest text; returns it with its version. `aside`: keep what it replaces."""
    before = _own(connection, task_id, owner)
    version = before or load(connection, task_id, owner)
    draft = Draft(dict(data), version.version + 1 if version else 1, now)
    values = {"data": draft.data, "version": draft.version, "saved_at": now}
    if before is None:
        key = {"task_id": task_id, "owner": owner}
        connection.execute(insert(task_draft), {**key, **values})
        return draft
    if aside:
        _put_aside(connection, task_id, owner, before)
    mine = _of(task_draft, task_id, owner)
    connection.execute(update(task_draft).where(mine).values(**values))
    return draft


def past(connection: Connection, task_id: UUID, owner: str) -> list[Draft]:
    """What the draft held before something else was saved over it, newest first."""
    kept = task_draft_past.c
    rows = connection.execute(
        select(kept.data, kept.version, kept.saved_at)
        .where(_of(task_draft_past, task_id, owner))
        .order_by(kept.version.desc())
    )
    return [Draft(*row) for row in rows]


def delete_ended(connection: Connection, now: datetime) -> int:
    """Remove the drafts of tasks that have ended, but what somebody has completed a task with stays
    `FINISHED` for them to read, and what a running case took away may be asked again; returns how
    many."""
    over = instance.c.status.in_((InstanceStatus.COMPLETED, InstanceStatus.WITHDRAWN))
    gone = (task.c.status == TaskStatus.COMPLETED) | exists().where(
        instance.c.id == task.c.instance_id, over
    )
    ended = select(task.c.id).where(task.c.status != TaskStatus.OPEN, gone)
    connection.execute(sql_delete(task_draft_past).where(task_draft_past.c.task_id.in_(ended)))
    theirs = (task.c.ended_by == task_draft.c.owner) & (task.c.ended_at > now - FINISHED)
    sent = select(task.c.id).where(task.c.id == task_draft.c.task_id, theirs).exists()
    unread = sql_delete(task_draft).where(task_draft.c.task_id.in_(ended), ~sent)
    return connection.execute(unread).rowcount


def _put_aside(connection: Connection, task_id: UUID, owner: str, before: Draft) -> None:
    key = {"task_id": task_id, "owner": owner, "version": before.version}
    values = {"data": dict(before.data), "saved_at": before.saved_at}
    connection.execute(insert(task_draft_past), {**key, **values})
    kept = task_draft_past.c.version
    mine = _of(task_draft_past, task_id, owner)
    newest = select(kept).where(mine).order_by(kept.desc()).limit(PAST)
    connection.execute(sql_delete(task_draft_past).where(mine, kept.not_in(newest)))


def _of(table: Table, task_id: UUID, owner: str) -> ColumnElement[bool]:
    return (table.c.task_id == task_id) & (table.c.owner == owner)
