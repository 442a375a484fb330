"""The `external_task` table: work for external workers, with holder and end of the lease.

A lease is one UPDATE that skips rows locked by others; no lock outlives it. Leases use the
database's own time, which no virtual clock moves. A transaction that ends a task holds the row of
its instance; one that only leases it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    TableValuedAlias,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from engine.storage.cases import steps
from engine.storage.cases.steps import Head
from engine.storage.clock_time import database_now
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from engine.storage.tables import event, external_task, instance, instance_state

TASK = external_task.c
OPEN: ColumnElement[bool] = TASK.incident_id.is_(None)
"""Constants in the form that the partial indexes use."""
ORDER = (TASK.priority.desc(), TASK.created_at, TASK.token)
"""The order in which tasks are leased."""
ENDS = (TASK.leased_until,)
"""The order of leased or pausing tasks by the time they become free."""


@dataclass(frozen=True, slots=True)
class ExternalTask:
    """A task that waits for a worker, or that a worker holds. `worker` holds it from `leased_at`
    until `leased_until` (the database's time); without a worker it is not leased before that time.
    `retries` None: never failed. While `incident_id` is open no worker gets it."""

    id: UUID
    instance_id: UUID
    definition_id: UUID
    process_key: str
    business_key: str | None
    element_id: str
    topic: str
    priority: int
    created_at: datetime
    worker: str | None
    leased_at: datetime | None
    leased_until: datetime | None
    retries: int | None
    error_message: str | None
    incident_id: UUID | None

    def held_at(self, now: datetime) -> bool:
        """Whether a worker holds it at `now`."""
        return self.worker is not None and self.leased_until is not None and now < self.leased_until


COLUMNS = tuple(
    TASK["token" if name == "id" else name] for name in ExternalTask.__dataclass_fields__
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWanted:
    """A worker's request for one topic, with the length of its lease.

    `variables`: names of the variables it gets, None: all that the task reads, empty: none;
    `local`: only those of the activity itself. `except_keys`: processes whose tasks are left out;
    `holding`: variables of the process that must have these values.
    """

    topic: str
    lease: timedelta
    variables: Collection[str] | None = None
    local: bool = False
    business_key: str | None = None
    process_keys: Collection[str] | None = None
    definition_ids: Collection[UUID] | None = None
    except_keys: Collection[str] = ()
    holding: Mapping[str, Any] = field(default_factory=dict)


# --- one task -----------------------------------------------------------------------------------

_by_id = Hot(select(*COLUMNS).where(TASK.token == bindparam("id", type_=ID)))
_locked = Hot(
    select(*COLUMNS, database_now().label("now"))
    .where(TASK.token == bindparam("id", type_=ID))
    .with_for_update()
)
_instance_of = Hot(select(TASK.instance_id).where(TASK.token == bindparam("id", type_=ID)))
_done_by = Hot(
    select(event.c.instance_id).where(event.c.request_id == bindparam("request_id")).limit(1)
)


def by_id(connection: Connection, task_id: UUID) -> ExternalTask | None:
    """One task, not locked; None if it is done or was removed."""
    row = _by_id.one(connection, {"id": task_id})
    return None if row is None else ExternalTask(*row)


def locked(connection: Connection, task_id: UUID) -> tuple[ExternalTask, datetime] | None:
    """One task, its row locked, with the database's time at that moment."""
    row = _locked.one(connection, {"id": task_id})
    return None if row is None else (ExternalTask(*row[:-1]), row[-1])


def lock_instance(connection: Connection, task_id: UUID) -> Head | None:
    """The instance row of a task, locked; other facts of the task must be read again."""
    row = _instance_of.one(connection, {"id": task_id})
    return None if row is None else steps.lock(connection, row[0])


def lock_done(connection: Connection, request_id: str) -> Head | None:
    """The instance that has carried out this request, locked."""
    row = _done_by.one(connection, {"request_id": request_id})
    return None if row is None else steps.lock(connection, row[0])


def error_details(connection: Connection, task_id: UUID) -> str | None:
    """The worker's long description of the last failure."""
    found: str | None = connection.scalar(select(TASK.error_details).where(TASK.token == task_id))
    return found


def change(connection: Connection, task_id: UUID, **values: Any) -> bool:
    """Set columns of one task; False if it is gone."""
    changed = update(external_task).where(TASK.token == task_id).values(**values)
    return connection.execute(changed).rowcount == 1


def free(connection: Connection, task_id: UUID, **values: Any) -> frozenset[str]:
    """Let workers fetch a task at once; return its topic, none if it is gone."""
    freed = update(external_task).where(TASK.token == task_id)
    freed = freed.values(worker=None, leased_until=None, incident_id=None, **values)
    return frozenset(connection.scalars(freed.returning(TASK.topic)))


# --- fetching -----------------------------------------------------------------------------------


def lease(
    connection: Connection,
    worker: str,
    wanted: Sequence[TopicWanted],
    among: Mapping[str, Collection[UUID]],
    most: int,
    now: datetime,
) -> list[ExternalTask]:
    """Lease up to `most` tasks: highest priority first, then the oldest. `among`: only these tasks
    of the topics."""
    picks = [
        pick.limit(most).with_for_update(skip_locked=True).cte(f"pick_{one}_{n}")
        for one, topic in enumerate(wanted)
        for n, pick in enumerate(_picks(topic, now, among.get(topic.topic)))
    ]
    until = case({one.topic: now + one.lease for one in wanted}, value=TASK.topic)
    leased = (
        update(external_task)
        .where(TASK.token.in_(_first(picks, most)))
        .values(worker=worker, leased_at=now, leased_until=until)
        .returning(*COLUMNS)
    )
    found = [ExternalTask(*row) for row in connection.execute(leased)]
    return sorted(found, key=lambda task: (-task.priority, task.created_at, task.id))


def candidates(
    connection: Connection,
    wanted: TopicWanted,
    most: int,
    now: datetime,
    after: ExternalTask | None,
) -> list[ExternalTask]:
    """A page of the tasks of a topic that could be leased, in the order of leasing; locks and
    leases nothing."""
    pages = []
    for free in _free(now):
        page = select(*COLUMNS).where(*_wanted(wanted), free).order_by(*ORDER).limit(most)
        pages.append(page if after is None else page.where(_behind(after)))
    several = union_all(*(select(page.subquery()) for page in pages)).subquery()
    order = (several.c.priority.desc(), several.c.created_at, several.c.token)
    return [
        ExternalTask(*row)
        for row in connection.execute(select(several).order_by(*order).limit(most))
    ]


def _picks(
    wanted: TopicWanted, now: datetime, among: Collection[UUID] | None
) -> Iterator[Select[Any]]:
    """The rows to lock for this lease, skipping rows locked by others. Each query is separate,
    because a locking subquery may run more than once."""
    for free in _free(now):
        pick = select(TASK.token, TASK.priority, TASK.created_at).where(*_wanted(wanted), free)
        if among is not None:
            pick = pick.where(TASK.token.in_(among))
        yield pick.order_by(*ORDER)


def _first(picks: Sequence[CTE], most: int) -> Select[Any]:
    several = union_all(*(select(pick) for pick in picks)).subquery()
    order = (several.c.priority.desc(), several.c.created_at, several.c.token)
    return select(several.c.token).order_by(*order).limit(most)


def _wanted(wanted: TopicWanted) -> list[ColumnElement[bool]]:
    found = [OPEN, TASK.topic == wanted.topic]
    if wanted.business_key is not None:
        found.append(TASK.business_key == wanted.business_key)
    if wanted.process_keys is not None:
        found.append(TASK.process_key.in_(wanted.process_keys))
    if wanted.definition_ids is not None:
        found.append(TASK.definition_id.in_(wanted.definition_ids))
    if wanted.except_keys:
        found.append(TASK.process_key.not_in(wanted.except_keys))
    return found


def _free(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The condition for tasks without a holder, and the one for tasks whose lease or pause is over.
    Each has its own index; one condition for both would read past everything that is leased."""
    return TASK.leased_until.is_(None), TASK.leased_until <= now


def _behind(last: ExternalTask) -> ColumnElement[bool]:
    older = and_(TASK.created_at == last.created_at, TASK.token > last.id)
    same = and_(TASK.priority == last.priority, or_(TASK.created_at > last.created_at, older))
    return or_(TASK.priority < last.priority, same)


# --- at a glance --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TopicState:
    """The state of a topic: tasks in all, tasks that workers hold now, failed tasks with retries
    left, tasks with an open incident, and the time since the oldest of them waits."""

    topic: str
    waiting: int
    leased: int
    failing: int
    stuck: int
    oldest_at: datetime

    @property
    def unheld(self) -> int:
        """Tasks that no worker holds."""
        return self.waiting - self.stuck - self.leased


def topics(connection: Connection, now: datetime) -> list[TopicState]:
    """Every topic with tasks, by name."""
    held = and_(TASK.worker.is_not(None), TASK.leased_until > now)
    question = (
        select(
            TASK.topic,
            func.count(),
            func.count(case((held, 1))),
            func.count(case((and_(OPEN, TASK.retries.is_not(None)), 1))),
            func.count(TASK.incident_id),
            func.min(TASK.created_at),
        )
        .group_by(TASK.topic)
        .order_by(TASK.topic)
    )
    return [TopicState(*row) for row in connection.execute(question)]


def available(
    connection: Connection, topics: Collection[str], now: datetime, most: int
) -> dict[str, int]:
    """Topic -> number of tasks that can be fetched now, counted up to `most`; includes every
    topic."""
    asked = _rows_of(connection, topics)
    free, over = _free(now)
    found = connection.execute(
        select(asked.c.value, _counted(asked, free, ORDER, most), _counted(asked, over, ENDS, most))
    )
    return {topic: min(one + two, most) for topic, one, two in found if one + two}


def next_free(connection: Connection, topics: Collection[str], now: datetime) -> datetime | None:
    """The next time at which another task of these topics can be fetched; None if there is none."""
    asked = _rows_of(connection, topics)
    ends = select(TASK.leased_until).where(*_of(asked), TASK.leased_until > now)
    first = ends.order_by(*ENDS).limit(1).correlate(asked).scalar_subquery()
    found: datetime | None = connection.scalar(select(func.min(first)).select_from(asked))
    return found


def _rows_of(connection: Connection, topics: Collection[str]) -> TableValuedAlias:
    """The topics as rows: one statement, compiled once, for any number of them."""
    sqlite = connection.dialect.name == "sqlite"
    each = func.json_each if sqlite else func.json_array_elements_text
    return each(bindparam("topics", sorted(topics), type_=JSON)).table_valued("value", name="asked")


def _counted(
    asked: TableValuedAlias,
    free: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    most: int,
) -> ScalarSelect[int]:
    """The number of tasks for the topic of a row. The order has no effect on it but leads the
    planner to the index; the planner knows nothing of the topic itself."""
    rows: Select[Any] = select(literal_column("1")).where(*_of(asked), free)
    rows = rows.order_by(*order).limit(most).correlate(asked)
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _of(asked: TableValuedAlias) -> tuple[ColumnElement[bool], ...]:
    return OPEN, TASK.topic == asked.c.value


def instances_of(connection: Connection, task_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Task -> instance, for those of these tasks that exist, in the order in which instances are
    locked."""
    rows = connection.execute(
        select(TASK.token, TASK.instance_id)
        .where(TASK.token.in_(task_ids))
        .order_by(TASK.instance_id, TASK.token)
    )
    return dict(rows.all())


def states_of(
    connection: Connection, instance_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, bytes]]:
    """Instance -> its version and stored state."""
    rows = connection.execute(
        select(instance.c.id, instance.c.definition_id, instance_state.c.body)
        .join(instance_state, instance_state.c.instance_id == instance.c.id)
        .where(instance.c.id.in_(instance_ids))
    )
    return {id: (definition_id, body) for id, definition_id, body in rows}
