"""The settings of the register that an administrator changes in a running product.

Owns key and value. Must not know the environment (`web.configuration.settings`) or the meaning of a
key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, String, Table, select

from engine.storage.database.types import DATA, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.upsert import upsert

# Not "setting": the engine keeps a table of that name in the same database.
register_setting = Table(
    "register_setting",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", DATA, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(60), nullable=False),
)


def read_setting(connection: Connection, key: str) -> Any:
    """The stored value (JSON), or None if nobody ever set it."""
    return connection.execute(
        select(register_setting.c.value).where(register_setting.c.key == key)
    ).scalar_one_or_none()


def write_setting(connection: Connection, key: str, value: object, by: str, now: datetime) -> None:
    """Set a value; not None."""
    values = {"value": value, "changed_at": now, "changed_by": by}
    upsert(connection, register_setting, {"key": key}, values)
