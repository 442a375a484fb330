"""The values of a column that the cells of a decision table can tell apart.

Cells compare with constants, so all values between two neighbouring constants are alike. A `Domain`
has each constant once, one value from every gap that is not empty, and null (`None`). The cell
itself says which of them match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from typing import Any

from engine.decisions.kinds import Kind
from engine.decisions.unary import UnaryTest
from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.spans import Months

Between = Callable[[Any, Any], Iterable[Any]]
"""Functions that give values between two neighbours; a bound that is None is open."""

ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


def _texts(low: str | None, high: str | None) -> list[str]:
    """Readable texts first: the first that fits is used. Between a text and its successor, which
    ends with the smallest character, no text exists."""
    return [""] if low is None else [low + "~", low + "\0"]


def _whole_numbers(low: float | None, high: float | None) -> list[float]:
    if low is not None:
        return [floor(low) + 1]
    return [0 if high is None else ceil(high) - 1]


def _numbers(low: float | None, high: float | None) -> list[float]:
    whole = _whole_numbers(low, high)
    return whole if low is None or high is None else [*whole, low / 2 + high / 2]


def _steps(start: Any, step: Any) -> Between:
    def between(low: Any, high: Any) -> list[Any]:
        try:
            if low is None:
                return [start if high is None else high - step]
            return [low + step]
        except OverflowError:
            return []  # the last or first possible date

    return between


def _times(low: time | None, high: time | None) -> list[time]:
    """The next possible time; none before midnight or after the last moment."""
    if low is None:
        return [time.min]
    later = datetime.combine(date.min, low) + timedelta(microseconds=1)
    return [later.time()] if later.date() == date.min else []


BETWEEN: dict[str, Between] = {
    "text": _texts,
    "number": _numbers,
    "whole number": _whole_numbers,
    "day": _steps(ANY_MOMENT.date(), timedelta(days=1)),
    "moment": _steps(ANY_MOMENT, timedelta(microseconds=1)),
    "time": _times,
    "days": _steps(timedelta(0), timedelta(microseconds=1)),
    "months": _steps(Months(0), Months(1)),
}
"""Family of ordered values -> function for the values between two neighbours."""
FAMILIES: dict[str, tuple[str, ...]] = {
    "string": ("text",), "number": ("number",), "integer": ("whole number",), "date": ("day",),
    "dateTime": ("moment",), "boolean": (), "time": ("time",), "dayTimeDuration": ("days",),
    "yearMonthDuration": ("months",),
    "Any": ("text", "number", "day", "moment", "time", "days", "months"),
}  # fmt: skip
"""Kind of a column -> the families of its values."""


SPANS: dict[type, str] = {time: "time", timedelta: "days", Months: "months"}


def family_of(value: object) -> str:
    """The family within which a value has an order; empty for true, false and null."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, datetime):
        return "moment"  # a moment without a zone does not occur
    if isinstance(value, date):
        return "day"
    if type(value) in SPANS:
        return SPANS[type(value)]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else ""


def are_mixed(constants: Iterable[object]) -> bool:
    """Whether dates stand beside other texts or dates. A date equals its text, so values of
    different families then cannot be told apart as cleanly as `Domain` assumes."""
    found = {family_of(value) for value in constants} - {"", "number"}
    return len(found) > 1


@dataclass(frozen=True)
class Domain:
    """The values that the cells of a column can tell apart; values of one group are in order."""

    groups: tuple[tuple[object, ...], ...]

    @classmethod
    def of(cls, kind: Kind, constants: Iterable[object]) -> Domain:
        """The values of a column of this kind with these constants in its cells."""
        known = list(constants)
        ordered = [
            _filled(
                BETWEEN[family],
                {value for value in known if family_of(value) == family.removeprefix("whole ")},
            )
            for family in FAMILIES[kind.name]
        ]
        others = (False, True, None) if kind.name in ("boolean", "Any") else (None,)
        return cls((*ordered, *((one,) for one in others)))

    @classmethod
    def listed(cls, allowed: Iterable[object]) -> Domain:
        """These values and null only."""
        return cls((*((one,) for one in allowed), (None,)))

    @property
    def values(self) -> list[object]:
        """All values, null last."""
        return [value for group in self.groups for value in group]

    def where(self, cell: UnaryTest) -> int:
        """The values that match a cell of constants: one bit for each, in their order."""
        own = {(family_of(value), value) for value in (*cell.values, *cell.bounds)}
        found = shift = 0
        for group, places in zip(self.groups, self._places, strict=True):
            constants = sorted(places[value] for value in own & places.keys())
            for first, last in _alike(len(group), constants):
                if _holds(cell, group[first]):
                    found |= ((1 << (last - first)) - 1) << (shift + first)
            shift += len(group)
        return found

    @cached_property
    def _places(self) -> list[dict[tuple[str, object], int]]:
        """The place of each value in its group."""
        return [
            {(family_of(value), value): place for place, value in enumerate(group)}
            for group in self.groups
        ]


def _filled(between: Between, constants: Iterable[Any]) -> tuple[object, ...]:
    """The constants in order, with a value from each gap that is not empty."""
    ordered = sorted(constants)
    bounds = [None, *ordered, None]
    filled: list[object] = []
    for low, high in pairwise(bounds):
        filled += [value for value in between(low, high) if _is_inside(low, value, high)][:1]
        filled += [high] if high is not None else []
    return tuple(filled)


def _is_inside(low: Any, value: Any, high: Any) -> bool:
    return (low is None or low < value) and (high is None or value < high)


def _alike(count: int, constants: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The places of a group of `count` values, split at the constants of a cell: the cell matches
    all or none of the values in one stretch."""
    start = 0
    for place in constants:
        if start < place:
            yield start, place
        yield place, place + 1
        start = place + 1
    if start < count:
        yield start, count


def _holds(cell: UnaryTest, value: object) -> bool:
    """A value that cannot be compared with the cell ends the decision, so no rule matches it."""
    try:
        return cell.matches(Run({}, {}), value)
    except LanguageError:
        return False
