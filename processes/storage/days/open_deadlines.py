"""The open deadlines that count by one calendar.

Owns the one statement across the engine's tasks and the register. Must not know how days are
counted, or which deadlines count in working days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, null, select

from engine.records.states import TaskStatus
from engine.storage.tables import task
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """An open task. `institution_code` None: a task of a recommendation itself, or of no case."""

    task_id: UUID
    instance_id: UUID
    definition_id: UUID
    business_key: str | None
    element_id: str
    name: str
    institution_code: str | None
    created_at: datetime
    due_at: datetime


_TASK = (
    task.c.id,
    task.c.instance_id,
    task.c.definition_id,
    task.c.business_key,
    task.c.element_id,
    task.c.name,
)


def open_deadlines(
    connection: Connection, calendar_code: str, *, also_of_nobody: bool, after: datetime
) -> list[OpenDeadline]:
    """Open tasks due after `after` in follow-ups of the institutions with this calendar, and if
    asked those of no institution: of recommendations, and of processes without cases. By due
    time."""
    due = (task.c.status == TaskStatus.OPEN) & (task.c.due_at > after)
    of_follow_ups = (
        select(*_TASK, follow_up.c.institution, task.c.created_at, task.c.due_at)
        .join(follow_up, follow_up.c.instance_id == task.c.instance_id)
        .join(institution, institution.c.code == follow_up.c.institution)
        .where(due, institution.c.calendar_code == calendar_code)
    )
    of_nobody = (
        select(*_TASK, null().label("institution"), task.c.created_at, task.c.due_at)
        .outerjoin(follow_up, follow_up.c.instance_id == task.c.instance_id)
        .where(due, follow_up.c.id.is_(None))
    )
    found = list(connection.execute(of_follow_ups))
    if also_of_nobody:
        found += connection.execute(of_nobody)
    return sorted((OpenDeadline(*row) for row in found), key=lambda deadline: deadline.due_at)
