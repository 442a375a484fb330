"""INSERT ... ON CONFLICT in the two dialects.

Owns that one statement, for rows found by their primary key. Knows no table.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection, table: Table, key: Mapping[str, object], values: Mapping[str, object]
) -> None:
    """Insert a row, or set `values` of the row that has this primary key."""
    if connection.dialect.name == "postgresql":
        insert = postgresql.insert(table).values({**key, **values})
        connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=values))
    else:
        other = sqlite.insert(table).values({**key, **values})
        connection.execute(other.on_conflict_do_update(index_elements=list(key), set_=values))


def insert_once(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row unless one with its key exists; return whether it was inserted."""
    # RETURNING its key: on PostgreSQL an INSERT does not report its row count.
    key = list(table.primary_key.columns)
    if connection.dialect.name == "postgresql":
        insert = postgresql.insert(table).values(row).on_conflict_do_nothing()
        return connection.execute(insert.returning(*key)).first() is not None
    other = sqlite.insert(table).values(row).on_conflict_do_nothing()
    return connection.execute(other.returning(*key)).first() is not None
