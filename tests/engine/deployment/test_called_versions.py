"""A call activity begins with a certain version of a process, and stays with it."""

from __future__ import annotations

import pytest

from engine import Engine, ModelError
from tests.engine.conftest import Open
from tests.engine.models.building import Part, bpmn, end, node, process, start, user_task
from tests.engine.models_of_tests import only_task, open_elements


def caller(**attributes: object) -> dict[str, bytes]:
    """A process that asks once, then calls `check`."""
    whole = {"calledElement": "check", **attributes}
    parts = (start(), user_task("first"), node("callActivity", "go", **whole), end())
    return {"caller.bpmn": bpmn(process("caller", *parts))}


def check(*tasks: str) -> dict[str, bytes]:
    """A version of the process that is called."""
    inside = [user_task(task, camunda_assignee="ani") for task in tasks]
    return {"check.bpmn": bpmn(process("check", start("s"), *inside, end("e")))}


def go(engine: Engine, case: object) -> None:
    """Complete the one open task."""
    received = engine.complete(only_task(engine, case).id, {}, "ani")  # type: ignore[arg-type]
    assert received.incident is None


def test_a_call_begins_with_the_version_that_is_newest_then(engine: Engine) -> None:
    engine.deploy({**caller(), **check("old")}, "owner")
    case = engine.start("caller")
    engine.deploy(check("new"), "owner")
    go(engine, case)
    assert open_elements(engine, case) == ["new"]


def test_a_call_that_has_begun_stays_with_its_version(open_engine: Open) -> None:
    engine = open_engine()
    engine.deploy({**caller(), **check("old", "older")}, "owner")
    case = engine.start("caller")
    go(engine, case)
    engine.deploy(check("new", "newer"), "owner")
    engine = open_engine()
    task = only_task(engine, case)
    assert task.element_id == "old"
    assert engine.program(task.definition_id).element("older").assignee is not None
    go(engine, case)
    assert open_elements(engine, case) == ["older"]
    go(engine, case)
    assert engine.instance(case).status == "completed"


def test_bound_to_its_deployment_a_call_begins_with_what_was_deployed_with_it(
    engine: Engine,
) -> None:
    files = {**caller(camunda_calledElementBinding="deployment"), **check("old")}
    engine.deploy(files, "owner")
    case = engine.start("caller")
    engine.deploy(check("new"), "owner")
    go(engine, case)
    assert open_elements(engine, case) == ["old"]


def test_a_call_may_name_a_version_by_its_number(engine: Engine) -> None:
    engine.deploy(check("first_version"), "owner")
    engine.deploy(check("second_version"), "owner")
    wanted = {"camunda_calledElementBinding": "version", "camunda_calledElementVersion": 1}
    engine.deploy(caller(**wanted), "owner")
    case = engine.start("caller")
    go(engine, case)
    assert open_elements(engine, case) == ["first_version"]


def test_a_process_may_be_deployed_after_its_caller(engine: Engine) -> None:
    engine.deploy(caller(), "owner")
    case = engine.start("caller")
    received = engine.complete(only_task(engine, case).id, {}, "ani")
    [incident] = engine.incidents()
    assert received.incident == incident.id
    assert str(incident.what) == "The called process check is not known."
    engine.deploy(check("late"), "owner")
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, case) == ["late"]


def test_the_data_may_say_which_process_is_called(engine: Engine) -> None:
    engine.deploy({**caller(calledElement="${which}"), **check("asked")}, "owner")
    case = engine.start("caller", {"which": "check"})
    go(engine, case)
    assert open_elements(engine, case) == ["asked"]


@pytest.mark.parametrize("which", [None, 7, "", ["check"]])
def test_what_is_no_name_is_told_when_a_case_comes_there(engine: Engine, which: object) -> None:
    engine.deploy({**caller(calledElement="${which}"), **check("asked")}, "owner")
    case = engine.start("caller", {"which": which})
    engine.complete(only_task(engine, case).id, {}, "ani")
    [incident] = engine.incidents()
    assert "which is no name" in str(incident.what)
    assert incident.element_id == "go"


def test_a_process_may_call_itself_after_a_wait(engine: Engine) -> None:
    engine.deploy(caller(calledElement="caller"), "owner")
    case = engine.start("caller")
    for _ in range(3):
        assert open_elements(engine, case) == ["first"]
        go(engine, case)


def test_a_process_that_calls_itself_for_ever_is_stopped_in_words(engine: Engine) -> None:
    again = node("callActivity", "go", calledElement="again")
    engine.deploy({"again.bpmn": bpmn(process("again", start(), again, end()))}, "owner")
    with pytest.raises(ModelError, match="nested more than 50 levels deep"):
        engine.start("again")
    assert engine.tasks() == []


def test_versions_that_are_deployed_together_cannot_call_each_other_in_a_circle(
    engine: Engine,
) -> None:
    with pytest.raises(ModelError, match="call each other in a circle"):
        engine.deploy(
            caller(calledElement="caller", camunda_calledElementBinding="deployment"), "owner"
        )


def test_what_a_handler_records_in_a_called_process_is_kept_if_that_process_reads_it(
    open_engine: Open,
) -> None:
    recorded = Part(
        '<extensionElements><camunda:properties><camunda:property name="onComplete" value="note" />'
        "</camunda:properties></extensionElements>"
    )
    follows = user_task("next", name="About ${subject}")
    inside = process("check", start("s"), user_task("ask", recorded), follows, end("e"))
    engine = open_engine({"note": lambda step: None})
    engine.deploy(caller(), "owner")
    engine.deploy({"check.bpmn": bpmn(inside)}, "owner")
    case = engine.start("caller")
    go(engine, case)
    engine.complete(only_task(engine, case).id, {"subject": "rice", "long": "x"}, "ani")
    task = only_task(engine, case)
    assert task.name == "About rice"
    assert engine.task_data(task.id) == {"subject": "rice"}
