"""The events that a node waits for or throws, and the messages of send and receive tasks.

Owns event definitions except timers. The checks decide whether the engine can run them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.language import Template
from engine.models.bpmn.activities.calls import passed
from engine.models.bpmn.conditions import read_condition
from engine.models.bpmn.declared import Declared
from engine.models.bpmn.events.timers import read_timer
from engine.models.bpmn.topics import proposed
from engine.models.bpmn.vocabulary import bpmn_children, reference, vendor
from engine.models.elements import Element, EventDefinition, MessageDefinition
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name

SUFFIX = "EventDefinition"
EVENTS = frozenset(
    ["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"]
)
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
CODED = {"error": "errorRef", "escalation": "escalationRef"}


def with_event(element: Element, node: Node, declared: Declared, notes: Notes) -> Element:
    """`element` with its event definition, if it is an event or a send or receive task."""
    if element.kind in EVENTS:
        element = replace(element, event=_event(element, node, declared, notes))
        _tell_parameters(element, node, notes)
    elif element.kind in ("sendTask", "receiveTask"):
        message = _message(element, node, declared, notes)
        named = _named(element, EventDefinition("message", message=message), node, notes)
        element = replace(element, event=named)
    if element.kind == "boundaryEvent":
        element = replace(
            element,
            attached_to=reference(node.get("attachedToRef")) or None,
            interrupting=node.get("cancelActivity") != "false",
        )
    if element.kind == "startEvent":
        element = replace(element, interrupting=node.get("isInterrupting") != "false")
    return element


def _tell_parameters(element: Element, node: Node, notes: Notes) -> None:
    """Note parameters of an event that have no effect: an event has parameters only for its
    payload. Camunda 7 also has them at catch events."""
    sends = element.event is not None and element.event.kind in ("message", "signal")
    unread = {
        "inputParameter": element.inputs and not (sends and element.kind in THROWING),
        "outputParameter": element.outputs and not element.is_service,
    }
    for name in (name for name, parameters in unread.items() if parameters):
        notes.warning(
            node,
            "ignored",
            say("{name} is not read by this engine.", name=name),
            say("Write the parameter at a task before or behind the event."),
        )


def _event(element: Element, node: Node, declared: Declared, notes: Notes) -> EventDefinition:
    definitions = [child for child in bpmn_children(node) if _is_definition(child)]
    if not definitions:
        return EventDefinition("none")
    several = tuple(_definition(element, one, declared, notes) for one in definitions)
    if len(several) > 1 and element.is_service:
        notes.error(
            node,
            "service-event",
            say("One of several definitions of the event calls a service."),
            say("Draw a service task for it, and leave the others in the event."),
        )
    if len(several) > 1:
        all_of = node.get("parallelMultiple") == "true"
        return EventDefinition("multiple", several=several, all_of=all_of)
    return several[0]


def _definition(
    element: Element, definition: Node, declared: Declared, notes: Notes
) -> EventDefinition:
    kind = local_name(definition).removesuffix(SUFFIX)
    if kind == "timer":
        return EventDefinition(kind, timer=read_timer(definition, notes))
    if kind == "compensate":
        return EventDefinition(kind, code=reference(definition.get("activityRef")) or None)
    if kind == "conditional":
        return EventDefinition(kind, condition=read_condition(definition, notes))
    if kind == "message":
        message = _message(element, definition, declared, notes)
        return _named(element, EventDefinition(kind, message=message), definition, notes)
    if kind == "link":
        return EventDefinition(kind, code=(definition.get("name") or "").strip() or None)
    if kind == "signal":
        return _named(element, _signal(element, definition, declared, notes), definition, notes)
    if kind in CODED:
        return _named(
            element, _coded(element, kind, definition, declared, notes), definition, notes
        )
    return EventDefinition(kind)


def _named(element: Element, event: EventDefinition, node: Node, notes: Notes) -> EventDefinition:
    """`event` with its compiled name, if that holds `${...}`."""
    text = (event.message.name if event.message else event.code) or ""
    if "${" not in text and "#{" not in text:
        return event
    if element.kind == "startEvent" and element.process == element.model:
        notes.error(
            node,
            "not-fixed",
            say("What starts a process is found by its name, before there are any variables."),
            say("Write the name of the message or signal without ${{}}."),
        )
    name: Template | None = notes.template(node, say("Name of the event"), text)
    return replace(event, name=name)


def _is_definition(node: Node) -> bool:
    return local_name(node).endswith(SUFFIX)


def _message(
    element: Element, node: Node, declared: Declared, notes: Notes
) -> MessageDefinition | None:
    if element.is_service or proposed(node) is not None:
        return None  # code does the work; the finding about it is noted elsewhere
    if element.kind == "receiveTask" and not node.get("messageRef"):
        return None  # a caller signals its execution
    name = declared.messages.get(reference(node.get("messageRef")))
    if not name:
        notes.error(
            node,
            "message-missing",
            say("No message is chosen here, or it has no name."),
            say("Choose a message with a name; without it nothing would be sent or waited for."),
        )
        return None
    text = element.properties.get("correlationKey")
    if text is None:
        return MessageDefinition(name)
    part = say("Property correlationKey")
    return MessageDefinition(name, notes.attribute(node, part, text))


def _signal(
    element: Element, definition: Node, declared: Declared, notes: Notes
) -> EventDefinition:
    name = declared.signals.get(reference(definition.get("signalRef")))
    if not name:
        notes.error(
            definition,
            "signal-missing",
            say("No signal is chosen here, or it has no name."),
            say("Choose a signal with a name; without it nothing would be sent or waited for."),
        )
    event = EventDefinition("signal", code=name or None)
    if element.kind not in THROWING:
        return event
    carried = passed(definition, "in", notes)
    return replace(
        event,
        inputs=carried.named,
        passes_all=carried.everything,
        business_key=carried.business_key,
    )


def _coded(
    element: Element, kind: str, definition: Node, declared: Declared, notes: Notes
) -> EventDefinition:
    """An error or escalation. A catching event without a code catches every code (BPMN 2.0.2,
    10.5.1)."""
    throws = element.kind in THROWING
    return EventDefinition(
        kind,
        code=_code(kind, definition, declared, notes, throws=throws),
        code_variable=None if throws else vendor(definition, f"{kind}CodeVariable"),
        message_variable=None
        if throws or kind == "escalation"
        else vendor(definition, "errorMessageVariable"),
    )


def _code(
    kind: str, definition: Node, declared: Declared, notes: Notes, *, throws: bool
) -> str | None:
    codes: Mapping[str, Mapping[str, str]] = {
        "error": declared.errors,
        "escalation": declared.escalations,
    }
    target = reference(definition.get(CODED[kind]))
    if not target:
        if throws:
            notes.warning(
                definition,
                "code-missing",
                say("Without a code this is taken by what catches any {kind} only.", kind=kind),
                _choose(kind),
            )
        return None
    code = codes[kind].get(target)
    if code == "" and not throws:
        return None
    if not code:
        notes.warning(
            definition,
            "code-missing",
            say(
                "The {kind} {target} is not declared, or has no code; its id is taken as code.",
                kind=kind,
                target=target,
            ),
            _choose(kind),
        )
    return code or target


def _choose(kind: str) -> Sentence:
    return say("Choose an {kind} of this file and give it a code.", kind=kind)
