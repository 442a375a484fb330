"""Counters: folded sums plus the deltas that steps append.

If every step updated one row, commits would wait for each other. So a step appends +1 or -1, and
`fold` adds the deltas up later. A read adds both, so it is always right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, func, select, union_all
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from uuid_utils.compat import uuid7

from engine.storage.tables import counter, counter_delta


def delta_row(name: str, key: str, delta: int) -> dict[str, Any]:
    """A change of a counter, to be folded later."""
    return {"id": uuid7(), "name": name, "key": key, "delta": delta}


def read(connection: Connection, name: str) -> dict[str, int]:
    """The counters of a name by key, without zeros."""
    both = union_all(
        select(counter.c.key, counter.c.value.label("value")).where(counter.c.name == name),
        select(counter_delta.c.key, counter_delta.c.delta).where(counter_delta.c.name == name),
    ).subquery()
    rows = connection.execute(select(both.c.key, func.sum(both.c.value)).group_by(both.c.key))
    return {key: int(value) for key, value in rows if value}


def read_all(connection: Connection, names: Collection[str]) -> dict[str, dict[str, int]]:
    """The counters of several names, each in the form of `read`; one statement."""
    both = union_all(
        select(counter.c.name, counter.c.key, counter.c.value.label("value")).where(
            counter.c.name.in_(names)
        ),
        select(counter_delta.c.name, counter_delta.c.key, counter_delta.c.delta).where(
            counter_delta.c.name.in_(names)
        ),
    ).subquery()
    sums = select(both.c.name, both.c.key, func.sum(both.c.value)).group_by(both.c.name, both.c.key)
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, key, value in connection.execute(sums):
        if value:
            found[name][key] = int(value)
    return found


def fold(connection: Connection) -> int:
    """Add all deltas to their counters; return the number of deltas."""
    rows = connection.execute(
        delete(counter_delta).returning(
            counter_delta.c.name, counter_delta.c.key, counter_delta.c.delta
        )
    ).all()
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for name, key, delta in rows:
        sums[name, key] += delta
    if sums:
        insert = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
        added = insert(counter)
        connection.execute(
            added.on_conflict_do_update(
                index_elements=[counter.c.name, counter.c.key],
                set_={"value": counter.c.value + added.excluded.value},
            ),
            [{"name": n, "key": k, "value": v} for (n, k), v in sorted(sums.items())],
        )
    return len(rows)
