"""Tindak's engine completing human tasks: load or keep, complete, rows, timers, event, commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.measure import Subject
from benchmarks.model import DATA, KEY, lifecycle
from engine import Engine
from engine.execution.border import Live, Program
from engine.models.bundle import read_bundle
from engine.time.calendar import Calendar

INSTANCES = 50
"""Number of instances, used in turn, so that the state of one does not stay in the processor's
cache."""
ANSWERS: dict[str, Any] = {"send_back": True, "comment": "z" * 200}


def completing(name: str, url: str) -> Subject:
    """Completes the open task of one instance after the other; each goes round for ever."""
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    instances = [engine.start(KEY, DATA) for _ in range(INSTANCES)]
    queue: deque[UUID] = deque()

    def find() -> None:
        queue.clear()
        for instance_id in instances:
            queue.append(engine.tasks(instance_id=instance_id)[0].id)

    def act() -> None:
        engine.complete(queue.popleft(), ANSWERS, "ani")

    return Subject(name, act, engine.close, find, INSTANCES)


class Nowhere:
    """A host without a database: for the cost of the border alone."""

    now = datetime.now(UTC)
    case: Mapping[str, object] = {}
    calendar = Calendar()
    business_key = None

    def has_topic(self, topic: str) -> bool:
        return False

    def call(self, *_: object) -> None:
        raise AssertionError("the cost model has no handler")

    def send(self, *_: object) -> None:
        raise AssertionError("the cost model sends nothing")


def in_memory(name: str) -> Subject:
    """The same completions in memory only: run, compact, compare the waits, encode."""
    files = {f"{KEY}.bpmn": lifecycle(quoted_timers=False)}
    program, host = Program.build(read_bundle(files), KEY), Nowhere()
    queue = deque(Live.start(program, DATA, host) for _ in range(INSTANCES))

    def act() -> None:
        live = queue.popleft()
        snapshot = live.snapshot()
        live.complete(next(iter(live.waiting().tasks)), ANSWERS, host)
        live.compact()
        live.waiting()
        live.activities(snapshot)
        live.dump()
        queue.append(live)

    return Subject(name, act, lambda: None)
