"""Nothing typed is lost: what the server keeps, gives back and hands on.

What a browser does a moment before a page is left is in `tests/e2e/test_typing.py`.
"""

from __future__ import annotations

import re
from html import unescape

from engine.storage.cases import drafts
from tests.web.conftest import PDF, Office, Person, text
from tests.web.work.test_task_pages import ACCEPTED, REPORT, upload

QUIET = {"HX-Request": "true"}


def page_of(person: Person, task: str) -> dict[str, str]:
    """What stands in the hidden fields of one drawing of a task's page."""
    return dict(re.findall(r'type="hidden" name="(_\w+)" value="([^"]*)"', text(person.get(task))))


def saved(person: Person, task: str, **typed: str) -> str:
    """What the page is told after it has saved by itself."""
    return text(person.post(f"{task}/draft", typed, headers=QUIET))


def value(page: str, name: str) -> str:
    """What a field of one line holds."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


# --- drafts -----------------------------------------------------------------------------------


def test_of_two_tabs_the_second_save_says_so_and_either_text_can_be_had(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    first, second = page_of(person, task), page_of(person, task)
    assert saved(person, task, **first, contact="satu") == "Tersimpan 09.00 WIB"
    assert "Halaman lain menyimpan draf ini" in saved(person, task, **second, contact="dua")
    earlier = text(person.get(f"{task}/draft/earlier"))
    assert earlier.index("Teks ini yang berlaku sekarang.") < earlier.index("satu")
    (way,) = re.findall(r'action="(/tasks/[^"]+/draft/earlier/\d+)"', earlier)
    person.post(way)
    assert value(text(person.get(task)), "contact") == "satu"
    assert "dua" in text(person.get(f"{task}/draft/earlier")), "the other one is still there"


def test_a_save_that_was_overtaken_on_its_way_does_not_win(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    page = page_of(person, task)
    saved(person, task, **{**page, "_order": "2000"}, contact="yang terakhir")
    saved(person, task, **{**page, "_order": "1000"}, contact="yang sebelum")
    assert value(text(person.get(task)), "contact") == "yang terakhir"


def test_a_page_can_ask_whether_what_was_typed_last_has_come_in(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    asked = f"{task}/draft/version"
    assert text(person.get(asked)) == "0"
    told = person.post(f"{task}/draft", {"contact": "satu"}, headers=QUIET)
    assert text(person.get(asked)) == told.headers["Draft-Version"] == "1"
    assert 'data-seen="1"' in text(person.get(task))
    assert text(office.enter("kemhan-head").get(asked)) == "0", "everybody has a draft of their own"


def test_what_was_saved_over_is_kept_in_a_bounded_number(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    for number in range(drafts.PAST + 5):
        saved(person, task, _tab=f"page {number}", contact=f"teks {number}.")
    page = text(person.get(f"{task}/draft/earlier"))
    kept = [number for number in range(drafts.PAST + 5) if f"teks {number}." in page]
    assert kept == list(range(4, drafts.PAST + 5)), "the present one and the newest before it"


def test_earlier_texts_are_their_writers_alone(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    saved(person, task, _tab="a", contact="rahasia saya")
    saved(person, task, _tab="b", contact="lain")
    assert "rahasia saya" not in text(office.colleague("kemhan").get(f"{task}/draft/earlier"))
    assert office.enter("asdep").get(f"{task}/draft/earlier").status_code == 403


def test_what_somebody_has_sent_can_be_read_by_them_afterwards(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    answers = {**ACCEPTED, "agenda_number": "AG-17/2026", "received_on": "6/1/2026"}
    assert person.post(f"{task}/complete", answers).status_code == 302
    page = text(person.get(task))
    assert "Yang Anda kirim" in page
    assert "AG-17/2026" in page
    assert "Selasa, 6 Januari 2026" in page
    with office.service.transaction() as connection:
        drafts.delete_ended(connection, office.clock.now)
    assert "AG-17/2026" in text(person.get(task)), "the daily cleaning leaves it"
    assert "AG-17/2026" not in text(office.enter("kemhan-head").get(task)), "their own page only"


# --- a task goes to somebody else -------------------------------------------------------------


def second_contact(office: Office, institution: str) -> Person:
    """Somebody else who may have the tasks of an institution: Sinta Wijaya, `second`."""
    return office.colleague(institution)


def test_draft_files_and_reason_go_along_to_the_colleague(office: Office) -> None:
    task, person = office.task("report"), office.enter("kemenperin")
    colleague = second_contact(office, "kemenperin")
    file = upload(person, task)
    saved(person, task, **REPORT, evidence=file)
    passed = {"to": "second", "reason": "Saya cuti sampai Senin."}
    assert person.post(f"{task}/pass-on", passed).status_code == 302
    page = text(colleague.get(task))
    assert "meneruskan tugas ini" in page
    assert "Saya cuti sampai Senin." in page
    assert "Dua jalur produksi baru." in page
    theirs = value(page, "evidence")
    assert theirs != file
    assert colleague.get(f"/uploads/{theirs}").data == PDF
    sent = {**REPORT, "evidence": theirs}
    assert colleague.post(f"{task}/complete", sent).status_code == 302
    assert "Saya cuti" not in text(office.enter("kemhan").get(office.task("acknowledge")))


def test_a_task_given_to_somebody_else_by_its_head_takes_the_holders_text_along(
    office: Office,
) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    colleague = second_contact(office, "kemhan")
    person.post(f"{task}/claim")
    saved(person, task, contact="dari pemegang")
    head = office.enter("kemhan-head")
    given = {"to": "second", "reason": "Pembagian tugas."}
    assert head.post(f"{task}/reassign", given).status_code == 302
    page = text(colleague.get(task))
    assert value(page, "contact") == "dari pemegang"
    assert "Pembagian tugas." in page


def test_whoever_takes_what_was_given_back_goes_on_with_what_was_typed(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    colleague = second_contact(office, "kemhan")
    person.post(f"{task}/claim")
    saved(person, task, contact="sampai di sini")
    person.post(f"{task}/unclaim")
    assert "meneruskan tugas ini" not in text(colleague.get(task)), "nobody has it yet"
    colleague.post(f"{task}/claim")
    assert value(text(colleague.get(task)), "contact") == "sampai di sini"


def test_a_refused_passing_on_loses_neither_the_form_nor_the_reason(office: Office) -> None:
    task, person = office.task("acknowledge"), office.enter("kemhan")
    second_contact(office, "kemhan")
    saved(person, task, contact="tetap ada")
    refused = person.post(f"{task}/pass-on", {"to": "", "reason": "Saya cuti."})
    page = text(refused)
    assert refused.status_code == 422
    assert value(page, "contact") == "tetap ada"
    assert "Saya cuti.</textarea>" in page
    assert "data-unkept" not in page
