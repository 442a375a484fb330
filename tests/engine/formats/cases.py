"""The cases of a kept database, and their view from outside.

Together they stand at every kind of wait that a state can hold: parallel branches, a sub-process, a
task for each entry of a list, cycle and date timers, subscriptions, a kept message, finished
rounds, data with awkward keys, an incident, an end.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import Conflict, Engine
from engine.storage.tables import job, subscription
from engine.time.clock import ManualClock
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    multi_instance,
    parallel,
    process,
    start,
    sub_process,
    timer,
    user_task,
)
from tests.engine.models_of_tests import CALCULATION, LISTENER, REVIEW

WIDE = {
    "wide.bpmn": bpmn(
        process(
            "wide",
            start(),
            parallel("fork"),
            sub_process("sub", start("s"), user_task("inner"), end("e")),
            user_task("each", multi_instance("${names}", "name"), camunda_dueDate="2026-04-05"),
            boundary("late", "each", timer("R3/P1D", "timeCycle"), interrupting=False),
            end("noted"),
            catch("news", event("message", "news")),
            end(),
            flow("start", "fork"),
            flow("fork", "sub"),
            flow("fork", "each"),
            flow("fork", "news"),
            flow("sub", "end"),
            flow("each", "end"),
            flow("news", "end"),
            flow("late", "noted"),
        )
    )
}
AWKWARD: Mapping[str, Any] = {
    "typename": "Task", "self": 1, "": "empty", "deep": {"end": [None, True, 1.5, {"": []}]},
    "ü—": "\x00\n",
}  # fmt: skip


def play(engine: Engine, clock: ManualClock) -> None:
    """Fill an empty database: every case has its business key."""
    engine.deploy({**WIDE, **REVIEW, **LISTENER, **CALCULATION}, "owner")
    engine.start("wide", {"names": ["x", "y"]}, "fresh")
    half = engine.start("wide", {"names": ["x", "y", "z"], **AWKWARD}, "half way")
    clock.advance(days=1)
    engine.run_due()
    for element in ("inner", "each"):
        complete(engine, half, element, {"done": element})
    rounds = engine.start("review", AWKWARD, "three rounds")
    for _ in range(3):
        complete(engine, rounds, "write", {"text": "again"})
        complete(engine, rounds, "judge", {"verdict": "again"})
    ended = engine.start("review", None, "ended")
    complete(engine, ended, "write", {})
    complete(engine, ended, "judge", {"verdict": "good"})
    engine.start("listener", None, "message kept")
    engine.deliver("payment", "message kept", {"amount": 10}, request_id="p-1")
    listening = engine.start("listener", None, "listening")
    complete(engine, listening, "prepare", {})
    complete(engine, engine.start("calculation", None, "incident"), "enter", {"count": 0})
    withdrawn = engine.start("wide", {"names": ["x"]}, "withdrawn")
    engine.cancel(withdrawn, "moot", "head")


def complete(engine: Engine, case: UUID, element: str, data: Mapping[str, Any]) -> None:
    """Complete the first open task of this element."""
    task = next(one for one in engine.tasks(instance_id=case) if one.element_id == element)
    engine.complete(task.id, data, "ani", request_id=f"r-{task.id}")


def seen(engine: Engine, cases: Mapping[str, UUID]) -> dict[str, Any]:
    """What is to be seen of each case from outside, as JSON."""
    return {name: _seen(engine, id) for name, id in cases.items()}


def _seen(engine: Engine, case: UUID) -> dict[str, Any]:
    with engine.reading() as connection:
        due = connection.scalars(select(job.c.due_at).where(job.c.instance_id == case))
        timers = sorted(moment.isoformat() for moment in due)
        wanted = select(subscription.c.message).where(subscription.c.instance_id == case)
        messages = sorted(connection.scalars(wanted))
    tasks = [
        [task.element_id, task.round, task.due_at.isoformat() if task.due_at else None]
        for task in engine.tasks(instance_id=case)
    ]
    return {
        "status": engine.instance(case).status,
        "tasks": sorted(tasks, key=str),
        "timers": timers,
        "messages": messages,
        "data": engine.data(case),
        "history": [event.kind for event in engine.history(case)],
    }


def go_on_to_the_end(engine: Engine, case: UUID, key: str) -> None:
    """Do whatever is left to be done, as people and messages would."""
    while engine.instance(case).status == "active":
        for message in ("news", "payment"):
            with suppress(Conflict):
                engine.deliver(message, key, wait=False)
        for task in engine.tasks(instance_id=case):
            engine.complete(task.id, {"verdict": "good", "count": 4}, "budi")
