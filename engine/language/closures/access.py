"""Building the parts of a value: group.name, x[key], x[1:3]."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from engine.language.budget import Run
from engine.language.closures.builder import Builder, Code
from engine.language.closures.builtins import text_key
from engine.language.closures.names import checked_attribute, near
from engine.language.closures.unified import ELSEWHERE, execution_part, is_execution
from engine.language.errors import LanguageError
from engine.language.moments.days import day_in
from engine.language.spans import Months
from engine.language.values import Namespace, show
from engine.sentences.sentence import say
from engine.time.calendar import EndOfDay

DATE_PARTS = ("year", "month", "day")
NO_TIME = timedelta(0)
# DMN 1.3, 10.3.2.3.6 and .7; rounded toward zero, because the whole value carries the sign.
SPAN_PARTS: Mapping[type, Mapping[str, Callable[[Any], int]]] = {
    timedelta: {"days": lambda span: span.days if span >= NO_TIME else -(-span).days},
    Months: {
        "years": lambda span: int(span.count / 12),
        "months": lambda span: int(math.fmod(span.count, 12)),
    },
}


def attribute(builder: Builder, node: ast.Attribute) -> Code:
    """`group.name` of a mapping; the parts of a date; `execution.processBusinessKey`."""
    if is_execution(builder, node.value):
        return execution_part(builder, node)
    wanted = checked_attribute(node.attr)
    group = builder.build(node.value)

    return lambda run: part_of(run, group(run), wanted)


def part_of(run: Run, found: object, wanted: str) -> object:
    """The part `wanted` of a group, date or span. Raises LanguageError for a value without it."""
    if isinstance(found, Mapping):
        return entry_of(found, wanted)
    if wanted in DATE_PARTS and isinstance(found, date | EndOfDay):
        return getattr(day_in(run.functions, found), wanted)
    if wanted in SPAN_PARTS.get(type(found), {}):
        return SPAN_PARTS[type(found)][wanted](found)
    advice = ELSEWHERE.get(wanted, say("Only groups such as case have parts."))
    raise LanguageError(
        say("{value} has no part called {name}.", value=show(found), name=wanted), advice
    )


def entry_of(group: Mapping[Any, object], key: object) -> object:
    """The entry of a mapping. Raises LanguageError that names similar keys."""
    wanted = text_key(key)
    try:
        return group[wanted]
    except KeyError:
        if isinstance(group, Namespace) and group.lacking is not None:
            raise LanguageError(*group.lacking) from None
        raise LanguageError(
            say("There is no entry called {name}.", name=show(wanted)), near(wanted, group)
        ) from None


def subscript(builder: Builder, node: ast.Subscript) -> Code:
    """x[key], x[0], x[1:3]"""
    group = builder.build(node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(builder, group, node.slice)
    key = builder.build(node.slice)
    return lambda run: pick(group(run), key(run))


def pick(group: object, key: object) -> object:
    """`group[key]` of a mapping, list or text."""
    if isinstance(group, Mapping):
        return entry_of(group, key)
    if isinstance(group, list | tuple | str) and isinstance(key, int):
        try:
            return group[key]
        except IndexError:
            raise LanguageError(
                say("There is no entry number {number}.", number=key),
                say("There are {count}, counted from 0.", count=len(group)),
            ) from None
    raise LanguageError(
        say("{group} has no entry {key}.", group=show(group), key=show(key)),
        say("Use whole numbers with lists, and text with mappings."),
    )


def _slice(builder: Builder, group: Code, node: ast.Slice) -> Code:
    bounds = [
        builder.build(bound) if bound else lambda run: None
        for bound in (node.lower, node.upper, node.step)
    ]

    def cut(run: Run) -> object:
        found = group(run)
        places: list[Any] = [bound(run) for bound in bounds]
        whole = all(place is None or isinstance(place, int) for place in places)
        if not isinstance(found, list | tuple | str) or not whole or places[2] == 0:
            raise LanguageError(
                say("{group} cannot be cut like this.", group=show(found)),
                say("Cut lists and text at whole numbers: x[0:3]."),
            )
        run.spend_size(len(found))
        return found[slice(*places)]

    return cut
