"""Subscriptions and the messages that wait for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from uuid_utils.compat import uuid7

from engine.storage.hot import Hot
from engine.storage.jobs import job_row
from engine.storage.tables import instance, message, subscription
from engine.storage.types import ID

_oldest = Hot(
    select(message.c.id, message.c.payload, message.c.by)
    .where(
        message.c.name == bindparam("name"),
        message.c.key == bindparam("key"),
        message.c.dropped_at.is_(None),
    )
    .order_by(message.c.id)
    .limit(1)
)
_take = Hot(delete(message).where(message.c.id == bindparam("id", type_=ID)))


def due_for(
    connection: Connection, now: datetime, opened: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Jobs that deliver the oldest waiting message to each subscription that opens.

    The caller holds the lock of the instance that subscribes: a message that arrives at the same
    moment is stored under that lock too, so neither can miss the other.
    """
    jobs = []
    for row in opened:
        found = _oldest.one(connection, {"name": row["message"], "key": row["key"]})
        if found is None:
            continue
        _take.run(connection, {"id": found[0]})
        content = {
            "message": row["message"], "key": row["key"], "payload": found[1], "by": found[2],
        }  # fmt: skip
        jobs.append(job_row("message", now, content))
    return jobs


def subscribers(connection: Connection, name: str, key: str) -> list[UUID]:
    """The instances that wait for this message under this key."""
    wanted = select(subscription.c.instance_id).where(
        subscription.c.message == name, subscription.c.key == key
    )
    return list(connection.scalars(wanted))


def running_with_key(connection: Connection, key: str) -> UUID | None:
    """An active instance whose business key this is."""
    return connection.scalars(
        select(instance.c.id)
        .where(instance.c.business_key == key, instance.c.status == "active")
        .limit(1)
    ).first()


def keep(
    connection: Connection,
    content: Mapping[str, Any],
    now: datetime,
    *,
    dropped: bool,
) -> None:
    """Store a message nobody takes now: waiting, or dropped for good but on record."""
    row = {
        "id": uuid7(),
        "name": content["message"],
        "key": content["key"],
        "payload": content["payload"],
        "by": content["by"],
        "at": now,
        "dropped_at": now if dropped else None,
    }
    connection.execute(insert(message), row)


def drop_waiting(connection: Connection, key: str, now: datetime) -> None:
    """The instance of this business key ended: nobody will take what still waits for it."""
    connection.execute(
        update(message)
        .where(message.c.key == key, message.c.dropped_at.is_(None))
        .values(dropped_at=now)
    )
