"""The value of a field: the text typed before, or a stored answer in the form that people write.

Owns the two shapes of values: of a post or draft (each name with its list of texts) and of answers
(JSON). Knows no HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from engine.models.forms import Field, parse_number
from web.words.formatting import Formats, field_number

Values = Mapping[str, object]


def text_of(field: Field, values: Values, formats: Formats) -> str:
    """The text of a field with one line or area of text; typed text stays unchanged."""
    value = values.get(field.key)
    if isinstance(value, list):
        return typed_text(field, str(value[-1]) if value else "", formats.language.code)
    if value is None:
        return ""
    if field.type == "datetime" and isinstance(value, str):
        return day_first(value)
    if field.type == "number" and isinstance(value, int | float):
        return formats.field_number(value)
    return str(value)


def typed_text(field: Field, text: str, code: str) -> str:
    """What was typed into a field, numbers as a page of this language writes them."""
    number = parse_number(text) if field.type == "number" else None
    return field_number(number, code) if isinstance(number, Decimal) else text


def chosen_of(field: Field, values: Values) -> frozenset[str]:
    """The chosen values of a field with choices, or the ids of its uploads."""
    value = values.get(field.key)
    if isinstance(value, list):
        return frozenset(str(entry) for entry in value if entry)
    if isinstance(value, bool):
        return frozenset({"true"}) if value else frozenset()
    return frozenset({str(value)}) if value else frozenset()


def with_defaults(fields: tuple[Field, ...], values: Values) -> Values:
    """`values`, with the form's defaults for fields without a known value."""
    proposed = {field.key: field.default for field in fields if field.default is not None}
    return {**proposed, **values}


def day_first(text: str) -> str:
    """`2025-12-09` -> `9/12/2025`; any other text unchanged."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day}/{day.month}/{day.year}"
