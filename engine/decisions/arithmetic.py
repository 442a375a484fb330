"""The operators of DMN: numbers are decimals, and in a formula an operation with null gives null.

`CELLS` builds columns and cells of tables, where a missing value is an error with a sentence.
`FORMULAS` builds literal expressions of S-FEEL (DMN 1.3, 9 and 10.3.2): arithmetic and comparison
with null give null, division by zero gives null, and logic has three values.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException

from engine.language.budget import Run
from engine.language.closures import access, calls, nodes
from engine.language.closures.builder import Build, Builder, Code, refused
from engine.language.closures.names import checked_attribute
from engine.language.errors import LanguageError
from engine.language.expressions import BUILDERS
from engine.language.operators import BINARY, COMPARE, Operator, checked_number, negative, truth
from engine.sentences.sentence import say

# 34 digits as DMN asks, and exponents beyond those of the numbers that can be stored.
DECIMALS = Context(prec=34, Emax=999, Emin=-999)
MAX_EXPONENT = 10_000
Compute = Callable[[Decimal, Decimal], Decimal]
EXACT: Mapping[type[ast.operator], Compute] = {
    ast.Add: DECIMALS.add,
    ast.Sub: DECIMALS.subtract,
    ast.Mult: DECIMALS.multiply,
    ast.Div: DECIMALS.divide,
    ast.Pow: lambda base, exponent: _power(base, exponent),
}


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > MAX_EXPONENT:
        raise LanguageError(
            say("The exponent {exponent} is too large.", exponent=exponent),
            say("Use exponents up to {limit}.", limit=MAX_EXPONENT),
        )
    return DECIMALS.power(base, exponent)


def _decimal(operator: type[ast.operator]) -> Operator:
    """The language's operator, computed in decimals if a fraction is involved: 0.1 + 0.2 is 0.3.
    Whole numbers stay whole."""
    plain, exact = BINARY[operator], EXACT.get(operator)
    if exact is None:
        return plain

    def operate(run: Run, left: object, right: object) -> object:
        fraction = type(left) is float or type(right) is float
        if not fraction or not isinstance(left, int | float) or not isinstance(right, int | float):
            return plain(run, left, right)
        if operator is ast.Div and not right:
            return plain(run, left, right)
        try:
            return checked_number(float(exact(Decimal(repr(left)), Decimal(repr(right)))))
        except DecimalException as error:
            raise _no_number() from error

    return operate


def _no_number() -> LanguageError:
    return LanguageError(
        say("The number is too large or has no value."),
        say("Keep whole numbers below 10**18 and do not take roots of negative numbers."),
    )


ARITHMETIC = {operator: _decimal(operator) for operator in BINARY}
add = ARITHMETIC[ast.Add]


def _cell_binary(builder: Builder, node: ast.BinOp) -> Code:
    """+ - * / // % ** in a table."""
    operate, left, right = _binary_parts(builder, node)
    return lambda run: operate(run, left(run), right(run))


def _formula_binary(builder: Builder, node: ast.BinOp) -> Code:
    """+ - * / // % ** in a formula: null if a side is null, or the divisor 0."""
    if isinstance(node.op, ast.Pow):
        _check_power(node, node.right)
    operate, left, right = _binary_parts(builder, node)
    divides = isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod)

    def calculate(run: Run) -> object:
        one, other = left(run), right(run)
        if one is None or other is None or (divides and _is_zero(other)):
            return None
        return operate(run, one, other)

    return calculate


def _binary_parts(builder: Builder, node: ast.BinOp) -> tuple[Operator, Code, Code]:
    operate = ARITHMETIC.get(type(node.op))
    if operate is None:
        raise refused(node.op)
    return operate, builder.build(node.left), builder.build(node.right)


def _is_zero(value: object) -> bool:
    return isinstance(value, int | float) and value == 0


def _formula_unary(builder: Builder, node: ast.UnaryOp) -> Code:
    """-x, and not(x), which is null unless x is true or false."""
    if not isinstance(node.op, ast.Not | ast.USub):
        return nodes.unary(builder, node)
    _check_power(node, node.operand)
    operand = builder.build(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda run: _opposite(operand(run))

    def minus(run: Run) -> object:
        value = operand(run)
        return None if value is None else negative(run, value)

    return minus


def _check_power(node: ast.expr, last: ast.expr) -> None:
    """Refuse -a ** b and a ** b ** c, which FEEL reads from the left and other languages from the
    right."""
    power = isinstance(last, ast.BinOp) and isinstance(last.op, ast.Pow)
    # A bracket around the last part would end after it.
    ends = (last.end_lineno, last.end_col_offset) == (node.end_lineno, node.end_col_offset)
    if power and ends:
        raise LanguageError(
            say("This power can be read in two ways."),
            say("Put brackets around what comes first: (a ** b) ** c, -(a ** b)."),
            node.lineno,
        )


def _opposite(value: object) -> object:
    return not value if isinstance(value, bool) else None


def _formula_logic(builder: Builder, node: ast.BoolOp) -> Code:
    """and, or with three values: false and null is false, true and null is null."""
    operands = builder.build_all(node.values)
    deciding = isinstance(node.op, ast.Or)

    def decide(run: Run) -> object:
        known = True
        for operand in operands:
            value = operand(run)
            if value is deciding:
                return deciding
            known = known and isinstance(value, bool)
        return not deciding if known else None

    return decide


def _formula_compare(builder: Builder, node: ast.Compare) -> Code:
    """One comparison. By size, null on either side gives null; true is not 1."""
    operator = type(node.ops[0])
    if len(node.ops) > 1 or not issubclass(operator, (*nodes.SIZES, ast.Eq, ast.NotEq)):
        return nodes.compare(builder, node)
    operate, by_size = COMPARE[operator], issubclass(operator, nodes.SIZES)
    left, right = builder.build(node.left), builder.build(node.comparators[0])

    def compare(run: Run) -> object:
        one, other = left(run), right(run)
        if by_size and (one is None or other is None):
            return None
        if not by_size and isinstance(one, bool) is not isinstance(other, bool):
            return operator is ast.NotEq
        return truth(operate(run, one, other))

    return compare


def _formula_attribute(builder: Builder, node: ast.Attribute) -> Code:
    """group.name; null has no parts, and gives null."""
    wanted = checked_attribute(node.attr)
    group = builder.build(node.value)

    def part(run: Run) -> object:
        found = group(run)
        return None if found is None else access.part_of(run, found, wanted)

    return part


CELLS: Mapping[type[ast.expr], Build] = {**BUILDERS, ast.BinOp: _cell_binary}
# Only constructs that FEEL writes with the same meaning: its lists count from 1, and its `{`
# differs.
FORMULAS: Mapping[type[ast.expr], Build] = {
    ast.Attribute: _formula_attribute,
    ast.BinOp: _formula_binary,
    ast.BoolOp: _formula_logic,
    ast.Call: calls.call,
    ast.Compare: _formula_compare,
    ast.Constant: nodes.constant,
    ast.IfExp: nodes.conditional,
    ast.List: nodes.list_display,
    ast.Name: nodes.name,
    ast.UnaryOp: _formula_unary,
}
