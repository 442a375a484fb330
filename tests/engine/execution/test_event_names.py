"""Names with `${...}` are fixed when an event begins to wait or is thrown; the payload of signals,
the starter, and the value of a service task."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import Engine, ModelError
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    throw,
    user_task,
)
from tests.engine.models_of_tests import cases_of, only_task, open_elements


def deployed(open_engine: Open, *parts: Part, key: str = "p") -> Engine:
    engine = open_engine()
    engine.deploy({f"{key}.bpmn": bpmn(process(key, *parts))}, "owner")
    return engine


def answered(engine: Engine, case: UUID, element: str, **answers: object) -> None:
    [task] = [one for one in engine.tasks(instance_id=case) if one.element_id == element]
    engine.complete(task.id, answers, "ani")


# --- names --------------------------------------------------------------------------------------


def test_a_message_is_awaited_under_the_name_that_came_out_when_the_wait_began(
    open_engine: Open,
) -> None:
    engine = deployed(
        open_engine,
        start(),
        parallel("fork"),
        user_task("change"),
        catch("wait", event("message", "order-${number}")),
        user_task("had"),
        flow("start", "fork"),
        flow("fork", "change"),
        flow("fork", "wait"),
        flow("wait", "had"),
    )
    case = engine.start("p", {"number": 7}, "A-1")
    assert [one.message for one in engine.awaited(case)] == ["order-7"]
    answered(engine, case, "change", number=8)
    assert [one.message for one in open_engine().awaited(case)] == ["order-7"]
    open_engine().deliver("order-7", "A-1")
    assert open_elements(engine, case) == ["had"]


@pytest.mark.parametrize("kind", ["sendTask", "intermediateThrowEvent", "endEvent"])
def test_a_message_is_thrown_under_the_name_that_comes_out_then(
    open_engine: Open, kind: str
) -> None:
    name = "order-${number}"
    sender = (
        node(kind, "tell", messageRef=f"message_{name}")
        if kind == "sendTask"
        else node(kind, "tell", event("message", name))
    )
    deployed(open_engine, start(), user_task("ask"), sender, key="telling")
    engine = deployed(open_engine, start(), catch("wait", event("message", "order-7")), end())
    waiting = engine.start("p", business_key="A-1")
    case = engine.start("telling", {"number": 1}, "A-1")
    answered(engine, case, "ask", number=7)
    open_engine().run_due()
    assert engine.instance(waiting).status == "completed"


def test_runs_of_one_activity_wait_for_signals_of_their_own(open_engine: Open) -> None:
    engine = deployed(
        open_engine,
        start(),
        sub_process(
            "each",
            multi_instance("${floors}", "floor"),
            start("begin"),
            catch("hear", event("signal", "alarm-${floor}")),
            user_task("run_out"),
        ),
    )
    deployed(open_engine, start(), throw("ring", event("signal", "alarm-${where}")), key="ringing")
    case = engine.start("p", {"floors": [1, 2, 3]})
    engine.start("ringing", {"where": 2})
    open_engine().run_due()
    [task] = engine.tasks(instance_id=case)
    assert open_engine().task_data(task.id)["floor"] == 2


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_armed_boundary_event_catches_the_code_that_came_out_when_it_was_armed(
    open_engine: Open, kind: str
) -> None:
    engine = deployed(
        open_engine,
        start(),
        sub_process(
            "inside",
            start("begin"),
            user_task("work"),
            end("fail", event(kind, "${thrown}")),
        ),
        boundary("other", "inside", event(kind, "never")),
        boundary("caught", "inside", event(kind, "code-${number}")),
        user_task("after"),
        flow("start", "inside"),
        flow("caught", "after"),
    )
    case = engine.start("p", {"number": 7})
    answered(engine, case, "work", number=8, thrown="code-7")
    assert open_elements(open_engine(), case) == ["after"]


def test_an_error_whose_code_came_out_otherwise_is_not_caught(open_engine: Open) -> None:
    engine = deployed(
        open_engine,
        start(),
        sub_process(
            "inside", start("begin"), user_task("work"), end("fail", event("error", "${thrown}"))
        ),
        boundary("caught", "inside", event("error", "code-${number}")),
        user_task("after"),
        flow("start", "inside"),
        flow("caught", "after"),
    )
    case = engine.start("p", {"number": 7})
    answered(engine, case, "work", thrown="code-8")
    [incident] = open_engine().incidents()
    assert "code-8" in str(incident.what)


def test_an_event_sub_process_waits_under_the_name_of_its_case(open_engine: Open) -> None:
    engine = deployed(
        open_engine,
        start(),
        user_task("work"),
        end(),
        sub_process(
            "stopped",
            start("stop", event("message", "stop-${number}")),
            user_task("tidy"),
            triggeredByEvent=True,
        ),
        flow("start", "work"),
        flow("work", "end"),
    )
    case = engine.start("p", {"number": 7}, "A-1")
    open_engine().deliver("stop-7", "A-1")
    assert open_elements(engine, case) == ["tidy"]


@pytest.mark.parametrize("name", ["${nothing}", "${empty}"])
def test_a_name_that_is_unset_or_empty_is_an_incident_at_its_element(
    open_engine: Open, name: str
) -> None:
    engine = deployed(
        open_engine, start(), user_task("work"), catch("wait", event("message", name)), end()
    )
    case = engine.start("p", {"empty": " "})
    answered(engine, case, "work")
    [incident] = engine.incidents()
    assert incident.element_id == "wait"
    assert open_elements(engine, case) == ["work"]


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_starts_a_process_has_a_fixed_name(engine: Engine, kind: str) -> None:
    files = {"p.bpmn": bpmn(process("p", start("begin", event(kind, "order-${number}")), end()))}
    with pytest.raises(ModelError) as refused:
        engine.deploy(files, "owner")
    [problem] = [one for one in refused.value.problems if one.severity == "error"]
    assert (problem.element_id, problem.code) == ("begin", "not-fixed")


# --- what a signal carries ----------------------------------------------------------------------


def passing(*mappings: str) -> Part:
    """A signal `alarm` with these camunda:in elements."""
    inner = "".join(f"<camunda:in {one}/>" for one in mappings)
    return Part(
        '<signalEventDefinition signalRef="signal_alarm">'
        f"<extensionElements>{inner}</extensionElements></signalEventDefinition>"
    )


ALARM = event("signal", "alarm")
CARRIED = {
    "named": (
        ('source="floor" target="where"', 'sourceExpression="${floor + 1}" target="above"'),
        {"where": 2, "above": 3},
    ),
    "unset": (('source="nothing" target="where"',), {"where": None}),
    "everything": (('variables="all"',), {"floor": 2, "secret": 1}),
    "nothing": ((), {}),
}


@pytest.mark.parametrize("how", CARRIED)
def test_a_signal_carries_what_camunda_in_says_and_nothing_else(
    open_engine: Open, how: str
) -> None:
    mappings, payload = CARRIED[how]
    deployed(open_engine, start(), throw("ring", passing(*mappings)), end(), key="ringing")
    deployed(open_engine, start("begin", ALARM), user_task("count"), key="counting")
    engine = deployed(open_engine, start(), catch("hear", ALARM), user_task("run"))
    case = engine.start("p")
    engine.start("ringing", {"floor": 2, "secret": 1})
    open_engine().run_due()
    assert engine.data(case) == payload
    [started] = cases_of(engine, "counting")
    assert (engine.data(started.id), started.business_key) == (payload, None)


def test_a_signal_gives_its_business_key_to_what_it_starts(open_engine: Open) -> None:
    mapping = 'businessKey="${number}"'
    deployed(open_engine, start(), throw("ring", passing(mapping)), end(), key="ringing")
    engine = deployed(open_engine, start("begin", ALARM), user_task("count"))
    engine.start("ringing", {"number": 17})
    open_engine().run_due()
    assert [one.business_key for one in cases_of(engine, "p")] == ["17"]


# --- who started --------------------------------------------------------------------------------


def test_the_starter_is_a_variable_however_the_case_began(open_engine: Open) -> None:
    named = {"camunda_initiator": "starter"}
    engine = deployed(open_engine, start(**named), user_task("look"), key="by_key")
    told = start("begin", event("message", "order"), **named)
    deployed(open_engine, told, user_task("look"), key="by_message")
    heard = start("begin", ALARM, **named)
    deployed(open_engine, heard, user_task("look"), key="by_signal")
    deployed(open_engine, start(), throw("ring", ALARM), end(), key="ringing")

    engine.start("by_key", {"starter": "somebody else"}, by="ani")
    engine.start("by_key")
    engine.deliver("order", "A-1", by="budi")
    engine.start("ringing", by="citra")
    open_engine().run_due()
    starters = [
        open_engine().data(case.id)["starter"]
        for key in ("by_key", "by_message", "by_signal")
        for case in cases_of(engine, key)
    ]
    assert starters == ["ani", None, "budi", "citra"]


# --- what a service task computes ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["serviceTask", "businessRuleTask", "sendTask"])
def test_an_expression_is_computed_in_the_step_into_its_result_variable(
    open_engine: Open, kind: str
) -> None:
    task = node(kind, "sum", camunda_expression="${price * count}", camunda_resultVariable="total")
    engine = deployed(open_engine, start(), user_task("enter"), task, user_task("look"))
    case = engine.start("p", {"price": 3})
    answered(engine, case, "enter", count=4)
    assert open_engine().data(case) == {"price": 3, "count": 4, "total": 12}
    assert open_elements(engine, case) == ["look"]


def test_without_a_result_variable_it_changes_nothing(open_engine: Open) -> None:
    task = node("serviceTask", "sum", camunda_expression="${1 + 1}")
    engine = deployed(open_engine, start(), task, user_task("look"))
    assert open_engine().data(engine.start("p", {"x": 1})) == {"x": 1}


def test_an_expression_that_fails_is_an_incident_at_its_task(open_engine: Open) -> None:
    task = node("serviceTask", "share", camunda_expression="${1 / parts}")
    engine = deployed(open_engine, start(), user_task("enter"), task, script_task("a", "x = 1"))
    case = engine.start("p")
    engine.complete(only_task(engine, case).id, {"parts": 0}, "ani")
    [incident] = engine.incidents()
    assert incident.element_id == "share"
