"""The inventory sheet of a rakor on paper: the rows, words and numbers of its page."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from uuid import UUID

import docx
import pytest
from pypdf import PdfReader

from processes.meetings import sheet
from tests.documents_read import sheets_of_excel
from tests.processes.stories.rakor.meeting import MINUTES, invited, sign
from tests.processes.stories.world import World
from tests.web.conftest import Office, text
from tests.web.meetings.test_session_pages import world as world
from tests.web.papers.test_documents import told

TAG = re.compile(r"<[^>]+>")


@pytest.fixture
def second(office: Office, world: World) -> UUID:
    """The second rakor over a recommendation of which one institution has moved since the first."""
    about = office.cases.first
    before = invited(world, about, held_on="2026-01-20")
    world.wait_until(world.at(date(2026, 1, 20)))
    world.do("coordinator", "hold", before, attendance="Semua hadir.")
    world.do("coordinator", "minutes", before, **MINUTES)
    sign(world, before)
    world.do("kemhan", "acknowledge", world.follow_up(about, "kemhan"), response="accepted",
             contact="Rina")  # fmt: skip
    return invited(world, about, title="Rakor kedua <b>", held_on="2026-03-20")


def test_the_sheet_says_in_every_form_what_its_page_says(office: Office, second: UUID) -> None:
    person, page = office.enter("coordinator"), f"/meetings/{second}/sheet"
    seen = " ".join(TAG.sub(" ", unescape(text(person.get(page)))).split())
    numbers = {
        words: re.search(rf"(\d+) {words}", seen)
        for words in ("Belum selesai", "Lewat tenggat", "Berubah sejak rakor terakhir",
                      "Tanpa posisi")
    }  # fmt: skip
    assert all(numbers.values()), seen
    for words in told(person, page):
        for name, found in numbers.items():
            assert found is not None
            assert re.search(rf"{name}\s*{found[1]}\b", words), name
        assert "Rakor kedua <b>" in words
        assert "RAK-2026-0001" in words, "the rakor since which it tells"


def test_what_changed_since_the_last_rakor_is_told_and_nothing_else(
    office: Office, second: UUID
) -> None:
    person, page = office.enter("coordinator"), f"/meetings/{second}/sheet"
    document = docx.Document(io.BytesIO(person.get(f"{page}.docx").data))
    _, changed, whole = document.tables
    [row] = [[cell.text for cell in row.cells] for row in changed.rows[1:]]
    assert row[0] == "Kemhan"
    assert row[1].startswith("REK-2026-0001 ")
    assert row[2] != row[3], "where it stood, and where it stands"
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in whole.rows[1:]}
    assert rows["Kemenperin"][-1] == "tidak berubah"
    assert (rows["Kemhan"][-1], rows["Kemhan"][2]) == (row[2], row[3])
    [excel] = sheets_of_excel(person.get(f"{page}.xlsx").data)
    head, *lines = excel.values
    then, stage = head.index("Pada rakor terakhir"), head.index("Tahap")
    of = {line[0]: (line[stage], line[then]) for line in lines}
    assert of == {name: (cells[2], cells[-1]) for name, cells in rows.items()}


def test_the_first_rakor_has_nothing_to_compare_with(office: Office, world: World) -> None:
    id = invited(world, office.cases.first, held_on="2026-01-20")
    for words in told(office.enter("coordinator"), f"/meetings/{id}/sheet"):
        assert "Berubah sejak rakor terakhir" not in words
        assert "baru sejak itu" not in words


def test_a_narrowed_sheet_has_those_rows_and_says_how_it_was_narrowed(
    office: Office, second: UUID
) -> None:
    person, page = office.enter("coordinator"), f"/meetings/{second}/sheet"
    asked = "?institution=kemhan&only=open"
    for form in ("docx", "pdf", "xlsx"):
        address = f'href="{page}.{form}?institution=kemhan&amp;only=open"'
        assert address in text(person.get(f"{page}{asked}"))
    document = docx.Document(io.BytesIO(person.get(f"{page}.docx{asked}").data))
    told = [one.text for one in document.paragraphs]
    assert {"Instansi: Kemhan", "Hanya: Belum selesai"} <= set(told)
    assert [row.cells[0].text for row in document.tables[-1].rows[1:]] == ["Kemhan"]


def test_an_institution_takes_its_own_rows_along(office: Office, second: UUID) -> None:
    for words in told(office.enter("kemhan"), f"/meetings/{second}/sheet"):
        assert ("Kemhan" in words, "Kemenperin" in words) == (True, False)
    assert office.enter("kemenkeu").get(f"/meetings/{second}/sheet.pdf").status_code == 404


def test_the_paper_lies_on_its_side(office: Office, second: UUID) -> None:
    person, page = office.enter("coordinator"), f"/meetings/{second}/sheet"
    box = PdfReader(io.BytesIO(person.get(f"{page}.pdf").data)).pages[0].mediabox
    assert box.width > box.height
    section = docx.Document(io.BytesIO(person.get(f"{page}.docx").data)).sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert section.page_width > section.page_height


def test_more_rows_than_paper_takes_are_refused_and_excel_has_them_all(
    office: Office, second: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "MOST_PRINTED", 1)
    person, page = office.enter("coordinator"), f"/meetings/{second}/sheet"
    refused = person.get(f"{page}.docx")
    assert refused.status_code == 409
    assert "paling banyak 1 baris" in unescape(text(refused))
    assert person.get(f"{page}.docx?institution=kemhan").status_code == 200
    [excel] = sheets_of_excel(person.get(f"{page}.xlsx").data)
    assert len(list(excel.values)) == 3
