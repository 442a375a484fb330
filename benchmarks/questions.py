"""The time of the frequent questions in a database of years."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from benchmarks.databases import Databases
from benchmarks.fill import GROUPS, copy_instances
from benchmarks.measure import percentile
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.report import Line
from engine import Engine
from engine.storage.cases import instances, worklist
from engine.storage.later import jobs
from engine.storage.tables import instance

SECTION = "questions at 100,000 instances, 500,000 tasks, 2,000,000 events (p95)"
INSTANCES = 100_000
TIMES = 300
PAGE = 50


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    count = max(100, int(INSTANCES * scale))
    return [
        *_asked("PostgreSQL", databases.postgresql_url(), count, "<= 10 ms"),
        *_asked("SQLite", databases.sqlite_url(), count, "<= 20 ms"),
    ]


def _asked(name: str, url: str, count: int, goal: str) -> list[Line]:
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    copy_instances(engine, engine.start(KEY, DATA), count)
    dice = random.Random(1)
    with engine.reading() as connection:
        some = list(connection.execute(select(instance.c.id).limit(TIMES)).scalars())

    def page_of_one_group() -> None:
        with engine.reading() as connection:
            worklist.open_for(connection, [f"group:unit-{dice.randrange(GROUPS)}"], PAGE)

    def page_of_many_groups() -> None:
        groups = [f"group:unit-{number}" for number in dice.sample(range(GROUPS), 5)]
        with engine.reading() as connection:
            worklist.open_for(connection, groups, PAGE)

    def history() -> None:
        engine.history(dice.choice(some))

    def due() -> None:
        with engine.reading() as connection:
            jobs.due(connection, engine.now() + timedelta(days=40), PAGE)

    def by_key() -> None:
        with engine.reading() as connection:
            instances.exists(connection, dice.choice(some))

    floor = _p95(by_key)
    asked: dict[str, Callable[[], None]] = {
        "worklist, one group": page_of_one_group,
        "worklist, five groups": page_of_many_groups,
        "history of a case": history,
        "due jobs": due,
    }
    lines = [
        Line(SECTION, f"{name}: {what}", _p95(ask), "ms", "(one row by its key)", floor, goal)
        for what, ask in asked.items()
    ]
    engine.close()
    return lines


def _p95(ask: Callable[[], None]) -> float:
    """The 95th percentile in milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return percentile(taken[TIMES // 10 :], 0.95)
