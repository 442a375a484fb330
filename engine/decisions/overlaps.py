"""Rules of a UNIQUE table that can match at the same time, found without evaluating the table.

Each pair it reports is certain: both rules match for some values. Cells that compare with other
columns or call functions, and calculated columns, depend on facts of a run. Pairs that only such
cells may separate are not reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_

from engine.decisions.domains import Domain, are_mixed
from engine.decisions.table import DecisionTable, Input
from engine.decisions.unary import ANYTHING, UnaryTest
from engine.language.values import show
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
"""A column that only reads a value, such as `priority` or `case.priority`."""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """What the columns that read one value ask of it: the values for which each rule holds, a bit
    for each of `values`."""

    label: str
    values: Sequence[object]
    wanted: Sequence[int]

    def met(self, first: int, second: int) -> int:
        """The values for which both rules match."""
        return self.wanted[first] & self.wanted[second]

    def example(self, first: int, second: int) -> tuple[bool, object]:
        """One of these values, and whether it is informative: not if every value matches. Null is
        the last resort."""
        both = self.met(first, second)
        return both.bit_count() < len(self.values), self.values[(both & -both).bit_length() - 1]


def overlap_problems(table: DecisionTable) -> list[Problem]:
    """For each rule that can match together with an earlier one: both rules, and an example."""
    if table.hit_policy != "UNIQUE":
        return []
    readings = _readings(table)
    pairs = ((_first_met(readings, place), place) for place in range(len(table.rules)))
    return [_problem(table, readings, first, place) for first, place in pairs if first is not None]


def _first_met(readings: Sequence[ReadValue], place: int) -> int | None:
    """The first rule above that matches together with this one for some value of every reading."""
    left: Iterable[int] = range(place)
    for one in readings:
        wanted, mine = one.wanted, one.wanted[place]
        left = [other for other in left if wanted[other] & mine]
    return next(iter(left), None)


def _readings(table: DecisionTable) -> list[ReadValue]:
    columns: dict[str, list[int]] = {}
    for place, column in enumerate(table.inputs):
        columns.setdefault(_path(column) or f"#{place}", []).append(place)
    return [_reading(table, path, places, columns) for path, places in columns.items()]


def _path(column: Input) -> str:
    """The path that a column reads; empty if it calculates."""
    read = column.expression
    path = "".join(read.source.split())
    return path if PATH.fullmatch(path) and read.names == {path.split(".")[0]} else ""


def _reading(table: DecisionTable, path: str, places: list[int], paths: Iterable[str]) -> ReadValue:
    column = table.inputs[places[0]]
    rules = [[rule.tests[place] for place in places] for rule in table.rules]
    if not _is_free(table, path, paths) or len(_kinds(table, path, places)) > 1:
        # Only a rule that accepts everything surely accepts a calculated value.
        wanted = [int(all(cell is ANYTHING for cell in cells)) for cells in rules]
        return ReadValue(column.label, [None], wanted)
    constants = [value for cells in rules for cell in cells for value in _constants(cell)]
    allowed = [one for item in table.needs.given if item.name == path for one in item.allowed]
    domain = Domain.listed(allowed) if allowed else Domain.of(column.kind, constants)
    mixed = are_mixed(constants)
    wanted = [reduce(and_, (_where(domain, cell, mixed) for cell in cells)) for cells in rules]
    return ReadValue(column.label, domain.values, wanted)


def _is_free(table: DecisionTable, path: str, paths: Iterable[str]) -> bool:
    """Whether the value may be anything, whatever the other columns hold: it is not calculated, it
    is no result of another decision, and no column reads a part of it."""
    parts = [(f"{one}.", f"{path}.") for one in paths if one != path]
    nested = any(one.startswith(other) or other.startswith(one) for one, other in parts)
    return not (nested or path.startswith("#") or path.split(".")[0] in table.needs.results)


def _kinds(table: DecisionTable, path: str, places: list[int]) -> set[str]:
    """The kinds that the value must fit: those of its columns, and that of the input data."""
    given = {item.kind.name for item in table.needs.given if item.name == path}
    return {table.inputs[place].kind.name for place in places} | (given - {"Any"})


def _constants(cell: UnaryTest) -> tuple[object, ...]:
    return cell.values + cell.bounds


def _where(domain: Domain, cell: UnaryTest, mixed: bool) -> int:
    """The values that certainly match a cell."""
    if not cell.constant or (mixed and any(isinstance(one, date) for one in _constants(cell))):
        return 0
    return domain.where(cell)


def _problem(
    table: DecisionTable, readings: Sequence[ReadValue], first: int, second: int
) -> Problem:
    upper, lower = table.rules[first], table.rules[second]
    examples = [(one.label, *one.example(first, second)) for one in readings]
    shown = ", ".join(f"{label} = {show(value)}" for label, telling, value in examples if telling)
    return Problem(
        table.file,
        lower.id,
        table.name,
        lower.line,
        "warning" if any(telling and value is None for _, telling, value in examples) else "error",
        "overlap",
        say(
            "Rule {lower} ({lower_id}) can match together with rule {upper} ({upper_id}), for "
            "example when {example}.",
            lower=lower.number,
            lower_id=lower.id,
            upper=upper.number,
            upper_id=upper.id,
            example=shown or "-",
        ),
        say("Change one of the two, or choose the hit policy FIRST: then the upper rule counts."),
    )
