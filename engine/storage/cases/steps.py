"""The statements of a step, compiled once: at most ten run for a completed human task."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.storage import tables as t
from engine.storage.clock_time import database_now, stored_clock
from engine.storage.database.hot import Hot, Sent, together
from engine.storage.database.types import ID

_HEAD = (
    t.instance.c.id,
    t.instance.c.definition_id,
    t.instance.c.key,
    t.instance.c.business_key,
    t.instance.c.status,
    t.instance.c.version,
    t.instance.c.last_seq,
    t.instance.c.last_hash,
    t.instance.c.started_at,
    database_now().label("database_now"),
    stored_clock.label("clock"),
    exists().where(t.incident.c.instance_id == t.instance.c.id, t.incident.c.open),
)


@dataclass(slots=True)
class Head:
    """The locked instance row with the time of the lock."""

    id: UUID
    definition_id: UUID
    key: str
    business_key: str | None
    status: str
    version: int
    last_seq: int
    last_hash: bytes
    started_at: datetime
    database_now: datetime
    clock: str | None
    stuck: bool = False
    """Whether the instance has an open incident."""
    repairing: bool = False
    """Whether the task that led to the instance has an open incident."""


def _by_id() -> Select[Any]:
    return select(*_HEAD).where(t.instance.c.id == bindparam("id", type_=ID))


_lock = Hot(_by_id().with_for_update(of=t.instance))
_try_lock = Hot(_by_id().with_for_update(of=t.instance, skip_locked=True))
_lock_by_task = Hot(
    select(*_HEAD, t.task.c.repairing)
    .join(t.task, t.task.c.instance_id == t.instance.c.id)
    .where(t.task.c.id == bindparam("task_id", type_=ID))
    .with_for_update(of=t.instance)
)
_state = Hot(
    select(t.instance_state.c.body).where(
        t.instance_state.c.instance_id == bindparam("instance_id", type_=ID)
    )
)
_insert_instance = Hot(insert(t.instance))
_insert_state = Hot(insert(t.instance_state))


def _update_instance(**more: Any) -> Hot:
    return Hot(
        update(t.instance)
        .where(
            t.instance.c.id == bindparam("instance", type_=ID),
            t.instance.c.version == bindparam("old_version"),
        )
        .values(
            version=bindparam("version"),
            last_seq=bindparam("last_seq"),
            last_hash=bindparam("last_hash"),
            definition_id=bindparam("definition_id", type_=ID),
            **more,
        )
    )


_advance = _update_instance()
# A separate statement, because SQLite writes each index of the columns that an update names,
# changed or not.
_end = _update_instance(status=bindparam("status"), ended_at=bindparam("ended_at"))
_touch = Hot(
    update(t.instance)
    .where(t.instance.c.id == bindparam("instance", type_=ID))
    .values(last_seq=bindparam("seq"), last_hash=bindparam("digest"))
)
_write_state = Hot(
    update(t.instance_state)
    .where(t.instance_state.c.instance_id == bindparam("instance", type_=ID))
    .values(body=bindparam("body"))
)
_insert_event = Hot(insert(t.event))
_find_request = Hot(
    select(t.event.c.seq, t.event.c.kind, t.event.c.by, t.event.c.at).where(
        t.event.c.instance_id == bindparam("instance_id", type_=ID),
        t.event.c.request_id == bindparam("request_id"),
    )
)


def lock(connection: Connection, instance_id: UUID) -> Head | None:
    """The instance row, locked until the transaction ends; waits at most the lock timeout."""
    row = _lock.one(connection, {"id": instance_id})
    return None if row is None else Head(*row)


def lock_by_task(connection: Connection, task_id: UUID) -> Head | None:
    """The instance row of a task, locked. The task row may be older than the lock: the state
    decides whether the task is still open."""
    row = _lock_by_task.one(connection, {"task_id": task_id})
    return None if row is None else Head(*row)


def send_try_lock(connection: Connection, instance_id: UUID | None) -> Sent:
    """The same without waiting, to be read later: no row if another transaction has locked it
    (PostgreSQL), or it is gone."""
    return _try_lock.send(connection, {"id": instance_id})


def state(connection: Connection, instance_id: UUID) -> bytes:
    """The stored state of an instance."""
    row = _state.one(connection, {"instance_id": instance_id})
    if row is None:
        raise LookupError(f"instance {instance_id} has no state")
    body: bytes = row[0]
    return body


def stored(
    connection: Connection, instance_ids: Collection[UUID]
) -> dict[UUID, tuple[UUID, bytes]]:
    """Instance -> its version and its stored state, for those that exist."""
    rows = connection.execute(
        select(t.instance.c.id, t.instance.c.definition_id, t.instance_state.c.body)
        .join(t.instance_state, t.instance_state.c.instance_id == t.instance.c.id)
        .where(t.instance.c.id.in_(instance_ids))
    )
    return {id: (definition_id, body) for id, definition_id, body in rows}


def create(
    connection: Connection,
    row: dict[str, Any],
    body: bytes,
    event: dict[str, Any],
    changes: RowChanges,
) -> None:
    """A new instance with its state, first event and rows."""
    with together(connection):
        _insert_instance.run(connection, row)
        _insert_state.run(connection, {"instance_id": row["id"], "body": body})
        _insert_event.run(connection, event)
        _write(connection, changes)


def is_taken(error: IntegrityError) -> bool:
    """Whether an insert failed because another transaction has created an instance with this id."""
    said = str(error.orig)
    return "instance.id" in said or '"pk_instance"' in said


def save(
    connection: Connection,
    head: Head,
    new: dict[str, Any],
    body: bytes | None,
    event: dict[str, Any],
    changes: RowChanges,
) -> bool:
    """Write the changes of a step; False if the instance is not at the version that was read.

    `new` has version, status, ended_at; `body` None: the state is unchanged.
    """
    values = {
        "instance": head.id,
        "old_version": head.version,
        "definition_id": head.definition_id,
        "last_seq": event["seq"],
        "last_hash": event["hash"],
        **new,
    }
    with together(connection):
        changing = _advance if new["status"] == head.status else _end
        advanced = changing.send(connection, values)
        if body is not None:
            _write_state.run(connection, {"instance": head.id, "body": body})
        _insert_event.run(connection, event)
        _write(connection, changes)
    return advanced.rowcount == 1


def append(connection: Connection, head: Head, event: dict[str, Any]) -> None:
    """Append an event without changing the state."""
    _insert_event.run(connection, event)
    _touch.run(connection, {"instance": head.id, "seq": event["seq"], "digest": event["hash"]})


def find_request(
    connection: Connection, instance_id: UUID, request_id: str
) -> tuple[int, str, str | None, datetime] | None:
    """(seq, kind, by, at) of the event that carried out this request; None if there is none."""
    row = _find_request.one(connection, {"instance_id": instance_id, "request_id": request_id})
    return None if row is None else (row[0], row[1], row[2], row[3])


_insert_tasks = Hot(insert(t.task))
_insert_candidates = Hot(insert(t.task_candidate))
_end_task = Hot(
    update(t.task)
    .where(t.task.c.id == bindparam("task", type_=ID), t.task.c.status == "open")
    .values(
        status=bindparam("status"), ended_at=bindparam("ended_at"), ended_by=bindparam("ended_by")
    )
)
_move_task = Hot(
    update(t.task)
    .where(t.task.c.id == bindparam("task", type_=ID))
    .values(due_at=bindparam("due_at"))
)
_move_candidates = Hot(
    update(t.task_candidate)
    .where(t.task_candidate.c.task_id == bindparam("task", type_=ID))
    .values(sort_at=bindparam("sort_at"))
)
_delete_candidates = Hot(
    delete(t.task_candidate).where(t.task_candidate.c.task_id == bindparam("task", type_=ID))
)
_insert_jobs = Hot(insert(t.job))
_delete_timer = Hot(
    delete(t.job).where(
        t.job.c.instance_id == bindparam("instance", type_=ID),
        t.job.c.token == bindparam("timer", type_=ID),
    )
)
_insert_subscriptions = Hot(insert(t.subscription))
_delete_subscription = Hot(
    delete(t.subscription).where(
        t.subscription.c.instance_id == bindparam("instance", type_=ID),
        t.subscription.c.token == bindparam("tok", type_=ID),
    )
)
_insert_externals = Hot(
    insert(t.external_task).values(
        {
            column.name: bindparam(column.name, type_=column.type)
            for column in t.external_task.c
            if not column.nullable or column.name == "business_key"
        }
    )
)
_close_incident = Hot(
    update(t.incident)
    .where(
        t.incident.c.id
        == select(t.external_task.c.incident_id)
        .where(
            t.external_task.c.instance_id == bindparam("instance", type_=ID),
            t.external_task.c.token == bindparam("tok", type_=ID),
        )
        .scalar_subquery()
    )
    .values(open=False)
)
_delete_external = Hot(
    delete(t.external_task).where(
        t.external_task.c.instance_id == bindparam("instance", type_=ID),
        t.external_task.c.token == bindparam("tok", type_=ID),
    )
)
_insert_deltas = Hot(insert(t.counter_delta))

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class RowChanges:
    """The changes of a step besides the instance itself; every list may be empty."""

    new_tasks: Rows
    new_candidates: Rows
    ended_tasks: Rows  # task, status, ended_at, ended_by
    moved_tasks: Rows  # task, due_at, sort_at
    new_jobs: Rows
    dropped_timers: Rows  # instance, timer
    new_subscriptions: Rows
    dropped_subscriptions: Rows  # instance, tok
    new_externals: Rows
    dropped_externals: Rows  # instance, tok
    deltas: Rows

    @classmethod
    def none(cls) -> RowChanges:
        """No changes yet."""
        return cls([], [], [], [], [], [], [], [], [], [], [])


def _write(connection: Connection, changes: RowChanges) -> None:
    """Write the changes, one statement for each kind of row with any."""
    _end_task.run_many(connection, changes.ended_tasks)
    _delete_candidates.run_many(connection, changes.ended_tasks)
    _move_task.run_many(connection, changes.moved_tasks)
    _move_candidates.run_many(connection, changes.moved_tasks)
    _insert_tasks.run_many(connection, changes.new_tasks)
    _insert_candidates.run_many(connection, changes.new_candidates)
    _delete_timer.run_many(connection, changes.dropped_timers)
    _insert_jobs.run_many(connection, changes.new_jobs)
    _delete_subscription.run_many(connection, changes.dropped_subscriptions)
    _insert_subscriptions.run_many(connection, changes.new_subscriptions)
    _close_incident.run_many(connection, changes.dropped_externals)
    _delete_external.run_many(connection, changes.dropped_externals)
    _insert_externals.run_many(connection, changes.new_externals)
    _insert_deltas.run_many(connection, changes.deltas)
