"""A report that the institution's head releases, on the pages of both."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.conftest import PDF, Office, text
from tests.web.work.test_follow_up_tasks import (
    ACCEPTED,
    PLAN,
    REPORT,
    implement_of_first,
    report_of,
    send,
    task_of,
    uploads_in,
    with_file,
)


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemhan-head", "coordinator", "admin")


def switch_on(office: Office) -> None:
    head = office.enter("kemhan-head")
    assert "Reports are handed in as soon as they are sent." in words(head.get("/account"))
    form = {"asked": "yes"}
    check = words(head.post("/institutions/kemhan/approval", {**form, "act": "check"}))
    assert "Who has written a report does not release it." in check
    assert head.post("/institutions/kemhan/approval", form).location == "/account"


def sent(office: Office) -> tuple[str, str]:
    """The page of the contact who has sent it, and the address of the head's task."""
    contact = office.enter("kemhan")
    done = {"percent": "100", "narrative": "Selesai.", "done": "yes"}
    send(contact, task_of(office, office.cases.first, "kemhan", "acknowledge"), ACCEPTED)
    send(contact, task_of(office, office.cases.first, "kemhan", "plan"), PLAN)
    send(contact, implement_of_first(office), done)
    check = with_file(contact, task := report_of(office, "kemhan"), REPORT)
    said = words(send(contact, task, {**REPORT, "evidence": uploads_in(check)}))
    return said, office.task("release_report")


def test_the_head_reads_it_with_its_files_and_hands_it_in(office: Office) -> None:
    switch_on(office)
    said, task = sent(office)
    assert "sent to the head of your institution, who releases it" in said
    assert "TT-2026" not in said
    head = office.enter("kemhan-head")
    page = words(head.get(task))
    for shown in ("Report, not sent yet", REPORT["summary"], "bukti.pdf", REPORT["letter_number"]):
        assert shown in page
    outside = words(office.enter("coordinator").get(task))
    assert REPORT["summary"] not in outside
    assert "Nobody outside the institution sees it before." in outside
    send(head, task, {"released": "yes"})
    judged = task_of(office, office.cases.first, "kemhan", "evaluate")
    assert REPORT["summary"] in words(office.enter("coordinator").get(judged))


def test_what_is_sent_back_comes_with_the_notes_and_filled_in(office: Office) -> None:
    switch_on(office)
    _, task = sent(office)
    send(office.enter("kemhan-head"), task, {"released": "no", "corrections": "Sebutkan angkanya."})
    page = office.enter("kemhan").get(report_of(office, "kemhan")).get_data(as_text=True)
    for shown in ("The head did not release the report", "Sebutkan angkanya.", "bukti.pdf"):
        assert shown in page
    assert f'value="{REPORT["letter_number"]}"' in page


def letter_sent(office: Office) -> tuple[str, str]:
    """A letter on progress, unasked: the address of the head's task, and of the follow-up."""
    contact = office.enter("kemhan")
    case = case_of(office, office.cases.first, "kemhan")
    send(contact, task_of(office, office.cases.first, "kemhan", "acknowledge"), ACCEPTED)
    send(contact, task_of(office, office.cases.first, "kemhan", "plan"), PLAN)
    task = str(contact.post(f"{case}/progress-report").location)
    about = {
        "answers[0].about": case[-36:], "answers[0].percent": "40",
        "answers[0].narrative": "Tender berjalan.",
    }  # fmt: skip
    letter = {name: REPORT[name] for name in REPORT if name not in ("summary", "claimed_status")}
    contact.get(task)
    file = {"letter_files": (BytesIO(PDF), "surat.pdf")}
    check = contact.post(f"{task}/check", {**letter, **about, **file}, follow_redirects=True)
    uploads = re.findall(r'name="letter_files" value="([^"]+)"', text(check))
    send(contact, task, {**letter, **about, "letter_files": uploads})
    return office.task("release_progress"), case


def test_a_letter_on_progress_is_read_whole_before_it_is_sent_and_comes_back_filled_in(
    office: Office,
) -> None:
    switch_on(office)
    task, case = letter_sent(office)
    head = office.enter("kemhan-head")
    page = words(head.get(task))
    for shown in ("Report, not sent yet", "Tender berjalan.", "surat.pdf", REPORT["letter_number"]):
        assert shown in page, shown
    outside = words(office.enter("coordinator").get(task))
    assert "Tender berjalan." not in outside
    send(head, task, {"released": "no", "corrections": "Sebutkan angkanya."})
    again = text(office.enter("kemhan").get(office.task("progress_report")))
    for shown in ("The head did not release the report", "Sebutkan angkanya.", "surat.pdf"):
        assert shown in again, shown
    assert f'value="{REPORT["letter_number"]}"' in again
    back = "Report on progress not released, it goes back to be corrected"
    assert back in words(office.enter("kemhan").get(case))
    assert back not in words(office.enter("coordinator").get(case))


def test_only_its_own_head_and_administrators_switch_it(office: Office) -> None:
    for who in ("kemhan", "coordinator"):
        answer = office.enter(who).post("/institutions/kemhan/approval", {"asked": "yes"})
        assert answer.status_code == 403
    switch_on(office)
    admin = office.enter("admin")
    page = admin.get("/institutions/kemhan").get_data(as_text=True)
    assert re.search(r"Reports are released by its head</dt><dd>since", page)
    answer = admin.post("/institutions/kemhan/approval", {"asked": "no"})
    assert answer.location == "/institutions/kemhan"
