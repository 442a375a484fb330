"""Building SpiffWorkflow's process specifications from a `ProcessModel`.

Owns the translation of a model into connected nodes, once per version. The XML is not read again,
so the nodes cannot differ from what the deployment checks read. The position of a shape in the
drawing has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.execution.border.activities.activity import Human, Plain, Receive, Scripted
from engine.execution.border.activities.ad_hoc import choosing_among, is_activity
from engine.execution.border.activities.calls import Called, Embedded
from engine.execution.border.activities.event_scopes import EventScope, Trigger
from engine.execution.border.activities.loops import Again, Many, Repeated
from engine.execution.border.activities.services import Decided, Send, Service
from engine.execution.border.events.beginning import Root, only_by
from engine.execution.border.events.boundary import Boundary, Split
from engine.execution.border.events.compensation import Inside, Undoable
from engine.execution.border.events.on_flow import NONE, Catch, Catching, End, Event, Start
from engine.execution.border.events.several import Part
from engine.execution.border.flow.flow_node import FlowNode
from engine.execution.border.flow.gateways import (
    EventGateway,
    Exclusive,
    Inclusive,
    Joining,
    Parallel,
)
from engine.execution.border.tree.kernel import ROOT
from engine.execution.border.tree.node import Exit, Library, ProcessSpec
from engine.models.elements import Element, EventDefinition, ProcessModel
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

NODES: Mapping[str, type[FlowNode]] = {
    "startEvent": Start,
    "endEvent": End,
    "intermediateThrowEvent": Event,
    "intermediateCatchEvent": Catch,
    "boundaryEvent": Boundary,
    "receiveTask": Receive,
    "userTask": Human,
    "manualTask": Human,
    "task": Plain,
    "scriptTask": Scripted,
    "businessRuleTask": Decided,
    "serviceTask": Service,
    "sendTask": Send,
    "subProcess": Embedded,
    "transaction": Embedded,
    "adHocSubProcess": Embedded,
    "callActivity": Called,
    "exclusiveGateway": Exclusive,
    "parallelGateway": Parallel,
    "inclusiveGateway": Inclusive,
    "eventBasedGateway": EventGateway,
}

AnyNode = TypeVar("AnyNode", bound=FlowNode)

EVENTS = frozenset(
    {"none", "timer", "message", "error", "escalation", "terminate", "cancel", "link", "signal"}
    | {"conditional", "compensate", "multiple"}
)
"""Event definitions that the engine carries out; any other would pass without effect."""


def scope_name(process: str, scope: str) -> str:
    """The name of a scope; unique even if two called processes have sub-processes of the same
    id."""
    return f"{process}/{scope}"


def build_specs(model: ProcessModel, library: Library) -> dict[str, ProcessSpec]:
    """One specification for the process and one for each sub-process in it, by scope name.

    Raises ModelError for an element whose kind cannot run.
    """
    builder = _Builder(model, library)
    scopes = [model.key, *(e.id for e in model.elements.values() if NODES.get(e.kind) is Embedded)]
    return {spec.name: spec for spec in map(builder.scope, scopes)}


class _Builder:
    """Builds the scopes of one process."""

    def __init__(self, model: ProcessModel, library: Library) -> None:
        self.model = model
        self.library = library

    def scope(self, scope_id: str) -> ProcessSpec:
        """The specification of one scope, connected."""
        spec = ProcessSpec(scope_name(self.model.key, scope_id))
        elements = [e for e in self.model.elements.values() if e.process == scope_id]
        nodes = {element.id: self.node(spec, element) for element in elements}
        entries = {id_: self.guard(spec, node, nodes) for id_, node in nodes.items()}
        self.connect(nodes, entries)
        self.remember(spec, nodes, entries)
        spec.start = self.root(spec, scope_id, nodes, entries)
        note_sources(spec)
        return spec

    def node(self, spec: ProcessSpec, element: Element) -> FlowNode:
        """The node of an element; for a repeated element the node of the whole."""
        if element.multi_instance is None and element.standard_loop is None:
            return self.single(spec, element.id, element)
        inner = self.single(spec, f"{element.id}/item", element)
        repeated = Many if element.multi_instance is not None else Again
        return repeated(spec, element.id, element, self.library, inner)

    def single(self, spec: ProcessSpec, name: str, element: Element) -> FlowNode:
        kind = NODES.get(element.kind)
        if element.triggered_by_event:
            kind = EventScope
        elif kind in (Event, End) and element.is_service:
            kind = Service
        elif kind is Boundary and (element.event or NONE).kind == "compensate":
            kind = Undoable if element.handler else None
        if kind is None or (element.event or NONE).kind not in EVENTS:
            raise ModelError([self.cannot_run(element)])
        node = self.with_parts(spec, kind(spec, name, element, self.library))
        if isinstance(node, Called):
            node.inside = scope_name(element.called_process or "", element.called_process or "")
        elif isinstance(node, Embedded):
            node.inside = scope_name(self.model.key, element.id)
        return node

    def with_parts(self, spec: ProcessSpec, node: AnyNode) -> AnyNode:
        """The node of an event; an event with several definitions has one node for each of them."""
        if isinstance(node, Catching) and node.event.several:
            node.parts = tuple(
                self.part(spec, f"{node.name}/{number}", node, event)
                for number, event in enumerate(node.event.several, start=1)
            )
        return node

    def part(self, spec: ProcessSpec, name: str, whole: Catching, event: EventDefinition) -> Part:
        part = Part(spec, name, replace(whole.element, event=event), self.library)
        part.whole, part.optional, part.exits = whole, whole.optional, whole.exits
        return part

    def triggers(self, spec: ProcessSpec, nodes: Mapping[str, FlowNode]) -> list[FlowNode]:
        """The triggers of the event sub-processes of a scope."""
        found: list[FlowNode] = []
        for body in [node for node in nodes.values() if isinstance(node, EventScope)]:
            inside = [e for e in self.model.elements.values() if e.process == body.element.id]
            for start in [element for element in inside if element.kind == "startEvent"]:
                trigger = Trigger(spec, f"{start.id}/trigger", start, self.library)
                trigger.body = body
                found.append(self.with_parts(spec, trigger))
        return found

    def guard(self, spec: ProcessSpec, node: FlowNode, nodes: Mapping[str, FlowNode]) -> FlowNode:
        """The entry of a node: itself, or a split that also arms its boundary events."""
        attached = [n for n in nodes.values() if n.element.attached_to == node.element.id]
        boundaries = [one for one in attached if isinstance(one, Boundary)]
        node.guards = [*boundaries]
        if not boundaries:
            return node
        for boundary in boundaries:
            boundary.guarded = node
        split = Split(spec, f"{node.name}/split", node.element, self.library)
        split.guarded, split.boundaries = node, boundaries
        split.connect(node)
        return split

    def remember(
        self, spec: ProcessSpec, nodes: Mapping[str, FlowNode], entries: Mapping[str, FlowNode]
    ) -> None:
        """Set what activities leave behind when they are done, if the process compensates anything.
        The inside comes first, because its own handler is asked before the activity's handler."""
        if not any((e.event or NONE).kind == "compensate" for e in self.model.elements.values()):
            return
        singles = {
            id_: node.inner if isinstance(node, Repeated) else node for id_, node in nodes.items()
        }
        undoable = [node for node in nodes.values() if isinstance(node, Undoable)]
        handled = {event.element.attached_to for event in undoable}
        for id_, node in singles.items():
            if isinstance(node, Embedded) and not isinstance(node, Called):
                memory = Inside(spec, f"{id_}/memory", node.element, self.library)
                memory.inside = node.inside
                # Compensation by name uses the activity's handler alone (Camunda 7).
                memory.activity = "" if id_ in handled else id_
                node.memories.append(memory)
        for event in undoable:
            event.activity = event.element.attached_to or ""
            event.handler = entries[event.element.handler or ""]
            singles[event.activity].memories.append(event)

    def connect(self, nodes: Mapping[str, FlowNode], entries: Mapping[str, FlowNode]) -> None:
        """Connect every flow from its source to the entry of its target."""
        for flow in self.model.flows.values():
            source, target = nodes.get(flow.source), entries.get(flow.target)
            if source is None or target is None:
                continue
            default = flow.id == source.element.default_flow
            source.exits.append(Exit(flow, target, default))
            source.connect(target)
            goal = nodes[flow.target]
            if isinstance(goal, Joining):
                goal.incoming |= {flow.id}

    def root(
        self,
        spec: ProcessSpec,
        scope_id: str,
        nodes: Mapping[str, FlowNode],
        entries: Mapping[str, FlowNode],
    ) -> Root:
        """The first node. It leads to the start event without a definition, else to the first start
        event, else to every node without an incoming flow (BPMN 2.0.2, 13.2), and to the triggers
        of event sub-processes. An instance may start at another start event. In an ad-hoc
        sub-process it leads to the choice."""
        element = Element(scope_id, self.model.name, "process", self.model.line, scope_id)
        root = Root(spec, ROOT, element, self.library)
        starts: list[FlowNode] = [node for node in nodes.values() if isinstance(node, Start)]
        starts.sort(key=lambda node: (node.element.event or NONE).kind != "none")
        targets = {flow.target for flow in self.model.flows.values()}
        orphans = [
            node
            for id_, node in nodes.items()
            if not (id_ in targets or node.element.attached_to or isinstance(node, EventScope))
            and not node.element.for_compensation
        ]
        first = [entries[node.element.id] for node in starts[:1] or orphans]
        holder = self.model.elements.get(scope_id)
        if holder is not None and holder.ad_hoc is not None:
            choosing = choosing_among(spec, holder, self.library, nodes.values())
            choosing.ways = {n.element.id: entries[n.element.id] for n in orphans if is_activity(n)}
            first = [choosing]
        root.exits = [Exit(None, node) for node in (*first, *self.triggers(spec, nodes))]
        if scope_id == self.model.key:
            root.only_by = only_by([node.element for node in starts])
        root.starts = {node.element.id: Exit(None, entries[node.element.id]) for node in starts}
        for way in dict.fromkeys([*root.exits, *root.starts.values()]):
            root.connect(way.node)
        return root

    def cannot_run(self, element: Element) -> Problem:
        return Problem(
            self.model.file,
            element.id,
            element.name,
            element.line,
            "error",
            "element",
            say("An element of the kind {kind} cannot run here.", kind=element.kind),
            say("Draw it with tasks, events, gateways, sub-processes or call activities."),
        )


def note_sources(spec: ProcessSpec) -> None:
    """Tell each inclusive gateway which nodes can reach each of its incoming flows."""
    nodes = spec.task_specs.values()
    for gateway in (node for node in nodes if isinstance(node, Inclusive)):
        gateway.sources = {
            way.flow.id: _leading_to(spec, node.name, gateway.name)
            for node in nodes
            for way in node.exits
            if way.node is gateway and way.flow is not None
        }


def _leading_to(spec: ProcessSpec, target: str, without: str) -> frozenset[str]:
    """Names of the nodes with a path to the target that does not pass the gateway."""
    found, pending = {target}, [target]
    while pending:
        for source in spec.task_specs[pending.pop()].inputs:
            if source.name not in found and source.name != without:
                found.add(source.name)
                pending.append(source.name)
    return frozenset(found)
