"""Receipt, report and letter to take along: what the page shows, for whoever may see the page."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape

import pytest
from sqlalchemy import update

from processes.storage.notices import reminder_letters
from processes.storage.tables.people import user
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from tests.documents_read import pages_of_pdf, words_of_pdf, words_of_word
from tests.web.conftest import Office, Person, heading, text
from tests.web.papers.test_reminder_letter_pages import address, late
from tests.web.work.test_task_pages import REPORT, upload

TAG = re.compile(r"<[^>]+>")


def told(person: Person, path: str) -> tuple[str, str]:
    """The words of a document, as Word and as PDF."""
    as_word, as_pdf = (person.get(f"{path}.{form}") for form in ("docx", "pdf"))
    assert (as_word.status_code, as_pdf.status_code) == (200, 200), text(as_word)
    for answer in (as_word, as_pdf):
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "private, no-store"
    return " ".join(words_of_word(as_word.data).split()), words_of_pdf(as_pdf.data)


def squeezed(words: str) -> str:
    """Without blanks: a PDF breaks a long number where its line ends."""
    return re.sub(r"\s", "", words)


def facts_of(person: Person, page: str) -> list[tuple[str, str]]:
    """The pairs of words and values of a page, in its article."""
    article = text(person.get(page)).partition('<article class="receipt"')[2]
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", article, re.DOTALL)
    return [tuple(" ".join(unescape(TAG.sub("", one)).split()) for one in pair) for pair in pairs]


@pytest.mark.parametrize("locale", ["id", "en"])
def test_a_receipt_says_in_every_form_what_its_page_says(office: Office, locale: str) -> None:
    with office.service.transaction() as connection:
        connection.execute(update(user).values(locale=locale))
    person, page = office.enter("kemenkeu"), f"/receipts/{office.cases.receipt}"
    shown = facts_of(person, page)
    assert len(shown) >= 10
    for words in told(person, f"{page}/receipt"):
        for name, value in shown:
            assert name in words
            assert squeezed(value) in squeezed(words)


def test_the_fingerprint_of_the_page_stands_on_the_sheet_and_changes_with_the_report(
    office: Office,
) -> None:
    person, page = office.enter("kemenkeu"), f"/receipts/{office.cases.receipt}"

    def printed() -> str:
        (hash,) = re.findall(r'<code class="hash">([0-9a-f]{64})</code>', text(person.get(page)))
        assert all(hash in squeezed(words) for words in told(person, f"{page}/receipt"))
        return str(hash)

    before = printed()
    with office.service.transaction() as connection:
        connection.execute(
            update(report)
            .where(report.c.receipt_number == office.cases.receipt)
            .values(summary="Lain.")
        )
    assert printed() != before


def test_a_report_is_read_before_it_is_handed_in_as_it_is_printed_afterwards(
    office: Office,
) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    form = {**REPORT, "subject": "Laporan {{ 7*7 }} & <b>", "evidence": upload(person, task)}
    checked = person.post(f"{task}/check", form, follow_redirects=True)
    assert f'href="{task}/report.pdf"' in text(checked)
    before = told(person, f"{task}/report")
    person.post(f"{task}/complete", form)
    (path,) = set(re.findall(r"/receipts/[\w-]+", text(person.get(task))))
    after = told(person, f"{path}/report")
    for draft, handed_in in zip(before, after, strict=True):
        assert "Konsep: belum dikirim" in draft
        assert "Konsep" not in handed_in
        for value in ("Laporan {{ 7*7 }} & <b>", "B/77/2026", "surat.pdf", "Dua jalur produksi"):
            assert value in draft
            assert value in handed_in
        assert path.removeprefix("/receipts/") in handed_in


def test_nothing_is_printed_of_a_report_that_could_not_be_sent(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    assert person.get(f"{task}/report.pdf").status_code == 404
    person.post(f"{task}/draft", {**REPORT, "subject": ""})
    assert person.get(f"{task}/report.pdf").status_code == 422
    assert office.enter("kemenkeu").get(f"{task}/report.pdf").status_code == 404
    assert office.enter("coordinator").get(f"{task}/report.pdf").status_code == 403


def test_above_the_clearance_the_receipt_says_no_more_than_its_page_and_there_is_no_report(
    office: Office,
) -> None:
    page = f"/receipts/{office.cases.receipt}"
    with office.service.transaction() as connection:
        found = update(report).where(report.c.receipt_number == office.cases.receipt)
        connection.execute(found.values(classification="top_secret", subject="Rahasia benar"))
        connection.execute(update(user).values(clearance="restricted"))
    person = office.enter("kemenkeu")
    for words in told(person, f"{page}/receipt"):
        assert "Rahasia benar" not in words
        assert "Klasifikasi di atas izin Anda" in words
        assert "bukti.pdf" not in words
        assert office.cases.receipt in words
    assert person.get(f"{page}/report.docx").status_code == 404
    assert "/report.docx" not in text(person.get(page))


def test_a_letter_bears_its_classification_on_each_page_and_names_who_gets_a_copy(
    office: Office,
) -> None:
    case, person = late(office), office.enter("asdep")
    with office.service.reading() as connection:
        letter = f"/reminder-letters/{reminder_letters.of_follow_up(connection, case)[0].id}"
    with office.service.transaction() as connection:
        connection.execute(
            update(recommendation)
            .where(recommendation.c.id == office.cases.first)
            .values(classification="restricted", title="Panjang " * 700)
        )
        connection.execute(update(user).values(locale="en"))
    shown = facts_of(person, letter)
    assert ("Klasifikasi", "Terbatas") in shown
    for words in told(person, f"{letter}/letter"):
        for name, value in shown:
            assert f"{name} {value}" in words or f"{name}{value}" in words
        assert re.search("Tembusan: (Deputi|Menteri Koordinator)", words)
        assert "printed by" not in words, "the letter is in Indonesian for every reader"
    pages = pages_of_pdf(person.get(f"{letter}/letter.pdf").data)
    assert len(pages) > 1
    assert all(page.lstrip().startswith("Terbatas") for page in pages)


def test_documents_are_refused_to_whoever_may_not_open_their_page(office: Office) -> None:
    letter = address(office, late(office))
    for username, path in (("kemhan", f"{letter}/letter"), ("kemenkeu", f"{letter}/letter")):
        page = office.enter(username).get(letter)
        assert office.enter(username).get(f"{path}.pdf").status_code == page.status_code != 200
    receipt = f"/receipts/{office.cases.receipt}"
    assert office.enter("kemhan").get(f"{receipt}/receipt.docx").status_code == 404
    assert office.enter("admin").get(f"{receipt}/receipt.docx").status_code in (403, 404)
    assert office.stranger().get(f"{receipt}/receipt.docx").status_code == 302
    assert office.enter("kemenkeu").get(f"{receipt}/receipt.exe").status_code == 404


def test_both_pages_lead_to_their_documents(office: Office) -> None:
    receipt = text(office.enter("kemenkeu").get(f"/receipts/{office.cases.receipt}"))
    letter = address(office, late(office))
    page = office.enter("asdep").get(letter)
    assert heading(page) == "Surat pengingat"
    for form in ("docx", "pdf"):
        assert f'href="/receipts/{office.cases.receipt}/receipt.{form}"' in receipt
        assert f'href="/receipts/{office.cases.receipt}/report.{form}"' in receipt
        assert f'href="{letter}/letter.{form}"' in text(page)


def test_who_makes_no_document_loads_nothing_for_it() -> None:
    asked = (
        "import sys, web.app; print([m for m in sys.modules if m in {'docx','docxtpl','typst'}])"
    )
    found = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
