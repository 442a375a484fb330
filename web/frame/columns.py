"""The columns of a table, named once: their headings, and the marks of their cells for narrow
screens, where a row is a block, and for paper.

Owns the attributes in `parts/tables.html` and in the cells of a template; the style sheet owns
their look.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

PLACES = frozenset({"title", "meta", "marks", "acts", "wide"})
"""The place of a cell in a block: `wide` is shown on wide screens only."""
PLAIN = frozenset({"number", "break", "nowrap", "no-print"})
"""Classes with the same meaning everywhere."""
OF_HEADS = frozenset({"number", "no-print"})
"""The classes that the heading has too."""
TOLD, UNSEEN = "told", "unseen"
"""A told heading stands before the value in a block; an unseen one is for screen readers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. In a template it gives the attributes of its cell: `<td {{ at.name }}>`."""

    name: str
    words: str
    unseen: bool
    head: Markup
    cell: Markup

    def __html__(self) -> str:
        return self.cell


def columns(**wanted: tuple[str, str] | tuple[str, str, str] | None) -> dict[str, Column]:
    """Columns from left to right: their look (words of this module), their heading and, if a block
    needs a shorter one, that. A missing column is left out."""
    hidden = [name for name in wanted if hasattr(dict, name)]
    if hidden:
        raise ValueError(f"A template could not reach a column called {hidden[0]}.")
    return {name: _column(name, *said) for name, said in wanted.items() if said}


def _column(name: str, how: str, words: str, short: str = "") -> Column:
    asked = how.split()
    unknown = set(asked) - PLACES - PLAIN - {TOLD, UNSEEN}
    if unknown:
        raise ValueError(f"No column looks {' '.join(sorted(unknown))}.")
    told = Markup(' data-label="{}"').format(short or words) if TOLD in asked else Markup()
    return Column(
        name,
        words,
        UNSEEN in asked,
        Markup('role="columnheader" scope="col"') + _classes([x for x in asked if x in OF_HEADS]),
        Markup('role="cell"') + _classes([_class(x) for x in asked if x in PLACES | PLAIN]) + told,
    )


def _class(word: str) -> str:
    return f"block-table__{word}" if word in PLACES else word


def _classes(names: list[str]) -> Markup:
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup()
