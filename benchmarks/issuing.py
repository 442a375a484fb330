"""Starting: a recommendation is issued to a hundred institutions; starts during work."""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque

from benchmarks import bare, ministry
from benchmarks.databases import Databases
from benchmarks.measure import run
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.ours import ANSWERS
from benchmarks.report import Line
from engine import Engine

SECTION = "starting"
INSTITUTIONS = 100
SECONDS = 10.0
"""Seconds for which starts and completions run side by side."""


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section, on PostgreSQL."""
    count = max(3, int(INSTITUTIONS * scale))
    step = bare.on_postgresql("bare", databases.postgresql_url(""))
    run(step, count)
    floors = [run(step, count).wall_seconds for _ in range(runs)]
    step.close()
    place = ministry.found(databases.postgresql_url(), databases.folder / "files", count)
    seconds = []
    for _ in range(runs):
        id, taken = place.issue()
        assert len(place.follow_ups(id)) == count
        seconds.append(taken)
    place.service.close()
    issued = Line.of(
        SECTION,
        f"issued to {count} institutions until all have it in their inbox",
        seconds,
        "s",
        reference=f"({count} bare steps)",
        beside=statistics.median(floors),
        goal="<= 1 s",
    )
    return [issued, *_beside_work(databases.postgresql_url(), max(1.0, SECONDS * scale))]


def _beside_work(url: str, seconds: float) -> list[Line]:
    """Starts a minute in one thread, while another completes tasks as fast as it can."""
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    cases = deque(engine.start(KEY, DATA) for _ in range(20))
    until = time.perf_counter() + seconds
    counts = {"started": 0, "completed": 0}

    def start() -> None:
        while time.perf_counter() < until:
            engine.start(KEY, DATA)
            counts["started"] += 1

    def work() -> None:
        while time.perf_counter() < until:
            case = cases[0]
            cases.rotate()
            engine.complete(engine.tasks(instance_id=case)[0].id, ANSWERS, "ani")
            counts["completed"] += 1

    threads = [threading.Thread(target=start), threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.close()
    started, completed = (60 * counts[what] / seconds for what in ("started", "completed"))
    reference = "(completions a minute beside them)"
    return [
        Line(SECTION, "starts a minute beside work", started, "", reference, completed, ">= 1,000")
    ]
