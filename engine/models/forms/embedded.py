"""A form inside the task itself (`camunda:formData`), read as a Form like any other."""

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
"""Camunda's field types; the checks refuse others."""


def form_of(element: Element, forms: Mapping[str, Form]) -> Form | None:
    """The form of a task: the form it refers to, else its embedded form."""
    if element.form_ref is not None:
        return forms.get(element.form_ref)
    return embedded_form(element)


def embedded_form(element: Element) -> Form | None:
    """The embedded form of a task; None if it has none."""
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
