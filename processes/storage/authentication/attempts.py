"""Table and statements of limited attempts: their number and last time, by digested key.

Owns the counting rows. Must not know the waiting times (`processes.authentication.throttle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    case,
    delete,
    literal,
    select,
    update,
)

from engine.storage.database.types import UtcDateTime
from processes.storage.schema import metadata
from processes.storage.upsert import insert_once

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    # A digest: people type passwords into the name field.
    Column("digest", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    # forget: the daily cleaning.
    Index("ix_sign_in_attempt_last_at", "last_at"),
)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The number of attempts under one key, and the time of the last."""

    count: int
    last_at: datetime


def locked(connection: Connection, digest: str, now: datetime) -> Attempts:
    """The attempts counted under one key. A missing row is created, and the row is locked until
    the transaction ends. So of simultaneous attempts, the first ones too, each reads the earlier
    ones."""
    insert_once(connection, sign_in_attempt, {"digest": digest, "failures": 0, "last_at": now})
    found = connection.execute(
        select(sign_in_attempt.c.failures, sign_in_attempt.c.last_at)
        .where(sign_in_attempt.c.digest == digest)
        .with_for_update()
    ).one()
    return Attempts(*found)


def count(connection: Connection, digest: str, count: int, now: datetime) -> None:
    """Set the number of attempts of a locked key."""
    connection.execute(
        update(sign_in_attempt)
        .where(sign_in_attempt.c.digest == digest)
        .values(failures=count, last_at=now)
    )


def take_back(connection: Connection, digest: str, at: datetime, before: datetime) -> None:
    """Subtract one attempt of a key. If none came after the one at `at`, the time of the last one
    is `before` again."""
    last_at = sign_in_attempt.c.last_at
    connection.execute(
        update(sign_in_attempt)
        .where(sign_in_attempt.c.digest == digest, sign_in_attempt.c.failures > 0)
        .values(
            failures=sign_in_attempt.c.failures - 1,
            last_at=case((last_at == at, literal(before, UtcDateTime)), else_=last_at),
        )
    )


def forget(connection: Connection, before: datetime) -> None:
    """Remove keys whose last attempt is older."""
    connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.last_at < before))
