"""Changing the institutions of an issued recommendation, on its pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.cases.test_recommendation_pages import page_of
from tests.web.conftest import Office, text

CHANGE = {
    "added[0].institution": "kemenkeu",
    "added[0].role": "supporting",
    "added[0].deadline": "30/6/2026",
    "letter_number": "U-7/2026",
    "reason": "Anggaran ikut ditata.",
}


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "coordinator", "asdep")


def address(office: Office) -> str:
    return page_of(office.cases.first) + "/recipients"


def proposed(office: Office) -> str:
    """The page of the recommendation after the proposal was sent."""
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    return text(coordinator.post(f"{address(office)}/send", CHANGE, follow_redirects=True))


def test_a_change_is_read_in_words_before_it_is_sent(office: Office) -> None:
    coordinator = office.enter("coordinator")
    assert f'href="{address(office)}"' in text(coordinator.get(page_of(office.cases.first)))
    coordinator.get(address(office))
    check = words(coordinator.post(f"{address(office)}/check", CHANGE))
    for said in ("Kemenkeu", "Supporting institution", "Tuesday, 30 June 2026", "U-7/2026"):
        assert said in check
    assert "Anggaran ikut ditata." in check
    assert "Kemenkeu is asked as: Supporting institution." in check
    assert "Its follow-up is due on Tuesday, 30 June 2026, and its contacts are told" in check
    waiting = {one.element_id for one in office.service.engine.tasks(limit=200)}
    assert "decide_recipients" not in waiting, "a check sends nothing"
    back = text(coordinator.post(address(office), CHANGE))
    assert "Anggaran ikut ditata.</textarea>" in back, "nothing typed is lost on the way back"


def test_the_check_warns_of_a_free_day_and_of_one_past_the_recommendation_s_deadline(
    office: Office,
) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    sunday = {**CHANGE, "added[0].deadline": "3/1/2027"}
    check = words(coordinator.post(f"{address(office)}/check", sunday))
    assert "Kemenkeu: That is no working day" in check
    assert "Kemenkeu: Sunday, 3 January 2027 is past the deadline of the recommendation" in check


def test_the_check_says_whose_work_ends(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    leaving = {**CHANGE, "added[0].role": "lead", "taken_out": "kemhan"}
    check = words(coordinator.post(f"{address(office)}/check", leaving))
    assert "The follow-up of Kemhan is withdrawn: its tasks, deadlines and reminders end" in check


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"added[0].institution": ""}, "field-added-0-institution"),
        ({"added[0].deadline": "5/1/2026"}, "field-added-0-deadline"),
        ({"letter_number": ""}, "field-letter_number"),
        ({"taken_out": "kemhan"}, "field-taken_out"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_at_the_check_and_on_its_field(
    changes: dict[str, Any], field: str, office: Office
) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    answer = coordinator.post(f"{address(office)}/check", {**CHANGE, **changes})
    assert answer.status_code == 422
    assert "Anggaran ikut ditata.</textarea>" in text(answer)
    assert f'<a href="#{field}">' in text(answer)


def test_an_institution_twice_is_refused_on_its_second_row(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    twice = {name.replace("[0]", "[1]"): said for name, said in CHANGE.items() if "[0]" in name}
    page = text(coordinator.post(f"{address(office)}/check", {**CHANGE, **twice}))
    assert 'id="field-added-1-institution-error">Kemenkeu has been given two roles.' in page


def test_a_pending_change_stands_on_the_page_and_a_supervisor_decides_it(office: Office) -> None:
    page = proposed(office)
    for said in ("Change of institutions proposed", "Proposed change of institutions", "Kemenkeu"):
        assert said in page
    assert f'href="{address(office)}"' not in page, "once is enough"
    task, supervisor = office.task("decide_recipients"), office.enter("asdep")
    shown = words(supervisor.get(task))
    for said in ("Kemenkeu, Supporting institution", "U-7/2026", "Anggaran ikut ditata."):
        assert said in shown
    supervisor.post(f"{task}/complete", {"recipients_approved": "yes"})
    office.service.engine.run_due()
    assert "What happens next Acknowledge – Kemenkeu," in words(supervisor.get(task))
    page = words(office.enter("coordinator").get(page_of(office.cases.first)))
    assert "Institutions changed by letter U-7/2026" in page
    assert "Kemenkeu Supporting institution" in page
    assert office.enter("kemenkeu").get(page_of(office.cases.first)).status_code == 200


def test_who_was_taken_out_reads_why_on_its_page_and_is_counted_no_more(office: Office) -> None:
    coordinator, supervisor = office.enter("coordinator"), office.enter("asdep")
    coordinator.get(address(office))
    change = {"taken_out": "kemenperin", "letter_number": "U-8/2026", "reason": "Tugasnya beralih."}
    coordinator.post(f"{address(office)}/send", change)
    supervisor.post(f"{office.task('decide_recipients')}/complete", {"recipients_approved": "yes"})
    office.service.engine.run_due()
    page = words(coordinator.get(page_of(office.cases.first)))
    assert "0 of 1 institutions conform." in page
    assert "1 Open 1 Withdrawn" in page
    left = words(coordinator.get(case_of(office, office.cases.first, "kemenperin")))
    notice = left[: left.index("What is asked")]
    assert "Taken out of the recommendation. Tugasnya beralih. Letter number: U-8/2026" in notice


def test_of_a_change_that_is_refused_nothing_follows(office: Office) -> None:
    proposed(office)
    task, supervisor = office.task("decide_recipients"), office.enter("asdep")
    refused = {"recipients_approved": "no", "reason": "Belum perlu."}
    supervisor.post(f"{task}/complete", refused)
    office.service.engine.run_due()
    page = words(supervisor.get(task))
    assert "You have already completed this task" in page
    assert "What happens next" not in page, "the work of the others began before"


def test_an_institution_changes_no_recipients(office: Office) -> None:
    assert office.enter("kemhan").get(address(office)).status_code == 403
    assert office.enter("kemhan").post(f"{address(office)}/send", CHANGE).status_code == 403


def test_a_row_more_keeps_what_was_typed(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get(address(office))
    page = text(coordinator.post(address(office), {**CHANGE, "act": "add:added"}))
    assert 'name="added[1].institution"' in page
    assert "30/6/2026" in page


def test_the_address_that_a_check_or_a_search_leaves_behind_shows_the_form(office: Office) -> None:
    coordinator = office.enter("coordinator")
    for left in (f"{address(office)}/check", "/recommendations/new"):
        assert coordinator.get(left).status_code == 200
