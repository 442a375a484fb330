"""Reads the columns of a decision table: inputs, outputs and their kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast, get_args

from engine.decisions.dmn.parts import (
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
from engine.decisions.dmn.types import Types
from engine.decisions.kinds import ANY, Kind
from engine.decisions.policies import RANKED, Aggregation, HitPolicy
from engine.decisions.table import Input, Output
from engine.decisions.unary import ANYTHING, Column, check_names, parse_unary
from engine.decisions.vocabulary import Vocabulary
from engine.language.errors import LanguageError
from engine.language.expressions import Expression
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node

MAX_LISTED = 1_000
"""Number of values that an author may list for a column: each cell is looked up among them."""

LANGUAGES = ("feel", "s-feel", "python", "juel")


@dataclass(frozen=True, slots=True)
class Terms:
    """The context for the texts of one decision: the file's types, the decision's special names,
    and the names that cells may read besides the columns."""

    types: Types
    vocabulary: Vocabulary
    names: frozenset[str]


def read_input(notes: Notes, node: Node, terms: Terms) -> Input:
    """An input column; its errors go to the notes."""
    inner = child(node, "inputExpression")
    source = text_in(inner)
    label = node.get("label") or source.strip() or id_of(node)
    notes = about(notes, node, label)
    if inner is None or not source.strip():
        notes.error(
            node,
            CODE,
            say("The column says nothing to compare."),
            say("Write the name of a value, such as priority."),
        )
        return Input(id_of(node), label, NOTHING_READ, ANY)
    expression = attempt(
        notes,
        inner,
        column_part(label),
        lambda: read_expression(inner, source, terms.vocabulary.cell),
        NOTHING_READ,
    )
    kind = read_kind(notes, inner, label, terms.types)
    listed = _listed(node, "inputValues", inner.get("typeRef"), terms.types)
    allowed = read_allowed(notes, node, listed, label, kind)
    return Input(id_of(node), label, expression, kind, allowed)


def read_expression(node: Node, source: str, read: Callable[[str], Expression]) -> Expression:
    """A text in a language that this package reads, compiled by `read`. Raises LanguageError."""
    language = (node.get("expressionLanguage") or "").rstrip("/").rpartition("/")[2].lower()
    if language and language not in LANGUAGES:
        raise LanguageError(
            say("The language {language} is not read here.", language=language),
            say("Write FEEL values or Python syntax, and remove the language."),
        )
    return read(source)


def read_kind(notes: Notes, node: Node, label: str, types: Types) -> Kind:
    """The kind of the element's `typeRef`."""
    reference = node.get("typeRef") or ""
    return attempt(notes, node, column_part(label), lambda: types.kind(reference), ANY)


def _listed(node: Node, part: str, reference: str | None, types: Types) -> str:
    """The text of the values that an author listed in the column, else for the type of the
    column."""
    values = child(node, part)
    return text_in(values) if values is not None else types.allowed_in(reference or "")


def read_allowed(
    notes: Notes, node: Node, listed: str, label: str, kind: Kind
) -> tuple[object, ...]:
    """The values that an author listed; none if there are ranges among them."""
    column = Column(label, kind, frozenset())
    tests = attempt(notes, node, column_part(label), lambda: parse_unary(listed, column), ANYTHING)
    if len(tests.values) > MAX_LISTED:
        notes.error(
            node,
            CODE,
            say("{label} lists more than {limit} values.", label=label, limit=MAX_LISTED),
            say("Remove the list, or describe the values by a range in the rules."),
        )
        return ()
    return () if tests.bounds else tests.values


def read_outputs(notes: Notes, table: Node, only_name: str, terms: Terms) -> list[Output]:
    """The result columns; a single column without a name is called `only_name`."""
    nodes = list(children(table, "output"))
    if not nodes:
        notes.error(
            table, CODE, say("The table has no output."), say("Add a column for the result.")
        )
    outputs: list[Output] = []
    for node in nodes:
        name = node.get("name") or (only_name if len(nodes) == 1 else "")
        _check_output(notes, node, name, {output.name for output in outputs})
        outputs.append(_read_output(about(notes, node), node, name, terms))
    return outputs


def _read_output(notes: Notes, node: Node, name: str, terms: Terms) -> Output:
    label = node.get("label") or name
    kind = read_kind(notes, node, label, terms.types)
    listed = _listed(node, "outputValues", node.get("typeRef"), terms.types)
    allowed = read_allowed(notes, node, listed, label, kind)
    output = Output(id_of(node), name, label, kind, allowed)
    default = child(node, "defaultOutputEntry")
    if default is None:
        return output
    return replace(output, default=read_result(notes, default, output, terms))


def read_result(notes: Notes, node: Node, output: Output, terms: Terms) -> Expression | None:
    """An output cell or a default; None if it is empty."""
    source = text_in(node)
    if not source.strip():
        return None

    def read() -> Expression:
        expression = read_expression(node, source, terms.vocabulary.cell)
        check_names(expression, terms.names)
        if expression.is_constant:
            output.check(expression.evaluate({}))
        return expression

    return attempt(notes, node, column_part(output.label), read, NOTHING_READ)


def _check_output(notes: Notes, node: Node, name: str, taken: set[str]) -> None:
    if not name or name in taken:
        about(notes, node).error(
            node,
            CODE,
            say("The output has no name of its own."),
            say("Give each output a name: results are found by it."),
        )


def read_hit_policy(notes: Notes, table: Node, outputs: list[Output]) -> HitPolicy:
    """The hit policy; the default is UNIQUE (DMN 1.3, 8.2.10)."""
    policy = table.get("hitPolicy") or "UNIQUE"
    if policy not in get_args(HitPolicy):
        notes.error(
            table,
            CODE,
            say("The hit policy {policy} is not supported.", policy=policy),
            say("Choose one of: {names}.", names=", ".join(get_args(HitPolicy))),
        )
    if policy in RANKED and not any(output.allowed for output in outputs):
        notes.error(
            table,
            CODE,
            say("The hit policy {policy} needs the order of the results.", policy=policy),
            say("List the values of an output, the most important first."),
        )
    return cast("HitPolicy", policy)


def read_aggregation(notes: Notes, table: Node, outputs: list[Output]) -> Aggregation | None:
    """The aggregation of a COLLECT table; None: the table lists its results."""
    name = table.get("aggregation")
    if not name:
        return None
    if name not in get_args(Aggregation) or table.get("hitPolicy") != "COLLECT":
        notes.error(
            table,
            CODE,
            say("The aggregation {name} is not supported here.", name=name),
            say("Choose the hit policy COLLECT with SUM, MIN, MAX or COUNT."),
        )
    if len(outputs) != 1:
        notes.error(
            table,
            CODE,
            say("A table with an aggregation has one output."),
            say("Remove the other outputs, or the aggregation."),
        )
    return cast("Aggregation", name)
