"""One event a step: what was done, by whom, and which elements were entered, left, cancelled.

Events are chained: each hash covers the one before it, so a changed or missing row shows. The
last hash is a column of the locked instance row; the chain costs no query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

NO_HASH = bytes(32)
"""What the first event of an instance is chained to."""
SHOWN_TEXT = 200
"""Longer texts are named in an event, not repeated: they live in the register."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step as it is told: `at` aware UTC; `details` by kind; element ids in lists."""

    instance_id: UUID
    seq: int
    at: datetime
    kind: str
    by: str | None
    entered: Sequence[str] = ()
    left: Sequence[str] = ()
    cancelled: Sequence[str] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def body_of(
    entered: Sequence[str],
    left: Sequence[str],
    cancelled: Sequence[str],
    changed: Mapping[str, Any],
    details: Mapping[str, Any],
) -> bytes:
    """The compact stored form; empty parts are left out."""
    parts = {"e": entered, "l": left, "x": cancelled, "c": dict(changed), "d": dict(details)}
    return orjson.dumps({key: value for key, value in parts.items() if value}, default=str)


def chained(
    previous: bytes, seq: int, at: datetime, kind: str, by: str | None, body: bytes
) -> bytes:
    """The hash of an event: SHA-256 over the previous hash and everything the row says."""
    head = orjson.dumps([seq, at.astimezone(UTC).isoformat(timespec="microseconds"), kind, by])
    return hashlib.sha256(previous + head + body).digest()


def read(instance_id: UUID, row: Sequence[Any]) -> Event:
    """An event from its columns (seq, at, kind, by, body)."""
    seq, at, kind, by, body = row
    parts = orjson.loads(body)
    return Event(
        instance_id,
        seq,
        at,
        kind,
        by,
        parts.get("e", ()),
        parts.get("l", ()),
        parts.get("x", ()),
        parts.get("c", {}),
        parts.get("d", {}),
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Names of data that changed, with the new value where it is short and plain."""
    changed = {
        name: _shown(value)
        for name, value in after.items()
        if name not in before or before[name] != value
    }
    changed.update({name: None for name in before if name not in after})
    return changed


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= SHOWN_TEXT else "…"
    return value if isinstance(value, int | float | bool | None) else "…"


def broken_link(events: Sequence[tuple[Any, ...]]) -> int | None:
    """The seq at which a chain of rows (seq, at, kind, by, body, hash) breaks, or None."""
    previous = NO_HASH
    for expected, (seq, at, kind, by, body, digest) in enumerate(events, start=1):
        if seq != expected or chained(previous, seq, at, kind, by, body) != digest:
            return expected
        previous = digest
    return None
