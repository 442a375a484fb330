"""Scans of signed documents: which file signs which document, and what that document said.

Owns the table and the SQL on it. A row never changes; the newest one counts. Who may read it is
asked before anything here is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, insert, select

from engine.storage.database.types import ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, one_of


class Signable(StrEnum):
    """A kind of document that is signed on paper and filed back."""

    REMINDER_LETTER = "reminder_letter"
    RECEIPT = "receipt"
    MINUTES = "minutes"


signed_scan = Table(
    "signed_scan",
    metadata,
    Column("id", ID, primary_key=True),
    # NULL for the minutes of a rakor.
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    # The reminder letter, the report of the receipt, or the rakor of the minutes.
    Column("document", WORD, nullable=False),
    Column("about", ID, nullable=False),
    # SHA-256 of what the document said when its scan was filed.
    Column("fingerprint", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    one_of("document", Signable),
    # of_document: the scans of one document in time order
    Index(None, "about", "id"),
    # digests_in_use: is a blob still needed?
    Index(None, "sha256"),
)


@dataclass(frozen=True, slots=True)
class SignedScan:
    """A scan. `fingerprint`: of what its document said then; `size` in bytes."""

    id: UUID
    follow_up_id: UUID | None
    document: str
    about: UUID
    fingerprint: str
    sha256: str
    name: str
    type: str
    size: int
    at: datetime
    by: str | None


COLUMNS = [signed_scan.c[name] for name in SignedScan.__slots__]


def add(connection: Connection, row: SignedScan) -> None:
    """Store a scan; no function changes or removes one."""
    values = {name: getattr(row, name) for name in SignedScan.__slots__}
    connection.execute(insert(signed_scan).values(values))


def of_document(connection: Connection, about: UUID) -> Sequence[SignedScan]:
    """The scans of a document, oldest first."""
    rows = connection.execute(
        select(*COLUMNS).where(signed_scan.c.about == about).order_by(signed_scan.c.id)
    )
    return [SignedScan(*row) for row in rows]


def by_id(connection: Connection, id: UUID) -> SignedScan | None:
    """One scan."""
    row = connection.execute(select(*COLUMNS).where(signed_scan.c.id == id)).one_or_none()
    return None if row is None else SignedScan(*row)
