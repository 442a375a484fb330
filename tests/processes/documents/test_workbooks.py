"""Whole workbooks: their sheets, their names, and what a printed page says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from processes.documents import excel
from processes.documents.excel import LONGEST, LONGEST_NAME, Book, Column, Link, Table, Value
from tests.documents_read import sheets_of_excel

TEXT = (Column("Name"),)


def read(*tables: Table, **changed: str) -> Any:
    said = {"title": "Judul", "classification": "Biasa", "printed": "Sari", "goes_on": "(more)"}
    return sheets_of_excel(excel.made(Book(**said | changed, tables=tables)))


def cell(value: Value, column: Column = TEXT[0]) -> Any:
    return read(Table("A", (column,), [[value]])).active["A2"]


def test_each_table_is_a_sheet_in_its_order_with_its_own_columns() -> None:
    book = read(
        Table("Positions", (Column("A"), Column("B", width=40)), [["1", "2"]]),
        Table("Reports", TEXT, [["x"], ["y"]]),
        Table("Evidence", TEXT, []),
    )
    assert book.sheetnames == ["Positions", "Reports", "Evidence"]
    assert [sheet.max_row for sheet in book] == [2, 3, 1]
    assert round(book["Positions"].column_dimensions["B"].width) >= 40


def test_a_table_without_rows_has_its_head_and_a_filter_that_opens() -> None:
    sheet = read(Table("A", (Column("Name"), Column("Due", "day")), [])).active
    assert [one.value for one in sheet[1]] == ["Name", "Due"]
    assert sheet.auto_filter.ref == "A1:B2"


@pytest.mark.parametrize("sign", list("[]:*?/\\'"))
def test_a_tab_has_none_of_the_signs_that_excel_refuses(sign: str) -> None:
    assert read(Table(f"a{sign}b", TEXT, [])).sheetnames == ["a b"]


def test_a_tab_is_as_long_as_excel_shows() -> None:
    assert read(Table("x" * 60, TEXT, [])).sheetnames == ["x" * LONGEST_NAME]


def test_a_page_says_title_classification_and_who_printed_it() -> None:
    book = read(Table("A", TEXT, []), classification="R&D \x00", printed="Sari & Budi, 10.00")
    sheet = book.active
    assert book.properties.title == "Judul"
    assert sheet.oddHeader.center.text == "&BR&&D "
    assert sheet.oddFooter.left.text == "Sari && Budi, 10.00"
    assert "&P" in sheet.oddFooter.right.text
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$1"


def test_a_head_longer_than_a_printed_line_is_cut_there_alone() -> None:
    book = read(Table("A", TEXT, [["x" * 300]]), classification="x" * 300)
    assert len(book.active.oddHeader.center.text) == 200 + len("&B")
    assert book.active["A2"].value == "x" * 300


@pytest.mark.parametrize(
    ("column", "value", "stored", "shown"),
    [
        (Column("n", "number"), 1234, 1234, "#,##0"),
        (Column("n", "number"), 0, 0, "#,##0"),
        (Column("n", "number"), -3.5, -3.5, "#,##0"),
        (Column("n", "percent"), 60, 0.6, "0%"),
        (Column("n", "percent"), 0, 0, "0%"),
        (Column("n", "percent"), 100, 1, "0%"),
    ],
)
def test_numbers_are_counted_with_as_they_are_shown(
    column: Column, value: float, stored: float, shown: str
) -> None:
    found = cell(value, column)
    assert (found.data_type, found.value, found.number_format) == ("n", stored, shown)


def test_a_day_is_written_as_days_are_written_here() -> None:
    found = cell(date(2026, 3, 17), Column("d", "day"))
    assert (found.value.date(), found.number_format) == (date(2026, 3, 17), "dd/mm/yyyy")


@pytest.mark.parametrize("kind", ["day", "number", "percent", "link"])
def test_a_text_stays_a_text_in_every_column(kind: Any) -> None:
    found = cell("60", Column("c", kind))
    assert (found.data_type, found.value) == ("s", "60")


@pytest.mark.parametrize("text", ["http://a.example", "mailto:a@b.example", "007", "1e5", "TRUE"])
def test_a_text_is_neither_a_link_nor_a_number_because_it_looks_like_one(text: str) -> None:
    found = cell(text)
    assert (found.data_type, found.value, found.hyperlink) == ("s", text, None)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-", "@rina"])
def test_the_text_of_a_link_is_no_formula_either(text: str) -> None:
    found = cell(Link(text, "https://tindak.example/a"), Column("c", "link"))
    assert (found.data_type, found.value) == ("s", text)
    assert found.hyperlink.target == "https://tindak.example/a"


def test_a_text_that_just_fits_is_whole_and_one_more_sign_is_said() -> None:
    assert cell("x" * LONGEST).value == "x" * LONGEST
    cut = cell("x" * (LONGEST + 1)).value
    assert cut == "x" * LONGEST + "… (more)"
    assert len(cut) < 32_767, "Excel would drop the whole cell"


def test_a_link_with_a_long_text_leads_where_it_leads() -> None:
    found = cell(Link("x" * (LONGEST + 1), "https://tindak.example/a"), Column("c", "link"))
    assert found.value.endswith("… (more)")
    assert found.hyperlink.target == "https://tindak.example/a"


def test_a_row_with_too_few_values_is_a_fault_and_no_shifted_row() -> None:
    with pytest.raises(ValueError, match="zip"):
        read(Table("A", (Column("a"), Column("b")), [["1"]]))
