"""Writing facts of a case: one row each, under an id in time order, never overwritten.

Owns the few statements that handlers need. Knows the tables, not the rules.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, Connection, Table, insert, select, update
from uuid_utils.compat import uuid7


def add(connection: Connection, table: Table, **values: object) -> UUID:
    """Insert one fact; returns its new id."""
    id = uuid7()
    # Values beside the statement, not in it: building it with them costs more than running it.
    connection.execute(insert(table), {"id": id, **values})
    return id


def change(connection: Connection, table: Table, id: UUID, **values: object) -> None:
    """Set columns of the row with this id."""
    connection.execute(update(table).where(table.c.id == id).values(**values))


def newest(
    connection: Connection, table: Table, owner: Column[UUID], id: UUID, **having: object
) -> UUID | None:
    """Id of the newest row of `table` whose `owner` column is `id` and whose columns equal
    `having` (None: is NULL); None if there is no such row."""
    question = select(table.c.id).where(owner == id)
    for name, value in having.items():
        question = question.where(
            table.c[name].is_(None) if value is None else table.c[name] == value
        )
    found: UUID | None = connection.execute(
        question.order_by(table.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return found
