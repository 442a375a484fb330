"""A BPMN file is read into plain values; unreadable parts are reported by element and line."""

from __future__ import annotations

import pytest

from engine.models.bpmn import read_bpmn
from engine.models.elements import Element, ProcessModel
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    decision_task,
    end,
    event,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    process,
    properties,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)


def link(name: str) -> Part:
    return Part(f'<linkEventDefinition name="{name}"/>')


FAR = (flow("start", "far"), flow("near", "end"))


def read(*parts: Part, **attributes: object) -> ProcessModel:
    found = read_bpmn(bpmn(process("p", *parts, **attributes)), "m.bpmn")
    assert found.problems == ()
    [model] = found.processes
    return model


def element(part: Part) -> Element:
    return read(start(), part, end()).elements[part.id]


def problems(*parts: Part) -> list[Problem]:
    return list(read_bpmn(bpmn(process("p", *parts)), "m.bpmn").problems)


def only_problem(part: Part) -> Problem:
    [problem] = problems(start(), part, end())
    assert problem.element_id == part.id
    assert problem.file == "m.bpmn"
    assert problem.line > 0
    return problem


class TestStructure:
    def test_elements_come_in_document_order_with_name_kind_and_line(self) -> None:
        model = read(start(), user_task("approve", name="Setujui\nusul"), end())
        assert list(model.elements) == ["start", "approve", "end"]
        approve = model.elements["approve"]
        assert (approve.kind, approve.name, approve.process) == ("userTask", "Setujui usul", "p")
        assert approve.line == model.elements["start"].line + 1

    def test_what_lies_in_a_sub_process_names_it_as_its_holder(self) -> None:
        model = read(start(), sub_process("s", start("s1"), user_task("a"), end("s2")), end())
        assert model.elements["a"].process == "s"
        assert model.elements["s"].process == "p"
        assert model.flows["s1_to_a"].target == "a"

    def test_lanes_are_kept_by_id_with_their_names_the_innermost_counts(self) -> None:
        lanes = Part(
            '<laneSet><lane id="outer" name="Kemenko"><flowNodeRef>a</flowNodeRef><childLaneSet>'
            '<lane id="inner" name="Asdep"><flowNodeRef>a</flowNodeRef></lane>'
            "</childLaneSet></lane></laneSet>"
        )
        model = read(lanes, start(), user_task("a"), end())
        assert model.lanes == {"outer": "Kemenko", "inner": "Asdep"}
        assert model.elements["a"].lane == "inner"
        assert model.elements["end"].lane is None

    def test_flows_carry_compiled_conditions_and_gateways_their_default(self) -> None:
        model = read(
            start(),
            exclusive("g", default="g_to_end"),
            end(),
            end("other"),
            flow("start", "g"),
            flow("g", "end"),
            flow("g", "other", "${amount gt 3}"),
        )
        condition = model.flows["g_to_other"].condition
        assert condition is not None
        assert condition.evaluate({"amount": 4}) is True
        assert model.flows["g_to_end"].condition is None
        assert model.elements["g"].default_flow == "g_to_end"

    def test_documentation_is_read(self) -> None:
        note = Part("<documentation> Why this is done. </documentation>")
        assert element(user_task("a", note)).documentation == "Why this is done."

    def test_a_file_without_shapes_has_no_diagram(self) -> None:
        parts = process("p", start(), end())
        assert read_bpmn(bpmn(parts), "m").processes[0].has_diagram
        assert not read_bpmn(bpmn(parts, diagram=False), "m").processes[0].has_diagram

    def test_processes_are_executable_unless_they_say_no(self) -> None:
        content = bpmn(
            process("a", start(), end(), isExecutable=None),
            process("b", start("b1"), end("b2"), isExecutable=False),
        )
        found = read_bpmn(content, "m")
        assert [(one.key, one.executable) for one in found.processes] == [("a", True), ("b", False)]
        assert found.problems == ()

    def test_a_pool_that_nothing_is_drawn_in_is_not_meant_to_run(self) -> None:
        two = bpmn(process("p", start(), end()), process("nobody"))
        assert [p.executable for p in read_bpmn(two, "m.bpmn").processes] == [True, False]
        alone = read_bpmn(bpmn(process("nobody"), diagram=False), "m.bpmn")
        assert [p.executable for p in alone.processes] == [True]

    def test_a_file_without_anything_executable_is_an_error(self) -> None:
        content = bpmn(process("p", start(), end(), isExecutable=False))
        [problem] = read_bpmn(content, "m").problems
        assert problem.code == "nothing-to-run"

    def test_a_flow_without_an_id_is_known_by_its_ends(self) -> None:
        plain = [
            Part(flow(*ends).xml.replace(f'id="{ends[0]}_to_{ends[1]}" ', ""), is_flow=True)
            for ends in (("start", "a"), ("start", "a"), ("a", "end"))
        ]
        model = read(start(), user_task("a"), end(), *plain)
        assert [*model.flows] == ["start->a", "start->a->2", "a->end"]

    def test_a_sub_process_without_an_id_is_known_by_where_it_lies(self) -> None:
        inside = [start(), user_task("a"), end()]
        nameless = [
            node("subProcess", f"s{place}", *parts).xml.replace(f'id="s{place}" ', "")
            for place, parts in enumerate((inside, [user_task("b")], []))
        ]
        nested = f"<subProcess id='outer'>{nameless[1]}</subProcess>"
        model = read(Part(nameless[0]), Part(nested), Part(nameless[2]))
        holders = {one.id: one.process for one in model.elements.values()}
        assert [one for one in holders if "->" in one] == [
            "p->subProcess", "outer->subProcess", "p->subProcess->2"
        ]  # fmt: skip
        assert (holders["a"], holders["b"]) == ("p->subProcess", "outer->subProcess")

    def test_a_name_that_cannot_be_filled_in_is_told(self) -> None:
        problem = only_problem(user_task("a", name="Ask ${nobody.getName()}"))
        assert problem.code == "expression"

    def test_an_element_without_an_id_or_with_a_taken_one_is_named(self) -> None:
        found = problems(start(), user_task("a"), user_task("a"), end())
        assert ("a", "id") in {(p.element_id, p.code) for p in found}
        [nameless] = problems(start(), Part("<userTask name='No id'/>"), end())
        assert (nameless.element_name, nameless.code) == ("No id", "id")

    @pytest.mark.parametrize("content", [b"<html/>", b"<definitions/>", b"not xml"])
    def test_what_is_no_bpmn_is_refused(self, content: bytes) -> None:
        with pytest.raises(ModelError):
            read_bpmn(content, "m.bpmn")

    def test_a_file_too_large_to_be_drawn_is_refused(self) -> None:
        tasks = [user_task(f"t{number}") for number in range(3_001)]
        with pytest.raises(ModelError) as caught:
            read_bpmn(bpmn(process("p", start(), *tasks, end()), diagram=False), "m.bpmn")
        assert "6000" in caught.value.problems[0].what.render()


class TestPeopleAndForms:
    def test_assignment_takes_constants_expressions_and_lists(self) -> None:
        task = element(
            user_task(
                "a",
                camunda_assignee="${owner}",
                camunda_candidateUsers="ani, budi",
                camunda_candidateGroups="coordinator, ${'institution:' + min('b', 'a')}",
            )
        )
        assert task.assignee is not None
        assert task.assignee.evaluate({"owner": "ani"}) == "ani"
        assert [user.evaluate({}) for user in task.candidate_users] == ["ani", "budi"]
        assert [group.evaluate({}) for group in task.candidate_groups] == [
            "coordinator",
            "institution:a",
        ]

    def test_dates_priority_and_form_are_read(self) -> None:
        task = element(
            user_task(
                "a",
                camunda_dueDate="2026-12-01",
                camunda_followUpDate="${day}",
                camunda_priority="50",
                camunda_formRef="plan",
            )
        )
        assert task.due_date is not None
        assert task.due_date.is_constant
        assert task.follow_up_date is not None
        assert task.priority is not None
        assert task.priority.source == "50"
        assert task.form_ref == "plan"

    @pytest.mark.parametrize("text", ["soon", "P3X", "12/01/2026"])
    def test_a_due_date_that_is_no_date_is_told_what_to_write(self, text: str) -> None:
        problem = only_problem(user_task("a", camunda_dueDate=text))
        assert problem.code == "date"
        assert "${working_days(5, task.created)}" in problem.advice.render()

    def test_an_expression_that_does_not_compile_names_the_attribute(self) -> None:
        problem = only_problem(user_task("a", camunda_assignee="${owner +}"))
        assert problem.code == "expression"
        assert problem.what.render().startswith("Assignee: ")

    def test_a_form_key_is_ignored_with_a_warning(self) -> None:
        problem = only_problem(user_task("a", camunda_formKey="embedded:app:form.html"))
        assert (problem.severity, problem.code) == ("warning", "ignored")
        assert "formRef" in problem.advice.render()

    def test_embedded_form_fields_are_read(self) -> None:
        data = Part(
            '<camunda:formData><camunda:formField id="stance" label="Sikap" type="enum">'
            '<camunda:value id="yes" name="Ya"/><camunda:validation>'
            '<camunda:constraint name="required"/></camunda:validation>'
            "</camunda:formField></camunda:formData>"
        )
        [field] = element(user_task("a", extensions(data))).form_fields
        assert (field.id, field.label, field.type, field.required) == (
            "stance",
            "Sikap",
            "enum",
            True,
        )
        assert field.values == {"yes": "Ya"}

    def test_two_embedded_fields_of_one_id_are_refused(self) -> None:
        twice = '<camunda:formField id="a"/><camunda:formField id="a"/>'
        data = Part(f"<camunda:formData>{twice}</camunda:formData>")
        assert only_problem(user_task("a", extensions(data))).code == "form-field"

    def test_properties_are_read_and_one_names_the_completion_handler(self) -> None:
        task = element(user_task("a", properties(onComplete="record_plan", colour="red")))
        assert task.on_complete == "record_plan"
        assert task.properties["colour"] == "red"


class TestSpiffVocabulary:
    def test_scripts_around_a_task_instructions_and_properties(self) -> None:
        task = element(
            user_task(
                "a",
                extensions(
                    Part("<spiffworkflow:preScript>x = 1</spiffworkflow:preScript>"),
                    Part("<spiffworkflow:postScript>y = x + 1</spiffworkflow:postScript>"),
                    Part(
                        "<spiffworkflow:instructionsForEndUser>Dear ${name}"
                        "</spiffworkflow:instructionsForEndUser>"
                    ),
                    Part(
                        '<spiffworkflow:properties><spiffworkflow:property name="k" value="v"/>'
                        "</spiffworkflow:properties>"
                    ),
                ),
            )
        )
        assert task.pre_script is not None
        assert task.pre_script.assigned == {"x"}
        assert task.post_script is not None
        assert task.post_script.run({"x": 1})["y"] == 2
        assert task.instructions == "Dear ${name}"
        assert task.properties == {"k": "v"}

    def test_jinja_in_instructions_is_shown_as_it_stands_and_told(self) -> None:
        name = "spiffworkflow:instructionsForEndUser"
        text = Part(f"<{name}>{{{{ name }}}}</{name}>")
        problem = only_problem(user_task("a", extensions(text)))
        assert (problem.severity, problem.code) == ("warning", "jinja")
        assert "{{" in problem.what.render()

    def test_an_operator_is_a_topic_with_inputs(self) -> None:
        operator = Part(
            '<spiffworkflow:serviceTaskOperator id="http/Get" resultVariable="answer">'
            '<spiffworkflow:parameters><spiffworkflow:parameter id="url" value="\'a\' + b"/>'
            "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
        )
        task = element(service_task("a", None, extensions(operator)))
        assert (task.topic, task.result_variable) == ("http/Get", "answer")
        [(name, value)] = task.inputs
        assert (name, value.evaluate({"b": "c"})) == ("url", "ac")

    def test_a_called_decision(self) -> None:
        text = "<spiffworkflow:calledDecisionId>rollup</spiffworkflow:calledDecisionId>"
        task = element(node("businessRuleTask", "a", extensions(Part(text))))
        assert task.decision_ref == "rollup"


class TestWork:
    def test_a_service_task_calls_a_topic(self) -> None:
        assert element(service_task("a", "notify")).topic == "notify"

    def test_a_decision_task_names_table_result_and_mapping(self) -> None:
        task = element(decision_task("a", "rollup", "status"))
        assert (task.decision_ref, task.result_variable) == ("rollup", "status")
        assert task.map_result == "resultList"

    def test_a_script_is_compiled(self) -> None:
        script = element(script_task("a", "total = price * 2")).script
        assert script is not None
        assert script.run({"price": 3})["total"] == 6

    def test_a_script_that_does_not_compile_is_told_with_its_own_line(self) -> None:
        model = bpmn(process("p", start(), script_task("a", "x = 1\nimport os"), end()))
        [problem] = read_bpmn(model, "m").problems
        assert problem.code == "script"
        assert b"import os" in model.splitlines()[problem.line - 1]

    @pytest.mark.parametrize("language", ["groovy", "javascript", "JavaScript"])
    def test_scripts_of_other_languages_are_refused_by_name(self, language: str) -> None:
        problem = only_problem(script_task("a", "x = 1", scriptFormat=language))
        assert problem.code == "foreign-script"
        assert language in problem.what.render()

    def test_a_script_task_without_script_is_an_error(self) -> None:
        assert only_problem(node("scriptTask", "a", scriptFormat="python")).code == "script"

    @pytest.mark.parametrize(
        "attributes",
        [
            {"camunda_class": "org.example.Mail"},
            {"camunda_delegateExpression": "${mail}"},
            {"camunda_type": "mail"},
        ],
    )
    def test_code_of_other_engines_is_refused(self, attributes: dict[str, object]) -> None:
        problem = only_problem(node("serviceTask", "a", **attributes))
        assert problem.code == "foreign-code"
        assert "topic" in problem.advice.render()

    @pytest.mark.parametrize("name", ["executionListener", "taskListener", "connector"])
    def test_listeners_and_connectors_are_refused_by_name(self, name: str) -> None:
        problem = only_problem(user_task("a", extensions(Part(f"<camunda:{name}/>"))))
        assert problem.what.render() == f"{name} cannot run here."

    def test_a_topic_that_is_computed_is_refused(self) -> None:
        assert only_problem(service_task("a", "${topic}")).code == "not-fixed"

    def test_a_call_activity_names_its_process(self) -> None:
        assert element(call("a", "other")).called_process == "other"

    def test_words_of_related_engines_are_read_the_same(self) -> None:
        model = bpmn(process("p", start(), user_task("a", camunda_assignee="ani"), end()))
        for relative in ("http://operaton.org/schema/1.0/bpmn", "http://flowable.org/bpmn"):
            renamed = model.replace(b"http://camunda.org/schema/1.0/bpmn", relative.encode())
            [read_again] = read_bpmn(renamed, "m").processes
            assert read_again.elements["a"].assignee is not None

    def test_a_model_for_camunda_8_is_told_so(self) -> None:
        zeebe = Part('<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="x"/>')
        found = problems(start(), node("serviceTask", "a", extensions(zeebe)), end())
        assert [p.code for p in found] == ["foreign-vocabulary"]

    def test_data_objects_are_told_to_be_pictures(self) -> None:
        drawn = Part("<dataInputAssociation><sourceRef>d</sourceRef></dataInputAssociation>")
        assert only_problem(user_task("a", drawn)).code == "data-object"


def parameters(*inner: str) -> Part:
    text = "".join(inner)
    return extensions(Part(f"<camunda:inputOutput>{text}</camunda:inputOutput>"))


class TestParameters:
    def value(self, inner: str, **data: object) -> object:
        text = f'<camunda:inputParameter name="x">{inner}</camunda:inputParameter>'
        [(_, expression)] = element(service_task("a", "t", parameters(text))).inputs
        return expression.evaluate(data)

    def test_plain_text_expression_and_both_mixed(self) -> None:
        assert self.value("issued") == "issued"
        assert self.value("${n + 1}", n=1) == 2
        assert self.value("No. ${n}", n=1) == "No. 1"

    def test_a_list_of_texts_and_expressions(self) -> None:
        entries = "<camunda:value>it's</camunda:value><camunda:value>${n}</camunda:value>"
        assert self.value(f"<camunda:list>{entries}</camunda:list>", n=2) == ["it's", 2]

    def test_a_map(self) -> None:
        entries = (
            '<camunda:entry key="a">1</camunda:entry><camunda:entry key="b">${n}</camunda:entry>'
        )
        assert self.value(f"<camunda:map>{entries}</camunda:map>", n=2) == {"a": "1", "b": 2}

    def test_lists_and_maps_hold_others_and_a_key_may_be_an_expression(self) -> None:
        inner = "<camunda:list><camunda:value>1</camunda:value><camunda:map/></camunda:list>"
        entry = f'<camunda:entry key="${{kind}}">{inner}</camunda:entry>'
        found = self.value(f"<camunda:map>{entry}</camunda:map>", kind="a")
        assert found == {"a": ["1", {}]}

    def test_without_text_it_is_null(self) -> None:
        assert self.value("") is None

    def test_scripts_and_mixed_entries_are_refused(self) -> None:
        foreign = '<camunda:script scriptFormat="groovy">1</camunda:script>'
        listed = f"<camunda:list>{foreign}</camunda:list>"
        mixed = "<camunda:list><camunda:value>No. ${n}</camunda:value></camunda:list>"
        kinds = ((mixed, "parameter"), (foreign, "foreign-code"), (listed, "foreign-code"))
        for inner, code in kinds:
            text = f'<camunda:inputParameter name="x">{inner}</camunda:inputParameter>'
            assert only_problem(service_task("a", "t", parameters(text))).code == code

    def test_a_parameter_needs_a_name(self) -> None:
        text = "<camunda:inputParameter>1</camunda:inputParameter>"
        assert only_problem(service_task("a", "t", parameters(text))).code == "parameter"


class TestEvents:
    @pytest.mark.parametrize("kind", ["error", "escalation"])
    def test_what_is_thrown_without_a_code_is_told(self, kind: str) -> None:
        found = only_problem(end("e", event(kind)))
        assert (found.code, found.severity) == ("code-missing", "warning")

    def test_parameters_of_an_event_are_told_but_for_what_it_sends(self) -> None:
        written = {
            name: parameters(f'<camunda:{name}Parameter name="x">1</camunda:{name}Parameter>')
            for name in ("input", "output")
        }
        sending = throw("e", written["input"], event("message", "paid"))
        assert problems(sending) == []
        for unread in (
            throw("e", written["output"], event("message", "paid")),
            throw("e", written["input"]),
            catch("e", written["input"], event("message", "paid")),
        ):
            assert only_problem(unread).code == "ignored"

    def test_plain_events_wait_for_nothing(self) -> None:
        assert element(throw("e")).event is not None
        definition = element(throw("e")).event
        assert definition is not None
        assert definition.kind == "none"

    @pytest.mark.parametrize(
        ("text", "kind", "field"),
        [
            ("P14D", "timeDuration", "duration"),
            ("R3/PT10H", "timeCycle", "cycle"),
            ("2026-12-01T09:00:00+07:00", "timeDate", "date"),
            ("'P14D'", "timeDuration", "duration"),
        ],
    )
    def test_timers_take_bare_iso_texts(self, text: str, kind: str, field: str) -> None:
        definition = element(catch("e", timer(text, kind))).event
        assert definition is not None
        assert definition.timer is not None
        assert definition.timer.kind == field
        assert definition.timer.literal == text.strip("'")

    def test_a_duration_where_a_date_is_meant_is_taken_and_told(self) -> None:
        told = only_problem(catch("e", timer("PT10M", "timeDate")))
        assert (told.severity, told.code) == ("warning", "timer")

    def test_timers_take_expressions(self) -> None:
        definition = element(catch("e", timer("${case.deadline}", "timeDate"))).event
        assert definition is not None
        assert definition.timer is not None
        assert definition.timer.expression is not None
        assert definition.timer.literal is None

    @pytest.mark.parametrize("text", ['${next_look("escalation")}', "next_look('escalation')"])
    def test_a_ladder_is_recognised_by_its_function(self, text: str) -> None:
        model = read(
            start(),
            user_task("a"),
            end(),
            boundary("e", "a", timer(text, "timeCycle"), interrupting=False),
        )
        definition = model.elements["e"].event
        assert definition is not None
        assert definition.timer is not None
        assert definition.timer.ladder == "escalation"

    @pytest.mark.parametrize(
        ("text", "kind"),
        [("14 days", "timeDuration"), ("P14Q", "timeDuration"), ("0 61 8 * * ?", "timeCycle")],
    )
    def test_a_timer_that_is_none_of_these_is_told_what_to_write(
        self, text: str, kind: str
    ) -> None:
        problem = only_problem(catch("e", timer(text, kind)))
        assert problem.code == "timer"
        assert problem.advice.render()

    def test_a_timer_without_a_time_is_an_error(self) -> None:
        assert only_problem(catch("e", event("timer"))).code == "timer-empty"

    def test_messages_have_a_name_and_perhaps_a_key(self) -> None:
        caught = element(
            catch("e", properties(correlationKey="${order}"), event("message", "paid"))
        )
        assert caught.event is not None
        assert caught.event.message is not None
        assert caught.event.message.name == "paid"
        assert caught.event.message.key is not None
        assert caught.event.message.key.evaluate({"order": "7"}) == "7"

    def test_send_and_receive_tasks_carry_their_message(self) -> None:
        sent = bpmn(
            process("p", start(), node("sendTask", "a", messageRef="message_paid"), end()),
        )
        [model] = read_bpmn(sent, "m").processes
        definition = model.elements["a"].event
        assert definition is not None
        assert definition.message is not None
        assert definition.message.name == "paid"

    @pytest.mark.parametrize(
        "part",
        [
            node("receiveTask", "e", messageRef="nobody"),
            node("sendTask", "e"),
            catch("e", event("message")),
            catch("e", Part('<messageEventDefinition messageRef="nobody"/>')),
        ],
        ids=["receive task", "send task", "no message", "unknown message"],
    )
    def test_a_message_that_is_missing_is_an_error(self, part: Part) -> None:
        assert only_problem(part).code == "message-missing"

    def test_a_send_task_may_call_a_topic_instead(self) -> None:
        task = element(node("sendTask", "a", camunda_type="external", camunda_topic="notify"))
        assert task.topic == "notify"

    def test_errors_and_escalations_have_a_code(self) -> None:
        failed = element(end("e", event("error", "refused"))).event
        raised = element(throw("e", event("escalation", "late"))).event
        assert failed is not None
        assert raised is not None
        assert (failed.kind, failed.code) == ("error", "refused")
        assert (raised.kind, raised.code) == ("escalation", "late")

    def test_an_error_that_is_not_declared_is_told_and_its_reference_taken_as_code(self) -> None:
        part = end("e", Part('<errorEventDefinition errorRef="nobody"/>'))
        found = read_bpmn(bpmn(process("p", start(), part)), "m.bpmn")
        assert [(p.code, p.severity) for p in found.problems] == [("code-missing", "warning")]
        thrown = found.processes[0].elements["e"].event
        assert thrown is not None
        assert thrown.code == "nobody"

    def test_a_link_becomes_the_flow_it_stands_for(self) -> None:
        model = read(start(), throw("far", link("A")), catch("near", link("A")), end(), *FAR)
        assert [(f.source, f.target) for f in model.flows.values()][-1] == ("far", "near")

    @pytest.mark.parametrize("names", [("A", "B"), ("", ""), ("A", "A", "A")])
    def test_a_link_without_exactly_one_other_end_is_told(self, names: tuple[str, ...]) -> None:
        catches = [catch(f"near{i}", link(name)) for i, name in enumerate(names[1:])]
        [problem] = problems(start(), throw("far", link(names[0])), *catches, flow("start", "far"))
        assert (problem.element_id, problem.code) == ("far", "link")

    def test_a_link_that_a_flow_leads_to_and_nobody_throws_is_told(self) -> None:
        [problem] = problems(start(), catch("near", link("A")), end())
        assert (problem.element_id, problem.code) == ("near", "link")

    def test_a_flow_beside_a_link_is_told(self) -> None:
        parts = (start(), throw("far", link("A")), catch("near", link("A")), end(), *FAR)
        [problem] = problems(*parts, flow("far", "end"))
        assert problem.code == "link"

    def test_a_boundary_event_knows_its_task_and_whether_it_interrupts(self) -> None:
        model = read(
            start(),
            user_task("a"),
            end(),
            boundary("soft", "a", timer("P1D"), interrupting=False),
            boundary("hard", "a", event("error")),
        )
        soft, hard = model.elements["soft"], model.elements["hard"]
        assert (soft.attached_to, soft.interrupting) == ("a", False)
        assert (hard.attached_to, hard.interrupting) == ("a", True)

    def test_two_definitions_in_one_event_are_one_kind_of_their_own(self) -> None:
        definition = element(catch("e", timer("P1D"), event("message", "paid"))).event
        assert definition is not None
        assert definition.kind == "multiple"


class TestMultiInstance:
    def test_camunda_attributes(self) -> None:
        repeated = element(user_task("a", multi_instance("institutions", "institution")))
        assert repeated.multi_instance is not None
        assert repeated.multi_instance.parallel
        assert repeated.multi_instance.item == "institution"
        assert repeated.multi_instance.items is not None
        assert repeated.multi_instance.items.evaluate({"institutions": ["a"]}) == ["a"]

    def test_elements_of_the_standard(self) -> None:
        marker = Part(
            '<multiInstanceLoopCharacteristics isSequential="true">'
            "<loopDataInputRef>orders</loopDataInputRef><inputDataItem id='order'/>"
            "<loopDataOutputRef>results</loopDataOutputRef><outputDataItem id='result'/>"
            "</multiInstanceLoopCharacteristics>"
        )
        repeated = element(user_task("a", marker)).multi_instance
        assert repeated is not None
        assert (repeated.parallel, repeated.item) == (False, "order")
        assert (repeated.output_items, repeated.output_item) == ("results", "result")

    def test_a_data_item_whose_name_is_a_label_is_known_by_its_id(self) -> None:
        marker = Part(
            "<multiInstanceLoopCharacteristics><loopDataInputRef>orders</loopDataInputRef>"
            "<inputDataItem id='order' name='one of the orders'/>"
            "<outputDataItem id='result' name='total'/></multiInstanceLoopCharacteristics>"
        )
        repeated = element(user_task("a", marker)).multi_instance
        assert repeated is not None
        assert (repeated.item, repeated.output_item) == ("order", "total")

    def test_a_number_of_repetitions(self) -> None:
        marker = Part(
            "<multiInstanceLoopCharacteristics><loopCardinality>2 + 1</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        )
        repeated = element(user_task("a", marker)).multi_instance
        assert repeated is not None
        assert repeated.cardinality is not None
        assert repeated.cardinality.evaluate({}) == 3
