"""A form written into the task itself (`camunda:formData`) as a Form like any other."""

from __future__ import annotations

from collections.abc import Mapping

from engine.models.elements import Element, FormField
from engine.models.forms.field import Choice, Field
from engine.models.forms.form import Form

TYPES: Mapping[str, str] = {
    "string": "textfield",
    "long": "number",
    "boolean": "checkbox",
    "date": "datetime",
    "enum": "select",
}
"""Camunda's field types; others are refused by the checks."""


def form_of(element: Element, forms: Mapping[str, Form]) -> Form | None:
    """The form of a task: the one it refers to, else the one embedded in it."""
    if element.form_ref is not None:
        return forms.get(element.form_ref)
    return embedded_form(element)


def embedded_form(element: Element) -> Form | None:
    """The embedded form of a task; None when it has none."""
    if not element.form_fields:
        return None
    return Form(element.id, element.name, tuple(map(_field, element.form_fields)))


def _field(field: FormField) -> Field:
    kind = TYPES.get(field.type, "textfield")
    return Field(
        type=kind,
        id=field.id,
        key=field.id,
        label=field.label,
        required=field.required and kind != "checkbox",
        decimals=0 if kind == "number" else None,
        choices=tuple(Choice(value, label) for value, label in field.values.items()),
    )
