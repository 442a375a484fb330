"""The tables: cases by folder and test, and the models left out with their reasons.

A table is a TOML file named after its folder: `event.error.toml` for `event/error`. In the table of
a test class each method is its play (see `playing`), or a table with `play` and:

- `files`: names without ending, in the folder, or `~/` and the path from the outermost folder;
  by default `Class.method`;
- `differs`: the play has the result here; the text says why Camunda's differs;
- `outside`: the play with a worker for the topics, if it differs;
- for `adapting`: `does`, `scripts`, `told`, `without`, `replace`.

`[left_out]` gives the reason for patterns of file names without a case.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent / "table"
LEFT_OUT: Final = "left_out"
OUTERMOST: Final = "outermost"
ENDINGS: Final = (".bpmn20.xml", ".bpmn")


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its name as `Class.method`, the files that it deploys together, its play, and the
    edits of its models (`adapting`). `differs`: why Camunda's result differs; `outside`: the play
    with a worker for the topics."""

    name: str
    files: tuple[Path, ...]
    play: str
    differs: str = ""
    outside: str = ""
    edits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folder:
    """The cases of a folder, and pattern -> reason of the models left out."""

    name: str
    cases: tuple[Case, ...]
    left_out: Mapping[str, str]

    def unnamed(self, root: Path) -> list[str]:
        """Models of the folder without a case and without a reason."""
        used = {file.name for case in self.cases for file in case.files}
        there = sorted(p.name for p in (root / self.name).iterdir() if p.name.endswith(ENDINGS))
        return [name for name in there if name not in used and self.reason(name) is None]

    def reason(self, file: str) -> str | None:
        """The reason why a model is left out."""
        return next((why for name, why in self.left_out.items() if fnmatch(file, name)), None)


def read(root: Path, tables: Path = HERE) -> Iterator[Folder]:
    """All tables, by name; `root` is the folder `bpmn` of the models."""
    for file in sorted(tables.glob("*.toml")):
        classes = tomllib.loads(file.read_text())
        left_out = classes.pop(LEFT_OUT, {})
        name = "." if file.stem == OUTERMOST else file.stem.replace(".", "/")
        cases = tuple(_cases(root, name, classes))
        yield Folder(name, cases, left_out)


def without_table(root: Path, folders: Iterable[Folder]) -> list[str]:
    """Folders with models that no table mentions."""
    models = (path for path in root.rglob("*") if path.name.endswith(ENDINGS))
    there = {str(path.parent.relative_to(root)) for path in models}
    return sorted(there - {folder.name for folder in folders})


def _cases(root: Path, folder: str, classes: Mapping[str, Mapping[str, Any]]) -> Iterator[Case]:
    for test_class, methods in classes.items():
        for method, told in methods.items():
            case = {"play": told} if isinstance(told, str) else dict(told)
            name = f"{test_class}.{method}"
            files = tuple(_found(root, folder, each) for each in case.pop("files", [name]))
            play = case.pop("play")
            outside = case.pop("outside", play)
            yield Case(name, files, play, case.pop("differs", ""), outside, case)


def _found(root: Path, folder: str, name: str) -> Path:
    place = root / name[2:] if name.startswith("~/") else root / folder / name
    paths = [place.with_name(place.name + ending) for ending in ENDINGS]
    return next((path for path in paths if path.exists()), paths[0])
