"""One `<process>` of the XML with everything inside it -> ProcessModel.

Owns walking through sub-processes, lanes and ids. Elements without an id and repeated ids are noted
and left out, so that no id occurs twice in a ProcessModel.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.models.bpmn.data import note_boxes
from engine.models.bpmn.declared import Declared
from engine.models.bpmn.events.compensation import join_handlers
from engine.models.bpmn.events.links import join_links
from engine.models.bpmn.nodes import documentation_of, name_of, read_element, read_flow
from engine.models.bpmn.vocabulary import NO_FLOW_NODES, bpmn_children, reference, text_of
from engine.models.elements import Element, Flow, ProcessModel
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, line_of, local_name

HOLDERS = frozenset(["subProcess", "transaction", "adHocSubProcess"])
UNNAMED = HOLDERS | {"sequenceFlow"}
"""The element that may lack an id: an event sub-process has no incoming flow and often has no
id."""


@dataclass(slots=True)
class _Walk:
    """The parts of one process read so far."""

    declared: Declared
    notes: Notes
    taken: set[str]
    key: str
    lanes: dict[str, str] = field(default_factory=dict)
    lane_of: dict[str, str] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    unnamed: Counter[str] = field(default_factory=Counter)
    """Number of flows without an id between the same two ends; number of sub-processes without an
    id in one."""


def read_process(
    node: Node, shapes: frozenset[str], declared: Declared, notes: Notes, taken: set[str]
) -> ProcessModel:
    """The process `node`. `shapes`: ids in the diagram; `taken`: ids of the file so far, extended
    by those of this process."""
    walk = _Walk(declared, notes, taken, node.get("id") or "")
    for lane in node.iter(f"{{{_uri(node)}}}lane"):
        _read_lane(lane, walk)
    _read_holder(node, walk.key, walk)
    note_boxes(node, notes)
    _imply_defaults(walk)
    join_handlers(node, walk.elements)
    walk.flows |= join_links(walk.elements, walk.flows, notes)
    return ProcessModel(
        key=walk.key,
        name=name_of(node),
        file=notes.file,
        executable=node.get("isExecutable") != "false",
        line=line_of(node),
        elements=walk.elements,
        flows=walk.flows,
        lanes=walk.lanes,
        has_diagram=not shapes.isdisjoint(walk.elements),
        documentation=documentation_of(node),
    )


def _uri(node: Node) -> str:
    return str(node.tag)[1:].partition("}")[0]


def _read_lane(lane: Node, walk: _Walk) -> None:
    """Inner lanes come later in the document, so the innermost one wins."""
    lane_id = lane.get("id") or name_of(lane)
    walk.lanes[lane_id] = name_of(lane) or lane_id
    for member in bpmn_children(lane, "flowNodeRef"):
        walk.lane_of[reference(text_of(member))] = lane_id


def _read_holder(holder: Node, holder_id: str, walk: _Walk) -> None:
    """The nodes directly inside a process or sub-process, then those of its sub-processes.

    The tree is at most `xml_bounds.MAX_DEPTH` deep, which bounds the recursion.
    """
    for node in _nodes(holder, walk):
        element_id = node.get("id") or ""
        if local_name(node) == "sequenceFlow":
            walk.flows[element_id] = read_flow(node, walk.notes)
            continue
        lane = walk.lane_of.get(element_id)
        walk.elements[element_id] = read_element(
            node, holder_id, walk.key, lane, walk.declared, walk.notes
        )
        if local_name(node) in HOLDERS:
            _read_holder(node, element_id, walk)


def _imply_defaults(walk: _Walk) -> None:
    """The one outgoing flow of an exclusive gateway without a condition becomes its default."""
    ways: dict[str, list[Flow]] = defaultdict(list)
    for flow in walk.flows.values():
        ways[flow.source].append(flow)
    for gateway in [e for e in walk.elements.values() if e.kind == "exclusiveGateway"]:
        plain = [flow for flow in ways[gateway.id] if flow.condition is None]
        if gateway.default_flow is None and len(plain) == 1 and len(ways[gateway.id]) > 1:
            walk.elements[gateway.id] = replace(gateway, default_flow=plain[0].id)
            walk.notes.about(plain[0].id, plain[0].name).warning_at(
                plain[0].line,
                "implied-default",
                say("This flow has no condition; it is taken when no other condition holds."),
                say("Make it the default flow, so that everybody sees it."),
            )


def _nodes(holder: Node, walk: _Walk) -> Iterator[Node]:
    """Flow nodes and sequence flows directly inside, with ids that are not used yet."""
    for node in bpmn_children(holder):
        kind = local_name(node)
        if kind in NO_FLOW_NODES - {"sequenceFlow"}:
            continue
        if kind in UNNAMED and not node.get("id"):
            node.set("id", _id_of_unnamed(node, holder, walk))
        if _has_free_id(node, walk):
            yield node


def _id_of_unnamed(node: Node, holder: Node, walk: _Walk) -> str:
    """BPMN needs no id for an element without references. A flow gets an id from its ends, a
    sub-process from its place, with characters that no real id may have."""
    first, second = node.get("sourceRef"), node.get("targetRef")
    if local_name(node) in HOLDERS:
        first, second = holder.get("id"), local_name(node)
    base = f"{reference(first)}->{reference(second)}"
    for number in itertools.count(walk.unnamed[base] + 1):
        name = base if number == 1 else f"{base}->{number}"
        if name not in walk.taken:
            walk.unnamed[base] = number
            return name
    raise AssertionError("unreachable")


def _has_free_id(node: Node, walk: _Walk) -> bool:
    element_id = node.get("id") or ""
    if element_id and element_id not in walk.taken:
        walk.taken.add(element_id)
        return True
    about = walk.notes.about(element_id, name_of(node))
    about.error(
        node,
        "id",
        say("The {kind} has no id, or the id of another element.", kind=local_name(node)),
        say("Give it an id that occurs once in the file."),
    )
    return False
