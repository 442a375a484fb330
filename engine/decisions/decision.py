"""What every decision is: asked with names, it gives matches; what it needs is asked first.

Owns the order in which a decision and those it needs are asked, within one budget, and which names
their results get. How a table or a formula answers is theirs.
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
"""Of each decision that has been asked, by id: its result (under "") and its outputs by name."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, by id and 1-based number, and its outputs by name.

    A result that belongs to no rule (a total, a default, a formula's): id "", number 0.
    """

    rule_id: str
    number: int
    outputs: dict[str, object]


@dataclass(frozen=True, slots=True)
class Given:
    """Input data a decision draws as needed: its kind, and the values its author allows."""

    name: str
    kind: Kind
    allowed: tuple[object, ...] = ()

    def read(self, value: object, functions: Mapping[str, Function]) -> object:
        """`value` if it fits; ISO text becomes a date where one is meant. Raises LanguageError."""
        found = self.kind.given(value, self.name, functions)
        check_allowed([found], self.allowed, self.name)
        return found


@dataclass(frozen=True, slots=True)
class Needs:
    """What a decision needs besides variables.

    `before`: the decisions it needs and those they need, each after all of its own; `results`: the
    names it reads of them -> (id of the decision, name of its output or "" for its result);
    `knowledge`: the formulas with parameters it calls.
    """

    given: tuple[Given, ...] = ()
    before: tuple[Decision, ...] = ()
    results: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    knowledge: tuple[Knowledge, ...] = ()

    def names(
        self, names: Mapping[str, object], results: Results, functions: Mapping[str, Function]
    ) -> Mapping[str, object]:
        """The names the decision sees: results, then input data, then everything else."""
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
    """A decision that is read. `variable`: what its result is called; `line`: of its logic."""

    id: str
    name: str
    variable: str = ""
    file: str = ""
    line: int = 0
    needs: Needs = NOTHING_NEEDED

    def decide(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> list[Match]:
        """What the decision answers, after the decisions it needs have been asked.

        No match is an empty list, never an earlier result. Raises LanguageError when a value does
        not fit, a cell fails, or more rules match than may.
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
        """The outputs of the one rule that matches; None without a match. Raises LanguageError
        as `decide` does, and when several rules match."""
        matches = self.decide(names, functions)
        return only(matches).outputs if matches else None

    def value(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> object:
        """The result as other decisions read it (DMN 1.3, 8.2.10): one value, one row as a
        mapping, or a list of these. Raises LanguageError as `decide` does."""
        return self.result(self.decide(names, functions))

    def given(self, matches: list[Match]) -> Mapping[str, object]:
        """The result (under "") and the outputs, for the decisions that need this one."""
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
        """Every name of a variable that it or a decision it needs may read."""
        asked = (self, *self.needs.before)
        given = {item.name for decision in asked for item in decision.needs.given}
        return frozenset(given).union(*(decision.reads for decision in asked))

    @property
    @abstractmethod
    def reads(self) -> frozenset[str]:
        """The names in its own texts."""

    @property
    @abstractmethod
    def output_names(self) -> tuple[str, ...]:
        """Names of its outputs, which decisions that need it may read one by one."""

    @abstractmethod
    def answer(self, run: Run) -> list[Match]:
        """What it answers with the names of the run. Raises LanguageError."""

    @abstractmethod
    def result(self, matches: list[Match]) -> object:
        """Its matches as one value."""

    @abstractmethod
    def blamed(self, reason: Sentence) -> Sentence:
        """A sentence that names this decision and what went wrong in it."""


def only(matches: list[Match]) -> Match:
    """The one match. Raises LanguageError for several."""
    if len(matches) == 1:
        return matches[0]
    raise LanguageError(
        say("{count} rules match, but one result is asked for.", count=len(matches)),
        say("Use a hit policy with one result, or map the result as a list."),
    )
