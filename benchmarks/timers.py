"""Timers that are due at one instant, among many that wait; and what waiting costs."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks import bare, ministry
from benchmarks.databases import Databases
from benchmarks.fill import COPY, copy_instances
from benchmarks.measure import percentile, run
from benchmarks.ministry import Ministry
from benchmarks.report import Line
from engine import Engine
from engine.core import HEARTBEAT_SECONDS
from engine.storage.tables import event, instance, job

SECTION = "timers on PostgreSQL"
DUE, WAITING, CROWD = 1_000, 100_000, 1_000_000
INSTITUTIONS = 100
WORKERS = 2
LOOKS = 200


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section."""
    url, files = databases.postgresql_url(), databases.folder / "files"
    due = max(INSTITUTIONS, int(DUE * scale))
    place = ministry.found(url, files, INSTITUTIONS)
    for _ in range(due // INSTITUTIONS):
        recommendation, _ = place.issue()
    template = place.instance(next(iter(place.follow_ups(recommendation).values())))
    copy_instances(place.service.engine, template, int(WAITING * scale), ended_tasks=0, events=1)
    moment = _put_to_one_instant(place)
    seconds, late = _fire(place, url, files, moment)
    step = bare.on_postgresql("bare", databases.postgresql_url(""))
    floor = run(step, due).wall_seconds
    step.close()
    lines = [
        Line(
            SECTION, f"{due:,} due at one instant, {WORKERS} workers", seconds, "s",
            f"({due:,} bare steps, one client)", floor, "<= 2 s",
        ),
        Line(SECTION, "p99 late", percentile(late, 0.99), "s", "(p50)", percentile(late, 0.5),
             "<= 2 s"),
    ]  # fmt: skip
    missing = max(0, int((CROWD - WAITING) * scale))
    copy_instances(place.service.engine, template, missing, ended_tasks=0, events=1)
    lines.append(_idle(place.service.engine))
    place.service.close()
    return lines


def _put_to_one_instant(place: Ministry) -> datetime:
    """Every real follow-up's next look becomes due at the same moment, a day after its own: then
    a level of the table is due. Returns the moment."""
    engine = place.service.engine
    place.pass_days(4)
    with engine.transaction() as connection:
        real = select(instance.c.id).where(
            instance.c.key == "follow_up", ~instance.c.business_key.startswith(COPY)
        )
        waiting = job.c.kind == "timer", job.c.instance_id.in_(real)
        moment: datetime | None = connection.scalar(select(func.max(job.c.due_at)).where(*waiting))
        connection.execute(update(job).where(*waiting).values(due_at=moment))
    assert moment is not None
    return moment


def _fire(place: Ministry, url: str, files: Path, moment: datetime) -> tuple[float, list[float]]:
    """Two workers fire what is due at `moment`; wall seconds, and how late each was."""
    command = [sys.executable, "-m", "benchmarks.worker", url, str(files), moment.isoformat()]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None and worker.stdout.readline() == "ready\n"
    began = time.time()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{began}\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate()
    with place.service.reading() as connection:
        bodies = connection.execute(
            select(event.c.at).where(event.c.kind == "timer", event.c.at >= moment)
        ).scalars()
        late = sorted((at - moment).total_seconds() for at in bodies)
    return late[-1], late


def _idle(engine: Engine) -> Line:
    """What one look at the table costs, and so the share of a core that looking takes."""
    with engine.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(job))
    began = time.perf_counter()
    for _ in range(LOOKS):
        engine.seconds_to_next_job()
    look = (time.perf_counter() - began) / LOOKS
    share = 100 * look / HEARTBEAT_SECONDS
    what = f"a scheduler idle among {count:,} waiting timers, share of a core at most"
    return Line(SECTION, what, share, "%", goal="< 0.1 %")
