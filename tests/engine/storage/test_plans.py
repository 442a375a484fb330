"""Every frequent statement finds its rows by an index: the planner of both databases is asked, in a
database with thousands of cases, about the statements that the engine sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine as SqlEngine

from benchmarks.fill import copy_instances
from benchmarks.model import DATA, KEY, lifecycle
from engine import Engine
from engine.storage.cases import instances, steps, worklist
from engine.storage.cases.instances import Instance
from engine.storage.later import externals, jobs, messages
from engine.storage.later.externals import TopicWanted
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open

CASES = 3_000
Sent = list[tuple[Any, Any]]


@pytest.fixture
def sent() -> Iterator[Sent]:
    """The statements that drivers were given, with their parameters (SQLite: filled in)."""
    seen: Sent = []

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            seen.append((query, params))
            return super().execute(query, params, **options)

    def put_in(dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]) -> None:
        if dialect.name == "postgresql":
            options["cursor_factory"] = Cursor

    def trace(raw: Any, _record: Any) -> None:
        if hasattr(raw, "set_trace_callback"):
            raw.set_trace_callback(lambda text: seen.append((text, None)))

    event.listen(SqlEngine, "do_connect", put_in)
    event.listen(SqlEngine, "connect", trace)
    yield seen
    event.remove(SqlEngine, "do_connect", put_in)
    event.remove(SqlEngine, "connect", trace)


def crowded(open_engine: Open) -> tuple[Engine, Instance]:
    """An engine whose database holds thousands of cases, and one real case among them."""
    engine = open_engine()
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "ani")
    case = engine.start(KEY, DATA, business_key="real")
    copy_instances(engine, case, CASES, ended_tasks=2, events=5)
    with engine.transaction() as connection:
        connection.execute(
            text(
                "INSERT INTO subscription (instance_id, token, message, key, element_id)"
                " SELECT id, id, 'approved', business_key || status, 'wait' FROM instance"
            )
        )
        connection.execute(
            text(
                "INSERT INTO external_task (instance_id, token, definition_id, process_key,"
                " element_id, topic, priority, created_at, leased_until)"
                " SELECT id, id, definition_id, key, 'work', business_key, 0, started_at,"
                " started_at FROM instance"
            )
        )
        for table in ("subscription", "external_task"):
            connection.execute(text(f"ANALYZE {table}"))
    return engine, engine.instance(case)


def plan(connection: Connection, statement: Any, parameters: Any) -> str:
    """How the database would answer."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        rows = raw.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        return "\n".join(row[3] for row in rows)
    return "\n".join(row[0] for row in raw.execute(f"EXPLAIN {statement}", parameters).fetchall())


WHOLE_TABLES = (
    "Seq Scan",
    "SCAN task\n",
    "SCAN job\n",
    "SCAN event\n",
    "SCAN subscription\n",
    "SCAN external_task\n",
)
FAR = TopicWanted(topic="real", lease=timedelta(minutes=1))
Ask = Callable[[Connection, Instance, ManualClock], object]

QUESTIONS: dict[str, tuple[Ask, str]] = {
    "the tasks a group may act on, by due date": (
        lambda c, _case, _clock: worklist.open_for(c, ["group:unit-7"], 25),
        "ix_task_candidate_principal_sort",
    ),
    "the tasks of a case": (
        lambda c, case, _clock: worklist.of_instance(c, case.id, only_open=True),
        "ix_task_instance_id",
    ),
    "the history of a case": (lambda c, case, _clock: instances.events(c, case.id), "pk_event"),
    "the jobs that are due": (
        lambda c, _case, clock: jobs.due(c, clock.now + timedelta(days=40), 50),
        "ix_job_ready_due",
    ),
    "the jobs that were given up, page by page": (
        lambda c, case, _clock: jobs.dead(c, 25, after=case.id),
        "ix_job_dead",
    ),
    "and the page before": (
        lambda c, case, _clock: jobs.dead(c, 25, before=case.id),
        "ix_job_dead",
    ),
    "how many jobs were given up": (lambda c, _case, _clock: jobs.count_dead(c), "ix_job_dead"),
    "when the next job is due": (lambda c, _case, _clock: jobs.earliest(c), "ix_job_ready_due"),
    "whether a command was done": (
        lambda c, case, _clock: steps.find_request(c, case.id, "r-1"),
        "ux_event_request",
    ),
    "what a worker does next": (
        lambda c, _case, _clock: externals.candidates(c, FAR, 10, MONDAY, None),
        "ix_external_task_topic",
    ),
    "and whose lease has run out": (
        lambda c, _case, _clock: externals.candidates(c, FAR, 10, MONDAY, None),
        "ix_external_task_leased_until",
    ),
    "how many could be fetched": (
        lambda c, _case, _clock: externals.available(c, ["real", "near"], MONDAY, 10),
        "ix_external_task_topic",
    ),
    "when the next lease ends": (
        lambda c, _case, _clock: externals.next_free(c, ["real"], MONDAY),
        "ix_external_task_leased_until",
    ),
    "an external task": (
        lambda c, case, _clock: externals.by_id(c, case.id),
        "ux_external_task_token",
    ),
    "who listens to a message": (
        lambda c, _case, _clock: messages.subscribers(c, "approved", "real"),
        "ix_subscription_message_key",
    ),
}


def test_a_question_of_every_day_finds_its_rows_by_an_index(
    open_engine: Open, clock: ManualClock, sent: Sent
) -> None:
    engine, case = crowded(open_engine)
    with engine.reading() as connection:
        for question, (ask, index) in QUESTIONS.items():
            sent.clear()
            ask(connection, case, clock)
            statement, parameters = next(one for one in sent if "SELECT" in str(one[0]))
            found = plan(connection, statement, parameters)
            as_sqlite_says = index.replace("pk_event", "PRIMARY KEY (instance_id=?)")
            assert index in found or as_sqlite_says in found, f"{question}: {found}"
            for whole in WHOLE_TABLES:
                assert whole not in f"{found}\n", f"{question}: {found}"
