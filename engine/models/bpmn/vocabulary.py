"""The words of BPMN files: namespaces, elements that are no flow nodes, extensions with a meaning
here.

Owns the tables; a word moves to another table when the engine learns it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from engine.xml.tree import Node, local_name, namespace

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"

PYTHON = frozenset(["", "python", "python3", "text/python", "application/x-python"])
"""Formats of scripts and conditions that count as our language."""

VENDORS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://operaton.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
)
"""The Camunda 7 extension namespace and the related ones, which share its words."""

FOREIGN: Mapping[str, str] = MappingProxyType(
    {
        "http://camunda.org/schema/zeebe/1.0": "Camunda 8 (zeebe)",
        "http://www.jboss.org/drools": "jBPM (drools)",
    }
)
"""Namespaces of programs with extensions that control execution, in words that this engine does not
read."""

NO_FLOW_NODES = frozenset(
    [
        "laneSet",
        "sequenceFlow",
        "documentation",
        "extensionElements",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataStore",
        "association",
        "textAnnotation",
        "group",
        "ioSpecification",
        "ioBinding",
        "property",
        "incoming",
        "outgoing",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "dataInputAssociation",
        "dataOutputAssociation",
        "correlationSubscription",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "supportedInterfaceRef",
        "supports",
        "auditing",
        "monitoring",
        "artifact",
        "completionCondition",
        "category",
        "categoryValue",
    ]
)
"""Children of a process that hold no token."""

ATTRIBUTES = frozenset(
    [
        "assignee",
        "calledElementBinding",
        "calledElementVersion",
        "candidateGroups",
        "candidateUsers",
        "collection",
        "decisionRef",
        "dueDate",
        "elementVariable",
        "errorCodeVariable",
        "errorMessageVariable",
        "escalationCodeVariable",
        "expression",
        "followUpDate",
        "formRef",
        "initiator",
        "mapDecisionResult",
        "priority",
        "resource",
        "resultVariable",
        "taskPriority",
        "topic",
        "type",
        "variableEvents",
        "variableName",
    ]
)
"""Attributes that are read; documents and advice name no others."""

ELEMENTS = frozenset(
    [
        "constraint",
        "formData",
        "formField",
        "in",
        "inputOutput",
        "inputParameter",
        "list",
        "map",
        "out",
        "outputParameter",
        "properties",
        "property",
        "script",
        "validation",
        "value",
    ]
)
"""Extension elements that are read."""


def vendor(node: Node, name: str) -> str | None:
    """The Camunda attribute `name` of `node`, in any related namespace; a blank one counts as
    none."""
    assert name in ATTRIBUTES, name
    for uri in VENDORS:
        value: str | None = node.get(f"{{{uri}}}{name}")
        if value is not None and value.strip():
            return value.strip()
    return None


def extensions(node: Node) -> Iterator[Node]:
    """The direct children of the extensionElements of `node`."""
    for child in bpmn_children(node, "extensionElements"):
        yield from child


def is_vendor(node: Node, name: str) -> bool:
    """Whether this is the Camunda element `name`."""
    assert name in ELEMENTS, name
    return local_name(node) == name and namespace(node) in VENDORS


def vendor_children(node: Node, name: str) -> Iterator[Node]:
    """Children of `node` that are the Camunda element `name`."""
    return (child for child in node if is_vendor(child, name))


def bpmn_children(node: Node, *names: str) -> Iterator[Node]:
    """Children of `node` that are one of the BPMN elements `names`; without names, all BPMN
    children."""
    for child in node:
        if namespace(child) == BPMN and (not names or local_name(child) in names):
            yield child


def has_child(node: Node, *names: str) -> bool:
    """Whether `node` has a child that is one of the BPMN elements `names`."""
    return next(bpmn_children(node, *names), None) is not None


def text_of(node: Node | None) -> str:
    """The text inside, without blanks around it; empty for None."""
    return "" if node is None else (node.text or "").strip()


def reference(text: str | None) -> str:
    """The id in a QName: `tns:order` and `order` are the same here."""
    return (text or "").strip().rpartition(":")[2]


def is_our_language(language: str) -> bool:
    """Whether expressions of this language are read here. Addresses are those of standards, which
    every editor writes for any language."""
    name = language.strip().lower()
    return name in PYTHON or "://" in name or name in ("juel", "el")
