"""Rows for the pages of topics: the tasks of one topic, page by page, and its workers.

Owns the SQL of these pages. Order and clauses are those of the indexes of `external_task` and
`worker`; a late page costs as little as the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from engine.storage.later.externals import COLUMNS, OPEN, TASK, ExternalTask
from engine.storage.later.workers import WorkerSeen
from engine.storage.tables import worker
from processes.ground.paging import Cursor
from processes.storage.keyset import along, beyond

Show = Literal["open", "leased", "failing", "stuck"]
TaskKey = tuple[int, datetime, UUID]
"""Priority, time of waiting, and id: the order of leasing."""
WorkerKey = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """The number of workers that have asked for a topic, and the time of the last."""

    workers: int
    last_at: datetime


def heard(connection: Connection) -> dict[str, Heard]:
    """Topic -> the workers that asked for it."""
    rows = connection.execute(
        select(worker.c.topic, func.count(), func.max(worker.c.seen_at)).group_by(worker.c.topic)
    )
    return {topic: Heard(number, last) for topic, number, last in rows}


def tasks(
    connection: Connection,
    topic: str,
    show: Show,
    now: datetime,
    at: Cursor[TaskKey] | None,
    most: int,
) -> list[ExternalTask]:
    """Tasks of a topic from a place on, in the order of leasing, or backwards."""
    back = at is not None and at.back
    order = [TASK.priority.desc(), TASK.created_at, TASK.token]
    if back:
        order = [TASK.priority, TASK.created_at.desc(), TASK.token.desc()]
    found: list[ExternalTask] = []
    for part in _parts(at):
        page = select(*COLUMNS).where(TASK.topic == topic, _shown(show, now), part)
        rows = connection.execute(page.order_by(*order).limit(most - len(found)))
        found += [ExternalTask(*row) for row in rows]
        if len(found) == most:
            break
    return found


def stuck_ids(connection: Connection, topic: str, most: int) -> list[UUID]:
    """Up to `most` tasks of a topic without retries left."""
    gave_up = select(TASK.token).where(
        TASK.topic == topic, TASK.incident_id.is_not(None), TASK.retries == 0
    )
    return list(connection.scalars(gave_up.order_by(TASK.created_at, TASK.token).limit(most)))


def workers(
    connection: Connection, topic: str, at: Cursor[WorkerKey] | None, most: int
) -> list[WorkerSeen]:
    """The workers that asked for a topic, the last one first."""
    key = (worker.c.seen_at, worker.c.worker)
    columns = (worker.c[name] for name in WorkerSeen.__dataclass_fields__)
    question = select(*columns).where(worker.c.topic == topic, beyond(key, at, descending=True))
    rows = connection.execute(question.order_by(*along(key, at, descending=True)).limit(most))
    return [WorkerSeen(*row) for row in rows]


def _shown(show: Show, now: datetime) -> ColumnElement[bool]:
    if show == "stuck":
        return TASK.incident_id.is_not(None)
    if show == "leased":
        return and_(OPEN, TASK.worker.is_not(None), TASK.leased_until > now)
    return and_(OPEN, TASK.retries.is_not(None)) if show == "failing" else OPEN


def _parts(at: Cursor[TaskKey] | None) -> Iterator[ColumnElement[bool]]:
    """The rows beyond a place: first those with the same priority, then the others. Two ranges of
    the index, because one clause with OR would read it from its beginning."""
    if at is None:
        yield true()
        return
    priority, *rest = at.key
    place = tuple_(TASK.created_at, TASK.token)
    beside = place < tuple(rest) if at.back else place > tuple(rest)
    yield and_(TASK.priority == priority, beside)
    yield TASK.priority > priority if at.back else TASK.priority < priority
