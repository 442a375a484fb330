"""The open incidents in a list: searched, sorted, page by page, counted.

Owns the SQL of one screen. What is open are hundreds at most: an index finds them among all there
ever were, and only they are searched and sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, or_, select

from engine.storage.cases.incidents import COLUMNS, Incident, read
from engine.storage.tables import definition, incident
from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.storage import sorted_rows
from processes.storage.keyset import Columns
from processes.storage.sorted_rows import Order
from processes.storage.tables.people import user

NEWEST: Final = Sort("newest", descending=True)
ORDERS: Final[Mapping[str, Columns]] = {
    "newest": (incident.c.at, incident.c.id),
    "process": (incident.c.process_key, incident.c.id),
    "step": (incident.c.element_name, incident.c.id),
    "tries": (incident.c.tries, incident.c.id),
}
"""What the list can be sorted by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters; None or empty does not filter. `key`: of a process; `searched`: part of the name
    of a step, of a process, or of whoever acted, or the whole id of an instance; `since`, `until`:
    of the failure."""

    key: str | None = None
    searched: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page(
    connection: Connection, wanted: Wanted, sort: Sort, at: Cursor[UUID] | None, limit: int
) -> list[Incident]:
    """Open incidents in an order of `ORDERS`."""
    question = select(*COLUMNS).where(incident.c.open, *_narrowed(wanted))
    order = Order(ORDERS[sort.by], sort.descending)
    return [read(row) for row in sorted_rows.read(connection, question, order, at, limit)]


def count(connection: Connection, wanted: Wanted) -> int:
    """How many there are."""
    question = select(func.count()).select_from(incident).where(incident.c.open, *_narrowed(wanted))
    return connection.execute(question).scalar_one()


def processes(connection: Connection) -> Mapping[str, str]:
    """The processes in which something is stuck: key -> name in the newest of the versions
    concerned."""
    rows = connection.execute(
        select(definition.c.key, definition.c.name)
        .where(definition.c.id.in_(select(incident.c.definition_id).where(incident.c.open)))
        .order_by(definition.c.key, definition.c.number)
    )
    return dict(rows.all())


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.key is not None:
        yield incident.c.process_key == wanted.key
    if wanted.since is not None:
        yield incident.c.at >= wanted.since
    if wanted.until is not None:
        yield incident.c.at <= wanted.until
    if wanted.searched:
        yield _found(wanted.searched)


def _found(searched: str) -> ColumnElement[bool]:
    try:
        return incident.c.instance_id == UUID(searched)
    except ValueError:
        pass
    of_user = or_(*(_has(column, searched) for column in (user.c.username, user.c.name)))
    of_model = select(definition.c.id).where(_has(definition.c.name, searched))
    return or_(
        _has(incident.c.element_name, searched),
        _has(incident.c.element_id, searched),
        incident.c.definition_id.in_(of_model),
        incident.c.by.in_(select(user.c.username).where(of_user)),
    )


def _has(column: ColumnElement[str], searched: str) -> ColumnElement[bool]:
    return column.icontains(searched, autoescape=True)
