"""The kind of a file by its content; only kinds that serve as evidence are allowed.

Owns the list of allowed kinds. Must not know users, tables or the place of files. The name must fit
the content: HTML in a file `foto.png`, or in `catatan.txt` that is saved as `.html`, would run in a
reader's browser.
"""

from __future__ import annotations

import codecs
import zipfile
import zlib
from io import SEEK_END
from pathlib import PurePath
from typing import IO, Final

import puremagic

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.files import outside_parts

OFFICE: Final = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT: Final = "application/vnd.oasis.opendocument."
TEXT: Final = "text/plain"

EXTENSIONS: Final = {
    "application/pdf": {".pdf"},
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    "image/tiff": {".tif", ".tiff"},
    f"{OFFICE}wordprocessingml.document": {".docx"},
    f"{OFFICE}spreadsheetml.sheet": {".xlsx"},
    f"{OFFICE}presentationml.presentation": {".pptx"},
    f"{OPEN_DOCUMENT}text": {".odt"},
    f"{OPEN_DOCUMENT}spreadsheet": {".ods"},
    f"{OPEN_DOCUMENT}presentation": {".odp"},
    TEXT: {".txt", ".csv"},
}
"""Media type -> allowed endings of the name."""

HEAD_BYTES: Final = 4096
SHOWN_ADDRESS: Final = 200
DAMAGED: Final = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error)
LARGEST_PART: Final = 1_000_000
"""Bytes read of one part of an Office file, and of its table of contents: a small archive may
unpack to gigabytes."""


def type_of(file: IO[bytes], name: str) -> str:
    """The media type of an open file. Raises `BadInput` for a kind that is not allowed, or if the
    name's ending belongs to another kind."""
    if not file.seek(0, SEEK_END):
        raise BadInput(say("The file “{name}” is empty.", name=name))
    found = _by_content(file, name)
    if found not in EXTENSIONS:
        raise BadInput(
            say("This kind of file is not accepted. Send PDF, Office, image or plain text files.")
        )
    ending = PurePath(name).suffix.lower()
    if ending not in EXTENSIONS[found]:
        expected = " / ".join(sorted(EXTENSIONS[found]))
        raise BadInput(
            say(
                "The file “{name}” is not what its name says: by its content the name would end in "
                "{expected}.",
                name=name,
                expected=expected,
            )
        )
    return found


def _by_content(file: IO[bytes], name: str) -> str | None:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return _office(file, name)
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return TEXT if _is_text(file) else None
    surest = max(match.confidence for match in found)
    likely = (match.mime_type for match in found if match.confidence == surest)
    return next((mime for mime in likely if mime in EXTENSIONS), None)


def _is_text(file: IO[bytes]) -> bool:
    """Whether the file is UTF-8 without control characters except tab, line feed, form feed,
    return."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(65536):
            text = decoder.decode(chunk)
            if any(ord(character) < 32 and character not in "\t\n\f\r" for character in text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _office(file: IO[bytes], name: str) -> str | None:
    """The kind of an Office document without macros in an archive; None for another archive. Raises
    `BadInput` for a document that fetches parts from elsewhere, perhaps without its author's
    knowledge."""
    if not _is_modest(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            names, kind = set(archive.namelist()), None
            if "mimetype" in names:
                kind = _open_document(_part(archive, "mimetype"), names)
            elif "[Content_Types].xml" in names:
                kind = _open_xml(_part(archive, "[Content_Types].xml"))
            address = outside_parts.fetched(archive) if kind else None
    except (*DAMAGED, outside_parts.TooMuch):
        return None  # damaged, encrypted, or packed in a way that Office programs do not use
    if address is not None:
        raise BadInput(
            say(
                "“{name}” fetches {address} when it is opened. Remove that template or link, or "
                "send the document as PDF.",
                name=name,
                address=address[:SHOWN_ADDRESS],
            )
        )
    return kind


def _is_modest(file: IO[bytes]) -> bool:
    """Whether the table of contents is small and of the plain format (APPNOTE 4.3.16, no zip64)."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    contents_size = int.from_bytes(tail[end + 12 : end + 16], "little")
    return end >= 0 and b"PK\x06\x07" not in tail and contents_size <= LARGEST_PART


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(LARGEST_PART)


def _open_xml(content_types: bytes) -> str | None:
    """The kind of the package, by the type of its main part (ECMA-376 part 2, 10.1.2)."""
    if b"vbaProject" in content_types or b"macroEnabled" in content_types:
        return None
    for mime in EXTENSIONS:
        if mime.startswith(OFFICE) and f'"{mime}.main+xml"'.encode() in content_types:
            return mime
    return None


def _open_document(mimetype: bytes, names: set[str]) -> str | None:
    """The kind of the package, by its file `mimetype` (OpenDocument 1.3 part 2, 3.3)."""
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        return None
    return mimetype.decode("ascii", "replace").strip()
