"""What an Office document fetches from elsewhere when it is opened: a template that brings macros,
an object, a picture that tells who reads it.

Owns what counts as elsewhere: another machine. Links that a reader follows are let in, and so are
paths on the drive of whoever wrote the document, which are found nowhere else. Must not know which
kinds of files are let in (`processes.file_types`).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from lxml import etree

MOST_BYTES: Final = 50_000_000
"""Unpacked bytes that are looked at; a document that hides more in its text is refused."""
RELATIONSHIPS: Final = ".rels"
"""ECMA-376 part 2, 9.3: these parts of a package name what it refers to."""
TEXTS: Final = frozenset({"meta.xml", "content.xml", "styles.xml"})
"""OpenDocument 1.3 part 3: the parts whose `xlink:href` refer to something."""
HREF: Final = "{http://www.w3.org/1999/xlink}href"
FOLLOWED: Final = frozenset({"a", "hyperlink"})
"""A reader follows these: `text:a` and `draw:a` of OpenDocument, relationships of that type."""
REMOTE: Final = re.compile(
    r"file:[\\/]{2}([^\\/]|[\\/]{2})|[\\/]{2}|(?!file:)[a-z][a-z0-9+.-]+:", re.IGNORECASE
)
"""Another scheme than `file:` (a letter alone is a drive), or a host after two strokes; after
`file:` the host of a share stands behind four or five, as Word writes it: `file:///\\\\host`."""
BLANKS: Final = re.compile(r"[\x00-\x20]+")
"""Readers of addresses pass over them, wherever they stand."""


class TooMuch(Exception):
    """There is more to unpack than is looked at, or what is found cannot be read."""


def fetched(archive: zipfile.ZipFile) -> str | None:
    """The first address that opening the document would fetch, or None. Raises `TooMuch`."""
    names = [info for info in archive.infolist() if _tells(info.filename)]
    if sum(info.file_size for info in names) > MOST_BYTES:
        raise TooMuch
    for info in names:
        for address in _addresses(archive, info):
            if REMOTE.match(BLANKS.sub("", unquote(address))):
                return address.strip()
    return None


def _tells(name: str) -> bool:
    return _relates(name) or name.rsplit("/", 1)[-1] in TEXTS


def _relates(name: str) -> bool:
    return name.lower().endswith(RELATIONSHIPS)  # ECMA-376 part 2, 6.2.2: case does not matter


def _addresses(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[str]:
    relations = _relates(info.filename)
    try:
        with archive.open(info) as part:
            # What is unpacked is no more than the table of contents says: zipfile stops there.
            for _, element in etree.iterparse(
                part, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
            ):
                address = _of_relation(element) if relations else _of_text(element)
                if address:
                    yield address
                _forget(element)
    except etree.XMLSyntaxError as error:
        if info.file_size:
            raise TooMuch from error


def _forget(element: etree._Element) -> None:
    """What was looked at: a long text must not be held as a tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _of_relation(element: etree._Element) -> str | None:
    kind = element.get("Type", "").rsplit("/", 1)[-1]
    if element.get("TargetMode") != "External" or kind in FOLLOWED:
        return None
    return element.get("Target")


def _of_text(element: etree._Element) -> str | None:
    return None if etree.QName(element).localname in FOLLOWED else element.get(HREF)
