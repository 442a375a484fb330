"""The filters of a list, by Camunda's parameter names: from the query string, or from the body of a
POST request (`in_body`).

Owns the small conversions and the limits of a window. An unknown parameter is ignored, as in
Camunda. A filter of Camunda that this API lacks is refused: without it the list would be longer
than asked for, and its reader would not know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from flask import g, request

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.storage.programs.engine_tasks import Window
from web.api.engine_rest.shapes.values import read_id, read_time

DEFAULT_MOST = 200
MOST = 1000
FURTHEST = 1000
"""`firstResult` counts rows one by one; a caller that needs more filters the list."""
DIRECTIONS = {"asc": False, "desc": True}
ANYWHERE = frozenset(
    {"processVariables", "taskVariables", "caseInstanceVariables", "variables", "tenantIdIn",
     "caseInstanceId", "caseDefinitionId", "caseDefinitionKey", "caseExecutionId", "orQueries"}
)  # fmt: skip
"""Filters of Camunda that no list here has."""


def in_body(members: Mapping[str, object], order: Mapping[str, str]) -> None:
    """Use members of the body as filters of this request: texts, lists of them, numbers, true and
    false. `order` holds `sortBy` and `sortOrder` or nothing. The window stays in the address."""
    found = {name: _written(name, one) for name, one in members.items()}
    g.narrowed_by = {**request.args, **found, **order}


def refuse(*names: str) -> None:
    """Raises BadInput if the request has a filter that this list lacks."""
    found = sorted((ANYWHERE | set(names)) & _given().keys())
    if found:
        raise BadInput(Sentence("This list cannot be narrowed by {names}.", {"names": found[0]}))


def text(name: str) -> str | None:
    """A parameter, unchanged."""
    return _given().get(name)


def values(single: str, several: str = "") -> list[str] | None:
    """The values of a filter: one value by `single`, or several, separated by commas, by `several`;
    with both, only the values in both. None: no filter."""
    given = []
    if single in _given():
        given.append({_given()[single]})
    if several in _given():
        given.append(set(_given()[several].split(",")))
    return sorted(set.intersection(*given)) if given else None


def ids(single: str, several: str = "") -> list[UUID] | None:
    """The same for ids; a text that is no id finds nothing."""
    given = values(single, several)
    return None if given is None else [read_id(part) for part in given]


def flag(name: str) -> bool | None:
    """`true` or `false`; None if it is missing."""
    given = _given().get(name)
    if given is None:
        return None
    if given.lower() not in ("true", "false"):
        raise _bad(name, given)
    return given.lower() == "true"


def moment(name: str) -> datetime | None:
    """A time."""
    given = _given().get(name)
    try:
        return read_time(given) if given is not None else None
    except ValueError:
        raise _bad(name, given) from None


def numbers(name: str) -> list[int] | None:
    """A whole number."""
    return [_number(name, 0, None)] if name in _given() else None


def bound(name: str) -> int | None:
    """A whole number for a comparison; None if it is missing."""
    given = _given().get(name)
    if given is None:
        return None
    if len(given) > 19 or not given.isascii() or not given.removeprefix("-").isdigit():
        raise _bad(name, given)
    return max(-(2**31), min(int(given), 2**31 - 1))  # no priority is larger


def window(sorts: Collection[str]) -> Window:
    """The rows and their order. Raises BadInput beyond the limits."""
    first = _number("firstResult", 0, FURTHEST)
    most = _number("maxResults", DEFAULT_MOST, MOST)
    by, order = _given().get("sortBy"), _given().get("sortOrder")
    if (by is None) != (order is None):
        raise BadInput(Sentence("Give both sortBy and sortOrder, or neither."))
    if by is None or order is None:
        return Window(first, most)
    if by not in sorts:
        raise _bad("sortBy", by)
    if order not in DIRECTIONS:
        raise _bad("sortOrder", order)
    return Window(first, most, by, DIRECTIONS[order])


def _given() -> Mapping[str, str]:
    narrowed: Mapping[str, str] = g.get("narrowed_by", request.args)
    return narrowed


def _written(name: str, value: object) -> str:
    """A member in the form of an address; a member of another kind is read by no list."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and len(value) > MOST:
        raise BadInput(Sentence("{name} holds {most} at most.", {"name": name, "most": MOST}))
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    if "\0" in text:  # no database accepts it in a search
        raise _bad(name, text.replace("\0", ""))
    return text


def _number(name: str, default: int, most: int | None) -> int:
    given = request.args.get(name, str(default))
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise _bad(name, given)
    if most is not None and int(given) > most:
        raise BadInput(Sentence("{name} is {most} at most.", {"name": name, "most": most}))
    return int(given)


def _bad(name: str, value: object) -> BadInput:
    template = "Cannot set query parameter '{name}' to value '{value}'."
    return BadInput(Sentence(template, {"name": name, "value": value}))
