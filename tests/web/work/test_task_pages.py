"""A task from the inbox to its result; no entry is ever lost."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from processes.storage.people import users
from processes.storage.tables.people import user
from processes.work import inbox
from tests.web.conftest import PDF, Office, Person, heading, text

ACCEPTED = {"response": "accepted", "contact": "Rina Sari, Kabag Tata Usaha"}
REPORT = {
    "letter_number": "B/77/2026",
    "letter_date": "14/1/2026",
    "urgency": "ordinary",
    "classification": "ordinary",
    "subject": "Laporan tindak lanjut",
    "signatory": "Sekretaris Jenderal",
    "summary": "Dua jalur produksi baru.",
    "claimed_status": "conforms",
}


def upload(person: Person, task: str, content: bytes = PDF, name: str = "surat.pdf") -> str:
    """Choose a file in the report's form; the id it is kept under."""
    person.get(task)
    file = {"evidence": (io.BytesIO(content), name)}
    answer = person.post(f"{task}/uploads/evidence", file, content_type="multipart/form-data")
    assert answer.status_code == 200, text(answer)
    found = re.search(r'name="evidence" value="([^"]+)"', text(answer))
    assert found
    return found[1]


def test_the_inbox_groups_tasks_by_how_near_their_deadline_is(office: Office) -> None:
    page = text(office.enter("kemhan").get("/inbox"))
    late, later = page.index("Terlambat"), page.index("Nanti")
    assert late < page.index("Konfirmasi penerimaan") < later
    assert later < page.index("Laksanakan dan laporkan kemajuan")
    assert "Lewat tenggat 5 hari kerja" in page
    assert "Kam, 8 Jan 2026" in page


def test_a_list_names_the_person_who_has_a_task_and_not_the_account(office: Office) -> None:
    office.enter("kemhan").post(f"{office.task('acknowledge')}/claim")
    page = text(office.enter("coordinator").get("/inbox?tab=waiting"))
    with office.service.reading() as connection:
        name = users.names_of(connection, ["kemhan"])["kemhan"]
    assert f'<td role="cell" class="block-table__meta">{name}</td>' in page
    assert '<td role="cell" class="block-table__meta">kemhan</td>' not in page


def test_the_number_beside_a_group_is_of_the_whole_group_on_every_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = office.enter("coordinator")

    def groups(url: str) -> list[str]:
        heads = re.findall(r'<h2 class="group-head".*?</h2>', text(coordinator.get(url)))
        return [" ".join(re.sub("<[^>]+>", " ", head).split()) for head in heads]

    assert groups("/inbox?tab=waiting") == ["Terlambat 1 Terlambat", "Nanti 2 Nanti"]
    monkeypatch.setitem(inbox.tasks.__kwdefaults__, "limit", 2)
    first = groups("/inbox?tab=waiting")
    assert first == ["Terlambat 1 Terlambat", "Nanti 2 Nanti"], "it goes on behind this page"
    behind = re.search(r'rel="next" href="([^"]+)"', text(coordinator.get("/inbox?tab=waiting")))
    assert behind
    assert groups(unescape(behind[1])) == ["Nanti 2 Nanti"], "it began before this page"
    assert groups("/inbox?tab=waiting&group=late") == ["Terlambat 1 Terlambat"]
    monkeypatch.setitem(inbox.counts.__kwdefaults__, "most", 2)
    bounded = groups("/inbox?tab=waiting&group=later")
    assert bounded == ["Nanti lebih dari 1 Nanti"], "beyond the bound nothing is made up"
    monkeypatch.setitem(inbox.counts.__kwdefaults__, "most", 1)
    assert groups("/inbox?tab=waiting&group=later") == ["Nanti"], "or said"


def test_an_empty_inbox_says_what_to_expect(office: Office) -> None:
    assert "Tidak ada tugas. Tugas berikutnya muncul di sini" in text(
        office.enter("owner").get("/inbox")
    )


def test_a_coordinator_sees_what_waits_for_others(office: Office) -> None:
    page = text(office.enter("coordinator").get("/inbox?tab=waiting"))
    assert "Konfirmasi penerimaan" in page
    assert "Kemhan" in page


def test_the_page_of_a_task_says_what_is_asked_why_and_by_when(office: Office) -> None:
    page = text(office.enter("kemhan").get(office.task("acknowledge")))
    assert "K/L menyatakan menerima, minta penjelasan, atau tidak sependapat" in page
    assert "Percepat kapasitas industri strategis nasional." in page
    assert "Kam, 8 Jan 2026" in page
    assert "sejak Sen, 5 Jan 2026" in page


def test_returned_work_shows_the_notes_first(office: Office) -> None:
    page = text(office.enter("kemhan").get(office.task("implement", "kemhan")))
    assert page.index("Data belum lengkap.") < page.index('<form class="form section"')
    assert "Tenggat perbaikan: Jumat, 20 Maret 2026" in page


def facts(page: str) -> dict[str, str]:
    """What stands beside the form, by its label."""
    beside = page[page.index('<dl class="facts">') : page.index("</dl>")]
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", beside, re.S)
    return {label: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for label, said in rows}


def test_beside_returned_work_stands_which_deadline_counts_and_which_did_before(
    office: Office,
) -> None:
    task, person = office.task("implement", "kemhan"), office.enter("kemhan")
    rework = "Jum, 20 Mar 2026 Tenggat perbaikan; semula Kam, 30 Apr 2026."
    found = facts(text(person.get(task)))
    assert found["Tenggat tugas ini"].startswith("Sab, 31 Jan 2026"), "when progress is due"
    assert found["Tenggat tindak lanjut"] == rework
    assert "Tenggat" not in found
    finished = {"percent": "100", "narrative": "Selesai.", "done": "yes"}
    assert person.post(f"{task}/complete", finished).status_code == 302
    found = facts(text(person.get(office.task("report", "kemhan"))))
    assert found["Tenggat"].startswith("Jum, 20 Mar 2026")
    assert "Tenggat perbaikan; semula Kam, 30 Apr 2026." in found["Tenggat"]
    assert "Tenggat tugas ini" not in found


def test_a_rework_deadline_that_was_extended_is_not_told_any_more(office: Office) -> None:
    task, supervisor = office.task("implement", "kemhan"), office.enter("asdep")
    later = {"due": "29/5/2026", "reason": "Data menyusul.", "case_too": "true"}
    assert supervisor.post(f"{task}/extend", later).status_code == 302
    page = text(office.enter("kemhan").get(task))
    assert "Data belum lengkap." in page
    assert "Tenggat perbaikan" not in page
    assert facts(page)["Tenggat"].startswith("Jum, 29 Mei 2026")


def test_whoever_evaluates_sees_the_report_with_its_files(office: Office) -> None:
    page = text(office.enter("coordinator").get(office.task("evaluate")))
    assert "Kapasitas naik 20 persen." in page
    assert "bukti.pdf" in page


def test_a_refused_form_comes_back_with_everything_typed(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    file = upload(person, task)
    refused = person.post(
        f"{task}/check", {**REPORT, "letter_date": "31/31/2026", "subject": "", "evidence": file}
    )
    page = text(refused)
    assert refused.status_code == 422
    assert "<title>Kesalahan:" in page
    assert 'href="#field-letter_date"' in page
    assert 'href="#field-subject"' in page
    assert 'value="31/31/2026"' in page
    assert "Dua jalur produksi baru." in page
    assert "surat.pdf" in page
    assert "data-unkept" in page, "the script saves it as a draft"
    assert "data-unkept" not in text(person.get(task))


def test_what_others_rely_on_is_read_once_more_in_words(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    file = upload(person, task)
    checked = person.post(f"{task}/check", {**REPORT, "evidence": file}, follow_redirects=True)
    page = text(checked)
    assert heading(checked) == "Periksa sebelum dikirim"
    assert "Rabu, 14 Januari 2026" in page
    assert "Telah sesuai dengan rekomendasi" in page
    assert re.search(r"SHA-256 [0-9a-f]{16}", page)
    assert office.task("report") == task, "nothing is sent yet"


def test_the_way_back_from_what_was_sent_asks_for_no_form_again(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    form = {**REPORT, "evidence": (io.BytesIO(PDF), "surat.pdf")}
    person.get(task)
    check = person.post(f"{task}/check", form, content_type="multipart/form-data").location
    assert check == f"{task}/check", "each page of the way is an answer to GET"
    page = text(person.get(check))
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert f'href="{task}">Kembali</a>' in page
    form_again = text(person.get(task))
    assert "Dua jalur produksi baru." in form_again
    assert "surat.pdf" in form_again
    assert person.post(f"{task}/complete", sent).location == task
    assert "Anda sudah menyelesaikan tugas ini" in text(person.get(check))


def test_nothing_is_checked_where_nothing_was_kept(office: Office) -> None:
    task = office.task("report")
    assert heading(office.enter("kemenperin").get(f"{task}/check")) == heading(
        office.enter("kemenperin").get(task)
    )
    assert "Anda dapat membacanya" in text(office.enter("asdep").get(f"{task}/check"))


def test_a_draft_that_cannot_be_sent_comes_back_as_the_form(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    person.post(f"{task}/draft", {**REPORT, "letter_date": "31/31/2026"})
    refused = person.get(f"{task}/check")
    assert refused.status_code == 422
    assert 'value="31/31/2026"' in text(refused)


def test_a_report_handed_in_gives_a_receipt_and_says_what_happens_next(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    answers = {**REPORT, "evidence": upload(person, task)}
    assert person.post(f"{task}/complete", answers).location == task
    page = text(person.get(task))
    assert "Laporan diterima." in page
    assert "Evaluasi laporan – Koordinator, paling lambat" in page
    found = re.search(r'href="(/receipts/TT-2026-\d{4})"', page)
    assert found
    receipt = text(person.get(found[1]))
    assert "Kementerian Perindustrian" in receipt
    assert "B/77/2026" in receipt
    assert re.search(r"SHA-256 [0-9a-f]{64}", receipt)
    file = re.search(r'href="(/evidence/[^"]+)"', receipt)
    assert file
    sent = person.get(file[1])
    assert sent.data == PDF
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["Content-Security-Policy"]


def test_the_slower_of_two_is_told_who_was_faster_and_keeps_the_text(office: Office) -> None:
    task = office.task("evaluate")
    faster, slower = office.enter("coordinator"), office.colleague("coordinator")
    notes = {
        "verdict": "not_yet_conforms",
        "notes": "Lengkapi data.",
        "rework_deadline": "1/4/2026",
    }
    slower.get(task)
    assert faster.post(f"{task}/complete", {"verdict": "conforms"}).status_code == 302
    late = slower.post(f"{task}/complete", notes)
    page = text(late)
    assert late.status_code == 409
    assert "Sudah diselesaikan oleh Coordinator, Kam, 15 Jan 2026 09.00 WIB." in page
    assert "Kesalahan: Ini tidak terkirim: tugas sudah diselesaikan sebelumnya." in page
    assert kept(late) == {
        "Status tindak lanjut": "Belum sesuai dengan rekomendasi",
        "Catatan": "Lengkapi data.",
        "Tenggat perbaikan": "1/4/2026",
    }


def kept(answer: TestResponse) -> dict[str, str]:
    """What the page of a task that is done gives back, by label."""
    found = re.findall(r">([^<]+)</label><textarea[^>]*>\n(.*?)</textarea>", text(answer), re.S)
    return dict(found)


def test_whoever_has_done_a_task_and_sends_again_is_told_kindly(office: Office) -> None:
    task = office.task("report")
    person, other_tab = office.enter("kemenperin"), office.enter("kemenperin")
    answers = {**REPORT, "evidence": upload(person, task)}
    other_tab.get(task)
    assert person.post(f"{task}/complete", answers).status_code == 302
    for act in ("/complete", "/check", "/draft", ""):
        again = other_tab.post(task + act, {**answers, "summary": "Tiga jalur."})
        page = text(again)
        assert "Anda sudah menyelesaikan tugas ini pada Kam, 15 Jan 2026 09.00 WIB." in page
        assert "Kesalahan" not in page
        assert 'role="alert"' not in page
        assert re.search(r'href="/receipts/TT-2026-\d{4}"', page)
        assert re.search(r'href="/follow-ups/[-0-9a-f]+"', page)
        assert kept(again)["Ringkasan"] == "Tiga jalur.", "typed in the other tab, not sent"


def test_the_same_form_sent_twice_is_taken_in_once(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    found = re.search(r'name="_request" value="([^"]+)"', text(person.get(task)))
    assert found
    for _ in range(2):
        answer = person.post(f"{task}/complete", {**ACCEPTED, "_request": found[1]})
        assert answer.status_code == 302
    assert office.task("plan", "kemhan")


def test_a_draft_is_given_back_when_the_task_is_opened_again(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    person.post(f"{task}/draft", {"contact": "Rina", "received_on": "kemarin"})
    page = text(office.enter("kemhan").get(task))
    assert 'value="Rina"' in page
    assert 'value="kemarin"' in page
    assert "Draf tersimpan Kam, 15 Jan 2026 09.00 WIB" in page


def test_a_draft_saved_by_itself_answers_in_a_few_words(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    answer = person.post(f"{task}/draft", {"contact": "R"}, headers={"HX-Request": "true"})
    assert text(answer) == "Tersimpan 09.00 WIB"


def test_a_second_tab_of_the_same_draft_is_told(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    first, second = {"contact": "satu", "_tab": "a"}, {"contact": "dua", "_tab": "b"}
    quiet = {"HX-Request": "true"}
    for _ in range(2):
        answer = person.post(f"{task}/draft", first, headers=quiet)
        assert "Halaman lain" not in text(answer)
    told = person.post(f"{task}/draft", second, headers=quiet)
    assert "Halaman lain menyimpan draf ini pada 09.00 WIB" in text(told)
    assert told.headers["Draft-Other"] == "1"


def test_a_page_that_began_with_a_draft_is_not_told_of_it(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    person.post(f"{task}/draft", {"contact": "satu", "_tab": "a"})
    seen = re.search(r'name="_seen" value="(\d+)"', text(person.get(task)))
    assert seen
    answer = {"contact": "dua", "_tab": "b", "_seen": seen[1]}
    assert text(person.post(f"{task}/draft", answer, headers={"HX-Request": "true"})) == (
        "Tersimpan 09.00 WIB"
    )


def test_rows_are_added_and_removed_without_javascript(office: Office) -> None:
    person = office.enter("kemhan")
    person.post(f"{office.task('acknowledge')}/complete", ACCEPTED)
    task = office.task("plan", "kemhan")
    typed = {"unit": "Biro", "activities[0].activity": "Satu", "activities[1].activity": "Dua"}
    grown = text(person.post(task, {**typed, "act": "add:activities"}))
    assert 'name="activities[2].activity"' in grown
    assert 'value="Dua"' in grown
    shrunk = text(person.post(task, {**typed, "act": "remove:activities:0"}))
    assert 'value="Satu"' not in shrunk
    assert 'name="activities[0].activity" value="Dua"' in shrunk


def test_a_file_that_is_not_let_in_leaves_the_others_in_the_form(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    kept = upload(person, task)
    file = {"evidence": [kept, (io.BytesIO(b"MZ" + bytes(500)), "laporan.pdf")]}
    refused = person.post(f"{task}/uploads/evidence", file, content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "surat.pdf" in text(refused)
    assert "tidak diterima" in text(refused)


def test_a_file_beyond_what_one_account_may_keep_is_refused_beside_its_field(
    office: Office,
) -> None:
    settings = office.app.config["TINDAK_SETTINGS"]
    tight = {"upload_mb": 1, "upload_quota_mb": 1}
    office.app.config["TINDAK_SETTINGS"] = settings.model_copy(update=tight)
    task, person = office.task("report"), office.enter("kemenperin")
    kept = upload(person, task, PDF + bytes(600_000), "pertama.pdf")

    file = {"evidence": [kept, (io.BytesIO(PDF + bytes(600_000)), "kedua.pdf")]}
    refused = person.post(f"{task}/uploads/evidence", file, content_type="multipart/form-data")

    assert refused.status_code == 422
    assert "pertama.pdf" in text(refused)
    assert "batas satu akun" in text(refused)


def test_a_file_can_come_with_the_form_itself(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    person.get(task)
    form = {**REPORT, "evidence": (io.BytesIO(PDF), "surat.pdf")}
    checked = person.post(
        f"{task}/check", form, content_type="multipart/form-data", follow_redirects=True
    )
    assert heading(checked) == "Periksa sebelum dikirim"
    assert "surat.pdf" in text(checked)


def test_a_file_beside_a_form_is_its_owners_alone(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    url = f"/uploads/{upload(person, task)}"
    assert person.get(url).data == PDF
    assert office.enter("coordinator").get(url).status_code == 404


def test_a_task_is_taken_and_given_back(office: Office) -> None:
    task, person = office.task("evaluate"), office.enter("coordinator")
    assert "Ambil tugas ini" in text(person.get(task))
    person.post(f"{task}/claim")
    assert "Kembalikan ke unit" in text(person.get(task))
    assert office.service.engine.task(UUID(task[-36:])).assignee == "coordinator"
    person.post(f"{task}/unclaim")
    assert office.service.engine.task(UUID(task[-36:])).assignee is None


def test_a_task_is_not_passed_on_to_somebody_it_was_not_offered_to(office: Office) -> None:
    task, person = office.task("evaluate"), office.enter("coordinator")
    refused = person.post(f"{task}/pass-on", {"to": "kemhan"})
    assert refused.status_code == 422


def test_how_a_deadline_was_counted_is_shown_day_by_day(office: Office) -> None:
    page = text(office.enter("kemhan").get(f"{office.task('acknowledge')}/deadline"))
    days = re.findall(r"<tr[^>]*><td[^>]*>(.*?)</td><td[^>]*class=\"number\">(.*?)</td>", page)
    assert days[:3] == [
        ("Sel, 6 Jan 2026", "1"),
        ("Rab, 7 Jan 2026", "2"),
        ("Kam, 8 Jan 2026", "3"),
    ]
    assert days[-1] == ("Kam, 15 Jan 2026", "5"), "and the days that it is overdue"


@pytest.mark.parametrize(
    ("days_later", "words", "left"),
    [
        (0, "Tidak ada hari kerja lagi", "0 hari kerja di antaranya"),
        (3, "Jatuh tempo hari ini", "0 hari kerja di antaranya"),
        (4, "Lewat tenggat 1 hari kerja", "Sejak tenggat"),
    ],
)
def test_every_page_tells_of_a_deadline_on_a_sunday_what_the_page_that_counts_it_tells(
    office: Office, days_later: int, words: str, left: str
) -> None:
    task = office.task("acknowledge")
    sunday = date(2026, 1, 18)
    office.service.engine.extend(UUID(task[-36:]), sunday, "Diundur.", "supervisor")
    office.clock.advance(days=days_later)
    person = office.enter("kemhan")
    found = office.service.engine.task(UUID(task[-36:]))
    case = f"/follow-ups/{office.service.engine.instance(found.instance_id).business_key}"
    for url in ("/inbox", task, f"{task}/deadline", "/follow-ups", case):
        assert words in text(person.get(url)), url
    assert words in text(office.enter("coordinator").get("/inventory"))
    counted = text(person.get(f"{task}/deadline"))
    assert left in counted
    assert "Min, 18 Jan 2026" in counted, "the free day is among those that are counted"


def test_english_readers_get_english_pages(office: Office) -> None:
    person = office.enter("kemhan")
    person.post("/account", {"locale": "en"})
    page = text(person.get("/inbox"))
    assert "What must I do, and by when?" in page
    assert "5 working days overdue" in page


def test_the_date_of_a_deadline_is_the_same_in_every_zone_a_reader_chose(office: Office) -> None:
    pages = []
    for zone in ("Asia/Jakarta", "Asia/Jayapura"):
        with office.service.transaction() as connection:
            connection.execute(update(user).values(zone=zone))
        pages.append(text(office.enter("kemhan").get("/inbox")))
    dates = [re.findall(r"\w{3}, \d{1,2} \w{3} 2026(?=<)", page) for page in pages]
    assert dates[0] == dates[1] != []
