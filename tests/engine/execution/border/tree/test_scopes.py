"""Sub-processes, called processes and multi-instance activities."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.execution.border import Fault, Program
from tests.engine.execution.border.play import Play, bundle_of, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    call,
    end,
    event,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)


def test_the_data_goes_into_a_sub_process_and_comes_out_again() -> None:
    inner = sub_process("sub", start("s"), user_task("a"), end("e"))
    play = Play(program_of(start(), inner, user_task("b"), end()), {"x": 1})
    assert play.last.entered == ("start", "sub", "s", "a")
    play.complete("a", x=2, y=3)
    assert play.last.left == ("a", "e", "sub")
    assert play.open == ["b"]
    assert play.data == {"x": 2, "y": 3}


def test_terminate_in_a_sub_process_ends_only_that() -> None:
    inner = sub_process(
        "sub",
        start("s"),
        parallel("fork"),
        user_task("a"),
        user_task("b"),
        end("stop", event("terminate")),
        flow("s", "fork"),
        flow("fork", "a"),
        flow("fork", "b"),
        flow("a", "stop"),
    )
    play = Play(program_of(start(), inner, user_task("after"), end()))
    play.complete("a", x=1)
    assert play.open == ["after"]
    assert play.last.cancelled == ("b",)
    assert play.data == {"x": 1}


def test_an_interrupted_sub_process_takes_everything_inside_along() -> None:
    deepest = sub_process("deep", start("s2"), user_task("a"), end("e2"))
    inner = sub_process("sub", start("s"), deepest, end("e"))
    program = program_of(
        start(),
        inner,
        boundary("late", "sub", timer("P1D")),
        user_task("after"),
        end(),
        flow("start", "sub"),
        flow("sub", "end"),
        flow("late", "after"),
    )
    play = Play(program)
    play.advance(days=1)
    assert play.open == ["after"]
    assert set(play.last.cancelled) == {"sub", "deep", "a"}
    play.complete("after")
    assert play.ended


def test_a_sub_process_in_a_loop_begins_anew_each_time() -> None:
    inner = sub_process("sub", start("s"), user_task("a"), end("e"))
    program = program_of(
        start(),
        exclusive("merge"),
        inner,
        exclusive("done", default="done_to_end"),
        end(),
        flow("start", "merge"),
        flow("merge", "sub"),
        flow("sub", "done"),
        flow("done", "merge", "n < 5"),
        flow("done", "end"),
    )
    play = Play(program)
    sizes = []
    for number in range(1, 6):
        assert play.task("a").round == number
        sizes.append(play.tasks)
        play.complete("a", n=number)
    assert play.ended
    assert len(set(sizes[1:])) == 1


def child(*parts: Part) -> Part:
    return process("child", *parts)


CHILD = child(start("s"), user_task("a"), script_task("sum", "total = n + 1"), end("e"))


def passing(*mappings: str) -> Part:
    """camunda:in and camunda:out of a call activity, each with its attributes."""
    return extensions(*(Part(f"<camunda:{mapping} />") for mapping in mappings))


def test_a_called_process_shares_nothing_with_its_caller_that_is_not_passed() -> None:
    parent = process("p", start(), call("go", "child"), user_task("after"), end())
    play = Play(program_of(parent, CHILD), {"n": 1})
    task = play.task("a")
    assert (task.path, play.live.data_of(task.token)) == ("go", {})
    play.complete("a", n=5)
    assert play.open == ["after"]
    assert play.data == {"n": 1}


def test_everything_goes_over_where_all_variables_are_passed() -> None:
    everything = passing('in variables="all"', 'out variables="all"')
    activity = node("callActivity", "go", everything, calledElement="child")
    play = Play(program_of(process("p", start(), activity, end()), CHILD), {"n": 1})
    assert play.live.data_of(play.task("a").token) == {"n": 1}
    play.complete("a", n=5)
    assert play.data == {"n": 5, "total": 6}


def test_a_name_nobody_has_set_is_passed_as_null_both_ways() -> None:
    nothing = passing('in source="unset" target="n"', 'out source="never" target="result"')
    quiet = process("child", start("s"), user_task("a"), end("e"))
    activity = node("callActivity", "go", nothing, calledElement="child")
    play = Play(program_of(process("p", start(), activity, end()), quiet), {"x": 2})
    assert play.live.data_of(play.task("a").token) == {"n": None}
    play.complete("a")
    assert play.data == {"x": 2, "result": None}


def test_with_parameters_only_what_they_name_goes_in_and_out() -> None:
    over = passing(
        'in sourceExpression="${x * 10}" target="n"', 'out source="total" target="result"'
    )
    activity = node("callActivity", "go", over, calledElement="child")
    parent = process("p", start(), activity, user_task("after"), end())
    play = Play(program_of(parent, CHILD), {"x": 2})
    assert play.live.data_of(play.task("a").token) == {"n": 20}
    play.complete("a")
    assert play.data == {"x": 2, "result": 21}


def test_a_called_process_may_come_from_another_deployment() -> None:
    bundle = bundle_of(process("p", start(), call("go", "child"), end()))
    program = Program.build(bundle, "p", called={"child": bundle_of(CHILD)})
    play = Play(program, {"n": 1})
    assert play.open == ["a"]
    assert program.element("sum").kind == "scriptTask"


def test_a_called_process_that_is_nowhere_is_a_fault_when_it_is_reached() -> None:
    bundle = bundle_of(process("p", start(), call("go", "child"), end()))
    with pytest.raises(Fault, match="child") as caught:
        Play(Program.build(bundle, "p"))
    assert caught.value.element_id == "go"


def test_called_processes_may_use_the_same_ids() -> None:
    inner = sub_process("sub", start("s"), user_task("a"), end("e"))
    called = {key: bundle_of(process(key, start(), inner, end())) for key in ("one", "two")}
    parent = process("p", start(), call("first", "one"), call("second", "two"), end())
    play = Play(Program.build(bundle_of(parent), "p", called=called))
    assert play.task("a").path == "first/sub"
    play.complete("a")
    assert play.task("a").path == "second/sub"
    play.complete("a")
    assert play.ended


def commented(*, sequential: bool = False) -> tuple[Part, ...]:
    return (
        start(),
        user_task(
            "comment",
            multi_instance("${institutions}", "institution", sequential=sequential),
            camunda_candidateGroups="${'institution:' + institution}",
        ),
        boundary("closed", "comment", timer("${case.comment_deadline}", "timeDate")),
        user_task("finalise"),
        end(),
        flow("start", "comment"),
        flow("comment", "finalise"),
        flow("closed", "finalise"),
        flow("finalise", "end"),
    )


INSTITUTIONS = ["kemhan", "kemenkeu", "polri"]
WHO = {"institutions": INSTITUTIONS, "kept": 0}
UNTIL = {"comment_deadline": "2026-03-05"}


def groups(play: Play) -> list[str]:
    return sorted(task.candidate_groups[0] for task in play.waiting.tasks.values())


def test_everybody_comments_at_the_same_time_each_with_an_item_of_his_own() -> None:
    play = Play(program_of(*commented()), WHO, case=UNTIL)
    assert groups(play) == ["institution:kemenkeu", "institution:kemhan", "institution:polri"]
    assert {task.item for task in play.waiting.tasks.values()} == set(INSTITUTIONS)
    assert play.last.entered == ("start", "comment", "comment", "comment")
    play.complete("comment", 1, by_kemenkeu=1)
    assert groups(play) == ["institution:kemhan", "institution:polri"]
    play.complete("comment", 1, by_polri=1, kept=1)
    play.complete("comment", 0, by_kemhan=1)
    assert play.open == ["finalise"]
    assert play.data == {**WHO, "kept": 1, "by_kemenkeu": 1, "by_polri": 1, "by_kemhan": 1}


def test_the_deadline_ends_what_is_still_open() -> None:
    play = Play(program_of(*commented()), WHO, case=UNTIL)
    assert play.due == {"closed": datetime(2026, 3, 5, 17, 0, tzinfo=UTC)}
    play.complete("comment", 1)
    play.fire("closed")
    assert play.open == ["finalise"]
    assert play.last.cancelled == ("comment", "comment")


def test_one_after_the_other_sees_what_the_one_before_answered() -> None:
    play = Play(program_of(*commented(sequential=True)), WHO, case=UNTIL)
    for number, institution in enumerate(["kemhan", "kemenkeu", "polri"]):
        assert groups(play) == [f"institution:{institution}"]
        assert play.live.data_of(play.task("comment").token).get("n", 0) == number
        play.complete("comment", n=number + 1)
    assert play.open == ["finalise"]
    assert play.data == {**WHO, "n": 3}


def test_nobody_to_ask_means_nothing_to_wait_for() -> None:
    play = Play(program_of(*commented()), {"institutions": []}, case=UNTIL)
    assert play.open == ["finalise"]
    assert play.due == {}


@pytest.mark.parametrize("wrong", ["kemhan", 5, None, {"a": 1}])
def test_what_is_no_list_is_a_fault(wrong: object) -> None:
    with pytest.raises(Fault) as caught:
        Play(program_of(*commented()), {"institutions": wrong}, case=UNTIL)
    assert caught.value.element_id == "comment"


def collecting(sequential: bool) -> Part:
    return Part(
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<loopDataInputRef>names</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef>"
        '<inputDataItem id="name" name="name"/><outputDataItem id="answer" name="answer"/>'
        "</multiInstanceLoopCharacteristics>"
    )


@pytest.mark.parametrize("sequential", [False, True])
def test_results_are_collected_in_a_list(sequential: bool) -> None:
    program = program_of(start(), user_task("ask", collecting(sequential)), end())
    play = Play(program, {"names": ["x", "y"]})
    while not play.ended:
        item = play.task("ask").item
        play.complete("ask", answer=f"of {item}")
    assert play.data == {"names": ["x", "y"], "answers": ["of x", "of y"]}


def test_a_sub_process_for_each_item() -> None:
    inner = sub_process(
        "each",
        multi_instance("${names}", "name"),
        start("s"),
        user_task("a"),
        user_task("b"),
        end("e"),
    )
    play = Play(program_of(start(), inner, user_task("after"), end()), {"names": ["x", "y"]})
    assert play.open == ["a", "a"]
    play.complete("a", 0, first=1)
    assert play.open == ["a", "b"]
    play.complete("b")
    play.complete("a")
    play.complete("b", second=2)
    assert play.open == ["after"]
    assert play.data == {"names": ["x", "y"], "first": 1, "second": 2}


def test_a_number_of_times() -> None:
    loop = Part(
        '<multiInstanceLoopCharacteristics isSequential="true">'
        "<loopCardinality>${times}</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    play = Play(program_of(start(), user_task("a", loop), end()), {"times": 3})
    for _ in range(3):
        play.complete("a")
    assert play.ended


def nested_calls(count: int) -> Program:
    """Processes each of which calls the next; the last one asks somebody."""
    callers = [
        process(f"p{i}", start(f"s{i}"), call(f"c{i}", f"p{i + 1}"), end(f"e{i}"))
        for i in range(count)
    ]
    return program_of(*callers, process(f"p{count}", start("s"), user_task("u"), end("e")))


def test_fifty_processes_inside_each_other_can_be_stored_with_the_deepest_data() -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    play = Play(nested_calls(50), {"deep": deep})
    play.complete("u", deeper=deep)
    assert play.ended


def test_more_than_that_are_a_fault_in_words() -> None:
    with pytest.raises(Fault, match="nested more than 50 levels"):
        Play(nested_calls(51))
