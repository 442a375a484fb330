"""A PDF from the layout of its kind and the values: set by Typst, tagged to be read aloud (PDF/UA).

Owns how the parts of a layout become what `document.typ` sets: the values stand in them, and
what is empty is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any, Final, TypeAlias

from processes.documents.kinds import Kind
from processes.documents.layout import (
    Contents,
    Each,
    Facts,
    Field,
    Grid,
    Part,
    Signature,
    Words,
)
from processes.documents.phrases import Say, texts_of
from processes.documents.values import Sheet

MEDIA_TYPE: Final = "application/pdf"
SOURCE: Final = Path(__file__).with_name("document.typ")
Known: TypeAlias = Mapping[str, Any]
"""Name -> text, list, or the item of a list that is being set."""


def made(kind: Kind, values: Sheet, say: Say, locale: str) -> bytes:
    """The document."""
    import typst  # here: who makes no document pays nothing

    known = texts_of(values)
    sheet = {name: known[name] for name in ("title", "number", "classification", "printed")}
    parts = list(_set_all(kind.parts, known, say))
    told = json.dumps({**sheet, "language": locale, "landscape": kind.landscape, "parts": parts})
    return bytes(
        typst.compile(
            SOURCE.read_bytes(), format="pdf", sys_inputs={"sheet": told}, pdf_standards=["ua-1"]
        )
    )


def _set_all(parts: Sequence[Part], known: Known, say: Say) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield from _set(part, known, say)


@singledispatch
def _set(part: Part, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    raise TypeError(type(part).__name__)


@_set.register
def _(part: Words, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    if not part.when or _value(part.when, known):
        yield {"is": "text", "text": say(part.text), "style": part.style}


@_set.register
def _(part: Field, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    if text := _value(part.name, known):
        yield {"is": "text", "text": text, "style": part.style}


@_set.register
def _(part: Facts, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    rows = [(say(words), _value(name, known)) for words, name in part.rows]
    yield {"is": "facts", "rows": [row for row in rows if row[1]]}


@_set.register
def _(part: Each, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    for item in _value(part.name, known):
        yield from _set_all(part.parts, {**known, part.item: item}, say)


@_set.register
def _(part: Grid, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    items = _value(part.name, known)
    rows = [
        [_value(name, {**known, part.item: item}) for _, name in part.columns] for item in items
    ]
    if rows:
        head = [say(words) for words, _ in part.columns]
        yield {"is": "grid", "head": head, "rows": rows, "wide": part.wide}


@_set.register
def _(part: Contents, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    yield {"is": "contents", "title": say(part.title)}


@_set.register
def _(part: Signature, known: Known, say: Say) -> Iterator[dict[str, Any]]:
    yield {"is": "signature", "text": _value(part.name, known)}


def _value(name: str, known: Known) -> Any:
    """The value behind a name such as `report.subject`."""
    value: Any = known
    for word in name.split("."):
        value = value[word]
    return value
