"""Arithmetic and comparison with limits, on the values of this language only.

Every function takes the run first, pays for the data it reads, and raises LanguageError in place of
Python's errors. A date compared with ISO text reads the text as a date, because process data is
JSON and a form's date arrives as text.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from engine.language.budget import INTEGER_LIMIT, MAX_TEXT_CHARACTERS, Run
from engine.language.errors import LanguageError
from engine.language.moments.days import instant, read_date, read_moment
from engine.language.moments.temporal import with_times
from engine.language.spans import TIMES, read_span, read_time
from engine.language.values import FLAT, check_count, measure, show, text_too_long
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import EndOfDay

MAX_EXPONENT = 60
Operator = Callable[[Run, object, object], object]
Number = int | float


def truth(value: object) -> bool:
    """Whether a condition holds: null, 0, empty text and empty lists are false."""
    return bool(value)


def checked_number(number: object) -> Number:
    """A result of arithmetic. Raises LanguageError outside the range that can be stored."""
    if isinstance(number, int) and abs(number) < INTEGER_LIMIT:
        return number
    if isinstance(number, float) and math.isfinite(number):
        return number
    raise LanguageError(
        say("The number is too large or has no value."),
        say("Keep whole numbers below 10**18 and do not take roots of negative numbers."),
    )


def _arithmetic(sign: str, compute: Callable[[Number, Number], object]) -> Operator:
    """`compute` on two numbers, with a sentence for every error."""

    def operate(run: Run, left: object, right: object) -> Number:
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise _mismatch(sign, left, right)
        try:
            return checked_number(compute(left, right))
        except ZeroDivisionError as error:
            raise LanguageError(
                say("{left} is divided by zero.", left=show(left)),
                say("Ask first whether the divisor is 0."),
            ) from error
        except OverflowError as error:
            raise LanguageError(
                say("The number is too large."), say("Calculate with smaller numbers.")
            ) from error

    return operate


def _mismatch(sign: str, left: object, right: object) -> LanguageError:
    what = say(
        "{left} {sign} {right} cannot be calculated.", left=show(left), sign=sign, right=show(right)
    )
    return LanguageError(what, _mismatch_advice(sign, left, right))


def _mismatch_advice(sign: str, left: object, right: object) -> Sentence:
    if isinstance(left, date | EndOfDay) or isinstance(right, date | EndOfDay):
        return say(
            'Move a date with days(n, date), working_days(n, date) or + duration("P3D");'
            " write date(x) where it is a text."
        )
    if isinstance(left, str) and sign == "%":
        return say('Put values into text with f"... {{name}} ...".')
    if isinstance(left, str) or isinstance(right, str):
        return say("Turn numbers into text with str(x), or text into a number with int(x).")
    return say("Check that both sides have a value and are numbers.")


def _add(run: Run, left: object, right: object) -> object:
    if isinstance(left, str) and isinstance(right, str):
        return _joined(run, left, right)
    if isinstance(left, list) and isinstance(right, list):
        run.spend_size(check_count(len(left) + len(right)))
        return left + right
    return _add_numbers(run, left, right)


def _joined(run: Run, left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT_CHARACTERS:
        raise text_too_long()
    run.spend_size(len(left) + len(right))
    return left + right


def _multiply(run: Run, left: object, right: object) -> object:
    if isinstance(left, int) and isinstance(right, str | list):
        left, right = right, left
    if isinstance(left, str) and isinstance(right, int):
        if len(left) * right > MAX_TEXT_CHARACTERS:
            raise text_too_long()
        run.spend_size(len(left) * max(right, 0))
        return left * right
    if isinstance(left, list) and isinstance(right, int):
        run.spend_size(check_count(len(left) * max(right, 0)))
        return left * right
    return _multiply_numbers(run, left, right)


def _power(base: Number, exponent: Number) -> object:
    """Refused before it is computed, because a tower of powers would not end."""
    if abs(exponent) > MAX_EXPONENT:
        raise LanguageError(
            say("The exponent {exponent} is too large.", exponent=exponent),
            say("Use exponents up to {limit}.", limit=MAX_EXPONENT),
        )
    return base**exponent


_add_numbers = _arithmetic("+", lambda left, right: left + right)
_subtract_numbers = _arithmetic("-", lambda left, right: left - right)
_multiply_numbers = _arithmetic("*", lambda left, right: left * right)

BINARY: Mapping[type[ast.operator], Operator] = {
    ast.Add: with_times(ast.Add, _add),
    ast.Sub: with_times(ast.Sub, _subtract_numbers),
    ast.Mult: with_times(ast.Mult, _multiply),
    ast.Div: _arithmetic("/", lambda left, right: left / right),
    ast.FloorDiv: _arithmetic("//", lambda left, right: left // right),
    ast.Mod: _arithmetic("%", lambda left, right: left % right),
    ast.Pow: _arithmetic("**", _power),
}


def negative(run: Run, value: object) -> object:
    """`-value` of a number."""
    return _subtract_numbers(run, 0, value)


def equal(run: Run, left: object, right: object) -> bool:
    """`==`; values of different kinds are different, except a date and its ISO text."""
    if type(left) not in FLAT or type(right) not in FLAT:
        run.spend_size(measure(left) + measure(right))
    return _same(left, right)


def _same(left: object, right: object) -> bool:
    """`==` of values that are certainly small enough."""
    if type(left) in TIMES or type(right) in TIMES:
        left, right = map(instant, _same_kind(left, right))
    return left == right


def less(run: Run, left: object, right: object) -> bool:
    """`<` of two numbers, two texts, two dates or two date-times."""
    left, right = _comparable(left, right)
    return left < right


def _less_or_equal(run: Run, left: object, right: object) -> bool:
    left, right = _comparable(left, right)
    return left <= right


def _comparable(left: object, right: object) -> tuple[Number, Number]:
    """The two sides, of one kind. The declared type stands for any kind with `<`."""
    said = _same_kind(left, right)
    left, right = map(instant, said)
    kind = _ordered_kind(left)
    if kind is None or kind is not _ordered_kind(right):
        raise _not_comparable(*said)
    return left, right  # type: ignore[return-value]  # see above


def _ordered_kind(value: object) -> type | None:
    if isinstance(value, int | float):
        return float
    return type(value) if type(value) in TIMES or isinstance(value, str) else None


def _not_comparable(left: object, right: object) -> LanguageError:
    what = say("{left} and {right} cannot be compared by size.", left=show(left), right=show(right))
    if isinstance(left, date | EndOfDay) and isinstance(right, date | EndOfDay):
        return LanguageError(what, say("Write date(x) to compare only the days."))
    if {_ordered_kind(left), _ordered_kind(right)} == {timedelta, float}:
        return LanguageError(what, say('Write duration("P3D"), or x.days for the number of days.'))
    if left is None or right is None:
        return LanguageError(what, say("Ask first whether there is a value: x is not None."))
    return LanguageError(what, say("Compare numbers with numbers, text with text."))


def _same_kind(left: object, right: object) -> tuple[object, object]:
    """ISO text beside a date, time or duration becomes a value of the same kind."""
    if isinstance(right, str) and type(left) in TIMES:
        return left, _read_like(left, right)
    if isinstance(left, str) and type(right) in TIMES:
        return _read_like(right, left), right
    return left, right


def _read_like(pattern: object, text: str) -> object:
    """`text` as a value of the kind of `pattern`; unchanged if it is none."""
    try:
        if isinstance(pattern, datetime | EndOfDay):
            return read_moment(text)
        return read_date(text) if isinstance(pattern, date) else _read_span_like(pattern, text)
    except LanguageError:
        return text


def _read_span_like(pattern: object, text: str) -> object:
    """`text` as a time of day or a duration of the same kind as `pattern`. Raises LanguageError."""
    found = read_time(text) if isinstance(pattern, time) else read_span(text)
    return found if type(found) is type(pattern) else text


def contains(run: Run, member: object, group: object) -> bool:
    """`member in group` for text, lists and the keys of mappings."""
    if isinstance(group, str) and isinstance(member, str):
        run.spend_size(len(group) + len(member))
        return member in group
    if isinstance(group, list | tuple | set):
        run.spend_size(measure(group) + measure(member))
        return _is_among(member, list(group))
    if isinstance(group, Mapping) and isinstance(member, str):
        return member in group
    raise LanguageError(
        say("{group} cannot contain {member}.", group=show(group), member=show(member)),
        say("Ask `in` of a list, of a mapping, or of text for text."),
    )


def _is_among(member: object, entries: list[object]) -> bool:
    """As Python's `in`, except that a date equals its ISO text."""
    if TIMES.isdisjoint({type(member), *map(type, entries)}):
        return member in entries
    return any(_same(member, entry) for entry in entries)


def _not(operator: Callable[[Run, object, object], bool]) -> Operator:
    return lambda run, left, right: not operator(run, left, right)


def _swapped(operator: Operator) -> Operator:
    return lambda run, left, right: operator(run, right, left)


COMPARE: Mapping[type[ast.cmpop], Operator] = {
    ast.Eq: equal,
    ast.NotEq: _not(equal),
    ast.Lt: less,
    ast.LtE: _less_or_equal,
    ast.Gt: _swapped(less),
    ast.GtE: _swapped(_less_or_equal),
    ast.In: contains,
    ast.NotIn: _not(contains),
    # Allowed beside None, True and False only, each of which exists once.
    ast.Is: lambda run, left, right: left is right,
    ast.IsNot: lambda run, left, right: left is not right,
}
