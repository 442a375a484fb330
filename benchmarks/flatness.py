"""Whether a step costs the same in a full database and after many rounds."""

from __future__ import annotations

import statistics
import time
from uuid import UUID

from sqlalchemy import func, select

from benchmarks import ours
from benchmarks.databases import Databases
from benchmarks.fill import copy_instances
from benchmarks.measure import compare
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.report import Line
from engine import Engine
from engine.storage.tables import instance_state

SECTION = "flatness"
FEW, MANY = 100, 100_000
ROUNDS = 200
WINDOW = 5
"""Number of rounds at each end that are compared."""
GOAL = "<= 1.2x"


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    many = max(FEW, int(MANY * scale))
    return [
        *_crowd("SQLite", databases.sqlite_url(), databases.sqlite_url(), runs, many),
        *_crowd("PostgreSQL", databases.postgresql_url(), databases.postgresql_url(), runs, many),
        *_rounds(databases.sqlite_url(), runs),
    ]


def _crowd(name: str, small: str, large: str, runs: int, many: int) -> list[Line]:
    few = ours.completing("few", small)
    crowd = ours.completing("many", large)
    for url, count in ((small, FEW - ours.INSTANCES), (large, many)):
        _fill(url, count)
    first, second = compare([few, crowd], runs=runs, count=400)
    few.close()
    crowd.close()
    what = f"{name}: a completion among {many:,} instances"
    reference = f"(among {FEW})"
    return [
        Line.of(
            SECTION, f"{what}, CPU", second.cpus, "ms", reference=reference, beside=first.cpu_ms,
            goal=GOAL,
        ),
        Line.of(
            SECTION, f"{what}, wall", [1000 / one for one in second.rates], "ms",
            reference=reference, beside=1000 / first.per_second, goal=GOAL,
        ),
    ]  # fmt: skip


def _fill(url: str, count: int) -> None:
    engine = Engine.open(url)
    copy_instances(engine, engine.start(KEY, DATA), count)
    engine.close()


def _rounds(url: str, runs: int) -> list[Line]:
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    first, last, small, large = [], [], 0, 0
    for _ in range(runs):
        instance_id = engine.start(KEY, DATA)
        seconds = [_round(engine, instance_id) for _ in range(WINDOW)]
        small = _state_bytes(engine, instance_id)
        seconds += [_round(engine, instance_id) for _ in range(ROUNDS - WINDOW)]
        large = _state_bytes(engine, instance_id)
        first.append(statistics.median(seconds[:WINDOW]))
        last.append(statistics.median(seconds[-WINDOW:]))
    engine.close()
    begin, end = statistics.median(first), statistics.median(last)
    return [
        Line(SECTION, f"round {ROUNDS}, CPU", 1000 * end, "ms", "(round 1)", 1000 * begin, GOAL),
        Line(SECTION, f"state after round {ROUNDS}", large, "bytes", "(round 5)", small, GOAL),
    ]


def _round(engine: Engine, instance_id: UUID) -> float:
    """CPU seconds of the completions of one round through all tasks."""
    spent = 0.0
    while True:
        task = engine.tasks(instance_id=instance_id)[0]
        began = time.process_time()
        engine.complete(task.id, ours.ANSWERS, "ani")
        spent += time.process_time() - began
        if task.element_id == "task_5":
            return spent


def _state_bytes(engine: Engine, instance_id: UUID) -> int:
    with engine.reading() as connection:
        found = connection.execute(
            select(func.length(instance_state.c.body)).where(
                instance_state.c.instance_id == instance_id
            )
        ).scalar_one()
    return int(found)
