"""Texts with `${...}` in them: instructions, subjects of mails, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language.budget import Function
from engine.language.expressions import NO_FUNCTIONS, Expression, text_expression
from engine.language.juel import split_parts


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled text; `names` and `calls` come from all its parts."""

    source: str
    expression: Expression

    @property
    def names(self) -> frozenset[str]:
        """The names that the text reads."""
        return self.expression.names

    @property
    def calls(self) -> frozenset[str]:
        """The functions that the text calls."""
        return self.expression.calls

    def render(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> str:
        """The text with its parts filled in. Raises LanguageError."""
        return str(self.expression.evaluate(names, functions))


def compile_template(source: str) -> Template:
    """Compile a text of any length with any number of `${...}`, also none."""
    return Template(source, text_expression(source, split_parts(source)))
