"""Lists of recommendations, filtered, searched and sorted, and the chain they form.

Owns the SQL of the screens. The caller passes the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, select, union_all

from engine.records.states import TaskStatus
from engine.storage.tables import task
from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.register.states import ENDED, RecommendationState
from processes.register.vocabulary import Classification, Priority, RollupRule
from processes.storage import search, sorted_rows
from processes.storage.keyset import Columns, along, beyond
from processes.storage.sorted_rows import Order
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import user
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from processes.storage.work.task_rows import SIDE_TASKS


@dataclass(frozen=True, slots=True)
class ListedRecommendation:
    """A recommendation in a list."""

    id: UUID
    instance_id: UUID
    number: str | None
    title: str
    status: RecommendationState
    priority: Priority
    classification: Classification
    deadline: date | None
    issued_at: datetime | None
    rollup_rule: RollupRule
    rollup_percent: int | None
    created_by: str | None
    predecessor_id: UUID | None


COLUMNS = [recommendation.c[name] for name in ListedRecommendation.__slots__]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a list; None, False or empty does not filter. `institution`: code of an
    addressee; `late`: open work of a follow-up is past its deadline; `coordinator`: username of
    whoever began it; `due_from`, `due_to`: of its deadline; `searched`: words that it has."""

    status: str | None = None
    priority: Priority | None = None
    institution: str | None = None
    late: bool = False
    coordinator: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    searched: str = ""


ORDERS: Final[Mapping[str, Columns]] = {
    "newest": (recommendation.c.id,),
    "number": (recommendation.c.number, recommendation.c.id),
    "deadline": (recommendation.c.deadline, recommendation.c.id),
    "issued": (recommendation.c.issued_at, recommendation.c.id),
}
"""What the list can be sorted by; each is an index. All but the first may be empty in a draft."""


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    wanted: Wanted,
    now: datetime,
    sort: Sort,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedRecommendation]:
    """Recommendations in an order of `ORDERS`; what is empty there comes last."""
    question = select(*COLUMNS).where(visible, *_narrowed(wanted, now))
    order = Order(ORDERS[sort.by], sort.descending, gaps=sort.by != "newest")
    rows = sorted_rows.read(connection, question, order, at, limit)
    return [ListedRecommendation(*row) for row in rows]


def _narrowed(wanted: Wanted, now: datetime) -> Iterator[ColumnElement[bool]]:
    if wanted.status is not None:
        yield recommendation.c.status == wanted.status
    if wanted.priority is not None:
        yield recommendation.c.priority == wanted.priority
    if wanted.institution is not None:
        yield exists().where(
            recommendation_institution.c.recommendation_id == recommendation.c.id,
            recommendation_institution.c.institution == wanted.institution,
        )
    if wanted.coordinator is not None:
        yield recommendation.c.created_by == wanted.coordinator
    if wanted.due_from is not None:
        yield recommendation.c.deadline >= wanted.due_from
    if wanted.due_to is not None:
        yield recommendation.c.deadline <= wanted.due_to
    if wanted.searched:
        yield search.recommendations(recommendation.c.id, wanted.searched)
    if wanted.late:
        yield exists().where(
            follow_up.c.recommendation_id == recommendation.c.id,
            follow_up.c.status.not_in(ENDED),
            task.c.instance_id == follow_up.c.instance_id,
            task.c.status == TaskStatus.OPEN,
            task.c.element_id.not_in(SIDE_TASKS),
            task.c.due_at <= now,
        )


def issued(
    connection: Connection,
    visible: ColumnElement[bool],
    at: Cursor[UUID] | None,
    limit: int,
    having: ColumnElement[bool] | None = None,
) -> list[ListedRecommendation]:
    """Those that have follow-ups, newest first; with `having`, a follow-up of that kind."""
    clauses = [visible, recommendation.c.issued_at.is_not(None)]
    if having is not None:
        clauses.append(exists().where(follow_up.c.recommendation_id == recommendation.c.id, having))
    return _newest(connection, clauses, at, limit)


def _newest(
    connection: Connection,
    clauses: Sequence[ColumnElement[bool]],
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedRecommendation]:
    key = (recommendation.c.id,)
    rows = connection.execute(
        select(*COLUMNS)
        .where(*clauses, beyond(key, at, descending=True))
        .order_by(*along(key, at, descending=True))
        .limit(limit)
    )
    return [ListedRecommendation(*row) for row in rows]


def copies(
    connection: Connection,
    visible: ColumnElement[bool],
    institutions: Collection[str],
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedRecommendation]:
    """Issued recommendations of which these institutions are only informed, newest first."""
    informed = select(recommendation_institution.c.recommendation_id).where(
        recommendation_institution.c.institution.in_(institutions),
        recommendation_institution.c.role == "information",
        recommendation_institution.c.taken_out_at.is_(None),
    )
    issued = recommendation.c.issued_at.is_not(None)
    return _newest(connection, [visible, issued, recommendation.c.id.in_(informed)], at, limit)


def related(
    connection: Connection, visible: ColumnElement[bool], id: UUID
) -> list[ListedRecommendation]:
    """A recommendation with those it comes from, however far back, and those it led to."""
    back = (
        select(recommendation.c.id, recommendation.c.predecessor_id)
        .where(recommendation.c.id == id)
        .cte("back", recursive=True)
    )
    older = recommendation.alias("older")
    back = back.union(
        select(older.c.id, older.c.predecessor_id).join(back, older.c.id == back.c.predecessor_id)
    )
    before = select(*COLUMNS).join(back, back.c.id == recommendation.c.id).where(visible)
    after = select(*COLUMNS).where(visible, recommendation.c.predecessor_id == id)
    return [ListedRecommendation(*row) for row in connection.execute(union_all(before, after))]


def by_ids(
    connection: Connection, visible: ColumnElement[bool], ids: Collection[UUID]
) -> list[ListedRecommendation]:
    """Those of the given recommendations that are visible."""
    rows = connection.execute(
        select(*COLUMNS).where(and_(visible, recommendation.c.id.in_(list(ids))))
    )
    return [ListedRecommendation(*row) for row in rows]


def coordinators(connection: Connection) -> list[tuple[str, str]]:
    """(username, name) of those who have begun a recommendation, by name: looks at the accounts,
    and for each by an index."""
    has_one = exists().where(recommendation.c.created_by == user.c.username)
    rows = connection.execute(
        select(user.c.username, user.c.name).where(has_one).order_by(user.c.name)
    )
    return [(row.username, row.name) for row in rows]
