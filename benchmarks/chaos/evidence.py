"""The tables after the run, read with plain SQL: no statement of the product is used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from benchmarks.chaos.databases import Rows, Store, as_id, as_time, columns
from benchmarks.chaos.model import KEY

Ids = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the history, its body as stored and as read."""

    instance_id: UUID
    seq: int
    at: datetime
    kind: str
    by: str | None
    request_id: str | None
    body: bytes
    hash: bytes

    @property
    def parts(self) -> dict[str, Any]:
        """The body: e entered, l left, x cancelled, c changed, d details."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def details(self) -> dict[str, Any]:
        """The event's own details."""
        found: dict[str, Any] = self.parts.get("d", {})
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """An instance with all its rows. The tokens of its waits come from the rows."""

    id: UUID
    business_key: str
    status: str
    last_seq: int
    last_hash: bytes
    state: bytes
    events: Sequence[Event]
    open_tasks: Mapping[UUID, tuple[UUID, str]]
    """Token -> (task, element)."""
    timers: Mapping[UUID, datetime]
    """Token -> due time of its timer."""
    subscriptions: Ids
    externals: Ids
    """Tokens of external tasks."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All cases, and the rows that should not exist."""

    cases: Sequence[Case]
    task_status: Mapping[UUID, str]
    strays: Mapping[str, int]
    """Rows that no act of this run may leave: dead letters, incidents, kept messages, ..."""

    def events(self) -> list[Event]:
        """The events of all cases."""
        return [event for case in self.cases for event in case.events]


STRAYS = {
    "dead letters": "SELECT count(*) FROM job WHERE status = 'dead'",
    "incidents": "SELECT count(*) FROM incident",
    "kept messages": "SELECT count(*) FROM message",
    "jobs without their case": "SELECT count(*) FROM job WHERE instance_id IS NOT NULL"
    " AND instance_id NOT IN (SELECT id FROM instance)",
    "events without their case": "SELECT count(*) FROM event"
    " WHERE instance_id NOT IN (SELECT id FROM instance)",
}


def gather(store: Store) -> Evidence:
    """Read all tables as they are at one moment."""
    with store.snapshot() as rows:
        return _gathered(rows)


def _gathered(rows: Rows) -> Evidence:
    events = _by_instance(
        Event(*row)
        for row in columns(
            rows,
            'SELECT instance_id, seq, at, kind, "by", request_id, body, hash FROM event'
            " ORDER BY instance_id, seq",
            as_id, None, as_time, None, None, None, bytes, bytes,
        )
    )  # fmt: skip
    tasks = columns(
        rows, "SELECT instance_id, token, id, element_id, status FROM task",
        as_id, as_id, as_id, None, None,
    )  # fmt: skip
    timers = columns(
        rows, "SELECT instance_id, token, due_at FROM job WHERE kind = 'timer'",
        as_id, as_id, as_time,
    )  # fmt: skip
    outside = columns(rows, "SELECT instance_id, token FROM external_task", as_id, as_id)
    listening = columns(rows, "SELECT instance_id, token FROM subscription", as_id, as_id)
    instances = columns(
        rows,
        "SELECT i.id, i.business_key, i.status, i.last_seq, i.last_hash, s.body FROM instance i"
        f" LEFT JOIN instance_state s ON s.instance_id = i.id WHERE i.key = '{KEY}'",
        as_id, None, None, None, bytes, bytes,
    )  # fmt: skip
    cases = [
        Case(
            id, business_key, status, last_seq, last_hash, state,
            events.get(id, []),
            {token: (task, element) for of, token, task, element, now in tasks
             if of == id and now == "open"},
            {token: due_at for of, token, due_at in timers if of == id},
            frozenset(token for of, token in listening if of == id),
            frozenset(token for of, token in outside if of == id),
        )
        for id, business_key, status, last_seq, last_hash, state in instances
    ]  # fmt: skip
    strays = {name: int(rows(query)[0][0]) for name, query in STRAYS.items()}
    return Evidence(cases, {task[2]: task[4] for task in tasks}, strays)


def _by_instance(events: Any) -> dict[UUID, list[Event]]:
    found: dict[UUID, list[Event]] = {}
    for event in events:
        found.setdefault(event.instance_id, []).append(event)
    return found


def expected_hash(previous: bytes, event: Event) -> bytes:
    """The hash of a new event (its second form), computed without the product's code."""
    at = event.at.isoformat(timespec="microseconds")
    facts = [2, str(event.instance_id), event.seq, at, event.kind, event.by, event.request_id]
    head = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + head.encode() + event.body).digest()
