"""What a BPMN file declares beside its processes: messages, errors, escalations, signals.

Owns looking them up by id; a reference to nothing is noted by whoever follows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.models.bpmn.vocabulary import bpmn_children, reference
from engine.models.xml import Node


@dataclass(frozen=True, slots=True)
class Declared:
    """Id -> name (messages, signals) or code (errors, escalations); "" when it has none."""

    messages: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    signals: Mapping[str, str]


def read_declared(definitions: Node) -> Declared:
    """The declarations of a file."""
    return Declared(
        messages=_by_id(definitions, "message", "name"),
        errors=_by_id(definitions, "error", "errorCode"),
        escalations=_by_id(definitions, "escalation", "escalationCode"),
        signals=_by_id(definitions, "signal", "name"),
    )


def _by_id(definitions: Node, kind: str, attribute: str) -> dict[str, str]:
    return {
        reference(node.get("id")): (node.get(attribute) or "").strip()
        for node in bpmn_children(definitions, kind)
    }
