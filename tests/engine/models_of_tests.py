"""Models that several engine tests share, and the few acts on them."""

from __future__ import annotations

from uuid import UUID

from engine import Engine
from engine.storage.cases.instances import Instance, of_key
from engine.storage.cases.worklist import Task
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    event,
    exclusive,
    flow,
    node,
    process,
    properties,
    script_task,
    service_task,
    start,
    timer,
    user_task,
)

REVIEW = {
    "review.bpmn": bpmn(
        process(
            "review",
            start(),
            user_task("write", camunda_candidateGroups="authors"),
            user_task("judge", camunda_candidateGroups="judges"),
            exclusive("verdict", default="verdict_to_done"),
            end("done"),
            flow("start", "write"),
            flow("write", "judge"),
            flow("judge", "verdict"),
            flow("verdict", "write", "verdict == 'again'"),
            flow("verdict", "done"),
        )
    )
}
"""Write, judge, and again until the verdict is something else."""

REMINDED = {
    "reminded.bpmn": bpmn(
        process(
            "reminded",
            start(),
            user_task("answer"),
            end("answered"),
            boundary("remind", "answer", timer("R/P1D", "timeCycle"), interrupting=False),
            service_task("send_reminder", "remind"),
            end("sent"),
            flow("start", "answer"),
            flow("answer", "answered"),
            flow("remind", "send_reminder"),
            flow("send_reminder", "sent"),
        )
    )
}
"""A task with a reminder a day."""

TIMED_OUT = {
    "timed_out.bpmn": bpmn(
        process(
            "timed_out",
            start(),
            user_task("answer"),
            end("answered"),
            boundary("too_late", "answer", timer("P3D")),
            end("expired"),
            flow("start", "answer"),
            flow("answer", "answered"),
            flow("too_late", "expired"),
        )
    )
}
"""A task that its own timer takes away after three days."""

LISTENER = {
    "listener.bpmn": bpmn(
        process(
            "listener",
            start(),
            user_task("prepare"),
            catch("paid", event("message", "payment")),
            user_task("ship"),
            end(),
        )
    )
}
"""Waits for a payment once it has been prepared."""

CALCULATION = {
    "calculation.bpmn": bpmn(
        process(
            "calculation",
            start(),
            user_task("enter"),
            script_task("divide", "share = 100 / count"),
            user_task("read_result"),
            end(),
        )
    )
}
"""A script that fails for a count of 0."""

RECORDED = {
    "recorded.bpmn": bpmn(
        process(
            "recorded",
            start(),
            node(
                "userTask",
                "hand_in",
                properties(onComplete="record"),
                camunda_candidateGroups="authors",
            ),
            end(),
        )
    )
}
"""A task whose answers a handler records in the step."""


def only_task(engine: Engine, instance_id: UUID) -> Task:
    """The one open task of an instance."""
    (task,) = engine.tasks(instance_id=instance_id)
    return task


def open_elements(engine: Engine, instance_id: UUID) -> list[str]:
    """Element ids of the open tasks."""
    return sorted(task.element_id for task in engine.tasks(instance_id=instance_id))


def cases_of(engine: Engine, key: str) -> list[Instance]:
    """The instances of a process, the oldest first."""
    with engine.reading() as connection:
        return of_key(connection, key, status=None, most=100)
