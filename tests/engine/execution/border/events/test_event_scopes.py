"""Event sub-processes, saved and loaded at every wait."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.execution.border import Fault, Program
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    call,
    end,
    event,
    exclusive,
    flow,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)


def begins_by(what: Part, *inside: Part, id: str = "extra", interrupting: bool = True) -> Part:
    """An event sub-process: its start event, then `inside` (a human task without)."""
    steps = inside or (user_task(f"{id}_task"),)
    first = start(f"{id}_start", what, isInterrupting=interrupting)
    return sub_process(id, first, *steps, end(f"{id}_end"), triggeredByEvent=True)


def joined(*parts: Part) -> tuple[Part, ...]:
    """The parts of a process whose event sub-processes no flow leads to."""
    chain = [p for p in parts if p.joins and 'triggeredByEvent="true"' not in p.xml.split(">")[0]]
    flows = [flow(one.id, two.id) for one, two in pairwise(chain)]
    return (*parts, *flows)


def beside(*event_sub_processes: Part) -> Program:
    """Tasks a and b one after the other, with event sub-processes beside them."""
    return program_of(*joined(start(), user_task("a"), user_task("b"), end(), *event_sub_processes))


def test_an_interrupting_one_takes_everything_else_in_the_process_away() -> None:
    program = program_of(
        start(),
        parallel("fork"),
        user_task("a"),
        sub_process("sub", start("s"), user_task("b"), end("e")),
        begins_by(timer("P3D")),
        flow("start", "fork"),
        flow("fork", "a"),
        flow("fork", "sub"),
    )
    play = Play(program, {"x": 1})
    assert set(play.due) == {"extra_start"}
    play.complete("a", y=2)
    assert play.advance(days=3) == 1
    assert play.open == ["extra_task"]
    assert set(play.last.cancelled) == {"sub", "b"}
    assert play.last.entered == ("extra", "extra_start", "extra_task")
    assert play.task("extra_task").path == "extra"
    play.complete("extra_task", z=3)
    assert play.ended
    assert play.due == {}
    assert {key: play.data[key] for key in "xyz"} == {"x": 1, "y": 2, "z": 3}


def test_without_its_event_nothing_remembers_it_when_the_process_ends() -> None:
    waiting = (begins_by(timer("P3D")), begins_by(event("message", "m"), id="other"))
    play = Play(beside(*waiting))
    assert list(play.waiting.elements()) == ["a"]
    play.complete("a")
    play.complete("b")
    assert play.ended
    assert (play.due, dict(play.waiting.subscriptions)) == ({}, {})
    assert play.last.cancelled == ()


def test_one_that_does_not_interrupt_goes_on_beside_the_process_and_may_come_again() -> None:
    play = Play(beside(begins_by(event("message", "m"), interrupting=False)))
    for number in (1, 2):
        play.deliver("m", number=number)
    assert play.open == ["a", "extra_task", "extra_task"]
    play.complete("a")
    play.complete("b")
    assert not play.ended
    play.deliver("m", number=3)
    for _ in range(3):
        play.complete("extra_task")
    assert play.ended


def test_it_begins_with_all_that_is_known_then_and_with_what_its_event_says() -> None:
    play = Play(beside(begins_by(event("message", "m"), interrupting=False)), {"x": 1})
    play.complete("a", x=2, y=1)
    play.deliver("m", reason="late")
    seen = play.live.data_of(play.task("extra_task").token)
    assert seen == {"x": 2, "y": 1, "reason": "late"}


@pytest.mark.parametrize("last", ["b", "extra_task"])
def test_whichever_ends_last_each_leaves_what_it_changed_itself(last: str) -> None:
    play = Play(beside(begins_by(event("message", "m"), interrupting=False)), {"x": 1, "n": 0})
    play.complete("a", x=2)
    play.deliver("m")
    first = {"b": "extra_task", "extra_task": "b"}[last]
    answers: dict[str, dict[str, object]] = {"b": {"x": 3}, "extra_task": {"n": 5}}
    play.complete(first, **answers[first])
    play.complete(last, **answers[last])
    assert play.ended
    assert play.data == {"x": 3, "n": 5}


def test_what_its_message_says_becomes_data_of_the_process() -> None:
    play = Play(beside(begins_by(event("message", "m"), interrupting=False)), {"x": 1})
    play.deliver("m", reason="late")
    assert play.data == {"x": 1, "reason": "late"}
    for task in ("extra_task", "a", "b"):
        play.complete(task)
    assert play.ended
    assert play.data == {"x": 1, "reason": "late"}


def test_what_is_known_of_the_process_meanwhile_is_never_an_older_answer() -> None:
    play = Play(beside(begins_by(event("message", "m"), interrupting=False)), {"x": 1})
    play.deliver("m")
    play.complete("a", x=2)
    assert play.data == {"x": 2}


def test_a_repeating_timer_begins_it_again_and_again_until_the_process_ends() -> None:
    program = beside(begins_by(timer("R/P1D", "timeCycle"), interrupting=False))
    play = Play(program)
    play.advance(days=1)
    play.advance(days=5)
    assert play.open == ["a", "extra_task", "extra_task"]
    play.complete("a")
    play.complete("b")
    play.complete("extra_task")
    play.complete("extra_task")
    assert play.ended


def test_a_timer_of_its_own_fires_once_where_it_does_not_interrupt() -> None:
    play = Play(beside(begins_by(timer("P1D"), interrupting=False)))
    assert play.advance(days=9) == 1
    assert play.due == {}
    assert play.open == ["a", "extra_task"]


FAILING = sub_process("sub", start("s"), user_task("c"), end("e", event("error", "bad")))


def test_an_error_goes_outwards_to_the_nearest_scope_that_has_one_for_it() -> None:
    wanted = begins_by(event("error", "bad"), id="wanted")
    other = begins_by(event("error", "worse"), id="other")
    anything = begins_by(Part("<errorEventDefinition/>"), id="anything")
    program = program_of(*joined(start(), FAILING, end(), other, anything, wanted))
    play = Play(program)
    play.complete("c", x=1)
    assert play.open == ["wanted_task"]
    seen = play.live.data_of(play.task("wanted_task").token)
    assert seen["error"] == {"code": "bad", "message": ""}
    assert seen["x"] == 1


def test_a_boundary_event_nearer_to_the_error_comes_first() -> None:
    program = program_of(
        start(),
        FAILING,
        boundary("near", "sub", event("error", "bad")),
        user_task("mend"),
        begins_by(event("error", "bad")),
        flow("start", "sub"),
        flow("near", "mend"),
    )
    play = Play(program)
    play.complete("c")
    assert play.open == ["mend"]


def test_an_error_inside_it_is_not_caught_by_itself() -> None:
    raising = begins_by(event("error", "bad"), user_task("t"), throw("go"), id="extra")
    inside = raising.xml.replace(
        '<endEvent id="extra_end" name="Extra end"></endEvent>',
        end("extra_end", event("error", "bad")).xml,
    )
    program = program_of(*joined(start(), FAILING, end(), Part(inside, "extra", joins=True)))
    play = Play(program)
    play.complete("c")
    with pytest.raises(Fault, match="bad"):
        play.complete("t")
    assert play.open == ["t"]


def test_an_escalation_leaves_what_raised_it_running() -> None:
    raising = sub_process(
        "sub", start("s"), throw("late", event("escalation", "e")), user_task("c"), end("e")
    )
    told = begins_by(event("escalation", "e"), interrupting=False)
    play = Play(program_of(*joined(start(), raising, end(), told)))
    assert play.open == ["c", "extra_task"]
    play.complete("c")
    play.complete("extra_task")
    assert play.ended


def test_in_a_sub_process_it_ends_only_that_and_is_armed_anew_in_each_round() -> None:
    inner = sub_process(
        "sub",
        start("s"),
        user_task("c"),
        end("e"),
        begins_by(timer("P1D"), script_task("count", "n = n + 1")),
        flow("s", "c"),
        flow("c", "e"),
    )
    program = program_of(
        start(),
        exclusive("merge"),
        inner,
        exclusive("done", default="done_to_end"),
        end(),
        flow("start", "merge"),
        flow("merge", "sub"),
        flow("sub", "done"),
        flow("done", "merge", "n < 20"),
        flow("done", "end"),
    )
    play = Play(program, {"n": 0})
    sizes = set()
    while not play.ended:
        sizes.add((play.tasks, len(play.body) // 16))
        play.advance(days=1)
    assert play.data["n"] == 20
    assert len({count for count, _ in sizes}) == 1


def test_in_a_called_process_it_answers_to_the_caller() -> None:
    child = process(
        "child", *joined(start("s"), user_task("c"), end("e"), begins_by(event("message", "m")))
    )
    play = Play(
        program_of(process("p", start(), call("go", "child"), user_task("b"), end()), child)
    )
    play.deliver("m", x=1)
    assert play.open == ["extra_task"]
    assert play.live.data_of(play.task("extra_task").token) == {"x": 1}
    play.complete("extra_task")
    assert play.open == ["b"]
    assert play.data == {}, "the called process gives nothing back"


def test_a_hundred_messages_leave_nothing_behind() -> None:
    note = script_task("note", "seen = seen + 1")
    play = Play(beside(begins_by(event("message", "m"), note, interrupting=False)), {"seen": 0})
    play.deliver("m")
    size, tasks = len(play.body), play.tasks
    for _ in range(99):
        play.deliver("m")
    assert play.tasks == tasks
    assert len(play.body) < size + 16
    play.complete("a")
    play.complete("b")
    assert play.data == {"seen": 100}


def test_what_happens_while_it_is_armed_is_compacted_as_ever() -> None:
    program = program_of(
        start(),
        exclusive("merge"),
        user_task("a"),
        exclusive("done", default="done_to_merge"),
        end(),
        begins_by(timer("P9D")),
        flow("start", "merge"),
        flow("merge", "a"),
        flow("a", "done"),
        flow("done", "merge"),
        flow("done", "end", "over"),
    )
    play = Play(program, {"over": False})
    sizes = set()
    for _ in range(20):
        play.complete("a", over=False)
        sizes.add(play.tasks)
    assert len(sizes) == 1
