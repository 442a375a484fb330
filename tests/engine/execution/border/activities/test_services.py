"""Service tasks, decisions and scripts: handlers, external workers, errors and their catching
events.
"""

from __future__ import annotations

from datetime import date

import pytest

from engine.execution.border import Fault, HandlerFailed
from engine.ports.handlers import BpmnError, Refusal
from engine.sentences.errors import BadInput, Conflict
from engine.sentences.sentence import say
from tests.engine.execution.border.events.test_messages import told
from tests.engine.execution.border.play import Call, Play, program_of
from tests.engine.execution.border.tables import table
from tests.engine.models.building import (
    Part,
    boundary,
    decision_task,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    script_task,
    service_task,
    start,
    sub_process,
    user_task,
)

SERVED = program_of(start(), service_task("s", "compute", told(a="${x + 1}")), user_task("u"))


def test_a_handler_gets_copies_and_its_result_is_merged_as_a_copy() -> None:
    result: dict[str, object] = {"list": [1]}

    def compute(call: Call) -> dict[str, object]:
        call.data["x"] = 99
        return result

    play = Play(SERVED, {"x": 1}, handlers={"compute": compute})
    [call] = play.calls
    assert (call.element.id, call.inputs, call.task) == ("s", {"a": 2}, None)
    result["list"].append(2)  # type: ignore[attr-defined]  # a list of this test
    assert play.data == {"x": 1, "list": [1]}


def test_dates_a_handler_returns_are_kept_as_text_and_other_objects_are_a_fault() -> None:
    play = Play(SERVED, {"x": 1}, handlers={"compute": lambda call: {"day": date(2026, 3, 5)}})
    assert play.data["day"] == "2026-03-05"
    with pytest.raises(Fault, match="thing"):
        Play(SERVED, {"x": 1}, handlers={"compute": lambda call: {"thing": object()}})


def test_what_a_handler_raises_tells_which_element_was_running() -> None:
    def broken(call: Call) -> None:
        raise OSError("disk")

    with pytest.raises(HandlerFailed) as caught:
        Play(SERVED, {"x": 1}, handlers={"compute": broken})
    assert (caught.value.element_id, caught.value.element_name) == ("s", "S")
    assert isinstance(caught.value.cause, OSError)


@pytest.mark.parametrize("error", [Refusal(say("no")), BadInput(say("no")), Conflict(say("no"))])
def test_what_somebody_else_can_act_on_is_told_with_its_element_and_as_it_is(
    error: Exception,
) -> None:
    def refusing(call: Call) -> None:
        raise error

    with pytest.raises(HandlerFailed) as caught:
        Play(SERVED, {"x": 1}, handlers={"compute": refusing})
    assert (caught.value.element_id, caught.value.cause) == ("s", error)


def test_a_topic_without_a_handler_is_an_external_task() -> None:
    play = Play(SERVED, {"x": 1})
    [external] = play.waiting.externals.values()
    assert (external.topic, external.element_id) == ("compute", "s")
    assert play.live.own_data_of(external.token) == {"a": 2}
    token = play.external("compute")
    play.step(lambda live: live.external_done(token, {"y": 5}, play))
    assert play.open == ["u"]
    assert play.data == {"x": 1, "y": 5}
    with pytest.raises(Conflict):
        play.step(lambda live: live.external_done(token, {}, play))


@pytest.mark.parametrize("kind", ["businessRuleTask", "sendTask"])
def test_other_tasks_with_a_topic_are_services_too(kind: str) -> None:
    worker = {"camunda_type": "external", "camunda_topic": "compute"}
    program = program_of(start(), node(kind, "s", **worker), end())
    assert Play(program, handlers={"compute": lambda call: {"y": 1}}).data == {"y": 1}
    play = Play(program)
    token = play.external("compute")
    play.step(lambda live: live.external_done(token, {"y": 2}, play))
    assert play.ended
    assert play.data == {"y": 2}


def test_output_parameters_read_a_result_which_is_kept_itself() -> None:
    mapping = extensions(
        Part(
            '<camunda:inputOutput><camunda:outputParameter name="total">${amount * x}'
            "</camunda:outputParameter></camunda:inputOutput>"
        )
    )
    program = program_of(start(), service_task("s", "compute", mapping), end())
    play = Play(program, {"x": 2}, handlers={"compute": lambda call: {"amount": 5, "noise": 1}})
    assert play.data == {"x": 2, "total": 10, "amount": 5, "noise": 1}, "results go outward too"


def catching(code: str | None) -> tuple[Part, ...]:
    return (
        start(),
        service_task("s", "compute"),
        boundary("failed", "s", event("error", code)),
        user_task("repair"),
        user_task("next"),
        flow("start", "s"),
        flow("s", "next"),
        flow("failed", "repair"),
    )


def refuse(call: Call) -> None:
    raise BpmnError("no_budget", "nothing left")


def test_of_two_boundary_events_the_one_with_the_code_catches() -> None:
    program = program_of(
        *catching(None), boundary("exact", "s", event("error", "no_budget")), user_task("exactly"),
        flow("exact", "exactly"),
    )  # fmt: skip
    assert Play(program, handlers={"compute": refuse}).open == ["exactly"]


def test_an_error_of_one_item_ends_all_of_them() -> None:
    inner = sub_process(
        "each",
        multi_instance("${names}", "name"),
        start("s"),
        user_task("a"),
        end("bad", event("error", "rejected")),
    )
    program = program_of(
        start(), inner, boundary("caught", "each", event("error", "rejected")), user_task("after"),
        flow("start", "each"), flow("caught", "after"),
    )  # fmt: skip
    play = Play(program, {"names": ["x", "y", "z"]})
    play.complete("a", 1)
    assert play.open == ["after"]
    assert play.last.cancelled.count("a") == 2


@pytest.mark.parametrize("code", ["no_budget", None])
def test_a_bpmn_error_goes_to_the_boundary_event_with_its_code_or_with_none(
    code: str | None,
) -> None:
    play = Play(program_of(*catching(code)), {"x": 1}, handlers={"compute": refuse})
    assert play.open == ["repair"]
    told = {"error": {"code": "no_budget", "message": "nothing left"}}
    assert play.live.data_of(play.task("repair").token) == {"x": 1, **told}
    assert play.data == {"x": 1}, "what the error says is known to the branch behind it alone"
    assert play.last.cancelled == ("s",)


def test_a_bpmn_error_that_nobody_catches_is_a_fault_at_the_element() -> None:
    with pytest.raises(Fault, match="no_budget") as caught:
        Play(program_of(*catching("other")), handlers={"compute": refuse})
    assert caught.value.element_id == "s"


def test_an_outside_worker_can_throw_an_error_too() -> None:
    play = Play(program_of(*catching("no_budget")))
    token = play.external("compute")
    play.step(lambda live: live.throw_error(token, "no_budget", play))
    assert play.open == ["repair"]


def outer(*inner: Part, guard: Part) -> Play:
    program = program_of(
        start(),
        sub_process("sub", *inner),
        guard,
        user_task("outside"),
        end(),
        flow("start", "sub"),
        flow("sub", "end"),
        flow(guard.id, "outside"),
    )
    return Play(program, {"x": 1})


def test_an_error_end_event_leaves_the_sub_process_through_its_boundary() -> None:
    play = outer(
        start("s"),
        parallel("fork"),
        user_task("a"),
        user_task("b"),
        end("bad", event("error", "rejected")),
        end("fine"),
        flow("s", "fork"),
        flow("fork", "a"),
        flow("fork", "b"),
        flow("a", "bad"),
        flow("b", "fine"),
        guard=boundary("caught", "sub", event("error", "rejected")),
    )
    play.complete("a", why="x")
    assert play.open == ["outside"]
    assert set(play.last.cancelled) == {"b", "sub", "bad"}
    assert play.data["why"] == "x"


def test_an_escalation_is_caught_outside_while_the_sub_process_goes_on() -> None:
    play = outer(
        start("s"),
        node("intermediateThrowEvent", "shout", event("escalation", "late")),
        user_task("a"),
        end("fine"),
        guard=boundary("heard", "sub", event("escalation", "late"), interrupting=False),
    )
    assert play.open == ["a", "outside"]
    play.complete("a")
    play.complete("outside")
    assert play.ended


def test_an_escalation_that_nobody_catches_is_no_fault() -> None:
    shout = node("intermediateThrowEvent", "shout", event("escalation", "late"))
    assert Play(program_of(start(), shout, end())).ended


RISK = table(
    "risk",
    ("amount",),
    ("level", "hint"),
    (("< 10",), ('"low"', '"fine"')),
    (("[10..99]",), ('"high"', "")),
    policy="UNIQUE",
)


def decided(how: str) -> Part:
    return node(
        "businessRuleTask",
        "rate",
        camunda_decisionRef="risk",
        camunda_resultVariable="risk",
        camunda_mapDecisionResult=how,
    )


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("singleResult", {"level": "low", "hint": "fine"}),
        ("resultList", [{"level": "low", "hint": "fine"}]),
    ],
)
def test_a_decision_puts_its_result_into_its_variable(how: str, expected: object) -> None:
    program = program_of(start(), decided(how), end(), files=RISK)
    assert Play(program, {"amount": 5}).data["risk"] == expected


def test_without_a_match_the_variable_is_empty_and_no_earlier_answer_stays() -> None:
    program = program_of(start(), decided("singleResult"), end(), files=RISK)
    assert Play(program, {"amount": 500, "risk": "stale"}).data["risk"] is None


def test_two_matches_of_a_unique_table_are_a_fault_at_the_task() -> None:
    twice = table("risk", ("amount",), ("level",), (("-",), ("1",)), (("> 1",), ("2",)))
    twice = {"risk.dmn": twice["risk.dmn"].replace(b"FIRST", b"UNIQUE")}
    program = program_of(start(), decision_task("rate", "risk"), end(), files=twice)
    with pytest.raises(Fault) as caught:
        Play(program, {"amount": 5})
    assert caught.value.element_id == "rate"


def test_a_failing_script_names_its_element_and_changes_nothing() -> None:
    program = program_of(start(), user_task("a"), script_task("s", "x = 1\ny = 1 / zero"), end())
    play = Play(program, {"zero": 0})
    body = play.body
    with pytest.raises(Fault) as caught:
        play.complete("a")
    assert caught.value.element_id == "s"
    assert "Error" not in f"{caught.value.what} {caught.value.advice}"
    assert play.body == body


def test_scripts_know_the_case_and_the_calendar() -> None:
    script = "due = working_days(3, today())\nwho = case.institution"
    play = Play(program_of(start(), script_task("s", script), end()), case={"institution": "x"})
    assert play.data == {"due": "2026-03-05", "who": "x"}


@pytest.mark.parametrize(
    "script", ["__import__('os')", "open('/etc/passwd')", "x = ().__class__", "eval('1')"]
)
def test_no_script_reaches_python(script: str) -> None:
    with pytest.raises((Fault, AssertionError)):
        Play(program_of(start(), script_task("s", script), end()))


def test_spiffworkflow_itself_evaluates_and_executes_nothing() -> None:
    engine = Play(program_of(start(), user_task("a"), end())).live._top.script_engine
    with pytest.raises(AssertionError):
        engine.environment.evaluate("1 + 1", {})
    with pytest.raises(AssertionError):
        engine.environment.execute("x = 1", {})
    with pytest.raises(AssertionError):
        engine.environment.call_service({})


def test_a_field_called_timer_that_somebody_filled_in_names_no_task() -> None:
    play = Play(SERVED, {"x": 1, "timer": {"task": "no id"}}, handlers={"compute": lambda call: {}})
    assert [call.task for call in play.calls] == [None]
