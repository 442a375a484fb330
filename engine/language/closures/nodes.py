"""Building constants, names, operators and displays."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Mapping

from engine.language.budget import INTEGER_LIMIT, Run
from engine.language.closures.builder import Builder, Code, refused
from engine.language.closures.builtins import make_set, text_key
from engine.language.closures.names import checked_name, unknown_name
from engine.language.operators import BINARY, COMPARE, negative, truth
from engine.language.values import check_count
from engine.sentences.sentence import say

# JUEL's and FEEL's spelling is read in every text, so that authors need not remember the
# difference.
CONSTANTS: Mapping[str, object] = {"true": True, "false": False, "null": None}
SIZES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# Half characters cannot be written as UTF-8, and database text cannot hold the character 0.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def constant(builder: Builder, node: ast.Constant) -> Code:
    """A literal that can be stored: text, a number in range, True, False, None."""
    value = node.value
    if isinstance(value, bytes | complex) or value is Ellipsis:
        raise refused(node, say("Write text, a number, True, False or None."))
    if isinstance(value, str) and UNSTORABLE.search(value):
        raise refused(node, say("Remove the character that cannot be stored from the text."))
    if isinstance(value, int) and abs(value) >= INTEGER_LIMIT:
        raise refused(node, say("Keep whole numbers below 10**18."))
    if isinstance(value, float) and not math.isfinite(value):
        raise refused(node, say("Write a smaller number."))
    return lambda run: value


def name(builder: Builder, node: ast.Name) -> Code:
    """A variable of a comprehension, a constant, or a name of the caller."""
    wanted = node.id
    slot = builder.slot_of(wanted)
    if slot is not None:
        return lambda run: run.slots[slot]
    if wanted in CONSTANTS:
        value = CONSTANTS[wanted]
        return lambda run: value
    builder.names.add(checked_name(wanted))

    def read(run: Run) -> object:
        try:
            return run.names[wanted]
        except KeyError:
            raise unknown_name(run, wanted) from None

    return read


def binary(builder: Builder, node: ast.BinOp) -> Code:
    """+ - * / // % **"""
    operate = BINARY.get(type(node.op))
    if operate is None:
        raise refused(node.op)
    left, right = builder.build(node.left), builder.build(node.right)
    return lambda run: operate(run, left(run), right(run))


def unary(builder: Builder, node: ast.UnaryOp) -> Code:
    """not, -, +"""
    operand = builder.build(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda run: not truth(operand(run))
    if isinstance(node.op, ast.USub):
        return lambda run: negative(run, operand(run))
    if isinstance(node.op, ast.UAdd):
        return lambda run: negative(run, negative(run, operand(run)))
    raise refused(node.op)


def boolean(builder: Builder, node: ast.BoolOp) -> Code:
    """and, or: as in Python, the value that decides."""
    *firsts, last = builder.build_all(node.values)
    deciding = isinstance(node.op, ast.Or)

    def decide(run: Run) -> object:
        for first in firsts:
            value = first(run)
            if truth(value) is deciding:
                return value
        return last(run)

    return decide


def compare(builder: Builder, node: ast.Compare) -> Code:
    """One comparison, or a chain of one kind such as 1 <= x < 5."""
    _check_chain(node)
    left, *rights = builder.build_all([node.left, *node.comparators])
    operators = [COMPARE[type(op)] for op in node.ops]
    if len(operators) == 1:
        operate, right = operators[0], rights[0]
        return lambda run: operate(run, left(run), right(run))
    links = list(zip(operators, rights, strict=True))

    def chain(run: Run) -> object:
        value = left(run)
        for operate, right in links:
            following = right(run)
            if not operate(run, value, following):
                return False
            value = following
        return True

    return chain


def _check_chain(node: ast.Compare) -> None:
    """Refuse `is` between values, and chains that other languages read differently."""
    sides = [node.left, *node.comparators]
    for place, operator in enumerate(node.ops):
        if isinstance(operator, ast.Is | ast.IsNot) and not _is_singular(sides[place + 1]):
            raise refused(node, say("Write == instead of is."))
    sizes = all(isinstance(operator, SIZES) for operator in node.ops)
    if len(node.ops) > 1 and not sizes and {type(op) for op in node.ops} != {ast.Eq}:
        raise refused(node, say("Put brackets around each comparison: (a < b) == c."))


def _is_singular(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id in CONSTANTS
    return isinstance(node, ast.Constant) and any(node.value is v for v in CONSTANTS.values())


def conditional(builder: Builder, node: ast.IfExp) -> Code:
    """a if condition else b"""
    condition, yes, no = builder.build_all([node.test, node.body, node.orelse])
    return lambda run: yes(run) if truth(condition(run)) else no(run)


def list_display(builder: Builder, node: ast.List) -> Code:
    """[a, b]"""
    entries = builder.build_all(node.elts)
    return lambda run: [entry(run) for entry in entries]


def tuple_display(builder: Builder, node: ast.Tuple) -> Code:
    """a, b"""
    entries = builder.build_all(node.elts)
    return lambda run: tuple([entry(run) for entry in entries])


def set_display(builder: Builder, node: ast.Set) -> Code:
    """{a, b}"""
    entries = builder.build_all(node.elts)
    return lambda run: make_set([entry(run) for entry in entries])


def mapping_display(builder: Builder, node: ast.Dict) -> Code:
    """{"key": value}"""
    keys = [key for key in node.keys if key is not None]
    if len(keys) < len(node.keys):
        raise refused(node, say('Write every entry: {{"key": value}}.'))
    check_count(len(keys))
    pairs = list(zip(builder.build_all(keys), builder.build_all(node.values), strict=True))
    return lambda run: {text_key(key(run)): value(run) for key, value in pairs}
