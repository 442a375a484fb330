"""Timers that are due at one instant, among many that wait; and the cost of waiting."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime

from sqlalchemy import func, select, update

from benchmarks import bare, escalating
from benchmarks.databases import Databases
from benchmarks.fill import copy_instances, copy_timers
from benchmarks.measure import percentile, run
from benchmarks.ministry import MONDAY
from benchmarks.report import Line
from engine import Engine
from engine.face.waking import HEARTBEAT_SECONDS
from engine.storage.tables import event, job
from engine.time.clock import ManualClock

SECTION = "timers on PostgreSQL (full step each, decision and mail row included)"
DUE, WAITING, CROWD = 1_000, 100_000, 1_000_000
WORKERS = 2
LOOKS = 200


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section."""
    url, due = databases.postgresql_url(), max(10, int(DUE * scale))
    engine = escalating.opened(url, ManualClock(MONDAY))
    cases = [engine.start(escalating.KEY) for _ in range(due)]
    moment = _put_to_one_instant(engine)
    copy_instances(engine, cases[0], int(WAITING * scale), ended_tasks=0, events=1)
    late = _fired_late(engine, url, moment)
    assert len(late) == due, "every timer fired, and none twice"
    step = bare.on_postgresql("bare", databases.postgresql_url(""))
    floor = run(step, due).wall_seconds
    step.close()
    lines = [
        Line(
            SECTION, f"{due:,} due at one instant, {WORKERS} workers", late[-1], "s",
            f"({due:,} bare steps, one client)", floor, "<= 2 s",
        ),
        Line(SECTION, "p99 late", percentile(late, 0.99), "s", "(p50)", percentile(late, 0.5),
             "<= 2 s"),
    ]  # fmt: skip
    copy_timers(engine, cases[0], int((CROWD - WAITING) * scale))
    lines.append(_idle(engine))
    engine.close()
    return lines


def _put_to_one_instant(engine: Engine) -> datetime:
    """The ladder spreads its looks over an hour: here all are moved to the moment of the last
    one."""
    with engine.transaction() as connection:
        moment: datetime | None = connection.scalar(select(func.max(job.c.due_at)))
        connection.execute(update(job).values(due_at=moment))
    assert moment is not None, "each case has its timer"
    return moment


def _fired_late(engine: Engine, url: str, moment: datetime) -> list[float]:
    """Let workers fire the timers due at `moment`; return the seconds of delay of each, sorted."""
    command = [sys.executable, "-m", "benchmarks.worker", url, moment.isoformat()]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    start = f"{time.time()}\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(start)
        worker.stdin.flush()
    for worker in workers:
        worker.communicate()
    with engine.reading() as connection:
        fired = connection.execute(select(event.c.at).where(event.c.kind == "timer")).scalars()
        return sorted((at - moment).total_seconds() for at in fired)


def _idle(engine: Engine) -> Line:
    """The cost of one look at the table, and the resulting share of a core."""
    with engine.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(job))
    began = time.perf_counter()
    for _ in range(LOOKS):
        engine.seconds_to_next_job()
    look = (time.perf_counter() - began) / LOOKS
    share = 100 * look / HEARTBEAT_SECONDS
    what = f"a scheduler idle among {count:,} waiting timers, share of a core at most"
    return Line(SECTION, what, share, "%", goal="< 0.1 %")
