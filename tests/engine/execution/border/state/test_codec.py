"""The stored form: which values survive, which are refused, how many bytes they take."""

from __future__ import annotations

from hashlib import sha512

import orjson
import pytest

from engine.execution.border import Fault, Live
from engine.execution.border.state.codec import VERSION, unpack
from engine.sentences.errors import BadInput
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    boundary,
    catch,
    end,
    event,
    flow,
    multi_instance,
    parallel,
    process,
    start,
    sub_process,
    timer,
    user_task,
)

SIMPLE = program_of(start(), user_task("a"), user_task("b"), end())

AWKWARD = {
    "typename": "Task",
    "self": 1,
    "": "empty name",
    "t": [[0, 64, "/"]],
    "end": {"x": 1},
    "ü—\U0001f600": "\x00\n",
    "deep": {"typename": "x", "list": [None, True, 1.5, {"": []}]},
    "big": 2**62,
}


def test_data_is_only_data_whatever_its_keys_are_called() -> None:
    play = Play(SIMPLE, AWKWARD)
    play.complete("a", answers=AWKWARD)
    play.complete("b")
    assert play.data == {**AWKWARD, "answers": AWKWARD}


def test_true_that_was_one_before_is_true_after_loading() -> None:
    program = program_of(
        start(), user_task("a"), user_task("b"), user_task("c"), flow("start", "a"),
        flow("start", "b"), flow("a", "c"),
    )  # fmt: skip
    play = Play(program, {"yes": 1, "list": [1, {"x": 0}]})
    play.complete("a", yes=True, list=[1.0, {"x": False}])
    data = play.live.data_of(play.task("c").token)
    assert repr(data) == "{'yes': True, 'list': [1.0, {'x': False}]}"


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"x", float("nan"), float("inf"), 2**63, "\ud800", {1: 2}, {"\ud800": 1}],
)
def test_what_could_not_be_read_back_is_refused_by_the_name_of_its_field(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        Play(SIMPLE, {"fine": 1, "wrong": {"inside": [value]}})
    assert list(caught.value.fields) == ["wrong"]


def test_data_nested_too_deeply_is_refused() -> None:
    deep: object = 1
    for _ in range(200):
        deep = [deep]
    with pytest.raises(BadInput):
        Play(SIMPLE, {"deep": deep})


def test_an_ended_instance_keeps_its_data_only() -> None:
    play = Play(SIMPLE, {"x": 1})
    running = len(play.body)
    play.complete("a")
    play.complete("b")
    assert unpack(play.body) == {"end": {"x": 1}}
    assert len(play.body) < running
    assert not any((play.waiting.tasks, play.waiting.timers, play.waiting.subscriptions))


def test_the_first_byte_is_the_version_and_an_unknown_one_is_said() -> None:
    play = Play(SIMPLE)
    assert play.body[:1] == VERSION
    with pytest.raises(Fault, match="not known"):
        Live.load(SIMPLE, b"\x00" + play.body[1:])


def test_a_state_at_an_element_the_model_does_not_have_names_it() -> None:
    play = Play(SIMPLE)
    other = program_of(start(), user_task("c"), end())
    with pytest.raises(Fault, match="a"):
        Live.load(other, play.body)


def test_data_shared_by_branches_is_stored_once() -> None:
    program = program_of(
        start(),
        *(user_task(f"t{n}") for n in range(5)),
        *(flow("start", f"t{n}") for n in range(5)),
    )
    text = sha512(b"x").hexdigest() * 20
    play = Play(program, {"text": text})
    assert orjson.dumps(unpack(play.body)).count(text.encode()) == 1


FIXTURE = program_of(
    process(
        "p",
        start(),
        parallel("fork"),
        sub_process("sub", start("s"), user_task("inner"), end("e")),
        user_task("each", multi_instance("${names}", "name"), camunda_dueDate="2026-03-05"),
        boundary("late", "each", timer("R3/P1D", "timeCycle"), interrupting=False),
        user_task("noted"),
        catch("news", event("message", "news")),
        end(),
        flow("start", "fork"),
        flow("fork", "sub"),
        flow("fork", "each"),
        flow("fork", "news"),
        flow("sub", "end"),
        flow("each", "end"),
        flow("news", "end"),
        flow("late", "noted"),
    )
)
VERSION_1 = bytes.fromhex(
    "0128b52ffd608b04a51400a6a870215069ab0320dd984dec98c570362644c8b12d119f75a82cd9ee"
    "92b3c12399993135680065006600499acc1227594eb866a7797d93d0cb153a068441135020b99fac"
    "4cda846c4de794c4dcda62dc6d29ad56a5b9ae4f0e9aab5a9a0e459e1f1a1e787c1b2c3857e40bd7"
    "2bfc886f3ac1cb17fa10300e81a360a779bcf28522fd41c128e850e40157e63419c711ef7c11cf80"
    "a821c5093d5e5170fdc2e31158ae245bc2f9d6caf63641c516eb4edc2a8f5bbb3ed18e21c0256d4f"
    "c2f54110458e23be1766ca2b72c42bae2afef045bca12d4e5453bdda6a0522b84ac25e2ff47813ef"
    "a6eb17f26474c332f1604ba4924fbd9e499901ea3d63db3d968859c9c99b6c928e29f0ad7b70ed94"
    "e8fad90eb3bc871dd8515c6bc982b2f7a5966a959498b25632a478e5e3ebdb61c4d214af68673960"
    "040c1806f1bc34d0e6723d004211a1a8d08042c642865348fdab1d5bdcd036560cb69b18cddc3360"
    "dbcf93e2e27910d5eb21e8d2828b4983555a63a17a866a98572105f5a6a566e212d59321b62463ce"
    "21a4c0eb15bd2c06d55c11b6e644db161e1a76ae8f77964e34a2afa8690c892b8a6fe6c2c86e1406"
    "e5ba7a591861f045c2e0a4b5a8bd44316c2e41e36db3d10257a861bdc020223233814422325a9807"
    "60a23156c60e128086917406099412a18882ca555a2d0666880ff232914d963d8e002a0955286d36"
    "71bc146e12831ff8e350512284990968bf3e17f5acdc678164b6f7273ade7a6854e74cedb2fa330a"
    "9f1f5888aac80d54cfc5cc07a85d49ed1164caf40d2dab82069e13b1be55a147703c4e36f9f265b8"
    "925cb6f181fa8048294baf81d33be2643274948f56ac5e28766287cf5f2ee0fb42b3e64142b90f57"
    "3ada70244b3af2e1b48b22731e491c61fedcd39404f98a6a86a71a75e6aa33"
)
"""A state of the fixture as version 1 wrote it."""


def test_states_that_version_1_has_written_can_still_be_read() -> None:
    live = Live.load(FIXTURE, VERSION_1)
    waiting = live.waiting()
    assert sorted(task.element.id for task in waiting.tasks.values()) == ["each", "inner", "noted"]
    [each] = [task for task in waiting.tasks.values() if task.element.id == "each"]
    assert (each.item, each.round) == ("y", 2)
    assert each.due_at is not None
    assert [timer.element_id for timer in waiting.timers.values()] == ["late"]
    assert [one.message for one in waiting.subscriptions.values()] == ["news"]
    assert live.data["done"] == "x"
