"""Table and statements of failed attempts on an account since its owner last signed in.

Owns one row for each account with failures. Must not know how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Connection, ForeignKey, Integer, String, Table, delete, update

from engine.storage.database.types import UtcDateTime
from processes.storage.schema import metadata
from processes.storage.upsert import insert_once

failed_sign_in = Table(
    "failed_sign_in",
    metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("address", String(60), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Failed:
    """The number of wrong passwords, with time and address of the last one."""

    count: int
    last_at: datetime
    address: str


def note(connection: Connection, user_id: UUID, now: datetime, address: str) -> None:
    """Count one more failure."""
    insert_once(connection, failed_sign_in, {"user_id": user_id, "failures": 0, **_last(now, "")})
    connection.execute(
        update(failed_sign_in)
        .where(failed_sign_in.c.user_id == user_id)
        .values(failures=failed_sign_in.c.failures + 1, **_last(now, address))
    )


def take(connection: Connection, user_id: UUID) -> Failed | None:
    """Return the failures and remove them: the next count begins anew."""
    row = failed_sign_in.c
    found = connection.execute(
        delete(failed_sign_in)
        .where(row.user_id == user_id)
        .returning(row.failures, row.last_at, row.address)
    ).one_or_none()
    return Failed(*found) if found else None


def _last(now: datetime, address: str) -> dict[str, object]:
    return {"last_at": now, "address": address[:60]}
