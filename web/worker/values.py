"""Variables in Camunda's notation, both ways: `{"value", "type"}` and plain Python values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from math import isfinite
from typing import Any

INTEGER_BITS, LONG_BITS = 31, 63


class Unfit(TypeError):
    """A function's answer cannot be sent. The text shows no value."""


def plain(variables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Variables by name; lists and objects, which come as JSON text, as Python values."""
    return {name: _plain(one) for name, one in variables.items()}


def _plain(variable: Mapping[str, Any]) -> Any:
    value = variable.get("value")
    if variable.get("type") in ("Json", "Object") and isinstance(value, str):
        with suppress(ValueError):  # An object in another notation stays text.
            return json.loads(value)
    return value


def typed(values: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Plain values by name, in the server's form. Raises `Unfit`, which names the variable and its
    type."""
    return {name: _typed(name, value) for name, value in values.items()}


def _typed(name: str, value: object) -> dict[str, object]:
    kind, sent = _kind(value), value
    if isinstance(value, datetime):
        local = value.astimezone()  # A time without a zone is in the zone of this machine.
        sent = f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"
    elif kind == "Json":
        try:
            sent = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            kind = ""
    if not kind:
        raise Unfit(f"The variable {name} is a {type(value).__name__} that is no JSON.")
    return {"value": sent, "type": kind}


def _kind(value: object) -> str:
    """The Camunda type of a value; empty for a number that fits no type."""
    match value:
        case None:
            return "Null"
        case bool():
            return "Boolean"
        case int():
            bits = value.bit_length()
            return "Integer" if bits <= INTEGER_BITS else "Long" if bits <= LONG_BITS else ""
        case float():
            return "Double" if isfinite(value) else ""
        case str():
            return "String"
        case datetime():
            return "Date"
    return "Json"
