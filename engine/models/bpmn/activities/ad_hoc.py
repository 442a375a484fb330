"""An ad-hoc sub-process: the order of its activities, and its end.

Reads the words of BPMN 2.0.2, 10.3.5.
"""

from __future__ import annotations

from dataclasses import replace

from engine.language import Expression
from engine.models.bpmn.conditions import runs_here
from engine.models.bpmn.vocabulary import bpmn_children, text_of
from engine.models.elements import AdHoc, Element
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

ORDERINGS = ("Parallel", "Sequential")


def with_ad_hoc(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with its ad-hoc attributes, if it is an ad-hoc sub-process."""
    if element.kind != "adHocSubProcess":
        return element
    ordering = (node.get("ordering") or ORDERINGS[0]).strip()
    if ordering not in ORDERINGS:
        notes.error(
            node,
            "ordering",
            say("{ordering} is no order in which activities are done.", ordering=ordering),
            say("Write Parallel or Sequential."),
        )
    return replace(
        element,
        ad_hoc=AdHoc(
            sequential=ordering == "Sequential",
            until=_until(node, notes),
            cancels=node.get("cancelRemainingInstances") not in ("false", "0"),
        ),
    )


def _until(node: Node, notes: Notes) -> Expression | None:
    condition = next(bpmn_children(node, "completionCondition"), None)
    text = text_of(condition)
    if condition is None or not text or not runs_here(condition, notes):
        return None
    return notes.expression(condition, say("Completion condition"), text)
