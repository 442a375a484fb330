"""The types of a decision table's columns (DMN 1.3, `typeRef`), and the values that fit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.language.budget import Function
from engine.language.errors import LanguageError
from engine.language.expressions import NO_FUNCTIONS
from engine.language.moments.days import day_in, read_moment
from engine.language.spans import Months, read_span, read_time
from engine.language.values import show
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import EndOfDay


@dataclass(frozen=True, slots=True)
class Kind:
    """The values that fit a column. `read` turns JSON text into the column's kind of value
    (dates)."""

    name: str
    fits: Callable[[object], bool]
    advice: Sentence
    read: Callable[[str], object] | None = None
    is_day: bool = False

    def literal(self, value: object, column: str) -> object:
        """`value` of a cell, if it fits. Null fits every kind; a list fits if all entries fit."""
        entries = value if isinstance(value, list) else [value]
        if all(entry is None or self.fits(entry) for entry in entries):
            return value
        raise _misfit(value, column, self.advice)

    def given(
        self, value: object, column: str, functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> object:
        """`value` of a variable, if it fits. In a date column ISO text becomes a date, and a moment
        becomes its day (by `functions`)."""
        if self.is_day and isinstance(value, str | datetime | EndOfDay):
            value = day_in(functions, value)
        elif isinstance(value, str) and self.read is not None:
            value = self.read(value)
        if value is None or self.fits(value):
            return value
        raise _misfit(value, column, self.advice)


def _misfit(value: object, column: str, advice: Sentence) -> LanguageError:
    return LanguageError(
        say("{value} does not fit the column {column}.", value=show(value), column=column), advice
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return _is_number(value) and float(value).is_integer()  # type: ignore[arg-type]  # a number


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


ANY = Kind("Any", lambda value: True, say("Give any value."))
TEXT = Kind("string", lambda value: isinstance(value, str), say('Give text, in quotes: "high".'))
BOOLEAN = Kind(
    "boolean",
    lambda value: isinstance(value, bool),
    say("Give true or false, without quotes."),
)
NUMBER = Kind("number", _is_number, say("Give a number, without quotes: 5 or 2.5."))
INTEGER = Kind("integer", _is_whole, say("Give a whole number, without quotes."))
DAY = Kind("date", _is_day, say('Give a date: date("2026-12-31").'), is_day=True)
MOMENT = Kind(
    "dateTime",
    lambda value: isinstance(value, datetime | EndOfDay),
    say('Give a date with time: date and time("2026-12-31T09:00:00+07:00").'),
    read_moment,
)

TIME = Kind("time", lambda v: isinstance(v, time), say('Give a time: time("09:00:00").'), read_time)
DAYS = Kind(
    "dayTimeDuration",
    lambda value: isinstance(value, timedelta),
    say('Give days and hours: duration("P3DT4H").'),
    read_span,
)
MONTHS = Kind(
    "yearMonthDuration",
    lambda value: isinstance(value, Months),
    say('Give years and months: duration("P1Y6M").'),
    read_span,
)

KINDS: Mapping[str, Kind] = {
    "": ANY, "Any": ANY, "any": ANY, "string": TEXT, "boolean": BOOLEAN, "number": NUMBER,
    "double": NUMBER, "decimal": NUMBER, "float": NUMBER, "integer": INTEGER, "long": INTEGER,
    "int": INTEGER, "short": INTEGER, "date": DAY, "dateTime": MOMENT, "datetime": MOMENT,
    "date and time": MOMENT, "time": TIME, "dayTimeDuration": DAYS, "yearMonthDuration": MONTHS,
    "days and time duration": DAYS, "years and months duration": MONTHS,
}  # fmt: skip


def kind_of(reference: str, own: Mapping[str, str]) -> Kind:
    """The kind of a `typeRef`, through the item definitions of its file.

    Raises LanguageError for a type that columns cannot have.
    """
    name = reference
    for _ in range(len(own) + 1):
        local = name.rpartition(":")[2] if name not in own else name
        if local in KINDS:
            return KINDS[local]
        if local not in own:
            break
        name = own[local]
    raise LanguageError(
        say("The type {name} cannot be used in a column.", name=reference),
        say("Choose string, boolean, number, integer, date, dateTime, time or a duration."),
    )
