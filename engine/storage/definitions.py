"""Questions about versions of process models and the files they are pinned to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, func, insert, select

from engine.storage.tables import definition, definition_file, deployment, file


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a process: `number` counts from 1 for its `key`; `digest` is of its files.
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


def _read(rows: Iterable[tuple[object, ...]]) -> list[Version]:
    read = []
    for id_, key, number, name, digest, calls, *rest in rows:
        pinned = {called: UUID(pin) for called, pin in calls.items()}  # type: ignore[attr-defined]
        read.append(Version(id_, key, number, name, digest, pinned, *rest))  # type: ignore[arg-type]
    return read


def newest(connection: Connection, key: str) -> Version | None:
    """The newest version of a key."""
    rows = connection.execute(
        _versions().where(definition.c.key == key).order_by(definition.c.number.desc()).limit(1)
    )
    return next(iter(_read(map(tuple, rows))), None)


def by_id(connection: Connection, definition_id: UUID) -> Version | None:
    """One version."""
    rows = connection.execute(_versions().where(definition.c.id == definition_id))
    return next(iter(_read(map(tuple, rows))), None)


def all_newest(connection: Connection) -> list[Version]:
    """The newest version of every key, by key."""
    other = definition.alias("other")
    latest = (
        select(func.max(other.c.number)).where(other.c.key == definition.c.key).scalar_subquery()
    )
    rows = connection.execute(
        _versions().where(definition.c.number == latest).order_by(definition.c.key)
    )
    return _read(map(tuple, rows))


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


def insert_deployment(
    connection: Connection, deployment_id: UUID, name: str, note: str, by: str, at: datetime
) -> None:
    """One act of deploying."""
    row = {"id": deployment_id, "name": name, "note": note, "by": by, "at": at}
    connection.execute(insert(deployment), row)


def insert_version(
    connection: Connection, version: Version, files: Mapping[str, tuple[str, bytes]]
) -> None:
    """A version with its files (name -> (SHA-256, content)); contents are stored once."""
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
