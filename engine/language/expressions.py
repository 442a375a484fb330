"""Expressions: compiled once, evaluated many times.

Owns `Expression` and the ways to compile one from a model's text. An expression never changes
anything: names and functions go in, a value comes out. The value may share parts with the names;
code that stores it takes a copy.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from engine.language.budget import Function, Run
from engine.language.closures import access, calls, nodes
from engine.language.closures.builder import Build, Builder, Code
from engine.language.closures.value_texts import worded
from engine.language.errors import LanguageError
from engine.language.juel import Part, has_expression, split_parts, translate
from engine.language.syntax import FEEL, parse_expression, too_deep
from engine.language.values import checked_text, measure

NOTHING: Mapping[str, object] = MappingProxyType({})
NO_FUNCTIONS: Mapping[str, Function] = MappingProxyType({})
Given = TypeVar("Given")
Result = TypeVar("Result")
LADDER_FUNCTION = "next_look"
CONSTANT_STEPS = 300
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})")
QUOTED = re.compile(r"\"[^\"\\\n\0]{0,1000}\"|'[^'\\\n\0]{0,1000}'")

BUILDERS: Mapping[type[ast.expr], Build] = {
    ast.Attribute: access.attribute,
    ast.BinOp: nodes.binary,
    ast.BoolOp: nodes.boolean,
    ast.Call: calls.call,
    ast.Compare: nodes.compare,
    ast.Constant: nodes.constant,
    ast.Dict: nodes.mapping_display,
    ast.DictComp: calls.mapping_comprehension,
    ast.FormattedValue: calls.formatted_value,
    ast.GeneratorExp: calls.list_comprehension,
    ast.IfExp: nodes.conditional,
    ast.JoinedStr: calls.formatted_text,
    ast.List: nodes.list_display,
    ast.ListComp: calls.list_comprehension,
    ast.Name: nodes.name,
    ast.Set: nodes.set_display,
    ast.SetComp: calls.set_comprehension,
    ast.Subscript: access.subscript,
    ast.Tuple: nodes.tuple_display,
    ast.UnaryOp: nodes.unary,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Two are equal if their sources are equal.

    `names`: the names it reads; `calls`: the functions it calls, built-in ones too; `ladder`: the
    table, if the whole expression is `next_look("table")`; `is_constant`: it reads and calls
    nothing and was evaluated when compiled (`tried`).
    """

    source: str
    names: frozenset[str] = field(compare=False)
    calls: frozenset[str] = field(compare=False)
    code: Code = field(compare=False, repr=False)
    ladder: str | None = field(default=None, compare=False)
    tried: bool = field(default=True, compare=False)

    @classmethod
    def constant(cls, value: object) -> Expression:
        """An expression that always gives `value`."""
        return cls(str(value), frozenset(), frozenset(), lambda run: value)

    @property
    def is_constant(self) -> bool:
        """Whether its value is the same for all names and functions."""
        return self.tried and not self.names and not self.calls

    def evaluate(
        self, names: Mapping[str, object], functions: Mapping[str, Function] = NO_FUNCTIONS
    ) -> object:
        """The value, within one budget. Raises LanguageError."""
        return self.evaluate_in(Run(names, functions))

    def evaluate_in(self, run: Run) -> object:
        """The value, within the budget of a run that evaluates several expressions."""
        return guarded(self.code, run)


def guarded(code: Callable[[Given], Result], given: Given) -> Result:
    """The result of `code`; an error without a place gets line 1."""
    try:
        return code(given)
    except RecursionError:
        raise too_deep() from None
    except LanguageError as error:
        error.at(1)
        raise


def compile_expression(source: str) -> Expression:
    """Compile bare Python syntax, `${...}`/`#{...}`, or text with several of these.

    Raises LanguageError with the line in `source` for a text that cannot be read or is not allowed.
    """
    if not has_expression(source):
        return literal(source) or compile_tree(source, parse_expression(source))
    parts = split_parts(source.strip())
    if len(parts) == 1:
        return compile_tree(source, _parse_part(parts[0]))
    return text_expression(source, parts)


def literal(source: str) -> Expression | None:
    """The expression of a plain number or text, without parsing; None for any other text.

    Tables hold thousands of these, and reading them this way takes a tenth of the time.
    """
    text = source.strip()
    if NUMBER.fullmatch(text):
        value: object = int(text)
    elif QUOTED.fullmatch(text):
        value = text[1:-1]
    else:
        return None
    return Expression(source, frozenset(), frozenset(), lambda run: value)


def compile_attribute(text: str) -> Expression:
    """An attribute of a model: an expression if it holds `${...}`, else the text itself."""
    if has_expression(text):
        return compile_expression(text)
    if text.lstrip().startswith("="):
        raise LanguageError(FEEL.what, FEEL.advice, 1)
    return Expression.constant(text)


def text_expression(source: str, parts: list[Part]) -> Expression:
    """An expression that joins plain and evaluated parts into one text."""
    compiled = [_part(part) for part in parts]

    def render(run: Run) -> str:
        pieces = [worded(run, part.code(run)) for part in compiled]
        run.spend_size(sum(map(len, pieces)))
        return checked_text("".join(pieces))

    return Expression(
        source,
        frozenset().union(*(part.names for part in compiled)),
        frozenset().union(*(part.calls for part in compiled)),
        render,
    )


def _part(part: Part) -> Expression:
    return (
        compile_tree(part.text, _parse_part(part))
        if part.is_expression
        else Expression.constant(part.text)
    )


def _parse_part(part: Part) -> ast.expr:
    """The tree of `${...}`, its lines counted in the whole text."""
    try:
        tree = parse_expression(translate(part.text))
    except RecursionError:
        raise too_deep() from None
    except LanguageError as error:
        raise LanguageError(error.what, error.advice, error.line + part.line - 1) from error
    return ast.increment_lineno(tree, part.line - 1)


def compile_tree(
    source: str, tree: ast.expr, builders: Mapping[type[ast.expr], Build] = BUILDERS
) -> Expression:
    """Compile a tree that was read from `source`; `builders` give the meaning of its parts."""
    builder = Builder(builders)
    code = guarded(builder.build, tree)
    expression = Expression(
        source, frozenset(builder.names), frozenset(builder.calls), code, _ladder(tree)
    )
    if not expression.is_constant:
        return expression
    return replace(expression, tried=_try_out(expression))


def _try_out(expression: Expression) -> bool:
    """Evaluate a constant once, so that 1/0 is refused at deployment and not later.

    A few steps only, because a file may hold thousands of expensive constants. A constant that
    takes more steps does not count as one: it may still fail at run time.
    """
    run = Run(NOTHING, NO_FUNCTIONS, fuel=CONSTANT_STEPS)
    try:
        measure(expression.evaluate_in(run))
    except LanguageError:
        if run.fuel >= 0:
            raise
        return False
    return True


def _ladder(tree: ast.expr) -> str | None:
    """The table of `next_look("table")`."""
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return None
    if tree.func.id != LADDER_FUNCTION or len(tree.args) != 1:
        return None
    table = tree.args[0]
    return table.value if isinstance(table, ast.Constant) and isinstance(table.value, str) else None
