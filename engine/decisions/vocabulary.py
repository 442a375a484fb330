"""Texts of DMN -> what the bounded language reads: names with blanks, and S-FEEL's single `=`.

Owns which names of a file are written with blanks or other signs (`Full Name`). In the text each
stands as a name of its own; in the tree it is itself again, so nothing later knows of it.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.decisions.arithmetic import CELLS, FORMULAS
from engine.language.closures.builder import Build
from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_expression, compile_tree, literal
from engine.language.juel import has_expression
from engine.language.syntax import parse_expression
from engine.sentences.sentence import say

# Words of expressions: a bracket after one of them is no call, and none of them is a name.
WORDS = frozenset({"and", "else", "false", "if", "in", "is", "not", "null", "or", "true"})
DATE_AND_TIME = "date and time"
TOKEN = r""""(?:[^"\\]|\\.)*+(?:"|\\?\Z)|'(?:[^'\\]|\\.)*+(?:'|\\?\Z)|[^\W\d]\w*|[=!<>]=|."""


@dataclass(frozen=True)
class Vocabulary:
    """The names one decision may read that are not written as Python writes names."""

    names: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, names: Iterable[str]) -> Vocabulary:
        """What of `names` has to be known before a text is read."""
        return cls(frozenset(name for name in names if not _is_plain(name)))

    def cell(self, text: str) -> Expression:
        """A column or cell of a table, compiled. Raises LanguageError."""
        return literal(text) or self._compiled(text, CELLS)

    def formula(self, text: str) -> Expression:
        """A literal expression, compiled. Raises LanguageError."""
        return self._compiled(text, FORMULAS)

    def _compiled(self, text: str, builders: Mapping[type[ast.expr], Build]) -> Expression:
        if has_expression(text):
            return compile_expression(text)
        return compile_tree(text, self.tree(text), builders)

    def tree(self, text: str) -> ast.expr:
        """The tree of a text. Raises LanguageError that shows the text as it was written."""
        written = self._python(text)
        try:
            tree = parse_expression(written)
        except LanguageError as error:
            facts = {key: self._as_written(str(fact)) for key, fact in error.what.facts.items()}
            raise LanguageError(
                say(error.what.template, **facts), error.advice, error.line
            ) from error
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = self._as_written(node.id)
            elif isinstance(node, ast.Attribute):
                node.attr = self._as_written(node.attr)
        return tree

    def _python(self, text: str) -> str:
        """The text with its special names as plain ones, and `==` for a `=` that compares."""
        if "=" not in text and not self._special.search(text):
            return text
        written: list[str] = []
        calls: list[bool] = []
        before = ""
        for token in self._tokens.finditer(text):
            piece = token[0]
            if piece == "(":
                calls.append(before.isidentifier() and before not in WORDS)
            elif piece == ")" and calls:
                calls.pop()
            # Before anything else `=` is FEEL's mark of an expression, which is refused.
            kept = not before or (bool(calls) and calls[-1])
            written.append(self._piece(token, kept=kept))
            before = written[-1] if piece.strip() else before
        return "".join(written)

    def _piece(self, token: re.Match[str], *, kept: bool) -> str:
        if token["name"] is not None:
            name = " ".join(token["name"].split())
            return self._places.get(name, "date_and_time")
        return "==" if token[0] == "=" and not kept else token[0]

    def _as_written(self, text: str) -> str:
        for name, place in self._places.items():
            text = text.replace(place, name)
        return text

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Each special name and what stands for it in the text: authors' names do not begin with
        two underscores."""
        return {name: f"__{number}__" for number, name in enumerate(sorted(self.names))}

    @cached_property
    def _special(self) -> re.Pattern[str]:
        """Longest names first: `Full Name` is not `Full` and something after it."""
        names = sorted([*self.names, DATE_AND_TIME], key=len, reverse=True)
        written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)
        return re.compile(rf"(?<!\w)(?:{written})(?!\w)")

    @cached_property
    def _tokens(self) -> re.Pattern[str]:
        return re.compile(rf"(?P<name>{self._special.pattern})|{TOKEN}", re.DOTALL)


PLAIN = Vocabulary()


def _is_plain(name: str) -> bool:
    """Whether the language reads the name as it is; what does not begin as a name is none."""
    readable = name.isidentifier() and not keyword.iskeyword(name)
    return readable or name in WORDS or not name[:1].isidentifier()
