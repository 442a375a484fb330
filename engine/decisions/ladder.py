"""Escalation ladders: decision tables whose output `next_look` says when to look again.

`next_look` is a working day relative to the deadline (-3, 1, 7, ...; empty: do not look again).
Owns reading the next look and the check that each look is later than the one before. The timer
turns the day into a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from engine.decisions.decision import Match
from engine.decisions.table import DecisionTable, Input, Rule
from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.values import show
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say

NEXT_LOOK = "next_look"
OVERDUE = "overdue"
# Days to try around each bound of a cell, and far from all of them.
NEAR, FAR = 2, 400
MAX_SITUATIONS = 400
MAX_LOOKS = 40
MAX_ASKED = 2_000_000
"""Limit of rule evaluations in the check: situations x days x rules. Real ladders need some
50,000."""


def is_ladder(table: DecisionTable) -> bool:
    """Whether the table says when to look again."""
    return any(output.name == NEXT_LOOK for output in table.outputs)


def rung_of(result: Mapping[str, object] | None) -> int | None:
    """The working day of the next look in a table's result; None: do not look again.

    Raises LanguageError if `next_look` is no whole number of working days.
    """
    rung = None if result is None else result.get(NEXT_LOOK)
    if rung is None:
        return None
    if isinstance(rung, int | float) and not isinstance(rung, bool) and float(rung).is_integer():
        return int(rung)
    raise LanguageError(
        say(
            "The next look is {value}, which is no whole number of working days.", value=show(rung)
        ),
        say("Write a working day relative to the deadline, such as -3 or overdue + 5."),
    )


def ladder_problems(table: DecisionTable) -> list[Problem]:
    """The faults of a ladder, rule by rule.

    The check evaluates the table around every bound of its cells, for every value in its other
    columns, and follows every result: each look must be later than the one before it.
    """
    shape = _shape_problem(table)
    if shape is not None:
        return [shape]
    found: dict[tuple[str, str], Problem] = {}
    situations = list(_different(table, islice(_situations(table), MAX_SITUATIONS)))
    starts = _starts(table)
    if len(situations) * len(starts) * len(table.rules) > MAX_ASKED:
        return [_too_large(table)]
    for names, narrow in situations:
        asked: set[int] = set()
        for start in starts:
            problem = _follow(table, narrow, names, start, asked)
            if problem is not None:
                found.setdefault((problem.element_id, problem.what.template), problem)
    return sorted(found.values(), key=lambda problem: problem.line)


def _too_large(table: DecisionTable) -> Problem:
    return _problem(
        table,
        None,
        say("The ladder has too many rules to be followed from each of its days."),
        say("Write one rule for each step of the ladder, with few stages and priorities."),
    )


def _shape_problem(table: DecisionTable) -> Problem | None:
    """The problem of a table that is no ladder at all."""
    if not is_ladder(table):
        return _problem(
            table,
            None,
            say("The table has no output {name}.", name=NEXT_LOOK),
            say("Add an output {name}: the working day of the next look.", name=NEXT_LOOK),
        )
    columns = [_column_name(column) for column in table.inputs]
    if OVERDUE not in columns or "" in columns:
        return _problem(
            table,
            None,
            say("The columns of a ladder are plain names, {name} among them.", name=OVERDUE),
            say("Write stage, priority or {name} as input.", name=OVERDUE),
        )
    return None


def _column_name(column: Input) -> str:
    """The name that a column compares; empty if it compares an expression."""
    source = column.expression.source.strip()
    return source if column.expression.names == {source} else ""


def _situations(table: DecisionTable) -> Iterator[dict[str, object]]:
    """Every combination of the values in the columns beside `overdue`, and of no value."""
    columns = {
        _column_name(column): [*_mentioned(table, place), None]
        for place, column in enumerate(table.inputs)
        if _column_name(column) != OVERDUE
    }
    for values in product(*columns.values()):
        yield dict(zip(columns, values, strict=True))


def _different(
    table: DecisionTable, situations: Iterable[Mapping[str, object]]
) -> Iterator[tuple[Mapping[str, object], DecisionTable]]:
    """One of several situations with equal results on every day, with the table of the rules that
    may match then: most values match the same few rules. If more facts may count than these
    rules and the values they read, every situation and the whole table."""
    seen = set()
    simple = _is_simple(table)
    for names in situations:
        left = _left(table, names) if simple else None
        likeness = tuple(names.items()) if left is None else _likeness(left, names)
        if likeness not in seen:
            seen.add(likeness)
            yield names, table if left is None else replace(table, rules=left)


def _is_simple(table: DecisionTable) -> bool:
    """Whether its rules and the values they read decide on the result."""
    return not (table.needs.given or table.needs.before) and all(
        test.constant for rule in table.rules for test in rule.tests
    )


def _likeness(left: Iterable[Rule], names: Mapping[str, object]) -> tuple[object, ...]:
    """The facts that decide on the results: the rules left when only the day is open, and the
    values they read."""
    read = {name for rule in left for cell in rule.outputs if cell for name in cell.names}
    numbers = tuple(rule.number for rule in left)
    return numbers, tuple((name, value) for name, value in names.items() if name in read)


def _left(table: DecisionTable, names: Mapping[str, object]) -> tuple[Rule, ...] | None:
    """The rules that match in every column except the day; None: a column cannot be read."""
    run = Run(names, {})
    beside = [place for place, one in enumerate(table.inputs) if _column_name(one) != OVERDUE]
    try:
        values = {place: table.inputs[place].read(run) for place in beside}
        return tuple(
            rule
            for rule in table.rules
            if all(rule.tests[place].matches(run, values[place]) for place in beside)
        )
    except LanguageError:
        return None


def _mentioned(table: DecisionTable, place: int) -> list[object]:
    """The values and bounds in the cells of a column, without repetition."""
    tests = [rule.tests[place] for rule in table.rules]
    return list(dict.fromkeys(value for test in tests for value in (*test.values, *test.bounds)))


def _starts(table: DecisionTable) -> list[int]:
    """Days around each number in the cells of `overdue`, and days far away."""
    place = [_column_name(column) for column in table.inputs].index(OVERDUE)
    numbers = [value for value in _mentioned(table, place) if isinstance(value, int | float)]
    bounds = {int(number) for number in numbers} or {0}
    near = {bound + shift for bound in bounds for shift in range(-NEAR, NEAR + 1)}
    return sorted(near | {min(bounds) - FAR, max(bounds) + FAR})


def _follow(
    table: DecisionTable,
    narrow: DecisionTable,
    names: Mapping[str, object],
    start: int,
    asked: set[int],
) -> Problem | None:
    """Follow the looks from day `start`, as the timer would, through the rules that may match;
    return the first that is not later than the one before, as a problem of the whole `table`.

    Stops at a day that was `asked` already: its result is known.
    """
    day = start
    for _ in range(MAX_LOOKS):
        if day in asked:
            return None
        asked.add(day)
        try:
            matches = narrow.decide({**names, OVERDUE: day})
            look = rung_of(matches[0].outputs) if matches else None
        except LanguageError as error:
            return _problem(table, None, error.what, error.advice)
        if look is None:
            return None
        if look <= day:
            return _standstill(table, matches[0], day, look)
        day = look
    return None


def _standstill(table: DecisionTable, match: Match, day: int, look: int) -> Problem:
    return _problem(
        table,
        match,
        say(
            "On working day {day}, rule {rule} asks to look again on day {look}.",
            day=day,
            rule=match.number,
            look=look,
        ),
        say("Let next_look be later than every day the rule holds for, or leave it empty."),
    )


def _problem(
    table: DecisionTable, match: Match | None, what: Sentence, advice: Sentence
) -> Problem:
    rule = table.rules[match.number - 1] if match and match.number else None
    return Problem(
        table.file,
        rule.id if rule else table.id,
        table.name,
        rule.line if rule else table.line,
        "error",
        "ladder",
        what,
        advice,
    )
