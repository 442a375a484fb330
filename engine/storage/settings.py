"""The engine's `setting` table: the clock, the scheduler's heartbeat."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.storage.tables import setting


def read_setting(connection: Connection, key: str) -> str | None:
    """The value of a setting."""
    return connection.scalar(select(setting.c.value).where(setting.c.key == key))


def write_setting(connection: Connection, key: str, value: str) -> None:
    """Set a value, new or existing."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    row = insert(setting).values(key=key, value=value)
    connection.execute(
        row.on_conflict_do_update(index_elements=[setting.c.key], set_={"value": value})
    )


def replace_setting(connection: Connection, key: str, before: str | None, value: str) -> bool:
    """Set a value that is still `before` (None: not set); False if somebody else was faster."""
    if before is not None:
        mine = (setting.c.key == key) & (setting.c.value == before)
        return connection.execute(update(setting).where(mine).values(value=value)).rowcount == 1
    insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    row = insert(setting).values(key=key, value=value).on_conflict_do_nothing()
    return connection.scalar(row.returning(setting.c.key)) is not None


def remove_setting(connection: Connection, key: str) -> None:
    """Delete a setting."""
    connection.execute(delete(setting).where(setting.c.key == key))
