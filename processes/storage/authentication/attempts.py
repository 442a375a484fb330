"""Table and questions of attempts that are limited: how often, and when last, per digested key.

Owns the counting rows. Must not know how long anybody has to wait
(`processes.authentication.throttle`).
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
    """How often something was tried under one key, and when last."""

    count: int
    last_at: datetime


def locked(connection: Connection, digest: str, now: datetime) -> Attempts:
    """The attempts counted under one key. The row is made if there is none and locked until the
    transaction ends: of attempts at the same moment, the first ones too, each sees those before."""
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
    """Count one attempt less for a key. If none came after the one at `at`, the last one is again
    that of `before`."""
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
    """Remove what was last counted before that time."""
    connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.last_at < before))
