"""The tasks of a recommendation, each with its subject beside its form."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7
from werkzeug.test import TestResponse

from processes.cases.recommendation import recommendation_case, recommendation_tasks
from processes.register.agreement_states import AgreementKind, AgreementState, Holder
from processes.register.states import MeetingState
from processes.rights.access import scope_of
from processes.storage.cases import follow_up_rows, remaining_rows
from processes.storage.meetings import agreement_rows, meeting_rows, position_rows
from processes.storage.meetings.agreement_rows import Agreement
from processes.storage.meetings.position_rows import StatedPosition
from processes.storage.people import users
from processes.storage.tables.meetings import meeting
from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.cases.test_recommendation_pages import COMPLETE, page_of
from tests.web.conftest import Office, Person, text
from tests.web.work.test_follow_up_tasks import REPORT, send, with_file

LETTER = {
    "letter_number": "B-9/2026",
    "letter_date": "15/1/2026",
    "signatory": "Menteri Koordinator (contoh)",
}
OVERALL = {"conclusion": "Sebagian tercapai.", "achievement": "Dua dari tiga."}


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "kemenperin", "coordinator", "asdep")


def registered(office: Office, **changes: Any) -> None:
    """A recommendation sent round for comments."""
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    answers = {**COMPLETE, **changes}
    coordinator.post(f"/recommendations/new/{uuid7()}", {**answers, "act": "draft"})
    send(coordinator, office.task("register"), answers)
    office.service.engine.run_due()


def comment_task(office: Office, institution: str) -> str:
    """The comment task of one institution."""
    group = f"institution:{institution}"
    (task,) = [
        one
        for one in office.service.engine.tasks(limit=200)
        if one.element_id == "comment" and group in one.candidate_groups
    ]
    return f"/tasks/{task.id}"


def commented(office: Office, **changes: Any) -> None:
    """Both have commented: kemhan agrees, kemenkeu wants something."""
    registered(office, **changes)
    wish = {"stance": "disagree", "notes": "Sebut sumber dana.", "proposed_change": "Tambah APBN."}
    send(office.enter("kemenkeu"), comment_task(office, "kemenkeu"), wish)
    send(office.enter("kemhan"), comment_task(office, "kemhan"), {"stance": "agree"})
    office.service.engine.run_due()


def drafted(office: Office) -> dict[str, Any]:
    """What the form of finalising starts with, besides the answers to comments."""
    id = case_id(office, "finalise")
    with office.service.reading() as connection:
        user = users.by_username(connection, "coordinator")
        assert user
        draft = recommendation_case.draft(connection, scope_of(connection, user.id), id)
    return {
        name: str(value) if isinstance(value, int) else value
        for name, value in recommendation_tasks.finalising(draft).items()
        if name != "responses"
    }


def finalised(office: Office, accepted: str = "yes", **changes: Any) -> None:
    """The coordinator has answered and set the final text."""
    answers = {
        **drafted(office),
        "responses[0].institution": "kemenkeu",
        "responses[0].accepted": accepted,
        "responses[0].reason": "Sudah ditambahkan.",
        "final_text": "Percepat sertifikasi dengan APBN.",
        **changes,
    }
    send(office.enter("coordinator"), office.task("finalise"), answers)


def case_id(office: Office, element: str) -> UUID:
    """The recommendation an open task belongs to."""
    task = office.service.engine.task(UUID(office.task(element).removeprefix("/tasks/")))
    return UUID(task.business_key or "")


def checked(person: Person, task: str, answers: dict[str, Any]) -> TestResponse:
    person.get(task)
    return person.post(f"{task}/check", answers, follow_redirects=True)


def test_an_institution_comments_with_the_whole_draft_in_view(office: Office) -> None:
    registered(office, expected_outcome="Sertifikat terbit.", legal_basis="UU 16/2012")
    contact, task = office.enter("kemhan"), comment_task(office, "kemhan")
    page = words(contact.get(task))
    for sentence in (
        "Percepat sertifikasi komponen dalam negeri.",
        "Sertifikat terbit.",
        "UU 16/2012",
        "20 working days after it is issued",
        "Lead Kemhan",
        "Supporting institution Kemenkeu",
    ):
        assert sentence in page
    assert office.enter("kemenperin").get(task).status_code == 404
    assert office.enter("kemenkeu").get(task).status_code == 404, "that comment is not theirs"
    done = words(send(contact, task, {"stance": "agree"}))
    assert "The coordinator weighs every comment" in done
    assert "Kemenkeu" not in done, "what others are asked is not an institution's business"


def test_finalising_begins_with_a_row_for_each_comment_that_asks_for_something(
    office: Office,
) -> None:
    commented(office)
    page = office.enter("coordinator").get(office.task("finalise"))
    rows = re.findall(r'name="(responses\[\d\]\.institution)".*?</select>', text(page), re.DOTALL)
    assert rows == ["responses[0].institution"]
    assert '<option value="kemenkeu" selected>' in text(page)
    assert "Percepat sertifikasi komponen dalam negeri.</textarea>" in text(page)
    assert "Sebut sumber dana." in words(page)
    assert "Tambah APBN." in words(page)


def test_what_the_supervisor_did_not_approve_comes_back_with_the_notes_and_earlier_answers(
    office: Office,
) -> None:
    commented(office)
    finalised(office)
    supervisor = office.enter("asdep")
    shown = words(supervisor.get(office.task("approve")))
    assert "Percepat sertifikasi dengan APBN." in shown
    assert "The draft that was commented on" in shown
    assert "Coordinator's answer: accepted – Sudah ditambahkan." in shown
    send(supervisor, office.task("approve"), {"approved": "no", "notes": "Sebut tahunnya."})
    page = office.enter("coordinator").get(office.task("finalise"))
    assert words(page).index("Sebut tahunnya.") < words(page).index("Comments on the draft")
    assert "Sudah ditambahkan.</textarea>" in text(page)
    assert "Percepat sertifikasi dengan APBN.</textarea>" in text(page)


def test_new_institutions_and_the_supervisor_read_what_has_changed_old_and_new(
    office: Office,
) -> None:
    commented(office)
    changed: dict[str, Any] = {
        "title": "Sertifikasi lebih cepat",
        "deadline_days": "30",
        "supporting": ["kemenkeu", "kemenperin"],
        "comment_deadline": "9/2/2026",
    }
    finalised(office, **changed)
    old_and_new = words(office.enter("kemenperin").get(comment_task(office, "kemenperin")))
    for said in (
        "Changed since round 1 of comments",
        f"Title {COMPLETE['title']} → Sertifikasi lebih cepat",
        "20 working days after it is issued → 30 working days after it is issued",
        "Kemenperin not addressed → Supporting institution",
    ):
        assert said in old_and_new
    send(office.enter("kemenperin"), comment_task(office, "kemenperin"), {"stance": "agree"})
    send(office.enter("coordinator"), office.task("finalise"), drafted(office))
    shown = words(office.enter("asdep").get(office.task("approve")))
    assert "Changed since round 2 of comments Nothing has changed." in shown
    assert shown.index("Round 2 Kemenperin") < shown.index("Round 1 Kem")


def test_an_institution_in_two_roles_is_refused_on_its_row_before_it_is_sent(
    office: Office,
) -> None:
    commented(office)
    answers = {**drafted(office), "information": ["kemhan"], "responses[0].institution": "kemenkeu"}
    answers |= {"responses[0].accepted": "yes", "responses[0].reason": "Ya."}
    page = checked(office.enter("coordinator"), office.task("finalise"), answers)
    assert page.status_code == 422
    said = "For information: Kemhan has been given two roles."
    assert f'<a href="#field-information">{said}' in text(page)


def test_a_no_in_the_timeline_does_not_bear_the_mark_of_what_is_done(office: Office) -> None:
    commented(office)
    finalised(office)
    page = f"/recommendations/{case_id(office, 'approve')}"
    send(office.enter("asdep"), office.task("approve"), {"approved": "no", "notes": "Tahunnya."})
    assert role_of(office, page, "Not approved: back to the text") == "late"
    finalised(office)
    send(office.enter("asdep"), office.task("approve"), {"approved": "yes"})
    assert role_of(office, page, "Approved for issue") == "done"


def role_of(office: Office, page: str, told: str) -> str:
    """The role of colour of what the timeline tells."""
    before = text(office.enter("coordinator").get(page)).partition(told)[0]
    return re.findall(r"timeline__entry--(\w+)", before)[-1]


def test_sending_out_names_whom_it_reaches_and_asks_where_nobody_would_receive_it(
    office: Office,
) -> None:
    commented(office, lead=["kemhan", "brin"], information="kemenperin")
    office.clock.advance(days=20)  # brin, where nobody is, lets the round of comments pass
    office.service.engine.run_due()
    finalised(office)
    send(office.enter("asdep"), office.task("approve"), {"approved": "yes"})
    coordinator, task = office.enter("coordinator"), office.task("send_out")
    page = words(coordinator.get(task))
    assert "3 follow-ups begin, one for each of: BRIN Lead Kemhan Lead Kemenkeu" in page
    assert "Told for information, without a follow-up: Kemenperin." in page
    assert "nobody there receives it: BRIN." in page
    refused = checked(coordinator, task, LETTER)
    assert refused.status_code == 422
    assert "Nobody would receive it at BRIN. Tick to go on." in words(refused)
    asked = checked(coordinator, task, {**LETTER, "proceed_without_users": "true"})
    assert "You have chosen to issue it all the same." in words(asked)
    done = words(send(coordinator, task, {**LETTER, "proceed_without_users": "true"}))
    assert "Each institution is asked to confirm receipt." in done
    office.service.engine.run_due()
    after = words(coordinator.get(task))
    assert "Acknowledge – BRIN, Kemhan, Kemenkeu" in after


def compiled(office: Office) -> UUID:
    """From the comments to the overall evaluation, with kemenkeu still at work."""
    commented(office, rollup_rule="lead")
    finalised(office)
    send(office.enter("asdep"), office.task("approve"), {"approved": "yes"})
    id = case_id(office, "send_out")
    coordinator, contact = office.enter("coordinator"), office.enter("kemhan")
    send(coordinator, office.task("send_out"), LETTER)
    office.service.engine.run_due()
    work(office, contact, id)
    assert "1 of 2 institutions conform." in words(coordinator.get(office.task("evaluate_overall")))
    return id


def work(office: Office, contact: Person, id: UUID) -> None:
    """kemhan does everything and the coordinator is content."""
    own = {"acknowledge": {"response": "accepted", "contact": "Rina"}}
    own["plan"] = {"unit": "Ditjen", "activities[0].activity": "Susun"}
    own["implement"] = {"percent": "100", "narrative": "Selesai.", "done": "yes"}
    for element, answers in own.items():
        send(contact, own_task(office, element, id), answers)
    task = own_task(office, "report", id)
    upload = re.search(r'name="evidence" value="([^"]+)"', text(with_file(contact, task, REPORT)))
    assert upload
    send(contact, task, {**REPORT, "evidence": upload[1], "_request": uuid4().hex})
    office.service.engine.run_due()
    send(office.enter("coordinator"), own_task(office, "evaluate", id), {"verdict": "conforms"})
    office.service.engine.run_due()


def own_task(office: Office, element: str, recommendation: UUID) -> str:
    """kemhan's open task of this recommendation."""
    with office.service.reading() as connection:
        parts = follow_up_rows.of_recommendation(connection, recommendation)
    (mine,) = [one.instance_id for one in parts if one.institution == "kemhan"]
    (task,) = [
        one for one in office.service.engine.tasks(instance_id=mine) if one.element_id == element
    ]
    return f"/tasks/{task.id}"


def covered(office: Office, recommendation: UUID) -> None:
    """A rakor over it and others whose minutes are signed, with a position of Kemenkeu, what it
    agreed to about this recommendation, and what was agreed about another matter."""
    now, id = office.clock.now, uuid7()
    row = {
        "id": id, "instance_id": uuid7(), "number": "RAK-2026-0007",
        "state": MeetingState.SIGNED, "title": "Rakor triwulan", "classification": "ordinary",
        "created_at": now, "held_on": now.date(), "minutes": "Kemenkeu menyusun anggaran. " * 200,
        "minutes_at": now,
    }  # fmt: skip
    with office.service.transaction() as connection:
        parts = follow_up_rows.of_recommendation(connection, recommendation)
        (open_one,) = [one.id for one in parts if one.institution == "kemenkeu"]
        connection.execute(insert(meeting).values(row))
        meeting_rows.cover(connection, id, [recommendation])
        said = StatedPosition(uuid7(), id, open_one, "Menunggu DIPA.", "Dana.", None, now, "x")
        position_rows.put(connection, said)
        for number, about, words in ((1, open_one, "Ajukan anggaran."), (2, None, "Rapat lagi.")):
            agreement_rows.add(
                connection,
                Agreement(
                    uuid7(), id, number, AgreementKind.AGREEMENT, words, Holder.INSTITUTION,
                    "kemenkeu", now.date(), None, about, None, AgreementState.FULFIL, now, uuid7(),
                    1, now, "x",
                ),
            )  # fmt: skip


def test_whoever_evaluates_has_every_rakor_with_its_minutes_and_agreements_at_hand(
    office: Office,
) -> None:
    id = compiled(office)
    covered(office, id)
    coordinator, task = office.enter("coordinator"), office.task("evaluate_overall")
    page = words(coordinator.get(task))
    assert "1 follow-up is still open." in page
    assert "RAK-2026-0007 Rakor triwulan" in page, "the rakor that covered it"
    assert "Kemenkeu menyusun anggaran." in page and "The whole minutes" in page
    assert "Menunggu DIPA." in page and "Obstacles: Dana." in page
    assert "1. Ajukan anggaran." in page
    assert "Rapat lagi." not in page, "it is about another matter"
    row = re.search(
        r'name="remaining\[0\]\.institution".*?</select>', text(coordinator.get(task)), re.DOTALL
    )
    assert row and 'value="kemenkeu" selected' in row[0], "a row for each that is still open"
    refused = coordinator.post(f"{task}/complete", {**OVERALL, "decision": "close"})
    assert refused.status_code == 422
    assert "Still open: Kemenkeu." in words(refused)


def rest(treatment: str) -> dict[str, str]:
    """The row of Kemenkeu, as the form sends it."""
    return {
        "remaining[0].institution": "kemenkeu",
        "remaining[0].treatment": treatment,
        "remaining[0].reason": "Menunggu anggaran.",
    }


def decided(office: Office, treatment: str, decision: str) -> UUID:
    """A recommendation ended over Kemenkeu's follow-up, as the supervisor agreed."""
    id, evaluating = compiled(office), office.task("evaluate_overall")
    send(
        office.enter("coordinator"),
        evaluating,
        {**OVERALL, **rest(treatment), "decision": decision},
    )
    deciding, asdep = office.task("decide_remaining"), office.enter("asdep")
    page = words(asdep.get(deciding))
    assert "Menunggu anggaran." in page and "Sebagian tercapai." in page
    send(asdep, deciding, {"remaining_approved": "yes"})
    office.service.engine.run_due()
    return id


def test_the_next_recommendation_begins_with_what_is_carried_over(office: Office) -> None:
    id = decided(office, "carried_over", "next")
    coordinator = office.enter("coordinator")
    page = words(coordinator.get(page_of(id)))
    assert "Closed, next recommendation drafted" in page
    assert "Where it comes from and leads to" in page
    assert "1 still running" in page
    begun = text(coordinator.get(office.task("register")))
    assert "Prepared from the evaluation of" in begun
    assert 'value="Percepat sertifikasi"' in begun
    assert re.search(r'name="supporting" value="kemenkeu" checked', begun), "carried over"
    assert re.search(r'name="lead" value="kemhan">', begun), "done"
    assert "Goes on under its old letter until this one is issued" in begun


def test_a_discarded_draft_promises_no_carrying_over_any_more(office: Office) -> None:
    id = decided(office, "carried_over", "next")
    coordinator, asdep = office.enter("coordinator"), office.enter("asdep")
    with office.service.reading() as connection:
        draft = remaining_rows.successor(connection, id)
    assert draft is not None
    coordinator.post(f"{page_of(draft)}/withdrawal", {"reason": "Tidak perlu lagi."})
    send(asdep, office.task("decide_withdrawal"), {"withdraw": "yes", "reason": "Setuju."})
    office.service.engine.run_due()
    page = words(coordinator.get(page_of(draft)))
    assert "Left to finish It is not carried over after all." in page
    assert "until this one is issued" not in page
    case = words(office.enter("kemenkeu").get(case_of(office, id, "kemenkeu")))
    assert "but the next recommendation does not ask for it: it is left to finish." in case
    assert "Not carried over after all: left to finish" in case, "the day it was let go is a row"


def test_the_check_before_sending_out_says_which_follow_ups_end_with_it(office: Office) -> None:
    id = decided(office, "carried_over", "next")
    coordinator = office.enter("coordinator")
    send(coordinator, office.task("register"), COMPLETE)
    office.service.engine.run_due()
    for code in ("kemenkeu", "kemhan"):
        send(office.enter(code), comment_task(office, code), {"stance": "agree"})
    office.service.engine.run_due()
    send(coordinator, office.task("finalise"), drafted(office))
    send(office.enter("asdep"), office.task("approve"), {"approved": "yes"})
    page = checked(coordinator, office.task("send_out"), LETTER)
    assert "2 follow-ups begin" in words(page)
    said = words(page).split("ends with it, without a verdict, and goes on in the new one:")[1]
    assert said.startswith(" Kemenkeu REK-"), "and not Kemhan, which had finished"
    assert case_of(office, id, "kemenkeu") in text(page)


def test_whoever_ended_before_the_issue_is_not_promised_a_new_follow_up(office: Office) -> None:
    id = decided(office, "carried_over", "next")
    coordinator, asdep = office.enter("coordinator"), office.enter("asdep")
    send(coordinator, office.task("register"), COMPLETE)
    office.service.engine.run_due()
    for code in ("kemenkeu", "kemhan"):
        send(office.enter(code), comment_task(office, code), {"stance": "agree"})
    office.service.engine.run_due()
    send(coordinator, office.task("finalise"), drafted(office))
    send(asdep, office.task("approve"), {"approved": "yes"})
    case = case_of(office, id, "kemenkeu")
    asdep.get(f"{case}/withdrawal")
    given = {"reason": "Usang.", "letter_number": "C-9/2026"}
    assert asdep.post(f"{case}/withdrawal", given).status_code == 302
    office.service.engine.run_due()
    page = words(checked(coordinator, office.task("send_out"), LETTER))
    assert "One follow-up begins, for: Kemhan" in page
    assert "its follow-up has ended meanwhile or cannot be ended: Kemenkeu REK-" in page


def test_what_is_left_to_finish_says_so_and_a_supervisor_withdraws_it(office: Office) -> None:
    id = decided(office, "left_to_finish", "close")
    with office.service.reading() as connection:
        parts = follow_up_rows.of_recommendation(connection, id)
    (left,) = [one.id for one in parts if one.institution == "kemenkeu"]
    coordinator, asdep = office.enter("coordinator"), office.enter("asdep")
    for address in ("/recommendations", page_of(id), f"{page_of(id)}/compilation"):
        assert "Closed 1 still running" in words(coordinator.get(address))
    case = f"/follow-ups/{left}"
    for person in (coordinator, asdep, office.enter("kemenkeu")):
        page = words(person.get(case))
        assert "Its recommendation has ended; this follow-up is left to finish." in page
        assert "Menunggu anggaran." in page
        assert ("Withdraw the follow-up" in page) == (person is asdep)
    assert coordinator.get(f"{case}/withdrawal").status_code == 403
    assert "Kemenkeu: REK-" in words(asdep.get(f"{case}/withdrawal"))
    missing = asdep.post(f"{case}/withdrawal", {"reason": " ", "act": "check"})
    assert missing.status_code == 422
    words_sent = {"reason": "Anggaran dihapus.", "letter_number": "C-4/2026"}
    checked = asdep.post(f"{case}/withdrawal", {**words_sent, "act": "check"})
    assert "Anggaran dihapus." in words(checked)
    asdep.post(f"{case}/withdrawal", words_sent)
    page = words(asdep.get(case))
    assert "This follow-up was withdrawn by itself." in page
    assert "C-4/2026" in page
    assert "Found by the coordinator Ended without a verdict." in page
    assert "Not followed up yet" not in page
    assert "still running" not in words(coordinator.get(page_of(id)))


def test_what_is_withdrawn_as_its_recommendation_ends_says_that_and_bears_no_verdict(
    office: Office,
) -> None:
    id = decided(office, "withdrawn", "close")
    page = words(office.enter("coordinator").get(case_of(office, id, "kemenkeu")))
    assert "Withdrawn when its recommendation ended." in page
    assert "not completed" in page
    assert "not reached" not in page, "its work was waiting when it ended"
    assert "Found by the coordinator Ended without a verdict." in page
    assert "Not followed up yet" not in page


def edit(office: Office, username: str, recommendation: object) -> TestResponse:
    return office.enter(username).get(f"/recommendations/{recommendation}/edit")


def newest(office: Office) -> UUID:
    """The recommendation registered last."""
    page = text(office.enter("coordinator").get("/recommendations"))
    found = re.search(r'href="/recommendations/([0-9a-f-]{36})"', page)
    assert found
    return UUID(found[1])


def test_the_address_for_editing_leads_to_the_task_in_which_the_draft_is_written(
    office: Office,
) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    draft = uuid7()
    coordinator.post(f"/recommendations/new/{draft}", {**COMPLETE, "act": "draft"})
    assert edit(office, "coordinator", draft).location == office.task("register")
    send(coordinator, office.task("register"), COMPLETE)
    office.service.engine.run_due()
    refused = edit(office, "coordinator", draft)
    assert refused.status_code == 409
    assert "The draft lies with others now" in words(refused)


def test_a_text_with_its_comments_in_is_edited_where_it_is_made_final(office: Office) -> None:
    commented(office)
    assert edit(office, "coordinator", newest(office)).location == office.task("finalise")


def test_what_is_issued_is_not_edited_and_says_why_not(office: Office) -> None:
    refused = edit(office, "coordinator", office.cases.first)
    assert refused.status_code == 409
    assert "the recommendation is not changed any more" in words(refused)


def test_only_coordinators_edit(office: Office) -> None:
    assert edit(office, "asdep", office.cases.first).status_code == 403
    assert edit(office, "kemhan", office.cases.first).status_code == 403
    assert edit(office, "coordinator", uuid4()).status_code == 404
