"""What an event waits for or throws, and what a send or receive task sends or receives.

Owns event definitions except timers. Does not judge whether the engine can run them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.models.bpmn.declared import Declared
from engine.models.bpmn.timers import read_timer
from engine.models.bpmn.vocabulary import bpmn_children, reference
from engine.models.elements import Element, EventDefinition, MessageDefinition
from engine.models.notes import Notes
from engine.models.xml import Node, local_name
from engine.words import say

SUFFIX = "EventDefinition"
EVENTS = frozenset(
    ["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"]
)
CODED = {"error": "errorRef", "escalation": "escalationRef"}


def with_event(element: Element, node: Node, declared: Declared, notes: Notes) -> Element:
    """`element` with its event definition, if it is an event or a send or receive task."""
    if element.kind in EVENTS:
        element = replace(element, event=_event(element, node, declared, notes))
    elif element.kind in ("sendTask", "receiveTask"):
        message = _message(element, node, declared, notes)
        element = replace(element, event=EventDefinition("message", message=message))
    if element.kind == "boundaryEvent":
        element = replace(
            element,
            attached_to=reference(node.get("attachedToRef")) or None,
            interrupting=node.get("cancelActivity") != "false",
        )
    if element.kind == "startEvent":
        element = replace(element, interrupting=node.get("isInterrupting") != "false")
    return element


def _event(element: Element, node: Node, declared: Declared, notes: Notes) -> EventDefinition:
    definitions = [child for child in bpmn_children(node) if _is_definition(child)]
    if not definitions:
        return EventDefinition("none")
    if len(definitions) > 1:
        return EventDefinition("multiple")
    [definition] = definitions
    kind = local_name(definition).removesuffix(SUFFIX)
    if kind == "timer":
        return EventDefinition(kind, timer=read_timer(definition, notes))
    if kind == "message":
        return EventDefinition(kind, message=_message(element, definition, declared, notes))
    if kind == "link":
        return EventDefinition(kind, code=(definition.get("name") or "").strip() or None)
    if kind == "signal":
        return EventDefinition(kind, code=_signal(definition, declared, notes))
    if kind in CODED:
        return EventDefinition(kind, code=_code(kind, definition, declared, notes))
    return EventDefinition(kind)


def _is_definition(node: Node) -> bool:
    return local_name(node).endswith(SUFFIX)


def _message(
    element: Element, node: Node, declared: Declared, notes: Notes
) -> MessageDefinition | None:
    if element.topic is not None:
        return None
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


def _signal(definition: Node, declared: Declared, notes: Notes) -> str | None:
    name = declared.signals.get(reference(definition.get("signalRef")))
    if not name:
        notes.error(
            definition,
            "signal-missing",
            say("No signal is chosen here, or it has no name."),
            say("Choose a signal with a name; without it nothing would be sent or waited for."),
        )
    return name or None


def _code(kind: str, definition: Node, declared: Declared, notes: Notes) -> str | None:
    codes: Mapping[str, Mapping[str, str]] = {
        "error": declared.errors,
        "escalation": declared.escalations,
    }
    target = reference(definition.get(CODED[kind]))
    if not target:
        return None
    code = codes[kind].get(target)
    if not code:
        notes.warning(
            definition,
            "code-missing",
            say(
                "The {kind} {target} is not declared, or has no code; its id is taken as code.",
                kind=kind,
                target=target,
            ),
            say("Choose an {kind} of this file and give it a code.", kind=kind),
        )
    return code or target
