"""The tasks that a digest tells of.

Owns the SQL on `mail_task`. Knows neither the texts of digests nor who gets one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.records.states import TaskStatus
from engine.storage.tables import task
from processes.register.vocabulary import TaskNews
from processes.storage.tables.notices import mail_task
from processes.storage.upsert import insert_once


@dataclass(frozen=True, slots=True)
class DigestTask:
    """The news of one task in a digest. `was_due`: of a deadline that moved. A task of a process of
    an owner's own belongs to no recommendation."""

    task_id: UUID
    news: TaskNews
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    meeting_id: UUID | None = None
    was_due: datetime | None = None
    given_by: str = ""
    given_to: str = ""
    agreement_id: UUID | None = None


COLUMNS = [mail_task.c[name] for name in DigestTask.__slots__]


def add(connection: Connection, mail_id: UUID, new: DigestTask) -> None:
    """Add a task to a digest. The same news of a task is told once: a second move of a deadline
    leaves the one before the first."""
    values = {name: getattr(new, name) for name in DigestTask.__slots__}
    insert_once(connection, mail_task, {"mail_id": mail_id, **values})


@dataclass(frozen=True, slots=True)
class StandingTask:
    """The news of a task that is still open, with its present deadline."""

    told: DigestTask
    name: str
    due_at: datetime | None
    instance_id: UUID
    process_key: str


def standing(connection: Connection, mail_id: UUID) -> Sequence[StandingTask]:
    """The news of a digest about tasks that are still open, in the order of their deadlines."""
    rows = connection.execute(
        select(*COLUMNS, task.c.name, task.c.due_at, task.c.instance_id, task.c.process_key)
        .join(task, task.c.id == mail_task.c.task_id)
        .where(mail_task.c.mail_id == mail_id, task.c.status == TaskStatus.OPEN)
        .order_by(task.c.due_at, task.c.id, mail_task.c.news)
    )
    return [StandingTask(DigestTask(*row[:-4]), *row[-4:]) for row in rows]
