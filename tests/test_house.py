"""What no import tells of the house: who may ask the engine itself, and what a class is called.

The engine's questions are unscoped. The web hands them to `processes`, where each is asked with
the rights of whoever asks; it calls none of them. A class is named after what it is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

import pytest

from tests.test_docs import ROOT

WEB: Final = ROOT / "web"
ENGINES: Final = frozenset({"engine", "ask"})
"""What an engine, or its questions on a connection, is called wherever something has one."""
EXEMPT: Final = {
    "web/demo.py": "plays the demo",
    "web/reading.py": "begins the one reading of a request, and reads its clock",
}


def asked(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of whatever is asked of an engine."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and _name(node.value) in ENGINES:
            yield node.lineno, node.attr


def _name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def test_the_web_asks_nothing_of_the_engine_itself() -> None:
    found = {
        f"{name}:{line} {what}"
        for path in WEB.rglob("*.py")
        if (name := path.relative_to(ROOT).as_posix()) not in EXEMPT
        and "node_modules" not in path.parts
        for line, what in asked(path.read_text("utf-8"))
    }
    assert found == set(), "a function of processes asks it, with the reading or the scope"


@pytest.mark.parametrize("name", EXEMPT)
def test_who_is_exempt_needs_it(name: str) -> None:
    assert [*asked((ROOT / name).read_text("utf-8"))], "strike it out"


@pytest.mark.parametrize(
    "source",
    ["service().engine.task(id)", "engine = service().engine\nengine.now()", "at.ask.data(id)",
     "with service().engine.reading() as connection: pass"],
)  # fmt: skip
def test_every_way_of_asking_is_seen(source: str) -> None:
    assert [*asked(source)]


def test_handing_an_engine_on_is_no_question() -> None:
    assert [*asked("verify(service.engine)")] == []


SAYING_NOTHING: Final = frozenset({"Entry", "Row", "Listed", "Rule", "Position"})
"""Names that six, three and three classes bore at once: an entry, a row of what?"""


def test_a_class_is_named_after_what_it_is() -> None:
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}"
        for wing in ("processes", "web")
        for path in (ROOT / wing).rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and node.name in SAYING_NOTHING
    }
    assert found == set()
