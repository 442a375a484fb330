"""Subscriptions, and the messages kept for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, delete, exists, insert, not_, or_, select, update
from uuid_utils.compat import uuid7

from engine.ports.cases import Identity
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from engine.storage.tables import event, instance, job, message, subscription

KEPT: Final = UUID("3a7b0f52-9d0e-5f43-8c1c-7e1f6c0d2b94")
"""Namespace of the ids of messages that were kept under a request id."""

_oldest = Hot(
    select(message.c.id, message.c.payload, message.c.by, message.c.at)
    .where(
        message.c.name == bindparam("name"),
        message.c.key == bindparam("key"),
        message.c.dropped_at.is_(None),
    )
    .order_by(message.c.at, message.c.id)
    .limit(1)
)
_take = Hot(delete(message).where(message.c.id == bindparam("id", type_=ID)))


_hold = "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number"


def hold(connection: Connection, awaited: Iterable[tuple[str, str]]) -> None:
    """Until this transaction ends no other transaction keeps a message, or begins to wait for one,
    under these (message, key). Without this hold the two could miss each other, since neither reads
    the other's uncommitted rows. SQLite has one writer at a time anyway.

    The hold follows the lock of an instance; under it no instance is waited for."""
    if connection.dialect.name == "postgresql":
        numbers = sorted({_number(*one) for one in awaited})
        connection.exec_driver_sql(_hold, (numbers,))


def _number(message: str, key: str) -> int:
    digest = sha256(f"{message}\0{key}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Waited:
    """A kept message, and the subscription that takes it."""

    id: UUID
    payload: dict[str, Any]
    by: str | None
    at: datetime
    subscription: Mapping[str, Any]


def take_waiting(
    connection: Connection, opened: Iterable[Mapping[str, Any]], takes: Callable[[str], bool]
) -> list[Waited]:
    """The oldest kept message for each subscription that opens, removed from the table, if the
    subscriber `takes` messages under its key.

    A message that arrives at the same moment is either kept before this query, or finds the new
    subscription.
    """
    taken, opened = [], [*opened]
    if opened:
        hold(connection, [(row["message"], row["key"]) for row in opened])
    for row in opened:  # the first subscription gets the first message
        found = _oldest.one(connection, {"name": row["message"], "key": row["key"]})
        if found is None or not takes(row["key"]):
            continue
        _take.run(connection, {"id": found[0]})
        id, payload, by, at = found
        taken.append(Waited(id, payload, by, at, row))
    return taken


def subscribers(
    connection: Connection, name: str, key: str, token: UUID | None = None
) -> list[Identity]:
    """The instances that wait for this message under this key, each once; with a token only its
    instance."""
    found = listeners(connection, name, key)
    return [*dict.fromkeys(one for one, waiting in found if token in (None, waiting))]


def listeners(connection: Connection, name: str, key: str) -> list[tuple[Identity, UUID]]:
    """(instance, token) of all waits for this name under this key, by token."""
    wanted = (
        select(instance.c.id, instance.c.key, instance.c.business_key, subscription.c.token)
        .join(instance, instance.c.id == subscription.c.instance_id)
        .where(subscription.c.message == name, subscription.c.key == key)
        .order_by(subscription.c.token)
    )
    return [(Identity(*row[:3]), row[3]) for row in connection.execute(wanted)]


def running_with_key(
    connection: Connection, key: str, process_key: str | None = None
) -> UUID | None:
    """An active instance with this business key, of one process or of any."""
    wanted = select(instance.c.id).where(
        instance.c.business_key == key, instance.c.status == "active"
    )
    if process_key is not None:
        wanted = wanted.where(instance.c.key == process_key)
    return connection.scalars(wanted.limit(1)).first()


def received(connection: Connection, key: str | None, request_id: str) -> bool:
    """Whether the message of this request has already arrived: delivered to the instance of this
    business key (None: to any), kept, or about to be delivered."""
    kept = uuid5(KEPT, request_id)
    delivered = (
        select(event.c.seq)
        .join(instance, instance.c.id == event.c.instance_id)
        .where(event.c.request_id.in_([request_id, str(kept)]))
    )
    if key is not None:
        delivered = delivered.where(instance.c.business_key == key)
    waiting = select(message.c.id).where(message.c.id == kept)
    on_its_way = select(job.c.id).where(job.c.id == kept)
    found = select(or_(exists(delivered), exists(waiting), exists(on_its_way)))
    return bool(connection.scalar(found))


def keep(
    connection: Connection,
    *,
    name: str,
    key: str,
    payload: Mapping[str, Any],
    by: str | None,
    now: datetime,
    request_id: str | None,
    dropped: bool,
) -> None:
    """Store a message that no instance takes now: kept for later, or dropped but recorded."""
    row = {
        "id": uuid5(KEPT, request_id) if request_id else uuid7(),
        "name": name,
        "key": key,
        "payload": dict(payload),
        "by": by,
        "at": now,
        "dropped_at": now if dropped else None,
    }
    connection.execute(insert(message), row)


def drop_waiting(connection: Connection, key: str, now: datetime) -> None:
    """Drop the messages kept for this business key, because its instance ended, unless another
    instance with it runs."""
    running = exists().where(instance.c.business_key == key, instance.c.status == "active")
    connection.execute(
        update(message)
        .where(message.c.key == key, message.c.dropped_at.is_(None), not_(running))
        .values(dropped_at=now)
    )
