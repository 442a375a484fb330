"""Camunda's words on calls, signals, caught errors and event names are in the elements."""

from __future__ import annotations

import pytest

from engine.models.bpmn import read_bpmn
from engine.models.elements import Element, EventDefinition, Mapped
from engine.models.variables import names_read
from tests.engine.models.bpmn.test_read_bpmn import element, only_problem, read
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    extensions,
    node,
    process,
    properties,
    service_task,
    start,
    throw,
    user_task,
)


def calling(*passing: str, **attributes: object) -> Part:
    words = extensions(*map(Part, passing))
    return node("callActivity", "a", words, **{"calledElement": "other", **attributes})


def written(mapped: Mapped) -> list[tuple[str, str]]:
    return [(name, value.source) for name, value in mapped]


def definition(part: Part) -> EventDefinition:
    found = element(part).event
    assert found is not None
    return found


class TestCalls:
    def test_what_passes_in_and_out_stands_apart_from_the_parameters(self) -> None:
        task = element(
            calling(
                '<camunda:in source="order" target="item"/>',
                '<camunda:in sourceExpression="${total + 1}" target="next"/>',
                '<camunda:out source="status" target="result"/>',
                '<camunda:inputOutput><camunda:inputParameter name="x">1</camunda:inputParameter>'
                "</camunda:inputOutput>",
            )
        )
        assert [name for name, _ in task.inputs] == ["x"]
        assert task.outputs == ()
        assert [name for name, _ in task.passed_in] == ["item", "next"]
        assert task.passed_in[1][1].evaluate({"total": 1}) == 2
        assert written(task.passed_out) == [("result", "status")]
        assert (task.passes_all_in, task.passes_all_out) == (False, False)

    def test_everything_may_pass_in_or_out(self) -> None:
        inward = element(calling('<camunda:in variables="all"/>'))
        assert (inward.passes_all_in, inward.passes_all_out) == (True, False)
        outward = element(calling('<camunda:out variables="all"/>'))
        assert (outward.passes_all_in, outward.passes_all_out) == (False, True)

    def test_a_business_key_may_pass_in(self) -> None:
        task = element(calling('<camunda:in businessKey="${order}"/>'))
        assert task.business_key is not None
        assert task.business_key.evaluate({"order": "7"}) == "7"
        assert task.passed_in == ()

    def test_the_called_process_may_be_computed(self) -> None:
        task = element(calling(calledElement="${kind}_check"))
        assert task.called_process is None
        assert task.called_by is not None
        assert task.called_by.evaluate({"kind": "quick"}) == "quick_check"

    def test_the_binding_says_which_version_is_called(self) -> None:
        plain = element(calling())
        assert (plain.binding, plain.version) == ("latest", None)
        fixed = calling(camunda_calledElementBinding="version", camunda_calledElementVersion="3")
        assert (element(fixed).binding, element(fixed).version) == ("version", 3)
        with_caller = element(calling(camunda_calledElementBinding="deployment"))
        assert with_caller.binding == "deployment"

    @pytest.mark.parametrize(
        "attributes",
        [
            {"camunda_calledElementBinding": "versionTag"},
            {"camunda_calledElementBinding": "version"},
            {"camunda_calledElementBinding": "version", "camunda_calledElementVersion": "0"},
            {"camunda_calledElementBinding": "version", "camunda_calledElementVersion": "${n}"},
        ],
    )
    def test_a_binding_that_names_no_version_is_refused(self, attributes: dict[str, str]) -> None:
        assert only_problem(calling(**attributes)).code == "binding"


class TestEvents:
    @pytest.mark.parametrize(
        "part",
        [
            catch("e", event("message", "paid_${order}")),
            throw("e", event("message", "paid_${order}")),
            throw("e", event("signal", "paid_${order}")),
            throw("e", event("escalation", "paid_${order}")),
            end("e", event("error", "paid_${order}")),
            node("receiveTask", "e", messageRef="message_paid_${order}"),
        ],
    )
    def test_a_name_with_places_is_compiled(self, part: Part) -> None:
        name = definition(part).name
        assert name is not None
        assert name.render({"order": "7"}) == "paid_7"
        assert "order" in names_read(read(start(), part, end()), {})

    def test_a_fixed_name_is_no_template(self) -> None:
        assert definition(catch("e", event("message", "paid"))).name is None

    def test_a_name_that_does_not_compile_is_told(self) -> None:
        assert only_problem(throw("e", event("signal", "paid_${1 +}"))).code == "expression"

    @pytest.mark.parametrize("kind", ["message", "signal"])
    def test_what_starts_a_process_has_a_fixed_name(self, kind: str) -> None:
        found = only_problem(start("s", event(kind, "paid_${order}")))
        assert found.code == "not-fixed"

    def test_an_error_that_is_caught_leaves_its_code_and_message(self) -> None:
        words = (
            '<errorEventDefinition camunda:errorCodeVariable="c" camunda:errorMessageVariable="m"/>'
        )
        caught = read(start(), user_task("a"), end(), boundary("e", "a", Part(words)))
        found = caught.elements["e"].event
        assert found is not None
        assert (found.code, found.code_variable, found.message_variable) == (None, "c", "m")

    def test_an_escalation_that_is_caught_leaves_its_code(self) -> None:
        words = '<escalationEventDefinition camunda:escalationCodeVariable="c"/>'
        caught = read(start(), user_task("a"), end(), boundary("e", "a", Part(words)))
        found = caught.elements["e"].event
        assert found is not None
        assert (found.code, found.code_variable) == (None, "c")

    @pytest.mark.parametrize("kind", ["error", "escalation"])
    def test_what_is_declared_without_a_code_catches_any(self, kind: str) -> None:
        caught = boundary("e", "a", Part(f'<{kind}EventDefinition {kind}Ref="any"/>'))
        content = bpmn(process("p", start(), user_task("a"), end(), caught))
        declared = content.replace(b"<process", f'<{kind} id="any"/><process'.encode())
        found = read_bpmn(declared, "m")
        assert found.problems == ()
        definition = found.processes[0].elements["e"].event
        assert definition is not None
        assert definition.code is None

    def test_a_thrown_signal_carries_what_is_named(self) -> None:
        inner = event("signal", "paid").xml.replace(
            "/>",
            '><extensionElements><camunda:in source="total" target="sum"/>'
            '<camunda:in businessKey="${order}"/><camunda:in variables="all"/>'
            "</extensionElements></signalEventDefinition>",
        )
        found = definition(throw("e", Part(inner)))
        assert written(found.inputs) == [("sum", "total")]
        assert found.passes_all
        assert definition(catch("e", Part(inner))).inputs == ()
        assert found.business_key is not None
        read_names = names_read(read(start(), throw("e", Part(inner)), end()), {})
        assert {"total", "order"} <= read_names

    def test_a_receive_task_may_wait_for_no_message(self) -> None:
        found = definition(node("receiveTask", "a"))
        assert (found.kind, found.message) == ("message", None)


class TestTasks:
    def test_fields_that_are_asked_anew_are_named_by_a_property(self) -> None:
        task = element(user_task("a", properties(askAnew="approved, comment")))
        assert task.asked_anew == {"approved", "comment"}
        assert element(user_task("a")).asked_anew == frozenset()

    def test_a_start_event_names_who_started(self) -> None:
        def initiator(part: Part) -> Element:
            return read(part, end()).elements[part.id]

        assert initiator(start(camunda_initiator="starter")).initiator == "starter"
        assert initiator(start()).initiator is None

    def test_a_service_task_may_compute_an_expression(self) -> None:
        task = element(
            service_task("a", None, camunda_expression="${n + 1}", camunda_resultVariable="next")
        )
        assert task.expression is not None
        assert task.expression.evaluate({"n": 1}) == 2
        assert task.result_variable == "next"

    def test_a_topic_comes_before_an_expression(self) -> None:
        task = element(service_task("a", "mail", camunda_expression="${n + 1}"))
        assert (task.topic, task.expression) == ("mail", None)

    @pytest.mark.parametrize(
        "part",
        [
            calling('<camunda:in source="read_here" target="x"/>'),
            calling('<camunda:in businessKey="${read_here}"/>'),
            calling(calledElement="${read_here}"),
            service_task("a", None, camunda_expression="${read_here}"),
            user_task(
                "a",
                Part(
                    '<multiInstanceLoopCharacteristics camunda:collection="${people}">'
                    "<loopDataOutputRef>all</loopDataOutputRef>"
                    '<outputDataItem id="o" name="read_here"/></multiInstanceLoopCharacteristics>'
                ),
            ),
        ],
    )
    def test_what_they_read_counts_as_read(self, part: Part) -> None:
        assert "read_here" in names_read(read(start(), part, end()), {})
