"""Data objects, and the associations that carry data in other engines.

Here variables have names and no data objects, so a data object has no effect. Owns the distinction
from associations that would carry data: these are refused or noted for the checks.
"""

from __future__ import annotations

from dataclasses import replace

from engine.models.bpmn.declared import Declared
from engine.models.bpmn.vocabulary import BPMN, bpmn_children, has_child, reference, text_of
from engine.models.elements import Element
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
BOXES = ("dataObjectReference", "dataStoreReference")
THROWING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})

PICTURES = say("Data objects are pictures here: nothing is read from them or written to them.")
ADVICE = say("Name the variables in expressions, scripts and forms instead.")


def with_data(element: Element, node: Node, declared: Declared, notes: Notes) -> Element:
    """`element` with the names that its associations would fill. An association whose loss changes
    the data is an error."""
    associations = list(bpmn_children(node, *ASSOCIATIONS))
    for one in associations:
        if has_child(one, "assignment", "transformation"):
            what = say("A data association calculates a value, and nothing is calculated here.")
            notes.error(one, "data-association", what, ADVICE)
    if has_child(node, "dataInputAssociation") and _takes_content(element):
        notes.error(
            node,
            "data-association",
            say("The content of the message would come from a data object; here it is empty."),
            say("Write an input parameter for each value that the message is to carry."),
        )
    if associations or has_child(node, "ioSpecification"):
        notes.warning(node, "data-object", PICTURES, ADVICE)
    return replace(element, fills=frozenset().union(*(_filled(a, declared) for a in associations)))


def note_boxes(process: Node, notes: Notes) -> None:
    """Warn once that data objects have no effect, in a process without associations."""
    if any(True for kind in ASSOCIATIONS for _ in process.iter(f"{{{BPMN}}}{kind}")):
        return
    box = next((node for kind in BOXES for node in process.iter(f"{{{BPMN}}}{kind}")), None)
    if box is not None:
        about = notes.about(box.get("id") or "", " ".join((box.get("name") or "").split()))
        about.warning(box, "data-object", PICTURES, ADVICE)


def _takes_content(element: Element) -> bool:
    thrown = element.event is not None and element.event.kind in ("message", "signal")
    return thrown and element.kind in THROWING and not (element.inputs or element.is_service)


def _filled(association: Node, declared: Declared) -> frozenset[str]:
    """The name that the association would fill, unless source and target have the same name."""
    target = declared.data.get(_end(association, "targetRef"), frozenset())
    source = declared.data.get(_end(association, "sourceRef"), frozenset())
    return frozenset() if target & source else target


def _end(association: Node, name: str) -> str:
    return reference(text_of(next(bpmn_children(association, name), None)))
