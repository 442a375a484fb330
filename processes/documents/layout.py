"""The parts of a sheet: what stands on it, in which order, under which words.

Owns the few parts of which the layout of every kind of document consists. Word templates and PDF
are both made from them, so neither can show a field that the other does not. Pure values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.sentences.sentence import Sentence

Phrase: TypeAlias = Sentence | str
"""Words to be translated; a text as it is in every language."""
Style = Literal["title", "heading", "subheading", "minor", "text", "small"]


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed words. `when`: the field without which they are left out."""

    text: Phrase
    style: Style = "text"
    when: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A paragraph with the text of a field, left out where the field is empty."""

    name: str
    style: Style = "text"


@dataclass(frozen=True, slots=True)
class Facts:
    """Words and fields side by side; a row with an empty field is left out."""

    rows: tuple[tuple[Phrase, str], ...]


@dataclass(frozen=True, slots=True)
class Each:
    """The parts once for each item of a list. `item`: the first word of the names of its fields; a
    list of texts has the item itself as its field."""

    name: str
    item: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a list: a head, then a row for each item; left out where the list is empty.
    `wide`: the column that gets most room."""

    name: str
    item: str
    columns: tuple[tuple[Phrase, str], ...]
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of headings with their pages."""

    title: Phrase


@dataclass(frozen=True, slots=True)
class Signature:
    """Room for a signature under the name of a rank."""

    name: str


Part: TypeAlias = Words | Field | Facts | Each | Grid | Contents | Signature
