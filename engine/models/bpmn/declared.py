"""The declarations of a BPMN file beside its flow: messages, errors, escalations, signals, data
items.

Owns the lookup by id. The code that follows a reference notes a missing target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.models.bpmn.vocabulary import BPMN, bpmn_children, reference
from engine.xml.tree import Node

DATA_ITEMS = (
    *("dataObject", "dataStore", "property", "dataInput", "dataOutput"),
    *("dataObjectReference", "dataStoreReference"),
)
"""The ends of data associations; references come last."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Id -> name (messages, signals) or code (errors, escalations); "" when it has none."""

    messages: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    signals: Mapping[str, str]
    data: Mapping[str, frozenset[str]]
    """Id of a data item -> its names in texts: ids and names."""


def read_declared(definitions: Node) -> Declared:
    """The declarations of a file."""
    return Declared(
        messages=_by_id(definitions, "message", "name"),
        errors=_by_id(definitions, "error", "errorCode"),
        escalations=_by_id(definitions, "escalation", "escalationCode"),
        signals=_by_id(definitions, "signal", "name"),
        data=_data_items(definitions),
    )


def _by_id(definitions: Node, kind: str, attribute: str) -> dict[str, str]:
    return {
        reference(node.get("id")): (node.get(attribute) or "").strip()
        for node in bpmn_children(definitions, kind)
    }


def _data_items(definitions: Node) -> dict[str, frozenset[str]]:
    """A reference to a data item also has the names of that item."""
    found: dict[str, frozenset[str]] = {}
    nodes = [node for kind in DATA_ITEMS for node in definitions.iter(f"{{{BPMN}}}{kind}")]
    for node in nodes:
        id = reference(node.get("id"))
        target = reference(node.get("dataObjectRef") or node.get("dataStoreRef"))
        own = {id, (node.get("name") or "").strip()} - {""}
        found[id] = frozenset(own) | found.get(target, frozenset())
    return found
