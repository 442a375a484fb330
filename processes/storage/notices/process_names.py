"""The name of a process, for a letter about a task that belongs to no case.

Owns this question. Knows no readers.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.storage.tables import definition


def newest(connection: Connection, key: str) -> str:
    """The name in the newest version of the process with this key; the key, if it has none."""
    name = connection.scalar(
        select(definition.c.name)
        .where(definition.c.key == key)
        .order_by(definition.c.number.desc())
        .limit(1)
    )
    return name or key
