"""DMN files (1.1 to 1.5, as dmn-js writes them) -> decision tables, or what is wrong with them.

Owns which decisions are read, and their rows; columns are read by `columns`. Everything is compiled
here, so a table that is read can be asked.
"""

from __future__ import annotations

from collections import Counter

from engine.errors import ModelError
from engine.language.decisions.columns import (
    read_aggregation,
    read_expression,
    read_hit_policy,
    read_input,
    read_outputs,
)
from engine.language.decisions.parts import (
    CODE,
    NOTHING_READ,
    about,
    attempt,
    child,
    children,
    column_part,
    id_of,
    text_in,
)
from engine.language.decisions.table import DecisionTable, Output, Rule
from engine.language.decisions.unary import ANYTHING, Column, UnaryTest, check_names, parse_unary
from engine.language.expressions import Expression
from engine.models.notes import Notes
from engine.models.xml import Node, line_of, local_name, namespace, parse_xml
from engine.words import say

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",  # 1.1, as older modelers wrote it
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
# What cells may read besides the columns: facts of the case at hand.
FACTS = frozenset({"case", "task"})
# What a decision may hold instead of a table (DMN 1.3, 7.3.1).
OTHER_LOGIC = frozenset(
    {"context", "functionDefinition", "invocation", "list", "literalExpression", "relation"}
)
MAX_CELLS = 20_000
"""Cells of one file: ten times the largest table people keep, and compiled within a second."""


def read_decisions(content: bytes, file: str) -> list[DecisionTable]:
    """All decision tables of a file. Raises ModelError with every problem found."""
    root = parse_xml(content, file)
    notes = Notes(file)
    _check_file(notes, root)
    tables = [] if notes.problems else _read_all(notes, root)
    if notes.problems:
        raise ModelError(notes.problems)
    return tables


def _check_file(notes: Notes, root: Node) -> None:
    """Notes what makes the whole file unreadable."""
    if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
        notes.error(
            root,
            CODE,
            say("The file is no DMN 1.1 to 1.5 model."),
            say("Save it with a DMN editor as DMN 1.3."),
        )
        return
    if child(root, "decision") is None:
        notes.error(
            root, CODE, say("The file holds no decision."), say("Draw a decision with a table.")
        )
    cells = sum(local_name(node) in ("inputEntry", "outputEntry") for node in root.iter())
    if cells > MAX_CELLS:
        notes.error(
            root,
            CODE,
            say("The file holds more than {limit} cells.", limit=MAX_CELLS),
            say("Split the table, or keep the data where a handler can look it up."),
        )


def _read_all(notes: Notes, root: Node) -> list[DecisionTable]:
    decisions = list(children(root, "decision"))
    _check_ids(notes, decisions)
    reader = _Reader(_item_types(root), _input_data(root))
    found = [reader.decision(about(notes, decision), decision) for decision in decisions]
    return [table for table in found if table is not None]


def _check_ids(notes: Notes, decisions: list[Node]) -> None:
    uses = Counter(map(id_of, decisions))
    for decision in decisions:
        if not id_of(decision) or uses[id_of(decision)] > 1:
            about(notes, decision).error(
                decision,
                CODE,
                say("The decision has no id of its own."),
                say("Give each decision an id: processes ask for it by this id."),
            )


def _item_types(root: Node) -> dict[str, str]:
    """The file's own type names -> what they are; lists and structures are of any type."""
    types: dict[str, str] = {}
    for item in children(root, "itemDefinition"):
        base = child(item, "typeRef")
        plain = base is not None and item.get("isCollection") != "true"
        types[item.get("name") or ""] = (base.text or "") if base is not None and plain else "Any"
    return types


def _input_data(root: Node) -> frozenset[str]:
    """Names of the input data drawn in the file: values that cells may read besides columns."""
    return frozenset(data.get("name") or "" for data in children(root, "inputData"))


class _Reader:
    """Reads decisions with the types and input data of their file."""

    def __init__(self, item_types: dict[str, str], input_data: frozenset[str]) -> None:
        self.item_types = item_types
        self.input_data = input_data

    def decision(self, notes: Notes, node: Node) -> DecisionTable | None:
        """One decision, if it is a table that stands by itself."""
        requirements = children(node, "informationRequirement")
        if any(child(requirement, "requiredDecision") is not None for requirement in requirements):
            notes.error(
                node,
                CODE,
                say("The decision needs the result of another decision."),
                say("Ask the other decision in a task before this one, and use its result."),
            )
        table = child(node, "decisionTable")
        if table is not None:
            return self.table(notes, node, table)
        logic = [local_name(part) for part in node if local_name(part) in OTHER_LOGIC]
        notes.error(
            node,
            CODE,
            say("The decision holds no decision table but: {kind}", kind=", ".join(logic) or "-"),
            say("Draw a decision table, or calculate in a script task."),
        )
        return None

    def table(self, notes: Notes, decision: Node, node: Node) -> DecisionTable:
        """The decision table `node` of `decision`."""
        inputs = [read_input(notes, column, self.item_types) for column in children(node, "input")]
        outputs = read_outputs(notes, node, id_of(decision), self.item_types)
        names = self.input_data.union(FACTS, *(column.expression.names for column in inputs))
        columns = [Column(i.label, i.kind, names, i.allowed) for i in inputs]
        return DecisionTable(
            id=id_of(decision),
            name=decision.get("name") or id_of(decision),
            hit_policy=read_hit_policy(notes, node),
            aggregation=read_aggregation(notes, node, outputs),
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            rules=tuple(
                _read_rule(notes, rule, number, columns, outputs, names)
                for number, rule in enumerate(children(node, "rule"), 1)
            ),
            file=notes.file,
            line=line_of(node),
        )


def _read_rule(
    notes: Notes,
    node: Node,
    number: int,
    columns: list[Column],
    outputs: list[Output],
    names: frozenset[str],
) -> Rule:
    """One row. A missing or surplus cell is a problem of the row."""
    tests = list(children(node, "inputEntry"))
    results = list(children(node, "outputEntry"))
    if len(tests) != len(columns) or len(results) != len(outputs):
        about(notes, node).error(
            node,
            CODE,
            say("Rule {number} does not have a cell for each column.", number=number),
            say("Open and save the table with a DMN editor."),
        )
    return Rule(
        id_of(node) or str(number),
        number,
        line_of(node),
        tuple(_read_test(notes, *pair) for pair in zip(tests, columns, strict=False)),
        tuple(_read_result(notes, *pair, names) for pair in zip(results, outputs, strict=False)),
    )


def _read_test(notes: Notes, node: Node, column: Column) -> UnaryTest:
    """An input cell."""
    return attempt(
        about(notes, node, column.label),
        node,
        column_part(column.label),
        lambda: parse_unary(text_in(node), column),
        ANYTHING,
    )


def _read_result(
    notes: Notes, node: Node, output: Output, names: frozenset[str]
) -> Expression | None:
    """An output cell; None when it is empty."""
    source = text_in(node)
    if not source.strip():
        return None

    def read() -> Expression:
        expression = read_expression(node, source)
        check_names(expression, names)
        if expression.is_constant:
            output.check(expression.evaluate({}))
        return expression

    notes = about(notes, node, output.label)
    return attempt(notes, node, column_part(output.label), read, NOTHING_READ)
