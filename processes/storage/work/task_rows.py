"""Open human tasks together with their case.

Owns the join of the engine's `task` with the register, for every list of work: inbox, holder of a
case, board. Callers pass the clause of visible rows; no right is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from engine.records.states import TaskStatus
from engine.storage.tables import task, task_candidate
from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.register.vocabulary import Classification
from processes.storage import sorted_rows
from processes.storage.days.calendars import calendar
from processes.storage.keyset import along, beyond
from processes.storage.sorted_rows import Order
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request, report_request_part

SIDE_TASKS = ("decide_extension",)
"""Tasks beside the work: they never show the position or the holder of a follow-up."""

others = task_candidate.alias("others")
"""Those who may complete a task besides the reader."""
whole = recommendation.alias("whole")
"""The recommendation, for a task of the recommendation itself."""
parent = recommendation.alias("parent")
"""The recommendation, for a task of a follow-up."""
asked = report_request_part.alias("asked")
"""The part of a request, for a task of a written report."""


settled_in = meeting.alias("settled_in")
"""The meeting of an agreement, for a task of that."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """An open task and its case; without a case (an instance of another model) the latter half is
    None. `sort_at`: its place in a list by due date."""

    id: UUID
    instance_id: UUID
    process_key: str
    element_id: str
    name: str
    assignee: str | None
    candidate_users: list[str]
    candidate_groups: list[str]
    created_at: datetime
    due_at: datetime | None
    held_since: datetime
    round: int
    repairing: bool
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    number: str | None
    title: str | None
    classification: Classification | None
    institution: str | None
    institution_name: str | None
    meeting_id: UUID | None
    agreement_id: UUID | None


_NUMBER = func.coalesce(
    parent.c.number, whole.c.number, settled_in.c.number, meeting.c.number, report_request.c.number
)
_INSTITUTION = func.coalesce(follow_up.c.institution, agreement.c.institution, asked.c.institution)
_TASK = [task.c[name] for name in list(OpenTask.__slots__)[:13]]
COLUMNS: Sequence[ColumnElement[Any]] = [
    *_TASK,
    func.coalesce(
        parent.c.id, whole.c.id, asked.c.recommendation_id, type_=recommendation.c.id.type
    ).label("recommendation"),
    func.coalesce(follow_up.c.id, asked.c.follow_up_id, type_=follow_up.c.id.type).label(
        "follow_up_id"
    ),
    _NUMBER.label("number"),
    func.coalesce(
        parent.c.title, whole.c.title, agreement.c.text, meeting.c.title, report_request.c.subject
    ).label("title"),
    func.coalesce(
        parent.c.classification,
        whole.c.classification,
        settled_in.c.classification,
        meeting.c.classification,
        asked.c.classification,
    ).label("classification"),
    institution.c.code,
    institution.c.short_name,
    meeting.c.id.label("meeting_id"),
    agreement.c.id.label("agreement_id"),
]


def with_case(source: FromClause) -> FromClause:
    """`task` joined to its case, if it has one."""
    return (
        source.outerjoin(follow_up, follow_up.c.instance_id == task.c.instance_id)
        .outerjoin(agreement, agreement.c.instance_id == task.c.instance_id)
        .outerjoin(settled_in, settled_in.c.id == agreement.c.meeting_id)
        .outerjoin(asked, asked.c.instance_id == task.c.instance_id)
        .outerjoin(report_request, report_request.c.id == asked.c.request_id)
        .outerjoin(institution, institution.c.code == _INSTITUTION)
        .outerjoin(parent, parent.c.id == follow_up.c.recommendation_id)
        .outerjoin(whole, whole.c.instance_id == task.c.instance_id)
        .outerjoin(meeting, meeting.c.instance_id == task.c.instance_id)
    )


def cases_of(nearest: Subquery) -> FromClause:
    """A few chosen tasks (`id`) with their cases. The choice comes first: a planner orders about
    eight tables at most, and would rather join every open task to its case."""
    return with_case(nearest.join(task, task.c.id == nearest.c.id))


@dataclass(frozen=True, slots=True)
class Due:
    """Deadlines after one moment and until another; None: no bound on that side."""

    after: datetime | None = None
    until: datetime | None = None

    def holds(self, column: ColumnElement[datetime]) -> ColumnElement[bool]:
        """The clause."""
        late = true() if self.after is None else column > self.after
        return and_(late, true() if self.until is None else column <= self.until)


ANY: Final = Due()


@dataclass(frozen=True, slots=True, eq=False)
class Worklist:
    """Open tasks by due date, each once: where they stand (`sort_at`, `id`), from which rows and
    which of them. Its pages and its numbers are asked by the same clauses. Two are never equal:
    what is kept of one (`KEPT`) is found by the object."""

    sort_at: ColumnElement[datetime]
    id: ColumnElement[UUID]
    source: FromClause
    clause: ColumnElement[bool]


def held(principals: Collection[str], visible: ColumnElement[bool]) -> Worklist:
    """Open tasks that any of the principals may complete."""
    mine = (
        select(task_candidate.c.sort_at, task_candidate.c.task_id)
        .where(task_candidate.c.principal.in_(sorted(principals)))
        .distinct()
        .subquery()
    )
    joined = task.join(mine, mine.c.task_id == task.c.id)
    return Worklist(mine.c.sort_at, mine.c.task_id, joined, visible)


def alone(principals: Collection[str], visible: ColumnElement[bool]) -> Worklist:
    """Open tasks that nobody but the user may complete now: taken, or offered to nobody else.
    `principals`: the user, and the groups in which there is nobody else."""
    nobody_else = ~exists().where(
        others.c.task_id == task.c.id, others.c.principal.not_in(sorted(principals))
    )
    return held(principals, and_(visible, nobody_else))


def of_unit(
    username: str,
    principals: Collection[str],
    groups: Collection[str],
    visible: ColumnElement[bool],
) -> Worklist:
    """Open tasks that were offered to one of these groups or to the user, taken or not.
    `principals`: the groups and everybody in them, for whoever has taken a task holds it alone."""
    by_name = exists().where(
        others.c.task_id == task.c.id, others.c.principal == f"user:{username}"
    )
    return held(principals, and_(visible, or_(offered_to(groups), by_name)))


def of_cases(username: str, groups: Collection[str], visible: ColumnElement[bool]) -> Worklist:
    """Open tasks of visible cases that wait for others than the user with these groups."""
    others = or_(task.c.assignee.is_(None), task.c.assignee != username)
    return _by_due(and_(others, ~offered_to(groups), visible))


def _by_due(clause: ColumnElement[bool]) -> Worklist:
    # Tasks of cases all have a deadline; without the constant the partial index is not used.
    dated = and_(task.c.status == "open", task.c.due_at.is_not(None))
    return Worklist(task.c.due_at, task.c.id, task, and_(dated, clause))


KEPT: Final = 64
"""The questions that are kept, of the worklists asked last: to build one costs more than to ask
it. Each takes some 100 kB."""
SORTED_MOST: Final = 2_000
"""So many of the nearest tasks are sorted by something else than their deadline."""
ORDERS: Final[Mapping[str, ColumnElement[Any]]] = {
    "task": task.c.name,
    "recommendation": _NUMBER,
    "institution": institution.c.short_name,
    "holder": task.c.held_since,
}
"""What a bounded part of a worklist can be sorted by. Its first tasks are found along the index of
deadlines, and no others are looked at."""


def sorted_page(
    connection: Connection,
    listed: Worklist,
    due: Due,
    sort: Sort,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[OpenTask]:
    """A page of the nearest tasks of a worklist in another order."""
    nearest = (
        _places(listed)
        .where(due.holds(listed.sort_at))
        .order_by(listed.sort_at, listed.id)
        .limit(SORTED_MOST)
        .subquery()
    )
    question = select(*COLUMNS).select_from(cases_of(nearest))
    columns = (ORDERS[sort.by], task.c.id)
    order = Order(columns, sort.descending, gaps=True, source=with_case(task))
    return [OpenTask(*row) for row in sorted_rows.read(connection, question, order, at, limit)]


def page(
    connection: Connection,
    listed: Worklist,
    due: Due,
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
    *,
    descending: bool = False,
) -> list[OpenTask]:
    """A page of a worklist, of deadlines in a span, the nearest first or last."""
    return _read(connection, _page(listed, due, at, limit, descending))


@lru_cache(KEPT)
def _page(
    listed: Worklist,
    due: Due,
    at: Cursor[tuple[datetime, UUID]] | None,
    limit: int,
    descending: bool,
) -> Select[Any]:
    place = (listed.sort_at, listed.id)
    nearest = (
        _places(listed)
        .where(due.holds(listed.sort_at), beyond(place, at, descending=descending))
        .order_by(*along(place, at, descending=descending))
        .limit(limit)
        .subquery()
    )
    order = along((nearest.c.place, nearest.c.id), at, descending=descending)
    return select(*COLUMNS).select_from(cases_of(nearest)).order_by(*order)


def _places(listed: Worklist) -> Select[datetime, UUID]:
    return (
        select(listed.sort_at.label("place"), listed.id.label("id"))
        .select_from(listed.source)
        .where(listed.clause)
    )


def counts(
    connection: Connection, worklists: Sequence[Worklist], ends: Sequence[datetime], most: int
) -> list[tuple[list[int], int]]:
    """How many of the first `most` + 1 tasks of each worklist are due until each of these moments,
    and how many that were: one question for all of them."""
    until = {f"until_{place}": end for place, end in enumerate(ends)}
    row = connection.execute(_numbers(tuple(worklists), tuple(until), most), until).one()
    width = len(ends) + 1
    parts = [row[start : start + width] for start in range(0, len(row), width)]
    return [(list(upto), total) for *upto, total in parts]


@lru_cache(KEPT)
def _numbers(worklists: Sequence[Worklist], until: Sequence[str], most: int) -> Select[Any]:
    """`until`: the names under which the moments are given."""
    numbers: list[FromClause] = [_numbered(listed, until, most) for listed in worklists]
    beside = reduce(lambda left, right: left.join(right, true()), numbers[1:], numbers[0])
    return select(*(column for each in numbers for column in each.c)).select_from(beside)


def _numbered(listed: Worklist, until: Sequence[str], most: int) -> Subquery:
    first = (
        select(listed.sort_at.label("due"))
        .select_from(listed.source)
        .where(listed.clause)
        .order_by(listed.sort_at, listed.id)
        .limit(most + 1)
        .subquery()
    )
    due = first.c.due
    numbers = [func.count().filter(due <= bindparam(name, type_=due.type)) for name in until]
    return select(*numbers, func.count()).select_from(first).subquery()


@dataclass(frozen=True, slots=True)
class Dated:
    """A task with the code and edition of the calendar that its deadline is counted by."""

    task: OpenTask
    calendar: str
    edition: UUID


def first(
    connection: Connection, listed: Worklist, limit: int, most: int, common: str
) -> tuple[list[Dated], int]:
    """The most urgent tasks of a worklist, and how many of the first `most` + 1 there are: one
    question. `common`: the calendar of tasks that are no institution's."""
    counted = select(listed.id).select_from(listed.source).where(listed.clause).limit(most + 1)
    total = select(func.count()).select_from(counted.correlate(None).subquery()).scalar_subquery()
    nearest = _places(listed).order_by(listed.sort_at, listed.id).limit(limit).subquery()
    days = calendar.c.code == func.coalesce(institution.c.calendar_code, common)
    question = (
        select(*COLUMNS, calendar.c.code, calendar.c.edition, total)
        .select_from(cases_of(nearest).join(calendar, days))
        .order_by(nearest.c.place, nearest.c.id)
    )
    rows = connection.execute(question).all()
    found = [Dated(OpenTask(*row[:-3]), row[-3], row[-2]) for row in rows]
    return found, rows[0][-1] if rows else 0


def offered_to(groups: Collection[str]) -> ColumnElement[bool]:
    """Whether a task was offered to one of these groups, taken or not. `candidate_groups` is a
    JSON list of words without quotes in them, so its text can be searched in both databases."""
    listed = cast(task.c.candidate_groups, Text)
    return or_(false(), *(listed.like(f'%"{group}"%') for group in sorted(groups)))


def of_instances(connection: Connection, instance_ids: Collection[UUID]) -> list[OpenTask]:
    """The open tasks of these instances, side tasks last, then oldest first."""
    question = (
        select(*COLUMNS)
        .select_from(with_case(task))
        .where(task.c.instance_id.in_(list(instance_ids)), task.c.status == TaskStatus.OPEN)
        .order_by(task.c.element_id.in_(SIDE_TASKS), task.c.id)
    )
    return _read(connection, question)


def _read(connection: Connection, question: Select[Any]) -> list[OpenTask]:
    return [OpenTask(*row) for row in connection.execute(question)]
