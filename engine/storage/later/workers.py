"""The `worker` table: which external workers have asked for which topics, and when last."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.storage.tables import worker as table

KEPT_FOR = timedelta(days=30)
"""A worker that has not asked for so long is forgotten."""


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker that has asked for a topic under the account `by`; `seen_at` is the database's
    time."""

    worker: str
    topic: str
    by: str | None
    seen_at: datetime


def hear(
    connection: Connection, worker: str, topics: Collection[str], by: str | None, now: datetime
) -> None:
    """Record that the worker has asked for these topics."""
    if not topics:
        return
    insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    row = insert(table)
    values = [
        {"worker": worker, "topic": topic, "by": by, "seen_at": now} for topic in sorted(topics)
    ]
    heard = {"by": row.excluded.by, "seen_at": row.excluded.seen_at}
    connection.execute(
        row.on_conflict_do_update(index_elements=[table.c.worker, table.c.topic], set_=heard),
        values,
    )


def topics(connection: Connection) -> frozenset[str]:
    """Every topic that a remembered worker has asked for."""
    return frozenset(connection.scalars(select(table.c.topic).distinct()))


def unheard(
    connection: Connection, topics: Collection[str], since: datetime | None = None
) -> frozenset[str]:
    """Those of the topics that no worker has asked for since then, or ever."""
    question = select(table.c.topic).distinct().where(table.c.topic.in_(topics))
    if since is not None:
        question = question.where(table.c.seen_at >= since)
    return frozenset(topics) - frozenset(connection.scalars(question))


def forget(connection: Connection, now: datetime) -> None:
    """Delete workers that have not asked for long."""
    connection.execute(delete(table).where(table.c.seen_at < now - KEPT_FOR))
