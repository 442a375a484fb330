"""Every kind of activity, repeated for each entry of a list, saved and loaded at every wait."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.execution.border import Fault, StepLimit
from engine.ports.handlers import BpmnError
from tests.engine.execution.border.events.test_messages import told
from tests.engine.execution.border.play import Call, Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    timer,
    user_task,
)

NAMES = {"names": ["x", "y", "z"]}
EACH = multi_instance("${names}", "name")
ONE_BY_ONE = multi_instance("${names}", "name", sequential=True)
CHILD = process("child", start("s"), user_task("ask"), script_task("note", "seen = name"), end("e"))
PASSING = extensions(
    Part('<camunda:in source="name" target="name" /><camunda:out source="seen" target="seen" />')
)


def work(play: Play, token: UUID) -> None:
    play.step(lambda live: live.external_done(token, {"last": 1}, play))


def answer(play: Play, token: UUID) -> None:
    play.step(lambda live: live.deliver(token, {}, play))


@pytest.mark.parametrize("marker", [EACH, ONE_BY_ONE], ids=["at once", "one by one"])
def test_a_called_process_runs_for_each_entry(marker: Part) -> None:
    activity = node("callActivity", "each", PASSING, marker, calledElement="child")
    parent = process("p", start(), activity, user_task("after"), end())
    play = Play(program_of(parent, CHILD), NAMES)
    asked = []
    while play.open != ["after"]:
        asked.append(play.live.data_of(play.task("ask").token)["name"])
        play.complete("ask")
    assert asked == NAMES["names"]
    assert play.data == {**NAMES, "seen": "z"}


def test_called_processes_end_in_any_order() -> None:
    activity = node("callActivity", "each", PASSING, EACH, calledElement="child")
    play = Play(program_of(process("p", start(), activity, end()), CHILD), NAMES)
    for index in (2, 0, 0):
        play.complete("ask", index)
    assert play.ended
    assert play.data["seen"] == "y"


@pytest.mark.parametrize("marker", [EACH, ONE_BY_ONE], ids=["at once", "one by one"])
def test_workers_outside_do_an_entry_each(marker: Part) -> None:
    task = service_task("each", "copy", marker)
    play = Play(program_of(start(), task, user_task("after"), end()), NAMES)
    done = 0
    while play.open != ["after"]:
        work(play, min(play.waiting.externals))
        done += 1
    assert done == 3
    assert play.data == {**NAMES, "last": 1}


def test_a_handler_is_called_for_each_entry_and_sees_it() -> None:
    play = Play(
        program_of(start(), service_task("each", "copy", EACH), user_task("after"), end()),
        NAMES,
        handlers={"copy": lambda call: None},
    )
    assert [call.data["name"] for call in play.calls] == NAMES["names"]
    assert play.data == NAMES


def test_an_error_at_one_entry_ends_all_where_it_is_caught() -> None:
    def fail_at_y(call: Call) -> None:
        if call.data["name"] == "y":
            raise BpmnError("broken", "no paper")

    program = program_of(
        start(),
        service_task("each", "copy", EACH),
        boundary("bad", "each", event("error", "broken")),
        user_task("mend"),
        end(),
        flow("start", "each"),
        flow("each", "end"),
        flow("bad", "mend"),
        flow("mend", "end", id="mended"),
    )
    play = Play(program, NAMES, handlers={"copy": fail_at_y})
    assert play.open == ["mend"]
    assert len(play.calls) == 2


def test_a_message_is_sent_to_each() -> None:
    task = node("sendTask", "each", EACH, told("${name}", text="hello"), messageRef="message_m")
    play = Play(program_of(start(), task, end()), NAMES)
    assert play.sent == [("m", name, {"text": "hello"}) for name in NAMES["names"]]


def test_an_answer_of_each_is_awaited_under_a_key_of_its_own() -> None:
    task = node("receiveTask", "each", EACH, told("${name}"), messageRef="message_m")
    play = Play(program_of(start(), task, user_task("after"), end()), NAMES)
    for name in ("y", "z", "x"):
        assert play.open == []
        [token] = [s.token for s in play.waiting.subscriptions.values() if s.key == name]
        answer(play, token)
    assert play.open == ["after"]


def test_a_script_sees_its_entry_and_what_the_one_before_it_left() -> None:
    task = script_task("each", "total = total + name")
    inside = task.xml.replace("</scriptTask>", f"{ONE_BY_ONE.xml}</scriptTask>")
    program = program_of(start(), Part(inside, "each", joins=True), user_task("after"), end())
    assert Play(program, {**NAMES, "total": ""}).data == {**NAMES, "total": "xyz"}


def until(condition: str, sequential: bool = False) -> Part:
    """A marker over the names that ends when the condition holds."""
    return Part(
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"'
        ' camunda:collection="${names}" camunda:elementVariable="name">'
        f"<completionCondition>{condition}</completionCondition></multiInstanceLoopCharacteristics>"
    )


def test_when_enough_have_answered_the_others_are_not_asked_any_more() -> None:
    marker = until("${nrOfCompletedInstances / nrOfInstances &gt;= 0.6}")
    play = Play(program_of(start(), user_task("ask", marker), user_task("after"), end()), NAMES)
    play.complete("ask", 2, last="z")
    assert play.open == ["ask", "ask"]
    play.complete("ask", 0, first="x")
    assert play.open == ["after"]
    assert play.last.cancelled == ("ask",)
    assert play.data == {**NAMES, "last": "z", "first": "x"}


@pytest.mark.parametrize("sequential", [True, False])
def test_an_answer_may_be_the_last_one_needed(sequential: bool) -> None:
    marker = until("${veto}", sequential)
    program = program_of(start(), user_task("ask", marker), user_task("after"), end())
    play = Play(program, {**NAMES, "veto": False})
    play.complete("ask", 0, veto=False)
    play.complete("ask", 0, veto=True)
    assert play.open == ["after"]
    assert play.data["veto"] is True


def test_called_processes_that_are_not_needed_any_more_are_taken_away() -> None:
    marker = until("${nrOfCompletedInstances == 1}")
    activity = node("callActivity", "each", PASSING, marker, calledElement="child")
    parent = process("p", start(), activity, user_task("after"), end())
    play = Play(program_of(parent, CHILD), NAMES)
    play.complete("ask", 1)
    assert play.open == ["after"]
    assert play.last.cancelled.count("each") == 2


def test_a_condition_that_gives_a_text_is_a_fault() -> None:
    play = Play(
        program_of(start(), user_task("ask", until("${name}")), end()), {**NAMES, "name": "f"}
    )
    with pytest.raises(Fault, match="not yes or no"):
        play.complete("ask")


def looping(condition: str | None, **settings: object) -> Part:
    """The loop marker."""
    inner = "" if condition is None else f"<loopCondition>{condition}</loopCondition>"
    attributes = "".join(f' {name}="{value}"' for name, value in settings.items())
    return Part(f"<standardLoopCharacteristics{attributes}>{inner}</standardLoopCharacteristics>")


def test_a_task_is_done_again_as_long_as_its_condition_holds() -> None:
    task = user_task("a", looping("${again}"))
    program = program_of(
        start(),
        task,
        boundary("late", "a", timer("P1D")),
        end(),
        flow("start", "a"),
        flow("a", "end"),
        flow("late", "end", id="gone"),
    )
    play = Play(program, {"again": False})
    sizes = set()
    for number in range(1, 11):
        assert play.task("a").round == number
        play.complete("a", again=number < 10, n=number)
        sizes.add(play.tasks)
    assert play.ended
    assert play.data == {"again": False, "n": 10}
    assert sizes == {5, 0}


def test_what_guards_it_guards_every_time_together() -> None:
    program = program_of(
        start(),
        user_task("a", looping("True")),
        boundary("late", "a", timer("P3D")),
        user_task("after"),
        flow("start", "a"),
        flow("late", "after"),
    )
    play = Play(program)
    for _ in range(2):
        play.advance(days=1)
        play.complete("a")
    assert play.advance(days=1) == 1
    assert play.open == ["after"]
    assert play.last.cancelled == ("a",)


def test_asked_beforehand_it_may_be_done_not_at_all() -> None:
    task = user_task("a", looping("x", testBefore="true"))
    assert Play(program_of(start(), task, user_task("b"), end()), {"x": False}).open == ["b"]
    assert Play(program_of(start(), task, user_task("b"), end()), {"x": True}).open == ["a"]


def test_a_loop_has_a_greatest_number_and_counts_from_nothing() -> None:
    task = sub_process(
        "sub",
        looping(None, loopMaximum=3),
        start("s"),
        script_task("note", "seen = seen + [loopCounter]"),
        user_task("a"),
        end("e"),
    )
    play = Play(program_of(start(), task, end()), {"seen": []})
    for _ in range(3):
        play.complete("a")
    assert play.ended
    assert play.data == {"seen": [0, 1, 2]}


def test_a_loop_that_nobody_waits_in_and_that_never_ends_is_stopped() -> None:
    task = sub_process("sub", looping("True"), start("s"), end("e"))
    with pytest.raises(StepLimit):
        Play(program_of(start(), task, end()))
