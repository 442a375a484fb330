"""The recommendations whose reports are compiled.

Owns the SQL of that choice. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, select

from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report


@dataclass(frozen=True, slots=True)
class Compiled:
    """A recommendation by id and number."""

    id: UUID
    number: str | None


def listed(
    connection: Connection,
    visible: ColumnElement[bool],
    *,
    numbers: Sequence[str],
    institution: str | None,
    letter: str,
    begin: datetime | None,
    end: datetime | None,
    limit: int,
) -> list[Compiled]:
    """Issued recommendations, oldest first: with these numbers, of this institution, issued by this
    letter, with a report handed in from `begin` until before `end`; what is empty does not
    narrow."""
    own = recommendation.c
    clauses = [visible, own.issued_at.is_not(None)]
    if numbers:
        clauses.append(own.number.in_(numbers))
    if letter:
        clauses.append(own.letter_number == letter)
    if institution is not None:
        theirs = select(follow_up.c.recommendation_id).where(follow_up.c.institution == institution)
        clauses.append(own.id.in_(theirs))
    if begin is not None or end is not None:
        clauses.append(own.id.in_(_reported(institution, begin, end)))
    rows = connection.execute(
        select(own.id, own.number).where(*clauses).order_by(own.id).limit(limit)
    )
    return [Compiled(*row) for row in rows]


def _reported(
    institution: str | None, begin: datetime | None, end: datetime | None
) -> Select[tuple[UUID]]:
    """Ids of the recommendations on which a report was handed in then."""
    joined = select(follow_up.c.recommendation_id).join(
        report, report.c.follow_up_id == follow_up.c.id
    )
    return joined.where(*_then(institution, begin, end))


def _then(
    institution: str | None, begin: datetime | None, end: datetime | None
) -> Iterator[ColumnElement[bool]]:
    if begin is not None:
        yield report.c.handed_in_at >= begin
    if end is not None:
        yield report.c.handed_in_at < end
    if institution is not None:
        yield follow_up.c.institution == institution
