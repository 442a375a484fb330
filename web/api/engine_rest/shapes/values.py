"""Process data, dates and ids in Camunda's notation, both ways.

Owns `{"value", "type", "valueInfo"}`, `yyyy-MM-dd'T'HH:mm:ss.SSSZ` and `key:version:uuid`. Process
data are JSON here: Camunda's serialised objects are read as their JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from math import isfinite
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from flask import current_app

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from web.api.engine_rest.shapes.bodies import Variable
from web.api.json_parsing import read_json

NOBODY = UUID(int=0)
"""The id of nothing, for a text that is no id."""
INT_BITS, LONG_BITS = 31, 63
DEEPEST = 40
"""Levels of lists and objects in one variable; a variable is no document."""


def zone() -> ZoneInfo:
    """The product's zone, for all times of this API."""
    found: ZoneInfo = current_app.config["TINDAK_ZONE"]
    return found


def time_text(at: datetime | None) -> str | None:
    """A time in Camunda's form: `2026-03-02T09:00:00.000+0700`."""
    if at is None:
        return None
    local = at.astimezone(zone())
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"


def read_time(text: str) -> datetime:
    """The reverse; a time without an offset is in the product's zone. Raises ValueError, also for
    the first and last day of the calendar: in another zone they do not exist.

    A `+` that was not escaped in a query has become a blank.
    """
    found = datetime.fromisoformat(text.strip().replace(" ", "+"))
    if not date.min < found.date() < date.max:
        raise ValueError(text)
    return found if found.tzinfo else found.replace(tzinfo=zone())


def definition_id(key: str, version: int, id: UUID) -> str:
    """The id of a process version: `key:version:uuid`."""
    return f"{key}:{version}:{id}"


def read_id(text: str) -> UUID:
    """The id in a text; of a process version its last part."""
    try:
        return UUID(text.rsplit(":", 1)[-1])
    except ValueError:
        return NOBODY


def typed(value: object) -> dict[str, object]:
    """A variable with its Camunda type; lists and objects as JSON text."""
    name = _type_of(value)
    shown = orjson.dumps(value).decode() if name == "Json" else value
    return {"value": shown, "type": name, "valueInfo": {}}


def all_typed(data: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Process data by name."""
    return {name: typed(value) for name, value in data.items()}


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer" if value.bit_length() <= INT_BITS else "Long"
    for kind, name in ((str, "String"), (float, "Double")):
        if isinstance(value, kind):
            return name
    return "Null" if value is None else "Json"


def plain(variables: Mapping[str, Variable] | None) -> dict[str, Any]:
    """Submitted variables as plain JSON values. Raises BadInput naming the first that does not fit
    its type."""
    found = {name: _plain(name, one) for name, one in (variables or {}).items()}
    for name, value in found.items():
        if _is_deep(value):
            raise _unfit(name, "The value of the variable {name} is nested too deeply.")
    return found


def _is_deep(value: object) -> bool:
    """Whether the value has more than DEEPEST levels; checked level by level, without recursion."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _plain(name: str, variable: Variable) -> Any:
    value = variable.value
    if variable.type is None or value is None:
        return value
    read = READERS.get(variable.type.lower())
    if read is None:
        raise _unfit(name, "The variable {name} has the type {type}, which is not kept here.",
                     type=variable.type)  # fmt: skip
    try:
        return read(value)
    except (ValueError, TypeError):
        raise _unfit(
            name, "The value of the variable {name} is none of the type {type}.",
            type=variable.type,
        ) from None  # fmt: skip


def _unfit(name: str, template: str, **facts: object) -> BadInput:
    return BadInput(Sentence(template, {"name": name, **facts}))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(bits: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise TypeError
        number = int(value)
        if number.bit_length() > bits:
            raise ValueError
        return number

    return read


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    number = float(value)
    if not isfinite(number):
        raise ValueError
    return number


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = _text(value).lower()
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _date(value: object) -> str:
    return read_time(_text(value)).isoformat()


def _json(value: object) -> Any:
    """Camunda sends JSON as text; plain JSON is accepted too."""
    return read_json(value.encode()) if isinstance(value, str) else value


def _nothing(value: object) -> None:
    raise ValueError


READERS: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {
        "string": _text,
        "boolean": _truth,
        "short": _whole(15),
        "integer": _whole(INT_BITS),
        "long": _whole(LONG_BITS),
        "double": _number,
        "date": _date,
        "json": _json,
        "object": _json,
        "null": _nothing,
    }
)
"""Camunda type in small letters -> reader. Missing: File, Bytes, Xml."""
