"""The scan of a signed letter or receipt: filed back, bound to its document, read by readers."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from processes.storage.files import evidence
from processes.storage.files.signed_scans import signed_scan
from processes.storage.tables.people import user
from processes.storage.tables.reports import report
from tests.web.conftest import PDF, Office, Person, text
from tests.web.papers.test_reminder_letter_pages import address, late


def files(
    person: Person, page: str, content: bytes = PDF, name: str = "pindai.pdf"
) -> TestResponse:
    """Send a scan from the page of its document."""
    person.get(page)
    data = {"scan": (BytesIO(content), name)}
    return person.post(f"{page}/scan", data, content_type="multipart/form-data")


def sent_letter(office: Office) -> str:
    letter, person = address(office, late(office)), office.enter("coordinator")
    today = office.clock.now.date() - timedelta(days=1)
    entries = {"letter_number": "B-7/2026", "letter_date": f"{today:%d/%m/%Y}"}
    person.get(letter)
    person.post(letter, entries)
    return letter


def scans(page: str) -> list[str]:
    return re.findall(r'href="(/signed-scans/[^"]+)"', page)


def test_the_scan_of_a_sent_letter_is_filed_and_read_by_whoever_reads_the_letter(
    office: Office,
) -> None:
    letter, person = sent_letter(office), office.enter("coordinator")
    assert files(person, letter).location == letter
    page = text(office.enter("asdep").get(letter))
    [scan] = scans(page)
    assert "Sesuai dengan isi dokumen" in page
    assert office.enter("asdep").get(scan).data == PDF
    assert office.enter("kemhan").get(scan).status_code == 403, "as the letter itself"
    assert office.enter("kemenkeu").get(scan).status_code == 404
    with office.service.reading() as connection:
        assert connection.execute(select(evidence.upload)).all() == []
        assert evidence.named_digests(connection) >= set(
            connection.scalars(select(signed_scan.c.sha256))
        )


def test_a_letter_that_was_not_sent_has_no_signed_scan(office: Office) -> None:
    letter, person = address(office, late(office)), office.enter("coordinator")
    assert f'action="{letter}/scan"' not in text(person.get(letter))
    assert files(person, letter).status_code == 409


def test_a_scan_says_when_its_document_says_something_else_now(office: Office) -> None:
    page, person = f"/receipts/{office.cases.receipt}", office.enter("coordinator")
    files(person, page)
    assert "Sesuai dengan isi dokumen" in text(person.get(page))
    with office.service.transaction() as connection:
        mine = report.c.receipt_number == office.cases.receipt
        connection.execute(update(report).where(mine).values(subject="Lain"))
    assert "Isi dokumen sudah berubah" in text(person.get(page))


def test_a_receipt_keeps_every_scan_and_the_institution_reads_but_files_none(
    office: Office,
) -> None:
    page, person = f"/receipts/{office.cases.receipt}", office.enter("coordinator")
    files(person, page)
    files(person, page, name="kedua.pdf")
    shown = text(office.enter("kemenkeu").get(page))
    assert len(scans(shown)) == 2
    assert "/scan" not in re.findall('action="([^"]+)"', shown)
    assert office.enter("kemenkeu").get(scans(shown)[0]).data == PDF
    assert files(office.enter("kemenkeu"), page).status_code == 403
    assert office.enter("kemhan").get(scans(shown)[0]).status_code == 404


def test_above_the_clearance_no_scan_is_shown_or_read(office: Office) -> None:
    page, person = f"/receipts/{office.cases.receipt}", office.enter("coordinator")
    files(person, page)
    [scan] = scans(text(person.get(page)))
    with office.service.transaction() as connection:
        connection.execute(update(report).values(classification="top_secret"))
        connection.execute(update(user).values(clearance="restricted"))
    assert scans(text(person.get(page))) == []
    assert person.get(scan).status_code == 404
    assert files(person, page).status_code == 404


def test_a_scan_is_a_pdf_or_an_image_and_never_missing(office: Office) -> None:
    page, person = f"/receipts/{office.cases.receipt}", office.enter("coordinator")
    refused = files(person, page, b"a;b\n1;2\n", "angka.csv")
    assert refused.status_code == 422
    assert 'id="scan-error"' in text(refused), "on its field, on the same page"
    assert office.cases.receipt in text(refused)
    person.get(page)
    assert person.post(f"{page}/scan").status_code == 422
    assert scans(text(person.get(page))) == []
