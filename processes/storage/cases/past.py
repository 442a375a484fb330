"""The state of a case at any moment: a dated row for each change.

Owns the two tables and their statements. Only the functions that write the case's own row
(`follow_up_rows`, `recommendation_rows`) write them, as a copy of that row, so both always agree.
The caller has checked the rights.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    and_,
    bindparam,
    insert,
    or_,
    select,
    text,
    update,
)

from engine.storage.database.hot import Hot
from engine.storage.database.types import ID, UtcDateTime
from processes.register.states import RecommendationState, Stage, Treatment
from processes.register.vocabulary import FollowUpKind, OwingRole, RollupRule
from processes.storage.schema import metadata
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import WORD, Member, one_of, recommendation

follow_up_past = Table(
    "follow_up_past",
    metadata,
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    # NULL: the row holds now.
    Column("valid_to", UtcDateTime),
    Column("status", Member(Stage), nullable=False),
    Column("round", Integer, nullable=False),
    # NULL: unknown, for times before there were dated rows.
    Column("deadline", Date),
    Column("rework_deadline", Date),
    Column("kind", WORD),
    Column("claimed_status", WORD),
    Column("claimed_percent", Integer),
    Column("verdict", WORD),
    Column("treatment", Member(Treatment)),
    one_of("status", Stage),
    one_of("treatment", Treatment),
    CheckConstraint("valid_to > valid_from", name="span"),
    # One row holds now; note: the row that ends.
    Index(
        "uq_follow_up_past_now",
        "follow_up_id",
        unique=True,
        sqlite_where=text("valid_to is null"),
        postgresql_where=text("valid_to is null"),
    ),
    sqlite_with_rowid=False,
)

recommendation_past = Table(
    "recommendation_past",
    metadata,
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    Column("valid_to", UtcDateTime),
    Column("status", Member(RecommendationState), nullable=False),
    Column("deadline", Date),
    Column("rollup_rule", WORD),
    Column("rollup_percent", Integer),
    one_of("status", RecommendationState),
    CheckConstraint("valid_to > valid_from", name="span"),
    # One row holds now; note: the row that ends.
    Index(
        "uq_recommendation_past_now",
        "recommendation_id",
        unique=True,
        sqlite_where=text("valid_to is null"),
        postgresql_where=text("valid_to is null"),
    ),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class FollowUpThen:
    """The state of a follow-up from one moment until, but not at, another."""

    follow_up_id: UUID
    recommendation_id: UUID
    institution: str
    role: OwingRole
    status: Stage
    round: int
    deadline: date | None
    rework_deadline: date | None
    kind: FollowUpKind | None
    claimed_status: str | None
    claimed_percent: int | None
    verdict: str | None
    treatment: Treatment | None
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class RecommendationThen:
    """The state of a recommendation from one moment until, but not at, another."""

    recommendation_id: UUID
    status: RecommendationState
    deadline: date | None
    rollup_rule: RollupRule | None
    rollup_percent: int | None
    valid_from: datetime
    valid_to: datetime | None


class Dated:
    """The dated rows of one table of cases."""

    def __init__(self, past: Table, owner: str, present: Table) -> None:
        self._owner = owner
        about = (owner, "valid_from", "valid_to")
        self._names = [column.name for column in past.columns if column.name not in about]
        now_valid = and_(past.c[owner] == present.c.id, past.c.valid_to.is_(None))
        self._read = Hot(
            select(
                past.c.valid_from,
                *(past.c[name].label(f"past_{name}") for name in self._names),
                *(present.c[name] for name in self._names),
            )
            .select_from(present.outerjoin(past, now_valid))
            .where(present.c.id == bindparam("case_id", type_=ID))
        )
        newest = update(past).where(
            past.c[owner] == bindparam("case_id", type_=ID), past.c.valid_to.is_(None)
        )
        self._end = Hot(newest.values(valid_to=bindparam("moment", type_=UtcDateTime())))
        self._correct = Hot(
            newest.values(
                {name: bindparam(f"new_{name}", type_=past.c[name].type) for name in self._names}
            )
        )
        self._begin = Hot(insert(past))

    def note(self, connection: Connection, id: UUID, now: datetime) -> None:
        """Copy the present row of a case, unless it equals the last copy. Of two changes at one
        moment only the last counts; the same holds while the clock was set back."""
        found = self._read.one(connection, {"case_id": id})
        if found is None:  # no such case: no row was written
            return
        width = len(self._names)
        since, before, after = found[0], found[1 : width + 1], found[width + 1 :]
        values = dict(zip(self._names, after, strict=True))
        if since is not None and before == after:
            return
        if since is not None and now <= since:
            new = {f"new_{name}": value for name, value in values.items()}
            self._correct.run(connection, {"case_id": id, **new})
            return
        if since is not None:
            self._end.run(connection, {"case_id": id, "moment": now})
        row: dict[str, Any] = {self._owner: id, "valid_from": now, "valid_to": None, **values}
        self._begin.run(connection, row)


_follow_ups: Final = Dated(follow_up_past, "follow_up_id", follow_up)
_recommendations: Final = Dated(recommendation_past, "recommendation_id", recommendation)


def note_follow_up(connection: Connection, id: UUID, now: datetime) -> None:
    """Keep the new state of a follow-up from now on."""
    _follow_ups.note(connection, id, now)


def note_recommendation(connection: Connection, id: UUID, now: datetime) -> None:
    """Keep the new state of a recommendation from now on."""
    _recommendations.note(connection, id, now)


def _valid(past: Table, moment: datetime) -> ColumnElement[bool]:
    ends_later = or_(past.c.valid_to.is_(None), past.c.valid_to > moment)
    return and_(past.c.valid_from <= moment, ends_later)


def follow_ups_as_of(
    connection: Connection, moment: datetime, clause: ColumnElement[bool]
) -> list[FollowUpThen]:
    """The state of the follow-ups at a moment, by recommendation and institution, without those
    created later. `clause`: which rows of `follow_up`, for instance the visible ones."""
    return _then(connection, and_(clause, _valid(follow_up_past, moment)))


def follow_up_then(connection: Connection, id: UUID) -> list[FollowUpThen]:
    """All states of one follow-up, oldest first."""
    return _then(connection, follow_up.c.id == id)


def _then(connection: Connection, clause: ColumnElement[bool]) -> list[FollowUpThen]:
    of_case = ("recommendation_id", "institution", "role")
    columns = [
        follow_up.c[name] if name in of_case else follow_up_past.c[name]
        for name in FollowUpThen.__slots__
    ]
    order = (follow_up.c.recommendation_id, follow_up.c.institution, follow_up_past.c.valid_from)
    rows = connection.execute(
        select(*columns)
        .join_from(follow_up_past, follow_up, follow_up.c.id == follow_up_past.c.follow_up_id)
        .where(clause)
        .order_by(*order)
    )
    return [FollowUpThen(*row) for row in rows]


def recommendations_as_of(
    connection: Connection, moment: datetime, clause: ColumnElement[bool]
) -> list[RecommendationThen]:
    """The state of the recommendations at a moment, oldest recommendation first. `clause`: which
    rows of `recommendation`."""
    return _whole(connection, and_(clause, _valid(recommendation_past, moment)))


def recommendation_then(connection: Connection, id: UUID) -> list[RecommendationThen]:
    """All states of one recommendation, oldest first."""
    return _whole(connection, recommendation.c.id == id)


def _whole(connection: Connection, clause: ColumnElement[bool]) -> list[RecommendationThen]:
    past = recommendation_past
    rows = connection.execute(
        select(*(past.c[name] for name in RecommendationThen.__slots__))
        .join_from(past, recommendation, recommendation.c.id == past.c.recommendation_id)
        .where(clause)
        .order_by(past.c.recommendation_id, past.c.valid_from)
    )
    return [RecommendationThen(*row) for row in rows]
