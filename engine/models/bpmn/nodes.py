"""One flow node or sequence flow of the XML -> Element or Flow.

Owns the order in which the parts of an element are read. The modules beside this one read the
parts.
"""

from __future__ import annotations

from engine.models.bpmn.activities.ad_hoc import with_ad_hoc
from engine.models.bpmn.activities.attributes import with_attributes
from engine.models.bpmn.activities.extensions import with_extensions
from engine.models.bpmn.activities.loops import with_loops
from engine.models.bpmn.activities.parameters import with_parameters
from engine.models.bpmn.activities.performers import with_performers
from engine.models.bpmn.conditions import runs_here
from engine.models.bpmn.data import with_data
from engine.models.bpmn.declared import Declared
from engine.models.bpmn.events.event import with_event
from engine.models.bpmn.vocabulary import bpmn_children, reference, text_of
from engine.models.elements import Element, Flow
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, line_of, local_name

HUMAN = frozenset({"userTask", "manualTask"})


def read_element(
    node: Node, holder: str, model: str, lane: str | None, declared: Declared, notes: Notes
) -> Element:
    """The flow node `node`, which has an id and lies directly in process or sub-process `holder` of
    the process `model`.

    A part that cannot be read or compiled is noted and left out of the element.
    """
    element = Element(
        id=node.get("id") or "",
        name=name_of(node),
        kind=local_name(node),
        line=line_of(node),
        process=holder,
        model=model,
        lane=lane,
        documentation=documentation_of(node),
        default_flow=reference(node.get("default")) or None,
        triggered_by_event=node.get("triggeredByEvent") == "true",
        for_compensation=node.get("isForCompensation") == "true",
    )
    about = notes.about(element.id, element.name)
    if element.kind in HUMAN and ("${" in element.name or "#{" in element.name):
        about.template(node, say("Name"), element.name)
    element = with_attributes(element, node, about)
    element = with_performers(element, node, about)
    element = with_extensions(element, node, about)
    element = with_parameters(element, node, about)
    element = with_ad_hoc(element, node, about)
    element = with_event(element, node, declared, about)
    element = with_data(element, node, declared, about)
    return with_loops(element, node, about)


def read_flow(node: Node, notes: Notes) -> Flow:
    """The sequence flow `node`, which has an id; its ends are ids that may not exist."""
    about = notes.about(node.get("id") or "", name_of(node))
    condition = next(bpmn_children(node, "conditionExpression"), None)
    text = text_of(condition)
    compiled = None
    if condition is not None and runs_here(condition, about) and text:
        compiled = about.expression(condition, say("Condition"), text)
    return Flow(
        id=node.get("id") or "",
        name=name_of(node),
        source=reference(node.get("sourceRef")),
        target=reference(node.get("targetRef")),
        line=line_of(node),
        condition=compiled,
    )


def name_of(node: Node) -> str:
    """The name on the diagram, in one line."""
    return " ".join((node.get("name") or "").split())


def documentation_of(node: Node) -> str:
    """The first documentation text of an element."""
    return text_of(next(bpmn_children(node, "documentation"), None))
