"""Topics, decisions, forms and processes that a model refers to; people and deadlines that it
names.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from engine.ports.performers import Performers
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    decision_task,
    end,
    exclusive,
    extensions,
    flow,
    node,
    process,
    properties,
    service_task,
    start,
    user_task,
)
from tests.engine.models.checks.checking import errors, findings, told, warnings

KNOWN = Known(
    topics={"notify": frozenset(), "issue": frozenset({"recommendation"})},
    heard=frozenset({"bank"}),
    performers=Performers(
        frozenset({"coordinator", "institution:kemhan"}), frozenset({"ani"}), families=("team:",)
    ),
)


class TestTopics:
    def test_a_service_task_must_call_something(self) -> None:
        assert errors(start(), service_task("a", None), end()) == {("a", "no-topic")}

    def test_a_topic_that_no_worker_has_asked_for_is_told_with_its_name(self) -> None:
        parts = (start(), service_task("a", "print"), end())
        assert errors(*parts, known=KNOWN) == set()
        [found] = [one for one in findings(*parts, known=KNOWN) if one.code == "outside-worker"]
        assert (found.element_id, found.severity) == ("a", "warning")
        assert "print" in found.what.render()

    def test_a_thrown_message_and_a_decision_of_a_topic_are_told_too(self) -> None:
        sent = Part('<messageEventDefinition camunda:type="external" camunda:topic="print"/>')
        rule = node("businessRuleTask", "a", camunda_type="external", camunda_topic="print")
        found = warnings(start(), rule, end("e", sent), known=KNOWN)
        assert {("a", "outside-worker"), ("e", "outside-worker")} <= found

    @pytest.mark.parametrize("topic", ["notify", "bank"])
    def test_what_a_handler_or_a_worker_does_is_not_told(self, topic: str) -> None:
        parts = (start(), service_task("a", topic), end())
        assert ("a", "outside-worker") not in warnings(*parts, known=KNOWN)

    def test_where_workers_are_not_known_only_a_topic_like_that_of_a_handler_is_told(self) -> None:
        unknown = replace(KNOWN, heard=None)
        slip, other = (
            [one.what.render() for one in findings(start(), service_task("a", topic), end(),
             known=unknown) if one.code == "outside-worker"]
            for topic in ("notfy", "print")
        )  # fmt: skip
        assert slip == ["No handler is called notfy; one is called notify."]
        assert other == []

    def test_a_handler_of_another_process_may_not_be_called(self) -> None:
        parts = (start(), service_task("a", "issue"), end())
        assert errors(*parts, known=KNOWN) == {("a", "foreign-topic")}

    def test_a_completion_handler_must_exist_and_be_allowed(self) -> None:
        def completed_by(topic: str) -> set[tuple[str, str]]:
            task = user_task("a", properties(onComplete=topic))
            return errors(start(), task, end(), known=KNOWN)

        assert completed_by("notify") == set()
        assert completed_by("notfy") == {("a", "on-complete")}
        assert completed_by("issue") == {("a", "foreign-topic")}

    def test_on_complete_elsewhere_is_told_to_do_nothing(self) -> None:
        parts = (start(), service_task("a", "notify", properties(onComplete="notify")), end())
        assert ("a", "on-complete") in warnings(*parts, known=KNOWN)


class TestDecisions:
    def test_a_task_names_a_table_of_the_deployment(self) -> None:
        assert errors(start(), decision_task("a", None), end()) == {("a", "no-decision")}
        assert errors(start(), decision_task("a", "gone"), end()) == {("a", "decision-missing")}

    def test_a_mapping_that_does_not_exist_is_refused(self) -> None:
        task = node(
            "businessRuleTask", "a", camunda_decisionRef="gone", camunda_mapDecisionResult="first"
        )
        assert ("a", "map-result") in errors(start(), task, end())

    def test_a_decision_may_be_left_to_a_topic(self) -> None:
        task = node("businessRuleTask", "a", camunda_type="external", camunda_topic="notify")
        assert errors(start(), task, end(), known=KNOWN) == set()


class TestCalls:
    def test_a_call_names_a_process(self) -> None:
        assert errors(start(), call("a", None), end()) == {("a", "no-call")}

    def test_a_process_that_is_not_there_yet_is_a_warning(self) -> None:
        parts = (start(), call("a", "other"), end())
        other = {"other.bpmn": bpmn(process("other", start("s"), end("e")))}
        nothing = Known(processes=frozenset())
        missing = ("a", "call-missing")
        assert errors(*parts, known=nothing) == set()
        assert missing in warnings(*parts, known=nothing)
        assert missing not in warnings(*parts, known=nothing, files=other)
        assert missing not in warnings(*parts, known=Known(processes=frozenset({"other"})))

    def test_a_process_may_call_itself(self) -> None:
        again = (exclusive("g", "g_to_end"), call("a", "p"), end(), end("done"))
        ways = (flow("start", "g"), flow("g", "end"), flow("g", "a", "n > 0"), flow("a", "done"))
        assert errors(start(), *again, *ways, known=Known(processes=frozenset())) == set()

    def test_a_process_that_is_computed_is_looked_for_when_a_case_comes(self) -> None:
        parts = (start(), call("a", "${which}"), end())
        assert errors(*parts, known=Known(processes=frozenset())) == set()
        assert ("a", "call-missing") not in warnings(*parts, known=Known(processes=frozenset()))


class TestPeople:
    def test_a_task_without_people_deadline_and_form_has_three_warnings(self) -> None:
        assert warnings(start(), user_task("a"), end()) == {
            ("a", "no-assignee"),
            ("a", "no-deadline"),
            ("a", "no-form"),
        }

    def test_a_lane_is_a_hint_where_nobody_is_named(self) -> None:
        lane = Part(
            '<laneSet><lane id="l" name="asdep"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        )

        def advice(task: Part) -> list[str]:
            found = findings(lane, start(), task, end())
            return [p.advice.render() for p in found if p.code == "no-assignee"]

        assert ["asdep" in text for text in advice(user_task("a"))] == [True]
        assert advice(user_task("a", camunda_assignee="ani")) == []

    def test_a_complete_task_has_none(self) -> None:
        field = Part(
            '<camunda:formData><camunda:formField id="x" type="string"/></camunda:formData>'
        )
        task = user_task(
            "a",
            extensions(field),
            camunda_candidateGroups="coordinator,${'institution:' + case.institution}",
            camunda_dueDate="${case.deadline}",
        )
        assert warnings(start(), task, end(), known=KNOWN) == set()

    def test_a_group_that_does_not_exist_is_a_warning(self) -> None:
        task = user_task("a", camunda_candidateGroups="coordinators")
        assert ("a", "unknown-group") in warnings(start(), task, end(), known=KNOWN)
        assert ("a", "unknown-group") not in warnings(start(), task, end())

    def test_the_groups_there_are_are_told_those_of_many_institutions_by_how_they_begin(
        self,
    ) -> None:
        task = user_task("a", camunda_candidateGroups="coordinators")
        [found] = [
            one for one in findings(start(), task, end(), known=KNOWN)
            if one.code == "unknown-group"
        ]  # fmt: skip
        assert found.advice.facts["groups"] == "coordinator, institution:…, team:…"

    def test_each_unknown_group_of_a_task_is_told_once(self) -> None:
        task = user_task("a", camunda_candidateGroups="boss,coordinator,boss,team:x,institution:x")
        told = [
            one.what.facts["group"] for one in findings(start(), task, end(), known=KNOWN)
            if one.code == "unknown-group"
        ]  # fmt: skip
        assert told == ["boss", "institution:x"]

    @pytest.mark.parametrize("words", ["camunda_assignee", "camunda_candidateUsers"])
    def test_a_person_without_an_account_is_a_warning(self, words: str) -> None:
        known, unknown = (user_task("a", **{words: name}) for name in ("ani", "anni"))
        assert ("a", "unknown-user") in warnings(start(), unknown, end(), known=KNOWN)
        assert ("a", "unknown-user") not in warnings(start(), known, end(), known=KNOWN)
        assert ("a", "unknown-user") not in warnings(start(), unknown, end())

    @pytest.mark.parametrize("words", ["camunda_assignee", "camunda_candidateUsers"])
    def test_where_accounts_are_not_known_every_name_passes(self, words: str) -> None:
        only_groups = replace(KNOWN, performers=Performers(frozenset({"coordinator"})))
        task = user_task("a", **{words: "anni"})
        assert ("a", "unknown-user") not in warnings(start(), task, end(), known=only_groups)

    def test_a_form_that_is_not_deployed_is_a_warning(self) -> None:
        task = user_task("a", camunda_formRef="plan")
        assert errors(start(), task, end()) == set()
        assert ("a", "form-missing") in warnings(start(), task, end())

    @pytest.mark.parametrize("kind", ["enum", "colour"])
    def test_an_embedded_field_that_cannot_be_asked_is_refused(self, kind: str) -> None:
        data = f'<camunda:formData><camunda:formField id="x" type="{kind}"/></camunda:formData>'
        task = user_task("a", extensions(Part(data)))
        assert errors(start(), task, end()) == {("a", "form-field")}

    def test_a_model_without_diagram_is_a_warning(self) -> None:
        content = bpmn(process("p", start(), end()), diagram=False)
        found = check_bundle(read_bundle({"p.bpmn": content}), Known())
        assert told(found, "warning") == {("p", "no-diagram")}


def test_a_repeated_task_says_for_what() -> None:
    task = user_task("a", Part("<multiInstanceLoopCharacteristics/>"))
    assert errors(start(), task, end()) == {("a", "multi-instance")}


def test_what_could_not_be_read_is_not_told_to_be_missing_too() -> None:
    task = node("serviceTask", "a", camunda_delegateExpression="${mail}")
    assert errors(start(), task, end()) == {("a", "foreign-code")}
    late = user_task("b", camunda_dueDate="soon", camunda_assignee="ani")
    assert ("b", "no-deadline") not in warnings(start(), late, end())
