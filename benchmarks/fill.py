"""A database after years: the server copies the rows of one real instance many times.

The copies are never stepped: their rows have their own ids, the stored state is the original's.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, text

from engine import Engine
from engine.storage import tables as t

GROUPS = 500
"""Number of principals with open tasks."""
SPREAD_DAYS = 365
COPY = "copy"
"""Beginning of a copy's business key, with the number of the call."""


def copy_instances(
    engine: Engine, template: UUID, count: int, *, ended_tasks: int = 4, events: int = 20
) -> None:
    """Make `count` copies of an instance: state, open or external task, candidate, timers; with so
    many ended tasks and events each."""
    with engine.transaction() as connection:
        known = template.hex if engine.database.is_sqlite else template
        ids: dict[str, object] = {"template": known, "copy": f"{COPY}-{uuid4()}"}
        _run(connection, _instances(connection), ids | {"count": count})
        _run(connection, "ANALYZE instance", {})
        for table in (t.instance_state, t.subscription):
            _run(connection, _per_instance(connection, table), ids)
        _run(connection, _per_instance(connection, t.job, due_at=_later(connection)), ids)
        tokens = _id(connection)
        _run(connection, _per_instance(connection, t.external_task, token=tokens), ids)
        _tasks(connection, ids, ended_tasks)
        numbers = _numbers(connection, events)
        copied = _per_instance(
            connection, t.event, f", {numbers} AS n", "AND r.seq = 1", seq="n.n", request_id="NULL"
        )
        _run(connection, copied, ids)
    with engine.transaction() as connection:
        _run(connection, "ANALYZE", {})


def copy_timers(engine: Engine, template: UUID, count: int) -> None:
    """Make `count` more waiting timers like those of an instance, of cases that nobody opens."""
    with engine.transaction() as connection:
        values = {
            "id": _id(connection),
            "instance_id": _id(connection),
            "due_at": _later(connection),
        }
        columns = [column.name for column in t.job.columns]
        chosen = ", ".join(values.get(name, f"r.{name}") for name in columns)
        _run(
            connection,
            f"INSERT INTO job ({', '.join(columns)}) SELECT {chosen}"
            f" FROM job r, {_numbers(connection, ':count')} AS n WHERE r.instance_id = :template",
            {"template": template, "count": count},
        )
    with engine.transaction() as connection:
        _run(connection, "ANALYZE job", {})


def _tasks(connection: Connection, ids: Mapping[str, object], ended: int) -> None:
    opened = _per_instance(connection, t.task, "", "AND r.status = 'open'")
    _run(connection, opened, ids)
    numbers = _numbers(connection, ended)
    closed = _per_instance(
        connection,
        t.task,
        f", {numbers} AS n",
        "AND r.status = 'open'",
        status="'completed'",
        ended_at="r.created_at",
        ended_by="'ani'",
    )
    _run(connection, closed, ids)
    group = f"'group:unit-' || (abs({_random(connection)}) % {GROUPS})"
    _run(
        connection,
        f"INSERT INTO task_candidate (principal, task_id, sort_at) SELECT {group}, r.id,"
        f" {_later(connection, 'r.created_at')} FROM task r"
        f" WHERE r.status = 'open' AND r.business_key = :copy",
        ids,
    )


def _instances(connection: Connection) -> str:
    values = {"id": _id(connection), "business_key": "CAST(:copy AS VARCHAR)"}
    columns = [column.name for column in t.instance.columns]
    chosen = ", ".join(values.get(name, f"r.{name}") for name in columns)
    return (
        f"INSERT INTO instance ({', '.join(columns)}) SELECT {chosen}"
        f" FROM instance r, {_numbers(connection, ':count')} AS n WHERE r.id = :template"
    )


def _per_instance(
    connection: Connection, table: Table, times: str = "", where: str = "", **values: str
) -> str:
    """A copy of the template's rows of a table for each copied instance."""
    known = {
        "instance_id": "i.id",
        "business_key": "i.business_key",
        "id": _id(connection),
    } | values
    columns = [column.name for column in table.columns]
    chosen = ", ".join(known.get(name, f"r.{name}") for name in columns)
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {chosen}"
        f" FROM instance i, {table.name} r{times}"
        f" WHERE r.instance_id = :template AND i.business_key = :copy {where}"
    )


def _run(connection: Connection, statement: str, values: Mapping[str, object]) -> None:
    connection.execute(text(statement), values)


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _id(connection: Connection) -> str:
    return "lower(hex(randomblob(16)))" if _is_sqlite(connection) else "gen_random_uuid()"


def _random(connection: Connection) -> str:
    return "random()" if _is_sqlite(connection) else "(random() * 1000000)::int"


def _later(connection: Connection, moment: str = "r.due_at") -> str:
    """A time between one month and thirteen after a column's."""
    if _is_sqlite(connection):
        days = f"'+' || (30 + abs(random()) % {SPREAD_DAYS}) || ' days'"
        return f"strftime('%Y-%m-%d %H:%M:%f000', {moment}, {days})"
    return f"{moment} + interval '30 days' + random() * interval '{SPREAD_DAYS} days'"


def _numbers(connection: Connection, count: int | str) -> str:
    """A table `n(n)` of 1 to `count`."""
    if _is_sqlite(connection):
        return (
            "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
            f" WHERE n < {count}) SELECT n FROM n)"
        )
    return f"(SELECT generate_series AS n FROM generate_series(1, {count}))"
