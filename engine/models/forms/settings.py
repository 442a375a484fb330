"""Single settings of a form-js component, read from any JSON that an editor or a person wrote."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

Component = Mapping[str, object]


def text_of(component: Component, name: str) -> str:
    """A text without blanks around it; "" if it is missing or no text."""
    value = component.get(name)
    return value.strip() if isinstance(value, str) else ""


def yes(component: Component, name: str) -> bool:
    """Whether the setting is switched on."""
    return component.get(name) is True


def decimal_of(component: Component, name: str) -> Decimal | None:
    """A number, which editors write as number or text; None if it is missing or no number."""
    value = component.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def number_of(component: Component, name: str, *, default: int) -> int:
    """A small whole number of rows, characters or decimals, at least 0."""
    number = decimal_of(component, name)
    return default if number is None else max(0, min(int(number), 100_000))
