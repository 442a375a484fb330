"""Turns the tree of an expression into closures, once; running them needs no tree.

A whitelist: a construct without an entry in `BUILDERS` is refused by name. Every node except names
and constants pays its steps before it runs and adds its line to an error. No builder does this
itself, so none can forget it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from engine.language.budget import Run
from engine.language.errors import LanguageError
from engine.sentences.sentence import Sentence, say

Code = Callable[[Run], object]
Build = Callable[["Builder", Any], Code]

LEAVES = (ast.Constant, ast.Name)
# A construct that the language lacks -> the word that its author wrote.
REFUSED: Mapping[type[ast.AST], str] = {
    ast.AsyncFor: "async", ast.AsyncFunctionDef: "async", ast.AsyncWith: "async",
    ast.Assert: "assert", ast.Await: "await", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.ClassDef: "class", ast.FunctionDef: "def", ast.Global: "global", ast.Import: "import",
    ast.ImportFrom: "import", ast.Invert: "~", ast.Lambda: "lambda", ast.LShift: "<<",
    ast.MatMult: "@", ast.Match: "match", ast.NamedExpr: ":=", ast.Nonlocal: "nonlocal",
    ast.Raise: "raise", ast.Return: "return", ast.RShift: ">>", ast.Starred: "*", ast.Try: "try",
    ast.With: "with", ast.Yield: "yield", ast.YieldFrom: "yield",
}  # fmt: skip


class Builder:
    """Builds one expression or script. Collects the names it reads and the functions it calls.

    `changing` allows methods that change a list or mapping, as scripts may.
    """

    def __init__(self, builders: Mapping[type[ast.expr], Build], *, changing: bool = False) -> None:
        self.builders = builders
        self.changing = changing
        self.names: set[str] = set()
        self.calls: set[str] = set()
        self.scopes: list[dict[str, int]] = []
        self.slots = 0

    def build(self, node: ast.expr) -> Code:
        """The closure of one node. Raises LanguageError for a construct outside the whitelist."""
        build = self.builders.get(type(node))
        if build is None:
            raise refused(node)
        try:
            code = build(self, node)
        except LanguageError as error:
            error.at(node.lineno)
            raise
        return code if isinstance(node, LEAVES) else _charged(code, _price(node), node.lineno)

    def build_all(self, nodes: list[ast.expr]) -> list[Code]:
        """The closures of several nodes."""
        return [self.build(node) for node in nodes]

    def slot_of(self, name: str) -> int | None:
        """The slot of a comprehension's variable; None for any other name."""
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    def new_slot(self, name: str) -> int:
        """A new slot for a variable of the innermost comprehension."""
        self.slots += 1
        self.scopes[-1][name] = self.slots
        return self.slots


def _price(node: ast.AST) -> int:
    """Steps of a node: itself and the names and constants directly in it."""
    return 1 + sum(isinstance(child, LEAVES) for child in ast.iter_child_nodes(node))


def _charged(code: Code, price: int, line: int) -> Code:
    def paid(run: Run) -> object:
        try:
            run.spend(price)
            return code(run)
        except LanguageError as error:
            error.at(line)
            raise

    return paid


def refused(node: ast.AST, advice: Sentence | None = None) -> LanguageError:
    """The error for a construct that the language lacks."""
    word = REFUSED.get(type(node))
    what = (
        say("`{word}` cannot be used here.", word=word)
        if word
        else say("This kind of expression cannot be used here.")
    )
    return LanguageError(
        what,
        advice or say("Move the work into a service task, or write it with if, for and lists."),
        getattr(node, "lineno", 0),
    )
