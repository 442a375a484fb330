"""Numbers of yearly series: receipts, letters.

On SQLite the step itself draws the number (there is one writer). On PostgreSQL a short transaction
on a second connection draws it, so that steps do not queue for the series' row: a step that rolls
back leaves a gap, never a repeat.
"""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.storage.database.unit_of_work import Database
from engine.storage.tables import series

BEYOND: Final = 1_000_000


def next_number(database: Database, connection: Connection, name: str, year: int) -> int:
    """1 for the first number of a year, then one more each time."""
    if database.is_sqlite:
        return _draw(connection, name, year)
    with database.aside() as second:
        return _draw(second, name, year)


def unused() -> int:
    """A number for a step that is taken back: drawn from no series, so that none is lost and nobody
    waits, and one that no series reaches in a year."""
    return BEYOND + secrets.randbelow(BEYOND)


def _draw(connection: Connection, name: str, year: int) -> int:
    insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    drawn = (
        insert(series)
        .values(name=name, year=year, last=1)
        .on_conflict_do_update(
            index_elements=[series.c.name, series.c.year], set_={"last": series.c.last + 1}
        )
        .returning(series.c.last)
    )
    return int(connection.execute(drawn).scalar_one())
