"""Models for the tests of the engine's API."""

from __future__ import annotations

from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    exclusive,
    extensions,
    flow,
    node,
    parallel,
    process,
    properties,
    script_task,
    service_task,
    start,
    sub_process,
    timer,
    user_task,
)

REVIEW = {
    "review.bpmn": bpmn(
        process(
            "review",
            start(),
            user_task("write", camunda_candidateGroups="coordinator", camunda_dueDate="${due}"),
            user_task("judge", camunda_candidateGroups="supervisor", camunda_priority="80"),
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
"""Coordinators write, supervisors judge, and again until the verdict is something else."""

FORM = Part(
    "<camunda:formData>"
    '<camunda:formField id="amount" label="Amount" type="long">'
    '<camunda:validation><camunda:constraint name="required"/></camunda:validation>'
    "</camunda:formField>"
    '<camunda:formField id="remark" label="Remark" type="string"/>'
    "</camunda:formData>"
)
ASKED = {
    "asked.bpmn": bpmn(
        process("asked", start(), user_task("enter", extensions(FORM)), user_task("look"), end())
    )
}
"""A task with a form in which the amount is required."""

DIVIDED = {
    "divided.bpmn": bpmn(
        process(
            "divided",
            start(),
            user_task("enter", camunda_candidateGroups="coordinator"),
            script_task("divide", "share = 100 / count"),
            user_task("read_result"),
            end(),
        )
    )
}
"""Fails behind its task for a count of 0."""

PAID = {
    "paid.bpmn": bpmn(
        process("paid", start(), catch("payment", event("message", "paid")), user_task("ship"),
                end())
    )
}  # fmt: skip
"""Waits for a message at once."""

CONSENT = event("message", "consent")
AGREED = {
    "agreed.bpmn": bpmn(
        process(
            "agreed",
            start("told", event("message", "begin")),
            start(),
            exclusive("merge"),
            parallel("fork"),
            catch("first", CONSENT),
            user_task("one"),
            catch("second", CONSENT),
            user_task("two"),
            flow("told", "merge"),
            flow("start", "merge"),
            flow("merge", "fork"),
            flow("fork", "first"),
            flow("first", "one"),
            flow("fork", "second"),
            flow("second", "two"),
        )
    )
}
"""Two tokens of one case wait for one message."""

RECEIVING = {
    "receiving.bpmn": bpmn(
        process("receiving", start(), node("receiveTask", "wait"), user_task("look"), end())
    )
}
"""Waits at a receive task without a message."""

NESTED = {
    "nested.bpmn": bpmn(
        process(
            "nested",
            start(),
            sub_process("inside", start("begin"), user_task("work"), end("finish")),
            boundary("hurry", "inside", timer("P3D")),
            end("late"),
            end("done"),
            flow("start", "inside"),
            flow("inside", "done"),
            flow("hurry", "late"),
        )
    )
}
"""A sub-process that a timer takes away."""

LEAVE = {
    "leave.bpmn": bpmn(
        process(
            "leave", start(), user_task("approve"), catch("wait", event("message", "cancelled")),
            end(),
        )
    )
}  # fmt: skip
WEIGH = {
    "weigh.bpmn": bpmn(
        process(
            "weigh",
            start(),
            service_task("weigh", "weigh", properties(unit="kg")),
            boundary("refused", "weigh", event("error", "REFUSED")),
            boundary("heavy", "weigh", event("escalation", "HEAVY"), interrupting=False),
            user_task("pack"),
            user_task("counter"),
            user_task("crane"),
            end(),
            flow("start", "weigh"),
            flow("weigh", "pack"),
            flow("pack", "end"),
            flow("refused", "counter"),
            flow("heavy", "crane"),
        )
    )
}
"""A parcel is weighed by a program outside; what it refuses goes to the counter."""
PLAYED = {**LEAVE, **WEIGH}
"""What docs/api.en.md plays."""
