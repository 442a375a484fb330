"""The `draft` table: changed files of a process that are not released."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from engine.storage.tables import draft


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A changed file as last saved. `base`: SHA-256 (hexadecimal) of the deployed content that its
    first change replaced; None: the file was new."""

    name: str
    content: bytes
    saved_at: datetime
    saved_by: str
    base: str | None = None


def of_key(connection: Connection, key: str) -> list[DraftFile]:
    """The changed files of a process, by name."""
    columns = [draft.c[name] for name in DraftFile.__slots__]
    rows = connection.execute(select(*columns).where(draft.c.key == key).order_by(draft.c.name))
    return [DraftFile(*row) for row in rows]


def keys(connection: Connection) -> set[str]:
    """The processes that have a draft."""
    return set(connection.scalars(select(draft.c.key).distinct()))


def last_saved(connection: Connection) -> dict[str, datetime]:
    """The time of the last save in the draft of each process that has one."""
    latest = select(draft.c.key, func.max(draft.c.saved_at)).group_by(draft.c.key)
    return dict(connection.execute(latest).all())


def save(connection: Connection, key: str, changed: DraftFile) -> None:
    """Store a changed file; the last save wins."""
    mine = (draft.c.key == key) & (draft.c.name == changed.name)
    connection.execute(delete(draft).where(mine))
    connection.execute(
        insert(draft),
        {
            "key": key,
            "name": changed.name,
            "content": changed.content,
            "saved_at": changed.saved_at,
            "saved_by": changed.saved_by,
            "base": changed.base,
        },
    )


def discard(connection: Connection, key: str, name: str | None = None) -> None:
    """Delete the changed files of a process, or one of them."""
    mine = draft.c.key == key
    if name is not None:
        mine = mine & (draft.c.name == name)
    connection.execute(delete(draft).where(mine))


def take(connection: Connection, key: str, read: Iterable[DraftFile]) -> bool:
    """Remove exactly the files that were `read`; False if one was saved again or is gone."""
    for one in read:
        same = (draft.c.content == one.content) & (draft.c.saved_at == one.saved_at)
        mine = (draft.c.key == key) & (draft.c.name == one.name) & same
        if connection.execute(delete(draft).where(mine)).rowcount != 1:
            return False
    return True
