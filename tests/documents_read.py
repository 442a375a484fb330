"""Documents as other programs read them: the text of Word and PDF, the cells of Excel."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import openpyxl
from pypdf import PdfReader


def words_of_word(content: bytes) -> str:
    """All text of a Word document: paragraphs and tables in their order, then head and foot."""
    document = docx.Document(BytesIO(content))
    section = document.sections[0]
    parts = [document.element.body, section.header._element, section.footer._element]
    texts = (
        "".join(_texts(one)) for part in parts for one in part.iter() if one.tag.endswith("}p")
    )
    return "\n".join(texts)


def _texts(paragraph: Any) -> list[str]:
    ends = {"t": None, "br": "\n", "tab": "\t"}
    found = ((one.tag.rpartition("}")[2], one.text) for one in paragraph.iter())
    return [text or ends[tag] or "" for tag, text in found if tag in ends]


def pages_of_pdf(content: bytes) -> list[str]:
    """The text of each page of a PDF, without the marks at which a long word may break."""
    pages = PdfReader(BytesIO(content)).pages
    return [page.extract_text().replace("\u200b", "") for page in pages]


def words_of_pdf(content: bytes) -> str:
    """All text of a PDF, in one line: where a line ends depends on the font."""
    return " ".join(" ".join(pages_of_pdf(content)).split())


def sheets_of_excel(content: bytes) -> Any:
    """The workbook; formulas as formulas."""
    return openpyxl.load_workbook(BytesIO(content))
