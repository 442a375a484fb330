"""Human tasks: the facts fixed at the opening, deadlines, forms, scripts around them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from engine.execution.border import Fault
from engine.sentences.errors import BadInput, Conflict
from tests.engine.execution.border.play import MONDAY, Play, program_of
from tests.engine.models.building import (
    Part,
    end,
    exclusive,
    extensions,
    flow,
    multi_instance,
    start,
    sub_process,
    user_task,
)

END_OF_5_MARCH = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
"""24.00 of Thursday 5 March 2026 in Jakarta: three working days after Monday."""


def form(form_id: str, *keys: str) -> dict[str, bytes]:
    fields = [{"type": "textfield", "id": f"f_{key}", "key": key, "label": key} for key in keys]
    return {
        f"{form_id}.form": orjson.dumps({"id": form_id, "type": "default", "components": fields})
    }


def one_task(**attributes: object) -> Play:
    data = attributes.pop("data", {})
    case = attributes.pop("case", {})
    program = program_of(start(), user_task("a", **attributes), end())
    return Play(program, data, case=case)  # type: ignore[arg-type]  # the tests give mappings


def test_constant_attributes_are_those_of_the_model() -> None:
    play = one_task(
        camunda_assignee="demo",
        camunda_candidateUsers="ani, budi",
        camunda_candidateGroups="kl",
        camunda_priority="50",
    )
    task = play.task("a")
    assert (task.assignee, task.priority, task.name) == ("demo", "50", "A")
    assert task.candidate_users == ("ani", "budi")
    assert task.candidate_groups == ("kl",)


def test_attributes_with_expressions_read_the_data_and_the_case() -> None:
    play = one_task(
        camunda_assignee="${officer}",
        camunda_candidateGroups="${'institution:' + case.institution}",
        camunda_priority="${level * 10}",
        name="Check ${title}",
        data={"officer": "ani", "level": 5, "title": "the plan"},
        case={"institution": "kemhan"},
    )
    task = play.task("a")
    assert (task.assignee, task.priority, task.name) == ("ani", 50, "Check the plan")
    assert task.candidate_groups == ("institution:kemhan",)


def test_a_list_of_groups_gives_each_of_them() -> None:
    play = one_task(camunda_candidateGroups="${groups}", data={"groups": ["x", "y"]})
    assert play.task("a").candidate_groups == ("x", "y")


def test_attributes_stay_as_they_were_when_the_task_opened() -> None:
    play = one_task(camunda_assignee="${case.officer}", case={"officer": "ani"})
    play.case["officer"] = "budi"
    play.step(lambda live: live.recompute_due(play))
    assert play.task("a").assignee == "ani"


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("${working_days(3, task.created)}", END_OF_5_MARCH),
        ("${case.deadline}", END_OF_5_MARCH),
        ("2026-03-05", END_OF_5_MARCH),
        ("2026-03-05T10:00:00+07:00", datetime(2026, 3, 5, 3, 0, tzinfo=UTC)),
        ("${span}", MONDAY + timedelta(days=3)),
        ("${nothing}", None),
        ("${empty_text}", None),
    ],
)
def test_a_deadline_is_computed_once_and_a_date_means_the_end_of_it(
    due: str, expected: datetime | None
) -> None:
    data = {"span": "P3D", "nothing": None, "empty_text": ""}
    play = one_task(camunda_dueDate=due, case={"deadline": "2026-03-05"}, data=data)
    play.now += timedelta(days=2)
    assert play.task("a").due_at == expected


@pytest.mark.parametrize("value", [True, 5, ["x"]])
def test_a_deadline_that_is_no_date_is_a_fault_at_the_task(value: object) -> None:
    with pytest.raises(Fault) as caught:
        one_task(camunda_dueDate="${when}", data={"when": value})
    assert caught.value.element_id == "a"
    assert "Error" not in str(caught.value.what) + str(caught.value.advice)


def test_a_follow_up_date_is_kept_beside_the_deadline() -> None:
    task = one_task(camunda_followUpDate="${days(1, task.created)}").task("a")
    assert task.follow_up_at == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert task.due_at is None


LOOP = (
    start(),
    exclusive("again"),
    user_task("a", camunda_formRef="answers"),
    exclusive("done", default="done_to_end"),
    end(),
    flow("start", "again"),
    flow("again", "a"),
    flow("a", "done"),
    flow("done", "again", "more == 'yes'"),
    flow("done", "end"),
)


def test_each_round_of_a_loop_opens_a_task_of_its_own() -> None:
    play = Play(program_of(*LOOP, files=form("answers", "more")))
    first = play.task("a")
    play.complete("a", more="yes")
    second = play.task("a")
    assert (first.round, second.round) == (1, 2)
    assert first.row_id != second.row_id
    assert first.token != second.token


def test_opening_a_task_changes_no_variable() -> None:
    data = {"more": "yes", "kept": 1}
    play = Play(program_of(*LOOP, files=form("answers", "more")), data)
    token = play.task("a").token
    assert play.live.data_of(token) == play.live.form_data_of(token) == play.data == data
    play.complete("a")
    assert play.data == data, "what nobody has answered stays as it was"


def test_a_field_that_is_asked_anew_is_shown_empty_and_its_variable_stays() -> None:
    asked = extensions(
        Part('<camunda:properties><camunda:property name="askAnew" value="more" />'
             "</camunda:properties>")
    )  # fmt: skip
    task = user_task("a", asked, camunda_formRef="answers")
    files = form("answers", "more", "note")
    play = Play(program_of(start(), task, end(), files=files), {"more": "yes", "note": "x"})
    assert play.live.form_data_of(play.task("a").token) == {"note": "x"}
    assert play.data == {"more": "yes", "note": "x"}


def test_a_form_in_a_run_shows_nothing_that_another_run_has_answered() -> None:
    task = user_task("a", multi_instance("${names}", "name"), camunda_formRef="answers")
    files = form("answers", "comment", "name")
    play = Play(program_of(start(), task, end(), files=files), {"names": ["x", "y"]})
    play.complete("a", comment="secret")
    [left] = [one.token for one in play.waiting.tasks.values()]
    assert play.live.data_of(left)["comment"] == "secret"
    assert play.live.form_data_of(left) == {"name": "y", "loopCounter": 1}


def test_a_task_keeps_its_row_through_steps_that_concern_others() -> None:
    program = program_of(
        start(), user_task("a"), user_task("b"), flow("start", "a"), flow("start", "b")
    )
    play = Play(program)
    row = play.task("a").row_id
    play.complete("b")
    assert play.task("a").row_id == row


def test_completing_twice_is_a_conflict() -> None:
    play = Play(program_of(start(), user_task("a"), user_task("b"), end()))
    token = play.task("a").token
    play.complete("a")
    with pytest.raises(Conflict):
        play.step(lambda live: live.complete(token, {}, play))


def test_answers_that_are_not_json_are_refused_with_the_name_of_the_field() -> None:
    play = one_task()
    with pytest.raises(BadInput) as caught:
        play.complete("a", when=MONDAY)
    assert list(caught.value.fields) == ["when"]


def test_what_the_caller_does_to_its_answers_afterwards_changes_nothing() -> None:
    play = Play(program_of(start(), user_task("a"), user_task("b"), end()))
    answers = {"list": [1]}
    token = play.task("a").token
    live = play.live
    live.complete(token, answers, play)
    answers["list"].append(2)
    live.data["list"] += [3]  # type: ignore[operator]  # a list of this test
    assert live.data == {"list": [1]}


def parameters(inputs: dict[str, str], outputs: dict[str, str]) -> Part:
    entries = [
        f'<camunda:{kind}Parameter name="{name}">{text}</camunda:{kind}Parameter>'
        for kind, values in (("input", inputs), ("output", outputs))
        for name, text in values.items()
    ]
    return extensions(Part(f"<camunda:inputOutput>{''.join(entries)}</camunda:inputOutput>"))


def test_input_parameters_are_seen_in_the_task_only_and_outputs_are_kept() -> None:
    mapping = parameters({"local": "${n + 1}"}, {"total": "${local + answer}"})
    play = Play(program_of(start(), user_task("a", mapping), end()), {"n": 1})
    assert play.live.data_of(play.task("a").token) == {"n": 1, "local": 2}
    play.complete("a", answer=3)
    assert play.data == {"n": 1, "answer": 3, "total": 5}


def test_an_answer_named_like_an_input_parameter_ends_with_the_task() -> None:
    plain = user_task("a", parameters({"x": "${n}"}, {}))
    play = Play(program_of(start(), plain, end()), {"n": 1, "x": 0})
    play.complete("a", x=5)
    assert play.data == {"n": 1, "x": 0}
    carried = user_task("a", parameters({"x": "${n}"}, {"x": "${x}"}))
    play = Play(program_of(start(), carried, end()), {"n": 1, "x": 0})
    play.complete("a", x=5)
    assert play.data == {"n": 1, "x": 5}


def test_a_task_in_a_sub_process_tells_where_it_is() -> None:
    inner = sub_process("inner", start("s2"), user_task("a"), end("e2"))
    outer = sub_process("outer", start("s1"), inner, end("e1"))
    play = Play(program_of(start(), outer, end()))
    assert play.task("a").path == "outer/inner"


def test_scripts_before_and_after_a_task_run_when_it_opens_and_when_it_is_done() -> None:
    scripts = extensions(
        Part("<spiffworkflow:preScript>n = 1</spiffworkflow:preScript>"),
        Part("<spiffworkflow:postScript>n = n + x</spiffworkflow:postScript>"),
    )
    play = Play(program_of(start(), user_task("a", scripts), end()))
    assert play.live.data_of(play.task("a").token) == {"n": 1}
    play.complete("a", x=5)
    assert play.data == {"n": 6, "x": 5}


@pytest.mark.parametrize("nobody", [["ani", "budi"], {"name": "ani"}, True])
def test_an_assignee_that_is_no_name_is_a_fault(nobody: object) -> None:
    with pytest.raises(Fault, match="neither a name nor a number"):
        Play(program_of(start(), user_task("u", camunda_assignee="${who}"), end()), {"who": nobody})


def test_a_name_that_is_too_long_to_be_found_by_is_a_fault() -> None:
    task = user_task("u", camunda_candidateGroups="${who}")
    assert Play(program_of(start(), task, end()), {"who": "x" * 200}).open == ["u"]
    with pytest.raises(Fault, match="longer than 200 characters"):
        Play(program_of(start(), task, end()), {"who": "x" * 201})


def test_a_character_that_no_column_keeps_is_not_part_of_a_name() -> None:
    task = user_task("u", name="Read ${title}", camunda_assignee="${title}")
    opened = Play(program_of(start(), task, end()), {"title": "a\0b"}).task("u")
    assert (opened.name, opened.assignee) == ("Read a\ufffdb", "a\ufffdb")
