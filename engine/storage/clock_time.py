"""The database's own time as an SQL expression: aware UTC, at the moment it is evaluated."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from engine.storage import tables
from engine.storage.database.hot import Hot
from engine.storage.database.types import UtcDateTime
from engine.time import clock


class database_now(FunctionElement[Any]):
    """`clock_timestamp()`; SQLite's has milliseconds."""

    type = UtcDateTime()
    inherit_cache = True
    name = "database_now"


@compiles(database_now, "postgresql")
def _postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return "clock_timestamp()"


@compiles(database_now, "sqlite")
def _sqlite(element: Any, compiler: Any, **_: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


stored_clock = (
    select(tables.setting.c.value).where(tables.setting.c.key == clock.SETTING).scalar_subquery()
)
"""The clock's `setting` row, as a column in any statement."""


_time = Hot(select(database_now(), stored_clock))


def read_time(connection: Connection) -> tuple[datetime, str | None]:
    """The database's time and the stored clock setting."""
    row = _time.one(connection, {})
    assert row is not None, "a query of values has one row"
    return row[0], row[1]
