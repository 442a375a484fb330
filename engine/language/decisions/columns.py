"""Reads the columns of a decision table: what is compared, what comes out, of which kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from engine.language.decisions.kinds import ANY, Kind, kind_of
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
from engine.language.decisions.table import Aggregation, HitPolicy, Input, Output
from engine.language.decisions.unary import Column, expression_text, parse_unary
from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_expression
from engine.models.notes import Notes
from engine.models.xml import Node
from engine.words import say

LANGUAGES = ("feel", "s-feel", "python", "juel")


def read_input(notes: Notes, node: Node, item_types: Mapping[str, str]) -> Input:
    """A column that is compared; what is wrong with it goes to the notes."""
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
        notes, inner, column_part(label), lambda: read_expression(inner, source), NOTHING_READ
    )
    kind = _read_kind(notes, inner, inner.get("typeRef"), label, item_types)
    allowed = _read_allowed(notes, child(node, "inputValues"), Column(label, kind, frozenset()))
    return Input(id_of(node), label, expression, kind, allowed)


def read_expression(node: Node, source: str) -> Expression:
    """A text of a language that is read here, compiled. Raises LanguageError."""
    language = (node.get("expressionLanguage") or "").rstrip("/").rpartition("/")[2].lower()
    if language and language not in LANGUAGES:
        raise LanguageError(
            say("The language {language} is not read here.", language=language),
            say("Write FEEL values or Python syntax, and remove the language."),
        )
    return compile_expression(expression_text(source))


def _read_kind(
    notes: Notes, node: Node, reference: str | None, label: str, item_types: Mapping[str, str]
) -> Kind:
    return attempt(
        notes, node, column_part(label), lambda: kind_of(reference or "", item_types), ANY
    )


def _read_allowed(notes: Notes, node: Node | None, column: Column) -> tuple[object, ...]:
    """The values an author listed for a column; none when ranges are among them."""
    if node is None:
        return ()
    nothing: tuple[object, ...] = ()
    tests = attempt(
        notes,
        node,
        column_part(column.label),
        lambda: parse_unary(text_in(node), column),
        parse_unary("", column),
    )
    return nothing if tests.bounds else tests.values


def read_outputs(
    notes: Notes, table: Node, only_name: str, item_types: Mapping[str, str]
) -> list[Output]:
    """The result columns; a single one without a name is called `only_name`."""
    nodes = list(children(table, "output"))
    if not nodes:
        notes.error(
            table, CODE, say("The table has no output."), say("Add a column for the result.")
        )
    outputs: list[Output] = []
    for node in nodes:
        name = node.get("name") or (only_name if len(nodes) == 1 else "")
        _check_output(notes, node, name, {output.name for output in outputs})
        label = node.get("label") or name
        kind = _read_kind(notes, node, node.get("typeRef"), label, item_types)
        column = Column(label, kind, frozenset())
        allowed = _read_allowed(about(notes, node), child(node, "outputValues"), column)
        outputs.append(Output(id_of(node), name, label, kind, allowed))
    return outputs


def _check_output(notes: Notes, node: Node, name: str, taken: set[str]) -> None:
    if not name or name in taken:
        about(notes, node).error(
            node,
            CODE,
            say("The output has no name of its own."),
            say("Give each output a name: results are found by it."),
        )
    if child(node, "defaultOutputEntry") is not None:
        about(notes, node).error(
            node,
            CODE,
            say("Default outputs are not supported."),
            say("Write a last rule whose cells are all -, with the hit policy FIRST."),
        )


def read_hit_policy(notes: Notes, table: Node) -> HitPolicy:
    """The hit policy; UNIQUE when none is written (DMN 1.3, 8.2.10)."""
    policy = table.get("hitPolicy") or "UNIQUE"
    if policy not in get_args(HitPolicy):
        notes.error(
            table,
            CODE,
            say("The hit policy {policy} is not supported.", policy=policy),
            say("Choose UNIQUE, FIRST or COLLECT."),
        )
    return cast("HitPolicy", policy)


def read_aggregation(notes: Notes, table: Node, outputs: list[Output]) -> Aggregation | None:
    """How a COLLECT table adds up its results; None: it lists them."""
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
