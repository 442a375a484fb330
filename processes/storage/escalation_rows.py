"""Questions about escalations that handlers ask, and the rows they write.

Owns `escalation` and the reading of the task it is about. What is shown of them to whom is asked
in `processes.storage.board`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from engine.storage.tables import task
from processes.storage.notices import escalation


@dataclass(frozen=True, slots=True)
class LateTask:
    """The human task an escalation is about; it may have ended meanwhile."""

    id: UUID
    element_id: str
    name: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    due_at: datetime | None
    held_since: datetime


_LATE = [task.c[name] for name in LateTask.__slots__]


def late_task(connection: Connection, task_id: UUID, instance_id: UUID) -> LateTask | None:
    """The task with this id, if it belongs to that instance."""
    mine = (task.c.id == task_id) & (task.c.instance_id == instance_id)
    row = connection.execute(select(*_LATE).where(mine)).one_or_none()
    return None if row is None else LateTask(*row)


def supersede(connection: Connection, task_id: UUID, now: datetime) -> None:
    """The task's standing escalation gives way to the next one."""
    connection.execute(
        update(escalation)
        .where(escalation.c.task_id == task_id, escalation.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_of_instance(connection: Connection, instance_id: UUID, now: datetime) -> None:
    """The case has ended, so nothing of it stands any more."""
    connection.execute(
        update(escalation)
        .where(escalation.c.instance_id == instance_id, escalation.c.ended_at.is_(None))
        .values(ended_at=now)
    )
