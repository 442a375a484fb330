"""Signals thrown and awaited inside one instance; who hears them is the engine's business."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.engine.execution.border.play import Play, program_of
from tests.engine.execution.border.test_messages import told
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    end,
    event,
    event_gateway,
    flow,
    node,
    parallel,
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


def test_a_throw_names_who_waits_at_that_moment_and_nobody_who_comes_later() -> None:
    play = Play(
        program_of(
            start(),
            parallel("fork"),
            catch("before", ALARM),
            throw("ring", ALARM),
            catch("behind", ALARM),
            end(),
            flow("start", "fork"),
            flow("fork", "before"),
            flow("fork", "ring"),
            flow("ring", "behind"),
            flow("before", "end"),
            flow("behind", "end"),
        )
    )
    waiting = {one.element_id: one.token for one in play.waiting.subscriptions.values()}
    assert set(waiting) == {"before", "behind"}
    assert play.thrown.hearing == (waiting["before"],)
