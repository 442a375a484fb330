"""Every possible small change of a module, as a splice of its source.

Owns the choice of changes. Annotations, decorators, docstrings, assertions, log calls and the words
of `say()` are no behaviour: a test that noticed a change there would test source text, so they are
left alone.
"""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Mod: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
VARIADIC = frozenset(
    {"and_", "or_", "where", "order_by", "select", "min", "max", "at_large", "look", "look_at",
     "upon", "union"}
)  # fmt: skip
"""Functions that accept any number of arguments: with one less they still run."""
WORDS = frozenset({"say", "Sentence"})
DEFECTS = frozenset(
    {"AssertionError", "KeyError", "LookupError", "RuntimeError", "TypeError", "ValueError"}
)
"""Exceptions for developers: their words are for a log."""
DECLARES = frozenset({"TypeVar", "cast", "field", "get_logger"})


@dataclass(frozen=True, slots=True, order=True)
class Mutation:
    """The bytes `start:end` of a file become `new`. `lines`: the lines that must run for an effect;
    empty for code that runs at import."""

    path: str
    line: int
    start: int
    end: int
    operator: str
    new: str
    lines: tuple[int, ...] = ()

    def changes(self, source: bytes) -> bool:
        """Whether the result is a valid program, and a different one."""
        try:
            return _meaning(self.applied(source)) != _meaning(source)
        except SyntaxError:  # a splice inside a pattern, for example
            return False

    def applied(self, source: bytes) -> bytes:
        """The changed source."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def diff(self, root: Path) -> str:
        """The change, for people."""
        source = (root / self.path).read_bytes()
        before, after = (text.decode().splitlines() for text in (source, self.applied(source)))
        lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[3:]
        return "\n".join(line for line in lines if not line.startswith("@@"))


@lru_cache(maxsize=2)
def _meaning(source: bytes) -> str:
    return ast.dump(ast.parse(source))


def mutations(path: str, source: bytes) -> list[Mutation]:
    """All mutations, in the order of the source. A few may change nothing (`changes`)."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return sorted(set(finder.found))


class _Finder(ast.NodeVisitor):
    """Walks a module and notes the possible changes at each node."""

    def __init__(self, path: str, source: bytes) -> None:
        self.found: list[Mutation] = []
        self._path = path
        lengths = [0, *(len(line) for line in source.splitlines(keepends=True))]
        self._starts = [sum(lengths[: n + 1]) for n in range(len(lengths))]
        self._in_function = False
        self._statement: ast.stmt | None = None

    # --- notes ----------------------------------------------------------------------------------

    def _note(self, node: ast.expr | ast.stmt, operator: str, new: str) -> None:
        self.found.append(
            Mutation(
                self._path, node.lineno, self._offset(node.lineno, node.col_offset),
                self._offset(node.end_lineno or 0, node.end_col_offset or 0), operator, new,
                self._lines(node),
            )
        )  # fmt: skip

    def _replace(self, node: ast.expr, operator: str, new: ast.expr) -> None:
        self._note(node, operator, f"({ast.unparse(new)})")

    def _offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column

    def _lines(self, node: ast.expr | ast.stmt) -> tuple[int, ...]:
        if not self._in_function:
            return ()
        first = self._statement.lineno if self._statement is not None else node.lineno
        return tuple(sorted({first, *range(node.lineno, (node.end_lineno or node.lineno) + 1)}))

    # --- what is left alone ---------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            outer, self._statement = self._statement, node
            super().visit(node)
            self._statement = outer
        else:
            super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)
        outer, self._in_function = self._in_function, True
        self._each(node.body)
        self._in_function = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._each(node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None and ast.unparse(node.annotation) != "TypeAlias":
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        alias = isinstance(node.value, ast.Subscript) or (
            isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.BitOr)
        )
        if names & {"__all__", "__slots__"} or (alias and not self._in_function):
            return
        if not names and self._in_function:
            self._note(node, "statement", "pass")
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._note(node, "statement", "pass")
        swapped = COMPUTED.get(type(node.op))
        if swapped is not None:
            changed = ast.AugAssign(node.target, swapped(), node.value)
            self._note(node, "arithmetic", ast.unparse(changed))
        self.visit(node.value)

    def visit_Import(self, node: ast.Import) -> None: ...

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None: ...

    def visit_Assert(self, node: ast.Assert) -> None: ...

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._note(node, "constant", '""')

    def _each(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    # --- statements -----------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        called = node.value
        if isinstance(called, ast.Constant):  # a docstring, or the text beside a constant
            return
        if isinstance(called, ast.Call) and ast.unparse(called.func).startswith("log."):
            return
        if self._in_function:
            self._note(node, "statement", "pass")
        self.visit(called)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            self._note(node, "statement", "pass")
            return
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._note(node, "return", "return None")
        self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._note(node, "statement", "pass")
        if node.exc is not None:
            self.visit(node.exc)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._note(node, "statement", "break")

    def visit_Break(self, node: ast.Break) -> None:
        self._note(node, "statement", "continue")

    def visit_Delete(self, node: ast.Delete) -> None:
        self._note(node, "statement", "pass")

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    # --- expressions ----------------------------------------------------------------------------

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._negate(condition)
            self._note(condition, "condition", "True")
        self.visit(node.iter)
        self._each(node.ifs)

    def _negate(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Compare) or len(test.ops) > 1:  # other changes swap these below
            self._replace(test, "condition", ast.UnaryOp(ast.Not(), test))

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            changed = copy.deepcopy(node)
            changed.ops[place] = COMPARED[type(operator)]()
            self._replace(node, "comparison", changed)
            if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) and len(node.ops) == 1:
                self._replace(node, "condition", ast.UnaryOp(ast.Not(), node))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self._replace(node, "boolean", ast.BoolOp(other, node.values))
        for rest in _one_less(node.values):
            self._replace(node, "boolean", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            kind = "boolean" if isinstance(node.op, ast.Not) else "arithmetic"
            self._replace(node, kind, node.operand)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        swapped = COMPUTED.get(type(node.op))
        if swapped is not None:
            self._replace(node, "arithmetic", ast.BinOp(node.left, swapped(), node.right))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._note(node, "constant", str(not value))
        elif isinstance(value, int | float):
            self._note(node, "constant", repr(value + 1))
        elif isinstance(value, str | bytes):
            mark: str | bytes = "XX" if isinstance(value, str) else b"XX"
            self._note(node, "constant", repr(mark + value))  # type: ignore[operator]

    def visit_Call(self, node: ast.Call) -> None:
        name = ast.unparse(node.func).rsplit(".", 1)[-1]
        if name in DEFECTS | DECLARES:
            return
        if name in WORDS:
            self._each([keyword.value for keyword in node.keywords])
            return
        if name in ("isinstance", "issubclass"):
            self.visit(node.args[0])
            return
        self._fewer_arguments(node, name)
        self._each([node.func, *node.args, *(keyword.value for keyword in node.keywords)])

    def _fewer_arguments(self, node: ast.Call, name: str) -> None:
        if name in VARIADIC and len(node.args) > 1:
            for rest in _one_less(node.args):
                self._replace(node, "argument", ast.Call(node.func, rest, node.keywords))
        named = [keyword for keyword in node.keywords if keyword.arg is not None]
        for keyword in named:
            others = [one for one in node.keywords if one is not keyword]
            self._replace(node, "argument", ast.Call(node.func, node.args, others))

    def visit_Dict(self, node: ast.Dict) -> None:
        for place in range(len(node.keys)):
            keys, values = list(node.keys), list(node.values)
            del keys[place], values[place]
            self._replace(node, "entry", ast.Dict(keys, values))
        self.generic_visit(node)

    def visit_Set(self, node: ast.Set) -> None:
        self._shorter(node)

    def visit_List(self, node: ast.List) -> None:
        self._shorter(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self._shorter(node)

    def _shorter(self, node: ast.Set | ast.List | ast.Tuple) -> None:
        if len(node.elts) > 1:
            for rest in _one_less(node.elts):
                self._replace(node, "entry", type(node)(rest))  # type: ignore[call-arg]
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """A tuple or list in brackets is a key or a type, never a collection."""
        self.visit(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        self._each([one for one in inner if not isinstance(one, ast.List)])


def _one_less(values: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    for place in range(len(values)):
        yield [*values[:place], *values[place + 1 :]]
