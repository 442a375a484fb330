"""A message event with a topic or an expression runs that in place of sending a message."""

from __future__ import annotations

import pytest

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from engine.ports.handlers import BpmnError
from tests.engine.execution.border.play import Call, Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    extensions,
    flow,
    node,
    process,
    start,
    sub_process,
    throw,
    user_task,
)

CALLS = Part('<messageEventDefinition camunda:type="external" camunda:topic="tell"/>')
COMPUTES = Part(
    '<messageEventDefinition camunda:expression="${n + 1}" camunda:resultVariable="more"/>'
)
INPUT = '<camunda:inputParameter name="i">${n}</camunda:inputParameter>'
OUTPUT = '<camunda:outputParameter name="o">${i + 1}</camunda:outputParameter>'
MAPPED = extensions(Part(f"<camunda:inputOutput>{INPUT}{OUTPUT}</camunda:inputOutput>"))


def told(call: Call) -> dict[str, object]:
    return {"told": call.inputs["i"]}


def test_a_throw_event_calls_a_handler_and_the_token_goes_on() -> None:
    program = program_of(start(), throw("say", MAPPED, CALLS), user_task("z"), end())
    play = Play(program, {"n": 1}, handlers={"tell": told})
    assert (play.open, play.data, play.sent) == (["z"], {"n": 1, "told": 1, "o": 2}, [])
    assert play.last.left == ("start", "say")


def test_an_end_event_calls_a_handler_and_its_scope_is_over() -> None:
    inside = sub_process("sub", start("s"), end("say", MAPPED, CALLS))
    play = Play(program_of(start(), inside, end()), {"n": 1}, handlers={"tell": told})
    assert play.ended
    assert play.data == {"n": 1, "told": 1, "o": 2}


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_an_event_computes_into_its_result_variable(kind: str) -> None:
    play = Play(program_of(start(), node(kind, "say", COMPUTES)), {"n": 1})
    assert play.ended
    assert play.data == {"n": 1, "more": 2}


def test_without_a_handler_an_event_waits_for_a_worker() -> None:
    play = Play(program_of(start(), end("say", CALLS)))
    token = play.external("tell")
    assert not play.ended
    play.step(lambda live: live.external_done(token, {"told": 2}, play))
    assert play.ended
    assert play.data == {"told": 2}


def test_an_error_of_the_handler_is_caught_around_the_event() -> None:
    def fails(call: Call) -> None:
        raise BpmnError("bad")

    inside = sub_process("sub", start("s"), throw("say", CALLS), user_task("in"))
    caught = boundary("caught", "sub", event("error", "bad"))
    parts = (start(), inside, caught, user_task("repair"), end())
    flows = (flow("start", "sub"), flow("sub", "end"), flow("caught", "repair"))
    assert Play(program_of(*parts, *flows), handlers={"tell": fails}).open == ["repair"]


def findings(*parts: Part) -> list[tuple[str, str]]:
    """(severity, code) of what is said about the element `say`."""
    found = check_bundle(
        read_bundle({"p.bpmn": bpmn(process("p", start(), *parts, end()))}),
        Known(topics={"tell": frozenset()}),
    )
    return [(one.severity, one.code) for one in found if one.element_id == "say"]


def test_a_service_beside_another_definition_is_refused() -> None:
    both = Part(CALLS.xml + event("signal", "all").xml)
    assert findings(throw("say", both)) == [("error", "service-event")]


def test_an_event_that_calls_a_service_needs_no_message() -> None:
    assert findings(throw("say", MAPPED, CALLS)) == []


@pytest.mark.parametrize("word", ["topic", "expression"])
def test_what_catches_a_message_calls_nothing(word: str) -> None:
    message = event("message", "m").xml.replace("/>", f' camunda:{word}="1"/>')
    assert findings(catch("say", Part(message))) == [("warning", "ignored")]
