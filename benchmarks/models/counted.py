"""Which files count: executable, complete, and in need of no other vendor's code.

Owns the reasons why a file does not count; each such file is counted under the first that fits.
Reads the XML by itself, so that what the product's reader does not understand counts all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from engine.models.bpmn.vocabulary import (
    BPMN,
    NO_FLOW_NODES,
    PYTHON,
    SPIFF,
    VENDORS,
    is_our_language,
    reference,
)
from engine.models.xml import Node, local_name, namespace

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
OWN_TYPES = frozenset({"", "external"})
"""Of `camunda:type`: all others (mail, http, shell, dmn ...) are programs of their engine."""
OTHERS = ("flowsforapex", "apex.mt-ag", "drools", "processmaker")
"""Parts of the namespaces of engines that keep in their own elements how a step is done."""
ZEEBE_HARMLESS = frozenset(
    [
        *("assignmentDefinition", "formDefinition", "userTaskForm", "userTask", "taskSchedule"),
        *("properties", "property", "taskHeaders", "header", "versionTag", "priorityDefinition"),
    ]
)
"""Words of Camunda 8 that a model means the same without."""
CALL = re.compile(r"[\w\])]\s*\.\s*(\w+)\s*\(")
METHODS = frozenset(
    [
        *("getVariable", "hasVariable", "getProcessBusinessKey", "getBusinessKey"),
        *("size", "isEmpty", "contains", "equals", "get", "keys", "values", "items", "append"),
        *("upper", "lower", "strip", "split", "join", "startswith", "endswith", "replace"),
        *("find", "index", "count"),
    ]
)
"""Methods of values; any other is one of a Java object."""
JAVA = re.compile(r"\b(execution|task|caseExecution|delegateTask)\s*\.\s*(?!\w+\()(\w+)")
PROPERTIES = frozenset({"processBusinessKey", "businessKey", "created"})
FUNCTION = re.compile(r"\b[A-Za-z]\w*:\w+\s*\(|\b(?:S|XML|JSON|fn_\w+)\s*\(")
INSIDE = re.compile(r"[$#]\{([^}]*)\}")

WRONG = re.compile(
    r"(?:^|[_.])(?:EXT\d+_)?[Ff]ail(?:ure)?[_.]|[Ii]nvalid|NotAllowed|ThrowsE(?:rror|xception)"
)
"""Names that test suites give to files which a reader has to refuse."""

Reason = Callable[[Node, list[Node]], bool]
"""(root, executable processes and everything inside) -> does the reason fit?"""


def reason_not_counted(name: str, content: bytes, beside: frozenset[str]) -> str | None:
    """Why the file does not count; None: it does. `beside`: ids of the tables in its folder."""
    if WRONG.search(name):
        return "wrong on purpose: its name says so"
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return "no file: not well-formed XML"
    if local_name(root) != "definitions" or namespace(root) != BPMN:
        return "no file: not BPMN 2.0"
    nodes = [node for process in _executable(root) for node in process.iter("{*}*")]
    if not nodes:
        return "not executable"
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


def _vendor(node: Node, *names: str) -> str:
    found = (node.get(f"{{{uri}}}{name}") for uri in VENDORS for name in names)
    return next((text.strip() for text in found if text and text.strip()), "")


def _is(node: Node, *names: str) -> bool:
    return namespace(node) == BPMN and local_name(node) in names


def _extends(node: Node, uris: tuple[str, ...], *names: str) -> bool:
    return namespace(node) in uris and local_name(node) in names


def _fixed_table(node: Node) -> str:
    text = _vendor(node, "decisionRef")
    if not text and _extends(node, (SPIFF,), "calledDecisionId"):
        text = (node.text or "").strip()
    return "" if "${" in text or "#{" in text else text


def _names_class(node: Node) -> bool:
    listener = _extends(node, VENDORS, "executionListener", "taskListener", "eventListener")
    return bool(
        not listener
        and (
            _vendor(node, "class", "formHandlerClass", "variableMappingClass")
            or (namespace(node) in VENDORS and node.get("class"))
        )
    )


def _delegates(node: Node) -> bool:
    listener = _extends(node, VENDORS, "executionListener", "taskListener", "eventListener")
    return bool(
        not listener and _vendor(node, "delegateExpression", "variableMappingDelegateExpression")
    )


def _listens(node: Node) -> bool:
    return _extends(node, VENDORS, "executionListener", "taskListener", "eventListener")


def _scripts_elsewhere(node: Node) -> bool:
    if _is(node, "scriptTask"):
        written = next(node.iterchildren(f"{{{BPMN}}}script"), None)
        other = bool(_vendor(node, "resource")) or written is None
        return other or not _is_our_script(node.get("scriptFormat"))
    return _extends(node, VENDORS, "script") and not _is_our_script(node.get("scriptFormat"))


def _is_our_script(name: str | None) -> bool:
    return (name or "").strip().lower() in PYTHON


def _foreign_language(node: Node) -> bool:
    return not is_our_language(node.get("language") or "")


def _connects(node: Node) -> bool:
    return (
        _extends(node, VENDORS, "connector", "channel", "eventType")
        or _extends(node, (SPIFF,), "serviceTaskOperator")
        or (_is(node, "serviceTask", "sendTask", "businessRuleTask")
            and _vendor(node, "type") not in OWN_TYPES)
    )  # fmt: skip


def _is_zeebe(node: Node) -> bool:
    return namespace(node) == ZEEBE and local_name(node) not in ZEEBE_HARMLESS


def _texts(node: Node) -> Iterator[str]:
    yield from map(str, node.attrib.values())
    yield node.text or ""


def _is_feel(node: Node) -> bool:
    return namespace(node) == BPMN and (node.text or "").lstrip().startswith("=")


def _calls_java(node: Node) -> bool:
    for text in _texts(node):
        for inside in INSIDE.findall(text):
            calls = not METHODS.issuperset(CALL.findall(inside))
            parts = {name for _, name in JAVA.findall(inside)} - PROPERTIES
            if calls or parts or FUNCTION.search(inside):
                return True
    return False


def _is_of_others(node: Node) -> bool:
    """Extension elements that say how to run, of engines without a row of their own."""
    return any(name in namespace(node) for name in OTHERS)


def _calls_case(node: Node) -> bool:
    return bool(_vendor(node, "caseRef")) or _is(node, "caseServiceTask")


def _lacks_topic(node: Node) -> bool:
    return _is(node, "serviceTask") and not _vendor(node, "topic", "expression")


def _lacks_table(node: Node) -> bool:
    return (
        _is(node, "businessRuleTask")
        and not _vendor(node, "decisionRef", "topic", "expression")
        and not any(_extends(one, (SPIFF,), "calledDecisionId") for one in node.iter("{*}*"))
    )


def _lacks_call(node: Node) -> bool:
    return _is(node, "callActivity") and not (node.get("calledElement") or "").strip()


def _lacks_name(kind: str) -> Reason:
    """Of messages or signals: something refers to none, or to one without a name."""

    def lacks(root: Node, nodes: list[Node]) -> bool:
        named = {
            one.get("id")
            for one in root.iterchildren(f"{{{BPMN}}}{kind}")
            if (one.get("name") or "").strip()
        }
        return any(
            reference(node.get(f"{kind}Ref")) not in named
            for node in nodes
            if _is(node, f"{kind}EventDefinition")
            or (kind == "message" and _is(node, "sendTask", "receiveTask"))
            if not _vendor(node, "topic", "expression", "type")
            if node.get("messageRef") or not _is(node, "receiveTask")
        )

    return lacks


def _lacks_time(node: Node) -> bool:
    return _is(node, "timerEventDefinition") and not any(
        (part.text or "").strip() for part in node.iterchildren("{*}*")
    )


def _is_empty(node: Node) -> bool:
    return _is(node, "subProcess", "transaction", "adHocSubProcess") and not any(
        namespace(child) == BPMN and local_name(child) not in NO_FLOW_NODES
        for child in node.iterchildren("{*}*")
    )


def _decides_nothing(root: Node, nodes: list[Node]) -> bool:
    """An exclusive gateway with two ways that have no condition, and are not its default."""
    defaults = {node.get("default") for node in nodes}
    gateways = {node.get("id") for node in nodes if _is(node, "exclusiveGateway")}
    plain = Counter(
        reference(flow.get("sourceRef"))
        for flow in nodes
        if _is(flow, "sequenceFlow") and flow.get("id") not in defaults
        if next(flow.iterchildren(f"{{{BPMN}}}conditionExpression"), None) is None
    )
    return any(count > 1 and gateway in gateways for gateway, count in plain.items())


def _any(fits: Callable[[Node], bool]) -> Reason:
    return lambda root, nodes: any(map(fits, nodes))


REASONS: dict[str, Reason] = {
    "foreign: Camunda 8 (zeebe)": _any(_is_zeebe),
    "foreign: Java class": _any(_names_class),
    "foreign: delegate expression": _any(_delegates),
    "foreign: listener": _any(_listens),
    "foreign: script of another language": _any(_scripts_elsewhere),
    "foreign: expression of another language": _any(_foreign_language),
    "foreign: FEEL of Camunda 8": _any(_is_feel),
    "foreign: connector or built-in program": _any(_connects),
    "foreign: CMMN case": _any(_calls_case),
    "foreign: expression that calls Java": _any(_calls_java),
    "foreign: words of another engine": _any(_is_of_others),
    "incomplete: a service task without a topic": _any(_lacks_topic),
    "incomplete: a business rule task without a table": _any(_lacks_table),
    "incomplete: a call without a process": _any(_lacks_call),
    "incomplete: a message without a name": _lacks_name("message"),
    "incomplete: a signal without a name": _lacks_name("signal"),
    "incomplete: a timer without a time": _any(_lacks_time),
    "incomplete: a sub-process with nothing in it": _any(_is_empty),
    "incomplete: a gateway with two ways without a condition": _decides_nothing,
}
