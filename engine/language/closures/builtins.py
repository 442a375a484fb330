"""Functions that every expression may call.

Each takes the run first and raises LanguageError for values it cannot use. Functions that need the
clock or the calendar are in `functions`; they win over these if they share a name.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import cast

from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.moments.days import ANYWHERE, day_of, instant, read_moment
from engine.language.operators import checked_number, less, truth
from engine.language.spans import TIMES, Months, iso_text, read_span, read_time
from engine.language.values import (
    FLAT,
    check_count,
    checked_text,
    entries_of,
    measure,
    show,
    to_json,
)
from engine.sentences.sentence import say
from engine.time.calendar import EndOfDay

MAX_NUMBER_CHARACTERS = 40
MAX_DIGITS = 15


def text_of(run: Run, value: object) -> str:
    """`value` as text, the way Python writes scalars; lists and mappings as JSON."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, int | float):
        return str(value)
    if type(value) in TIMES:
        return iso_text(value)
    run.spend_size(measure(value))
    return checked_text(json.dumps(to_json(value, show(value)), ensure_ascii=False))


def _date_and_time(run: Run, value: object) -> object:
    if isinstance(value, datetime | EndOfDay):
        return value
    if isinstance(value, str):
        return read_moment(value)
    raise _unusable("date_and_time", value)


def _read(
    name: str, kinds: tuple[type, ...], read: Callable[[str], object]
) -> Callable[..., object]:
    """A function that turns a text into a value of one of these kinds."""

    def convert(run: Run, value: object) -> object:
        if isinstance(value, kinds):
            return value
        if isinstance(value, str):
            return read(value)
        raise _unusable(name, value)

    return convert


def _unusable(function: str, value: object) -> LanguageError:
    return LanguageError(
        say("{function}({value}) has no result.", function=function, value=show(value)),
        say("Check what the function is given."),
    )


def _length(run: Run, value: object) -> int:
    if isinstance(value, str | list | tuple | set | Mapping):
        return len(value)
    raise _unusable("len", value)


def _empty(run: Run, value: object) -> bool:
    """JUEL's `empty`: nothing, empty text, an empty list or mapping; never a number."""
    return value is None or (isinstance(value, str | list | tuple | set | Mapping) and not value)


def _number(kind: type[int] | type[float]) -> Callable[..., object]:
    def convert(run: Run, value: object = 0) -> object:
        short = len(value) <= MAX_NUMBER_CHARACTERS if isinstance(value, str) else True
        if not short or not isinstance(value, str | int | float):
            raise _unusable(kind.__name__, value)
        try:
            return checked_number(kind(value))
        except ValueError as error:
            raise _unusable(kind.__name__, value) from error

    return convert


def _round(run: Run, value: object, digits: object = None) -> object:
    if not isinstance(value, int | float):
        raise _unusable("round", value)
    if digits is None:
        return checked_number(round(value))
    if not isinstance(digits, int) or abs(digits) > MAX_DIGITS:
        raise _unusable("round", digits)
    return checked_number(round(value, digits))


def _absolute(run: Run, value: object) -> object:
    if isinstance(value, int | float):
        return checked_number(abs(value))
    raise _unusable("abs", value)


def _sum(run: Run, values: object) -> object:
    entries = entries_of(run, values)
    numbers = [entry for entry in entries if isinstance(entry, int | float)]
    if len(numbers) < len(entries):
        raise _unusable("sum", values)
    return checked_number(sum(numbers))


def _extreme(name: str, better: Callable[[Run, object, object], bool]) -> Callable[..., object]:
    def choose(run: Run, *values: object) -> object:
        entries = entries_of(run, values[0] if len(values) == 1 else list(values))
        if not entries:
            raise _unusable(name, [])
        run.spend(len(entries))
        return functools.reduce(lambda a, b: b if better(run, b, a) else a, entries)

    return choose


def _sorted(run: Run, values: object, *, reverse: object = False) -> list[object]:
    entries = entries_of(run, values)
    # Twice the price: sorting 10,000 entries compares each about 14 times, at C speed.
    run.spend_size(2 * measure(entries))
    try:
        return sorted(entries, key=instant, reverse=truth(reverse))  # type: ignore[arg-type]  # caught
    except TypeError as error:
        raise _unusable("sorted", values) from error


def _range(run: Run, *bounds: object) -> list[object]:
    if not 1 <= len(bounds) <= 3 or not all(isinstance(bound, int) for bound in bounds):
        raise _unusable("range", list(bounds))
    if len(bounds) == 3 and bounds[2] == 0:
        raise _unusable("range", 0)
    numbers = range(*cast("list[int]", list(bounds)))
    run.spend_size(check_count(len(numbers)))
    return list(numbers)


def _list(run: Run, values: object = ()) -> list[object]:
    return entries_of(run, values)


def _set(run: Run, values: object = ()) -> set[object]:
    return make_set(entries_of(run, values))


def make_set(entries: list[object]) -> set[object]:
    """A set of plain values."""
    if not FLAT.issuperset(map(type, entries)):
        raise LanguageError(say("A set cannot hold lists or mappings."), say("Use a list: [a, b]."))
    return set(entries)


def _dict(run: Run, pairs: object = ()) -> dict[object, object]:
    if isinstance(pairs, Mapping):
        run.spend_size(check_count(len(pairs)))
        return dict(pairs)
    entries = entries_of(run, pairs)
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in entries):
        raise _unusable("dict", pairs)
    return {text_key(pair[0]): pair[1] for pair in entries}  # type: ignore[index]  # pairs


def text_key(key: object) -> str:
    """The key of a mapping: text, as in JSON."""
    if isinstance(key, str):
        return key
    raise LanguageError(
        say("{key} cannot be a key.", key=show(key)), say("Write keys as text, in quotes.")
    )


def _enumerate(run: Run, values: object, start: object = 0) -> list[object]:
    if not isinstance(start, int):
        raise _unusable("enumerate", start)
    return list(enumerate(entries_of(run, values), start))


def _zip(run: Run, *groups: object) -> list[object]:
    return list(zip(*(entries_of(run, group) for group in groups), strict=False))


BUILTINS: Mapping[str, Callable[..., object]] = {
    "abs": _absolute,
    "all": lambda run, values: all(entries_of(run, values)),
    "any": lambda run, values: any(entries_of(run, values)),
    "bool": lambda run, value=None: truth(value),
    "date": lambda run, value: day_of(value, ANYWHERE),
    "date_and_time": _date_and_time,
    "dict": _dict,
    "duration": _read("duration", (timedelta, Months), read_span),
    "empty": _empty,
    "enumerate": _enumerate,
    "float": _number(float),
    "int": _number(int),
    "len": _length,
    "list": _list,
    "max": _extreme("max", lambda run, a, b: less(run, b, a)),
    "min": _extreme("min", less),
    "range": _range,
    "reversed": lambda run, values: entries_of(run, values)[::-1],
    "round": _round,
    "set": _set,
    "sorted": _sorted,
    "str": lambda run, value="": text_of(run, value),
    "sum": _sum,
    "time": _read("time", (time,), read_time),
    "tuple": lambda run, values=(): tuple(entries_of(run, values)),
    "zip": _zip,
}
