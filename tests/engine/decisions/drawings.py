"""Writes decision drawings for tests in the form of dmn-js: decisions, input data, and arrows."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.decisions import Decision, read_decisions
from tests.engine.decisions.tables import DMN_13

ARROWS = {
    "decision": ("informationRequirement", "requiredDecision"),
    "input": ("informationRequirement", "requiredInput"),
    "knowledge": ("knowledgeRequirement", "requiredKnowledge"),
}


def drawing(*parts: str) -> bytes:
    """A file with these parts."""
    head = f'<definitions xmlns="{DMN_13}" id="d" name="d" namespace="urn:test">'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', head, *parts, "</definitions>"]
    ).encode()


def decisions(*parts: str) -> dict[str, Decision]:
    """The decisions of such a file by id."""
    return {each.id: each for each in read_decisions(drawing(*parts), "drawing.dmn")}


def decision(
    id: str, logic: str, *needs: str, name: str = "", variable: str = "", kind: str = ""
) -> str:
    """A decision; `needs` are arrows such as `decision:level` or `input:amount`."""
    own = f"<variable name={quoteattr(variable)} typeRef={quoteattr(kind)}/>" if variable else ""
    arrows = "".join(_arrow(need) for need in needs)
    return f'<decision id="{id}" name={quoteattr(name or id)}>{own}{arrows}{logic}</decision>'


def knowledge(id: str, parameters: Sequence[str], text: str, *needs: str, name: str = "") -> str:
    """A business knowledge model: a formula with parameters."""
    formal = "".join(f"<formalParameter name={quoteattr(each)}/>" for each in parameters)
    return (
        f'<businessKnowledgeModel id="{id}" name={quoteattr(name or id)}>'
        f"<encapsulatedLogic>{formal}{formula(text)}</encapsulatedLogic>"
        f"{''.join(map(_arrow, needs))}</businessKnowledgeModel>"
    )


def input_data(id: str, name: str = "", kind: str = "") -> str:
    """Input data; with a `kind` its variable is typed."""
    variable = f"<variable name={quoteattr(name or id)} typeRef={quoteattr(kind)}/>" if kind else ""
    return f'<inputData id="{id}" name={quoteattr(name or id)}>{variable}</inputData>'


def formula(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def rules(
    columns: Sequence[str], outputs: Sequence[str], *rows: Sequence[str], policy: str = "UNIQUE"
) -> str:
    """A decision table."""
    heads = [
        f"<input><inputExpression><text>{escape(each)}</text></inputExpression></input>"
        for each in columns
    ]
    heads += [f"<output name={quoteattr(each)}/>" for each in outputs]
    body = "".join([*heads, *(_rule(row, len(columns)) for row in rows)])
    return f'<decisionTable hitPolicy="{policy}">{body}</decisionTable>'


def _rule(row: Sequence[str], inputs: int) -> str:
    cells = [
        f"<{kind}><text>{escape(cell)}</text></{kind}>"
        for place, cell in enumerate(row)
        for kind in ["inputEntry" if place < inputs else "outputEntry"]
    ]
    return f"<rule>{''.join(cells)}</rule>"


def _arrow(need: str) -> str:
    kind, _, target = need.partition(":")
    arrow, end = ARROWS[kind]
    return f'<{arrow}><{end} href="#{target}"/></{arrow}>'
