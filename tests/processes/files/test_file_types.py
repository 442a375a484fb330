"""The content decides the kind of a file; its name must fit."""

from __future__ import annotations

import io

import pytest

from engine.sentences.errors import BadInput
from processes.files.file_types import LARGEST_PART, type_of
from tests.processes.made_files import (
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
    with pytest.raises(BadInput, match=r"“laporan\.pdf” is empty"):
        type_of(io.BytesIO(b""), "laporan.pdf")


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XLINK = 'xmlns:x="http://www.w3.org/1999/xlink"'


def referring(kind: str, target: str, mode: str = "External", part: str = "settings") -> bytes:
    """A Word document one part of which refers to something."""
    relation = (
        f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"'
        f' TargetMode="{mode}"/></Relationships>'
    )
    types = f'<Types><Override ContentType="{OFFICE}wordprocessingml.document.main+xml"/></Types>'
    return archive({"[Content_Types].xml": types, f"word/_rels/{part}.xml.rels": relation})


def linking(element: str, address: str, part: str = "content.xml") -> bytes:
    """An OpenDocument text one element of which refers to something."""
    content = f'<o xmlns:t="urn:t" {XLINK}><t:{element} x:href="{address}"/></o>'
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", part: content})


@pytest.mark.parametrize(
    "content",
    [
        referring("attachedTemplate", "https://evil.example/t.dotm"),
        referring("attachedTemplate", "\\\\evil.example\\share\\t.dotm"),
        referring("attachedTemplate", "file://evil.example/share/t.dotm"),
        referring("attachedTemplate", "file:\\\\evil.example\\t.dotm"),
        # as Word itself writes a share
        referring("attachedTemplate", "file:///\\\\evil.example\\share\\t.dotm"),
        referring("attachedTemplate", "file:////evil.example/share/t.dotm"),
        referring("attachedTemplate", "file:///%5C%5Cevil.example%5Ct.dotm"),
        referring("attachedTemplate", "ht&#9;tps://evil.example/t.dotm"),
        referring("attachedTemplate", "https://evil.example/t.dotm", part="SETTINGS").replace(
            b"SETTINGS.xml.rels", b"settings.xml.RELS"
        ),
        referring("oleObject", "http://evil.example/x", part="document"),
        referring("image", "//evil.example/pixel.png", part="document"),
        referring("frame", "mhtml:http://evil.example/x!y", part="webSettings"),
        linking("template", "https://evil.example/t.ott", "meta.xml"),
        linking("image", "http://evil.example/pixel.png"),
        linking("object", "//evil.example/x.ods"),
        linking("image", "smb://evil.example/x", "Object 1/content.xml"),
    ],
)
def test_a_document_that_fetches_something_from_another_machine_is_refused_by_its_address(
    content: bytes,
) -> None:
    name = "laporan.odt" if b"mimetype" in content else "laporan.docx"
    with pytest.raises(BadInput, match=r"laporan.* fetches .*evil\.example"):
        type_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    "content",
    [
        referring("hyperlink", "https://kemhan.example/", part="document"),
        referring("image", "media/image1.png", "Internal", part="document"),
        referring("attachedTemplate", "file:///C:\\Users\\rina\\Templates\\surat.dotx"),
        referring("attachedTemplate", "C:\\Templates\\surat.dotx"),
        referring("attachedTemplate", "file:///usr/share/templates/Surat%20Dinas.dotx"),
        linking("a", "https://kemhan.example/"),
        linking("image", "Pictures/1.png"),
        linking("template", "../../Templates/surat.ott", "meta.xml"),
        linking("template", "", "meta.xml"),
        linking("object", "./Object 1"),
        linking("image", "#frame1"),
    ],
)
def test_links_to_follow_and_what_lies_in_the_document_or_on_its_authors_drive_are_let_in(
    content: bytes,
) -> None:
    name = "laporan.odt" if b"mimetype" in content else "laporan.docx"
    assert type_of(io.BytesIO(content), name)


def test_a_document_whose_references_cannot_be_read_is_refused() -> None:
    types = f'<Types><Override ContentType="{OFFICE}wordprocessingml.document.main+xml"/></Types>'
    broken = archive({"[Content_Types].xml": types, "word/_rels/a.xml.rels": "<Relationships>"})
    with pytest.raises(BadInput, match="not accepted"):
        type_of(io.BytesIO(broken), "a.docx")


def test_no_more_is_unpacked_than_any_document_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processes.files.outside_parts.MOST_BYTES", 1_000)
    content = linking("a", "https://kemhan.example/" + "x" * 2_000)
    with pytest.raises(BadInput, match="not accepted"):
        type_of(io.BytesIO(content), "a.odt")


@pytest.mark.parametrize(
    "content",
    [
        "<o>" + "<a/>" * 100 + "</o>",
        "<o " + " ".join(f'a{n}=""' for n in range(150_000)) + "/>",
        '<!DOCTYPE o [<!ENTITY a "http://evil.example/">]><o><a>&a;</a></o>',
    ],
    ids=["elements", "attributes", "entities"],
)
def test_a_small_archive_is_not_let_in_that_would_keep_the_service_busy(
    content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processes.files.outside_parts.MOST_ELEMENTS", 99)
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    with pytest.raises(BadInput, match="not accepted"):
        type_of(io.BytesIO(archive(parts)), "a.odt")
