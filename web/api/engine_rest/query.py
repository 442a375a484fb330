"""What narrows a list, read by Camunda's parameter names: the query string, or the body of a list
that is asked for by POST (`in_body`).

Owns the small conversions and the limits of a window. A parameter nobody knows is ignored, as
Camunda does; one that Camunda narrows a list by and this API does not is refused, for an answer
with more in it than was asked for would be taken for the truth.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from flask import g, request

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.storage.programs.engine_tasks import Window
from web.api.engine_rest.values import read_id, read_time

DEFAULT_MOST = 200
MOST = 1000
FURTHEST = 1000
"""`firstResult` counts rows away one by one; who needs more narrows the list."""
DIRECTIONS = {"asc": False, "desc": True}
ANYWHERE = frozenset(
    {"processVariables", "taskVariables", "caseInstanceVariables", "variables", "tenantIdIn",
     "caseInstanceId", "caseDefinitionId", "caseDefinitionKey", "caseExecutionId", "orQueries"}
)  # fmt: skip
"""Narrowing parameters of Camunda that no list here has."""


def in_body(members: Mapping[str, object], order: Mapping[str, str]) -> None:
    """Let this request be narrowed by members of its body: texts, lists of them, numbers, true and
    false; `order` holds `sortBy` and `sortOrder` or nothing. The window stays in the address."""
    found = {name: _written(name, one) for name, one in members.items()}
    g.narrowed_by = {**request.args, **found, **order}


def refuse(*names: str) -> None:
    """Raise BadInput if the request narrows by something this list cannot narrow by."""
    found = sorted((ANYWHERE | set(names)) & _given().keys())
    if found:
        raise BadInput(Sentence("This list cannot be narrowed by {names}.", {"names": found[0]}))


def text(name: str) -> str | None:
    """A parameter as it stands."""
    return _given().get(name)


def values(single: str, several: str = "") -> list[str] | None:
    """What a field may be: one value by a parameter, or any of several, separated by commas, by
    another; by both only what both allow. None: not narrowed."""
    given = []
    if single in _given():
        given.append({_given()[single]})
    if several in _given():
        given.append(set(_given()[several].split(",")))
    return sorted(set.intersection(*given)) if given else None


def ids(single: str, several: str = "") -> list[UUID] | None:
    """The same for ids; a text that is none is the id of nothing."""
    given = values(single, several)
    return None if given is None else [read_id(part) for part in given]


def flag(name: str) -> bool | None:
    """`true` or `false`; None when not given."""
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
    """A whole number that others are compared with; None when not given."""
    given = _given().get(name)
    if given is None:
        return None
    if len(given) > 19 or not given.isascii() or not given.removeprefix("-").isdigit():
        raise _bad(name, given)
    return max(-(2**31), min(int(given), 2**31 - 1))  # no priority lies beyond


def window(sorts: Collection[str]) -> Window:
    """Which rows in which order. Raises BadInput beyond the limits."""
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
    """A member as it would stand in an address; one of another kind is read by no list."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and len(value) > MOST:
        raise BadInput(Sentence("{name} holds {most} at most.", {"name": name, "most": MOST}))
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    if "\0" in text:  # which no database looks for
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
