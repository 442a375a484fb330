"""Statements for instances and their events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.records import history
from engine.records.history import Event
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.tables import event, instance


@dataclass(frozen=True, slots=True)
class Instance:
    """One run of a process. `status`: active, completed, withdrawn or failed."""

    id: UUID
    definition_id: UUID
    key: str
    business_key: str | None
    status: str
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None


COLUMNS = tuple(instance.c[name] for name in Instance.__dataclass_fields__)


def get(connection: Connection, instance_id: UUID) -> Instance:
    """One instance. Raises NotFound."""
    row = connection.execute(select(*COLUMNS).where(instance.c.id == instance_id)).first()
    if row is None:
        raise NotFound(say("There is no such case."))
    return Instance(*row)


def exists(connection: Connection, instance_id: UUID) -> bool:
    """Whether there is such an instance."""
    return connection.scalar(select(instance.c.id).where(instance.c.id == instance_id)) is not None


def of_key(
    connection: Connection, key: str, *, status: str | None, most: int, after: UUID | None = None
) -> list[Instance]:
    """Instances of a process by id, a page at a time."""
    wanted = select(*COLUMNS).where(instance.c.key == key).order_by(instance.c.id).limit(most)
    if status is not None:
        wanted = wanted.where(instance.c.status == status)
    if after is not None:
        wanted = wanted.where(instance.c.id > after)
    return [Instance(*row) for row in connection.execute(wanted)]


def first_events(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Event]:
    """The first event of each of these instances."""
    rows = connection.execute(
        select(
            event.c.instance_id, event.c.seq, event.c.at, event.c.kind, event.c.by, event.c.body
        ).where(event.c.instance_id.in_(ids), event.c.seq == 1)
    )
    return {row[0]: history.read(row[0], tuple(row[1:])) for row in rows}


def events(connection: Connection, instance_id: UUID) -> list[Event]:
    """The events of an instance, oldest first."""
    rows = connection.execute(
        select(event.c.seq, event.c.at, event.c.kind, event.c.by, event.c.body)
        .where(event.c.instance_id == instance_id)
        .order_by(event.c.seq)
    )
    return [history.read(instance_id, tuple(row)) for row in rows]
