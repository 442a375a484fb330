"""The parts that an Office document fetches from another machine when it opens: a template with
macros, an object, a picture that reveals its readers.

Owns the rule for addresses on another machine. Links that a reader follows are allowed, and so are
paths on the author's drive, which exist nowhere else. Must not know which kinds of files are
allowed (`processes.files.file_types`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote
from xml.parsers import expat

MOST_BYTES: Final = 50_000_000
"""Unpacked bytes that are read; a document with more is refused."""
MOST_ELEMENTS: Final = 3_000_000
"""Elements that are read, for about a second: a small archive may unpack to many more."""
LONGEST_TAG: Final = 1_000_000
"""Bytes of one tag: its attributes take thirty times its length in memory."""
PIECE_BYTES: Final = 1 << 16
RELATIONSHIPS: Final = ".rels"
"""ECMA-376 part 2, 9.3: the parts of a package that name its references."""
TEXTS: Final = frozenset({"meta.xml", "content.xml", "styles.xml"})
"""OpenDocument 1.3 part 3: the parts with references in `xlink:href`."""
HREF: Final = "http://www.w3.org/1999/xlink href"
FOLLOWED: Final = frozenset({"a", "hyperlink"})
"""Links that a reader follows: `text:a` and `draw:a` of OpenDocument, relationships of that
type."""
REMOTE: Final = re.compile(
    r"file:[\\/]{2}([^\\/]|[\\/]{2})|[\\/]{2}|(?!file:)[a-z][a-z0-9+.-]+:", re.IGNORECASE
)
"""Another scheme than `file:` (a single letter is a drive), or a host after two slashes. After
`file:` the host of a share follows four or five slashes, as in Word: `file:///\\\\host`."""
BLANKS: Final = re.compile(r"[\x00-\x20]+")
"""Characters that programs ignore in addresses, at any place."""


class TooMuch(Exception):
    """The document has more parts than are read, or a part cannot be read."""


def fetched(archive: zipfile.ZipFile) -> str | None:
    """The first address that the document would fetch when opened, or None. Raises `TooMuch`."""
    names = [info for info in archive.infolist() if _tells(info.filename)]
    if sum(info.file_size for info in names) > MOST_BYTES:
        raise TooMuch
    counted = _Counted()
    for info in names:
        for address in _addresses(archive, info, counted):
            if REMOTE.match(BLANKS.sub("", unquote(address))):
                return address.strip()
    return None


def _tells(name: str) -> bool:
    return _relates(name) or name.rsplit("/", 1)[-1] in TEXTS


def _relates(name: str) -> bool:
    return name.lower().endswith(RELATIONSHIPS)  # ECMA-376 part 2, 6.2.2: case does not matter


class _Counted:
    """The number of elements read so far."""

    elements = 0


def _addresses(archive: zipfile.ZipFile, info: zipfile.ZipInfo, counted: _Counted) -> Iterator[str]:
    if not info.file_size:
        return
    address_of, found = _of_relation if _relates(info.filename) else _of_text, list[str]()

    def enter(name: str, attributes: dict[str, str]) -> None:
        counted.elements += 1
        if counted.elements > MOST_ELEMENTS:
            raise TooMuch
        if address := address_of(name, attributes):
            found.append(address)

    def document_type(*_: object) -> None:
        raise TooMuch  # Office programs write none

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = enter, document_type
    try:
        # zipfile unpacks no more than the table of contents says.
        with archive.open(info) as part:
            for last in range(0, info.file_size, PIECE_BYTES):
                parser.Parse(part.read(PIECE_BYTES), last + PIECE_BYTES >= info.file_size)
                if last - parser.CurrentByteIndex > LONGEST_TAG:
                    raise TooMuch
                yield from found
                found.clear()
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise TooMuch from error


def _of_relation(_: str, attributes: dict[str, str]) -> str | None:
    kind = attributes.get("Type", "").rsplit("/", 1)[-1]
    if attributes.get("TargetMode") != "External" or kind in FOLLOWED:
        return None
    return attributes.get("Target")


def _of_text(name: str, attributes: dict[str, str]) -> str | None:
    return None if name.rsplit(" ", 1)[-1] in FOLLOWED else attributes.get(HREF)
