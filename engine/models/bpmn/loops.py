"""Multi-instance characteristics of an activity -> the collection and the name of one entry.

Reads the Camunda attributes and the BPMN elements (BPMN 2.0.2, 10.3.7); judges nothing.
"""

from __future__ import annotations

from dataclasses import replace

from engine.language import Expression
from engine.models.bpmn.vocabulary import bpmn_children, has_child, reference, text_of, vendor
from engine.models.elements import Element, MultiInstance
from engine.models.notes import Notes
from engine.models.xml import Node
from engine.words import say

MARKER = "multiInstanceLoopCharacteristics"


def with_loops(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with its multi-instance and standard loop markers."""
    standard = has_child(node, "standardLoopCharacteristics")
    marker = next(bpmn_children(node, MARKER), None)
    if marker is None:
        return replace(element, standard_loop=standard)
    if has_child(marker, "completionCondition"):
        notes.error(
            marker,
            "multi-instance",
            say("A completion condition of a multi-instance is not proven yet."),
            say("Remove it; end the round early with an interrupting boundary event."),
        )
    return replace(element, standard_loop=standard, multi_instance=_multi_instance(marker, notes))


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
    )


def _items(marker: Node, notes: Notes) -> Expression | None:
    text = vendor(marker, "collection") or _reference(marker, "loopDataInputRef")
    return notes.expression(marker, say("Collection"), text) if text else None


def _reference(marker: Node, name: str) -> str | None:
    return reference(text_of(next(bpmn_children(marker, name), None))) or None


def _item_name(marker: Node, name: str) -> str | None:
    item = next(bpmn_children(marker, name), None)
    return None if item is None else (item.get("name") or item.get("id") or None)
