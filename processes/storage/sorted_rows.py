"""Reading a list that can be sorted in several ways, from a row on, forwards or backwards.

Owns how a page is read along the columns of an index. Rows without a value come last, upwards and
downwards, in both databases: they are a part of their own behind the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, select, true

from processes.ground.paging import Cursor
from processes.storage.keyset import Columns, along, beyond


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by: the columns of an index, last the one that finds a row again.
    `gaps`: the first column may be empty; `source`: where the columns come from, if not from that
    last one's table alone."""

    columns: Columns
    descending: bool = False
    gaps: bool = False
    source: FromClause | None = None

    @property
    def id(self) -> ColumnElement[Any]:
        """The column by which a row is found again."""
        return self.columns[-1]


Rows = list[tuple[Any, ...]]


def read(
    connection: Connection, question: Select[Any], order: Order, at: Cursor[Any] | None, limit: int
) -> Rows:
    """Up to `limit` rows from the row at the cursor on; none behind a row that does not exist.
    Going back they come backwards. At most three statements, one on a first page without gaps."""
    if at is None:
        return _parts(connection, question, order, None, limit)
    asked = select(*order.columns).where(order.id == at.key)
    if order.source is not None:
        asked = asked.select_from(order.source)
    place = connection.execute(asked).one_or_none()
    if place is None:
        return []
    return _parts(connection, question, order, Cursor(tuple(place), at.back), limit)


def _parts(
    connection: Connection,
    question: Select[Any],
    order: Order,
    at: Cursor[tuple[Any, ...]] | None,
    limit: int,
) -> Rows:
    """First the part in which the cursor lies, then the one that follows in the direction of
    reading."""
    if not order.gaps:
        return _part(connection, question, order.columns, order, at, limit)
    first, *rest = order.columns
    filled = (question.where(first.is_not(None)), order.columns)
    empty = (question.where(first.is_(None)), rest)
    in_gap = at is not None and at.key[0] is None
    back = at is not None and at.back
    here, there = (empty, filled) if in_gap else (filled, empty)
    if at is not None and in_gap:
        at = Cursor(at.key[1:], at.back)
    found = _part(connection, *here, order, at, limit)
    if len(found) < limit and in_gap == back:
        onwards = Cursor(None, back=True) if back else None
        found += _part(connection, *there, order, onwards, limit - len(found))
    return found


def _part(
    connection: Connection,
    question: Select[Any],
    columns: Sequence[ColumnElement[Any]],
    order: Order,
    at: Cursor[Any] | None,
    limit: int,
) -> Rows:
    downwards, starts = order.descending, at is None or at.key is None
    place = None if starts else _key(at)
    wanted = (
        question.where(true() if place is None else beyond(columns, place, descending=downwards))
        .order_by(*along(columns, at, descending=downwards))
        .limit(limit)
    )
    return [tuple(row) for row in connection.execute(wanted)]


def _key(at: Cursor[Any] | None) -> Cursor[Any] | None:
    """The cursor as `keyset.beyond` wants it: a bare value for a single column."""
    if at is None or len(at.key) > 1:
        return at
    return Cursor(at.key[0], at.back)
