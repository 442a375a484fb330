"""A value that a handler has recorded is kept if another process reads it, by a call or a
signal.
"""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import Engine
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    event,
    exclusive,
    extensions,
    flow,
    node,
    process,
    service_task,
    start,
    sub_process,
    throw,
    user_task,
)
from tests.engine.models_of_tests import only_task, open_elements

ASK = user_task(
    "ask",
    extensions(
        Part(
            '<camunda:properties><camunda:property name="onComplete" value="record"/>'
            "</camunda:properties>"
            '<camunda:formData><camunda:formField id="reason" type="string"/></camunda:formData>'
        )
    ),
)
DECIDE = (
    *(exclusive("gate", default="gate_to_no"), user_task("yes"), user_task("no")),
    *(flow("gate", "yes", "reason == 'good'"), flow("gate", "no")),
)


def calling(passes: str) -> Part:
    """A call of the process `inner` that passes this on."""
    return node("callActivity", "go", extensions(Part(passes)), calledElement="inner")


def inner(*parts: Part) -> bytes:
    return bpmn(process("inner", start("begin"), *parts))


def answered(open_engine: Open, caller: bytes, called: bytes) -> tuple[Engine, UUID]:
    engine = open_engine({"record": lambda step: {}})
    engine.deploy({"caller.bpmn": caller, "inner.bpmn": called}, "owner")
    case = engine.start("caller")
    received = engine.complete(only_task(engine, case).id, {"reason": "good"}, "ani")
    assert received.incident is None
    return engine, case


@pytest.mark.parametrize("passes", ['source="reason" target="reason"', 'variables="all"'])
def test_a_called_process_reads_what_it_is_given(open_engine: Open, passes: str) -> None:
    caller = process("caller", start(), ASK, calling(f"<camunda:in {passes}/>"), end())
    engine, case = answered(open_engine, bpmn(caller), inner(*DECIDE, flow("begin", "gate")))
    assert open_elements(engine, case) == ["yes"]


@pytest.mark.parametrize("passes", ['source="reason" target="reason"', 'variables="all"'])
def test_a_caller_reads_what_it_is_given_back(open_engine: Open, passes: str) -> None:
    flows = (flow("start", "go"), flow("go", "gate"))
    caller = process("caller", start(), calling(f"<camunda:out {passes}/>"), *DECIDE, *flows)
    engine, case = answered(open_engine, bpmn(caller), inner(ASK, end("done")))
    assert open_elements(engine, case) == ["yes"]


def test_what_nobody_is_given_back_is_not_kept(open_engine: Open) -> None:
    given = calling('<camunda:out source="other" target="other"/>')
    caller = process("caller", start(), given, user_task("look"), end())
    asks_on = inner(ASK, user_task("ask_on"), end("done"))
    engine, case = answered(open_engine, bpmn(caller), asks_on)
    assert engine.task_data(only_task(engine, case).id) == {}


def test_a_signal_carries_what_was_recorded(open_engine: Open) -> None:
    carried = '<extensionElements><camunda:in variables="all"/></extensionElements>'
    thrown = Part(f'<signalEventDefinition signalRef="signal_go">{carried}</signalEventDefinition>')
    caller = process("caller", start(), ASK, throw("tell", thrown), user_task("look"), end())
    begun = Part('<signalEventDefinition signalRef="signal_go"/>')
    heard = bpmn(process("inner", start("begin", begun), *DECIDE, flow("begin", "gate")))
    engine, _ = answered(open_engine, bpmn(caller), heard)
    engine.run_due()
    assert [task.element_id for task in engine.tasks() if task.process_key == "inner"] == ["yes"]


@pytest.mark.parametrize("beside", [(), (event("signal", "s"),)])
def test_what_a_handler_inside_an_event_sub_process_records_is_no_variable(
    open_engine: Open, beside: tuple[Part, ...]
) -> None:
    begun = start("begin", event("message", "m"), *beside, isInterrupting=False)
    parts = (begun, service_task("keep", "record"), end("kept"))
    inside = sub_process("inside", *parts, triggeredByEvent=True)
    steps = (start(), user_task("ask"), end(), Part(inside.xml, inside.id))
    engine = open_engine({"record": lambda step: {"number": len(step.answers)}})
    engine.deploy({"p.bpmn": bpmn(process("p", *steps))}, "owner")
    case = engine.start("p", business_key="K")
    engine.deliver("m", "K", {"reason": "long"})
    assert engine.data(case) == {"number": 1}
