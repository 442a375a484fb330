"""Follow-ups that went from an institution to its successor.

Owns the SQL on `succession`, and on what a recommendation addresses then. Must not know who may do
it, or what becomes of tasks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from processes.register.states import ENDED, RECOMMENDATION_ENDED
from processes.storage.tables.follow_ups import follow_up, succession
from processes.storage.tables.recommendations import recommendation, recommendation_institution


@dataclass(frozen=True, slots=True)
class Succession:
    """One follow-up that went to a successor. `carried_into`: the successor's own one."""

    id: UUID
    follow_up_id: UUID
    institution: str
    successor: str
    letter: str
    carried_into: UUID | None
    at: datetime
    by: str | None


COLUMNS = [succession.c[name] for name in Succession.__slots__]


def add(connection: Connection, new: Succession) -> None:
    """Keep that a follow-up went to a successor."""
    values = {name: getattr(new, name) for name in Succession.__slots__}
    connection.execute(insert(succession).values(values))


def before(connection: Connection, follow_up_id: UUID) -> Sequence[Succession]:
    """The successions of one follow-up, oldest first."""
    mine = succession.c.follow_up_id == follow_up_id
    rows = connection.execute(select(*COLUMNS).where(mine).order_by(succession.c.id))
    return [Succession(*row) for row in rows]


def holder_at(connection: Connection, follow_up_id: UUID, present: str, at: datetime) -> str:
    """The institution that had a follow-up at a moment. `present`: the one that has it now."""
    later = (one for one in before(connection, follow_up_id) if one.at > at)
    found = next(later, None)
    return found.institution if found else present


def open_cases(connection: Connection, code: str) -> Sequence[UUID]:
    """The follow-ups of an institution that have not ended, oldest first."""
    running = (follow_up.c.institution == code) & follow_up.c.status.not_in(ENDED)
    return connection.scalars(select(follow_up.c.id).where(running).order_by(follow_up.c.id)).all()


def shared(connection: Connection, code: str, other: str) -> int:
    """The number of open follow-ups of an institution whose recommendation the other follows up
    too."""
    theirs = follow_up.alias("theirs")
    both = (
        select(func.count())
        .select_from(follow_up)
        .join(theirs, theirs.c.recommendation_id == follow_up.c.recommendation_id)
        .where(
            follow_up.c.institution == code,
            follow_up.c.status.not_in(ENDED),
            theirs.c.institution == other,
        )
    )
    return connection.scalar(both) or 0


def other_recommendations(connection: Connection, code: str) -> Sequence[UUID]:
    """The recommendations that address an institution and of which it follows nothing up: drafts,
    and those of which it is only informed; none that is over."""
    follows = (
        select(follow_up.c.id)
        .where(
            follow_up.c.recommendation_id == recommendation.c.id, follow_up.c.institution == code
        )
        .exists()
    )
    found = (
        select(recommendation.c.id)
        .join(
            recommendation_institution,
            recommendation_institution.c.recommendation_id == recommendation.c.id,
        )
        .where(
            recommendation_institution.c.institution == code,
            recommendation.c.status.not_in(RECOMMENDATION_ENDED),
            ~follows,
        )
        .order_by(recommendation.c.id)
    )
    return connection.scalars(found).all()


def of_successor(connection: Connection, recommendation_id: UUID, code: str) -> UUID | None:
    """The follow-up that an institution has of a recommendation."""
    mine = (follow_up.c.recommendation_id == recommendation_id) & (follow_up.c.institution == code)
    return connection.scalar(select(follow_up.c.id).where(mine))


def pass_address(connection: Connection, recommendation_id: UUID, code: str, to: str) -> None:
    """Address a recommendation to the successor, in the same role; an institution that it addresses
    already keeps its own."""
    table = recommendation_institution
    of = table.c.recommendation_id == recommendation_id
    known = connection.scalar(select(table.c.role).where(of, table.c.institution == to))
    mine = of & (table.c.institution == code)
    if known is None:
        connection.execute(update(table).where(mine).values(institution=to))
    else:
        connection.execute(delete(table).where(mine))


def had_part(
    connection: Connection, recommendation_id: UUID, codes: Collection[str]
) -> Sequence[str]:
    """Those of these institutions that had a follow-up of a recommendation before their
    successor."""
    mine = succession.c.institution.in_(codes)
    found = (
        select(succession.c.institution)
        .join(follow_up, follow_up.c.id == succession.c.follow_up_id)
        .where(follow_up.c.recommendation_id == recommendation_id, mine)
    )
    return connection.scalars(found.distinct()).all()


def had(connection: Connection, follow_up_id: UUID, codes: Collection[str]) -> Sequence[str]:
    """Those of these institutions that had the follow-up before its successor."""
    mine = (succession.c.follow_up_id == follow_up_id) & succession.c.institution.in_(codes)
    return connection.scalars(select(succession.c.institution).where(mine).distinct()).all()
