"""An Excel workbook: real numbers and days, frozen heads, filters, links; no text is a formula.

Owns how a table becomes a sheet. A text that begins as a formula does is stored as text and marked
as such (Excel's own quote prefix), so that it is read as it was written and never computed, even
after somebody has edited its cell. Knows no table of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final, Literal, TypeAlias

from processes.documents.phrases import clean

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that Excel, or a program that reads a copy of it, would compute."""
LONGEST: Final = 32_000
"""Characters in a cell; Excel takes 32,767 and drops the whole cell above that."""
LONGEST_NAME: Final = 31
Kind = Literal["text", "day", "number", "percent", "link"]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a page."""

    text: str
    url: str


Value: TypeAlias = str | int | float | date | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its kind, its width in characters."""

    head: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet. `name`: on its tab; a percentage is a whole number, 60 for 60 %."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook. `classification` stands on each printed page, `printed` below it; it is asked for
    when all rows are written, where they only then say it. `goes_on`: said at the end of a text
    that is longer than a cell."""

    title: str
    classification: str | Callable[[], str]
    printed: str
    goes_on: str
    tables: Sequence[Table]


def made(book: Book) -> bytes:
    """The file."""
    file = BytesIO()
    write(book, file)
    return file.getvalue()


def write(book: Book, file: IO[bytes]) -> None:
    """Write the file. Each row goes to the disk when the next one begins, so that the number of
    rows costs no memory."""
    import xlsxwriter  # here: who makes no workbook pays nothing

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(file, options)
    workbook.set_properties({"title": book.title})
    drawing = _Drawing(workbook, book)
    for table in book.tables:
        drawing.table(table)
    workbook.close()


class _Drawing:
    """The sheets of one workbook, with the formats they share."""

    def __init__(self, workbook: Workbook, book: Book) -> None:
        self._workbook = workbook
        self._book = book
        top = {"valign": "top"}
        self._head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, **top})
        self._formats: dict[Kind, Format] = {
            "text": workbook.add_format({"text_wrap": True, **top}),
            "day": workbook.add_format({"num_format": "dd/mm/yyyy", **top}),
            "number": workbook.add_format({"num_format": "#,##0", **top}),
            "percent": workbook.add_format({"num_format": "0%", **top}),
            "link": workbook.add_format({"font_color": "#0563C1", "underline": 1, **top}),
        }
        self._quoted = workbook.add_format({"quote_prefix": True, "text_wrap": True, **top})

    def table(self, table: Table) -> None:
        """Add a sheet."""
        sheet = self._workbook.add_worksheet(_tab(table.name))
        for n, column in enumerate(table.columns):
            sheet.set_column(n, n, column.width)
            sheet.write_string(0, n, column.head, self._head)
        n = 0
        for n, row in enumerate(table.rows, 1):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                self._write(sheet, n, place, column.kind, value)
        self._arrange(sheet, n, len(table.columns))

    def _arrange(self, sheet: Worksheet, rows: int, columns: int) -> None:
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(rows, 1), columns - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C&B{_printed(_now(self._book.classification))}")
        sheet.set_footer(f"&L{_printed(self._book.printed)}&R&P/&N")

    def _write(self, sheet: Any, row: int, column: int, kind: Kind, value: Value) -> None:
        if value is None:
            sheet.write_blank(row, column, None, self._formats["text"])
        elif isinstance(value, str):
            text = self._short(clean(value))
            quoted = text.startswith(DANGEROUS)
            sheet.write_string(row, column, text, self._quoted if quoted else self._formats["text"])
        elif isinstance(value, Link):
            text = self._short(clean(value.text))
            sheet.write_url(row, column, value.url, self._formats["link"], text)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats[kind])
        else:
            number = value / 100 if kind == "percent" else value
            sheet.write_number(row, column, number, self._formats[kind])

    def _short(self, text: str) -> str:
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}… {self._book.goes_on}"


def _now(text: str | Callable[[], str]) -> str:
    return text if isinstance(text, str) else text()


def _tab(name: str) -> str:
    """A name for a tab: Excel refuses these characters."""
    return "".join(" " if one in "[]:*?/\\'" else one for one in name)[:LONGEST_NAME]


def _printed(text: str) -> str:
    """A text in the head or foot of a page, where & begins a command."""
    return clean(text).replace("&", "&&")[:200]
