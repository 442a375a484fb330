"""Reading a list from a key on, forwards or backwards.

Owns the clause and the order, which are used together with the same columns: the columns of an
index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, true, tuple_

from processes.ground.paging import Cursor

Columns = Sequence[ColumnElement[Any]]


def beyond(
    columns: Columns, at: Cursor[Any] | None, *, descending: bool = False
) -> ColumnElement[bool]:
    """Rows behind the cursor in the list's order, or before it; all rows without a cursor. Its key
    has one value for each column, a bare value for a single column."""
    if at is None:
        return true()
    place: ColumnElement[Any] = columns[0] if len(columns) == 1 else tuple_(*columns)
    clause: ColumnElement[bool] = place < at.key if descending != at.back else place > at.key
    return clause


def along(
    columns: Columns, at: Cursor[Any] | None, *, descending: bool = False
) -> list[ColumnElement[Any]]:
    """The order to read in: the nearest to the cursor first, so that a limit keeps those."""
    downwards = descending != (at is not None and at.back)
    return [column.desc() if downwards else column.asc() for column in columns]
