"""A program is built once from the elements, and all instances share it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.execution.border import Program
from engine.models.bundle import read_bundle
from engine.sentences.errors import ModelError
from tests.engine.execution.border.play import Play, bundle_of, program_of
from tests.engine.execution.border.tree.test_scopes import UNTIL, WHO, commented
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event,
    exclusive,
    flow,
    node,
    process,
    start,
    user_task,
)


def test_one_program_serves_many_threads_and_instances() -> None:
    program = program_of(*commented())

    def whole_life(number: int) -> dict[str, object]:
        play = Play(program, {**WHO, "number": number}, case=UNTIL)
        while not play.ended:
            element = play.open[0]
            play.complete(element, **{element: number})
        return play.data

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(whole_life, range(64)))
    assert [one["number"] for one in results] == list(range(64))
    assert all(one["comment"] == one["finalise"] == one["number"] for one in results)


def test_a_program_built_anew_finishes_an_instance_in_the_middle_of_a_multi_instance() -> None:
    play = Play(program_of(*commented()), WHO, case=UNTIL)
    play.complete("comment")
    play.program = program_of(*commented())
    play.complete("comment")
    play.complete("comment")
    assert play.open == ["finalise"]


def test_a_program_knows_its_forms_and_what_data_it_reads() -> None:
    program = program_of(
        start(),
        user_task("a", name="Check ${title}", camunda_assignee="${officer}"),
        exclusive("gate", default="gate_to_end"),
        end(),
        flow("start", "a"),
        flow("a", "gate"),
        flow("gate", "a", "verdict == 'again'"),
        flow("gate", "end"),
    )
    play = Play(program, {"title": "x", "officer": "y"})
    answers = dict.fromkeys(("title", "officer", "verdict", "remark"), "x")
    assert play.live.read_again(play.task("a").token, answers).keys() == answers.keys() - {"remark"}
    assert program.form_of(program.element("a")) is None
    assert play.data["title"] == "x"


def test_a_process_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(ModelError) as caught:
        Program.build(bundle_of(start(), end()), "other")
    assert caught.value.problems[0].element_id == "other"


@pytest.mark.parametrize(
    "part",
    [
        boundary("x", "a", event("compensate")),
        node("complexGateway", "x"),
    ],
)
def test_what_would_be_passed_by_silently_cannot_be_built(part: object) -> None:
    files = {"p.bpmn": bpmn(process("p", start(), part, end()))}  # type: ignore[arg-type]  # a part
    with pytest.raises(ModelError) as caught:
        Program.build(read_bundle(files), "p")
    assert caught.value.problems[0].element_id == "x"


def test_a_process_without_a_start_event_begins_where_nothing_leads_to() -> None:
    program = program_of(process("p", user_task("a"), user_task("b"), flow("a", "b")))
    play = Play(program)
    assert play.open == ["a"]
    play.complete("a")
    play.complete("b")
    assert play.ended
