"""Arithmetic with dates, times of day and durations (DMN 1.3, table 57), the same in every text."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.moments.days import instant
from engine.language.spans import TIMES, Months, Span, moved
from engine.sentences.sentence import say
from engine.time.calendar import EndOfDay

SPANS = frozenset({timedelta, Months})
DATES = frozenset({date, datetime, EndOfDay})
Compute = Callable[[object, object], object]


def _added(left: object, right: object) -> object:
    if type(right) in DATES:
        left, right = right, left
    if type(left) in DATES and type(right) in SPANS:
        return moved(left, right)  # type: ignore[arg-type]  # told by the types
    if type(left) is type(right) and type(left) in SPANS:
        return left + right  # type: ignore[operator]  # two spans of one kind
    return NotImplemented


def _subtracted(left: object, right: object) -> object:
    """The time between two dates, or between two dates with time."""
    if type(right) in SPANS and (type(left) in DATES or type(left) is type(right)):
        return _added(left, _times(right, -1))
    left, right = instant(left), instant(right)
    if type(left) is type(right) and type(left) in DATES:
        return left - right  # type: ignore[operator]  # two dates of one kind
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


TEMPORAL: Mapping[type[ast.operator], Compute] = {
    ast.Add: _added,
    ast.Sub: _subtracted,
    ast.Mult: _multiplied,
}


def with_times(
    operator: type[ast.operator], plain: Callable[[Run, object, object], object]
) -> Callable[[Run, object, object], object]:
    """`plain`, extended: it also moves dates by durations, adds durations and subtracts dates."""
    compute = TEMPORAL[operator]

    def operate(run: Run, left: object, right: object) -> object:
        if type(left) not in TIMES and type(right) not in TIMES:
            return plain(run, left, right)
        try:
            found = compute(left, right)
        except (OverflowError, ValueError) as error:
            raise LanguageError(
                say("The duration is out of range."), say("Calculate with shorter durations.")
            ) from error
        return plain(run, left, right) if found is NotImplemented else found

    return operate
