"""Reads formulas: decisions that are a literal expression, and business knowledge models."""

from __future__ import annotations

from collections.abc import Iterable

from engine.decisions.decision import Needs
from engine.decisions.dmn.columns import Terms, read_expression, read_kind
from engine.decisions.dmn.parts import (
    CODE,
    NOTHING_READ,
    about,
    attempt,
    child,
    children,
    id_of,
    text_in,
)
from engine.decisions.dmn.requirements import (
    REQUIRED_KNOWLEDGE,
    label_of,
    ordered,
    references,
    variable_of,
)
from engine.decisions.dmn.types import Types
from engine.decisions.formula import Formula
from engine.decisions.knowledge import Knowledge
from engine.decisions.vocabulary import Vocabulary
from engine.language.closures.builtins import BUILTINS
from engine.language.closures.names import near
from engine.language.errors import LanguageError
from engine.language.expressions import Expression
from engine.language.functions import FUNCTION_NAMES
from engine.sentences.sentence import say
from engine.xml.notes import Notes
from engine.xml.tree import Node, line_of, local_name


def read_formula(notes: Notes, decision: Node, node: Node, needs: Needs, terms: Terms) -> Formula:
    """The literal expression `node` of `decision`."""
    label = label_of(decision)
    variable = child(decision, "variable")
    typed = node if variable is None or node.get("typeRef") else variable
    return Formula(
        id=id_of(decision),
        name=label,
        variable=variable_of(decision),
        expression=_compiled(notes, node, terms.vocabulary, needs.knowledge),
        kind=read_kind(notes, typed, label, terms.types),
        file=notes.file,
        line=line_of(node),
        needs=needs,
    )


def _compiled(
    notes: Notes, node: Node, vocabulary: Vocabulary, known: Iterable[Knowledge]
) -> Expression:
    def read() -> Expression:
        expression = read_expression(node, text_in(node), vocabulary.formula)
        _check_calls(expression, known)
        return expression

    return attempt(notes, node, say("Formula"), read, NOTHING_READ)


def _check_calls(expression: Expression, known: Iterable[Knowledge]) -> None:
    """Raises LanguageError for a function that does not exist when the formula is evaluated."""
    functions = {*BUILTINS, *FUNCTION_NAMES, *(one.name for one in known)}
    unknown = sorted(expression.calls - functions)
    if unknown:
        raise LanguageError(
            say("There is no function called {name}.", name=unknown[0]), near(unknown[0], functions)
        )


def read_knowledge(notes: Notes, root: Node, types: Types) -> dict[str, Knowledge]:
    """The business knowledge models of a file by id; unusable ones go to the notes."""
    nodes = {id_of(node): node for node in children(root, "businessKnowledgeModel")}
    read: dict[str, Knowledge] = {}
    for node in ordered(notes, nodes, REQUIRED_KNOWLEDGE):
        calls = [read[id] for id in references(node, REQUIRED_KNOWLEDGE) if id in read]
        found = _read_one(about(notes, node), node, tuple(calls), types)
        if found is not None:
            read[found.id] = found
    return read


def _read_one(
    notes: Notes, node: Node, calls: tuple[Knowledge, ...], types: Types
) -> Knowledge | None:
    logic = child(node, "encapsulatedLogic")
    body = child(logic, "literalExpression") if logic is not None else None
    if logic is None or body is None or logic.get("kind", "FEEL") != "FEEL":
        held = [local_name(part) for part in (() if logic is None else logic)]
        notes.error(
            node,
            CODE,
            say("The function holds no formula but: {kind}", kind=", ".join(held) or "-"),
            say("Write it as a literal expression with parameters."),
        )
        return None
    parameters = tuple(part.get("name") or "" for part in children(logic, "formalParameter"))
    special = {*parameters, *types.parts, *(one.name for one in calls)}
    expression = _compiled(notes, body, Vocabulary.of(special), calls)
    unknown = sorted(expression.names - set(parameters))
    if unknown:
        notes.error(
            body,
            CODE,
            say("There is no parameter called {name}.", name=unknown[0]),
            near(unknown[0], parameters),
        )
    return Knowledge(id_of(node), variable_of(node), parameters, expression, calls)
