"""Parts of a model that need another vendor's engine: its code, its scripts, its own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.models.bpmn.vocabulary import BPMN, PYTHON, SPIFF, VENDORS, is_our_language
from engine.xml.tree import Node, local_name, namespace

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
OWN_TYPES = frozenset({"", "external"})
"""Values of `camunda:type`; others (mail, http, shell, dmn ...) are programs of their engine."""
OTHERS = ("flowsforapex", "apex.mt-ag", "drools", "processmaker")
"""Parts of the namespaces of engines whose own elements control a step."""
ZEEBE_HARMLESS = frozenset(
    [
        *("assignmentDefinition", "formDefinition", "userTaskForm", "userTask", "taskSchedule"),
        *("properties", "property", "taskHeaders", "header", "versionTag", "priorityDefinition"),
    ]
)
"""Words of Camunda 8 without an effect on the model."""
CALL = re.compile(r"[\w\])]\s*\.\s*(\w+)\s*\(")
METHODS = frozenset(
    [
        *("getVariable", "hasVariable", "getProcessBusinessKey", "getBusinessKey"),
        *("size", "isEmpty", "contains", "equals", "get", "keys", "values", "items", "append"),
        *("upper", "lower", "strip", "split", "join", "startswith", "endswith", "replace"),
        *("find", "index", "count"),
    ]
)
"""Methods of values; any other method belongs to a Java object."""
JAVA = re.compile(r"\b(execution|task|caseExecution|delegateTask)\s*\.\s*(?!\w+\()(\w+)")
PROPERTIES = frozenset({"processBusinessKey", "businessKey", "created"})
FUNCTION = re.compile(r"\b[A-Za-z]\w*:\w+\s*\(|\b(?:S|XML|JSON|fn_\w+)\s*\(")
ARENA = re.compile(r"\b(get_\w+|fact_service|custom_function)\s*\(")
"""Functions in scripts there that are no Python."""
INSIDE = re.compile(r"[$#]\{([^}]*)\}")


def vendor_text(node: Node, *names: str) -> str:
    """The first non-empty one of these Camunda attributes; empty without one."""
    found = (node.get(f"{{{uri}}}{name}") for uri in VENDORS for name in names)
    return next((text.strip() for text in found if text and text.strip()), "")


def is_bpmn(node: Node, *names: str) -> bool:
    """Whether this is one of these BPMN elements."""
    return namespace(node) == BPMN and local_name(node) in names


def extends(node: Node, uris: tuple[str, ...], *names: str) -> bool:
    """Whether this is one of these extension elements."""
    return namespace(node) in uris and local_name(node) in names


def _names_class(node: Node) -> bool:
    own = namespace(node) in VENDORS and not _listens(node) and node.get("class")
    return bool(own or vendor_text(node, "class", "formHandlerClass", "variableMappingClass"))


def _delegates(node: Node) -> bool:
    return bool(vendor_text(node, "delegateExpression", "variableMappingDelegateExpression"))


def _listens(node: Node) -> bool:
    return extends(node, VENDORS, "executionListener", "taskListener", "eventListener")


def _scripts_elsewhere(node: Node) -> bool:
    if not is_bpmn(node, "scriptTask") and not extends(node, VENDORS, "script"):
        return False
    ours = (node.get("scriptFormat") or "").strip().lower() in PYTHON
    return bool(vendor_text(node, "resource")) or not ours


def _foreign_language(node: Node) -> bool:
    return not is_our_language(node.get("language") or "")


def _connects(node: Node) -> bool:
    return (
        extends(node, VENDORS, "connector", "channel", "eventType")
        or extends(node, (SPIFF,), "serviceTaskOperator")
        or (is_bpmn(node, "serviceTask", "sendTask", "businessRuleTask")
            and vendor_text(node, "type") not in OWN_TYPES)
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


def _is_event_of_others(node: Node) -> bool:
    return namespace(node) in VENDORS and local_name(node).endswith("EventDefinition")


def _is_of_others(node: Node) -> bool:
    """Extension elements that control a run, of engines without a row of their own."""
    return any(name in namespace(node) for name in OTHERS)


def _calls_arena(node: Node) -> bool:
    return ARENA.search(node.text or "") is not None


def _calls_case(node: Node) -> bool:
    return bool(vendor_text(node, "caseRef")) or is_bpmn(node, "caseServiceTask")


FOREIGN: dict[str, Callable[[Node], bool]] = {
    "Camunda 8 (zeebe)": _is_zeebe,
    "Java class": _names_class,
    "delegate expression": _delegates,
    "listener": _listens,
    "script of another language": _scripts_elsewhere,
    "expression of another language": _foreign_language,
    "FEEL of Camunda 8": _is_feel,
    "connector or built-in program": _connects,
    "function of spiff-arena": _calls_arena,
    "CMMN case": _calls_case,
    "expression that calls Java": _calls_java,
    "event of another engine": _is_event_of_others,
    "words of another engine": _is_of_others,
}
"""Kind of need -> whether this node has it."""
