"""Writes DMN for tests in the form of dmn-js, from rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from engine.decisions import DecisionTable, read_decisions

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    attributes: str = "",
    namespace: str = DMN_13,
    listed: str = "",
    around: str = "",
) -> bytes:
    """A file with the decision `level`. Columns are `name` or `name:type`.

    `listed`: predefined values of the first input; `around`: more XML inside the definitions.
    Each input cell stands on a line of its own, the first one on line 9.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<definitions xmlns="{namespace}" id="d" name="d" namespace="urn:test">{around}',
        f'<decision id="level" name="Tingkat"><decisionTable id="table" {attributes}>',
        "".join(_input(column, listed if not place else "") for place, column in enumerate(inputs)),
        "".join(_output(column) for column in outputs),
        "",
        "",
        *(_rule(number, row, len(inputs)) for number, row in enumerate(rows, 1)),
        "</decisionTable></decision></definitions>",
    ]
    return "\n".join(lines).encode()


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    attributes: str = "",
) -> DecisionTable:
    """The one table of such a file."""
    [found] = read_decisions(dmn(inputs, outputs, rows, attributes=attributes), "level.dmn")
    return found


def _input(column: str, listed: str) -> str:
    name, _, kind = column.partition(":")
    values = f"<inputValues><text>{escape(listed)}</text></inputValues>" if listed else ""
    return (
        f"<input id={quoteattr('in_' + name)} label={quoteattr(name)}>"
        f"<inputExpression typeRef={quoteattr(kind)}><text>{escape(name)}</text>"
        f"</inputExpression>{values}</input>"
    )


def _output(column: str) -> str:
    name, _, kind = column.partition(":")
    return f'<output id="out_{name}" name="{name}" typeRef="{kind}" />'


def _rule(number: int, row: Sequence[str], inputs: int) -> str:
    cells = [
        f'\n<{kind} id="r{number}c{place}"><text>{escape(cell)}</text></{kind}>'
        for place, cell in enumerate(row, 1)
        for kind in ["inputEntry" if place <= inputs else "outputEntry"]
    ]
    return f'<rule id="r{number}">{"".join(cells)}</rule>'
