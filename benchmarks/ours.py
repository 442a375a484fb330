"""Tindak's engine completing human tasks: load or keep, complete, rows, timers, event, commit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine import Engine as SqlEngine

from benchmarks.measure import Subject
from benchmarks.model import DATA, KEY, lifecycle
from engine import Engine

INSTANCES = 50
"""Worked on in turn, so that the state of one instance does not stay in the processor's cache."""


def completing(name: str, url: str) -> Subject:
    """Completes the open task of one instance after the other; each goes round for ever."""
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    queue = deque(_open_task(engine, engine.start(KEY, DATA)) for _ in range(INSTANCES))
    issued = count_statements()
    own = 0

    def act() -> None:
        nonlocal own
        instance_id, task_id = queue.popleft()
        engine.complete(task_id, {"send_back": True, "comment": "z" * 200}, "ani")
        # Looking for the next task is the load generator's own work: it is not counted.
        before = issued()
        queue.append(_open_task(engine, instance_id))
        own += issued() - before

    return Subject(name, act, engine.close, lambda: issued() - own)


def _open_task(engine: Engine, instance_id: UUID) -> tuple[UUID, UUID]:
    return instance_id, engine.tasks(instance_id=instance_id)[0].id


def count_statements() -> Callable[[], int]:
    """How many SQL statements all engines of this process issued since now, BEGIN left out."""
    issued = 0

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        nonlocal issued
        issued += not statement.startswith("BEGIN")

    event.listen(SqlEngine, "before_cursor_execute", note)
    return lambda: issued
