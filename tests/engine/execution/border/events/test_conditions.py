"""Conditional events: evaluated when they are armed and after each write that they read."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, Program
from tests.engine.execution.border.events.test_event_scopes import begins_by, joined
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    condition,
    end,
    event_gateway,
    extensions,
    flow,
    multi_instance,
    parallel,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)

PAID = condition("paid == true")


NOTHING = Part("")


def mapped(*, into: str = "", out: str = "") -> Part:
    """One input and one output parameter, each as `name=expression`."""
    entries = [
        f'<camunda:{kind}Parameter name="{text.split("=")[0]}">${{{text.split("=")[1]}}}'
        f"</camunda:{kind}Parameter>"
        for kind, text in (("input", into), ("output", out))
        if text
    ]
    return extensions(Part(f"<camunda:inputOutput>{''.join(entries)}</camunda:inputOutput>"))


PRE_SCRIPT = extensions(Part("<spiffworkflow:preScript>n = n + 1</spiffworkflow:preScript>"))
"""A write as soon as a task is reached."""


def two_branches(*second: Part) -> tuple[Part, ...]:
    """Task a and, beside it, a chain of parts; each branch with an end of its own."""
    chain = [part.id for part in second if part.joins]
    ways = [flow(one, two) for one, two in zip(["fork", *chain], [*chain, "end"], strict=True)]
    return (
        *(start(), parallel("fork"), user_task("a"), end("a_end"), *second, end()),
        *(flow("start", "fork"), flow("fork", "a"), flow("a", "a_end"), *ways),
    )


def on_task_a(what: Part, *, interrupting: bool, data: Part = NOTHING) -> tuple[Part, ...]:
    """Task a, with task b beside it, and task c behind an event on a."""
    return (
        *(start(), parallel("fork"), user_task("a", data), user_task("b"), user_task("c")),
        boundary("on_a", "a", what, interrupting=interrupting),
        *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b"), flow("on_a", "c")),
    )


def watched(what: Part, script: str = "pass") -> Program:
    """Task a, a script and task b, with an event sub-process beside them."""
    watch = begins_by(what, id="w", interrupting=False)
    steps = (user_task("a"), script_task("s", script), user_task("b"))
    return program_of(*joined(start(), *steps, end(), watch))


class TestCatch:
    def test_it_waits_until_another_branch_makes_it_true(self) -> None:
        play = Play(program_of(*two_branches(catch("wait", PAID), user_task("b"))), {"paid": False})
        assert play.open == ["a"]
        assert list(play.waiting.elements()) == ["a", "wait"]
        play.complete("a", paid=True)
        assert set(play.last.left) == {"a", "a_end", "wait"}
        assert play.open == ["b"]

    def test_a_write_that_leaves_it_false_changes_nothing(self) -> None:
        play = Play(program_of(*two_branches(catch("wait", PAID), user_task("b"))), {"paid": False})
        play.complete("a", paid=False)
        assert (play.open, play.ended) == ([], False)

    def test_one_that_is_true_already_goes_on_at_once(self) -> None:
        play = Play(program_of(start(), catch("wait", PAID), user_task("b"), end()), {"paid": True})
        assert play.open == ["b"]
        assert play.last.entered == ("start", "wait", "b")

    @pytest.mark.parametrize(("paid", "way"), [(True, "b"), (False, "c")])
    def test_behind_an_event_gateway_it_is_one_of_those_awaited(self, paid: bool, way: str) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a"), event_gateway("first")),
            *(catch("wait", PAID), catch("late", timer("P1D")), user_task("b"), user_task("c")),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "first")),
            *(flow("first", "wait"), flow("first", "late"), flow("wait", "b"), flow("late", "c")),
        )
        play = Play(program, {"paid": False})
        play.complete("a", paid=paid)
        play.advance(days=1)
        assert (play.open, play.due) == ([way], {})

    def test_the_rivals_of_one_that_is_true_already_never_wait(self) -> None:
        program = program_of(
            *(start(), event_gateway("first"), user_task("b"), user_task("c")),
            *(catch("late", timer("P1D")), catch("wait", PAID)),
            *(flow("start", "first"), flow("first", "wait"), flow("first", "late")),
            *(flow("wait", "b"), flow("late", "c")),
        )
        play = Play(program, {"paid": True})
        assert (play.open, play.due) == (["b"], {})

    def test_a_text_is_no_answer(self) -> None:
        play = Play(program_of(*two_branches(catch("wait", condition("paid")))), {"paid": 0})
        with pytest.raises(Fault, match="text"):
            play.complete("a", paid="False")


class TestBoundary:
    def test_one_that_interrupts_ends_its_activity(self) -> None:
        play = Play(program_of(*on_task_a(PAID, interrupting=True)), {"paid": False})
        assert sorted(play.waiting.elements()) == ["a", "b"]
        play.complete("b", paid=True)
        assert play.open == ["c"]
        assert play.last.cancelled == ("a",)

    def test_one_that_is_true_already_ends_it_at_once(self) -> None:
        play = Play(program_of(*on_task_a(PAID, interrupting=True)), {"paid": True})
        assert play.open == ["b", "c"]

    def test_one_that_does_not_interrupt_begins_a_branch_at_each_write_while_true(self) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a"), user_task("b")),
            *(user_task("d"), user_task("c"), boundary("on_a", "a", PAID, interrupting=False)),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b"), flow("b", "d")),
            flow("on_a", "c"),
        )
        play = Play(program, {"paid": False})
        play.complete("b", paid=True, other=1)
        assert play.open == ["a", "c", "c", "d"]
        play.complete("d", other=2)
        assert play.open == ["a", "c", "c", "c"]
        play.complete("c", paid=False)
        assert play.open == ["a", "c", "c"]

    def test_it_sees_what_its_activity_alone_sees(self) -> None:
        seen = mapped(into="limit=amount + 1")
        program = program_of(*on_task_a(condition("limit > 5"), interrupting=True, data=seen))
        assert Play(program, {"amount": 4}).open == ["a", "b"]
        assert Play(program, {"amount": 5}).open == ["b", "c"]

    def test_a_write_that_a_variable_of_the_activity_hides_is_not_seen(self) -> None:
        seen = mapped(into="paid=true")
        program = program_of(*on_task_a(PAID, interrupting=False, data=seen))
        play = Play(program, {"paid": False})
        assert play.open == ["a", "b", "c"]
        play.complete("b", paid=True)
        assert play.open == ["a", "c"]

    def test_the_answer_to_its_own_task_ends_the_task_by_the_event(self) -> None:
        play = Play(program_of(*on_task_a(PAID, interrupting=True)), {"paid": False})
        play.complete("a", paid=True)
        assert play.open == ["b", "c"]

    @pytest.mark.parametrize("paid", [True, False])
    def test_of_two_that_become_true_together_the_first_armed_counts(self, paid: bool) -> None:
        program = program_of(
            *(start(), parallel("fork"), user_task("a"), user_task("b"), user_task("c")),
            *(boundary("second", "a", PAID), boundary("first", "a", PAID), user_task("d")),
            *(flow("start", "fork"), flow("fork", "a"), flow("fork", "b")),
            *(flow("second", "c"), flow("first", "d")),
        )
        play = Play(program, {"paid": paid})
        if not paid:
            play.complete("b", paid=True)
        assert [one for one in play.open if one != "b"] == ["c"]

    def test_a_branch_that_fires_it_before_it_has_begun_is_ended_by_the_step_limit(self) -> None:
        program = program_of(
            *(start(), user_task("a"), user_task("c", PRE_SCRIPT)),
            boundary("on_a", "a", condition("n > 0"), interrupting=False),
            *(flow("start", "a"), flow("on_a", "c")),
        )
        with pytest.raises(Fault, match="elements without waiting"):
            Play(program, {"n": 1})

    def test_what_a_finished_activity_has_written_is_written_once(self) -> None:
        both = mapped(into="n=1", out="sum=n")
        program = program_of(*on_task_a(condition("sum == 1"), interrupting=True, data=both))
        play = Play(program, {"sum": 0})
        play.complete("a")
        assert (play.open, play.data["sum"]) == (["b", "c"], 1)

    def test_on_a_repeated_activity_it_reads_how_far_that_is(self) -> None:
        program = program_of(
            *(start(), user_task("a", multi_instance("[1, 2, 3]")), user_task("b")),
            *(boundary("enough", "a", condition("nrOfCompletedInstances == 2")), user_task("c")),
            *(flow("start", "a"), flow("a", "b"), flow("enough", "c")),
        )
        play = Play(program)
        play.complete("a")
        assert play.open == ["a", "a"]
        play.complete("a")
        assert play.open == ["c"]

    def test_a_script_inside_a_sub_process_ends_it_before_it_goes_on(self) -> None:
        inside = sub_process("sub", start("s"), script_task("pay", "paid = true"), user_task("a"))
        program = program_of(
            *(start(), inside, boundary("done", "sub", PAID), user_task("c")),
            *(flow("start", "sub"), flow("done", "c")),
        )
        play = Play(program, {"paid": False})
        assert play.open == ["c"]
        assert "a" not in play.last.entered


class TestEventSubProcess:
    @pytest.mark.parametrize(
        ("interrupting", "left"), [(True, ["w_task"]), (False, ["b", "w_task"])]
    )
    def test_a_write_begins_it(self, interrupting: bool, left: list[str]) -> None:
        watch = begins_by(PAID, id="w", interrupting=interrupting)
        play = Play(program_of(*joined(start(), user_task("a"), user_task("b"), end(), watch)))
        assert list(play.waiting.elements()) == ["a"]
        play.complete("a", paid=True)
        assert play.open == left
        assert [one for one in play.last.entered if one != "b"] == ["w", "w_start", "w_task"]

    def test_one_that_is_true_already_begins_with_its_scope(self) -> None:
        watch = begins_by(PAID, id="w", interrupting=False)
        program = program_of(*joined(start(), user_task("a"), end(), watch))
        assert Play(program, {"paid": True}).open == ["a", "w_task"]

    def test_a_branch_that_fires_it_again_and_again_is_ended_by_the_step_limit(self) -> None:
        again = script_task("again", "n = n + 1")
        watch = begins_by(condition("n > 0"), again, id="w", interrupting=False)
        play = Play(program_of(*joined(start(), user_task("a"), end(), watch)), {"n": 0})
        with pytest.raises(Fault, match="elements without waiting"):
            play.complete("a", n=1)
        assert play.open == ["a"]


def fires(play: Play) -> int:
    """How often the event sub-process has begun."""
    return play.open.count("w_task")


class TestWhichWrites:
    def test_without_a_word_any_write_is_one_it_is_asked_after(self) -> None:
        play = Play(watched(condition("go == 1")), {"go": 0})
        play.complete("a", go=1, other=2)
        assert fires(play) == 2

    def test_a_named_variable_is_the_only_one(self) -> None:
        play = Play(watched(condition("go == 1", camunda_variableName="x")), {"go": 0, "x": 0})
        play.complete("a", go=1)
        assert fires(play) == 0
        play.complete("b", x=0)
        assert fires(play) == 1

    @pytest.mark.parametrize(
        ("events", "fired"),
        [
            ("create", [0, 1, 0]),
            ("update", [1, 0, 0]),
            ("delete", [0, 0, 1]),
            ("create, update", [1, 1, 0]),
            ("delete,create", [0, 1, 1]),
        ],
    )
    def test_of_what_can_be_done_to_a_variable_the_named_alone(
        self, events: str, fired: list[int]
    ) -> None:
        at_once = 1
        for script, times in zip(("x = 2", "y = 1", "del x"), fired, strict=True):
            program = watched(condition("true", camunda_variableEvents=events), script)
            play = Play(program, {"x": 1})
            assert fires(play) == at_once
            play.complete("a")
            assert fires(play) == at_once + times


def test_one_write_in_the_step_that_arms_an_event_is_heard_once() -> None:
    program = program_of(
        *(start(), parallel("fork"), user_task("a"), script_task("pay", "paid = True")),
        *(user_task("b"), user_task("c"), boundary("on_a", "a", PAID, interrupting=False)),
        *(flow("start", "fork"), flow("fork", "a"), flow("fork", "pay"), flow("pay", "b")),
        flow("on_a", "c"),
    )
    assert Play(program, {"paid": False}).open == ["a", "b", "c"]
