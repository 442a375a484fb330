"""The tables about the models, by file.

A table is a TOML file; in it each model, by its path, is a table with any of:

- `replace`: pairs of text, in its files, before either engine gets them;
- `plays`: a list of tables with `process` (its id; by default every one of the file), `start` (its
  first variables), `answers` (element -> variables that people or messages bring there, or a list
  of them, the last one again and again). Without it one play, with values for all names read;
- `stops`: both engines stop in one of its plays, for a fault of the model;
- `differs`: name of a difference -> texts: its observation contains one of them;
- `refused`: codes of all findings of this engine; `unread`: why stock does not run it, a part of
  its message.

`[differences]` says by name who is `right` (ours, stock, both) and `why`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent / "table"


@dataclass(frozen=True, slots=True)
class Entry:
    """The table's entry for one model."""

    replace: Sequence[tuple[str, str]] = ()
    plays: Sequence[Mapping[str, Any]] = ({},)
    stops: bool = False
    differs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    refused: Sequence[str] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference that several models may show: who is `right` (ours, stock, both), and why."""

    right: str
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """All tables together."""

    entries: Mapping[str, Entry]
    differences: Mapping[str, Difference]

    def of(self, name: str) -> Entry:
        """The entry of a model; empty for most."""
        return self.entries.get(name, Entry())


def read(folder: Path = HERE) -> Table:
    """All tables of a folder as one."""
    told: dict[str, Any] = {}
    for file in sorted(folder.glob("*.toml")):
        told |= tomllib.loads(file.read_text())
    differences = told.pop("differences", {})
    return Table(
        {name: Entry(**entry) for name, entry in told.items()},
        {name: Difference(**one) for name, one in differences.items()},
    )
