"""The Camunda and SpiffWorkflow extension elements of a flow node.

Owns properties, instructions, pre and post scripts, embedded forms. `parameters.py` reads
parameters of calls, `attributes.py` reads attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from engine.language import Script
from engine.models.bpmn.activities.attributes import split_list
from engine.models.bpmn.known.of_camunda import IN_FORM
from engine.models.bpmn.vocabulary import (
    SPIFF,
    VENDORS,
    extensions,
    is_vendor,
    text_of,
    vendor_children,
)
from engine.models.elements import Element, FormField
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes
from engine.xml.tree import Node, line_of, local_name, namespace


def with_extensions(element: Element, node: Node, notes: Notes) -> Element:
    """`element` with the content of all its extension elements, except parameters."""
    properties = dict(_properties(node))
    return replace(
        element,
        properties=MappingProxyType(properties),
        on_complete=properties.get("onComplete"),
        asked_anew=frozenset(split_list(properties.get("askAnew", ""))),
        form_fields=tuple(_form_fields(node, notes)),
        instructions=_instructions(node, notes),
        pre_script=_spiff_script(node, "preScript", say("Script before"), notes),
        post_script=_spiff_script(node, "postScript", say("Script after"), notes),
        decision_ref=element.decision_ref or _spiff_text(node, "calledDecisionId") or None,
    )


def _properties(node: Node) -> Iterator[tuple[str, str]]:
    for child in extensions(node):
        if local_name(child) == "properties" and namespace(child) in (*VENDORS, SPIFF):
            for entry in child:
                name = (entry.get("name") or "").strip()
                if name:
                    yield name, (entry.get("value") or "").strip()


def _instructions(node: Node, notes: Notes) -> str:
    text = _spiff_text(node, "instructionsForEndUser")
    if not text:
        return ""
    if "{{" in text or "{%" in text:
        notes.warning(
            node,
            "jinja",
            say("The instructions contain {{{{ or {{%: such templates are shown as they stand."),
            say("Write ${{name}} where a value should stand."),
        )
    notes.template(node, say("Instructions"), text)
    return text


def _spiff_script(node: Node, name: str, part: Sentence, notes: Notes) -> Script | None:
    text = _spiff_text(node, name)
    return notes.script(node, part, text) if text else None


def _spiff_text(node: Node, name: str) -> str:
    for child in extensions(node):
        if local_name(child) == name and namespace(child) == SPIFF:
            return text_of(child)
    return ""


def _form_fields(node: Node, notes: Notes) -> Iterator[FormField]:
    seen: set[str] = set()
    for data in extensions(node):
        if is_vendor(data, "formData"):
            for field in vendor_children(data, "formField"):
                key = (field.get("id") or "").strip()
                if not key or key in seen:
                    _note_field_id(field, notes)
                    continue
                seen.add(key)
                _note_constraints(field, notes)
                yield _form_field(key, field)


def _note_field_id(field: Node, notes: Notes) -> None:
    notes.error(
        field,
        "form-field",
        say("A form field has no id, or the id of another field of this task."),
        say("Give each form field an id of its own."),
    )


def _note_constraints(field: Node, notes: Notes) -> None:
    for name in sorted(set(_constraints(field)) - {"required"}):
        what = say("{name} is not read by this engine.", name=name)
        notes.warning(field, "ignored", what, IN_FORM)


def _form_field(key: str, field: Node) -> FormField:
    values = {
        (value.get("id") or ""): (value.get("name") or value.get("id") or "")
        for value in vendor_children(field, "value")
    }
    return FormField(
        id=key,
        label=(field.get("label") or key).strip(),
        type=(field.get("type") or "string").strip(),
        required=any(name == "required" for name in _constraints(field)),
        values=MappingProxyType(values),
        line=line_of(field),
    )


def _constraints(field: Node) -> Iterator[str]:
    for validation in vendor_children(field, "validation"):
        for constraint in vendor_children(validation, "constraint"):
            if constraint.get("config") != "false":
                yield constraint.get("name") or ""
