"""The base of every decision: names go in, matches come out, required decisions come first.

Owns the order in which a decision and its required decisions are evaluated, within one budget, and
the names of their results. A table or a formula computes its own result.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.decisions.kinds import Kind
from engine.decisions.knowledge import Knowledge, with_knowledge
from engine.decisions.unary import check_allowed
from engine.language.budget import FUEL_STEPS, Function, Run
from engine.language.errors import LanguageError
from engine.language.expressions import NO_FUNCTIONS
from engine.sentences.sentence import Sentence, say

Results = Mapping[str, Mapping[str, object]]
"""For each evaluated decision, by id: its result (under "") and its outputs by name."""


@dataclass(frozen=True, slots=True)
class Match:
    """A matching rule: id, number from 1, and its outputs by name.

    A result without a rule (a total, a default, a formula's): id "", number 0.
    """

    rule_id: str
    number: int
    outputs: dict[str, object]


@dataclass(frozen=True, slots=True)
class Given:
    """Input data that a decision requires: its kind, and the values that its author allows."""

    name: str
    kind: Kind
    allowed: tuple[object, ...] = ()

    def read(self, value: object, functions: Mapping[str, Function]) -> object:
        """`value` if it fits; ISO text becomes a date in a date column. Raises LanguageError."""
        found = self.kind.given(value, self.name, functions)
        check_allowed([found], self.allowed, self.name)
        return found


@dataclass(frozen=True, slots=True)
class Needs:
    """The things that a decision requires besides variables.

    `before`: the required decisions and their own requirements, in order of evaluation; `results`:
    the names of their results -> (id of the decision, name of its output or "" for its result);
    `knowledge`: the formulas with parameters that it calls.
    """

    given: tuple[Given, ...] = ()
    before: tuple[Decision, ...] = ()
    results: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    knowledge: tuple[Knowledge, ...] = ()

    def names(
        self, names: Mapping[str, object], results: Results, functions: Mapping[str, Function]
    ) -> Mapping[str, object]:
        """The names that the decision reads: results, then input data, then all others."""
        if not self.given and not self.results:
            return names
        own = {
            item.name: item.read(names[item.name], functions)
            for item in self.given
            if item.name in names
        }
        own |= {name: results[id][part] for name, (id, part) in self.results.items()}
        return {**names, **own}


NOTHING_NEEDED = Needs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(ABC):
    """A decision that has been read. `variable`: the name of its result; `line`: the line of its
    logic."""

    id: str
    name: str
    variable: str = ""
    file: str = ""
    line: int = 0
    needs: Needs = NOTHING_NEEDED

    def decide(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> list[Match]:
        """Evaluate the required decisions, then this decision.

        Without a match the list is empty; no earlier result remains. Raises LanguageError if a
        value does not fit, a cell fails, or more rules match than may.
        """
        results: dict[str, Mapping[str, object]] = {}
        fuel = FUEL_STEPS
        for needed in self.needs.before:
            run, matches = needed._asked(names, functions, results, fuel)
            results[needed.id] = needed.given(matches)
            fuel = run.fuel
        return self._asked(names, functions, results, fuel)[1]

    def single(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> dict[str, object] | None:
        """The outputs of the one matching rule; None without a match. Raises the errors of
        `decide`, and LanguageError if several rules match."""
        matches = self.decide(names, functions)
        return only(matches).outputs if matches else None

    def value(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> object:
        """The result as other decisions read it (DMN 1.3, 8.2.10): one value, one row as a mapping,
        or a list of these. Raises the errors of `decide`."""
        return self.result(self.decide(names, functions))

    def given(self, matches: list[Match]) -> Mapping[str, object]:
        """The result (under "") and the outputs, for the decisions that require this one."""
        return {"": self.result(matches)}

    def _asked(
        self,
        names: Mapping[str, object],
        functions: Mapping[str, Function],
        results: Results,
        fuel: int,
    ) -> tuple[Run, list[Match]]:
        try:
            run = Run(self.needs.names(names, results, functions), functions, fuel=fuel)
            if self.needs.knowledge:
                run.functions = with_knowledge(run, self.needs.knowledge)
            return run, self.answer(run)
        except LanguageError as error:
            raise LanguageError(self.blamed(error.what), error.advice, 1) from error

    @property
    def names(self) -> frozenset[str]:
        """Every name of a variable that this decision or a required one may read."""
        asked = (self, *self.needs.before)
        given = {item.name for decision in asked for item in decision.needs.given}
        return frozenset(given).union(*(decision.reads for decision in asked))

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """The names in the decision's own texts."""

    @property
    @abstractmethod
    def output_names(self) -> tuple[str, ...]:
        """Names of its outputs, which dependent decisions may read one by one."""

    @abstractmethod
    def answer(self, run: Run) -> list[Match]:
        """The matches for the names of the run. Raises LanguageError."""

    @abstractmethod
    def result(self, matches: list[Match]) -> object:
        """The matches as one value."""

    @abstractmethod
    def blamed(self, reason: Sentence) -> Sentence:
        """A sentence that names this decision and its error."""


def only(matches: list[Match]) -> Match:
    """The one match. Raises LanguageError for several."""
    if len(matches) == 1:
        return matches[0]
    raise LanguageError(
        say("{count} rules match, but one result is asked for.", count=len(matches)),
        say("Use a hit policy with one result, or map the result as a list."),
    )
