"""The output of a benchmark: lines, each with its reference of the same run, as one table or
JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `beside`: the same thing measured in another way or place, also in `unit`;
    `goal`: our goal for the figure or the ratio, in words; `note`: how it was measured."""

    section: str
    what: str
    figure: float
    unit: str
    reference: str = ""
    beside: float | None = None
    goal: str = ""
    note: str = ""
    spread: tuple[float, float] | None = None
    """The smallest and the largest value, if the figure is the median of several runs."""

    @classmethod
    def of(cls, section: str, what: str, values: Sequence[float], unit: str, **more: Any) -> Line:
        """The median of several runs, with the smallest and largest value."""
        spread = (min(values), max(values)) if len(values) > 1 else None
        return cls(section, what, median(values), unit, spread=spread, **more)

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of its reference."""
        return self.figure / self.beside if self.beside else None


def as_table(lines: Sequence[Line]) -> str:
    """A Markdown table, one section under the other."""
    rows = ["| | figure | reference | ratio | goal |", "|---|---|---|---|---|"]
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            rows.append(f"| **{section}** | | | | |")
        rows.append(_row(line))
    notes = [f"- {line.what}: {line.note}" for line in lines if line.note]
    return "\n".join([*rows, "", *notes, ""])


def as_json(lines: Sequence[Line]) -> str:
    """The same for programs."""
    return json.dumps([asdict(line) | {"ratio": line.ratio} for line in lines], indent=2) + "\n"


def _row(line: Line) -> str:
    beside = "" if line.beside is None else f"{_number(line.beside)} {line.reference}"
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    figure = f"{_number(line.figure)} {line.unit}"
    if line.spread is not None:
        figure += f" ({' to '.join(map(_number, line.spread))})"
    return f"| {line.what} | {figure} | {beside} | {ratio} | {line.goal} |"


def _number(value: float) -> str:
    """Three significant digits, thousands grouped."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
