"""Decisions with a formula (DMN 1.3, 7.3.7: literal expression) instead of a table."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decisions.decision import Decision, Match
from engine.decisions.kinds import Kind
from engine.language.budget import Run
from engine.language.expressions import Expression
from engine.sentences.sentence import Sentence, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula(Decision):
    """A decision with a formula; its one output has the name of its variable."""

    expression: Expression
    kind: Kind

    @property
    def output_names(self) -> tuple[str, ...]:
        """Empty: the only output is the result, which already has a name."""
        return ()

    @property
    def reads(self) -> frozenset[str]:
        """The names in the formula."""
        return self.expression.names

    def answer(self, run: Run) -> list[Match]:
        """Always one result, which may be null."""
        value = self.kind.literal(self.expression.evaluate_in(run), self.variable)
        return [Match("", 0, {self.variable: value})]

    def result(self, matches: list[Match]) -> object:
        """The value."""
        return matches[0].outputs[self.variable]

    def blamed(self, reason: Sentence) -> Sentence:
        """The sentence that names the formula."""
        return say("Decision {name}: {reason}", name=self.name, reason=reason)
