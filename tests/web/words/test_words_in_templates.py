"""A word that a template compares with is one that its value can have.

Types of the code say which words those are: the members of an enum, the words of a `Literal`. So a
slip of the keyboard in a template is found, as one in Python is by the types.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, nodes
from sqlalchemy import update

from processes import composition
from processes.register import states
from processes.register.groups import Group
from processes.storage.days import calendars
from processes.storage.programs import topic_rows
from processes.storage.tables.people import user
from processes.work import inbox
from tests.web.conftest import Office, text
from web.frame import template_filters

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
MODULES = [
    file
    for wing in ("engine", "processes", "web")
    for file in (ROOT / wing).rglob("*.py")
    if "node_modules" not in file.parts
]
STATES = {one.__name__: one for one in template_filters.STATES}
ENUMS = [one for one in vars(states).values() if isinstance(one, type) and issubclass(one, StrEnum)]


@cache
def tree(file: Path) -> ast.Module:
    """The syntax of a module."""
    return ast.parse(file.read_text("utf-8"))


@cache
def annotated() -> dict[str, set[str]]:
    """Name of a type -> the attributes of classes that are annotated with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in MODULES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                for used in ast.walk(node.annotation):
                    if isinstance(used, ast.Name):
                        found[used.id].add(node.target.id)
    return found


def aliases() -> dict[str, set[str]]:
    """Name of a type -> its words, of every module; those of one name together."""
    found: dict[str, set[str]] = defaultdict(set)
    built: dict[str, set[str]] = defaultdict(set)
    for file in MODULES:
        for node in tree(file).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if value:
                    found[name] |= literals(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value:
                    found[name] |= literals(value)
                    built[name] |= {x.id for x in ast.walk(value) if isinstance(x, ast.Name)}
    for name, parts in list(built.items()):
        found[name] |= {word for part in parts for word in found.get(part, ())}
    return found


def literals(value: ast.expr) -> set[str]:
    """The words of each `Literal` in an expression."""
    return {
        word.value
        for node in ast.walk(value)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal")
        for word in ast.walk(node.slice)
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }


def of_attributes() -> dict[str, set[str]]:
    """Attribute of a class -> the words that its type allows."""
    named, found = aliases(), defaultdict[str, set[str]](set)
    for file in MODULES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                used = {one.id for one in ast.walk(node.annotation) if isinstance(one, ast.Name)}
                found[node.target.id] |= literals(node.annotation)
                found[node.target.id] |= {word for name in used for word in named.get(name, ())}
    return found


def elements() -> set[str]:
    """Ids of the elements of the shipped diagrams, and keys of their forms."""
    files = [
        (name, content)
        for key in composition.SHIPPED
        for name, content in composition.shipped_files(key).items()
    ]
    texts = [content.decode("utf-8") for name, content in files if name.endswith(".bpmn")]
    forms = [json.loads(content) for name, content in files if name.endswith(".form")]
    keys = {one["key"] for form in forms for one in form["components"] if "key" in one}
    return keys | {id for text in texts for id in re.findall(r'\bid="([\w-]+)"', text)}


NAMES: dict[str, set[str]] = {
    # Parameters of macros and of pages, which have no class.
    "role": set(get_args(states.Role)) | {"lead", "supporting", "information"},
    "code": {"ordinary", "restricted", "secret", "top_secret"},
    "state": {"done", "current", "ahead"},
    "place": {"current"},
    "text": {"\n"},
    "tab": set(inbox.TABS),
    "value": set(inbox.TABS),
    "shown": {*get_args(topic_rows.Show), "workers"},
    "kind": {"bpmn", "dmn", "form"},
    "theme": {"system", "light", "dark"},
    # "meeting": cases that began before stand at it, on the version they have.
    "step": elements() | {"meeting"},
    "element": elements(),
    "element_id": elements(),
    "field": elements(),
    "method": {"GET", "POST"},
    "by": {"-"},
    "words": {""},
}
DRAWN = {"role": {"lock", *(group.value for group in Group)}}
"""Shapes that are no role of a state: of what is secret, and of groups of follow-ups."""


def comparisons(template: Path) -> Iterator[tuple[str, str, bool]]:
    """What a template compares, by the name of the attribute or value, with which word; and
    whether it is an attribute."""
    tree = Environment().parse(template.read_text("utf-8"))
    for chosen in tree.find_all(nodes.Filter):
        match chosen.args:
            case [nodes.Const(value=name), nodes.Const(value="equalto"), nodes.Const(value=word)]:
                yield name.rpartition(".")[2], word, True
    for node in tree.find_all(nodes.Compare):
        sides = [node.expr, *(one.expr for one in node.ops)]
        words = [word for side in sides for word in constants(side)]
        for side in sides:
            match side:
                case nodes.Getattr(attr=name):
                    yield from ((name, word, True) for word in words)
                case nodes.Name(name=name):
                    yield from ((name, word, False) for word in words)


def constants(side: nodes.Node) -> list[str]:
    """The words that are written out on one side of a comparison."""
    inside = [side, *side.find_all(nodes.Const)] if isinstance(side, nodes.Tuple) else [side]
    return [one.value for one in inside if isinstance(one, nodes.Const)
            and isinstance(one.value, str)]  # fmt: skip


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """Attribute or name -> its words."""
    found = of_attributes()
    found["kind"] |= set(calendars.DAY_KINDS)
    for name, words in NAMES.items():
        found[name] |= words | DRAWN.get(name, set())
    return found


def test_a_template_compares_with_words_that_there_are(known: dict[str, set[str]]) -> None:
    seen = {
        (template.name, name, word): word in known.get(name, set())
        for template in TEMPLATES
        for name, word, _ in comparisons(template)
    }
    assert len(seen) > 50
    assert [one for one, exists in seen.items() if not exists] == []


def test_a_template_asks_about_states_by_their_members() -> None:
    """And never by a word: the words of states are written in one place."""
    typed = {name for enum in ENUMS for name in annotated()[enum.__name__]} - {
        "state",
        "kind",
        "act",
    }
    assert {"status", "response", "decision", "result"} <= typed
    by_word = {
        (template.name, name, word)
        for template in TEMPLATES
        for name, word, attribute in comparisons(template)
        if attribute and name in typed
    }
    assert by_word == set()


def test_each_member_that_a_template_names_is_there() -> None:
    named = {
        (template.name, node.node.name, node.attr)
        for template in TEMPLATES
        for node in Environment().parse(template.read_text("utf-8")).find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name in STATES
    }
    assert len(named) > 5
    assert {one for one in named if one[2] not in STATES[one[1]].__members__} == set()


def test_marks_are_drawn_in_one_place() -> None:
    by_hand = [one.name for one in TEMPLATES if "mark mark--" in one.read_text("utf-8")]
    assert by_hand == ["marks.html"]


def test_a_word_that_a_template_names_itself_is_said_in_each_readers_language(
    office: Office,
) -> None:
    def legend(locale: str) -> str:
        with office.service.transaction() as connection:
            connection.execute(update(user).values(locale=locale))
        return text(office.enter("kemhan").get("/calendar"))

    assert "Hari libur nasional" in legend("id")
    assert "National holiday" in legend("en")
    assert "National holiday" not in legend("id")
