"""Process versions and deployments for the engine's API.

Owns the SQL of those lists. The caller has checked that the reader may read models.
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
    or_,
    select,
    true,
)

from engine.storage.tables import definition, definition_file, deployment
from processes.storage.programs.engine_tasks import Window, any_of, between, ordering


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionsWanted:
    """The filters of a list of process versions; `latest`: the newest of each key only."""

    ids: Collection[UUID] | None = None
    keys: Collection[str] | None = None
    names: Collection[str] | None = None
    numbers: Collection[int] | None = None
    deployment_ids: Collection[UUID] | None = None
    key_like: str | None = None
    name_like: str | None = None
    latest: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A process version; `resource`: name of its BPMN file."""

    id: UUID
    key: str
    number: int
    name: str
    deployment_id: UUID
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentsWanted:
    """The filters of a list of deployments; `names` are their notes."""

    ids: Collection[UUID] | None = None
    names: Collection[str] | None = None
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment; `note`: its author's name for it."""

    id: UUID
    name: str
    note: str
    by: str
    at: datetime


_DEFINITION_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "ids": definition.c.id,
    "keys": definition.c.key,
    "names": definition.c.name,
    "numbers": definition.c.number,
    "deployment_ids": definition.c.deployment_id,
}
DEFINITION_SORTS: Final[Mapping[str, Column[Any]]] = {
    "id": definition.c.id,
    "key": definition.c.key,
    "name": definition.c.name,
    "version": definition.c.number,
    "deploymentId": definition.c.deployment_id,
}
_DEPLOYMENT_ANY_OF: Final[Mapping[str, Column[Any]]] = {
    "ids": deployment.c.id,
    "names": deployment.c.note,
}
DEPLOYMENT_SORTS: Final[Mapping[str, Column[Any]]] = {
    "id": deployment.c.id,
    "name": deployment.c.note,
    "deploymentTime": deployment.c.at,
}


def definitions(
    connection: Connection, wanted: DefinitionsWanted, window: Window
) -> list[Definition]:
    """A window of the process versions."""
    file = (
        select(func.min(definition_file.c.name))
        .where(definition_file.c.definition_id == definition.c.id, _is_process_file())
        .scalar_subquery()
    )
    d = definition.c
    question = (
        select(d.id, d.key, d.number, d.name, d.deployment_id, file)
        .where(_definitions(wanted))
        .order_by(*ordering(DEFINITION_SORTS, window, definition.c.id))
        .offset(window.first)
        .limit(window.most)
    )
    return [Definition(*row) for row in connection.execute(question)]


def count_definitions(connection: Connection, wanted: DefinitionsWanted) -> int:
    """The number of these process versions."""
    question = select(func.count()).select_from(definition).where(_definitions(wanted))
    return int(connection.execute(question).scalar_one())


def definition_ids(connection: Connection, keys: Collection[str]) -> list[UUID]:
    """The ids of all versions of these processes."""
    return list(connection.scalars(select(definition.c.id).where(definition.c.key.in_(list(keys)))))


def process_keys(connection: Connection) -> list[str]:
    """Every process that was ever deployed."""
    return list(connection.scalars(select(definition.c.key).distinct()))


def _definitions(wanted: DefinitionsWanted) -> ColumnElement[bool]:
    return and_(
        true(),
        *any_of(_DEFINITION_ANY_OF, wanted),
        *([] if wanted.key_like is None else [definition.c.key.like(wanted.key_like)]),
        *([] if wanted.name_like is None else [definition.c.name.like(wanted.name_like)]),
        *([_is_newest()] if wanted.latest else []),
    )


def _is_newest() -> ColumnElement[bool]:
    later = definition.alias("later")
    newer = exists().where(later.c.key == definition.c.key, later.c.number > definition.c.number)
    return not_(newer)


def _is_process_file() -> ColumnElement[bool]:
    """A version is pinned to one BPMN file; the others hold decisions and forms."""
    name = func.lower(definition_file.c.name)
    return not_(or_(name.like("%.form"), name.like("%.dmn"), name.like("%.dmn11.xml")))


def deployments(
    connection: Connection, wanted: DeploymentsWanted, window: Window
) -> list[Deployment]:
    """A window of the deployments."""
    d = deployment.c
    question = (
        select(d.id, d.name, d.note, d.by, d.at)
        .where(_deployments(wanted))
        .order_by(*ordering(DEPLOYMENT_SORTS, window, deployment.c.id))
        .offset(window.first)
        .limit(window.most)
    )
    return [Deployment(*row) for row in connection.execute(question)]


def count_deployments(connection: Connection, wanted: DeploymentsWanted) -> int:
    """The number of these deployments."""
    question = select(func.count()).select_from(deployment).where(_deployments(wanted))
    return int(connection.execute(question).scalar_one())


def _deployments(wanted: DeploymentsWanted) -> ColumnElement[bool]:
    within = between(deployment.c.at, wanted.after, wanted.before)
    return and_(true(), *any_of(_DEPLOYMENT_ANY_OF, wanted), *within)
