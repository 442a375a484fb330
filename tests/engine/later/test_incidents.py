"""A failed command is kept: nothing is lost, nothing is half done, retry repeats it."""

from __future__ import annotations

import orjson
import pytest

from engine import Conflict, Engine
from engine.face.act import Act
from engine.ports.handlers import Step
from engine.sentences.sentence import say
from engine.storage.cases.incidents import dump_sentence, load_sentence
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models_of_tests import CALCULATION, RECORDED, only_task, open_elements


def test_a_failing_script_leaves_the_task_open_and_an_incident_with_advice(engine: Engine) -> None:
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    received = engine.complete(only_task(engine, case).id, {"count": 0}, "ani")

    assert received.incident is not None
    assert open_elements(engine, case) == ["enter"]
    (incident,) = engine.incidents()
    assert (incident.element_id, incident.element_name) == ("divide", "Divide")
    assert incident.command["data"] == {"count": 0}
    assert (incident.by, incident.received_at) == ("ani", MONDAY)
    assert "Error" not in str(incident.what)
    assert str(incident.advice)


def test_a_task_under_repair_takes_no_other_completion(engine: Engine) -> None:
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    task = only_task(engine, case)
    engine.complete(task.id, {"count": 0}, "ani")
    with pytest.raises(Conflict):
        engine.complete(task.id, {"count": 5}, "budi")


def test_retry_repeats_the_command_under_its_first_author_and_time(
    open_engine: Open, clock: ManualClock
) -> None:
    broken = [True]
    seen: list[Step] = []

    def record(step: Step) -> None:
        if broken:
            raise RuntimeError("down")
        seen.append(step)

    engine = open_engine({"record": record})
    engine.deploy(RECORDED, "owner")
    case = engine.start("recorded")
    engine.complete(only_task(engine, case).id, {"text": "kept"}, "ani")
    (incident,) = engine.incidents()

    clock.advance(days=2)
    assert not engine.retry(incident.id, "owner").done
    assert engine.incidents()[0].tries == 2

    broken.clear()
    assert engine.retry(incident.id, "owner").done
    assert (seen[0].by, seen[0].now, seen[0].answers) == ("ani", MONDAY, {"text": "kept"})
    assert engine.instance(case).status == "completed"
    assert engine.incidents() == []


def test_giving_up_and_what_is_noted_besides_are_one_history(engine: Engine) -> None:
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    engine.complete(only_task(engine, case).id, {"count": 0}, "ani")
    (incident,) = engine.incidents()

    def give_up(act: Act) -> None:
        act.lock(case)
        act.discard(incident.id, "owner")
        act.note(case, "told", "owner", {})

    engine.act(give_up)
    assert [one.kind for one in engine.history(case)][-2:] == ["discard", "told"]
    assert engine.broken_history(case) is None


def test_discard_reopens_the_task_with_the_input_as_its_draft(engine: Engine) -> None:
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    task = only_task(engine, case)
    engine.complete(task.id, {"count": 0}, "ani")
    engine.discard(engine.incidents()[0].id, "owner")

    draft = engine.draft(task.id, "ani")
    assert draft is not None and draft.data == {"count": 0}
    engine.complete(task.id, {"count": 4}, "ani")
    assert engine.data(case)["share"] == 25


def test_an_incident_is_taken_care_of_once(engine: Engine) -> None:
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    engine.complete(only_task(engine, case).id, {"count": 0}, "ani")
    incident = engine.incidents()[0]
    engine.discard(incident.id, "owner")
    with pytest.raises(Conflict):
        engine.retry(incident.id, "owner")


def test_what_is_wrong_is_kept_in_parts_that_can_be_translated() -> None:
    inner = say("{name} is not known here", name="case.deadlin")
    stored = dump_sentence(say("{part}: {reason}", part="due date", reason=inner))
    found = load_sentence(orjson.loads(orjson.dumps(stored)))
    assert found.template == "{part}: {reason}"
    assert found.facts["reason"] == inner
