"""Texts of DMN in the form of the bounded language: names with blanks, and S-FEEL's single `=`.

Owns the names of a file that contain blanks or other signs (`Full Name`). In the text a plain name
stands for each of them; the tree has the real name again, so no later code knows of this.
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
    """The names that one decision may read and that are no Python names."""

    names: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, names: Iterable[str]) -> Vocabulary:
        """The vocabulary for `names`."""
        return cls(frozenset(name for name in names if not _is_plain(name)))

    def cell(self, text: str) -> Expression:
        """A compiled column or cell of a table. Raises LanguageError."""
        return literal(text) or self._compiled(text, CELLS)

    def formula(self, text: str) -> Expression:
        """A compiled literal expression. Raises LanguageError."""
        return self._compiled(text, FORMULAS)

    def _compiled(self, text: str, builders: Mapping[type[ast.expr], Build]) -> Expression:
        if has_expression(text):
            return compile_expression(text)
        return compile_tree(text, self.tree(text), builders)

    def tree(self, text: str) -> ast.expr:
        """The tree of a text. Raises LanguageError that shows the text as written."""
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
        """The text with plain names for its special names, and `==` for a `=` that compares."""
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
        """Each special name and its plain name in the text. Authors' names do not begin with two
        underscores."""
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
    """Whether the language reads the name as it is; a text that does not begin like a name is no
    name."""
    readable = name.isidentifier() and not keyword.iskeyword(name)
    return readable or name in WORDS or not name[:1].isidentifier()
