"""Ending escalations: a task or case that has moved on has no present escalation.

Owns the writing of `escalation`. `processes.storage.work.board` reads it for readers.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, update

from processes.storage.tables.notices import escalation


def supersede(connection: Connection, task_id: UUID, now: datetime) -> None:
    """End the task's present escalation, because the next one follows."""
    connection.execute(
        update(escalation)
        .where(escalation.c.task_id == task_id, escalation.c.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_of_instance(connection: Connection, instance_id: UUID, now: datetime) -> None:
    """End the escalations of a case that has ended."""
    connection.execute(
        update(escalation)
        .where(escalation.c.instance_id == instance_id, escalation.c.ended_at.is_(None))
        .values(ended_at=now)
    )
