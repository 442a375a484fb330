"""Where the words of the glossary are looked for: names, tables, addresses, models, texts.

Owns how each of them is read. Must not know which words there are.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from babel.messages.pofile import read_po
from lxml import etree

from engine.storage import tables
from processes.storage.tree import TREE
from tests.test_docs import ROOT
from web.translations import catalogue_file

WINGS: Final = ("engine", "processes", "web")
CATALOGUES: Final = (
    ("id", "messages", ("english", "indonesian")),
    ("en", "models", ("indonesian", "english")),
)
"""Each catalogue, and in which language its ids are and its strings."""
PLACES: Final = {
    **dict.fromkeys(("code", "kode"), "code"),
    **dict.fromkeys(("table", "tabel"), "table"),
    **dict.fromkeys(("address", "alamat"), "address"),
    "model": "model",
}
"""What the pages call the places of a word, in both languages."""
HEAD: Final = re.compile(r"^\| .*\n\|---.*$", re.MULTILINE)
ROW: Final = re.compile(r"^\| (.*) \|$", re.MULTILINE)
QUOTED: Final = re.compile(r"`([^`]+)`")
CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Idea(NamedTuple):
    """One row of the glossary. `where`: what names it in code, tables, addresses and models;
    `never`: second words for it."""

    indonesian: str
    english: str
    meaning: str
    where: Mapping[str, list[str]]
    never: list[str]


def ideas(page: Path) -> list[Idea]:
    """The rows of a page, without the heads of its tables."""
    rows = ROW.findall(HEAD.sub("", page.read_text("utf-8")))
    return [_idea(*(cell.strip() for cell in row.split("|"))) for row in rows]


def _idea(indonesian: str, english: str, meaning: str, where: str, never: str) -> Idea:
    places = (place.partition(" ") for place in where.split("; ") if "`" in place)
    named = {PLACES[place]: QUOTED.findall(names) for place, _, names in places}
    second = never.partition(": ")[2]
    return Idea(indonesian, english, meaning, named, second.split(", ") if second else [])


# --- code -----------------------------------------------------------------------------------------


@cache
def _trees() -> dict[Path, ast.Module]:
    return {
        path: ast.parse(path.read_text("utf-8"))
        for wing in WINGS
        for path in (ROOT / wing).rglob("*.py")
        if "node_modules" not in path.parts
    }


@cache
def defined() -> frozenset[str]:
    """Modules, classes, members of classes and functions of the product."""
    modules = {path.stem for path in _trees()}
    return frozenset(modules.union(*(_defined(tree) for tree in _trees().values())))


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{name}" for name in _members(node))


def _members(owner: ast.ClassDef) -> Iterator[str]:
    for node in owner.body:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Name):
                yield target.id


@cache
def names() -> frozenset[str]:
    """Every name in the code, in words between underlines: `FollowUp` is `_follow_up_`."""
    found = {path.stem for path in _trees()}
    for tree in _trees().values():
        for node in ast.walk(tree):
            found.update(_called(node))
    return frozenset(in_words(name) for name in found | stored())


def _called(node: ast.AST) -> Iterator[str]:
    for way in ("name", "id", "attr", "arg"):
        name = getattr(node, way, None)
        if isinstance(name, str):
            yield name


def in_words(name: str) -> str:
    """A name of code, or a word of the glossary, in one spelling."""
    parts = re.split(r"[\W_]+", CAMEL.sub("_", name))
    return f"_{'_'.join(part.lower() for part in parts if part)}_"


# --- tables, addresses, models ----------------------------------------------------------------


@cache
def stored() -> frozenset[str]:
    """Tables of engine and register, and their columns after a dot."""
    both = [*tables.metadata.tables.values(), *TREE.metadata.tables.values()]
    columns = {f"{one.name}.{column.name}" for one in both for column in one.columns}
    return frozenset({one.name for one in both} | columns)


def leads_there(address: str, rules: Iterable[str]) -> bool:
    """Whether some address of the product begins so."""
    return any(f"{rule}/".startswith(f"{address}/") for rule in rules)


@cache
def modelled() -> frozenset[str]:
    """Ids and names of messages in drawings, columns of tables, keys of forms."""
    drawn = {word for suffix in ("bpmn", "dmn") for file in _files(suffix) for word in _ids(file)}
    asked = {key for file in _files("form") for key in _keys(json.loads(file.read_bytes()))}
    return frozenset(drawn | asked | {file.stem for file in _files("form")})


def _files(suffix: str) -> list[Path]:
    return sorted((ROOT / "processes").rglob(f"*.{suffix}"))


def _ids(file: Path) -> Iterator[str]:
    for element in etree.parse(file).iter(etree.Element):
        yield from filter(None, (element.get("id"), element.get("name")))


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (part[name] for name in ("key", "path") if part.get(name))
    for below in (
        part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    ):
        yield from _keys(below)


# --- what people read -----------------------------------------------------------------------------


@cache
def texts() -> dict[str, list[str]]:
    """Every text of the product by its language; of plurals each form."""
    found: dict[str, list[str]] = {"indonesian": [], "english": []}
    for locale, domain, (of_ids, of_strings) in CATALOGUES:
        with catalogue_file(locale, domain).open("rb") as file:
            for entry in read_po(file):
                found[of_ids] += _forms(entry.id)
                found[of_strings] += _forms(entry.string)
    return found


def _forms(words: Any) -> list[str]:
    return [str(word) for word in words] if isinstance(words, (tuple, list)) else [str(words)]


def is_said(word: str, among: Iterable[str]) -> bool:
    """Whether a text has this word, in whatever case, alone or with others around it."""
    wanted = re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)", re.IGNORECASE)
    return any(wanted.search(text) for text in among)
