"""Sequence flows and gateways: the ways of tokens, and their data."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, StepLimit
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    boundary,
    catch,
    end,
    event,
    exclusive,
    flow,
    node,
    parallel,
    process,
    script_task,
    start,
    timer,
    user_task,
)


def test_tasks_follow_one_another_and_their_answers_end_up_in_the_data() -> None:
    play = Play(program_of(start(), user_task("a"), user_task("b"), end()), {"x": 1})
    assert play.open == ["a"]
    play.complete("a", y=2)
    assert play.open == ["b"]
    play.complete("b", x=3)
    assert play.ended
    assert play.data == {"x": 3, "y": 2}


def test_the_history_is_told_what_was_entered_and_left() -> None:
    play = Play(program_of(start(), user_task("a"), script_task("s", "n = 1"), end()))
    assert (play.last.entered, play.last.left) == (("start", "a"), ("start",))
    play.complete("a")
    assert play.last.entered == ("s", "end")
    assert play.last.left == ("a", "s", "end")
    assert play.last.cancelled == ()


CHOICE = program_of(
    start(),
    exclusive("gate", default="gate_to_c"),
    user_task("a"),
    user_task("b"),
    user_task("c"),
    end(),
    flow("start", "gate"),
    flow("gate", "a", "n > 10"),
    flow("gate", "b", "n > 5"),
    flow("gate", "c"),
    flow("a", "end"),
    flow("b", "end"),
    flow("c", "end"),
)


@pytest.mark.parametrize(("n", "expected"), [(11, ["a"]), (7, ["b"]), (1, ["c"])])
def test_an_exclusive_gateway_takes_the_first_flow_that_holds(n: int, expected: list[str]) -> None:
    assert Play(CHOICE, {"n": n}).open == expected


def test_a_condition_that_fails_names_the_gateway() -> None:
    with pytest.raises(Fault) as caught:
        Play(CHOICE, {})
    assert caught.value.element_id == "gate"
    assert "n" in str(caught.value.what)


def test_a_condition_that_gives_text_is_refused_for_false_would_count_as_true() -> None:
    program = program_of(
        start(),
        exclusive("gate"),
        end(),
        flow("start", "gate"),
        flow("gate", "end", "answer", id="f"),
    )
    with pytest.raises(Fault, match="False"):
        Play(program, {"answer": "False"})


def test_without_a_flow_that_holds_or_a_default_the_gateway_says_so() -> None:
    program = program_of(
        start(), exclusive("gate"), end(), flow("start", "gate"), flow("gate", "end", "n == 1")
    )
    with pytest.raises(Fault, match="default") as caught:
        Play(program, {"n": 2})
    assert caught.value.element_name == "Gate"


FORK = program_of(
    start(),
    parallel("fork"),
    user_task("a"),
    user_task("b"),
    parallel("join"),
    user_task("after"),
    end(),
    flow("start", "fork"),
    flow("fork", "a"),
    flow("fork", "b"),
    flow("a", "join"),
    flow("b", "join"),
    flow("join", "after"),
    flow("after", "end"),
)


def test_a_parallel_join_waits_for_every_branch() -> None:
    play = Play(FORK)
    assert play.open == ["a", "b"]
    play.complete("b")
    assert play.open == ["a"]
    assert "join" not in play.last.entered
    play.complete("a")
    assert play.open == ["after"]
    assert play.last.entered == ("join", "after")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_what_a_branch_did_not_touch_it_does_not_overwrite(order: tuple[str, str]) -> None:
    play = Play(FORK, {"left": 0, "right": 0, "kept": 1})
    answers: dict[str, dict[str, object]] = {"a": {"left": 1}, "b": {"right": 2, "new": [3]}}
    for task in order:
        play.complete(task, **answers[task])
    assert play.data == {"left": 1, "right": 2, "new": [3], "kept": 1}


def test_of_two_branches_that_changed_the_same_key_the_later_wins() -> None:
    play = Play(FORK, {"x": 0})
    play.complete("b", x="from b")
    play.complete("a", x="from a")
    assert play.data["x"] == "from a"


def test_a_join_in_a_loop_works_in_every_round() -> None:
    program = program_of(
        start(),
        exclusive("again"),
        parallel("fork"),
        user_task("a"),
        user_task("b"),
        parallel("join"),
        exclusive("done", default="done_to_end"),
        end(),
        flow("start", "again"),
        flow("again", "fork"),
        flow("fork", "a"),
        flow("fork", "b"),
        flow("a", "join"),
        flow("b", "join"),
        flow("join", "done"),
        flow("done", "again", "redo"),
        flow("done", "end"),
    )
    play = Play(program)
    for number in range(10):
        assert play.open == ["a", "b"]
        play.complete("a", redo=number < 9)
        play.complete("b")
    assert play.ended


def test_two_flows_between_the_same_gateways_are_two_tokens() -> None:
    program = program_of(
        start(),
        parallel("fork"),
        parallel("join"),
        user_task("after"),
        end(),
        flow("start", "fork"),
        flow("fork", "join", id="one"),
        flow("fork", "join", id="two"),
        flow("join", "after"),
        flow("after", "end"),
    )
    play = Play(program)
    assert play.open == ["after"]
    play.complete("after")
    assert play.ended


INCLUSIVE = program_of(
    start(),
    node("inclusiveGateway", "fork", default="fork_to_c"),
    user_task("a"),
    user_task("b"),
    user_task("c"),
    node("inclusiveGateway", "join"),
    user_task("after"),
    end(),
    flow("start", "fork"),
    flow("fork", "a", "'a' in want"),
    flow("fork", "b", "'b' in want"),
    flow("fork", "c"),
    flow("a", "join"),
    flow("b", "join"),
    flow("c", "join"),
    flow("join", "after"),
    flow("after", "end"),
)


@pytest.mark.parametrize(
    ("want", "branches"), [(["a"], ["a"]), (["a", "b"], ["a", "b"]), ([], ["c"])]
)
def test_an_inclusive_gateway_joins_the_branches_it_has_started(
    want: list[str], branches: list[str]
) -> None:
    play = Play(INCLUSIVE, {"want": want})
    assert play.open == branches
    for branch in branches:
        assert "after" not in play.open
        play.complete(branch)
    assert play.open == ["after"]


def test_a_process_ends_when_its_last_branch_ends_and_keeps_what_each_changed() -> None:
    program = program_of(
        start(),
        parallel("fork"),
        user_task("a"),
        user_task("b"),
        end("end_a"),
        end("end_b"),
        flow("start", "fork"),
        flow("fork", "a"),
        flow("fork", "b"),
        flow("a", "end_a"),
        flow("b", "end_b"),
    )
    play = Play(program, {"x": 0, "y": 0})
    play.complete("b", y=5)
    assert not play.ended
    play.complete("a", x=1)
    assert play.ended
    assert play.data == {"x": 1, "y": 5}


def test_terminate_takes_every_other_token_away() -> None:
    program = program_of(
        start(),
        parallel("fork"),
        user_task("a"),
        user_task("b"),
        end("stop", event("terminate")),
        end("end_b"),
        flow("start", "fork"),
        flow("fork", "a"),
        flow("fork", "b"),
        flow("a", "stop"),
        flow("b", "end_b"),
    )
    play = Play(program)
    play.complete("a", result="stopped")
    assert play.ended
    assert play.data == {"result": "stopped"}
    assert play.last.cancelled == ("b",)


def test_a_task_without_an_outgoing_flow_ends_its_branch() -> None:
    play = Play(program_of(start(), user_task("a"), flow("start", "a")))
    play.complete("a")
    assert play.ended


def test_several_flows_out_of_a_task_are_all_taken() -> None:
    program = program_of(
        start(), user_task("a"), user_task("b"), flow("start", "a"), flow("start", "b")
    )
    assert Play(program).open == ["a", "b"]


def test_ids_that_spiffworkflow_uses_itself_are_ids_like_any_other() -> None:
    program = program_of(
        process("Root", start("Start"), user_task("End"), user_task("Root.EndJoin"), end("Finish"))
    )
    play = Play(program)
    play.complete("End")
    play.complete("Root.EndJoin")
    assert play.ended


def test_a_loop_that_never_waits_is_stopped_by_the_step_limit() -> None:
    program = program_of(
        start(),
        exclusive("again"),
        script_task("count", "n = n + 1"),
        flow("start", "again"),
        flow("again", "count"),
        flow("count", "again"),
    )
    with pytest.raises(StepLimit) as caught:
        Play(program, {"n": 0})
    assert caught.value.element_id in ("again", "count")
    assert "1000" in str(caught.value.what)


def test_a_fork_of_four_hundred_branches_is_opened_at_once() -> None:
    names = [f"t{number}" for number in range(400)]
    program = program_of(
        start(),
        parallel("fork"),
        *(user_task(name) for name in names),
        parallel("join"),
        end(),
        flow("start", "fork"),
        *(flow("fork", name) for name in names),
        *(flow(name, "join") for name in names),
        flow("join", "end"),
    )
    assert len(Play(program).open) == 400


def test_cancelling_ends_the_instance_and_keeps_its_data() -> None:
    play = Play(FORK, {"x": 1})
    play.complete("a", y=2)
    play.step(lambda live: live.cancel(play))
    assert play.ended
    assert play.data == {"x": 1, "y": 2}
    assert play.last.cancelled == ("b",)


def test_an_inclusive_join_waits_for_what_is_behind_a_task_with_a_boundary_event() -> None:
    play = Play(
        program_of(
            start(),
            node("inclusiveGateway", "fork"),
            user_task("first"),
            user_task("second"),
            user_task("other"),
            node("inclusiveGateway", "join"),
            user_task("after"),
            end(),
            boundary("late", "second", timer("P9D")),
            end("given_up"),
            flow("start", "fork"),
            flow("fork", "first"),
            flow("fork", "other"),
            flow("first", "second"),
            flow("second", "join"),
            flow("other", "join"),
            flow("join", "after"),
            flow("after", "end"),
            flow("late", "given_up"),
        )
    )
    play.complete("other")
    assert play.open == ["first"]
    play.complete("first")
    play.complete("second")
    assert play.open == ["after"]


def test_waiting_for_a_branch_that_never_comes_is_a_fault_at_the_gateway() -> None:
    play = Play(
        program_of(
            start(),
            user_task("a"),
            exclusive("choice", default="choice_to_join"),
            user_task("b"),
            user_task("c"),
            parallel("join"),
            end(),
            flow("start", "a"),
            flow("a", "choice"),
            flow("choice", "b", "more"),
            flow("b", "c"),
            flow("choice", "join"),
            flow("c", "join"),
            flow("join", "end"),
        )
    )
    with pytest.raises(Fault, match="a branch that will never come") as caught:
        play.complete("a", more=False)
    assert caught.value.element_id == "join"
    assert play.open == ["a"]


def test_every_event_behind_an_event_gateway_is_waited_for_its_default_too() -> None:
    play = Play(
        program_of(
            start(),
            node("eventBasedGateway", "which", default="which_to_day"),
            catch("paid", event("message", "paid")),
            catch("day", timer("P1D")),
            end(),
            flow("start", "which"),
            flow("which", "paid"),
            flow("which", "day"),
            flow("paid", "end"),
            flow("day", "end"),
        )
    )
    assert play.due.keys() == {"day"}
    play.deliver("paid")
    assert play.ended


def test_inclusive_joins_of_one_loop_do_not_wait_for_each_other() -> None:
    """BPMN 2.0.2, 13.4.3: a token that could also come by a flow by which one has come already is
    not waited for; else two joins of a loop would wait for each other for ever."""
    gates = [node("inclusiveGateway", name) for name in ("gw1", "gw2", "gw3", "gw4")]
    program = program_of(
        start(), *gates, user_task("one"), user_task("two"), exclusive("gw5", "gw5_to_gw1"), end(),
        flow("start", "gw1"), flow("gw1", "gw2"), flow("gw1", "one"), flow("one", "gw4"),
        flow("gw2", "gw3"), flow("gw2", "two"), flow("two", "gw3"), flow("gw3", "gw4"),
        flow("gw4", "gw5"), flow("gw5", "end", "n > 1"), flow("gw5", "gw1"),
    )  # fmt: skip
    play = Play(program, {"n": 0})
    for number in (1, 2):
        assert play.open == ["one", "two"]
        play.complete("one", n=number)
        assert play.open == ["two"], "the join behind both still waits"
        play.complete("two")
    assert play.ended
