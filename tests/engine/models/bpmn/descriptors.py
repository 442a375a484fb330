"""The descriptors in the editor's own packages: every property of every type, and its place in a
file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

import web.assets
from engine.xml.tree import Node, local_name, namespace

PACKAGES = Path(web.assets.__file__).parent / "node_modules"
FILES = {
    "bpmn": "bpmn-moddle/resources/bpmn/json/bpmn.json",
    "camunda": "camunda-bpmn-moddle/resources/camunda.json",
    "zeebe": "zeebe-bpmn-moddle/resources/zeebe.json",
}
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
FOREIGN_CHILDREN = {"Definitions.diagrams": "BPMNDiagram"}
"""Words whose elements are of other namespaces, and how those are called."""


@dataclass(frozen=True)
class Property:
    """One property of a type; `of`: the type of its value, without a prefix."""

    kind: str
    name: str
    of: str
    is_attribute: bool
    is_body: bool
    is_reference: bool

    @property
    def word(self) -> str:
        return f"{self.kind}.{self.name}"


def types_of(namespace_name: str) -> list[dict[str, Any]]:
    """The types of a descriptor as its file has them."""
    found: list[dict[str, Any]] = json.loads((PACKAGES / FILES[namespace_name]).read_text())[
        "types"
    ]
    return found


def properties_of(namespace_name: str) -> dict[str, Property]:
    """Word -> property."""
    found = [
        Property(
            kind["name"],
            _plain(one["name"]),
            _plain(one["type"]),
            bool(one.get("isAttr")),
            bool(one.get("isBody")),
            bool(one.get("isReference")),
        )
        for kind in types_of(namespace_name)
        for one in kind.get("properties", [])
    ]
    return {one.word: one for one in found}


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


class Descriptor:
    """The types of BPMN or Camunda, to find the places of a property in a file."""

    def __init__(self, name: str) -> None:
        self.uri = BPMN if name == "bpmn" else CAMUNDA
        types = types_of(name)
        self.properties = properties_of(name)
        self.kinds = frozenset(kind["name"] for kind in types)
        self._parents = {
            kind["name"]: [_plain(p) for p in kind.get("superClass", [])] for kind in types
        }
        self.extended = {kind["name"]: kind["extends"] for kind in types if "extends" in kind}
        self._of_property = {
            one.name: one.of for one in self.properties.values() if not one.is_reference
        }

    def is_a(self, kind: str, base: str) -> bool:
        return kind == base or any(self.is_a(one, base) for one in self._parents.get(kind, []))

    def kind_of(self, node: Node) -> str:
        """The type of an element, which is called as its type or as the property it stands for."""
        name = local_name(node)
        kind = name[:1].upper() + name[1:]
        if kind in self.kinds and name not in ("script", "property" if self.uri == BPMN else ""):
            return kind
        of = self._of_property.get(name, kind)
        return (
            "FormalExpression" if of == "Expression" else "Property" if name == "property" else of
        )

    def bases(self, kind: str) -> list[str]:
        """The BPMN types that a type of Camunda adds attributes to."""
        found = []
        for name in self.extended.get(kind, []):
            prefix, _, plain = name.rpartition(":")
            found += [plain] if prefix == "bpmn" else self.bases(plain)
        return found


DESCRIPTORS = {name: Descriptor(name) for name in ("bpmn", "camunda")}


def without(content: bytes, name: str, word: str) -> bytes:
    """The file without the property, wherever it stands; the same file if it stands nowhere."""
    root = etree.fromstring(content)
    descriptor = DESCRIPTORS[name]
    one = descriptor.properties[word]
    for node, is_extension in list(_nodes(root, descriptor, one)):
        if one.is_attribute:
            node.attrib.pop(_key(one, is_extension), None)
        elif one.is_body:
            node.text = None
        else:
            for child in list(_children(node, descriptor, one)):
                node.remove(child)
    return etree.tostring(root)


def with_attributes(content: bytes, name: str, words: Iterable[str]) -> bytes:
    """The file with each of these words that is an attribute, wherever it may stand and does not
    yet."""
    root = etree.fromstring(content)
    descriptor = DESCRIPTORS[name]
    for one in (descriptor.properties[word] for word in words):
        if one.is_attribute:
            for node, is_extension in list(_nodes(root, descriptor, one)):
                key = _key(one, is_extension)
                node.set(key, node.get(key, "true"))
    return etree.tostring(root)


def _key(one: Property, is_extension: bool) -> str:
    return f"{{{CAMUNDA}}}{one.name}" if is_extension else one.name


def _nodes(root: Node, descriptor: Descriptor, one: Property) -> Iterator[tuple[Node, bool]]:
    bases = descriptor.bases(one.kind)
    bpmn = DESCRIPTORS["bpmn"]
    for node in root.iter("{*}*"):
        if namespace(node) == descriptor.uri and descriptor.is_a(
            descriptor.kind_of(node), one.kind
        ):
            yield node, False
        elif namespace(node) == BPMN and any(bpmn.is_a(bpmn.kind_of(node), b) for b in bases):
            yield node, True


def _children(node: Node, descriptor: Descriptor, one: Property) -> Iterator[Node]:
    return (child for child in node if _is_child(child, descriptor, one))


def _is_child(child: Node, descriptor: Descriptor, one: Property) -> bool:
    if one.word == "ExtensionElements.values":
        return True
    if local_name(child) in (one.name, FOREIGN_CHILDREN.get(one.word)):
        return True
    holds = not one.is_reference and one.of in descriptor.kinds
    is_own = namespace(child) == descriptor.uri
    return holds and is_own and descriptor.is_a(descriptor.kind_of(child), one.of)
