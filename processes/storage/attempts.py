"""Table and questions of failed sign-ins: how often, and when last, per digested key.

Owns the counting rows. Must not know how long anybody has to wait (`processes.throttle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, String, Table, delete, select, update

from engine.storage.types import UtcDateTime
from processes.storage.schema import metadata
from processes.storage.upsert import upsert

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
class Failures:
    """How often one key (account and address, or address) failed, and when last."""

    count: int
    last_at: datetime


def failures(connection: Connection, digest: str) -> Failures | None:
    """The failed attempts counted under one key; locked, so that attempts at once are counted."""
    found = connection.execute(
        select(sign_in_attempt.c.failures, sign_in_attempt.c.last_at)
        .where(sign_in_attempt.c.digest == digest)
        .with_for_update()
    ).one_or_none()
    return Failures(*found) if found else None


def count_failure(connection: Connection, digest: str, count: int, now: datetime) -> None:
    """Set the number of failures of a key."""
    upsert(connection, sign_in_attempt, {"digest": digest}, {"failures": count, "last_at": now})


def forgive(connection: Connection, digest: str) -> None:
    """Forget the failures of a key."""
    connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.digest == digest))


def take_back(connection: Connection, digest: str) -> None:
    """Count one failure less for a key."""
    connection.execute(
        update(sign_in_attempt)
        .where(sign_in_attempt.c.digest == digest, sign_in_attempt.c.failures > 0)
        .values(failures=sign_in_attempt.c.failures - 1)
    )


def forget(connection: Connection, before: datetime) -> None:
    """Remove what was last counted before that time."""
    connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.last_at < before))
