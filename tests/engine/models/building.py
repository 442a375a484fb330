"""Small BPMN models for tests, written in reading order: `bpmn(process("p", start(), end()))`.

Nodes of a process or sub-process are joined in the given order; with any `flow`, only the given
flows exist. Boundary events are never joined. Attributes of the Camunda namespace are written
`camunda_assignee="demo"`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' targetNamespace="http://tindak.example/bpmn"'
)
DECLARED = {
    "message": ("messageRef", "name"),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
    "signal": ("signalRef", "name"),
}


@dataclass(frozen=True)
class Part:
    """A piece of XML. `id` is empty for what stands inside a node; `joins`: part of the chain."""

    xml: str
    id: str = ""
    joins: bool = False
    is_flow: bool = False


def node(kind: str, id: str, *inner: Part, **attributes: object) -> Part:
    """Any flow node: `node("manualTask", "sign", name="Sign")`. None leaves an attribute out, True
    and False are spelled as XML does."""
    attributes = {"id": id, "name": id.replace("_", " ").capitalize(), **attributes}
    written = "".join(
        f" {name.replace('camunda_', 'camunda:')}={quoteattr(_spelled(value))}"
        for name, value in attributes.items()
        if value is not None
    )
    return Part(f"<{kind}{written}>{_xml(inner)}</{kind}>", id, joins=kind != "boundaryEvent")


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _xml(parts: tuple[Part, ...]) -> str:
    return "\n".join(part.xml for part in parts)


def start(id: str = "start", *inner: Part, **attributes: object) -> Part:
    """A start event."""
    return node("startEvent", id, *inner, **attributes)


def end(id: str = "end", *inner: Part, **attributes: object) -> Part:
    """An end event."""
    return node("endEvent", id, *inner, **attributes)


def user_task(id: str, *inner: Part, **attributes: object) -> Part:
    """A user task."""
    return node("userTask", id, *inner, **attributes)


def service_task(id: str, topic: str | None, *inner: Part, **attributes: object) -> Part:
    """A service task that calls `topic`."""
    kind = "external" if topic else None
    return node("serviceTask", id, *inner, camunda_type=kind, camunda_topic=topic, **attributes)


def script_task(id: str, script: str, **attributes: object) -> Part:
    """A script task in Python."""
    text = Part(f"<script>{escape(script)}</script>")
    return node("scriptTask", id, text, **{"scriptFormat": "python", **attributes})


def decision_task(id: str, decision: str | None, result: str | None = "result") -> Part:
    """A business rule task."""
    return node("businessRuleTask", id, camunda_decisionRef=decision, camunda_resultVariable=result)


def exclusive(id: str, default: str | None = None) -> Part:
    """An exclusive gateway; `default` is the id of a flow."""
    return node("exclusiveGateway", id, default=default)


def parallel(id: str) -> Part:
    """A parallel gateway."""
    return node("parallelGateway", id)


def event_gateway(id: str) -> Part:
    """An event-based gateway."""
    return node("eventBasedGateway", id)


def catch(id: str, *inner: Part) -> Part:
    """An intermediate catch event."""
    return node("intermediateCatchEvent", id, *inner)


def undoing(on: str, *inner: Part, kind: str = "userTask") -> tuple[Part, ...]:
    """The compensation event on activity `on` and its handler `undo_ON`, a human task."""
    event_id, handler = f"{on}_undoable", f"undo_{on}"
    ends = f'sourceRef="{event_id}" targetRef="{handler}"'
    return (
        boundary(event_id, on, event("compensate")),
        Part(
            node(kind, handler, *inner, isForCompensation=True).xml
            + f'<association id="{on}_to_undo" {ends} associationDirection="One"/>'
        ),
    )


def compensate(activity: str | None = None) -> Part:
    """A compensation thrown: of one activity, or of all."""
    named = f' activityRef="{activity}"' if activity else ""
    return Part(f"<compensateEventDefinition{named}/>")


def throw(id: str, *inner: Part) -> Part:
    """An intermediate throw event."""
    return node("intermediateThrowEvent", id, *inner)


def boundary(id: str, on: str, *inner: Part, interrupting: bool = True) -> Part:
    """A boundary event attached to the activity `on`."""
    return node("boundaryEvent", id, *inner, attachedToRef=on, cancelActivity=interrupting)


def sub_process(id: str, *parts: Part, **attributes: object) -> Part:
    """An embedded sub-process."""
    return node("subProcess", id, *_joined(id, parts), **attributes)


def ad_hoc(id: str, *parts: Part, until: str | None = None, **attributes: object) -> Part:
    """An ad-hoc sub-process with a completion condition; only flows that are given join `parts`."""
    ends = (
        []
        if until is None
        else [Part(f"<completionCondition>{escape(until)}</completionCondition>")]
    )
    return node("adHocSubProcess", id, *parts, *ends, **attributes)


def call(id: str, called: str | None) -> Part:
    """A call activity."""
    return node("callActivity", id, calledElement=called)


def flow(source: str, target: str, condition: str | None = None, id: str = "") -> Part:
    """A sequence flow; its id is `source_to_target` unless given."""
    id = id or f"{source}_to_{target}"
    text = (
        ""
        if condition is None
        else f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}'
        "</conditionExpression>"
    )
    ends = f"sourceRef={quoteattr(source)} targetRef={quoteattr(target)}"
    return Part(f'<sequenceFlow id="{id}" {ends}>{text}</sequenceFlow>', id, is_flow=True)


def timer(text: str, kind: str = "timeDuration") -> Part:
    """A timer: `timer("P14D")`, `timer("R/P1D", "timeCycle")`, `timer("${due}", "timeDate")`."""
    time = f'<{kind} xsi:type="tFormalExpression">{escape(text)}</{kind}>'
    return Part(f"<timerEventDefinition>{time}</timerEventDefinition>")


def condition(text: str, **attributes: str) -> Part:
    """What a conditional event waits for: `condition("paid", camunda_variableName="paid")`."""
    written = "".join(
        f" {name.replace('camunda_', 'camunda:')}={quoteattr(value)}"
        for name, value in attributes.items()
    )
    inner = f'<condition xsi:type="tFormalExpression">{escape(text)}</condition>'
    return Part(f"<conditionalEventDefinition{written}>{inner}</conditionalEventDefinition>")


def event(kind: str, name: str | None = None) -> Part:
    """Any other event definition: `event("message", "paid")`, `event("terminate")`. Messages,
    errors, escalations and signals are declared by `bpmn`; their name is also their code."""
    if name is None:
        return Part(f"<{kind}EventDefinition/>")
    return Part(f'<{kind}EventDefinition {DECLARED[kind][0]}="{kind}_{name}"/>')


def extensions(*inner: Part) -> Part:
    """Extension elements."""
    return Part(f"<extensionElements>{_xml(inner)}</extensionElements>")


def properties(**values: str) -> Part:
    """Extension elements with Camunda properties: `properties(onComplete="record_plan")`."""
    entries = "".join(
        f"<camunda:property name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in values.items()
    )
    return extensions(Part(f"<camunda:properties>{entries}</camunda:properties>"))


def multi_instance(collection: str, item: str = "item", *, sequential: bool = False) -> Part:
    """A multi-instance marker over a list."""
    return Part(
        f'<multiInstanceLoopCharacteristics isSequential="{_spelled(sequential)}"'
        f" camunda:collection={quoteattr(collection)} camunda:elementVariable={quoteattr(item)}/>"
    )


def process(key: str, *parts: Part, **attributes: object) -> Part:
    """An executable process."""
    settings = {"isExecutable": True, **attributes}
    return node("process", key, *_joined(key, parts), **settings)


def _joined(holder: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    if any(part.is_flow for part in parts):
        return parts
    chain = [part.id for part in parts if part.joins]
    return (*parts, *(flow(source, target) for source, target in pairwise(chain)))


def bpmn(*processes: Part, diagram: bool = True) -> bytes:
    """The file. Every node is drawn, unless `diagram` is False."""
    body = _xml(processes)
    drawn = _drawing(body) if diagram else ""
    return (
        f"<definitions {NAMESPACES}>\n{_declarations(body)}{body}\n{drawn}</definitions>".encode()
    )


def _declarations(body: str) -> str:
    found = []
    for kind, (reference, attribute) in DECLARED.items():
        names = sorted(set(re.findall(rf'{reference}="{kind}_([^"]+)"', body)))
        found += [f'<{kind} id="{kind}_{name}" {attribute}="{name}"/>\n' for name in names]
    return "".join(found)


def _drawing(body: str) -> str:
    holders = re.findall(r'<process id="([^"]+)"', body)
    nodes = re.findall(r'<(?!process|sequenceFlow)\w+ id="([^"]+)"', body)
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}"><dc:Bounds x="{100 + 150 * column}"'
        ' y="100" width="100" height="80"/></bpmndi:BPMNShape>\n'
        for column, id in enumerate(nodes)
    )
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{holders[0]}">{shapes}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram id="diagram">{plane}</bpmndi:BPMNDiagram>\n'
