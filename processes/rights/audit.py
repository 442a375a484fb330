"""The audit: acts that belong to no case, such as sign-ins, roles, releases, settings, file reads.

Owns the content of an entry and the chain: each hash covers the one before, from the first row, so
that a changed, inserted or removed entry shows. Must not know pages or readers. Cases have their
own history in the engine, chained in the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import orjson
from sqlalchemy import Connection

from processes.rights.access import Scope, may
from processes.storage.rights import audit as table
from processes.storage.rights.audit import GENESIS, AuditEntry


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

    Locks the head of the chain until the transaction ends: call it last, after slow work.
    """
    seq, previous = table.lock_head(connection)
    entry = AuditEntry(
        seq=seq + 1,
        at=now.astimezone(UTC),
        by=by,
        act=act,
        subject=subject,
        address=address,
        details=dict(details or {}),
        hash=b"",
        form=FORM,
    )
    table.insert_entry(connection, replace(entry, hash=_hash(previous, entry)))


@dataclass(frozen=True, slots=True)
class Chain:
    """The result of a check: the number of entries that hold, and the number of the first that does
    not. `last_hash`: the hash of the last entry that holds, to be noted elsewhere."""

    intact: int
    broken_at: int | None
    last_hash: bytes = GENESIS


def verify(connection: Connection, known: tuple[int, bytes] = (0, GENESIS)) -> Chain:
    """Recompute every hash from the first entry on; read the whole table in batches.

    A removed tail shows too, because the head remembers the length of the chain. `known`: number
    and hash of an earlier entry; with it a chain that was rewritten as a whole, or shortened
    together with its head, also shows. Entries appended meanwhile are left for the next check.
    """
    last_seq, last_hash = table.head(connection)
    seq, previous = 0, GENESIS
    try:
        for entry in table.all_entries(connection):
            if entry.seq > last_seq:
                break
            known_otherwise = entry.seq == known[0] and entry.hash != known[1]
            if known_otherwise or entry.seq != seq + 1 or not _holds(previous, entry):
                return Chain(seq, seq + 1, previous)
            seq, previous = entry.seq, entry.hash
    except (TypeError, ValueError):  # a value whose kind no entry has
        return Chain(seq, seq + 1, previous)
    ends_well = (seq, previous) == (last_seq, last_hash) and seq >= known[0]
    return Chain(seq, None if ends_well else seq + 1, previous)


def read(
    connection: Connection,
    scope: Scope,
    *,
    subject: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[AuditEntry]:
    """A page of entries, newest first. Raises `Forbidden`."""
    may(scope, "read_audit")
    return table.page_of_audit(connection, subject=subject, before=before, limit=limit)


def _first_form(entry: AuditEntry) -> Mapping[str, object]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "act": entry.act,
        "subject": entry.subject,
        "address": entry.address,
        "details": entry.details,
    }


FORMS: Final[Mapping[int, Callable[[AuditEntry], Mapping[str, object]]]] = {1: _first_form}
"""Number of a form -> what the hash of an entry covers beside the hash before it. An entry keeps
the number it was made with: a new form is added, an old one never changed."""
FORM: Final = max(FORMS)
"""The form of new entries."""


def _holds(previous: bytes, entry: AuditEntry) -> bool:
    return entry.form in FORMS and entry.hash == _hash(previous, entry)


def _hash(previous: bytes, entry: AuditEntry) -> bytes:
    """SHA-256 over the previous hash and the facts as canonical JSON (sorted keys, UTC times)."""
    facts = orjson.dumps(FORMS[entry.form](entry), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous + facts).digest()
