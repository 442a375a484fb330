"""Drafts of answers to human tasks: outside steps and history, last write wins with a warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy import delete as sql_delete

from engine.storage.tables import task, task_draft


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed so far. `version` counts the saves: another tab shows as a gap."""

    data: Mapping[str, Any]
    version: int
    saved_at: datetime


def load(connection: Connection, task_id: UUID, owner: str) -> Draft | None:
    """The draft of a person for a task."""
    row = connection.execute(
        select(task_draft.c.data, task_draft.c.version, task_draft.c.saved_at).where(
            task_draft.c.task_id == task_id, task_draft.c.owner == owner
        )
    ).first()
    return None if row is None else Draft(*row)


def save(
    connection: Connection, task_id: UUID, owner: str, data: Mapping[str, Any], now: datetime
) -> Draft:
    """Store the newest text; returns it with its version."""
    before = load(connection, task_id, owner)
    draft = Draft(dict(data), before.version + 1 if before else 1, now)
    values = {"data": draft.data, "version": draft.version, "saved_at": now}
    if before is None:
        key = {"task_id": task_id, "owner": owner}
        connection.execute(insert(task_draft), {**key, **values})
    else:
        mine = (task_draft.c.task_id == task_id) & (task_draft.c.owner == owner)
        connection.execute(update(task_draft).where(mine).values(**values))
    return draft


def delete_ended(connection: Connection) -> int:
    """Remove the drafts of tasks that have ended; returns how many."""
    ended = select(task.c.id).where(task.c.status != "open")
    gone = connection.execute(sql_delete(task_draft).where(task_draft.c.task_id.in_(ended)))
    return gone.rowcount
