"""The answers of a person that a form accepts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.models.forms import Field, Form

DAY = "2030-01-01"


def filled(form: Form, wanted: Mapping[str, object]) -> dict[str, object]:
    """An answer for every field: the wanted one, if the field accepts it."""
    return {
        field.key: _answer(field, wanted.get(field.key))
        for field in form.visible(dict(wanted))
        if field.holds_answer and not field.locked
    }


def _answer(field: Field, wanted: object) -> object:
    choices = [choice.value for choice in field.choices]
    match field.type:
        case "checkbox":
            return wanted if isinstance(wanted, bool) else True
        case "number":
            return wanted if _is_number(wanted) else _number(field)
        case "datetime":
            return DAY
        case "select" | "radio":
            return wanted if not choices or wanted in choices else choices[0]
        case "checklist" | "taglist":
            return choices[:1]
        case "filepicker":
            return ["upload"]
        case "dynamiclist":
            return [{child.key: _answer(child, None) for child in field.children if child.key}]
        case _:
            return wanted if isinstance(wanted, str) else _text(field)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(field: Field) -> float:
    given = field.minimum if field.minimum is not None else field.maximum
    return float(given) if given is not None else 1


def _text(field: Field) -> str:
    if field.format == "email":
        return "nama@instansi.go.id"
    if field.format == "phone":
        return "+62 21 3521234"
    return "a" * max(1, field.min_length or 0)
