"""The event chains of all instances, read in batches for verification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Row, func, select, tuple_, type_coerce

from engine.records.history import Link
from engine.storage.database.types import UtcDateTime
from engine.storage.tables import event, instance

BATCH = 200
"""Number of instances whose rows are read at once."""
ROWS = 1_000
"""Number of events read at once: an instance may have any number."""


class _AsFound(UtcDateTime):
    """A time, or None for a value that is no time: SQLite stores any value written past the
    product, and one such event must not hide other changes."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        read = super().result_processor(dialect, coltype)

        def found(value: Any) -> Any:
            try:
                return read(value)
            except (TypeError, ValueError):
                return None

        return found


_COLUMNS = {**event.c, "at": type_coerce(event.c.at, _AsFound).label("at")}
_EVENT = tuple(_COLUMNS[name] for name in (*Link._fields, "form", "hash"))


@dataclass(frozen=True, slots=True)
class Chain:
    """The events of one instance in order, each with its form and hash, and the length that its row
    gives. `links` can be read once, before the next chain."""

    instance_id: UUID
    last_seq: int
    last_hash: bytes
    links: Iterator[tuple[Link, int, bytes]]


def chains(
    connection: Connection, after: UUID | None = None, only: UUID | None = None
) -> Iterator[Chain]:
    """The chains of the next `BATCH` instances behind the id `after`, or of `only` one.

    Events are only added. Events committed after the rows of the instances were read are left out,
    so no lock and no long transaction is needed.
    """
    wanted = select(instance.c.id, instance.c.last_seq, instance.c.last_hash)
    if after is not None:
        wanted = wanted.where(instance.c.id > after)
    if only is not None:
        wanted = wanted.where(instance.c.id == only)
    heads = connection.execute(wanted.order_by(instance.c.id).limit(BATCH)).all()
    if not heads:
        return
    found = groupby(_events(connection, heads[0].id, heads[-1].id), attrgetter("instance_id"))
    of, rows = next(found, (None, iter(())))
    for head in heads:
        while of is not None and of < head.id:  # of an instance that was created meanwhile
            of, rows = next(found, (None, iter(())))
        mine = rows if of == head.id else iter(())
        yield Chain(head.id, head.last_seq, head.last_hash, _links(mine, head.last_seq))


def _links(rows: Iterator[Row[Any]], last_seq: int) -> Iterator[tuple[Link, int, bytes]]:
    return ((Link._make(row[:-2]), row.form, row.hash) for row in rows if row.seq <= last_seq)


def _events(connection: Connection, first: UUID, last: UUID) -> Iterator[Row[Any]]:
    """The events of the instances from `first` to `last`, by instance and number."""
    key = tuple_(event.c.instance_id, event.c.seq)
    at = (first, 0)
    while True:
        page = select(*_EVENT).where(key > at, event.c.instance_id <= last)
        rows = connection.execute(page.order_by(event.c.instance_id, event.c.seq).limit(ROWS)).all()
        yield from rows
        if len(rows) < ROWS:
            return
        at = (rows[-1].instance_id, rows[-1].seq)


def events_of_nothing(connection: Connection) -> int:
    """The number of events without an instance."""
    whole = event.outerjoin(instance, instance.c.id == event.c.instance_id)
    lost = select(func.count()).select_from(whole).where(instance.c.id.is_(None))
    return connection.execute(lost).scalar_one()
