"""Decision tables that are read and can be asked: columns, rules, hit policies, results.

Pure: a table is given names and functions and gives the rules that match. Knows no XML.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from engine.language.budget import Function, Run
from engine.language.decisions.kinds import Kind
from engine.language.decisions.unary import UnaryTest, check_allowed
from engine.language.errors import LanguageError
from engine.language.expressions import NO_FUNCTIONS, Expression
from engine.language.operators import BINARY, less
from engine.language.values import to_json
from engine.words import say

HitPolicy = Literal["UNIQUE", "FIRST", "COLLECT"]
Aggregation = Literal["SUM", "MIN", "MAX", "COUNT"]


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is compared. `label` is what its author calls it."""

    id: str
    label: str
    expression: Expression
    kind: Kind
    allowed: tuple[object, ...] = ()

    def read(self, run: Run) -> object:
        """The value of the column now. Raises LanguageError if it does not fit."""
        return self.kind.given(self.expression.evaluate_in(run), self.label)


@dataclass(frozen=True, slots=True)
class Output:
    """A column that is the result; `name` is the key in the result.

    `allowed`: the values its author listed (none: all), as in `Input`.
    """

    id: str
    name: str
    label: str
    kind: Kind
    allowed: tuple[object, ...] = ()

    def check(self, value: object) -> object:
        """`value` if this column may have it. Raises LanguageError."""
        entries = value if isinstance(value, list) else [value]
        check_allowed(entries, self.allowed, self.label)
        return self.kind.literal(value, self.label)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test for each input, an expression (None: an empty cell) for each output."""

    id: str
    number: int
    line: int
    tests: tuple[UnaryTest, ...]
    outputs: tuple[Expression | None, ...]

    def matches(self, run: Run, values: Sequence[object]) -> bool:
        """Whether every cell agrees."""
        return all(test.matches(run, value) for test, value in zip(self.tests, values, strict=True))


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, by id and 1-based number, and its outputs by name.

    An aggregated result belongs to no rule: id "", number 0.
    """

    rule_id: str
    number: int
    outputs: dict[str, object]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision with its table. `line` is where the table begins in `file`."""

    id: str
    name: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    file: str = ""
    line: int = 0

    def decide(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> list[Match]:
        """The matching rules under the hit policy, in the order of the table.

        No match is an empty list, never an earlier result. Raises LanguageError when a column's
        value does not fit, a cell fails, or a UNIQUE table has two matches.
        """
        run = Run(names, functions)
        try:
            values = [column.read(run) for column in self.inputs]
            rules = self._matching(run, values)
            matches = [self._match(run, rule) for rule in rules]
            return self._aggregated(run, matches) if self.aggregation else matches
        except LanguageError as error:
            what = say("Decision table {table}: {reason}", table=self.name, reason=error.what)
            raise LanguageError(what, error.advice, 1) from error

    def single(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> dict[str, object] | None:
        """The outputs of the one rule that matches; None without a match. Raises LanguageError
        as `decide` does, and when several rules match."""
        matches = self.decide(names, functions)
        return _only(matches).outputs if matches else None

    def _matching(self, run: Run, values: Sequence[object]) -> list[Rule]:
        matching: list[Rule] = []
        for rule in self.rules:
            if rule.matches(run, values):
                matching.append(rule)
                if self.hit_policy == "FIRST":
                    break
        if self.hit_policy == "UNIQUE" and len(matching) > 1:
            numbers = ", ".join(str(rule.number) for rule in matching)
            raise LanguageError(
                say("rules {numbers} match at the same time.", numbers=numbers),
                say("Change the rules so that one matches, or choose the hit policy FIRST."),
            )
        return matching

    def _match(self, run: Run, rule: Rule) -> Match:
        try:
            outputs = {
                column.name: column.check(cell.evaluate_in(run)) if cell else None
                for column, cell in zip(self.outputs, rule.outputs, strict=True)
            }
        except LanguageError as error:
            what = say("rule {number}: {reason}", number=rule.number, reason=error.what)
            raise LanguageError(what, error.advice) from error
        return Match(rule.id, rule.number, outputs)

    def _aggregated(self, run: Run, matches: list[Match]) -> list[Match]:
        """One match with the total; without a match only a count has a result, which is 0."""
        name = self.outputs[0].name
        values = [match.outputs[name] for match in matches if match.outputs[name] is not None]
        if self.aggregation == "COUNT":
            return [Match("", 0, {name: len(values)})]
        if not values:
            return []
        return [Match("", 0, {name: reduce(_combine(run, self.aggregation), values)})]


def _combine(run: Run, aggregation: str | None) -> Callable[[object, object], object]:
    combine: Mapping[str | None, Callable[[object, object], object]] = {
        "SUM": lambda a, b: BINARY[ast.Add](run, a, b),
        "MIN": lambda a, b: b if less(run, b, a) else a,
        "MAX": lambda a, b: b if less(run, a, b) else a,
    }
    return combine[aggregation]


def _only(matches: list[Match]) -> Match:
    if len(matches) == 1:
        return matches[0]
    raise LanguageError(
        say("{count} rules match, but one result is asked for.", count=len(matches)),
        say("Use a hit policy with one result, or map the result as a list."),
    )


def map_result(matches: list[Match], how: str) -> object:
    """What `camunda:mapDecisionResult` makes of the matches, as JSON.

    singleEntry: the one value of the one match; singleResult: its outputs; collectEntries: the
    values of the one output; resultList: the outputs of each. None (or an empty list) without a
    match. Raises LanguageError when there is more than was asked for.
    """
    mapping = MAPPINGS.get(how)
    if mapping is None:
        raise LanguageError(
            say("A decision result cannot be mapped as {how}.", how=how),
            say("Choose one of: {names}.", names=", ".join(MAPPINGS)),
        )
    return to_json(mapping(matches), how)


def _entry(match: Match) -> object:
    if len(match.outputs) == 1:
        return next(iter(match.outputs.values()))
    raise LanguageError(
        say("The table has several outputs, but one value is asked for."),
        say("Map the result as singleResult or resultList."),
    )


MAPPINGS: Mapping[str, Callable[[list[Match]], object]] = {
    "singleEntry": lambda matches: _entry(_only(matches)) if matches else None,
    "singleResult": lambda matches: _only(matches).outputs if matches else None,
    "collectEntries": lambda matches: [_entry(match) for match in matches],
    "resultList": lambda matches: [match.outputs for match in matches],
}
