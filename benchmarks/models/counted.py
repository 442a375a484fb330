"""The files that count: executable, complete, and without another vendor's code.

Owns the reasons why a file does not count; each such file is counted under the first that fits.
Reads the XML by itself, so that a file counts even if the product's reader does not understand it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from benchmarks.models.forbidden import FORBIDDEN
from benchmarks.models.foreign import FOREIGN, extends, is_bpmn, vendor_text
from engine.models.bpmn.vocabulary import BPMN, NO_FLOW_NODES, SPIFF, reference
from engine.xml.tree import Node, local_name, namespace

CONDITION = f"{{{BPMN}}}conditionExpression"
DECLARED = ("message", "signal", "error", "escalation")
"""Things that processes refer to beside them: the name may be an expression."""

Reason = Callable[[Node, list[Node]], bool]
"""(root, executable processes and everything inside) -> does the reason fit?"""


def reason_not_counted(content: bytes, beside: frozenset[str]) -> str | None:
    """The reason why the file does not count; None: it counts. `beside`: ids of the tables in its
    folder."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return "not executable: no well-formed XML"
    if local_name(root) != "definitions" or namespace(root) != BPMN:
        return "not executable: no BPMN 2.0"
    nodes = [node for process in _executable(root) for node in process.iter("{*}*")]
    if not nodes:
        return "not executable: isExecutable is false, or nothing is drawn"
    nodes += [node for node in root.iterchildren("{*}*") if is_bpmn(node, *DECLARED)]
    for reason, fits in REASONS.items():
        if fits(root, nodes):
            return reason
    tables = {text for node in nodes if (text := _fixed_table(node))}
    return None if tables <= beside else "incomplete: its decision table lies elsewhere"


def _executable(root: Node) -> Iterator[Node]:
    for process in root.iterchildren(f"{{{BPMN}}}process"):
        drawn = any(
            namespace(child) == BPMN and local_name(child) not in NO_FLOW_NODES
            for child in process.iterchildren("{*}*")
        )
        if drawn and process.get("isExecutable") != "false":
            yield process


def _fixed_table(node: Node) -> str:
    text = vendor_text(node, "decisionRef")
    if not text and extends(node, (SPIFF,), "calledDecisionId"):
        text = (node.text or "").strip()
    return "" if "${" in text or "#{" in text else text


def _lacks_topic(node: Node) -> bool:
    return is_bpmn(node, "serviceTask") and not vendor_text(node, "topic", "expression")


def _lacks_script(node: Node) -> bool:
    return is_bpmn(node, "scriptTask") and not any(
        (part.text or "").strip() for part in node.iterchildren(f"{{{BPMN}}}script")
    )


def _lacks_table(node: Node) -> bool:
    return (
        is_bpmn(node, "businessRuleTask")
        and not vendor_text(node, "decisionRef", "topic", "expression")
        and not any(extends(one, (SPIFF,), "calledDecisionId") for one in node.iter("{*}*"))
    )


def _lacks_call(node: Node) -> bool:
    return is_bpmn(node, "callActivity") and not (node.get("calledElement") or "").strip()


def _lacks_name(kind: str) -> Reason:
    """For messages or signals: an element refers to none, or to one without a name."""

    def lacks(root: Node, nodes: list[Node]) -> bool:
        named = {
            one.get("id")
            for one in root.iterchildren(f"{{{BPMN}}}{kind}")
            if (one.get("name") or "").strip()
        }
        return any(
            reference(node.get(f"{kind}Ref")) not in named
            for node in nodes
            if is_bpmn(node, f"{kind}EventDefinition")
            or (kind == "message" and is_bpmn(node, "sendTask", "receiveTask"))
            if not vendor_text(node, "topic", "expression", "type")
            if node.get("messageRef") or not is_bpmn(node, "receiveTask")
        )

    return lacks


def _lacks_time(node: Node) -> bool:
    return is_bpmn(node, "timerEventDefinition") and not any(
        (part.text or "").strip() for part in node.iterchildren("{*}*")
    )


def _waits_for_nothing(node: Node) -> bool:
    """An event without a definition, or with an empty condition."""
    if is_bpmn(node, "conditionalEventDefinition"):
        return not any((part.text or "").strip() for part in node.iterchildren("{*}condition"))
    waits = is_bpmn(node, "boundaryEvent", "intermediateCatchEvent") or (
        is_bpmn(node, "startEvent") and _begins_by_event(node)
    )
    return waits and not any(
        "ventDefinition" in local_name(child) for child in node.iterchildren("{*}*")
    )


def _begins_by_event(start: Node) -> bool:
    holder = start.getparent()
    return holder is not None and holder.get("triggeredByEvent") == "true"


def _repeats_unsaid(node: Node) -> bool:
    """A repetition without a list, a number or a condition."""
    said = {local_name(part) for part in node.iterchildren("{*}*")}
    if is_bpmn(node, "standardLoopCharacteristics"):
        return not node.get("loopMaximum") and "loopCondition" not in said
    return is_bpmn(node, "multiInstanceLoopCharacteristics") and not (
        vendor_text(node, "collection") or said & {"loopCardinality", "loopDataInputRef"}
    )


def _is_empty(node: Node) -> bool:
    return is_bpmn(node, "subProcess", "transaction", "adHocSubProcess") and not any(
        namespace(child) == BPMN and local_name(child) not in NO_FLOW_NODES
        for child in node.iterchildren("{*}*")
    )


def _decides_nothing(root: Node, nodes: list[Node]) -> bool:
    """An exclusive gateway with two ways that have no condition, and are not its default."""
    defaults = {node.get("default") for node in nodes}
    gateways = {node.get("id") for node in nodes if is_bpmn(node, "exclusiveGateway")}
    plain = Counter(
        reference(flow.get("sourceRef"))
        for flow in nodes
        if is_bpmn(flow, "sequenceFlow") and flow.get("id") not in defaults
        if not any((one.text or "").strip() for one in flow.iterchildren(CONDITION))
    )
    return any(count > 1 and gateway in gateways for gateway, count in plain.items())


def _any(fits: Callable[[Node], bool]) -> Reason:
    return lambda root, nodes: any(map(fits, nodes))


def _forbidden(breaks: Callable[[list[Node]], bool]) -> Reason:
    return lambda root, nodes: breaks(nodes)


REASONS: dict[str, Reason] = {
    **{f"foreign: {kind}": _any(needs) for kind, needs in FOREIGN.items()},
    "incomplete: a service task without a topic": _any(_lacks_topic),
    "incomplete: a script task without a script": _any(_lacks_script),
    "incomplete: a business rule task without a table": _any(_lacks_table),
    "incomplete: a call without a process": _any(_lacks_call),
    "incomplete: a message without a name": _lacks_name("message"),
    "incomplete: a signal without a name": _lacks_name("signal"),
    "incomplete: a timer without a time": _any(_lacks_time),
    "incomplete: an event that waits for nothing": _any(_waits_for_nothing),
    "incomplete: a repetition without a number or list": _any(_repeats_unsaid),
    "incomplete: a sub-process with nothing in it": _any(_is_empty),
    "incomplete: a gateway with two ways without a condition": _decides_nothing,
    **{f"not executable: {rule}": _forbidden(breaks) for rule, breaks in FORBIDDEN.items()},
}
