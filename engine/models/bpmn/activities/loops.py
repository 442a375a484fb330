"""Loop characteristics of an activity -> its repetitions.

Reads the Camunda attributes and the BPMN elements (BPMN 2.0.2, 10.3.7).
"""

from __future__ import annotations

from dataclasses import replace

from engine.language import Expression
from engine.models.bpmn.vocabulary import bpmn_children, reference, text_of, vendor
from engine.models.elements import Element, MultiInstance, StandardLoop
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

MARKER = "multiInstanceLoopCharacteristics"
STANDARD = "standardLoopCharacteristics"


def with_loops(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with its multi-instance and standard loop markers."""
    for marker in bpmn_children(node, STANDARD):
        element = replace(element, standard_loop=_standard_loop(marker, notes))
    for marker in bpmn_children(node, MARKER):
        element = replace(element, multi_instance=_multi_instance(marker, notes))
    return element


def _standard_loop(marker: Node, notes: Notes) -> StandardLoop:
    text = text_of(next(bpmn_children(marker, "loopCondition"), None))
    most = (marker.get("loopMaximum") or "").strip()
    if not text and not most.isdecimal():
        notes.error(
            marker,
            "loop",
            say("The loop says not how long it goes on."),
            say("Write a loop condition: the element is repeated as long as it holds."),
        )
    return StandardLoop(
        condition=notes.expression(marker, say("Loop condition"), text) if text else None,
        before=marker.get("testBefore") == "true",
        most=int(most) if most.isdecimal() else None,
    )


def _multi_instance(marker: Node, notes: Notes) -> MultiInstance:
    cardinality = text_of(next(bpmn_children(marker, "loopCardinality"), None))
    part = say("Number of repetitions")
    return MultiInstance(
        parallel=marker.get("isSequential") != "true",
        items=_items(marker, notes),
        item=vendor(marker, "elementVariable") or _item_name(marker, "inputDataItem"),
        cardinality=notes.expression(marker, part, cardinality) if cardinality else None,
        output_items=_reference(marker, "loopDataOutputRef"),
        output_item=_item_name(marker, "outputDataItem"),
        until=_until(marker, notes),
    )


def _items(marker: Node, notes: Notes) -> Expression | None:
    text = vendor(marker, "collection") or _reference(marker, "loopDataInputRef")
    return notes.expression(marker, say("Collection"), text) if text else None


def _until(marker: Node, notes: Notes) -> Expression | None:
    text = text_of(next(bpmn_children(marker, "completionCondition"), None))
    return notes.expression(marker, say("Completion condition"), text) if text else None


def _reference(marker: Node, name: str) -> str | None:
    return reference(text_of(next(bpmn_children(marker, name), None))) or None


def _item_name(marker: Node, name: str) -> str | None:
    """The variable of a data item: its name, else its id; a name of several words is only a
    label."""
    item = next(bpmn_children(marker, name), None)
    if item is None:
        return None
    label = item.get("name") or ""
    return label if label.isidentifier() else item.get("id") or label or None
