"""A human task is completed once, in one step, and later users learn who did it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from engine import BadInput, Conflict, Engine, NotFound
from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from engine.storage.counters import fold
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import bpmn, call, end, process, start, user_task
from tests.engine.models_of_tests import RECORDED, REVIEW, only_task, open_elements


def test_the_next_task_opens_for_its_group_when_one_is_completed(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review", by="ani")
    engine.complete(only_task(engine, case).id, {"text": "first"}, "ani")

    (task,) = engine.tasks(candidate_group="judges")
    assert (task.instance_id, task.element_id, task.name) == (case, "judge", "Judge")
    assert engine.tasks(candidate_group="authors") == []


def test_a_process_that_reaches_its_end_is_completed(engine: Engine, clock: ManualClock) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    engine.complete(only_task(engine, case).id, {}, "ani")
    clock.advance(days=1)
    engine.complete(only_task(engine, case).id, {"verdict": "good"}, "budi")

    ended = engine.instance(case)
    assert (ended.status, ended.ended_at) == ("completed", clock.now)
    assert engine.tasks(instance_id=case) == []
    assert engine.data(case)["verdict"] == "good"


def test_a_task_sent_back_is_a_new_task_of_the_next_round(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    first = only_task(engine, case)
    engine.complete(first.id, {}, "ani")
    engine.complete(only_task(engine, case).id, {"verdict": "again"}, "budi")

    second = only_task(engine, case)
    assert second.element_id == "write"
    assert second.id != first.id
    assert (first.round, second.round) == (1, 2)
    assert engine.task(first.id).status == "completed"


def test_the_second_of_two_people_learns_who_was_faster_and_when(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    engine.complete(task.id, {}, "ani")

    with pytest.raises(Conflict) as refused:
        engine.complete(task.id, {}, "budi")
    assert (refused.value.who, refused.value.when) == ("ani", clock.now)


def test_a_task_that_does_not_exist_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound):
        engine.complete(uuid4(), {}, "ani")


def test_the_same_request_again_changes_nothing(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    task = only_task(engine, case)
    engine.complete(task.id, {}, "ani", request_id="r-1")
    engine.complete(task.id, {}, "ani", request_id="r-1")

    assert open_elements(engine, case) == ["judge"]
    assert [event.kind for event in engine.history(case)] == ["start", "complete"]


def test_starting_an_existing_id_again_returns_it(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    id = uuid4()
    assert engine.start("review", id=id) == engine.start("review", id=id) == id
    assert len(engine.history(id)) == 1


def test_data_that_is_not_json_is_refused_naming_the_field(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    with pytest.raises(BadInput) as refused:
        engine.complete(only_task(engine, case).id, {"when": {1, 2}}, "ani")
    assert list(refused.value.fields) == ["when"]
    assert open_elements(engine, case) == ["write"]


@pytest.mark.parametrize("name", ["typename", "self", "", "__class__", "data_objects"])
def test_a_field_may_have_any_name(engine: Engine, open_engine: Open, name: str) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review", {name: {name: [1]}})
    engine.complete(only_task(engine, case).id, {}, "ani")

    elsewhere = open_engine()
    elsewhere.complete(only_task(elsewhere, case).id, {"verdict": "good"}, "budi")
    assert elsewhere.data(case)[name] == {name: [1]}


def test_a_second_process_goes_on_from_what_the_first_stored(
    engine: Engine, open_engine: Open
) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    elsewhere = open_engine()
    elsewhere.complete(only_task(elsewhere, case).id, {}, "ani")
    engine.complete(only_task(engine, case).id, {"verdict": "again"}, "budi")
    elsewhere.complete(only_task(elsewhere, case).id, {}, "ani")
    assert open_elements(engine, case) == ["judge"]


def test_a_handler_records_the_answers_in_the_step_and_keeps_texts_out_of_the_process(
    open_engine: Open,
) -> None:
    seen: list[Step] = []

    def record(step: Step) -> dict[str, object]:
        seen.append(step)
        return {"number": step.number("letters", 2026)}

    engine = open_engine({"record": record})
    engine.deploy(RECORDED, "owner")
    case = engine.start("recorded", business_key="A-1")
    task = only_task(engine, case)
    engine.complete(task.id, {"text": "long"}, "ani")

    (step,) = seen
    assert (step.business_key, step.element_id, step.task_id, step.by) == (
        "A-1",
        "hand_in",
        task.id,
        "ani",
    )
    assert step.answers == {"text": "long"}
    assert engine.data(case) == {"number": 1}


def test_a_refusal_of_the_handler_names_the_fields_and_leaves_the_task_open(
    open_engine: Open,
) -> None:
    def record(step: Step) -> None:
        raise Refusal(say("Not like this."), {"date": say("Choose a later day.")})

    engine = open_engine({"record": record})
    engine.deploy(RECORDED, "owner")
    case = engine.start("recorded")
    with pytest.raises(BadInput) as refused:
        engine.complete(only_task(engine, case).id, {}, "ani")
    assert str(refused.value.fields["date"]) == "Choose a later day."
    assert open_elements(engine, case) == ["hand_in"]
    assert engine.incidents() == []


def test_each_step_is_one_event_that_tells_what_was_entered_and_left(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review", by="ani")
    engine.complete(only_task(engine, case).id, {"verdict": "x"}, "ani")

    started, completed = engine.history(case)
    assert (started.kind, started.by, list(started.entered)) == ("start", "ani", ["start", "write"])
    assert (completed.kind, completed.by) == ("complete", "ani")
    assert list(completed.left) == ["write"]
    assert list(completed.entered) == ["judge"]
    assert completed.changed == {"verdict": "x"}


def test_counts_tell_how_many_wait_at_each_element(engine: Engine) -> None:
    (version,) = engine.deploy(REVIEW, "owner")
    cases = [engine.start("review") for _ in range(3)]
    engine.complete(only_task(engine, cases[0]).id, {}, "ani")
    assert engine.counts(version.id) == {"write": 2, "judge": 1}

    with engine.transaction() as connection:
        assert fold(connection) > 0
    engine.complete(only_task(engine, cases[0]).id, {"verdict": "good"}, "ani")
    assert engine.counts(version.id) == {"write": 2}
    assert engine.instance_counts(version.id) == {"active": 2, "completed": 1}


def asking(key: str) -> bytes:
    """A form `f` with one required field."""
    field = {"type": "textfield", "key": key, "label": key, "validate": {"required": True}}
    return json.dumps({"id": "f", "components": [field]}).encode()


def test_a_called_process_asks_on_its_own_form_whatever_ids_its_caller_uses(engine: Engine) -> None:
    task = user_task("review", camunda_formRef="f")
    child = bpmn(process("child", start(), task, end()))
    caller = bpmn(process("caller", start(), task, call("inside", "child"), end()))
    engine.deploy({"child.bpmn": child, "inner.form": asking("inner")}, by="owner")
    engine.deploy({"caller.bpmn": caller, "outer.form": asking("outer")}, by="owner")
    case = engine.start("caller", {})
    for key in ("outer", "inner"):
        open_task = only_task(engine, case)
        form, _ = engine.form(open_task.id)
        assert form is not None
        assert form.keys == (key,)
        engine.complete(open_task.id, {key: "read"}, by="ani")
    assert engine.instance(case).status == "completed"
    assert engine.data(case) == {"outer": "read"}, "nothing is passed out"
