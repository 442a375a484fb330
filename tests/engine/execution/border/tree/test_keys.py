"""The letters of the stored form are spelled in one table."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from engine import execution
from engine.execution.border.state import codec, folding
from engine.execution.border.tree import keys
from engine.execution.border.tree.keys import OfLoop, OfTask, OfTimer, OfToken

EXECUTION = Path(str(execution.__file__)).parent
STORED_FORM = {Path(str(module.__file__)) for module in (codec, folding, keys)}


def letters(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a letter is a key: of a subscript, of a question for one, of what is written out."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                found = [key]
            case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=[first, *_]):
                found = [first.value] if isinstance(first, ast.Constant) else []
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()]):
                found = [key]
            case ast.Dict(keys=names):
                found = [name.value for name in names if isinstance(name, ast.Constant)]
            case _:
                found = []
        yield from ((node.lineno, key) for key in found if isinstance(key, str) and len(key) == 1)


def test_no_other_module_spells_a_letter_of_the_stored_form() -> None:
    spelled = [
        f"{file.name}:{line} {key}"
        for file in sorted(EXECUTION.rglob("*.py"))
        if file not in STORED_FORM
        for line, key in letters(ast.parse(file.read_text("utf-8")))
    ]
    assert spelled == []


def test_a_letter_means_one_thing_in_its_record() -> None:
    for record in (OfTask, OfTimer, OfLoop):
        named = [value for name, value in vars(record).items() if name.isupper()]
        assert len(set(named)) == len(named) > 3
    both = {OfToken.CODE, OfToken.COPY}
    assert both == {"c"}, "a call catches no code, and an event copies nothing"
