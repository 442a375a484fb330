"""One event for each step: the command, its author, and the elements entered, left and cancelled.

Events form a chain: each hash covers the hash before it, so a changed or missing row shows. The
last hash is a column of the locked instance row; the chain costs no query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

NO_HASH = bytes(32)
"""The hash before the first event of an instance."""
SHOWN_TEXT = 200
"""Longer texts are named in an event, not repeated: the register keeps them."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step for readers: `at` is aware UTC; `details` depend on the kind; element ids are lists;
    `changed`: the variables of the process instance; `scoped`: the variables of other scopes, by
    path (element ids)."""

    instance_id: UUID
    seq: int
    at: datetime
    kind: str
    by: str | None
    entered: Sequence[str] = ()
    left: Sequence[str] = ()
    cancelled: Sequence[str] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)
    scoped: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def body_of(
    entered: Sequence[str],
    left: Sequence[str],
    cancelled: Sequence[str],
    written: Mapping[str, Mapping[str, Any]],
    details: Mapping[str, Any],
) -> bytes:
    """The compact stored form; empty parts are left out. `written`: the variables by path of their
    scope, empty for the process instance; only short and plain values are repeated."""
    told = {
        path: {name: _shown(one) for name, one in values.items()}
        for path, values in written.items()
    }
    own = told.pop("", {})
    parts = {"e": entered, "l": left, "x": cancelled, "c": own, "s": told, "d": dict(details)}
    return orjson.dumps({key: value for key, value in parts.items() if value}, default=str)


class Link(NamedTuple):
    """An event in its chain: all columns of its row except the hash."""

    instance_id: UUID
    seq: int
    at: datetime
    kind: str
    by: str | None
    request_id: str | None
    body: bytes


def _first_form(link: Link) -> bytes:
    return orjson.dumps([link.seq, _moment(link.at), link.kind, link.by]) + link.body


def _second_form(link: Link) -> bytes:
    """The form that also covers the instance and the request, so that no chain can replace
    another's."""
    facts = [2, link.instance_id, link.seq, _moment(link.at), link.kind, link.by, link.request_id]
    return orjson.dumps(facts) + link.body


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


FORMS: Mapping[int, Callable[[Link], bytes]] = {1: _first_form, 2: _second_form}
"""Number of a form -> the bytes that an event's hash covers besides the hash before it. A row keeps
the number of its form: new forms are added, old ones never change."""
FORM = max(FORMS)
"""The form of new events."""


def chained(previous: bytes, link: Link, form: int = FORM) -> bytes:
    """The hash of an event: SHA-256 over the previous hash and the bytes of its form. Raises
    KeyError for a form of a later version."""
    return hashlib.sha256(previous + FORMS[form](link)).digest()


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
        parts.get("s", {}),
        parts.get("d", {}),
    )


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= SHOWN_TEXT else "…"
    return value if isinstance(value, int | float | bool | None) else "…"


def broken_link(
    links: Iterable[tuple[Link, int, bytes]], last_seq: int, last_hash: bytes
) -> int | None:
    """The seq at which the chain of an instance breaks, or None. `links`: each event with its form
    and hash, in order. The instance row holds the length of the chain, so a missing tail shows."""
    seq, previous = 0, NO_HASH
    try:
        for link, form, digest in links:
            if link.seq != seq + 1 or form not in FORMS or chained(previous, link, form) != digest:
                return seq + 1
            seq, previous = link.seq, digest
    except (AttributeError, TypeError):  # a value whose kind no event has
        return seq + 1
    return None if seq and (seq, previous) == (last_seq, last_hash) else seq + 1
