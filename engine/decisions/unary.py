"""Unary tests of S-FEEL (DMN 1.3, 9.2): the condition in an input cell of a decision table.

Reads `-`, values, lists of values, ranges, comparisons and `not(...)`. A value is a literal, a
date, a column's name or simple arithmetic with these; the bounded language compiles it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.decisions.kinds import Kind
from engine.decisions.vocabulary import PLAIN, Vocabulary
from engine.language.budget import MAX_SOURCE_BYTES, Run
from engine.language.errors import LanguageError
from engine.language.expressions import Expression, literal
from engine.language.moments.days import DATE_CHARACTERS
from engine.language.operators import COMPARE, equal, less, truth
from engine.language.values import show
from engine.sentences.sentence import say

Matches = Callable[[Run, object], bool]

NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
SIGN = re.compile(r"<=|>=|<|>")
SIGNS: Mapping[str, type[ast.cmpop]] = {"<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE}
# Functions of literals: their results are known when the table is read.
DATES = frozenset({"date", "date_and_time", "duration", "time"})
# Constructs that are conditions themselves: in a cell they would be compared with the column.
CONDITIONS = (ast.Compare, ast.BoolOp, ast.Not, ast.IfExp, ast.ListComp, ast.GeneratorExp)
DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)
ONLY_ONE_VALUE = say('Write what the column is compared with: "a", "b" or > 5 or [1..5] or not(3).')


@dataclass(frozen=True, slots=True)
class Column:
    """The facts of a column that a cell needs: name for sentences, kind, names it may compare with,
    the values that its author allows (none: all), and the spelling of special names."""

    label: str
    kind: Kind
    names: frozenset[str]
    allowed: tuple[object, ...] = ()
    vocabulary: Vocabulary = PLAIN


def check_allowed(values: Iterable[object], allowed: tuple[object, ...], column: str) -> None:
    """Raises LanguageError for a value outside the author's list for the column."""
    for value in values:
        if allowed and value is not None and value not in allowed:
            raise LanguageError(
                say(
                    "{value} is not among the values of the column {column}.",
                    value=show(value),
                    column=column,
                ),
                say("The column lists: {values}.", values=", ".join(map(show, allowed))),
            )


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """A compiled input cell. `values`: its listed literals; `bounds`: the literals it compares
    with; `constant`: it compares only with literals; `names`: the names it reads."""

    source: str
    matches: Matches
    values: tuple[object, ...] = ()
    bounds: tuple[object, ...] = ()
    constant: bool = True
    names: frozenset[str] = frozenset()


ANYTHING = UnaryTest("-", lambda run, value: True)


def parse_unary(text: str, column: Column) -> UnaryTest:
    """Compile an input cell. Raises LanguageError that says what to write."""
    bare = text.strip()
    if bare in ("", "-"):
        return ANYTHING
    if len(bare) > MAX_SOURCE_BYTES:
        raise LanguageError(say("The cell is too long."), say("Write several rules."))
    inverted = NOT.fullmatch(bare)
    tests = _parse_list(inverted[1] if inverted else bare, column)
    values = tuple(value for test in tests for value in test.values)
    check_allowed(values, column.allowed, column.label)
    return UnaryTest(
        bare,
        _none_of(tests) if inverted else _any_of(tests),
        values,
        tuple(bound for test in tests for bound in test.bounds),
        all(test.constant for test in tests),
        frozenset().union(*(test.names for test in tests)),
    )


def _any_of(tests: list[UnaryTest]) -> Matches:
    if len(tests) == 1:
        return tests[0].matches

    def any_of(run: Run, value: object) -> bool:
        return any(test.matches(run, value) for test in tests)

    # A list of texts or of numbers is the commonest cell: one lookup instead of one comparison
    # each.
    for is_one in (_is_text, _is_number):
        if all(len(test.values) == 1 and is_one(test.values[0]) for test in tests):
            values = frozenset(test.values[0] for test in tests)
            return lambda run, value: value in values if is_one(value) else any_of(run, value)
    return any_of


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _none_of(tests: list[UnaryTest]) -> Matches:
    return lambda run, value: not any(test.matches(run, value) for test in tests)


def _parse_list(text: str, column: Column) -> list[UnaryTest]:
    """Positive unary tests separated by commas."""
    tests: list[UnaryTest] = []
    place = 0
    while True:
        test, place = _parse_one(text, _skip_blank(text, place), column)
        tests.append(test)
        if place >= len(text):
            return tests
        if text[place] != ",":
            raise LanguageError(
                say("{text} is not expected here.", text=text[place:]), ONLY_ONE_VALUE
            )
        place += 1


def _skip_blank(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _parse_one(text: str, place: int, column: Column) -> tuple[UnaryTest, int]:
    """One range, comparison or value, and the place of its end."""
    middle = _find(text, place + 1, ("..", ",")) if text[place : place + 1] in tuple("[](") else 0
    if middle and text[middle : middle + 2] == "..":
        return _parse_range(text, place, middle, column)
    sign = SIGN.match(text, place)
    start = sign.end() if sign else place
    end = _find(text, start, (",",))
    operand = _Operand.read(text[start:end], column)
    return (_comparison(sign[0], operand) if sign else _value(operand)), end


def _find(text: str, place: int, ends: tuple[str, ...]) -> int:
    """The place of the first of `ends` outside of quotes and brackets; the end of the text if there
    is none."""
    depth, quote = 0, ""
    while place < len(text):
        sign = text[place]
        if quote:
            place += sign == "\\"
            quote = "" if sign == quote else quote
        elif depth == 0 and text.startswith(ends, place):
            return place
        elif sign in "\"'":
            quote = sign
        else:
            depth += (sign in "([") - (sign in ")]" and depth > 0)
        place += 1
    return len(text)


@dataclass(frozen=True, slots=True)
class _Operand:
    """The right side of a comparison with a column: an expression, and its value if it is already
    known."""

    expression: Expression
    known: tuple[object, ...]
    evaluate: Callable[[Run], object]

    @classmethod
    def read(cls, text: str, column: Column) -> _Operand:
        expression = literal(text)
        if not text.strip() or text.lstrip().startswith("!"):
            raise LanguageError(say("A value is missing in the cell."), ONLY_ONE_VALUE)
        depends = False
        if expression is None:
            tree = column.vocabulary.tree(text)
            _check_shape(tree)
            expression = column.vocabulary.cell(text)
            check_names(expression, column.names)
            depends = "date" in expression.calls and _holds_a_moment(tree)
        if expression.names or expression.calls - DATES or depends:
            return cls(expression, (), expression.evaluate_in)
        value = column.kind.literal(expression.evaluate({}), column.label)
        return cls(expression, (value,), lambda run: value)


def _holds_a_moment(tree: ast.expr) -> bool:
    """Whether a text is more than a date: only the calendar knows the day of a moment."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return any(isinstance(text, str) and len(text) > DATE_CHARACTERS for text in texts)


def _check_shape(tree: ast.expr) -> None:
    """Refuse conditions and lists: compared with the column they would never match."""
    nodes = list(ast.walk(tree))
    if any(isinstance(node, CONDITIONS) for node in nodes):
        raise LanguageError(say("A cell holds no whole condition."), ONLY_ONE_VALUE)
    if any(isinstance(node, DISPLAYS) for node in nodes):
        raise LanguageError(
            say("A list in a cell is written without brackets."), say('Write: "a", "b".')
        )


def check_names(expression: Expression, known: frozenset[str]) -> None:
    """Raises LanguageError for a name that is no column: nearly always text without its quotes."""
    unknown = sorted(expression.names - known)
    if unknown:
        raise LanguageError(
            say("{name} is not a column of this table.", name=unknown[0]),
            say('If text is meant, write it in quotes: "{name}".', name=unknown[0]),
        )


def _value(operand: _Operand) -> UnaryTest:
    """The test for this value, or for one of a list of values that is read by its name."""

    def matches(run: Run, value: object) -> bool:
        wanted = operand.evaluate(run)
        if isinstance(wanted, list) and not isinstance(value, list):
            run.spend(len(wanted))
            return any(_same(run, value, entry) for entry in wanted)
        return _same(run, value, wanted)

    source, names, known = operand.expression.source, operand.expression.names, operand.known
    return UnaryTest(source, matches, values=known, constant=bool(known), names=names)


def _same(run: Run, value: object, wanted: object) -> bool:
    """Equal; a number never equals true or false."""
    return isinstance(value, bool) is isinstance(wanted, bool) and equal(run, value, wanted)


def _comparison(sign: str, operand: _Operand) -> UnaryTest:
    """The test for a larger or smaller value; null is neither."""

    compare = COMPARE[SIGNS[sign]]

    def matches(run: Run, value: object) -> bool:
        bound = operand.evaluate(run)
        return value is not None and bound is not None and truth(compare(run, value, bound))

    source, names, known = sign + operand.expression.source, operand.expression.names, operand.known
    return UnaryTest(source, matches, bounds=known, constant=bool(known), names=names)


def _parse_range(text: str, place: int, middle: int, column: Column) -> tuple[UnaryTest, int]:
    """[1..5], (1..5], ]1..5[ : a bracket that turns away excludes its end."""
    end = _find(text, middle + 2, ("]", ")", "["))
    if end == len(text):
        raise LanguageError(say("A range is not closed."), say("Write: [1..5]."))
    low = _Operand.read(text[place + 1 : middle], column)
    high = _Operand.read(text[middle + 2 : end], column)
    _check_ends(low, high)
    above = _comparison(">=" if text[place] == "[" else ">", low)
    below = _comparison("<=" if text[end] == "]" else "<", high)
    test = UnaryTest(
        text[place : end + 1],
        lambda run, value: above.matches(run, value) and below.matches(run, value),
        bounds=low.known + high.known,
        constant=above.constant and below.constant,
        names=above.names | below.names,
    )
    return test, _skip_blank(text, end + 1)


def _check_ends(low: _Operand, high: _Operand) -> None:
    """Raises LanguageError for a range that contains no value."""
    if low.known and high.known and less(Run({}, {}), high.known[0], low.known[0]):
        raise LanguageError(
            say("The range begins after its end."), say("Write the smaller value first.")
        )
