"""Models that BPMN 2.0.2 forbids: they do not count as executable, whatever an engine accepts.

Owns the rules. Each names its chapter and reads only the XML, so neither the name of a file nor its
result here decides whether it counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from benchmarks.models.foreign import is_bpmn
from engine.models.bpmn.vocabulary import BPMN, reference
from engine.xml.tree import Node, local_name, namespace

Model: TypeAlias = list[Node]
"""Executable processes with everything inside them, in document order."""

ACTIVITIES = frozenset(
    ["task", "userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask", "sendTask"]
) | {"receiveTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"}
EVENTS = frozenset(
    ["startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"]
)
GATEWAYS = frozenset(
    ["exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"]
) | {"complexGateway"}
CHOREOGRAPHY = ("choreographyTask", "subChoreography", "callChoreography")

CAUGHT = frozenset(["message", "timer", "conditional", "signal"])
ALLOWED: Mapping[str, frozenset[str]] = {
    "process": CAUGHT,
    "event sub-process": CAUGHT | {"error", "escalation", "compensate"},
    "sub-process": frozenset(),
    "intermediateCatchEvent": CAUGHT | {"link"},
    "intermediateThrowEvent": frozenset(["message", "signal", "escalation", "compensate", "link"]),
    "boundaryEvent": CAUGHT | {"error", "escalation", "compensate", "cancel"},
    "endEvent": frozenset(["message", "signal", "error", "escalation", "compensate", "cancel"])
    | {"terminate"},
}
"""Place of an event -> definitions it may have (10.5, table of the types of events)."""


def _children(node: Node, *names: str) -> Iterator[Node]:
    """BPMN elements directly inside, with these names if any are given."""
    for child in node.iterchildren("{*}*"):
        if namespace(child) == BPMN and (not names or local_name(child) in names):
            yield child


def _definitions(event: Node) -> list[str]:
    found = (local_name(child) for child in _children(event))
    return [name.removesuffix("EventDefinition") for name in found if "EventDefinition" in name]


def _holder(node: Node) -> Node:
    found = node.getparent()
    assert found is not None
    return found


def _place(event: Node) -> str:
    """The place of a start event; the kind of any other event."""
    if not is_bpmn(event, "startEvent"):
        return local_name(event)
    holder = _holder(event)
    if is_bpmn(holder, "process"):
        return "process"
    return "event sub-process" if holder.get("triggeredByEvent") == "true" else "sub-process"


def _of(model: Model, *kinds: str) -> Iterator[Node]:
    return (node for node in model if is_bpmn(node, *kinds))


def _by_id(model: Model) -> dict[str, Node]:
    return {node.get("id") or "": node for node in _of(model, *ACTIVITIES, *EVENTS, *GATEWAYS)}


def _ends(model: Model) -> Iterator[tuple[Node | None, Node | None]]:
    """The two nodes that each sequence flow joins."""
    nodes = _by_id(model)
    for flow in _of(model, "sequenceFlow"):
        source, target = reference(flow.get("sourceRef")), reference(flow.get("targetRef"))
        yield nodes.get(source), nodes.get(target)


def _joins_no_neighbours(model: Model) -> bool:
    strange = any(True for _ in _of(model, *CHOREOGRAPHY))  # it has its own reason
    return not strange and any(
        source is None or target is None or _holder(source) is not _holder(target)
        for source, target in _ends(model)
    )


def _flows_wrongly(model: Model) -> bool:
    return any(
        (source is not None and is_bpmn(source, "endEvent"))
        or (target is not None and is_bpmn(target, "startEvent", "boundaryEvent"))
        for source, target in _ends(model)
    )


def _is_out_of_place(model: Model) -> bool:
    return any(
        not ALLOWED[_place(event)].issuperset(_definitions(event)) for event in _of(model, *EVENTS)
    )


def _goes_on_after_error(model: Model) -> bool:
    return any(
        "error" in _definitions(event)
        and "false" in (event.get("cancelActivity"), event.get("isInterrupting"))
        for event in _of(model, "boundaryEvent", "startEvent")
    )


def _cancels_no_transaction(model: Model) -> bool:
    nodes = _by_id(model)
    for event in _of(model, "endEvent", "boundaryEvent"):
        if "cancel" in _definitions(event):
            attached = nodes.get(reference(event.get("attachedToRef")))
            around = attached if is_bpmn(event, "boundaryEvent") else _holder(event)
            if around is None or not is_bpmn(around, "transaction"):
                return True
    return False


def _hangs_on_no_activity(model: Model) -> bool:
    nodes = _by_id(model)
    for event in _of(model, "boundaryEvent"):
        activity = nodes.get(reference(event.get("attachedToRef")))
        if activity is None or not is_bpmn(activity, *ACTIVITIES):
            return True
        if _holder(activity) is not _holder(event):
            return True
    return False


def _links_wrongly(model: Model) -> bool:
    links = [node for node in _of(model, *EVENTS) if _definitions(node) == ["link"]]
    names = {
        node: (_holder(node), next(_children(node, "linkEventDefinition")).get("name"))
        for node in links
    }
    targets = Counter(names[node] for node in links if is_bpmn(node, "intermediateCatchEvent"))
    return any(
        targets[names[node]] != 1
        for node in links
        if is_bpmn(node, "intermediateThrowEvent", "intermediateCatchEvent")
    ) or any(
        (source in names and is_bpmn(source, "intermediateThrowEvent"))
        or (target in names and is_bpmn(target, "intermediateCatchEvent"))
        for source, target in _ends(model)
        if source is not None and target is not None
    )


def _undoes_along_flows(model: Model) -> bool:
    return any(
        (source is not None and _is_catch_of_compensation(source))
        or any(node is not None and node.get("isForCompensation") == "true" for node in ends)
        for ends in _ends(model)
        for source in ends[:1]
    )


def _is_catch_of_compensation(node: Node) -> bool:
    return is_bpmn(node, "boundaryEvent") and _definitions(node) == ["compensate"]


def _waits_for_no_choice(model: Model) -> bool:
    behind: dict[Node, list[Node | None]] = {g: [] for g in _of(model, "eventBasedGateway")}
    for source, target in _ends(model):
        if source is not None and source in behind:
            behind[source].append(target)
    return any(
        len(targets) < 2
        or not all(
            one is not None
            and is_bpmn(one, "receiveTask", "intermediateCatchEvent")
            and "link" not in _definitions(one)
            for one in targets
        )
        for targets in behind.values()
    )


def _begins_no_event_scope(model: Model) -> bool:
    joined = {node for ends in _ends(model) for node in ends if node is not None}
    return any(
        holder in joined or sum(1 for _ in _children(holder, "startEvent")) != 1
        for holder in _of(model, "subProcess", "transaction")
        if holder.get("triggeredByEvent") == "true"
    )


def _orders_an_ad_hoc(model: Model) -> bool:
    return any(
        next(_children(holder, "startEvent", "endEvent"), None) is not None
        for holder in _of(model, "adHocSubProcess")
    )


def _defaults_elsewhere(model: Model) -> bool:
    flows = {
        flow.get("id"): reference(flow.get("sourceRef")) for flow in _of(model, "sequenceFlow")
    }
    return any(
        flows.get(reference(node.get("default"))) != node.get("id")
        for node in _of(model, *ACTIVITIES, *GATEWAYS)
        if node.get("default")
    )


def _repeats_ids(model: Model) -> bool:
    ids = Counter(node.get("id") for node in _of(model, *ACTIVITIES, *EVENTS, *GATEWAYS))
    return any(count > 1 for id, count in ids.items() if id)


def _is_choreography(model: Model) -> bool:
    return any(True for _ in _of(model, *CHOREOGRAPHY))


FORBIDDEN: Mapping[str, Callable[[Model], bool]] = {
    "a choreography in a process (11)": _is_choreography,
    "two elements with one id (8.3.1)": _repeats_ids,
    "a flow that joins no two neighbours (8.4.13)": _joins_no_neighbours,
    "a flow out of an end or into a start or boundary event (10.5)": _flows_wrongly,
    "an event with a definition that has no place there (10.5)": _is_out_of_place,
    "an error that interrupts nothing (10.5)": _goes_on_after_error,
    "a cancel event without a transaction (10.5)": _cancels_no_transaction,
    "a boundary event on no activity beside it (10.5)": _hangs_on_no_activity,
    "a link without its one target, or with a flow (10.5)": _links_wrongly,
    "a flow to or from what undoes (10.7)": _undoes_along_flows,
    "an event gateway without events to choose from (10.6)": _waits_for_no_choice,
    "an event sub-process with flows or without its start (10.3)": _begins_no_event_scope,
    "an ad-hoc sub-process with start or end events (10.3)": _orders_an_ad_hoc,
    "a default flow of something else (10.6)": _defaults_elsewhere,
}
"""The forbidden thing, with its chapter -> whether the model has it."""
