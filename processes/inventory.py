"""The matrix: everyone's position on every recommendation in one picture.

Owns its shape: recommendations by institutions, with totals by stage. Changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes.access import Scope, may
from processes.paging import cut
from processes.recommendations import Row, overdue, rows_of
from processes.storage import recommendation_lists
from processes.storage.matrix_rows import Cell
from processes.visibility import visible_recommendations
from processes.vocabulary import ENDED

ROWS = 50
"""Recommendations on one page of the matrix."""


@dataclass(frozen=True, slots=True)
class Position:
    """A cell with its standing in time: working days after the date worked towards, negative
    before; None once it has ended."""

    cell: Cell
    overdue: int | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """`institutions`: code -> short name, in column order; `positions`: (recommendation,
    institution) -> position; `stages`: how many positions stand at each stage; `late`: how many
    open ones are past the date they work towards."""

    rows: Sequence[Row]
    institutions: Mapping[str, str]
    positions: Mapping[tuple[UUID, str], Position]
    stages: Mapping[str, int]
    late: int
    more: bool


def matrix(
    connection: Connection, scope: Scope, now: datetime, *, after: UUID | None = None
) -> Matrix:
    """A page of the matrix, newest recommendation first. Two questions, and one by key for each
    institution's calendar."""
    may(scope, "read_inventory")
    visible = visible_recommendations(scope)
    page = cut(recommendation_lists.issued(connection, visible, after, ROWS + 1), ROWS)
    rows = rows_of(connection, scope, page.items, now)
    cells = [cell for row in rows for cell in row.cells]
    positions = {
        (cell.recommendation_id, cell.institution): Position(
            cell, None if cell.status in ENDED else overdue(connection, cell, now)
        )
        for cell in cells
    }
    names = {cell.institution: cell.short_name for cell in cells}
    return Matrix(
        rows=rows,
        institutions=dict(sorted(names.items(), key=lambda item: item[1])),
        positions=positions,
        stages=Counter(cell.status for cell in cells),
        late=sum(1 for one in positions.values() if one.overdue is not None and one.overdue > 0),
        more=page.more,
    )
