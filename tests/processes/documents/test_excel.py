"""Excel: numbers and days are such, and no text is a formula, however it begins."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from processes.documents import excel
from processes.documents.excel import Book, Column, Link, Table, Value
from tests.documents_read import sheets_of_excel

COLUMNS = (
    Column("Name", width=30),
    Column("Due", "day", 12),
    Column("Late", "number"),
    Column("Claimed", "percent"),
    Column("Page", "link"),
)


def book(*rows: list[Value], name: str = "Tables", classification: str = "Rahasia & lain") -> Any:
    made = Book("A title", classification, "by Sari", "(more)", [Table(name, COLUMNS, rows)])
    return sheets_of_excel(excel.made(made))


def row(text: str) -> list[Value]:
    return [text, date(2026, 1, 5), 3, 60, Link(text or "-", "https://tindak.example/a?b=1")]


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n", "=cmd|' /C calc'!A0 "])
def test_a_text_that_begins_as_a_formula_is_read_as_it_was_written(mark: str) -> None:
    text = f"{mark}=HYPERLINK(1)"
    cell = book(row(text)).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\r", ""))
    assert cell.quotePrefix, "nor does it become one when somebody edits the cell"


def test_no_sheet_has_a_formula() -> None:
    made = Book("t", "c", "p", "m", [Table("n", COLUMNS, [row("=1+1"), row("@SUM(A1)")])])
    with zipfile.ZipFile(BytesIO(excel.made(made))) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_numbers_days_and_links_are_what_excel_can_count_with() -> None:
    sheet = book(row("Kemhan")).active
    name, due, late, claimed, page = sheet[2]
    assert name.value == "Kemhan"
    assert (due.value.date(), due.is_date) == (date(2026, 1, 5), True)
    assert (late.value, claimed.value, claimed.number_format) == (3, 0.6, "0%")
    assert page.hyperlink.target == "https://tindak.example/a?b=1"


def test_the_head_stays_and_filters_and_the_columns_have_their_width() -> None:
    sheet = book(row("a"), row("b")).active
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:E3"
    assert round(sheet.column_dimensions["A"].width) >= 30
    assert [cell.value for cell in sheet[1]] == ["Name", "Due", "Late", "Claimed", "Page"]


def test_the_classification_stands_on_each_printed_page() -> None:
    sheet = book(row("a")).active
    assert sheet.oddHeader.center.text == "&BRahasia && lain"


def test_what_is_missing_is_an_empty_cell() -> None:
    sheet = book(["a", None, None, None, None]).active
    assert [cell.value for cell in sheet[2]] == ["a", None, None, None, None]


def test_a_text_longer_than_a_cell_says_that_it_goes_on() -> None:
    cell = book(row("x" * 40_000)).active["A2"]
    assert cell.value.startswith("x" * 32_000)
    assert cell.value.endswith("… (more)")


def test_a_text_keeps_arabic_and_loses_control_characters_and_a_tab_any_name() -> None:
    made = book(row("\x00لجنة\x1b <b>&"), name="Where: the [institutions] stand / now?")
    assert made.active["A2"].value == "لجنة <b>&"
    assert len(made.sheetnames[0]) <= 31
