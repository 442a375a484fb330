"""Ending escalations: nothing of a task or case that has moved on stands any more.

Owns the writing of `escalation`. What is shown of them to whom is asked
in `processes.storage.work.board`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, update

from processes.storage.tables.notices import escalation


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
