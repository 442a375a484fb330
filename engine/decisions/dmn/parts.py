"""Small helpers for the XML of a DMN file, and notes on wrong cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from engine.language.errors import LanguageError
from engine.language.expressions import Expression
from engine.sentences.sentence import Sentence, say
from engine.xml.notes import Notes
from engine.xml.tree import Node, local_name

Found = TypeVar("Found")
CODE = "decision"
NOTHING_READ = Expression.constant(None)


def children(node: Node, name: str) -> Iterator[Node]:
    """The direct children of this local name; prefixes and versions do not matter."""
    return (child for child in node if local_name(child) == name)


def child(node: Node, name: str) -> Node | None:
    """The first direct child of this local name."""
    return next(children(node, name), None)


def text_in(node: Node | None) -> str:
    """The content of the `<text>` of a cell or expression."""
    inner = child(node, "text") if node is not None else None
    return "".join(inner.itertext()) if inner is not None else ""


def id_of(node: Node) -> str:
    """The element's id, empty when it has none."""
    return node.get("id") or ""


def about(notes: Notes, node: Node, name: str = "") -> Notes:
    """Notes on this element, called `name` or by its own label."""
    return notes.about(id_of(node), name or node.get("label") or node.get("name") or "")


def attempt(
    notes: Notes, node: Node, part: Sentence, read: Callable[[], Found], otherwise: Found
) -> Found:
    """The result of `read`; a LanguageError becomes a problem of `node`, at the line of its
    text."""
    try:
        return read()
    except LanguageError as error:
        inner = child(node, "text")
        notes.does_not_compile(node if inner is None else inner, part, error, CODE)
        return otherwise


def column_part(label: str) -> Sentence:
    """The name of a column in a finding."""
    return say("Column {label}", label=label)
