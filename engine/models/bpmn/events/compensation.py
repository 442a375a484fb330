"""Compensation handlers: an association leads from a compensation event to its handler.

Owns finding the handler (BPMN 2.0.2, 10.7.1). All other associations have no effect.
"""

from __future__ import annotations

from dataclasses import replace

from engine.models.bpmn.vocabulary import BPMN, reference
from engine.models.elements import Element
from engine.xml.tree import Node


def join_handlers(process: Node, elements: dict[str, Element]) -> None:
    """Set the handler of each compensation boundary event; it lies in the same scope."""
    for association in process.iter(f"{{{BPMN}}}association"):
        event = elements.get(reference(association.get("sourceRef")))
        handler = elements.get(reference(association.get("targetRef")))
        if (
            event is not None
            and handler is not None
            and is_compensation(event)
            and handler.for_compensation
            and handler.process == event.process
        ):
            elements[event.id] = replace(event, handler=handler.id)


def is_compensation(event: Element) -> bool:
    """Whether this is a compensation event on the border of an activity."""
    return (
        event.kind == "boundaryEvent"
        and event.event is not None
        and event.event.kind == "compensate"
    )
