"""The process that a call activity calls, its version, and the data passed in and out.

Owns calledElement with its binding, and camunda:in and camunda:out, which signals have too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.language import Expression
from engine.models.bpmn.activities.parameters import named
from engine.models.bpmn.vocabulary import extensions, is_vendor, vendor
from engine.models.elements import Binding, Element, Mapped
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

BINDINGS: Mapping[str, Binding] = MappingProxyType(
    {"latest": "latest", "deployment": "deployment", "version": "version"}
)


@dataclass(frozen=True, slots=True)
class Passed:
    """The content of an element's camunda:in or camunda:out: named variables, all of them, a
    key."""

    named: Mapped
    everything: bool
    business_key: Expression | None


def passed(node: Node, kind: str, notes: Notes) -> Passed:
    """The `in` or `out` elements of `node`; `kind` is one of these two words."""
    found = [one for one in extensions(node) if is_vendor(one, kind)]
    return Passed(
        named=tuple(pair for one in found for pair in _pairs(one, notes)),
        everything=any((one.get("variables") or "").strip() == "all" for one in found),
        business_key=next((key for one in found if (key := _business_key(one, notes))), None),
    )


def _pairs(mapping: Node, notes: Notes) -> Iterator[tuple[str, Expression]]:
    """`source` (a variable) or `sourceExpression` (a text, or `${...}`) -> `target`."""
    part = say("Parameter {name}", name=mapping.get("target") or "")
    if source := mapping.get("source"):
        value = notes.expression(mapping, part, source)
    elif text := mapping.get("sourceExpression"):
        value = notes.attribute(mapping, part, text)
    else:
        return
    yield from named(mapping, mapping.get("target"), value, notes)


def _business_key(mapping: Node, notes: Notes) -> Expression | None:
    text = (mapping.get("businessKey") or "").strip()
    return notes.attribute(mapping, say("Business key"), text) if text else None


def with_called(element: Element, node: Node, notes: Notes) -> Element:
    """The call activity `element` with its called process and the data passed in and out."""
    text = (node.get("calledElement") or "").strip()
    varies = "${" in text or "#{" in text
    into, out_of = passed(node, "in", notes), passed(node, "out", notes)
    binding = _binding(node, notes)
    return replace(
        element,
        called_process=None if varies else text or None,
        called_by=notes.attribute(node, say("Called process"), text) if varies else None,
        binding=binding,
        version=_version(node, notes) if binding == "version" else None,
        passed_in=into.named,
        passes_all_in=into.everything,
        business_key=into.business_key,
        passed_out=out_of.named,
        passes_all_out=out_of.everything,
    )


def _binding(node: Node, notes: Notes) -> Binding:
    text = vendor(node, "calledElementBinding") or "latest"
    if text not in BINDINGS:
        notes.error(
            node,
            "binding",
            say("{binding} does not say which version of the process is called.", binding=text),
            say("Write latest, deployment, or version with camunda:calledElementVersion."),
        )
    return BINDINGS.get(text, "latest")


def _version(node: Node, notes: Notes) -> int | None:
    text = vendor(node, "calledElementVersion") or ""
    if text.isdecimal() and len(text) < 10 and int(text) > 0:
        return int(text)
    notes.error(
        node,
        "binding",
        say("The number of the version that is called is missing, or is no number."),
        say("Write camunda:calledElementVersion with a number from 1, or call the latest version."),
    )
    return None
