"""DMN files (1.1 to 1.5, as dmn-js writes them) -> decision tables, or what is wrong with them.

Owns the XML of decisions. Everything is compiled here, so a table that is read can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, cast, get_args

from engine.errors import ModelError
from engine.language.decisions.kinds import ANY, Kind, kind_of
from engine.language.decisions.table import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    Rule,
)
from engine.language.decisions.unary import (
    ANYTHING,
    Column,
    UnaryTest,
    check_names,
    expression_text,
    parse_unary,
)
from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_expression
from engine.models.problems import Problem
from engine.models.xml import Node, line_of, local_name, namespace, parse_xml
from engine.words import Sentence, say

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
LANGUAGES = ("feel", "s-feel", "python", "juel")
# What output cells and inputs may read besides the columns: facts of the case at hand.
FACTS = frozenset({"case", "task"})
# What a decision may hold instead of a table (DMN 1.3, 7.3.1).
OTHER_LOGIC = frozenset(
    {"context", "functionDefinition", "invocation", "list", "literalExpression", "relation"}
)
_NOTHING = Expression.constant(None)

Found = TypeVar("Found")


def read_decisions(content: bytes, file: str) -> list[DecisionTable]:
    """All decision tables of a file. Raises ModelError with every problem found."""
    root = parse_xml(content, file)
    reader = _Reader(file, _item_types(root))
    tables = reader.definitions(root)
    if reader.problems:
        raise ModelError(reader.problems)
    return tables


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node if local_name(child) == name)


def _child(node: Node, name: str) -> Node | None:
    return next(_children(node, name), None)


def _text(node: Node | None) -> str:
    """The text of the `<text>` in a cell or expression."""
    inner = _child(node, "text") if node is not None else None
    return "".join(inner.itertext()) if inner is not None else ""


def _id(node: Node) -> str:
    return node.get("id") or ""


def _item_types(root: Node) -> dict[str, str]:
    """The file's own type names -> what they are; lists and structures are of any type."""
    types: dict[str, str] = {}
    for item in _children(root, "itemDefinition"):
        base = _child(item, "typeRef")
        plain = base is not None and item.get("isCollection") != "true"
        types[item.get("name") or ""] = (base.text or "") if base is not None and plain else "Any"
    return types


class _Reader:
    """Reads one file and writes down what is wrong, cell by cell."""

    def __init__(self, file: str, item_types: Mapping[str, str]) -> None:
        self.file = file
        self.item_types = item_types
        self.problems: list[Problem] = []

    def problem(
        self, node: Node, what: Sentence, advice: Sentence, *, owner: Node | None = None
    ) -> None:
        """Writes down a finding about `node`, or about `owner` at the line of `node`."""
        named = node if owner is None else owner
        name = named.get("label") or named.get("name") or ""
        self.problems.append(
            Problem(self.file, _id(named), name, line_of(node), "error", "decision", what, advice)
        )

    def attempt(self, node: Node, read: Callable[[], Found], otherwise: Found) -> Found:
        """What `read` gives; a LanguageError becomes a problem of the cell `node`."""
        try:
            return read()
        except LanguageError as error:
            place = _child(node, "text")
            line = line_of(node if place is None else place) + max(error.line - 1, 0)
            self.problems.append(
                Problem(
                    self.file, _id(node), "", line, "error", "decision", error.what, error.advice
                )
            )
            return otherwise

    def definitions(self, root: Node) -> list[DecisionTable]:
        """The tables of the file."""
        if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
            self.problem(
                root,
                say("The file is no DMN 1.1 to 1.5 model."),
                say("Save it with a DMN editor as DMN 1.3."),
            )
            return []
        decisions = list(_children(root, "decision"))
        if not decisions:
            self.problem(
                root, say("The file holds no decision."), say("Draw a decision with a table.")
            )
        found = [self.decision(decision, root) for decision in decisions]
        self._check_ids(decisions)
        return [table for table in found if table is not None]

    def _check_ids(self, decisions: list[Node]) -> None:
        ids = [_id(decision) for decision in decisions]
        for decision, name in zip(decisions, ids, strict=True):
            if not name or ids.count(name) > 1:
                self.problem(
                    decision,
                    say("The decision has no id of its own."),
                    say("Give each decision an id: processes ask for it by this id."),
                )

    def decision(self, node: Node, root: Node) -> DecisionTable | None:
        """One decision, if it is a table that stands by itself."""
        for requirement in _children(node, "informationRequirement"):
            if _child(requirement, "requiredDecision") is not None:
                self.problem(
                    node,
                    say("The decision needs the result of another decision."),
                    say(
                        "Ask the other decision in a business rule task before, and use its result."
                    ),
                )
        table = _child(node, "decisionTable")
        if table is not None:
            return self.table(node, table, _input_data(root))
        logic = [local_name(child) for child in node if local_name(child) in OTHER_LOGIC]
        self.problem(
            node,
            say("The decision holds no decision table but: {kind}", kind=", ".join(logic) or "-"),
            say("Draw a decision table, or calculate in a script task."),
        )
        return None

    def table(self, decision: Node, node: Node, data: frozenset[str]) -> DecisionTable:
        """The decision table `node` of `decision`."""
        inputs = [self.input(column) for column in _children(node, "input")]
        names = frozenset().union(*(column.expression.names for column in inputs), data, FACTS)
        outputs = self.outputs(decision, list(_children(node, "output")))
        if not outputs:
            self.problem(
                node, say("The table has no output."), say("Add a column for the result."),
                owner=decision,
            )  # fmt: skip
        columns = [Column(i.label, i.kind, names) for i in inputs]
        rules = [
            self.rule(rule, number, columns, outputs, names)
            for number, rule in enumerate(_children(node, "rule"), 1)
        ]
        return DecisionTable(
            id=_id(decision),
            name=decision.get("name") or _id(decision),
            hit_policy=self.hit_policy(node),
            aggregation=self.aggregation(node, outputs),
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            rules=tuple(rules),
            file=self.file,
            line=line_of(node),
        )

    def hit_policy(self, node: Node) -> HitPolicy:
        """The hit policy; UNIQUE when none is written (DMN 1.3, 8.2.10)."""
        policy = node.get("hitPolicy") or "UNIQUE"
        if policy not in get_args(HitPolicy):
            self.problem(
                node,
                say("The hit policy {policy} is not supported.", policy=policy),
                say("Choose UNIQUE, FIRST or COLLECT."),
            )
        return cast("HitPolicy", policy)

    def aggregation(self, node: Node, outputs: list[Output]) -> Aggregation | None:
        """How a COLLECT table adds up its results; None: it lists them."""
        name = node.get("aggregation")
        if not name:
            return None
        if name not in get_args(Aggregation) or node.get("hitPolicy") != "COLLECT":
            self.problem(
                node,
                say("The aggregation {name} is not supported here.", name=name),
                say("Choose the hit policy COLLECT with SUM, MIN, MAX or COUNT."),
            )
        if len(outputs) > 1:
            self.problem(
                node,
                say("A table with an aggregation has one output."),
                say("Remove the other outputs, or the aggregation."),
            )
        return cast("Aggregation", name)

    def kind(self, node: Node, reference: str) -> Kind:
        """The kind of a column from its `typeRef`."""
        return self.attempt(node, lambda: kind_of(reference, self.item_types), ANY)

    def input(self, node: Node) -> Input:
        """A column that is compared."""
        inner = _child(node, "inputExpression")
        source = _text(inner)
        label = node.get("label") or source.strip() or _id(node)
        if inner is None or not source.strip():
            self.problem(
                node,
                say("The column says nothing to compare."),
                say("Write the name of a value, such as priority."),
            )
            return Input(_id(node), label, Expression.constant(None), ANY)
        expression = self.attempt(inner, lambda: self.expression(inner, source), _NOTHING)
        return Input(_id(node), label, expression, self.kind(inner, inner.get("typeRef") or ""))

    def expression(self, node: Node, source: str) -> Expression:
        """A compiled text of a language that is read here. Raises LanguageError."""
        language = (node.get("expressionLanguage") or "").rstrip("/").rpartition("/")[2].lower()
        if language and language not in LANGUAGES:
            raise LanguageError(
                say("The language {language} is not read here.", language=language),
                say("Write FEEL values or Python syntax, and remove the language."),
            )
        return compile_expression(expression_text(source))

    def outputs(self, decision: Node, nodes: list[Node]) -> list[Output]:
        """The result columns; a single one may take the decision's name."""
        outputs: list[Output] = []
        for node in nodes:
            name = node.get("name") or (_id(decision) if len(nodes) == 1 else "")
            if not name or name in {output.name for output in outputs}:
                self.problem(
                    node,
                    say("The output has no name of its own."),
                    say("Give each output a name: results are found by it."),
                )
            if _child(node, "defaultOutputEntry") is not None:
                self.problem(
                    node,
                    say("Default outputs are not supported."),
                    say("Write a last rule whose cells are all -, with the hit policy FIRST."),
                )
            kind = self.kind(node, node.get("typeRef") or "")
            outputs.append(Output(_id(node), name, node.get("label") or name, kind))
        return outputs

    def rule(
        self,
        node: Node,
        number: int,
        columns: list[Column],
        outputs: list[Output],
        names: frozenset[str],
    ) -> Rule:
        """One row. A missing or surplus cell is a problem of the row."""
        entries = list(_children(node, "inputEntry")), list(_children(node, "outputEntry"))
        if (len(entries[0]), len(entries[1])) != (len(columns), len(outputs)):
            self.problem(
                node,
                say("Rule {number} does not have a cell for each column.", number=number),
                say("Open and save the table with a DMN editor."),
            )
        tests = [
            self.test(entry, column) for entry, column in zip(entries[0], columns, strict=False)
        ]
        results = [
            self.result(entry, output, names)
            for entry, output in zip(entries[1], outputs, strict=False)
        ]
        return Rule(_id(node) or str(number), number, line_of(node), tuple(tests), tuple(results))

    def test(self, node: Node, column: Column) -> UnaryTest:
        """An input cell."""
        return self.attempt(node, lambda: parse_unary(_text(node), column), ANYTHING)

    def result(self, node: Node, output: Output, names: frozenset[str]) -> Expression | None:
        """An output cell; None when it is empty."""
        source = _text(node)
        if not source.strip():
            return None

        def read() -> Expression:
            expression = self.expression(node, source)
            check_names(expression, names)
            if expression.is_constant:
                output.kind.literal(expression.evaluate({}), output.label)
            return expression

        return self.attempt(node, read, _NOTHING)


def _input_data(root: Node) -> frozenset[str]:
    """Names of the input data drawn in the file: values that cells may read besides columns."""
    return frozenset(data.get("name") or "" for data in _children(root, "inputData"))
