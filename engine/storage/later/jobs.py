"""The `job` table: all later work, and the statements of the job loop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from uuid_utils.compat import uuid7

from engine.language.values import to_json
from engine.records.states import JobStatus
from engine.sentences.sentence import Sentence
from engine.storage.cases import steps
from engine.storage.cases.incidents import dump_sentence, load_sentence
from engine.storage.cases.steps import Head
from engine.storage.database.hot import Hot, together
from engine.storage.database.types import ID, UtcDateTime
from engine.storage.tables import job

READY: ColumnElement[str] = literal_column("'ready'")
DEAD: ColumnElement[str] = literal_column("'dead'")
"""A constant in the statement text: the planner uses a partial index only if it sees the
constant."""


def job_row(
    kind: str,
    due_at: datetime,
    payload: dict[str, Any],
    *,
    instance_id: UUID | None = None,
    token: UUID | None = None,
) -> dict[str, Any]:
    """A new row of `job`. Raises LanguageError for a payload beyond the limits of the language,
    because it could not be read again."""
    return {
        "id": uuid7(),
        "kind": kind,
        "due_at": due_at,
        "instance_id": instance_id,
        "token": token,
        "payload": {name: to_json(value, name) for name, value in payload.items()},
        "status": JobStatus.READY,
        "attempts": 0,
        "error": None,
    }


@dataclass(frozen=True, slots=True)
class Job:
    """A row of `job`. `attempts` counts failed runs; `error` is the reason of the last failure."""

    id: UUID
    kind: str
    due_at: datetime
    instance_id: UUID | None
    token: UUID | None
    payload: dict[str, Any]
    attempts: int
    error: Sentence | None = None


_COLUMNS = (
    job.c.id, job.c.kind, job.c.due_at, job.c.instance_id, job.c.token, job.c.payload,
    job.c.attempts,
)  # fmt: skip

_due = Hot(
    select(*_COLUMNS)
    .where(job.c.status == READY, job.c.due_at <= bindparam("now", type_=UtcDateTime()))
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("most"))
)
_take = Hot(
    delete(job)
    .where(job.c.id == bindparam("id", type_=ID), job.c.status == READY)
    .returning(job.c.id)
)
_lease = Hot(
    update(job)
    .where(
        job.c.id == bindparam("job", type_=ID),
        job.c.status == READY,
        job.c.due_at == bindparam("was_due", type_=UtcDateTime()),
    )
    .values(due_at=bindparam("until"), attempts=job.c.attempts + 1)
    .returning(job.c.id)
)
_earliest = Hot(select(func.min(job.c.due_at)).where(job.c.status == READY))


def due(connection: Connection, now: datetime, most: int) -> list[Job]:
    """The oldest due jobs in order, not locked."""
    return [Job(*row) for row in _due.all(connection, {"now": now, "most": most})]


def add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Store jobs outside a step of an instance."""
    if rows:
        connection.execute(insert(job), rows)


def take(connection: Connection, job_id: UUID) -> bool:
    """Delete a job; False if it was cancelled or another worker did it meanwhile."""
    return _take.one(connection, {"id": job_id}) is not None


def drop(connection: Connection, kinds: Collection[str], token: UUID) -> None:
    """Delete all jobs of these kinds with this token, dead ones too."""
    connection.execute(delete(job).where(job.c.kind.in_(kinds), job.c.token == token))


def take_with_instance(connection: Connection, found: Job) -> Head | None:
    """Lock a job's instance, then delete the job: in this order, in one round trip.

    None if another transaction has either; then the caller must roll back.
    """
    with together(connection):
        locked = steps.send_try_lock(connection, found.instance_id)
        taken = _take.send(connection, {"id": found.id})
    head, row = locked.first(), taken.first()
    return Head(*head) if head is not None and row is not None else None


def lease(connection: Connection, found: Job, until: datetime) -> bool:
    """Lease a job until `until` and count the attempt; False if another worker has it."""
    values = {"job": found.id, "was_due": found.due_at, "until": until}
    return _lease.one(connection, values) is not None


def earliest(connection: Connection) -> datetime | None:
    """The due time of the next job."""
    row = _earliest.one(connection, {})
    return row[0] if row else None


def push_back(
    connection: Connection, job_id: UUID, due_at: datetime, attempts: int, error: Sentence
) -> None:
    """Set a later due time."""
    _failed(connection, job_id, due_at=due_at, attempts=attempts, error=dump_sentence(error))


def bury(connection: Connection, job_id: UUID, attempts: int, error: Sentence) -> None:
    """Make the job a dead letter: kept for an operator, not tried again."""
    _failed(
        connection, job_id, status=JobStatus.DEAD, attempts=attempts, error=dump_sentence(error)
    )


class _Columns(TypedDict, total=False):
    """The columns of a failed job that change."""

    status: JobStatus
    due_at: datetime
    attempts: int
    error: list[Any]


def _failed(connection: Connection, job_id: UUID, **columns: Unpack[_Columns]) -> None:
    connection.execute(update(job).where(job.c.id == job_id).values(**columns))


def revive(connection: Connection, job_id: UUID, now: datetime) -> bool:
    """Try a dead letter again, on an operator's request."""
    revived = connection.execute(
        update(job)
        .where(job.c.id == job_id, job.c.status == JobStatus.DEAD)
        .values(status=JobStatus.READY, due_at=now, attempts=0)
    )
    return revived.rowcount == 1


def dead(
    connection: Connection,
    most: int = 200,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
) -> list[Job]:
    """Dead letters, oldest first: those behind `after`, or those before `before`, backwards."""
    wanted = select(*_COLUMNS, job.c.error).where(job.c.status == DEAD).limit(most)
    if before is not None:
        wanted = wanted.where(job.c.id < before).order_by(job.c.id.desc())
    else:
        wanted = wanted.where(*([job.c.id > after] if after else [])).order_by(job.c.id)
    rows = connection.execute(wanted)
    return [replace(Job(*row[:-1]), error=row[-1] and load_sentence(row[-1])) for row in rows]


def count_dead(connection: Connection) -> int:
    """The number of dead letters."""
    dead_ones = select(func.count()).select_from(job).where(job.c.status == DEAD)
    return connection.execute(dead_ones).scalar_one()


def count_by_status(connection: Connection) -> dict[str, int]:
    """The number of jobs in each state."""
    rows = connection.execute(select(job.c.status, func.count()).group_by(job.c.status))
    return dict(rows.all())
