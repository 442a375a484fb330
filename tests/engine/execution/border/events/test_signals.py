"""Signals thrown and awaited inside one instance; the engine delivers them to others."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.execution.border import StepLimit
from tests.engine.execution.border.events.test_messages import told
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    call,
    catch,
    condition,
    end,
    event,
    event_gateway,
    flow,
    node,
    parallel,
    process,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)

ALARM = event("signal", "alarm")


def hear(play: Play, index: int = 0, /, **payload: object) -> None:
    """Let one of those who wait hear the signal."""
    tokens: list[UUID] = [s.token for s in play.waiting.subscriptions.values()]
    play.step(lambda live: live.deliver(tokens[index], payload, play))


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "endEvent"])
def test_what_is_thrown_is_the_input_parameters_and_nothing_else(kind: str) -> None:
    thrown = node(kind, "tell", told(level="${level}"), ALARM)
    play = Play(program_of(start(), thrown, end()), {"level": 3, "secret": 1})
    assert play.signalled == [("alarm", {"level": 3})]
    assert play.ended


def test_it_is_awaited_by_its_name_under_no_case_of_its_own() -> None:
    play = Play(program_of(start(), catch("wait", ALARM), user_task("a"), end()))
    [wanted] = play.waiting.subscriptions.values()
    assert (wanted.message, wanted.key, wanted.element_id) == ("alarm", "*", "wait")
    hear(play, level=3)
    assert play.open == ["a"]
    assert play.data == {"level": 3}


@pytest.mark.parametrize("interrupting", [True, False])
def test_at_a_boundary_it_ends_its_task_or_comes_again_and_again(interrupting: bool) -> None:
    program = program_of(
        start(),
        user_task("a"),
        boundary("heard", "a", ALARM, interrupting=interrupting),
        user_task("b"),
        end(),
        flow("start", "a"),
        flow("a", "end"),
        flow("heard", "b"),
    )
    play = Play(program)
    hear(play)
    if interrupting:
        assert play.open == ["b"]
        assert not play.waiting.subscriptions
    else:
        hear(play)
        assert play.open == ["a", "b", "b"]


def test_behind_an_event_gateway_the_first_to_come_counts() -> None:
    program = program_of(
        start(),
        event_gateway("first"),
        catch("heard", ALARM),
        catch("late", timer("P1D")),
        user_task("a"),
        user_task("b"),
        flow("start", "first"),
        flow("first", "heard"),
        flow("first", "late"),
        flow("heard", "a"),
        flow("late", "b"),
    )
    play = Play(program)
    hear(play)
    assert (play.open, play.due) == (["a"], {})


def test_it_begins_an_event_sub_process() -> None:
    inside = (start("s", ALARM, isInterrupting=False), user_task("b"), end("e"))
    extra = sub_process("extra", *inside, triggeredByEvent=True)
    parts: tuple[Part, ...] = (start(), user_task("a"), end(), extra)
    play = Play(program_of(*parts, flow("start", "a"), flow("a", "end")))
    hear(play)
    assert play.open == ["a", "b"]


def test_who_waits_at_that_moment_hears_it_at_once_and_nobody_who_comes_later() -> None:
    play = Play(
        program_of(
            start(),
            parallel("fork"),
            catch("before", ALARM),
            throw("ring", ALARM),
            catch("behind", ALARM),
            user_task("heard"),
            flow("start", "fork"),
            flow("fork", "before"),
            flow("fork", "ring"),
            flow("ring", "behind"),
            flow("before", "heard"),
            flow("behind", "heard"),
        )
    )
    assert play.open == ["heard"]
    assert [one.element_id for one in play.waiting.subscriptions.values()] == ["behind"]


# --- thrown and heard in one instance -----------------------------------------------------------

AFTER = {"end": (), "throw": (user_task("inside"),)}


def ring(kind: str) -> tuple[Part, ...]:
    """The signal as it is thrown at the end, or on the way to a task."""
    thrown = node("endEvent" if kind == "end" else "intermediateThrowEvent", "ring", ALARM)
    return (thrown, *AFTER[kind])


def embedded(kind: str) -> list[Part]:
    return [sub_process("work", start("s"), *ring(kind))]


def deeper(kind: str) -> list[Part]:
    return [sub_process("work", start("s"), sub_process("deep", start("d"), *ring(kind)))]


def within_event(kind: str) -> list[Part]:
    """Thrown by an event sub-process that a condition begins at once."""
    begin = start("now", condition("${level > 0}"), isInterrupting=False)
    inside = sub_process("beside", begin, *ring(kind), triggeredByEvent=True)
    return [sub_process("work", start("s"), user_task("main"), inside, flow("s", "main"))]


def called(kind: str) -> list[Part]:
    return [call("work", "q")]


INSIDE = {"embedded": embedded, "deeper": deeper, "called": called, "event": within_event}


def scene(where: str, kind: str, *caught: Part) -> Play:
    """An activity in which the signal is thrown, and who hears it around it."""
    parts = [
        start(), *INSIDE[where](kind), user_task("next"), *caught, user_task("heard"),
        flow("start", "work"), flow("work", "next"),
    ]  # fmt: skip
    others = [process("q", start("s"), *ring(kind))] if where == "called" else []
    return Play(program_of(process("p", *parts), *others), {"level": 1})


@pytest.mark.parametrize("kind", ["end", "throw"])
@pytest.mark.parametrize("where", INSIDE)
def test_an_event_that_interrupts_ends_the_activity_in_which_it_is_thrown(
    where: str, kind: str
) -> None:
    """As it is heard while the activity goes on: what would come next in it does not come."""
    around = (boundary("alarm", "work", ALARM), flow("alarm", "heard"))
    play = scene(where, kind, *around)
    assert play.open == ["heard"]
    assert not play.waiting.subscriptions


@pytest.mark.parametrize("kind", ["end", "throw"])
@pytest.mark.parametrize("where", INSIDE)
def test_one_that_does_not_interrupt_lets_it_go_on(where: str, kind: str) -> None:
    around = (boundary("alarm", "work", ALARM, interrupting=False), flow("alarm", "heard"))
    goes_on = {"end": "next", "throw": "inside"}[kind]
    more = {"end": ["main"], "throw": ["main", "inside"]}[kind] if where == "event" else [goes_on]
    assert scene(where, kind, *around).open == sorted(["heard", *more])


@pytest.mark.parametrize("kind", ["end", "throw"])
@pytest.mark.parametrize("where", INSIDE)
def test_an_event_sub_process_around_takes_everything_away(where: str, kind: str) -> None:
    stopped = sub_process("stopped", start("stop", ALARM), user_task("tidy"), triggeredByEvent=True)
    assert scene(where, kind, stopped).open == ["tidy"]


@pytest.mark.parametrize("where", INSIDE)
def test_what_is_thrown_is_heard_once_by_each_who_waits(where: str) -> None:
    around = (boundary("alarm", "work", ALARM, interrupting=False), flow("alarm", "heard"))
    beside = sub_process(
        "beside_all", start("b", ALARM, isInterrupting=False), user_task("noted"),
        triggeredByEvent=True,
    )  # fmt: skip
    found = scene(where, "throw", *around, beside).open
    assert (found.count("heard"), found.count("noted")) == (1, 1)


def test_an_event_sub_process_that_rings_for_itself_again_and_again_is_an_incident() -> None:
    begin = start("s", ALARM, isInterrupting=False)
    again = sub_process("again", begin, throw("more", ALARM), end("e"), triggeredByEvent=True)
    parts = (start(), throw("ring", ALARM), user_task("work"), again)
    with pytest.raises(StepLimit):
        Play(program_of(*parts, flow("start", "ring"), flow("ring", "work")))
