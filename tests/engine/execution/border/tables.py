"""Small decision tables for tests."""

from __future__ import annotations

from xml.sax.saxutils import escape

Cells = tuple[str, ...]


def table(
    table_id: str, inputs: Cells, outputs: Cells, *rules: tuple[Cells, Cells], policy: str = "FIRST"
) -> dict[str, bytes]:
    """A DMN file with one table: names of its columns, then (input cells, output cells)."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}"><text>{name}</text></inputExpression></input>'
        for n, name in enumerate(inputs)
    ) + "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate(outputs))
    rows = "".join(
        f'<rule id="r{n}">{_cells("inputEntry", f"r{n}i", tests)}'
        f"{_cells('outputEntry', f'r{n}o', results)}</rule>"
        for n, (tests, results) in enumerate(rules)
    )
    return {
        f"{table_id}.dmn": (
            '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
            f' namespace="x"><decision id="{table_id}" name="{table_id.capitalize()}">'
            f'<decisionTable id="t" hitPolicy="{policy}">{columns}{rows}'
            "</decisionTable></decision></definitions>"
        ).encode()
    }


def _cells(tag: str, prefix: str, texts: Cells) -> str:
    return "".join(
        f'<{tag} id="{prefix}{n}"><text>{escape(text)}</text></{tag}>'
        for n, text in enumerate(texts)
    )


LADDER = table(
    "escalation",
    ("stage", "priority", "overdue"),
    ("level", "next_look"),
    (("-", "-", "< -3"), ("0", "-3")),
    (("-", "-", "< 1"), ("1", "1")),
    (("-", '"high"', "< 2"), ("2", "2")),
    (("-", "-", "< 3"), ("2", "3")),
    (("-", "-", "< 7"), ("3", "7")),
    (("-", "-", "-"), ("4", "")),
)
"""Looks at working days -3, 1, 3 and 7 of the deadline (with high priority at 2 as well)."""
