"""Table and statements of the audit: acts that belong to no case, chained by hashes.

Owns the rows and the head of the chain. Must not know which acts are recorded
(`processes.rights.audit` and the use cases decide).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    insert,
    select,
    update,
)

from engine.storage.database.types import DATA, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.upsert import insert_once

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(60), nullable=False),
    Column("act", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("address", String(60), nullable=False),
    Column("details", DATA, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    # The form in `processes.rights.audit.FORMS` that made the hash.
    Column("form", SmallInteger, nullable=False, server_default="1"),
    # page_of_audit filtered by subject: all acts on this account
    Index("ix_audit_subject", "subject", "seq"),
)

# One row. Each append updates it first, so appends queue here and the chain has no forks. The audit
# is written a few times a minute, never by a step of a case.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One recorded act. `subject` is `kind:name`, for example `user:kemhan`."""

    seq: int
    at: datetime
    by: str
    act: str
    subject: str
    address: str
    details: dict[str, object]
    hash: bytes
    form: int


ENTRY = [audit.c[name] for name in AuditEntry.__slots__]


def lock_head(connection: Connection) -> tuple[int, bytes]:
    """The last number and hash, locked until the transaction ends."""
    insert_once(connection, audit_head, {"id": 1, "seq": 0, "hash": GENESIS})
    found = connection.execute(
        select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1).with_for_update()
    ).one()
    return found.seq, found.hash


def head(connection: Connection) -> tuple[int, bytes]:
    """The present last number and hash."""
    found = connection.execute(
        select(audit_head.c.seq, audit_head.c.hash).where(audit_head.c.id == 1)
    ).one_or_none()
    return (found.seq, found.hash) if found else (0, GENESIS)


def insert_entry(connection: Connection, entry: AuditEntry) -> None:
    """Store an entry and make it the head."""
    values = {name: getattr(entry, name) for name in AuditEntry.__slots__}
    connection.execute(insert(audit).values(values))
    connection.execute(
        update(audit_head).where(audit_head.c.id == 1).values(seq=entry.seq, hash=entry.hash)
    )


def entries_from(connection: Connection, seq: int, limit: int) -> list[AuditEntry]:
    """Up to `limit` entries with a number above `seq`, in order."""
    found = connection.execute(
        select(*ENTRY).where(audit.c.seq > seq).order_by(audit.c.seq).limit(limit)
    )
    return [AuditEntry(*row) for row in found]


def all_entries(connection: Connection, batch: int = 1000) -> Iterator[AuditEntry]:
    """Every entry in order, read in batches. Raises TypeError or ValueError at the first that
    cannot be read: SQLite stores any value written past the product."""
    seq = 0
    while True:
        try:
            rows = entries_from(connection, seq, batch)
        except (TypeError, ValueError):
            if batch == 1:
                raise
            batch = 1
            continue
        if not rows:
            return
        yield from rows
        seq = rows[-1].seq


def page_of_audit(
    connection: Connection, *, subject: str | None, before: int | None, limit: int
) -> list[AuditEntry]:
    """A page of entries, newest first, below number `before`."""
    question = select(*ENTRY).order_by(audit.c.seq.desc()).limit(limit)
    if subject is not None:
        question = question.where(audit.c.subject == subject)
    if before is not None:
        question = question.where(audit.c.seq < before)
    return [AuditEntry(*row) for row in connection.execute(question)]
