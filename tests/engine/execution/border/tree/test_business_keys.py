"""A called process has the business key of its call, else that of the instance."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, Program
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    call,
    catch,
    end,
    event,
    extensions,
    node,
    process,
    script_task,
    start,
    sub_process,
    throw,
    user_task,
)

NOTED = script_task("note", "seen = business_key")
OUT = '<camunda:out source="seen" target="seen"/>'


def calling(key: str | None, *inside: Part, called: str = "q") -> Part:
    """A call that gives this business key."""
    given = "" if key is None else f'<camunda:in businessKey="{key}"/>'
    passed = Part(f'<camunda:in variables="all"/>{given}{OUT}')
    return node("callActivity", f"call_{called}", extensions(passed), calledElement=called)


def program(key: str | None, *inside: Part) -> Program:
    """A process that calls one with these elements."""
    return program_of(
        process("p", start(), calling(key), end()), process("q", start("qs"), *inside, end("qe"))
    )


@pytest.mark.parametrize(
    ("key", "seen"),
    [("own", "own"), ("${n}", "7"), ("${unset}", "case-1"), (None, "case-1")],
)
def test_a_called_process_sees_its_own_key(key: str | None, seen: str) -> None:
    data = {"n": 7, "unset": None}
    play = Play(program(key, user_task("qa"), NOTED), data)
    play.complete("qa")
    assert play.data["seen"] == seen


def test_it_sends_and_hears_messages_under_its_own_key() -> None:
    told = throw("tell", event("message", "paid"))
    heard = catch("hear", event("message", "paid"))
    play = Play(program("own", told, sub_process("sub", start("s"), heard)))
    assert play.sent == [("paid", "own", {})]
    [waits] = play.waiting.subscriptions.values()
    assert waits.key == "own"


def test_the_caller_keeps_its_own() -> None:
    parts = (start(), calling("own"), catch("hear", event("message", "paid")), end())
    play = Play(program_of(process("p", *parts), process("q", start("qs"), end("qe"))))
    [waits] = play.waiting.subscriptions.values()
    assert waits.key == "case-1"


@pytest.mark.parametrize(("inner", "seen"), [(None, "outer"), ("inner", "inner")])
def test_the_nearest_call_that_gives_one_counts(inner: str | None, seen: str) -> None:
    play = Play(
        program_of(
            process("p", start(), calling("outer"), end()),
            process("q", start("qs"), calling(inner, called="r"), end("qe")),
            process("r", start("rs"), user_task("ra"), NOTED, end("re")),
        )
    )
    play.complete("ra")
    assert play.data["seen"] == seen


def test_a_key_that_is_too_long_is_told() -> None:
    with pytest.raises(Fault, match="longer than 200"):
        Play(program("${n}", user_task("qa")), {"n": "x" * 201})


def test_a_plain_call_gives_none() -> None:
    called = process("q", start("qs"), user_task("qa"), NOTED, user_task("qb"), end("qe"))
    play = Play(program_of(process("p", start(), call("go", "q"), end()), called))
    play.complete("qa")
    assert play.live.data_of(play.task("qb").token)["seen"] == "case-1"
