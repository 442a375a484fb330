"""Values for the names that a model reads: values of its conditions, lists for its loops, dates for
its timers.

A name has several values, so that a loop that needs another answer gets one; a number that grows
with each answer chooses the value.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.models.paths import Path, constant, path_of
from engine.decisions.table import DecisionTable
from engine.language import Expression, LanguageError
from engine.language.juel import has_expression, split_parts, translate
from engine.language.syntax import parse_expression, parse_script
from engine.models.bundle import Bundle
from engine.models.checks.references.texts import names_in
from engine.models.elements import Element
from engine.models.reserved import RESERVED
from engine.models.variables import expressions_of

DATE = "2030-01-01T00:00:00Z"
TIMES = {"date": DATE, "duration": "PT1H", "cycle": "R2/PT1H"}
LISTS: list[object] = [["a", "b"], ["a"]]
OF_KIND: Mapping[str, list[object]] = {
    "number": [1, 10, 1000],
    "integer": [1, 10, 1000],
    "boolean": [True, False],
    "date": ["2030-01-01"],
    "string": ["a"],
}


OF_FUNCTION: Mapping[str, list[object]] = {
    "len": LISTS, "sum": [[1, 2]], "sorted": LISTS, "range": [2], "round": [1]
}  # fmt: skip
UNKNOWN: Sequence[object] = ("a", 1, ["a", "b"])
"""Values to try, one after the other, for an unknown name."""
COUNTERS = {"loopCounter", "nrOfActiveInstances", "nrOfCompletedInstances", "nrOfInstances"}
CALLED = "called"
"""The process for a call with a computed name."""


@dataclass(slots=True)
class Supplies:
    """The known facts about the names of processes. `asked`: names that decide something;
    `set_inside`: names that a script or an output parameter writes."""

    values: dict[Path, list[object]] = field(default_factory=lambda: defaultdict(list))
    asked: set[str] = field(default_factory=set)
    set_inside: set[str] = field(default_factory=set)

    def start(self, number: int, unknown: object) -> dict[str, object]:
        """Every name that is read, with its value of this number, or the `unknown` one."""
        names = sorted({str(path[0]) for path in self.values} - COUNTERS)
        return {name: self._value((name,), number, unknown) for name in names}

    def answer(self, number: int, unknown: object) -> dict[str, object]:
        """The names that decide something and that the model does not write, with their values."""
        return {
            name: value
            for name, value in self.start(number, unknown).items()
            if name in self.asked - self.set_inside
        }

    def add(self, path: Path, *values: object) -> None:
        """Add suitable values for the name."""
        if path and path[0] not in RESERVED:
            self.values[path] += [one for one in values if one not in self.values[path]]

    def _value(self, path: Path, number: int, unknown: object) -> object:
        depth = len(path)
        inside = {longer[depth] for longer in self.values if longer[:depth] == path != longer}
        places = [part for part in inside if isinstance(part, int)]
        if places:
            return [
                self._value((*path, place), number, unknown) for place in range(max(places) + 1)
            ]
        if inside:
            return {str(part): self._value((*path, part), number, unknown) for part in inside}
        known = self.values.get(path)
        return known[number % len(known)] if known else unknown


def supplies_of(bundle: Bundle) -> Supplies:
    """The possible values of the names that the processes read."""
    found = Supplies()
    for process in bundle.processes.values():
        for flow in process.flows.values():
            _condition(found, flow.condition)
        for element in process.elements.values():
            _wanted(found, element)
            _read_by(found, element)
    for decision in bundle.decisions.values():
        for name in decision.names:
            found.add((name,))
        if isinstance(decision, DecisionTable):
            for column in decision.inputs:
                _whole(found, column.expression, *OF_KIND.get(column.kind.name, []))
    return found


def _wanted(found: Supplies, element: Element) -> None:
    """Add values of the kind that the element needs."""
    event, loop = element.event, element.multi_instance
    if loop is not None:
        _whole(found, loop.items, *LISTS)
        _whole(found, loop.cardinality, 2)
        _condition(found, loop.until)
    if event is not None and event.timer is not None:
        _whole(found, event.timer.expression, TIMES[event.timer.kind])
    if event is not None and event.condition is not None:
        _condition(found, event.condition.expression)
    if element.standard_loop is not None:
        _condition(found, element.standard_loop.condition)
    if element.ad_hoc is not None:
        _condition(found, element.ad_hoc.until)
    _whole(found, element.due_date, DATE)
    _whole(found, element.follow_up_date, DATE)
    _whole(found, element.priority, 5)
    _whole(found, element.called_by, CALLED)


def _read_by(found: Supplies, element: Element) -> None:
    """Add values from the uses of names in the element's texts."""
    for expression in expressions_of(element):
        for tree in _trees(expression):
            _look(found, tree)
    for script in (element.script, element.pre_script, element.post_script):
        if script is not None:
            found.set_inside |= script.assigned
            for statement in parse_script(script.source):
                _look(found, statement)
    found.set_inside |= {name for name, _ in element.outputs}
    for name in names_in(element):
        found.add((name,))


def _whole(found: Supplies, expression: Expression | None, *values: object) -> None:
    """Add values with which the expression itself gives one of `values`."""
    for tree in _trees(expression):
        if path := path_of(tree):
            found.add(path, *values)


def _condition(found: Supplies, expression: Expression | None) -> None:
    if expression is not None:
        found.asked |= expression.names
        for tree in _trees(expression):
            _truth(found, tree)
            _look(found, tree)
        for name in expression.names:
            found.add((name,))


def _truth(found: Supplies, tree: ast.expr) -> None:
    """Add values for a name that stands for true or false."""
    if isinstance(tree, ast.BoolOp):
        for part in tree.values:
            _truth(found, part)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        _truth(found, tree.operand)
    elif path := path_of(tree):
        found.add(path, True, False)


def _trees(expression: Expression | None) -> Iterator[ast.expr]:
    """The trees of an expression: one, or one for each `${...}` of a text."""
    if expression is None or not expression.names:
        return
    try:
        if not has_expression(expression.source):
            yield parse_expression(expression.source)
        else:
            for part in split_parts(expression.source):
                if part.is_expression:
                    yield parse_expression(translate(part.text))
    except LanguageError:
        return


def _look(found: Supplies, tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            _compared(found, [node.left, *node.comparators], node.ops)
        elif isinstance(node, ast.BinOp):
            _calculated(found, node)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            _truth(found, node.operand)
        elif isinstance(node, ast.For | ast.comprehension):
            found.add(path_of(node.iter), *LISTS)
        elif isinstance(node, ast.Call):
            _called(found, node)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            found.add(path_of(node))


def _compared(found: Supplies, sides: list[ast.expr], operators: list[ast.cmpop]) -> None:
    for left, operator, right in zip(sides, operators, sides[1:], strict=False):
        for one, other in ((left, right), (right, left)):
            path, value = path_of(one), constant(other)
            if isinstance(operator, ast.In | ast.NotIn):
                if path and one is right:
                    found.add(path, [value if value is not None else "a"])
                elif path and isinstance(value, list) and value:
                    found.add(path, value[0])
            elif path and isinstance(value, bool):
                found.add(path, value, not value)
            elif path and isinstance(value, int | float):
                found.add(path, value, value + 1, value - 1)
            elif path and value is not None:
                found.add(path, value)
            elif isinstance(other, ast.BinOp):
                found.add(path, 1)


def _calculated(found: Supplies, node: ast.BinOp) -> None:
    sides = (node.left, node.right)
    text = any(isinstance(constant(side), str) for side in sides)
    for side in sides:
        found.add(path_of(side), "a" if text else 1)


def _called(found: Supplies, node: ast.Call) -> None:
    if isinstance(node.func, ast.Attribute):
        method, path = node.func.attr, path_of(node.func.value)
        if method in ("size", "isEmpty", "contains", "append"):
            value = constant(node.args[0]) if node.args else None
            found.add(path, [value] if value is not None else ["a", "b"])
        elif method == "equals" and node.args:
            found.add(path, constant(node.args[0]) or "a")
    elif isinstance(node.func, ast.Name) and node.args:
        found.add(path_of(node.args[0]), *OF_FUNCTION.get(node.func.id, []))
