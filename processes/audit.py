"""The record of everything that is not a case: sign-ins, roles, releases, settings, file reads.

Owns what an entry contains and how entries are chained: each hash covers the one before, from the
first row, so that a changed, inserted or removed entry shows. Must not know pages or who may read.
Cases have their own history in the engine, chained the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection

from processes.access import Scope, may
from processes.storage import audit as table
from processes.storage.audit import GENESIS, Entry


def record(
    connection: Connection,
    by: str,
    act: str,
    subject: str,
    *,
    now: datetime,
    address: str = "",
    details: Mapping[str, object] | None = None,
) -> None:
    """Append an entry. `subject` is `kind:name`, `details` JSON and never a secret.

    Locks the head of the chain until the transaction ends: record last, after slow work.
    """
    seq, previous = table.lock_head(connection)
    entry = Entry(
        seq=seq + 1,
        at=now.astimezone(UTC),
        by=by,
        act=act,
        subject=subject,
        address=address,
        details=dict(details or {}),
        hash=b"",
    )
    table.insert_entry(connection, replace(entry, hash=_hash(previous, entry)))


@dataclass(frozen=True, slots=True)
class Chain:
    """What checking found: how many entries hold, and the number of the first that does not."""

    intact: int
    broken_at: int | None


def verify(connection: Connection) -> Chain:
    """Recompute every hash from the first entry on; reads the whole table in batches.

    A removed tail shows too: the head remembers how far the chain went.
    """
    seq, previous = 0, GENESIS
    for entry in table.all_entries(connection):
        if entry.seq != seq + 1 or entry.hash != _hash(previous, entry):
            return Chain(intact=seq, broken_at=seq + 1)
        seq, previous = entry.seq, entry.hash
    ends_well = (seq, previous) == table.head(connection)
    return Chain(intact=seq, broken_at=None if ends_well else seq + 1)


def read(
    connection: Connection,
    scope: Scope,
    *,
    subject: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Entry]:
    """A page of entries, newest first. Raises `Forbidden`."""
    may(scope, "read_audit")
    return table.page_of_audit(connection, subject=subject, before=before, limit=limit)


def _hash(previous: bytes, entry: Entry) -> bytes:
    """SHA-256 over the previous hash and the entry as canonical JSON (sorted keys, UTC times)."""
    facts = {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "act": entry.act,
        "subject": entry.subject,
        "address": entry.address,
        "details": entry.details,
    }
    return hashlib.sha256(previous + orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).digest()
