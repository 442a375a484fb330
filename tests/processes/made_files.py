"""Small files of every kind that people send, and of some that are forbidden."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(60)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(60)
TIFF = b"II*\x00" + bytes(60)
OFFICE = "application/vnd.openxmlformats-officedocument."


def archive(parts: dict[str, str]) -> bytes:
    """A ZIP archive of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def office(kind: str, extra: str = "") -> bytes:
    """An Office package whose main part is of that kind."""
    types = f'<Types><Override ContentType="{OFFICE}{kind}.main+xml"/>{extra}</Types>'
    return archive({"[Content_Types].xml": types, "word/document.xml": "<w/>"})


def open_document(kind: str, *more: str) -> bytes:
    """An OpenDocument package of that kind."""
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": "<o/>"}
    return archive(parts | dict.fromkeys(more, ""))
