"""What a file is decides its content; its name only has to fit."""

from __future__ import annotations

import io

import pytest

from engine.errors import BadInput
from processes.file_types import LARGEST_PART, type_of
from tests.processes.people.files import (
    JPEG,
    OFFICE,
    PDF,
    PNG,
    TIFF,
    archive,
    office,
    open_document,
)

MACROS = '<Override ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (PDF, "Laporan.PDF", "application/pdf"),
        (PNG, "foto.png", "image/png"),
        (JPEG, "foto.jpeg", "image/jpeg"),
        (TIFF, "pindai.tif", "image/tiff"),
        (office("wordprocessingml.document"), "a.docx", f"{OFFICE}wordprocessingml.document"),
        (office("spreadsheetml.sheet"), "a.xlsx", f"{OFFICE}spreadsheetml.sheet"),
        (office("presentationml.presentation"), "a.pptx", f"{OFFICE}presentationml.presentation"),
        (open_document("text"), "a.odt", "application/vnd.oasis.opendocument.text"),
        ("baris satu\nbaris dua: é\n".encode(), "catatan.txt", "text/plain"),
        (b"a;b;c\r\n1;2;3\r\n", "matriks.csv", "text/plain"),
    ],
)
def test_the_kinds_that_serve_as_evidence_are_known_by_content(
    content: bytes, name: str, expected: str
) -> None:
    assert type_of(io.BytesIO(content), name) == expected


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03" + bytes(200), "laporan.pdf"),
        (b"<!doctype html><script>alert(1)</script>", "laporan.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "gambar.svg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "lama.doc"),
        (archive({"virus.exe": "MZ"}), "bukti.docx"),
        (office("wordprocessingml.document", MACROS), "makro.docx"),
        (open_document("text", "Basic/Standard/Module1.xml"), "makro.odt"),
        (open_document("database"), "data.odt"),
        (office("wordprocessingml.document")[:-30], "putus.docx"),
        (b"PK\x03\x04" + bytes(40), "bukan-arsip.docx"),
        (b"teks dengan \x00 nol", "catatan.txt"),
        (b"latin \xe9 saja", "catatan.txt"),
        (b"salam, lalu %PDF-1.7 di tengah \x01", "geser.pdf"),
    ],
)
def test_everything_else_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(BadInput, match="not accepted"):
        type_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "laporan.exe"),
        (PNG, "foto.html"),
        (b"<b>halo</b> dunia", "catatan.html"),
        (office("spreadsheetml.sheet"), "tabel.docx"),
        (PDF, "tanpa-akhiran"),
    ],
)
def test_a_name_that_promises_another_kind_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(BadInput):
        type_of(io.BytesIO(content), name)


def test_an_archive_that_unpacks_to_far_more_is_not_unpacked() -> None:
    """20 MB of table of contents of types packed into 20 kB: only its first megabyte is read."""
    bomb = archive({"[Content_Types].xml": " " * 20 * LARGEST_PART})
    assert len(bomb) < 30_000
    with pytest.raises(BadInput):
        type_of(io.BytesIO(bomb), "bom.docx")


def test_an_archive_with_a_huge_table_of_contents_is_refused_unread() -> None:
    parts = {f"{number}-{'x' * 200}": "" for number in range(5000)}
    with pytest.raises(BadInput):
        type_of(io.BytesIO(archive(parts | {"mimetype": "x"})), "banyak.odt")


def test_a_file_without_content_is_called_empty() -> None:
    with pytest.raises(BadInput, match=r"laporan\.pdf is empty"):
        type_of(io.BytesIO(b""), "laporan.pdf")
