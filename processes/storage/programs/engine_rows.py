"""Instances, and their waits for messages, for the engine's API.

Owns the SQL of those questions. The caller passes the clause of visible rows; no right is decided
here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    exists,
    func,
    not_,
    select,
)

from engine.storage.cases.instances import COLUMNS as INSTANCE
from engine.storage.cases.instances import Instance
from engine.storage.tables import (
    definition,
    event,
    incident,
    instance,
    subscription,
)
from processes.storage.programs.engine_tasks import Window, any_of, between, ordering, present


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancesWanted:
    """The filters of a list of instances; None does not filter."""

    ids: Collection[UUID] | None = None
    definition_ids: Collection[UUID] | None = None
    keys: Collection[str] | None = None
    business_keys: Collection[str] | None = None
    statuses: Collection[str] | None = None
    starters: Collection[str] | None = None
    business_key_like: str | None = None
    ended: bool | None = None
    stuck: bool | None = None
    started_after: datetime | None = None
    started_before: datetime | None = None
    ended_after: datetime | None = None
    ended_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance with number and name of its process version."""

    instance: Instance
    version: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenersWanted:
    """The filters of waits for a message or signal; None does not filter."""

    messages: Collection[str] | None = None
    keys: Collection[str] | None = None
    instance_ids: Collection[UUID] | None = None
    tokens: Collection[UUID] | None = None
    element_ids: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """A token of an instance that waits for a message under this key."""

    instance_id: UUID
    token: UUID
    key: str


_INSTANCE_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "ids": instance.c.id,
    "definition_ids": instance.c.definition_id,
    "keys": instance.c.key,
    "business_keys": instance.c.business_key,
    "statuses": instance.c.status,
    "starters": instance.c.started_by,
}
_LISTENER_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "messages": subscription.c.message,
    "keys": subscription.c.key,
    "instance_ids": subscription.c.instance_id,
    "tokens": subscription.c.token,
    "element_ids": subscription.c.element_id,
}
INSTANCE_SORTS: Final[Mapping[str, Column[Any]]] = {
    "instanceId": instance.c.id,
    "definitionId": instance.c.definition_id,
    "definitionKey": instance.c.key,
    "businessKey": instance.c.business_key,
    "startTime": instance.c.started_at,
    "endTime": instance.c.ended_at,
}


def instances(
    connection: Connection, visible: ColumnElement[bool], wanted: InstancesWanted, window: Window
) -> list[InstanceRow]:
    """A window of the instances."""
    question = (
        select(*INSTANCE, definition.c.number, definition.c.name)
        .join(definition, definition.c.id == instance.c.definition_id)
        .where(_instances(visible, wanted))
        .order_by(*ordering(INSTANCE_SORTS, window, instance.c.id))
        .offset(window.first)
        .limit(window.most)
    )
    return [InstanceRow(Instance(*row[:-2]), *row[-2:]) for row in connection.execute(question)]


def count_instances(
    connection: Connection, visible: ColumnElement[bool], wanted: InstancesWanted
) -> int:
    """The number of these instances, counted row by row."""
    question = select(func.count()).select_from(instance).where(_instances(visible, wanted))
    return int(connection.execute(question).scalar_one())


def _instances(visible: ColumnElement[bool], wanted: InstancesWanted) -> ColumnElement[bool]:
    pattern = wanted.business_key_like
    return and_(
        visible,
        *any_of(_INSTANCE_ANY_OF, wanted),
        *between(instance.c.started_at, wanted.started_after, wanted.started_before),
        *between(instance.c.ended_at, wanted.ended_after, wanted.ended_before),
        *present(instance.c.ended_at, wanted.ended),
        *([] if pattern is None else [instance.c.business_key.like(pattern)]),
        *([] if wanted.stuck is None else [_stuck() if wanted.stuck else not_(_stuck())]),
    )


def _stuck() -> ColumnElement[bool]:
    return exists().where(incident.c.instance_id == instance.c.id, incident.c.open)


def listeners(
    connection: Connection, visible: ColumnElement[bool], wanted: ListenersWanted, window: Window
) -> list[Listener]:
    """A window of the waits for messages and signals."""
    rows = connection.execute(
        select(subscription.c.instance_id, subscription.c.token, subscription.c.key)
        .join(instance, instance.c.id == subscription.c.instance_id)
        .where(visible, *any_of(_LISTENER_ANY_OF, wanted))
        .order_by(subscription.c.token)
        .offset(window.first)
        .limit(window.most)
    )
    return [Listener(*row) for row in rows]


def waiting_for(
    connection: Connection, message: str, instance_ids: Collection[UUID]
) -> frozenset[UUID]:
    """Those of the instances that wait for the message, in any number of tokens."""
    wanted = select(subscription.c.instance_id).where(
        subscription.c.message == message, subscription.c.instance_id.in_(instance_ids)
    )
    return frozenset(connection.scalars(wanted.distinct()))


def delivered(connection: Connection, request_id: str) -> UUID | None:
    """The instance that took the message of this request before."""
    wanted = select(event.c.instance_id).where(event.c.request_id == request_id).limit(1)
    return connection.scalars(wanted).first()
