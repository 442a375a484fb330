"""What CONTRIBUTING.md says of the code is so: commands, folders, who asks what time it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
WINGS = ("engine", "processes", "web")
NAMED = re.compile(r"`((?:engine|processes|web|tests|docs|benchmarks)/[\w./-]*)`")
MODULE = re.compile(r"python -m ([\w.]+)")
TARGET = re.compile(r"`make ([a-z]+)")
MACHINE = {
    *(("datetime", act) for act in ("now", "utcnow", "today")),
    ("date", "today"),
    ("time", "time"),
}
"""How Python asks the machine."""


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product, by its path."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for wing in WINGS
        for path in (ROOT / wing).rglob("*.py")
        if "node_modules" not in path.parts
    }


def point(begins: str) -> str:
    """One point of a list."""
    (found,) = (one for one in TEXT.split("\n- ") if one.startswith(begins))
    return found.split("\n\n")[0]


def importers(name: str) -> set[str]:
    """Modules that import this name of clock_time."""
    return {
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "engine.storage.clock_time"
        and name in {one.name for one in node.names}
    }


def asked_of_the_machine(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that ask the machine what time it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            said = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (said, node.func.attr) in MACHINE:
                yield node


def test_only_those_read_the_time_who_are_named() -> None:
    machine = {path for path, tree in sources().items() if any(asked_of_the_machine(tree))}
    told, of_machine = point("The time is").split("The machine's clock")
    assert importers("read_time") == set(NAMED.findall(told)) - {"engine/storage/clock_time.py"}
    assert machine == set(NAMED.findall(of_machine))


def test_the_time_of_the_database_is_compared_in_storage_alone() -> None:
    assert [path for path in importers("database_now") if "/storage/" not in path] == []


@pytest.mark.parametrize("name", sorted({*NAMED.findall(TEXT)}))
def test_a_named_file_or_folder_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", sorted({*MODULE.findall(TEXT)}))
def test_a_named_command_exists(name: str) -> None:
    place = ROOT.joinpath(*name.split("."))
    assert place.with_suffix(".py").exists() or (place / "__main__.py").exists()


def test_a_named_target_is_one_of_make() -> None:
    known = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(TARGET.findall(TEXT)) <= known
