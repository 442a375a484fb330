"""Every kind of activity once for each entry of a list, saved and loaded at every wait."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.handlers import BpmnError
from tests.engine.execution.border.play import Call, Play, program_of
from tests.engine.execution.border.test_messages import told
from tests.engine.models.building import (
    Part,
    boundary,
    end,
    event,
    flow,
    multi_instance,
    node,
    process,
    script_task,
    service_task,
    start,
    user_task,
)

NAMES = {"names": ["x", "y", "z"]}
EACH = multi_instance("${names}", "name")
ONE_BY_ONE = multi_instance("${names}", "name", sequential=True)
CHILD = process("child", start("s"), user_task("ask"), script_task("note", "seen = name"), end("e"))


def work(play: Play, token: UUID) -> None:
    play.step(lambda live: live.external_done(token, {"last": 1}, play))


def answer(play: Play, token: UUID) -> None:
    play.step(lambda live: live.deliver(token, {}, play))


@pytest.mark.parametrize("marker", [EACH, ONE_BY_ONE], ids=["at once", "one by one"])
def test_a_called_process_runs_for_each_entry(marker: Part) -> None:
    activity = node("callActivity", "each", marker, calledElement="child")
    parent = process("p", start(), activity, user_task("after"), end())
    play = Play(program_of(parent, CHILD), NAMES)
    asked = []
    while play.open != ["after"]:
        asked.append(play.live.data_of(play.task("ask").token)["name"])
        play.complete("ask")
    assert asked == NAMES["names"]
    assert play.data == {**NAMES, "seen": "z"}


def test_called_processes_end_in_any_order() -> None:
    activity = node("callActivity", "each", EACH, calledElement="child")
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
