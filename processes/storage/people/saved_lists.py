"""Lists that people have saved under a name: filters and sorting, as they stand in an address.

Owns the table and its statements. Knows neither which lists there are nor what a filter means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Executable,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from engine.storage.database.types import ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import WORD

saved_list = Table(
    "saved_list",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    # The list of the product that it narrows.
    Column("list", WORD, nullable=False),
    Column("name", String(80), nullable=False),
    # The part of the address behind the question mark.
    Column("query", String(1000), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # saved_lists.of: what somebody has saved of one list, by name
    UniqueConstraint("user_id", "list", "name"),
)


@dataclass(frozen=True, slots=True)
class SavedList:
    """What somebody calls a list with these filters."""

    id: UUID
    user_id: UUID
    list: str
    name: str
    query: str
    created_at: datetime


COLUMNS = [saved_list.c[name] for name in SavedList.__slots__]


def insert_list(connection: Connection, row: SavedList) -> bool:
    """Store a saved list; False if its name is taken."""
    values = {name: getattr(row, name) for name in SavedList.__slots__}
    return _unless_taken(connection, insert(saved_list).values(values))


def find(connection: Connection, id: UUID) -> SavedList | None:
    """One saved list, of whomever."""
    row = connection.execute(select(*COLUMNS).where(saved_list.c.id == id)).one_or_none()
    return None if row is None else SavedList(*row)


def of(connection: Connection, user_id: UUID, list: str) -> list[SavedList]:
    """What somebody has saved of one list, by name."""
    mine = (saved_list.c.user_id == user_id) & (saved_list.c.list == list)
    rows = connection.execute(select(*COLUMNS).where(mine).order_by(saved_list.c.name))
    return [SavedList(*row) for row in rows]


def number(connection: Connection, user_id: UUID) -> int:
    """How many lists somebody has saved."""
    mine = select(func.count()).select_from(saved_list).where(saved_list.c.user_id == user_id)
    return connection.execute(mine).scalar_one()


def rename(connection: Connection, id: UUID, name: str) -> bool:
    """Give a saved list another name; False if it is taken."""
    mine = saved_list.c.id == id
    return _unless_taken(connection, update(saved_list).where(mine).values(name=name))


def _unless_taken(connection: Connection, statement: Executable) -> bool:
    """Of two at one instant the row decides: the name stands once."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except IntegrityError:
        return False
    return True


def remove(connection: Connection, id: UUID) -> None:
    """Forget a saved list."""
    connection.execute(delete(saved_list).where(saved_list.c.id == id))
