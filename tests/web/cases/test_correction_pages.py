"""A report taken back and a plan revised on screen, and reports above the reader's clearance."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from sqlalchemy import update

from processes.storage.people import users
from processes.storage.tables.reports import report
from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.conftest import PDF, Office, Person, text

REASON = {"reason": "Nomor surat keliru."}
PLAN = {
    "unit": "Ditjen Anggaran",
    "activities[0].activity": "Kaji ulang pagu",
    "activities[0].due": "31/3/2026",
    "reason": "Pagu baru turun.",
}


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "coordinator", "asdep")


def waiting(office: Office) -> str:
    """kemenkeu's case, whose report waits for its evaluation."""
    return case_of(office, office.cases.second, "kemenkeu")


def take_back(office: Office) -> Person:
    person = office.enter("kemenkeu")
    person.post(f"{waiting(office)}/report-replacement", REASON)
    return person


def lower(office: Office, who: str, classification: str = "top_secret") -> None:
    """The report is classified so high, and somebody may not read it any more."""
    with office.service.transaction() as connection:
        mine = report.c.receipt_number == office.cases.receipt
        connection.execute(update(report).where(mine).values(classification=classification))
        person = users.by_username(connection, who)
        assert person is not None
        users.change(connection, person.id, {"clearance": "restricted"})


def test_a_report_is_taken_back_once_the_reason_was_read_in_words(office: Office) -> None:
    person, case = office.enter("kemenkeu"), waiting(office)
    page = text(person.get(case))
    assert f'href="{case}/report-replacement"' in page
    assert office.cases.receipt in words(person.get(f"{case}/report-replacement"))
    check = words(person.post(f"{case}/report-replacement", {**REASON, "act": "check"}))
    assert "Nomor surat keliru." in check
    assert "Take report back" in check
    assert "The report does not count any more" in check
    assert "Evaluation" in words(person.get(case)), "nothing was done yet"
    form = person.post(f"{case}/report-replacement", REASON, follow_redirects=True)
    said = words(form)
    assert "The report is taken back." in said
    assert "B/12/2026" in text(form), "filled in with what was reported"
    assert "bukti.pdf" in said
    assert "Report taken back, receipt" in words(person.get(case))


def test_a_receipt_that_was_replaced_says_by_which(office: Office) -> None:
    person = take_back(office)
    receipt = f"/receipts/{office.cases.receipt}"
    said = words(person.get(receipt))
    assert "it does not count any more" in said
    assert "No other report has been handed in since." in said
    task = office.task("report", "kemenkeu")
    draft = text(person.get(task))
    values = dict(
        re.findall(r'name="(letter_number|subject|signatory|evidence)" value="([^"]+)"', draft)
    )
    answers = {
        **values, "letter_date": "5/1/2026", "urgency": "ordinary", "classification": "ordinary",
        "summary": "Ralat.", "claimed_status": "conforms",
    }  # fmt: skip
    sent = person.post(f"{task}/complete", answers, follow_redirects=True)
    assert sent.status_code == 200, words(sent)
    page = text(person.get(receipt))
    new = re.search(r'Replaced by\s*<a href="(/receipts/[^"]+)"', page)
    assert new is not None
    assert "it does not count any more" not in words(person.get(new[1]))
    coordinator = words(office.enter("coordinator").get(office.task("evaluate", "kemenkeu")))
    assert f"It replaces {office.cases.receipt}" in coordinator
    assert "Nomor surat keliru." in coordinator


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 2_001])
def test_without_a_reason_that_fits_nothing_is_taken_back(office: Office, wrong: str) -> None:
    person, case = office.enter("kemenkeu"), waiting(office)
    for act in ({"act": "check"}, {}):
        answer = person.post(f"{case}/report-replacement", {"reason": wrong, **act})
        assert answer.status_code == 422
        assert 'href="#field-reason"' in text(answer)
    assert office.task("evaluate", "kemenkeu")


def test_where_nothing_can_be_taken_back_the_page_says_why_and_offers_nothing(
    office: Office,
) -> None:
    person = office.enter("kemhan")
    case = case_of(office, office.cases.second, "kemhan")
    assert "report-replacement" not in text(person.get(case))
    page = person.get(f"{case}/report-replacement")
    assert "No report is handed in yet" in words(page)
    assert 'name="reason"' not in text(page)
    assert person.post(f"{case}/report-replacement", REASON).status_code == 409


def test_the_ministry_neither_takes_back_nor_revises(office: Office) -> None:
    case = waiting(office)
    for who in ("coordinator", "asdep"):
        person = office.enter(who)
        assert "report-replacement" not in text(person.get(case))
        for page in ("report-replacement", "plan"):
            assert person.get(f"{case}/{page}").status_code == 403
            assert person.post(f"{case}/{page}", REASON).status_code == 403


def test_a_plan_is_revised_row_by_row_and_the_earlier_version_stays_readable(
    office: Office,
) -> None:
    person, case = office.enter("kemenkeu"), waiting(office)
    page = text(person.get(f"{case}/plan"))
    assert 'value="Susun peta jalan"' in page
    assert 'value="31/03/2026"' in page
    more = text(person.post(f"{case}/plan", {**PLAN, "act": "add:activities"}))
    assert 'name="activities[1].activity"' in more
    check = words(person.post(f"{case}/plan", {**PLAN, "act": "check"}))
    assert "Tuesday, 31 March 2026" in check
    assert "Every version is kept" in check
    assert "Pagu baru turun." in check
    assert "Kaji ulang pagu" not in words(person.get(case))
    said = words(person.post(f"{case}/plan", PLAN, follow_redirects=True))
    assert "The revised action plan is in force" in said
    assert "Kaji ulang pagu" in said
    assert "Earlier versions of the action plan" in said
    assert "Susun peta jalan" in said
    assert "Why it was revised: Pagu baru turun." in said
    evaluated = words(office.enter("coordinator").get(office.task("evaluate", "kemenkeu")))
    assert "Kaji ulang pagu" in evaluated
    assert "Susun peta jalan" not in evaluated, "the newest plan is shown everywhere"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"reason": ""}, "field-reason"), ({"activities[0].due": "31/2/2026"}, "activities")],
)
def test_a_wrong_plan_comes_back_with_what_was_typed(
    office: Office, changed: dict[str, str], field: str
) -> None:
    person, case = office.enter("kemenkeu"), waiting(office)
    answer = person.post(f"{case}/plan", {**PLAN, **changed, "act": "check"})
    assert answer.status_code == 422
    assert field in text(answer)
    assert 'value="Kaji ulang pagu"' in text(answer)


def test_what_can_be_changed_after_it_was_sent_is_not_called_final(office: Office) -> None:
    english(office, "kemenperin")
    answers = {
        "letter_number": "B/9/2026", "letter_date": "5/1/2026", "urgency": "ordinary",
        "classification": "ordinary", "subject": "Laporan", "signatory": "Sekjen",
        "summary": "Selesai.", "claimed_status": "conforms",
    }  # fmt: skip
    person, task = office.enter("kemenperin"), office.task("report", "kemenperin")
    person.get(task)
    form = {**answers, "evidence": (BytesIO(PDF), "bukti.pdf")}
    check = words(person.post(f"{task}/check", form, follow_redirects=True))
    assert "It can be taken back until it is evaluated." in check
    person, task = office.enter("coordinator"), office.task("evaluate", "kemenkeu")
    person.get(task)
    check = words(person.post(f"{task}/check", {"verdict": "conforms"}, follow_redirects=True))
    assert "Once sent it cannot be taken back." in check


# --- above the clearance ------------------------------------------------------------------------


def test_whoever_evaluates_and_may_not_read_the_report_is_told_whom_to_ask_and_gets_no_form(
    office: Office,
) -> None:
    lower(office, "coordinator")
    person, task = office.enter("coordinator"), office.task("evaluate", "kemenkeu")
    page = person.get(task)
    said = words(page)
    assert "classified above your clearance, so there is nothing here for you to decide" in said
    assert office.cases.receipt in said
    assert "Nobody who has this task is cleared for it. Ask a supervisor." in said
    assert 'name="verdict"' not in text(page)
    for kept in ("Kapasitas naik 20 persen.", "bukti.pdf", "B/12/2026"):
        assert kept not in said
    sent = person.post(f"{task}/complete", {"verdict": "conforms"})
    assert sent.status_code == 422
    assert office.task("evaluate", "kemenkeu") == task


@pytest.mark.parametrize("who", ["kemenkeu", "coordinator"])
def test_a_report_above_the_clearance_is_named_by_number_and_date_on_every_page(
    office: Office, who: str
) -> None:
    lower(office, who)
    person = office.enter(who)
    pages = [waiting(office), f"/receipts/{office.cases.receipt}"]
    pages += [f"/recommendations/{office.cases.second}/compilation"]
    for url in pages:
        page = person.get(url)
        assert page.status_code == 200, url
        said = words(page)
        assert office.cases.receipt in said, url
        assert "Classified above your clearance" in said, url
    for url in pages[:2]:  # the compilation has kemhan's report too
        for kept in ("Kapasitas naik 20 persen.", "B/12/2026", "bukti.pdf"):
            assert kept not in words(person.get(url)), (url, kept)


def test_a_print_bears_the_highest_classification_that_stands_on_it(office: Office) -> None:
    with office.service.transaction() as connection:
        mine = report.c.receipt_number == office.cases.receipt
        connection.execute(update(report).where(mine).values(classification="top_secret"))
    person = office.enter("coordinator")
    pages = (
        waiting(office),
        office.task("evaluate", "kemenkeu"),
        f"/receipts/{office.cases.receipt}",
    )
    for url in pages:
        assert 'class="classification classification--top-secret"' in text(person.get(url)), url
