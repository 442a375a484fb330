"""The recommendations that a rakor can cover, and covers.

Owns these questions. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, select, true

from processes.register.states import RecommendationState
from processes.register.vocabulary import Classification
from processes.storage.tables.follow_ups import RUNS, follow_up
from processes.storage.tables.meetings import meeting_recommendation
from processes.storage.tables.recommendations import recommendation

OPEN = recommendation.c.status.in_([RecommendationState.ISSUED, RecommendationState.EVALUATE])
"""Issued and not ended: it has follow-ups that a rakor can take stock of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the choice is narrowed: one institution, only what is past its deadline, the number of
    the letter."""

    institution: str = ""
    late: bool = False
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open recommendation. `open_parts`: its follow-ups that have not ended."""

    id: UUID
    number: str | None
    title: str
    classification: Classification
    deadline: date | None
    letter_number: str | None
    open_parts: int


_parts = (
    select(func.count())
    .select_from(follow_up)
    .where(follow_up.c.recommendation_id == recommendation.c.id, RUNS)
    .correlate(recommendation)
    .scalar_subquery()
)


def candidates(
    connection: Connection,
    visible: ColumnElement[bool],
    wanted: Wanted,
    today: date,
    limit: int,
) -> list[Candidate]:
    """The newest of those with an open follow-up that fit the choice."""
    columns = [recommendation.c[name] for name in list(Candidate.__slots__)[:6]]
    rows = connection.execute(
        select(*columns, _parts)
        .where(OPEN, visible, _fits(wanted, today))
        .order_by(recommendation.c.id.desc())
        .limit(limit)
    )
    return [Candidate(*tuple(row)) for row in rows]


def _fits(wanted: Wanted, today: date) -> ColumnElement[bool]:
    letter = recommendation.c.letter_number == wanted.letter if wanted.letter else true()
    theirs = follow_up.c.institution == wanted.institution if wanted.institution else true()
    late = follow_up.c.deadline < today if wanted.late else true()
    part = exists().where(follow_up.c.recommendation_id == recommendation.c.id, RUNS, theirs, late)
    return and_(letter, part)


def open_ones(
    connection: Connection, visible: ColumnElement[bool], ids: Collection[UUID]
) -> set[UUID]:
    """Those of these that a rakor can cover."""
    found = connection.execute(
        select(recommendation.c.id).where(recommendation.c.id.in_(list(ids)), OPEN, visible)
    )
    return set(found.scalars())


def count(connection: Connection, meeting_id: UUID, visible: ColumnElement[bool]) -> int:
    """How many visible recommendations a rakor covers."""
    table = meeting_recommendation
    return connection.execute(
        select(func.count())
        .select_from(table.join(recommendation, recommendation.c.id == table.c.recommendation_id))
        .where(table.c.meeting_id == meeting_id, visible)
    ).scalar_one()


def hidden(connection: Connection, meeting_id: UUID, visible: ColumnElement[bool]) -> list[UUID]:
    """Those that a rakor covers and that are not visible."""
    table = meeting_recommendation
    found = connection.execute(
        select(table.c.recommendation_id)
        .join(recommendation, recommendation.c.id == table.c.recommendation_id)
        .where(table.c.meeting_id == meeting_id, not_(visible))
    )
    return list(found.scalars())
