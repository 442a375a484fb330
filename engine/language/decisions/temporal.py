"""Arithmetic with dates, times of day and durations in decisions (S-FEEL, DMN 1.3, 9.3)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.operators import Operator
from engine.language.spans import Months, Span, moved
from engine.words import say

SPANS = frozenset({timedelta, Months})
DATES = frozenset({date, datetime})


def _added(left: object, right: object) -> object:
    if type(right) in DATES:
        left, right = right, left
    if type(left) in DATES and type(right) in SPANS:
        return moved(left, right)  # type: ignore[arg-type]  # told by the types
    if type(left) is type(right) and type(left) in SPANS:
        return left + right  # type: ignore[operator]  # two spans of one kind
    return NotImplemented


def _subtracted(left: object, right: object) -> object:
    if type(right) in SPANS and (type(left) in DATES or type(left) is type(right)):
        return _added(left, _times(right, -1))
    return NotImplemented


def _multiplied(left: object, right: object) -> object:
    if type(right) in SPANS:
        left, right = right, left
    if type(left) in SPANS and isinstance(right, int | float) and not isinstance(right, bool):
        return _times(left, right)
    return NotImplemented


def _times(span: object, number: float) -> Span | None:
    if isinstance(span, Months):
        return Months(int(span.count * number))
    return span * number if isinstance(span, timedelta) else None


TEMPORAL: Mapping[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: _added,
    ast.Sub: _subtracted,
    ast.Mult: _multiplied,
}


def with_spans(operator: type[ast.operator], plain: Operator) -> Operator:
    """`plain`, which also moves dates by durations and adds durations up."""
    compute = TEMPORAL.get(operator)
    if compute is None:
        return plain

    def operate(run: Run, left: object, right: object) -> object:
        if type(left) not in SPANS and type(right) not in SPANS:
            return plain(run, left, right)
        try:
            found = compute(left, right)
        except (OverflowError, ValueError) as error:
            raise LanguageError(
                say("The duration is out of range."), say("Calculate with shorter durations.")
            ) from error
        return plain(run, left, right) if found is NotImplemented else found

    return operate


def between(left: object, right: object) -> timedelta | None:
    """The time between two dates, or two dates with time; None for anything else."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left - right
    return left - right if type(left) is date and type(right) is date else None
