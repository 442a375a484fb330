"""The time in which a worker gets a task among very many: of one topic and of several, without
leases and with thousands of leased tasks in front."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from benchmarks.databases import Databases
from benchmarks.fill import copy_instances
from benchmarks.measure import percentile
from benchmarks.model import NAMESPACES
from benchmarks.report import Line
from engine import Engine
from engine.storage.cases import instances
from engine.storage.later.externals import TopicWanted

KEY = "outside"
WAITING, LEASED = 100_000, 5_000
FETCHES, WARM = 100, 10
TOPICS = tuple(f"topic-{number}" for number in range(5))
SECTION = f"fetching among {WAITING:,} waiting tasks (p95)"
GOAL = "<= 20 ms"
SPARE = 50
LEASE = timedelta(minutes=10)


def model(topic: str) -> bytes:
    """A process that begins with an external task."""
    return (
        f'<definitions {NAMESPACES} xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d"'
        f' targetNamespace="t"><process id="{KEY}" isExecutable="true"><startEvent id="begin"/>'
        '<sequenceFlow id="first" sourceRef="begin" targetRef="work"/>'
        f'<serviceTask id="work" camunda:type="external" camunda:topic="{topic}"/>'
        '<sequenceFlow id="last" sourceRef="work" targetRef="done"/><endEvent id="done"/>'
        "</process></definitions>"
    ).encode()


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    return [
        *_asked("PostgreSQL", databases.postgresql_url(), runs, scale),
        *_asked("SQLite", databases.sqlite_url(), runs, scale),
    ]


def _asked(name: str, url: str, runs: int, scale: float) -> list[Line]:
    engine = Engine.open(url)
    fetches = max(2 * WARM, int(FETCHES * scale))
    # Some more than are fetched: the last of them may have the same moment as the copies.
    cases = _fill(engine, 4 * runs * fetches + SPARE, int(WAITING * scale))

    def by_key() -> None:
        with engine.reading() as connection:
            instances.exists(connection, cases[0])

    def of(topics: tuple[str, ...]) -> Callable[[], None]:
        wanted = [TopicWanted(topic=topic, lease=LEASE) for topic in topics]

        def fetch() -> None:
            assert len(engine.external.fetch("benchmark", wanted)) == 1

        return fetch

    kinds = {"one topic": of(TOPICS[:1]), f"{len(TOPICS)} topics": of(TOPICS)}
    taken: dict[str, list[float]] = {}
    floor = _p95(by_key, fetches)
    for leased in (0, int(LEASED * scale)):
        _lease(engine, leased)
        for _ in range(runs):
            for kind, fetch in kinds.items():
                what = f"{name}: {kind}, {leased:,} leased in front"
                taken.setdefault(what, []).append(_p95(fetch, fetches))
    engine.close()
    return [
        Line.of(
            SECTION, what, values, "ms", reference="(one row by its key)", beside=floor, goal=GOAL
        )
        for what, values in taken.items()
    ]


def _fill(engine: Engine, real: int, copies: int) -> list[UUID]:
    """Tasks that can be done, the oldest of all, and behind them tasks that only wait."""
    engine.deploy({f"{KEY}.bpmn": model(TOPICS[0])}, "benchmark")
    found = [engine.start(KEY, {"title": "x" * 120}) for _ in range(real)]
    copy_instances(engine, engine.start(KEY, {"title": "x" * 120}), copies, events=1)
    with engine.transaction() as connection:
        for number, topic in enumerate(TOPICS):
            connection.execute(
                text(
                    "UPDATE external_task SET topic = :topic WHERE business_key IS NOT NULL"
                    f" AND substr(CAST(token AS VARCHAR), 1, 1) IN ({_digits(number)})"
                ),
                {"topic": topic},
            )
    with engine.transaction() as connection:
        connection.execute(text("ANALYZE external_task"))
    return found


def _digits(number: int) -> str:
    """The first digits of ids for each topic; 16 of them for all topics."""
    return ", ".join(f"'{digit:x}'" for digit in range(16) if digit % len(TOPICS) == number)


def _lease(engine: Engine, count: int) -> None:
    """Lease so many copies of each topic to workers, before all others."""
    with engine.transaction() as connection:
        until = engine.on(connection).real_now() + LEASE
        for topic in TOPICS:
            connection.execute(
                text(
                    "UPDATE external_task SET worker = 'busy', leased_until = :until, priority = 1"
                    " WHERE token IN (SELECT token FROM external_task WHERE topic = :topic"
                    " AND business_key IS NOT NULL LIMIT :count)"
                ),
                {"until": until, "topic": topic, "count": count},
            )


def _p95(ask: Callable[[], None], times: int) -> float:
    """The 95th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return percentile(taken[WARM:], 0.95)
