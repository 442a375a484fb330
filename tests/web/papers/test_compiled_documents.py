"""Compilation and matrix to take along: the figures and texts of the page, in every form."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from processes.storage.files.evidence import evidence
from processes.storage.tables.follow_ups import evaluation as follow_up_evaluation
from processes.storage.tables.people import institution, user
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from processes.storage.tables.written_reports import written_report
from tests.documents_read import sheets_of_excel, words_of_pdf, words_of_word
from tests.processes.stories.world import World
from tests.processes.stories.written_report.asking import answer, ask, hand_in
from tests.web.conftest import Office, text
from tests.web.meetings.test_session_pages import world as world
from web.documents import workbooks

REPORTS = "Laporan resmi tertulis"
HOSTILE = "=HYPERLINK(1) {{ 7*7 }} <b> & \u0644\u062c\u0646\u0629"


def compilation(office: Office, who: str, form: str) -> bytes:
    """The compilation of the case with reports."""
    answer = office.enter(who).get(f"/recommendations/{office.cases.second}/compilation.{form}")
    assert answer.status_code == 200
    return answer.data


def in_words(office: Office, who: str) -> tuple[str, str]:
    as_word = words_of_word(compilation(office, who, "docx"))
    return " ".join(as_word.split()), words_of_pdf(compilation(office, who, "pdf"))


def cells(sheet: Any) -> list[Mapping[str, Any]]:
    """The rows of a sheet, by the words of its head."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("locale", "head"),
    [("id", ("Himpunan laporan", "Daftar isi")), ("en", ("Compilation of reports", "Contents"))],
)
def test_a_compilation_has_contents_matrix_reports_and_evidence_with_its_digests(
    office: Office, locale: str, head: tuple[str, str]
) -> None:
    with office.service.transaction() as connection:
        connection.execute(update(user).values(locale=locale))
        connection.execute(update(report).values(summary=HOSTILE))
        found = select(report).where(report.c.receipt_number == office.cases.receipt)
        told = connection.execute(found).one()
    for words in in_words(office, "coordinator"):
        for one in (*head, "Kemenkeu", "Kemhan", told.subject, told.letter_number, "REK-2026-0002"):
            assert one in words, one
        assert office.cases.receipt in words
        assert "{{ 7*7 }} <b> &" in words
        assert "Data belum lengkap." in words, "what the coordinator found"
        assert re.search("bukti.pdf", words)


def test_what_the_page_counts_is_what_the_sheets_count(office: Office) -> None:
    book = sheets_of_excel(compilation(office, "coordinator", "xlsx"))
    [whole], positions, reports, _, evidence = (cells(sheet) for sheet in book)
    page = text(office.enter("coordinator").get(f"/recommendations/{office.cases.second}"))
    assert {one["Instansi"] for one in positions} == {"Kemhan", "Kemenkeu"}
    assert whole["Nomor"] == "REK-2026-0002"
    assert whole["Sejauh mana"] in page, "the rule with its figures"
    for one in positions:
        assert one["Instansi"] in page
        assert isinstance(one["Tanggal klaim"], datetime)
    of = {one["Instansi"]: one for one in positions}
    assert of["Kemenkeu"]["Klaim (persen)"] == 1, "100 % is one, as Excel counts"
    assert of["Kemhan"]["Klaim (persen)"] is None, "a claim of an earlier round is none now"
    assert office.cases.receipt in {one["Tanda terima"] for one in reports}
    assert all(isinstance(one["Tanggal surat"], datetime) for one in reports)
    assert all(re.fullmatch("[0-9a-f]{64}", one["SHA-256"]) for one in evidence)
    assert len(evidence) == len(reports) == 2


def test_reports_on_progress_stand_in_the_workbook_as_in_the_document(
    office: Office, world: World
) -> None:
    request, about = ask(world), office.cases.first
    case = world.follow_up(about, "kemenperin")
    said = answer(case, percent=40, narrative="Tender berjalan.", obstacles="Pagu kurang.")
    hand_in(world, request, "kemenperin", [said])
    person, path = office.enter("coordinator"), f"/recommendations/{about}/compilation"
    [one] = cells(sheets_of_excel(person.get(f"{path}.xlsx").data)[REPORTS])
    assert (one["Jenis"], one["Instansi"]) == ("Laporan kemajuan", "Kemenperin")
    assert one["Klaim K/L"] == "40%"
    assert one["Ringkasan"] == "Tender berjalan.\nKendala: Pagu kurang."
    assert isinstance(one["Tanggal surat"], datetime)
    told = words_of_pdf(person.get(f"{path}.pdf").data)
    for value in (one["Tanda terima"], one["Perihal"], one["Penanda tangan"], "Pagu kurang."):
        assert value in told
    with office.service.transaction() as connection:
        connection.execute(update(written_report).values(classification="top_secret"))
        connection.execute(update(user).values(clearance="restricted"))
    [one] = cells(sheets_of_excel(person.get(f"{path}.xlsx").data)[REPORTS])
    assert one["Klasifikasi keamanan"] == "Klasifikasi di atas izin Anda"
    assert {one["Perihal"], one["Ringkasan"], one["Surat"]} == {None}
    assert one["Tanda terima"]


def test_an_institution_gets_its_own_part_and_nobody_more_than_the_clearance(
    office: Office,
) -> None:
    for words in in_words(office, "kemenkeu"):
        assert "Kemenkeu" in words
        assert "Kemhan" not in words
        assert "Data belum lengkap." not in words
    with office.service.transaction() as connection:
        mine = report.c.receipt_number == office.cases.receipt
        secret = {"classification": "top_secret", "summary": "Isi rahasia.", "subject": "Perihal X"}
        connection.execute(update(report).where(mine).values(secret))
        connection.execute(update(user).values(clearance="restricted"))
    for words in in_words(office, "coordinator"):
        assert "Isi rahasia." not in words
        assert "Perihal X" not in words
        assert "Sangat rahasia" not in words
        assert "Klasifikasi di atas izin Anda" in words
    book = sheets_of_excel(compilation(office, "coordinator", "xlsx"))
    told = [str(value) for sheet in book for row in sheet.values for value in row]
    assert not {"Isi rahasia.", "Perihal X"} & set(told)
    assert office.enter("kemhan-head").get("/inventory.xlsx").status_code == 403


def test_the_matrix_as_excel_has_a_row_for_each_position_that_the_filters_leave(
    office: Office,
) -> None:
    with office.service.transaction() as connection:
        connection.execute(
            update(recommendation)
            .where(recommendation.c.id == office.cases.first)
            .values(title=HOSTILE)
        )
    person = office.enter("coordinator")
    assert 'href="/inventory.xlsx"' in text(person.get("/inventory"))
    assert 'href="/inventory.xlsx?institution=kemhan"' in text(
        person.get("/inventory?institution=kemhan")
    )
    (sheet,) = sheets_of_excel(person.get("/inventory.xlsx").data)
    rows = cells(sheet)
    assert [(one["Nomor"], one["Instansi"]) for one in rows] == [
        ("REK-2026-0002", "Kemhan"),
        ("REK-2026-0002", "Kemenkeu"),
        ("REK-2026-0001", "Kemhan"),
        ("REK-2026-0001", "Kemenperin"),
    ]
    assert rows[-1]["Rekomendasi"] == HOSTILE
    assert isinstance(rows[0]["Tenggat pekerjaan berjalan"], datetime)
    (narrowed,) = sheets_of_excel(person.get("/inventory.xlsx?institution=kemhan").data)
    assert {one["Instansi"] for one in cells(narrowed)} == {"Kemhan"}


def test_links_of_a_sheet_lead_to_pages(office: Office) -> None:
    person = office.enter("coordinator")
    (sheet,) = sheets_of_excel(person.get("/inventory.xlsx").data)
    links = [row[-1].hyperlink.target for row in sheet.iter_rows(min_row=2)]
    for link in links:
        assert person.get(link.removeprefix("https://tindak.example")).status_code == 200


def test_no_workbook_of_any_kind_has_a_formula_whatever_people_wrote(office: Office) -> None:
    made = inspect.getmembers(workbooks, inspect.isfunction)
    kinds = {name for name, one in made if one.__annotations__.get("return") == "Book"}
    assert kinds - {"book"} == {"inventory", "compilation"}, "a further one is opened here too"
    hostile = "=1+1"
    with office.service.transaction() as connection:
        for table, names in (
            (recommendation, ("title", "legal_basis", "expected_outcome", "letter_number")),
            (report, ("subject", "summary", "signatory", "letter_number")),
            (evidence, ("name",)),
            (institution, ("short_name",)),
            (follow_up_evaluation, ("notes",)),
        ):
            connection.execute(update(table).values(dict.fromkeys(names, hostile)))
    person = office.enter("coordinator")
    for address in ("/inventory.xlsx", f"/recommendations/{office.cases.second}/compilation.xlsx"):
        cells_of = [
            cell
            for sheet in sheets_of_excel(person.get(address).data)
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert [cell for cell in cells_of if cell.data_type == "f"] == []
        told = [cell for cell in cells_of if str(cell.value).startswith(hostile)]
        assert len(told) > 3
        assert all(cell.quotePrefix for cell in told), "nor when somebody edits the cell"
