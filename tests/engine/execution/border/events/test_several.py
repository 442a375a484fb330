"""Events with several definitions: the first to come counts, or all have to come."""

from __future__ import annotations

import pytest

from engine.execution.border import Program
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    condition,
    end,
    event,
    event_gateway,
    flow,
    parallel,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)

MESSAGE, OTHER, DAY = event("message", "m"), event("message", "n"), timer("P1D")


def all_of(part: Part) -> Part:
    """The event that waits for all of its definitions."""
    tag, _, rest = part.xml.partition(" ")
    return Part(f'{tag} parallelMultiple="true" {rest}', part.id, part.joins)


def waiting(event_: Part) -> Program:
    """An event to wait for, then task b."""
    return program_of(start(), event_, user_task("b"), end())


def on_task_a(event_: Part) -> Program:
    """Task a with an event on it, and task b behind that."""
    flows = (flow("start", "a"), flow("x", "b"))
    return program_of(start(), user_task("a"), event_, user_task("b"), *flows)


class TestCatch:
    @pytest.mark.parametrize("first", ["m", "n", "time"])
    def test_the_first_to_come_counts(self, first: str) -> None:
        play = Play(waiting(catch("x", MESSAGE, OTHER, DAY)))
        assert list(play.waiting.elements()) == ["x"]
        if first == "time":
            play.advance(days=1)
        else:
            play.deliver(first, got=first)
            assert play.data == {"got": first}
        assert play.open == ["b"]
        assert play.last.left == ("x",)
        assert not (play.waiting.subscriptions or play.waiting.timers)

    def test_all_have_to_come_in_any_order(self) -> None:
        play = Play(waiting(all_of(catch("x", MESSAGE, DAY, condition("paid")))), {"paid": False})
        play.deliver("m", paid=True)
        assert list(play.waiting.elements()) == ["x"]
        assert (play.open, play.data) == ([], {"paid": True})
        play.advance(days=1)
        assert play.open == ["b"]

    def test_what_comes_is_recorded_where_a_handler_is_right_behind(self) -> None:
        task = service_task("b", "record")
        program = program_of(start(), catch("x", MESSAGE, OTHER), task, end())
        play = Play(program, handlers={"record": lambda _: {}})
        token = next(iter(play.waiting.subscriptions))
        assert play.live.is_recorded(token, play)

    def test_behind_an_event_gateway_it_is_withdrawn_and_withdraws(self) -> None:
        program = program_of(
            *(start(), event_gateway("first"), catch("x", MESSAGE, OTHER), catch("y", DAY)),
            *(user_task("b"), user_task("c"), flow("start", "first"), flow("first", "x")),
            *(flow("first", "y"), flow("x", "b"), flow("y", "c")),
        )
        heard, late = Play(program), Play(program)
        heard.deliver("n")
        assert (heard.open, heard.due) == (["b"], {})
        late.advance(days=1)
        assert (late.open, dict(late.waiting.subscriptions)) == (["c"], {})


class TestBoundary:
    def test_one_that_interrupts_ends_its_activity_by_the_first(self) -> None:
        play = Play(on_task_a(boundary("x", "a", MESSAGE, DAY)))
        assert list(play.waiting.elements()) == ["a"]
        play.deliver("m", got=1)
        assert (play.open, play.due, play.data) == (["b"], {}, {"got": 1})
        assert play.last.cancelled == ("a",)

    def test_one_that_does_not_begins_a_branch_at_each(self) -> None:
        play = Play(on_task_a(boundary("x", "a", MESSAGE, DAY, interrupting=False)))
        play.deliver("m")
        play.advance(days=1)
        play.deliver("m")
        assert (play.open, play.due) == (["a", "b", "b", "b"], {})
        task = play.live.data_of(play.task("b", 1).token)["timer"]
        assert isinstance(task, dict)
        assert task["task"] == str(play.task("a").row_id)
        play.complete("a")
        assert play.open == ["b", "b", "b"]
        assert not play.waiting.subscriptions

    def test_one_that_does_not_waits_for_all_of_them_again(self) -> None:
        play = Play(on_task_a(all_of(boundary("x", "a", MESSAGE, OTHER, interrupting=False))))
        play.deliver("m")
        assert play.open == ["a"]
        play.deliver("n")
        assert play.open == ["a", "b"]
        play.deliver("n")
        play.deliver("m")
        assert play.open == ["a", "b", "b"]

    @pytest.mark.parametrize("interrupting", [True, False])
    def test_its_timer_says_of_itself_what_one_alone_says(self, interrupting: bool) -> None:
        def said(*definitions: Part) -> bool:
            play = Play(on_task_a(boundary("x", "a", *definitions, interrupting=interrupting)))
            play.advance(days=1)
            return "timer" in play.live.data_of(play.task("b").token)

        assert said(DAY) == said(DAY, MESSAGE) == (not interrupting)

    def test_a_deadline_that_moves_takes_its_timer_along(self) -> None:
        due = timer("${task.due_at}", "timeDate")
        task = user_task("a", camunda_dueDate="${days(3, today())}")
        flows = (flow("start", "a"), flow("x", "b"))
        event_ = boundary("x", "a", MESSAGE, due, interrupting=False)
        play = Play(program_of(start(), task, event_, user_task("b"), *flows))
        moved = play.due["x"].replace(day=20)
        token = play.task("a").token
        play.step(lambda live: live.set_due(token, moved, play))
        assert play.due["x"] == moved


class TestEventSubProcess:
    @pytest.mark.parametrize("interrupting", [True, False])
    @pytest.mark.parametrize("together", [True, False])
    def test_it_begins_by_one_or_by_all(self, interrupting: bool, together: bool) -> None:
        first = start("w_start", MESSAGE, OTHER, isInterrupting=interrupting)
        first = all_of(first) if together else first
        watch = sub_process("w", first, user_task("w_task"), end("w_end"), triggeredByEvent=True)
        play = Play(program_of(start(), user_task("a"), end(), watch,
                               flow("start", "a"), flow("a", "end")))  # fmt: skip
        assert list(play.waiting.elements()) == ["a"]
        play.deliver("m", got=1)
        if together:
            assert play.open == ["a"]
            play.deliver("n")
        assert play.open == (["w_task"] if interrupting else ["a", "w_task"])
        assert play.data == {"got": 1}
        assert bool(play.waiting.subscriptions) is not interrupting
        while play.open:
            play.complete(play.open[0])
        assert play.ended


class TestThrow:
    @pytest.mark.parametrize("kind", [throw, end])
    def test_each_is_thrown(self, kind: object) -> None:
        thrown = (MESSAGE, event("signal", "s"), event("escalation", "e"))
        inside = sub_process("sub", start("s"), kind("t", *thrown))  # type: ignore[operator]  # of building
        program = program_of(
            *(start(), inside, boundary("told", "sub", event("escalation", "e"))),
            *(user_task("b"), flow("start", "sub"), flow("told", "b")),
        )
        play = Play(program)
        assert [name for name, _, _ in play.sent] == ["m"]
        assert [name for name, _ in play.signalled] == ["s"]
        assert play.open == ["b"]


def test_the_parts_of_an_event_go_with_its_activity() -> None:
    program = program_of(
        *(start(), parallel("fork"), user_task("a"), user_task("c")),
        *(boundary("x", "a", MESSAGE, DAY), user_task("b"), flow("start", "fork")),
        *(flow("fork", "a"), flow("fork", "c"), flow("x", "b")),
    )
    play = Play(program)
    play.complete("a")
    assert (play.open, play.due, dict(play.waiting.subscriptions)) == (["c"], {}, {})
