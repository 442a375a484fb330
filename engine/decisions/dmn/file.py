"""DMN files (1.1 to 1.5, as dmn-js writes them) -> decisions, or their errors.

Owns reading decisions and their rows; `columns` reads the columns. Every text is compiled here, so
a table that was read can be evaluated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from engine.decisions.decision import Decision, Needs
from engine.decisions.dmn.columns import (
    Terms,
    read_aggregation,
    read_hit_policy,
    read_input,
    read_outputs,
    read_result,
)
from engine.decisions.dmn.formulas import read_formula, read_knowledge
from engine.decisions.dmn.parts import (
    CODE,
    about,
    attempt,
    child,
    children,
    column_part,
    id_of,
    text_in,
)
from engine.decisions.dmn.requirements import Requirements, label_of, variable_of
from engine.decisions.dmn.types import read_types
from engine.decisions.table import DecisionTable, Output, Rule
from engine.decisions.unary import ANYTHING, Column, UnaryTest, parse_unary
from engine.decisions.vocabulary import Vocabulary
from engine.sentences.errors import ModelError
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, line_of, local_name, namespace, parse_xml

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
# The names that cells may read besides the columns: facts of the case.
FACTS = frozenset({"case", "task"})
# The logic that a decision may hold instead of a table or a formula (DMN 1.3, 7.3.1).
OTHER_LOGIC = frozenset({"context", "functionDefinition", "invocation", "list", "relation"})
MAX_CELLS = 20_000
"""Number of cells in one file: ten times the largest table that people keep; compiled within a
second."""

MAX_RULES = 2_000
"""Number of rows in one table. Each is compared with those above it: twice as many rows take four
times as long.
"""

MAX_COLUMNS = 200
"""Number of columns in one table, results included: ten times the widest table that people read."""

MAX_DECISIONS = 200
"""Number of decisions in one file: far more than fit into a drawing."""

MAX_DRAWN = 2_000
"""Number of decisions, input data, knowledge models and types in one file."""


def read_decisions(content: bytes, file: str) -> list[Decision]:
    """All decisions of a file, in its order. Raises ModelError with every problem found."""
    root = parse_xml(content, file)
    notes = Notes(file)
    _check_file(notes, root)
    decisions = [] if notes.problems else _read_all(notes, root)
    if notes.problems:
        raise ModelError(notes.problems)
    return decisions


def _check_file(notes: Notes, root: Node) -> None:
    """Note the faults that make the whole file unreadable."""
    if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
        notes.error(
            root,
            "dmn",
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
    for decision in children(root, "decision"):
        for table in children(decision, "decisionTable"):
            _check_table(about(notes, decision), table)
    if sum(1 for _ in children(root, "decision")) > MAX_DECISIONS or len(root) > MAX_DRAWN:
        notes.error(
            root,
            CODE,
            say("The file holds more than {limit} decisions.", limit=MAX_DECISIONS)
            if len(root) <= MAX_DRAWN
            else say("The file holds more than {limit} drawn parts.", limit=MAX_DRAWN),
            say("Split it into several files."),
        )


def _check_table(notes: Notes, table: Node) -> None:
    """Note that a table is too large to be read and compared, row by row."""
    parts = Counter(map(local_name, table))
    if parts["rule"] > MAX_RULES:
        notes.error(
            table,
            CODE,
            say("The table holds more than {limit} rules.", limit=MAX_RULES),
            say("Split the table, or keep the data where a handler can look it up."),
        )
    if parts["input"] + parts["output"] > MAX_COLUMNS:
        notes.error(
            table,
            CODE,
            say("The table holds more than {limit} columns.", limit=MAX_COLUMNS),
            say("Split the table into decisions that need each other."),
        )


def _read_all(notes: Notes, root: Node) -> list[Decision]:
    nodes = list(children(root, "decision"))
    _check_ids(notes, nodes)
    reader = _Reader(notes, root)
    read: dict[str, Decision] = {}
    for node in reader.requirements.in_order(notes):
        decision = reader.decision(about(notes, node), node, read)
        if decision is not None:
            read[decision.id] = decision
    return [read[id_of(node)] for node in nodes if id_of(node) in read]


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


class _Reader:
    """Reads decisions with the types and the drawing of their file."""

    def __init__(self, notes: Notes, root: Node) -> None:
        self.types = read_types(root)
        self.requirements = Requirements(root, self.types, read_knowledge(notes, root, self.types))

    def decision(self, notes: Notes, node: Node, read: Mapping[str, Decision]) -> Decision | None:
        """One decision with its required decisions, which are `read` already."""
        needs = self.requirements.needs(notes, node, read)
        names = self.requirements.input_names.union(FACTS, needs.results)
        special = names.union(self.types.parts, (one.name for one in needs.knowledge))
        terms = Terms(self.types, Vocabulary.of(special), names)
        table, formula = child(node, "decisionTable"), child(node, "literalExpression")
        if table is not None:
            return _read_table(notes, node, table, needs, terms)
        if formula is not None:
            return read_formula(notes, node, formula, needs, terms)
        logic = [local_name(part) for part in node if local_name(part) in OTHER_LOGIC]
        notes.error(
            node,
            CODE,
            say("The decision holds no decision table but: {kind}", kind=", ".join(logic) or "-"),
            say("Draw a decision table, or calculate in a script task."),
        )
        return None


def _read_table(
    notes: Notes, decision: Node, node: Node, needs: Needs, terms: Terms
) -> DecisionTable:
    """The decision table `node` of `decision`."""
    inputs = [read_input(notes, column, terms) for column in children(node, "input")]
    outputs = read_outputs(notes, node, id_of(decision), terms)
    names = terms.names.union(*(column.expression.names for column in inputs))
    columns = [Column(i.label, i.kind, names, i.allowed, terms.vocabulary) for i in inputs]
    return DecisionTable(
        id=id_of(decision),
        name=label_of(decision),
        variable=variable_of(decision),
        hit_policy=read_hit_policy(notes, node, outputs),
        aggregation=read_aggregation(notes, node, outputs),
        inputs=tuple(inputs),
        outputs=tuple(outputs),
        rules=tuple(
            _read_rule(notes, rule, number, columns, outputs, replace(terms, names=names))
            for number, rule in enumerate(children(node, "rule"), 1)
        ),
        file=notes.file,
        line=line_of(node),
        needs=needs,
    )


def _read_rule(
    notes: Notes,
    node: Node,
    number: int,
    columns: list[Column],
    outputs: list[Output],
    terms: Terms,
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
        tuple(
            read_result(about(notes, cell, output.label), cell, output, terms)
            for cell, output in zip(results, outputs, strict=False)
        ),
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
