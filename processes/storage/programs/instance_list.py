"""The running instances of one process in a list: searched, sorted, page by page, counted.

Owns the SQL of one screen. The caller passes the clause of visible rows. Every order is an index of
the running instances of a process; a search reads no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, union_all

from engine.storage.cases.instances import COLUMNS, Instance
from engine.storage.tables import instance
from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.storage import sorted_rows
from processes.storage.keyset import Columns
from processes.storage.sorted_rows import Order
from processes.storage.tables.people import user

OLDEST: Final = Sort("started")
ORDERS: Final[Mapping[str, Columns]] = {
    "started": (instance.c.started_at, instance.c.id),
    "key": (instance.c.business_key, instance.c.id),
    "by": (instance.c.started_by, instance.c.id),
}
"""What the list can be sorted by; each is an index. Key and starter may be missing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters; None or empty does not filter. `searched`: part of the business key or of the
    starter's name or account, or the whole id; `since`, `until`: of the start."""

    searched: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    key: str,
    wanted: Wanted,
    sort: Sort,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[Instance]:
    """Running instances of the process in an order of `ORDERS`; what is missing comes last."""
    question = select(*COLUMNS).where(_running(key), visible, *_narrowed(key, wanted))
    order = Order(ORDERS[sort.by], sort.descending, gaps=sort.by != OLDEST.by)
    return [Instance(*row) for row in sorted_rows.read(connection, question, order, at, limit)]


def count(
    connection: Connection, visible: ColumnElement[bool], key: str, wanted: Wanted, most: int
) -> int:
    """How many there are; `most` + 1 if there are more than `most`."""
    found = select(instance.c.id).where(_running(key), visible, *_narrowed(key, wanted))
    some = found.limit(most + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _running(key: str) -> ColumnElement[bool]:
    return and_(instance.c.key == key, instance.c.ended_at.is_(None))


def _narrowed(key: str, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield instance.c.started_at >= wanted.since
    if wanted.until is not None:
        yield instance.c.started_at <= wanted.until
    if wanted.searched:
        yield _found(key, wanted.searched)


def _found(key: str, searched: str) -> ColumnElement[bool]:
    if (id := _id(searched)) is not None:
        return instance.c.id == id
    # A union, for an "or" would leave no index.
    other = instance.alias("searched")
    named = (user.c.username, user.c.name)
    people = or_(*(column.icontains(searched, autoescape=True) for column in named))
    running = select(other.c.id).where(other.c.key == key, other.c.ended_at.is_(None))
    return instance.c.id.in_(
        union_all(
            running.where(other.c.business_key.icontains(searched, autoescape=True)),
            running.where(other.c.started_by.in_(select(user.c.username).where(people))),
        )
    )


def _id(searched: str) -> UUID | None:
    try:
        return UUID(searched)
    except ValueError:
        return None
