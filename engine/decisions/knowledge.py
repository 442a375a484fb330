"""Business knowledge models (DMN 1.3, 6.3.6): formulas with parameters that formulas call by name.

A call uses the budget of its caller. Circles are impossible, because of the order of reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language.budget import Function, Run
from engine.language.errors import LanguageError
from engine.language.expressions import Expression
from engine.sentences.sentence import say


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A formula with parameters. `calls`: the other formulas that it may call."""

    id: str
    name: str
    parameters: tuple[str, ...]
    expression: Expression
    calls: tuple[Knowledge, ...] = ()

    def bound(self, caller: Run) -> Function:
        """The function for an expression; the calling run pays for it."""

        def call(*values: object) -> object:
            if len(values) != len(self.parameters):
                raise self._misused(len(values))
            names = dict(zip(self.parameters, values, strict=True))
            run = Run(names, caller.functions, fuel=caller.fuel)
            run.functions = with_knowledge(run, self.calls)
            try:
                return self.expression.evaluate_in(run)
            finally:
                caller.fuel = run.fuel

        return call

    def _misused(self, count: int) -> LanguageError:
        return LanguageError(
            say("{name} is given {count} values.", name=self.name, count=count),
            say("Give one for each parameter: {names}.", names=", ".join(self.parameters)),
        )


def with_knowledge(run: Run, known: tuple[Knowledge, ...]) -> Mapping[str, Function]:
    """The functions of a run, and the knowledge models besides."""
    return {**run.functions, **{one.name: one.bound(run) for one in known}}
