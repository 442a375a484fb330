"""Code of other engines is refused, and the finding proposes a topic for a worker."""

from __future__ import annotations

import difflib

import pytest

from engine.models.bpmn import read_bpmn
from engine.models.bpmn.made_topics import with_topics
from engine.models.bpmn.topics import topic_of
from engine.models.checks import Known
from engine.models.elements import Element
from engine.sentences.problems import MakeTopic
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    extensions,
    node,
    process,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models.checks.checking import errors, findings

OPERATON = "http://operaton.org/schema/1.0/bpmn"
VENDORS = (
    "http://camunda.org/schema/1.0/bpmn",
    OPERATON,
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
)
CONNECTOR = (
    '<camunda:connector><camunda:inputOutput><camunda:inputParameter name="url">${host}/a'
    '</camunda:inputParameter><camunda:outputParameter name="got">${response}'
    "</camunda:outputParameter></camunda:inputOutput>"
    "<camunda:connectorId>http-connector</camunda:connectorId></camunda:connector>"
)


def connected(*before: str) -> Part:
    return node("serviceTask", "a", extensions(Part("".join([*before, CONNECTOR]))))


def fixes(*parts: Part, known: Known | None = None) -> list[MakeTopic]:
    found = findings(start(), *parts, end(), known=known or Known())
    return list(dict.fromkeys(one.fix for one in found if one.fix))


def changed(content: bytes) -> bytes:
    """The file with all that its findings propose."""
    made = [one.fix for one in read_bpmn(content, "m.bpmn").problems if one.fix]
    assert made
    return with_topics(content, "m.bpmn", made)


def read(content: bytes, id: str) -> Element:
    found = read_bpmn(content, "m.bpmn")
    assert [p.code for p in found.problems if p.severity == "error"] == []
    [model] = found.processes
    return model.elements[id]


@pytest.mark.parametrize(
    ("code", "topic"),
    [
        ("org.x.SendInvoiceDelegate", "send-invoice"),
        ("org.x.SendInvoice", "send-invoice"),
        ("org.x.HTTPCallJavaDelegate", "http-call"),
        ("org.x.Orders$ShipImpl", "ship"),
        ("org.x.Delegate", "delegate"),
        ("org.x.Step2Delegate", "step-2"),
        ("${mailService}", "mail-service"),
        ("#{ mail_service }", "mail-service"),
        ("${orders.ship(execution, id)}", "orders-ship"),
        ("mail", "mail"),
        ("org.x." + "Word" * 40, "-".join(["word"] * 12)),
        ("Пошта", "a_task"),
    ],
)
def test_a_topic_is_called_as_the_code_is(code: str, topic: str) -> None:
    assert topic_of(code, "a_task") == topic


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "businessRuleTask"])
@pytest.mark.parametrize(
    ("attribute", "code", "topic"),
    [
        ("class", "org.x.SendInvoiceDelegate", "send-invoice"),
        ("delegateExpression", "${mailService}", "mail-service"),
        ("expression", "${orders.ship(id)}", "orders-ship"),
        ("type", "mail", "mail"),
        ("type", "shell", "shell"),
    ],
)
def test_what_code_does_can_be_made_a_topic(
    kind: str, attribute: str, code: str, topic: str
) -> None:
    task = node(kind, "a", **{f"camunda_{attribute}": code})
    found = [one for one in findings(start(), task, end()) if one.severity == "error"]
    assert [one.fix for one in found] == [MakeTopic("a", topic, code)], "one finding is enough"
    assert fixes(task) == [MakeTopic("a", topic, code)]
    assert read(changed(bpmn(process("p", start(), task, end()))), "a").topic == topic


@pytest.mark.parametrize("vendor", VENDORS)
def test_relatives_are_corrected_in_their_own_words(vendor: str) -> None:
    model = bpmn(process("p", start(), node("serviceTask", "a", camunda_class="x.Mail"), end()))
    made = changed(model.replace(VENDORS[0].encode(), vendor.encode()))
    assert vendor.encode() in made and made.count(b"xmlns:camunda") == 1
    assert read(made, "a").topic == "mail"


def test_a_worker_names_what_it_writes_itself() -> None:
    call = {"camunda_expression": "${bank.rate(sum)}", "camunda_resultVariable": "rate"}
    model = bpmn(process("p", start(), node("serviceTask", "a", **call), end()))
    assert read(changed(model), "a").result_variable is None


def test_a_thrown_message_is_done_by_a_worker_too() -> None:
    def thrown(event: Part) -> bytes:
        return bpmn(process("p", start(), event, end()))

    told = Part('<messageEventDefinition camunda:delegateExpression="${courier}"/>')
    for event in (throw("t", told), end("t", told)):
        assert read(changed(thrown(event)), "t").topic == "courier"


def test_a_connector_gives_its_parameters_to_the_task() -> None:
    assert fixes(connected()) == [MakeTopic("a", "http-connector", "http-connector")]
    task = read(changed(bpmn(process("p", start(), connected(), end()))), "a")
    assert task.topic == "http-connector"
    assert [name for name, _ in task.inputs] == ["url"]
    assert [name for name, _ in task.outputs] == ["got"]


def test_parameters_of_a_connector_stand_behind_those_of_the_task() -> None:
    own = (
        '<camunda:inputOutput><camunda:inputParameter name="host">x</camunda:inputParameter>'
        "</camunda:inputOutput>"
    )
    made = changed(bpmn(process("p", start(), connected(own), end())))
    assert [name for name, _ in read(made, "a").inputs] == ["host", "url"]
    assert made.count(b"<camunda:inputOutput>") == 1, "editors show the first only"


@pytest.mark.parametrize(
    "part",
    [
        service_task("a", "t", extensions(Part('<camunda:executionListener class="x.L"/>'))),
        user_task("a", extensions(Part('<camunda:taskListener class="x.L"/>'))),
        user_task("a", camunda_class="x.Mail"),
        node("scriptTask", "a", scriptFormat="python", camunda_resource="x.py"),
        node("serviceTask", "a", camunda_expression="${n +}"),
    ],
)
def test_what_is_no_work_of_a_task_is_refused_without_a_correction(part: Part) -> None:
    assert {id for id, _ in errors(start(), part, end())} == {"a"}
    assert fixes(part) == []


def test_a_topic_that_stands_there_already_is_kept() -> None:
    task = node("serviceTask", "a", camunda_class="x.Mail", camunda_topic="letters")
    assert fixes(task) == [MakeTopic("a", "letters", "x.Mail")]
    assert read(changed(bpmn(process("p", start(), task, end()))), "a").topic == "letters"


def test_a_topic_for_workers_is_none_of_a_handler() -> None:
    task = node("serviceTask", "a", camunda_class="x.NotifyDelegate")
    known = Known(topics={"notify": frozenset({"recommendation"})})
    assert fixes(task, known=known) == [MakeTopic("a", "notify-worker", "x.NotifyDelegate")]


WRITTEN = """<?xml version='1.0' encoding='ENCODING'?>\r
<!-- drawn by hand; kept -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:o='http://operaton.org/schema/1.0/bpmn' targetNamespace="t" xmlns:mine='urn:mine'>
 <bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/><?mine keep?>
  <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a" />
  <bpmn:serviceTask id='a'   name="1 > 0 &amp; é"
     o:class = "org.x.SendInvoiceDelegate"\t mine:note='o:class="kept"' o:expression='${x}' />
  <bpmn:sequenceFlow id="g" sourceRef="a" targetRef="e"><![CDATA[]]></bpmn:sequenceFlow>
  <bpmn:endEvent id="e"></bpmn:endEvent>
 </bpmn:process>
</bpmn:definitions>

"""


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_nothing_else_in_the_file_changes(encoding: str) -> None:
    before = WRITTEN.replace("ENCODING", encoding).encode(encoding)
    after = changed(before).decode(encoding)
    lines = [WRITTEN.replace("ENCODING", encoding).splitlines(True), after.splitlines(True)]
    told = [line for line in difflib.ndiff(*lines) if line[0] in "-+"]
    assert told == [
        '-      o:class = "org.x.SendInvoiceDelegate"\t mine:note=\'o:class="kept"\''
        " o:expression='${x}' />\n",
        '+      o:type="external" o:topic="send-invoice"\t mine:note=\'o:class="kept"\' />\n',
    ]


def test_what_is_not_to_be_made_stays() -> None:
    tasks = (node("serviceTask", id, camunda_class="x.Mail") for id in "ab")
    made = with_topics(
        bpmn(process("p", start(), *tasks, end())), "m", [MakeTopic("b", "post", "x.Mail")]
    )
    [found] = [one for one in read_bpmn(made, "m").problems if one.severity == "error"]
    assert found.element_id == "a"
