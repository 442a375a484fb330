"""A change as a developer would make it, applied to a copy of the tree and played there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
COPIED = ("engine", "processes", "web", "tests", "docs")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".*")
BY_COMMAND = {"docs/states.md", "docs/states.en.md"}
"""Written by `python -m tests.web.docs.state_pages`."""
CATALOGUES = ".po"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the tree that may be changed."""

    root: Path

    def rewrite(self, file: str, change: Callable[[str], str]) -> None:
        """Change the text of a file; a change of nothing is a mistake of the test."""
        path = self.root / file
        before = path.read_text("utf-8")
        after = change(before)
        assert after != before, f"nothing was changed in {file}"
        path.write_text(after, "utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Write `new` where `old` stands, once."""
        self.rewrite(file, lambda text: text.replace(old, new, 1))

    def rewrite_json(self, file: str, change: Callable[[Any], None]) -> None:
        """Change what a JSON file holds, in place."""

        def changed(text: str) -> str:
            found = json.loads(text)
            change(found)
            return json.dumps(found, ensure_ascii=False, indent=2) + "\n"

        self.rewrite(file, changed)

    def translate(self, file: str, text: str, other: str) -> None:
        """Add an entry to a catalogue."""
        self.rewrite(file, lambda old: f'{old}\nmsgid "{text}"\nmsgstr "{other}"\n')

    def touched(self) -> set[str]:
        """Files that differ from those of the tree, but for what a command writes."""
        found = {
            str(file.relative_to(self.root))
            for folder in COPIED
            for file in (self.root / folder).rglob("*")
            if file.is_file() and not {"__pycache__", ".hypothesis"} & set(file.parts)
        }
        return {one for one in found if self._differs(one)} - BY_COMMAND

    def _differs(self, file: str) -> bool:
        before = ROOT / file
        return not before.exists() or before.read_bytes() != (self.root / file).read_bytes()

    def run(self, *args: str) -> None:
        """Run a Python module in the copy."""
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", *args], cwd=self.root, env=environment, capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

    def play(self, *tests: str) -> None:
        """Run tests in the copy, on SQLite."""
        self.run("pytest", "-q", "--quick", "-p", "no:cacheprovider", *tests)


def copied(folder: Path) -> Copy:
    """A copy of the tree in this folder."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return Copy(folder)


def choice_of(part: Any, key: str) -> list[Any]:
    """The choices of a field, wherever in the form it stands."""
    return next(one["values"] for one in _fields(part) if one.get("key") == key)


def siblings_of(part: Any, key: str) -> list[Any]:
    """The fields among which a field stands."""
    return next(
        one["components"]
        for one in [part, *_fields(part)]
        if any(inner.get("key") == key for inner in one.get("components", ()))
    )


def _fields(part: Any) -> list[Any]:
    inner = [one for one in part.get("components", ()) if isinstance(one, dict)]
    return [*inner, *(deeper for one in inner for deeper in _fields(one))]
