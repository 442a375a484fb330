"""Tindak's engine completing human tasks: load or keep, complete, rows, timers, event, commit."""

from __future__ import annotations

from collections import deque
from typing import Any
from uuid import UUID

from benchmarks.counting import count_statements
from benchmarks.measure import Subject
from benchmarks.model import DATA, KEY, lifecycle
from engine import Engine

INSTANCES = 50
"""Worked on in turn, so that the state of one instance does not stay in the processor's cache."""
ANSWERS: dict[str, Any] = {"send_back": True, "comment": "z" * 200}


def completing(name: str, url: str) -> Subject:
    """Completes the open task of one instance after the other; each goes round for ever."""
    issued = count_statements()
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

    return Subject(name, act, engine.close, issued, prepare=find, every=INSTANCES)
