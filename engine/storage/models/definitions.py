"""Statements for versions of process models and their pinned files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.tables import definition, definition_file, deployment, file


class Overtaken(Conflict):
    """Versions were stored since the caller read them: its plan may be wrong now."""

    def __init__(self) -> None:
        super().__init__(say("Somebody else released a version at the same moment. Try again."))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a process: `number` counts from 1 for its `key`; `digest` covers its files.
    `calls` pins the versions of called processes (key -> definition id)."""

    id: UUID
    key: str
    number: int
    name: str
    digest: str
    calls: Mapping[str, UUID]
    shipped: bool
    deployment_id: UUID
    at: datetime
    by: str
    note: str


def _versions() -> Select[tuple[object, ...]]:
    d, p = definition.c, deployment.c
    return select(
        d.id, d.key, d.number, d.name, d.digest, d.calls, d.shipped, d.deployment_id,
        p.at, p.by, p.note,
    ).join(deployment, p.id == d.deployment_id)  # fmt: skip


_other = definition.alias("other")
_IS_NEWEST = definition.c.number == (
    select(func.max(_other.c.number)).where(_other.c.key == definition.c.key).scalar_subquery()
)


def _read(rows: Iterable[tuple[object, ...]]) -> list[Version]:
    read = []
    for id_, key, number, name, digest, calls, *rest in rows:
        pinned = {called: UUID(pin) for called, pin in calls.items()}  # type: ignore[attr-defined]
        read.append(Version(id_, key, number, name, digest, pinned, *rest))  # type: ignore[arg-type]
    return read


_newest = Hot(
    _versions()
    .where(definition.c.key == bindparam("key"))
    .order_by(definition.c.number.desc())
    .limit(1)
)


def newest(connection: Connection, key: str) -> Version | None:
    """The newest version of a key."""
    return next(iter(_read(_newest.all(connection, {"key": key}))), None)


def by_id(connection: Connection, definition_id: UUID) -> Version | None:
    """One version."""
    rows = connection.execute(_versions().where(definition.c.id == definition_id))
    return next(iter(_read(map(tuple, rows))), None)


def by_ids(connection: Connection, ids: Collection[UUID]) -> dict[UUID, Version]:
    """Several versions by their ids."""
    rows = connection.execute(_versions().where(definition.c.id.in_(ids)))
    return {version.id: version for version in _read(map(tuple, rows))}


def all_newest(connection: Connection) -> list[Version]:
    """The newest version of every key, by key."""
    rows = connection.execute(_versions().where(_IS_NEWEST).order_by(definition.c.key))
    return _read(map(tuple, rows))


def newest_ids(connection: Connection) -> frozenset[UUID]:
    """Ids of the newest versions; they change with every stored version."""
    return frozenset(connection.scalars(select(definition.c.id).where(_IS_NEWEST)))


def newest_of_owners(connection: Connection) -> frozenset[UUID]:
    """Ids of the newest versions that owners released, not the product."""
    own = select(definition.c.id).where(_IS_NEWEST, ~definition.c.shipped)
    return frozenset(connection.scalars(own))


def hold(connection: Connection, seen: frozenset[UUID]) -> None:
    """Prevent other transactions from storing versions until this one ends. Raises Overtaken if the
    newest versions are not those `seen`."""
    connection.execute(
        select(definition.c.id).where(_IS_NEWEST).order_by(definition.c.key).with_for_update()
    )
    if newest_ids(connection) != seen:
        raise Overtaken


def hold_newest(connection: Connection, key: str) -> UUID | None:
    """The newest version of a key; no version is stored after it until this transaction ends."""
    newest: UUID | None = connection.scalar(
        select(definition.c.id)
        .where(definition.c.key == key)
        .order_by(definition.c.number.desc())
        .limit(1)
        .with_for_update()
    )
    return newest


def history_of(connection: Connection, key: str) -> list[Version]:
    """All versions of a key, newest first."""
    rows = connection.execute(
        _versions().where(definition.c.key == key).order_by(definition.c.number.desc())
    )
    return _read(map(tuple, rows))


def files_of(connection: Connection, definition_id: UUID) -> dict[str, bytes]:
    """File name -> content of a version."""
    rows = connection.execute(
        select(definition_file.c.name, file.c.content)
        .join(file, file.c.sha256 == definition_file.c.sha256)
        .where(definition_file.c.definition_id == definition_id)
        .order_by(definition_file.c.name)
    )
    return dict(rows.all())


def files_of_all(connection: Connection, ids: Collection[UUID]) -> dict[UUID, dict[str, bytes]]:
    """The same for several versions."""
    rows = connection.execute(
        select(definition_file.c.definition_id, definition_file.c.name, file.c.content)
        .join(file, file.c.sha256 == definition_file.c.sha256)
        .where(definition_file.c.definition_id.in_(ids))
        .order_by(definition_file.c.name)
    )
    found: dict[UUID, dict[str, bytes]] = {id: {} for id in ids}
    for id, name, content in rows:
        found[id][name] = content
    return found


def hashes_of(connection: Connection, definition_id: UUID) -> dict[str, str]:
    """File name -> SHA-256 (hexadecimal) of the content in a version."""
    f = definition_file.c
    rows = connection.execute(select(f.name, f.sha256).where(f.definition_id == definition_id))
    return dict(rows.all())


def who_released(connection: Connection, key: str, name: str) -> Version:
    """The version that brought the present content of a file of the newest version."""
    newest_first = history_of(connection, key)
    found, content = newest_first[0], hashes_of(connection, newest_first[0].id)[name]
    for version in newest_first[1:]:
        if hashes_of(connection, version.id).get(name) != content:
            break
        found = version
    return found


def insert_deployment(
    connection: Connection, deployment_id: UUID, name: str, note: str, by: str, at: datetime
) -> None:
    """Store one deployment."""
    row = {"id": deployment_id, "name": name, "note": note, "by": by, "at": at}
    connection.execute(insert(deployment), row)


def date_deployments(connection: Connection, at: datetime) -> None:
    """Let all versions be of this time: a story that is played begins with them."""
    connection.execute(update(deployment).values(at=at))


def insert_version(
    connection: Connection, version: Version, files: Mapping[str, tuple[str, bytes]]
) -> None:
    """Store a version with its files (name -> (SHA-256, content)); equal contents are stored once.

    Raises Overtaken if another transaction has just stored the same number or content."""
    try:
        _insert_version(connection, version, files)
    except IntegrityError as error:
        raise Overtaken from error


def _insert_version(
    connection: Connection, version: Version, files: Mapping[str, tuple[str, bytes]]
) -> None:
    connection.execute(
        insert(definition),
        {
            "id": version.id,
            "key": version.key,
            "number": version.number,
            "name": version.name,
            "deployment_id": version.deployment_id,
            "digest": version.digest,
            "calls": {key: str(pin) for key, pin in version.calls.items()},
            "shipped": version.shipped,
        },
    )
    shas = {sha for sha, _ in files.values()}
    known = set(connection.scalars(select(file.c.sha256).where(file.c.sha256.in_(shas))))
    fresh = {sha: content for sha, content in files.values() if sha not in known}
    if fresh:
        connection.execute(
            insert(file), [{"sha256": sha, "content": content} for sha, content in fresh.items()]
        )
    connection.execute(
        insert(definition_file),
        [
            {"definition_id": version.id, "name": name, "sha256": sha}
            for name, (sha, _) in files.items()
        ],
    )
