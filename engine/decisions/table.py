"""Decision tables in memory: columns, rules, hit policies, results.

Pure: names and functions go in, matching rules come out. Knows no XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.decisions.decision import Decision, Match, only
from engine.decisions.kinds import Kind
from engine.decisions.policies import LISTS, Aggregation, HitPolicy, settled, total
from engine.decisions.unary import UnaryTest, check_allowed
from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.language.expressions import Expression
from engine.language.values import to_json
from engine.sentences.sentence import Sentence, say


@dataclass(frozen=True, slots=True)
class Input:
    """An input column. `label` is the author's name for it."""

    id: str
    label: str
    expression: Expression
    kind: Kind
    allowed: tuple[object, ...] = ()

    def read(self, run: Run) -> object:
        """The value of the column in this run. Raises LanguageError if it does not fit."""
        return self.kind.given(self.expression.evaluate_in(run), self.label, run.functions)


@dataclass(frozen=True, slots=True)
class Output:
    """A result column; `name` is the key in the result.

    `allowed`: the values that its author listed (none: all), as in `Input`, the most important
    first; `default`: the result if no rule matches (None: no result).
    """

    id: str
    name: str
    label: str
    kind: Kind
    allowed: tuple[object, ...] = ()
    default: Expression | None = None

    def check(self, value: object) -> object:
        """`value`, if this column may have it. Raises LanguageError."""
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
        """Whether every cell matches."""
        for test, value in zip(self.tests, values, strict=True):  # noqa: SIM110 - twice as fast
            if not test.matches(run, value):
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable(Decision):
    """A decision with its table. `line` is the first line of the table in `file`."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the result columns."""
        return tuple(output.name for output in self.outputs)

    @property
    def reads(self) -> frozenset[str]:
        """The names in its columns and cells."""
        columns = [column.expression.names for column in self.inputs]
        cells = [cell.names for rule in self.rules for cell in rule.outputs if cell is not None]
        tests = [test.names for rule in self.rules for test in rule.tests]
        return frozenset().union(*columns, *cells, *tests)

    def answer(self, run: Run) -> list[Match]:
        """The matching rules under the hit policy, in its order."""
        values = [column.read(run) for column in self.inputs]
        matches = [self._match(run, rule) for rule in self._matching(run, values)]
        if not matches and self.aggregation != "COUNT":
            return self._defaults(run)
        if self.aggregation:
            return total(run, self.aggregation, self.outputs[0].name, matches)
        listed = {output.name: output.allowed for output in self.outputs}
        return settled(self.hit_policy, matches, listed)

    def result(self, matches: list[Match]) -> object:
        """One row; a list of rows under a hit policy with several results."""
        rows = [_row(match) for match in matches]
        if self._lists:
            return rows
        return rows[0] if rows else None

    def given(self, matches: list[Match]) -> Mapping[str, object]:
        """The result, and each output by itself: its value, or the list of its values."""
        columns = {name: [match.outputs[name] for match in matches] for name in self.output_names}
        if self._lists:
            return {"": self.result(matches), **columns}
        firsts = {name: values[0] if values else None for name, values in columns.items()}
        return {"": self.result(matches), **firsts}

    def blamed(self, reason: Sentence) -> Sentence:
        """The sentence that names the table."""
        return say("Decision table {table}: {reason}", table=self.name, reason=reason)

    @property
    def _lists(self) -> bool:
        return self.hit_policy in LISTS and self.aggregation is None

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

    def _defaults(self, run: Run) -> list[Match]:
        """The result without a matching rule: none, unless an output has a default."""
        if not any(column.default for column in self.outputs):
            return []
        outputs = {
            column.name: column.check(column.default.evaluate_in(run)) if column.default else None
            for column in self.outputs
        }
        return [Match("", 0, outputs)]


def _row(match: Match) -> object:
    """A single output is its value; several outputs are a mapping."""
    return next(iter(match.outputs.values())) if len(match.outputs) == 1 else match.outputs


def map_result(matches: list[Match], how: str) -> object:
    """The matches in the form of `camunda:mapDecisionResult`, as JSON.

    singleEntry: the one value of the one match; singleResult: its outputs; collectEntries: the
    values of the one output; resultList: the outputs of each match. None (or an empty list) without
    a match. Raises LanguageError if there is more than the form allows.
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
    "singleEntry": lambda matches: _entry(only(matches)) if matches else None,
    "singleResult": lambda matches: only(matches).outputs if matches else None,
    "collectEntries": lambda matches: [_entry(match) for match in matches],
    "resultList": lambda matches: [match.outputs for match in matches],
}
