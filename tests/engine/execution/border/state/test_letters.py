"""Only the stored form knows letters: memory has names, and each name keeps its letter for ever."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from engine import execution
from engine.execution.border import Fault, Live
from engine.execution.border.state import codec, folding, letters
from engine.execution.border.state.codec import pack, unpack
from engine.execution.border.state.letters import LOOP, TASK, TIMER, TOKEN, Letters
from engine.execution.border.tree.records import (
    LoopRecord,
    MessageRecord,
    TaskRecord,
    TimerRecord,
    TokenRecord,
)
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import end, multi_instance, start, user_task

EXECUTION = Path(str(execution.__file__)).parent
STORED_FORM = {Path(str(module.__file__)) for module in (codec, folding, letters)}
ID = UUID(int=7)


def others() -> Iterator[tuple[str, ast.Module]]:
    """Every module of execution outside the stored form."""
    for file in sorted(EXECUTION.rglob("*.py")):
        if file not in STORED_FORM:
            yield file.name, ast.parse(file.read_text("utf-8"))


def letters_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a letter is a key: of a subscript, of a question for one, of an update, of what is
    written out."""
    found: list[object]
    node: Any
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                found = [key]
            case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault"), args=[first, *_]):
                found = [first.value] if isinstance(first, ast.Constant) else []
            case ast.Call(func=ast.Attribute(attr="update") | ast.Name(id="dict")):
                found = [keyword.arg for keyword in node.keywords]
            case ast.Call(func=ast.Name(id="getattr" | "setattr" | "hasattr"), args=[_, name, *_]):
                found = [name.value] if isinstance(name, ast.Constant) else []
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()]):
                found = [key]
            case ast.Dict(keys=names):
                found = [name.value for name in names if isinstance(name, ast.Constant)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                found = [name]  # as the name of a fact
            case _:
                found = []
        yield from ((node.lineno, key) for key in found if isinstance(key, str) and len(key) == 1)


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules and names that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_other_module_spells_a_letter() -> None:
    spelled = [f"{name}:{line} {key}" for name, tree in others() for line, key in letters_in(tree)]
    assert spelled == []


def test_no_other_module_imports_the_letters() -> None:
    asking = {name for name, tree in others() for one in imported(tree) if letters.__name__ in one}
    assert asking == set()


@pytest.mark.parametrize(
    "line",
    ['x["d"]', 'x.get("d")', 'x.pop("d", 0)', "x.update(a=1, d=2)", 'x = {"d": 1}', '"d" in x',
     'setattr(x, "d", 1)', "d: int = 0"],
)  # fmt: skip
def test_a_letter_would_be_found_however_it_is_spelled(line: str) -> None:
    assert "d" in {key for _, key in letters_in(ast.parse(line))}


# --- what a record holds, and what is stored ------------------------------------------------------


@pytest.mark.parametrize("kept", [TASK, TIMER, LOOP, TOKEN], ids=lambda kept: kept.kind.__name__)
def test_each_fact_of_a_record_has_its_letter_and_no_letter_has_two_facts(
    kept: Letters[Any],
) -> None:
    assert kept.of.keys() == kept.kind.__annotations__.keys()
    meanings = [(one.letter, one.type) for one in kept.of.values()]
    assert len(set(meanings)) == len(meanings)
    typed = [letter for letter, type in meanings if type is not None]
    untyped = [letter for letter, type in meanings if type is None]
    assert not set(typed) & set(untyped), "else the type would not tell them apart"


def everything() -> TokenRecord:
    """A record that holds each fact but those that share a letter with another."""
    record, task, timer, loop = TokenRecord(), TaskRecord(), TimerRecord(), LoopRecord()
    task.row, task.created, task.round, task.due = "row", "created", 2, "due"
    task.name, task.assignee, task.priority = "name", "ani", 50
    task.users, task.groups, task.follow_up, task.moved = ["budi"], [], "later", 1
    timer.armed, timer.number, timer.due = "armed", 3, None
    loop.begun, loop.done, loop.rest, loop.results = 2, 1, ["c"], [None, 1]
    record.flow, record.task, record.timer, record.loop = "f1", task, timer, loop
    record.message, record.external = MessageRecord("news", "key", 4), 60
    record.arrived, record.armed, record.code, record.version = 5, 6, "late", ID
    record.business_key, record.began_with, record.undone_for = "K-1", {"x": 1}, ID
    record.item = None
    return record


STORED = {
    "f": "f1",
    "h": {
        "r": "row", "c": "created", "n": 2, "d": "due", "t": "name", "a": "ani", "p": 50,
        "u": ["budi"], "g": [], "f": "later", "x": 1,
    },
    "t": {"a": "armed", "k": 3, "d": None},
    "i": {"k": 2, "d": 1, "r": ["c"], "w": [None, 1]},
    "m": ["news", "key", 4],
    "x": [60],
    "o": 5,
    "q": 6,
    "c": "late",
    "p": ID.hex,
    "y": "K-1",
    "b": {"x": 1},
    "u": ID.hex,
    "v": None,
}  # fmt: skip
"""The same, as every program has stored it: none of this may ever change."""


def test_each_fact_is_stored_under_the_letter_it_always_had() -> None:
    assert orjson.dumps(TOKEN.write(everything())) == orjson.dumps(STORED)


def test_what_is_read_is_what_was_written_in_its_order() -> None:
    turned = dict(reversed(STORED.items()))
    for stored in (STORED, turned):
        assert orjson.dumps(TOKEN.write(TOKEN.read(stored))) == orjson.dumps(stored)
    read = TOKEN.read(STORED)
    assert (read.version, read.external, read.message) == (ID, 60, MessageRecord("news", "key", 4))
    assert read.task is not None
    assert vars(read.task) == vars(everything().task)


@pytest.mark.parametrize(
    ("stored", "fact", "value"),
    [
        ({"c": "late"}, "code", "late"),
        ({"c": {"x": 1}}, "copy", {"x": 1}),
        ({"u": ID.hex}, "undone_for", ID),
        ({"u": 1}, "undoing", 1),
        ({"m": ["news", "key"]}, "message", MessageRecord("news", "key")),
        ({"x": 1}, "external", 0),
    ],
)
def test_what_lies_under_a_letter_tells_which_fact_it_is(
    stored: dict[str, Any], fact: str, value: object
) -> None:
    record = TOKEN.read(stored)
    assert vars(record) == {fact: value}
    assert TOKEN.write(record) == stored


def test_a_fact_that_is_not_set_reads_as_its_default_and_takes_no_room() -> None:
    record = TokenRecord()
    assert (record.task, record.flow, record.armed, record.item) == (None, "", 0, None)
    assert TOKEN.write(record) == {}
    record.flow = "f1"
    del record.flow
    assert (record.flow, TOKEN.write(record)) == ("", {})


def test_a_letter_that_nobody_has_given_is_damage_and_is_said() -> None:
    program = program_of(start(), user_task("a"), end())
    content = unpack(Play(program).body)
    content["t"][-1][4]["z"] = 1
    with pytest.raises(Fault, match="damaged"):
        Live.load(program, pack(content))


def test_an_empty_entry_of_a_list_is_stored_as_one() -> None:
    play = Play(program_of(start(), user_task("a", multi_instance("${list}", "one")), end()),
                {"list": [None]})  # fmt: skip
    [record] = [row[4] for row in unpack(play.body)["t"] if len(row) > 4 and "h" in row[4]]
    assert list(record) == ["v", "h"]
    assert record["v"] is None
