"""Nothing is sent by accident: what stops a form, and what is read once more before it goes out."""

from __future__ import annotations

import io
import re
from html import unescape
from uuid import UUID

import pytest

from processes.files.blobs import MEGABYTE
from tests.web.conftest import PDF, Office, heading, text
from tests.web.work.test_task_pages import ACCEPTED, REPORT, upload
from tests.web.work.test_typed_texts import page_of

PROGRAM = b"MZ" + bytes(500)
"""A file of a kind that is not let in."""


# --- a field in error stops the send ------------------------------------------------------------


@pytest.mark.parametrize("door", ["check", "complete"])
def test_a_form_is_not_sent_without_the_file_that_was_refused(office: Office, door: str) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    done = {"percent": "40", "narrative": "Berjalan.", "done": "no"}
    chosen = {"evidence": (io.BytesIO(PROGRAM), "bukti.exe")}
    person.get(task)
    refused = person.post(f"{task}/uploads/evidence", chosen, content_type="multipart/form-data")
    standing = re.search(r'name="_refused" value="([^"]+)"', text(refused))
    assert standing, "the page says so as long as nobody has answered"
    sent = person.post(f"{task}/{door}", {**done, "_refused": standing[1]})
    assert sent.status_code == 422
    assert "bukti.exe” tidak diterima" in text(sent)
    assert office.task("implement", "kemhan") == task
    without = {**done, "_refused": standing[1], "act": "leave_out:evidence"}
    again = text(person.post(task, without))
    assert "_refused" not in again
    assert person.post(f"{task}/{door}", done).status_code == 302


def test_without_javascript_a_refused_file_stops_the_second_press_too(office: Office) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    done = {"percent": "40", "narrative": "Berjalan.", "done": "no"}
    chosen = {**done, "evidence": (io.BytesIO(PROGRAM), "bukti.exe")}
    person.get(task)
    first = person.post(f"{task}/check", chosen, content_type="multipart/form-data")
    assert first.status_code == 422
    standing = re.search(r'name="_refused" value="([^"]+)"', text(first))
    assert standing
    assert person.post(f"{task}/check", {**done, "_refused": standing[1]}).status_code == 422
    better = {**done, "_refused": standing[1], "evidence": (io.BytesIO(PDF), "bukti.pdf")}
    sent = person.post(
        f"{task}/check", better, content_type="multipart/form-data", follow_redirects=True
    )
    assert heading(sent) == "Periksa sebelum dikirim"


def test_a_refused_file_costs_no_text_when_the_draft_is_saved(office: Office) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    typed = {"narrative": "Panjang.", "evidence": (io.BytesIO(PROGRAM), "bukti.exe")}
    person.get(task)
    page = person.post(f"{task}/draft", typed, content_type="multipart/form-data")
    assert "Tersimpan" in text(page)
    assert "tidak diterima" in text(page)
    assert "Panjang." in text(person.get(task))
    assert "bukti.exe” tidak diterima" in text(person.get(task)), "still there after a reload"


def test_no_text_is_cut_off_and_its_limit_is_told_before(office: Office) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    page = text(person.get(task))
    assert "maxlength" not in page
    assert "paling banyak 10.000 karakter" in page
    long = {"percent": "40", "narrative": "x" * 10_001, "done": "no"}
    refused = person.post(f"{task}/check", long)
    assert refused.status_code == 422
    assert "paling banyak 10.000 karakter; sekarang 10.001" in text(refused)
    assert "x" * 10_001 in text(refused)


def test_a_form_of_the_products_own_cuts_nothing_off_either(office: Office) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    page = text(supervisor.get(f"{task}/extend"))
    assert "maxlength" not in page
    assert "paling banyak 2.000 karakter" in page
    refused = supervisor.post(f"{task}/extend", {"due": "1/6/2026", "reason": "y" * 2_001})
    assert refused.status_code == 422
    assert "y" * 2_001 in text(refused)
    assert "sekarang 2.001" in text(refused)


def test_a_file_that_windows_calls_25_mb_is_let_in(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    largest = PDF + bytes(25 * MEGABYTE - len(PDF))
    assert upload(person, task, largest)
    file = {"evidence": (io.BytesIO(largest + b"x"), "besar.pdf")}
    refused = person.post(f"{task}/uploads/evidence", file, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "lebih besar dari 25 MB" in text(refused)


# --- checked in words first ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "element", "institution"),
    [
        ("kemhan", "acknowledge", ""), ("kemhan", "implement", "kemhan"),
        ("kemenperin", "report", ""), ("coordinator", "evaluate", ""),
    ],
)  # fmt: skip
def test_every_form_is_read_once_more_before_it_is_sent(
    office: Office, username: str, element: str, institution: str
) -> None:
    task = office.task(element, institution)
    page = text(office.enter(username).get(task))
    assert f'formaction="{task}/check"' in page
    assert f'formaction="{task}/complete"' not in page


def test_finished_at_ten_per_cent_is_asked_back(office: Office) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    typed = {"percent": "10", "narrative": "Baru mulai.", "done": "yes"}
    page = text(person.post(f"{task}/check", typed, follow_redirects=True))
    assert "Anda menyatakan pekerjaan selesai, pada 10" in page
    whole = text(person.post(f"{task}/check", {**typed, "percent": "100"}, follow_redirects=True))
    assert "Anda menyatakan pekerjaan selesai" not in whole


def test_what_sending_would_refuse_is_refused_by_the_check_beside_its_field(
    office: Office,
) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    late = {**REPORT, "letter_date": "14/1/2030", "evidence": upload(person, task)}
    refused = person.post(f"{task}/check", late)
    assert refused.status_code == 422
    page = text(refused)
    assert 'href="#field-letter_date">Tanggal surat: Tanggal ini belum terjadi.' in page
    assert office.task("report") == task
    found = office.service.engine.draft(UUID(task[-36:]), "kemenperin")
    assert found is None, "a check stores nothing that it refuses"


def test_a_check_that_finds_nothing_wrong_has_done_nothing(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    file = upload(person, task)
    assert person.post(f"{task}/check", {**REPORT, "evidence": file}).status_code == 302
    assert office.task("report") == task
    assert person.get(f"/uploads/{file}").data == PDF, "the file is an upload still"


def test_a_date_inside_a_row_is_a_date(office: Office) -> None:
    person = office.enter("kemhan")
    person.post(f"{office.task('acknowledge')}/complete", ACCEPTED)
    task = office.task("plan", "kemhan")
    rows = {"unit": "Biro", "activities[0].activity": "Peta jalan"}
    refused = person.post(f"{task}/check", {**rows, "activities[0].due": "31/02/2026"})
    assert refused.status_code == 422
    assert 'href="#field-activities-0-due"' in text(refused)
    assert (
        person.post(f"{task}/complete", {**rows, "activities[0].due": "28/2/2026"}).status_code
        == 302
    )
    case = re.search(r'href="(/follow-ups/[^"]+)"', text(person.get(task)))
    assert case
    assert "Sab, 28 Feb 2026" in text(person.get(case[1]))


# --- what a page says ---------------------------------------------------------------------------


def test_a_task_says_in_its_title_what_it_is_about_and_by_when(office: Office) -> None:
    page = text(office.enter("kemhan").get(office.task("acknowledge")))
    title = re.search("<title>(.*?)</title>", page, re.S)
    assert title
    assert re.search(r"REK-2026-\d{4}, Kemhan – paling lambat Kam, 8 Jan 2026", title[1])
    assert re.search(r'class="task-about no-print"><b class="break">REK-2026-\d{4}</b>', page)


def test_the_text_that_is_accepted_is_not_folded_and_says_who_signed_it(office: Office) -> None:
    page = text(office.enter("kemhan").get(office.task("acknowledge")))
    asked = page[page.index('id="asked-head"') : page.index('<form class="form section"')]
    assert "Percepat kapasitas industri strategis nasional." in asked
    assert "<details" not in asked
    for term in ("Surat", "Penanda tangan", "Tenggat tindak lanjut"):
        assert f"<dt>{term}</dt>" in asked


def test_whatever_an_institution_typed_can_be_read_on_its_case(office: Office) -> None:
    person = office.enter("kemhan")
    task = office.task("acknowledge")
    case = re.search(r'href="(/follow-ups/[-0-9a-f]+)"', text(person.get(task)))
    assert case
    typed = {"contact": "Rina Sari", "agenda_number": "AG-17", "received_on": "6/1/2026"}
    person.post(f"{task}/complete", {**ACCEPTED, **typed})
    plan = {
        "unit": "Biro Umum",
        "activities[0].activity": "Peta jalan",
        "activities[0].unit": "Bagian A",
        "activities[0].target": "dua naskah",
        "activities[0].due": "27/2/2026",
    }
    person.post(f"{office.task('plan', 'kemhan')}/complete", plan)
    wish = {"deadline": "30/9/2026", "reason": "Tender diulang.", "letter_number": "B/9/2026"}
    person.post(f"{case[1]}/extension/send", wish)
    page = text(person.get(case[1]))
    told = ("Rina Sari", "AG-17", "Sel, 6 Jan 2026", "Biro Umum", "Peta jalan", "Bagian A",
            "dua naskah", "Jum, 27 Feb 2026", "Tender diulang.", "B/9/2026")  # fmt: skip
    assert [words for words in told if words not in page] == []


def test_a_form_given_back_after_signing_in_shows_texts_and_no_names_of_fields(
    office: Office,
) -> None:
    person = office.enter("kemhan")
    password = office.gives_password("kemhan")
    task = office.task("acknowledge")
    hidden = page_of(person, task)
    person.client.delete_cookie("tindak")
    typed = {**ACCEPTED, **hidden, "explanation": "Yang sudah saya tulis panjang sekali."}
    asked = text(person.post(f"{task}/check", typed))
    kept = re.search(r'name="kept" value="([^"]+)"', asked)
    assert kept
    back = person.post(
        "/login",
        {
            "username": "kemhan",
            "password": password,
            "kept": unescape(kept[1]),
            "next": f"{task}/check",
        },
    )
    shown = re.sub("<[^>]+>", " ", text(back))
    assert "Yang sudah saya tulis panjang sekali." in shown
    assert "explanation" not in shown
    assert "_request" not in shown
    assert 'name="_request"' in text(back), "it goes along all the same"


def test_a_statement_and_a_proposal_are_read_once_more_too(office: Office) -> None:
    coordinator = office.enter("coordinator")
    case = re.search(
        r'href="(/follow-ups/[-0-9a-f]+)"',
        text(office.enter("kemhan").get(office.task("acknowledge"))),
    )
    assert case
    said = {"text": "Sudah 60 persen.", "said_by": "Direktur X", "said_on": "14/1/2026"}
    page = text(coordinator.post(f"{case[1]}/statement", {**said, "act": "check"}))
    assert "Rabu, 14 Januari 2026" in page
    assert "Sudah 60 persen." not in text(coordinator.get(case[1])), "nothing is noted yet"
    back = text(coordinator.post(f"{case[1]}/statement", {**said, "act": "back"}))
    assert "Sudah 60 persen.</textarea>" in back
    late = coordinator.post(
        f"{case[1]}/statement", {**said, "said_on": "14/1/2030", "act": "check"}
    )
    assert late.status_code == 422
    assert coordinator.post(f"{case[1]}/statement", said).status_code == 302
    assert "Sudah 60 persen." in text(coordinator.get(case[1]))

    proposal = f"/recommendations/{office.cases.first}/withdrawal"
    reason = {"reason": "Dasar hukumnya dicabut."}
    assert "Dasar hukumnya dicabut." in text(coordinator.post(proposal, {**reason, "act": "check"}))
    assert coordinator.post(proposal, {**reason, "act": "check"}).status_code == 200, "not sent yet"
    assert coordinator.post(proposal, reason).status_code == 302
    again = coordinator.post(proposal, {**reason, "act": "check"})
    assert again.status_code == 409, "one is pending, which the check says as sending would"
