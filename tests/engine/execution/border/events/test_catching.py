"""Errors and escalations: the event that catches one, and the data it gets."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault
from engine.ports.handlers import BpmnError
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    call,
    end,
    event,
    flow,
    process,
    service_task,
    start,
    sub_process,
    throw,
    user_task,
)

KINDS = ("error", "escalation")


def naming(kind: str, code: str | None = None) -> Part:
    """A catching definition that names the variables for what it is told."""
    ref = f' {kind}Ref="{kind}_{code}"' if code else ""
    message = ' camunda:errorMessageVariable="words"' if kind == "error" else ""
    return Part(f'<{kind}EventDefinition{ref} camunda:{kind}CodeVariable="which"{message}/>')


def around(kind: str, *guards: Part) -> Play:
    """A sub-process whose end throws `late`, and a task behind each event attached to it."""
    inside = (start("s"), user_task("a"), end("e", event(kind, "late")))
    ids = [guard.id for guard in guards]
    parts = [start(), sub_process("sub", *inside), *guards, user_task("after")]
    parts += [user_task(f"by_{id}") for id in ids]
    ways = [flow("start", "sub"), flow("sub", "after"), *(flow(id, f"by_{id}") for id in ids)]
    play = Play(program_of(*parts, *ways))
    play.complete("a")
    return play


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_without_a_code_takes_any(kind: str) -> None:
    play = around(kind, boundary("any", "sub", event(kind)))
    assert play.open == ["by_any"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_with_the_code_comes_before_one_without(kind: str) -> None:
    events = (event(kind), event(kind, "late"))
    guards = [boundary(id, "sub", one) for id, one in zip(("any", "exact"), events, strict=True)]
    assert around(kind, *guards).open == ["by_exact"]
    assert around(kind, *reversed(guards)).open == ["by_exact"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", [None, "late"])
def test_the_variables_an_event_names_are_written_around_the_activity_it_ends(
    kind: str, code: str | None
) -> None:
    play = around(kind, boundary("heard", "sub", naming(kind, code)))
    told = {"which": "late"} | ({"words": None} if kind == "error" else {})
    assert play.open == ["by_heard"]
    assert play.data == told


def test_what_a_handler_says_of_its_error_is_told() -> None:
    def refuse(_call: object) -> None:
        raise BpmnError("late", "no paper left")

    parts = (
        start(), service_task("print", "printing"), boundary("failed", "print", naming("error")),
        user_task("mend"), end(), flow("start", "print"), flow("print", "end"),
        flow("failed", "mend"),
    )  # fmt: skip
    play = Play(program_of(*parts), handlers={"printing": refuse})
    assert play.data == {"which": "late", "words": "no paper left"}


def begun_by(kind: str, *inside: Part, interrupting: bool = True, code: str | None = None) -> Part:
    """An event sub-process that begins at an error or escalation."""
    begins = start("told", naming(kind, code), isInterrupting=interrupting)
    return sub_process("instead", begins, *inside, end("over"), triggeredByEvent=True)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_sub_process_writes_the_variables_it_names_around_itself(kind: str) -> None:
    ends = end("e", event(kind, "late"))
    inside = (start("s"), ends, begun_by(kind, user_task("tidy")), flow("s", "e"))
    play = Play(program_of(start(), sub_process("sub", *inside), user_task("after"), end()))
    assert play.open == ["tidy"]
    assert play.data["which"] == "late"
    play.complete("tidy")
    assert play.open == ["after"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_sub_process_does_not_catch_what_it_throws_itself(kind: str) -> None:
    again = begun_by(kind, user_task("tidy"))
    inside = again.xml.replace(
        '<endEvent id="over" name="Over"></endEvent>',
        f'<endEvent id="over">{event(kind, "late").xml}</endEvent>',
    )
    assert inside != again.xml
    whole = (start("s"), user_task("a"), end("e", event(kind, "late")), Part(inside, "instead"),
             flow("s", "a"), flow("a", "e"))  # fmt: skip
    parts = (
        start(), sub_process("sub", *whole), boundary("outer", "sub", event(kind, "late")),
        user_task("after"), user_task("out"),
        flow("start", "sub"), flow("sub", "after"), flow("outer", "out"),
    )  # fmt: skip
    play = Play(program_of(*parts))
    play.complete("a")
    assert play.open == ["tidy"]
    play.complete("tidy")
    assert play.open == ["out"]


def test_an_escalation_comes_again_and_again_where_nothing_is_interrupted() -> None:
    twice = (throw("one", event("escalation", "late")), throw("two", event("escalation", "late")))
    inside = (start("s"), *twice, user_task("a"), end("e"))
    parts = (
        start(), sub_process("sub", *inside),
        boundary("heard", "sub", naming("escalation"), interrupting=False),
        user_task("look"), user_task("after"),
        flow("start", "sub"), flow("sub", "after"), flow("heard", "look"),
    )  # fmt: skip
    play = Play(program_of(*parts))
    assert play.open == ["a", "look", "look"]
    assert play.data == {"which": "late"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_called_process_throws_is_caught_at_the_call(kind: str) -> None:
    child = process("child", start("s"), user_task("a"), end("e", event(kind, "late")))
    caller = process(
        "p", start(), call("go", "child"), boundary("heard", "go", naming(kind)),
        user_task("after"), user_task("out"),
        flow("start", "go"), flow("go", "after"), flow("heard", "out"),
    )  # fmt: skip
    play = Play(program_of(caller, child))
    play.complete("a", secret=1)
    assert play.open == ["out"]
    assert play.data["which"] == "late"
    assert "secret" not in play.data


def test_an_error_that_no_event_takes_is_a_fault_and_an_escalation_goes_on() -> None:
    with pytest.raises(Fault, match="no boundary event catches"):
        around("error")
    assert around("escalation").open == ["after"]
