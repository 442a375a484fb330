"""Every task of a follow-up on its page: context beside the form, check, refusal, conflict."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.conftest import PDF, Office, Person, heading, text

ACCEPTED = {"response": "accepted", "contact": "Rina"}
PLAN = {
    "unit": "Ditjen Pothan",
    "activities[0].activity": "Susun peta jalan",
    "activities[0].due": "31/3/2026",
}
REPORT = {
    "letter_number": "B/12/2026",
    "letter_date": "5/1/2026",
    "urgency": "ordinary",
    "classification": "ordinary",
    "subject": "Laporan tindak lanjut",
    "signatory": "Sekretaris Jenderal",
    "summary": "Kapasitas naik 20 persen.",
    "claimed_status": "conforms",
}


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "kemenperin", "coordinator", "asdep")


def send(person: Person, task: str, answers: dict[str, Any]) -> TestResponse:
    """Send a form straight; the page that comes of it."""
    person.get(task)
    answer = person.post(f"{task}/complete", answers, follow_redirects=True)
    assert answer.status_code == 200, words(answer)
    return answer


def with_file(person: Person, task: str, answers: dict[str, Any]) -> TestResponse:
    """The check page of a form with one file."""
    person.get(task)
    form = {**answers, "evidence": (BytesIO(PDF), "bukti.pdf")}
    return person.post(f"{task}/check", form, follow_redirects=True)


def test_a_question_is_answered_with_the_question_in_view_and_comes_back_with_the_answer(
    office: Office,
) -> None:
    contact, coordinator = office.enter("kemhan"), office.enter("coordinator")
    question = {"response": "clarification", "contact": "Rina", "explanation": "Tahun berapa?"}
    send(contact, office.task("acknowledge"), question)
    task = office.task("answer_clarification")
    assert "Tahun berapa?" in words(coordinator.get(task))
    assert "Tahun 2026." in words(
        coordinator.post(f"{task}/check", {"answer": "Tahun 2026."}, follow_redirects=True)
    )
    send(coordinator, task, {"answer": "Tahun 2026."})
    page = words(contact.get(office.task("acknowledge")))
    assert "The coordinator has answered" in page
    assert "Tahun 2026." in page
    assert "Tahun berapa?" in page


def test_before_the_response_is_chosen_no_explanation_is_asked_for(office: Office) -> None:
    contact, task = office.enter("kemhan"), office.task("acknowledge")
    contact.get(task)
    page = text(contact.post(f"{task}/complete", {}))
    assert 'href="#field-response"' in page
    assert 'href="#field-contact"' in page
    assert 'href="#field-explanation"' not in page


def test_a_disagreement_is_reviewed_and_the_changed_text_is_what_is_asked_then(
    office: Office,
) -> None:
    contact, coordinator = office.enter("kemhan"), office.enter("coordinator")
    stance = {"response": "disagree", "contact": "Rina", "explanation": "Bukan wewenang kami."}
    send(contact, office.task("acknowledge"), stance)
    task = office.task("review_disagreement")
    assert "Bukan wewenang kami." in words(coordinator.get(task))
    review = {"review": "changed", "consideration": "Benar.", "changed_text": "Teks baru."}
    send(coordinator, task, review)
    page = words(contact.get(office.task("acknowledge")))
    assert "Teks baru. Letter" in page, "what is asked now, and not folded"
    assert "Benar." in page


def test_a_clarification_without_its_question_is_refused_with_everything_kept(
    office: Office,
) -> None:
    contact, task = office.enter("kemhan"), office.task("acknowledge")
    contact.get(task)
    answer = contact.post(f"{task}/complete", {"response": "clarification", "contact": "Rina S."})
    assert answer.status_code == 422
    assert 'value="Rina S."' in text(answer)
    assert "error-summary" in text(answer)


def test_an_institution_works_from_receipt_to_receipt(office: Office) -> None:
    contact = office.enter("kemhan")
    send(contact, office.task("acknowledge"), ACCEPTED)
    send(contact, office.task("plan"), PLAN)
    task = implement_of_first(office)
    assert "Susun peta jalan" in words(contact.get(task))
    send(contact, task, {"percent": "40", "narrative": "Separuh jalan.", "done": "no"})
    task = implement_of_first(office)
    assert "Separuh jalan." in words(contact.get(task))
    assert "Round" not in words(contact.get(task)), "only returned work begins another round"
    send(contact, task, {"percent": "100", "narrative": "Selesai.", "done": "yes"})
    check = with_file(contact, task := report_of(office, "kemhan"), REPORT)
    assert "bukti.pdf" in words(check)
    assert "SHA-256" in words(check)
    hidden = uploads_in(check)
    done = send(contact, task, {**REPORT, "evidence": hidden})
    said = words(done)
    assert "The report is received." in said
    assert "TT-2026-" in said
    assert "What happens next" in said
    assert "Evidence 1 file, kept with the case" in said
    case = words(contact.get(case_of(office, office.cases.first, "kemhan")))
    assert "100% – work finished" in case
    assert "Evaluation" in case


def test_a_report_is_judged_beside_its_letter_file_claim_and_work(office: Office) -> None:
    page = office.enter("coordinator").get(evaluate_of(office))
    said = words(page)
    for shown in ("TT-2026-", "B/12/2026", "Kapasitas naik 20 persen.", "bukti.pdf", "100%"):
        assert shown in said, shown
    assert said.index("Conforms") < said.index("bukti.pdf")


def test_returned_work_begins_with_the_notes_and_the_next_report_is_judged_knowing_them(
    office: Office,
) -> None:
    coordinator, contact = office.enter("coordinator"), office.enter("kemenkeu")
    verdict = {
        "verdict": "not_yet_conforms",
        "notes": "Lampirkan jadwal.",
        "rework_deadline": "20/3/2026",
    }
    task = evaluate_of(office)
    assert "Friday, 20 March 2026" in words(
        coordinator.post(f"{task}/check", verdict, follow_redirects=True)
    )
    send(coordinator, task, verdict)
    task = office.task("implement", "kemenkeu")
    page = words(contact.get(task))
    assert page.index("Lampirkan jadwal.") < page.index("Action plan")
    assert "Implementation Round 2" in page
    send(contact, task, {"percent": "100", "narrative": "Jadwal ada.", "done": "yes"})
    task = report_of(office, "kemenkeu")
    assert "Lampirkan jadwal." in words(contact.get(task))
    send(contact, task, {**REPORT, "evidence": uploads_in(with_file(contact, task, REPORT))})
    assert "Last evaluation" in words(coordinator.get(evaluate_of(office)))
    assert "Lampirkan jadwal." in words(coordinator.get(evaluate_of(office)))


def test_what_cannot_be_followed_up_is_decided_above_and_may_come_back_with_the_reason(
    office: Office,
) -> None:
    coordinator, supervisor = office.enter("coordinator"), office.enter("asdep")
    verdict = {
        "verdict": "cannot_be_followed_up",
        "notes": "Wewenang pindah.",
        "reason": "authority_moved",
        "basis": "UU 16/2025",
    }
    send(coordinator, evaluate_of(office), verdict)
    task = office.task("decide_not_feasible")
    page = words(supervisor.get(task))
    for shown in ("Wewenang pindah.", "The authority moved elsewhere", "UU 16/2025", "bukti.pdf"):
        assert shown in page, shown
    decision = {"approved": "no", "consideration": "Masih mungkin."}
    assert "Masih mungkin." in words(
        supervisor.post(f"{task}/check", decision, follow_redirects=True)
    )
    send(supervisor, task, decision)
    assert "Masih mungkin." in words(coordinator.get(evaluate_of(office)))
    send(coordinator, evaluate_of(office), verdict)
    approval = {"approved": "yes", "consideration": "Baik."}
    send(supervisor, office.task("decide_not_feasible"), approval)
    case = words(coordinator.get(case_of(office, office.cases.second, "kemenkeu")))
    assert "Approved: cannot be followed up" in case
    assert "Follow-up closed" in case


def test_who_was_slower_is_told_so_and_keeps_the_own_words(office: Office) -> None:
    first, second = office.enter("coordinator"), office.colleague("coordinator")
    task = evaluate_of(office)
    second.get(task)
    send(first, task, {"verdict": "conforms"})
    late = second.post(
        f"{task}/complete",
        {"verdict": "not_followed_up", "notes": "Catatan panjang yang tidak boleh hilang."},
    )
    assert late.status_code == 409
    assert "Already completed by Coordinator" in words(late)
    assert "Catatan panjang yang tidak boleh hilang." in text(late)


def test_who_was_slower_keeps_the_rows_of_a_list_too(office: Office) -> None:
    first, second = office.enter("kemhan"), office.colleague("kemhan")
    send(first, office.task("acknowledge"), ACCEPTED)
    task = office.task("plan", "kemhan")
    second.get(task)
    send(first, task, PLAN)
    late = second.post(
        f"{task}/complete", {**PLAN, "activities[1].activity": "Rapat dengan industri"}
    )
    assert late.status_code == 409
    assert "Susun peta jalan" in text(late)
    assert "Rapat dengan industri" in text(late)
    assert "by kemhan" not in words(late), "people have names"


def test_a_draft_waits_for_its_writer(office: Office) -> None:
    coordinator, task = office.enter("coordinator"), evaluate_of(office)
    coordinator.get(task)
    coordinator.post(f"{task}/draft", {"verdict": "conforms", "notes": "Masih dipikirkan."})
    assert "Masih dipikirkan." in text(office.enter("coordinator").get(task))


def test_a_receipt_is_one_sheet_with_everything_that_was_handed_in(office: Office) -> None:
    page = office.enter("kemenkeu").get(f"/receipts/{office.cases.receipt}")
    assert office.cases.receipt in heading(page)
    for shown in ("B/12/2026", "Sekretaris Jenderal", "bukti.pdf", "SHA-256"):
        assert shown in words(page), shown


def implement_of_first(office: Office) -> str:
    """kemhan's work on the first recommendation (it has returned work on the second)."""
    return task_of(office, office.cases.first, "kemhan", "implement")


def report_of(office: Office, institution: str) -> str:
    recommendation = office.cases.first if institution == "kemhan" else office.cases.second
    return task_of(office, recommendation, institution, "report")


def evaluate_of(office: Office) -> str:
    return task_of(office, office.cases.second, "kemenkeu", "evaluate")


def task_of(office: Office, recommendation: UUID, institution: str, element: str) -> str:
    """Address of the open task of one case."""
    case = case_of(office, recommendation, institution).removeprefix("/follow-ups/")
    (found,) = [
        task
        for task in office.service.engine.tasks(limit=200)
        if task.element_id == element and task.business_key == case
    ]
    return f"/tasks/{found.id}"


def uploads_in(page: TestResponse) -> list[str]:
    """The files that a page carries on."""
    return re.findall(r'name="evidence" value="([^"]+)"', text(page))


def test_an_evaluation_without_a_report_says_what_there_is_to_evaluate(office: Office) -> None:
    kemhan, task = office.enter("kemhan"), office.task("acknowledge", "kemhan")
    why = {"response": "disagree", "contact": "Rina", "explanation": "Bukan kewenangan kami."}
    send(kemhan, task, why)
    review = {"review": "accepted", "consideration": "Kewenangan pindah."}
    send(office.enter("coordinator"), office.task("review_disagreement"), review)
    refusal = {"approved": "no", "consideration": "Masih kewenangan Kemhan."}
    send(office.enter("asdep"), office.task("decide_not_feasible"), refusal)
    key = office.service.engine.task(UUID(task.removeprefix("/tasks/"))).business_key
    (evaluate,) = [
        one
        for one in office.service.engine.tasks(limit=200)
        if one.element_id == "evaluate" and one.business_key == key
    ]
    said = words(office.enter("coordinator").get(f"/tasks/{evaluate.id}"))
    assert "There is no report to evaluate." in said
    assert "Bukan kewenangan kami." in said
    assert "Masih kewenangan Kemhan." in said
