"""Recommendations on screen: the list, a new one, one in full, and all its reports."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7
from werkzeug.test import TestResponse

from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.rights.access import scope_of
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.people import users
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.conftest import Office, text

DRAFT = {"title": "Percepat sertifikasi", "deadline_kind": "working_days", "deadline_days": "3"}
COMPLETE = {
    **DRAFT,
    "text": "Percepat sertifikasi komponen dalam negeri.",
    "priority": "high",
    "classification": "ordinary",
    "comment_deadline": "30/1/2026",
    "deadline_days": "20",
    "cycle": "month",
    "lead": "kemhan",
    "supporting": "kemenkeu",
    "rollup_rule": "all",
}


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenperin", "kemenkeu", "coordinator", "asdep")


def page_of(id: UUID) -> str:
    return f"/recommendations/{id}"


def listed(response: TestResponse) -> list[str]:
    """Addresses of the recommendations in a list."""
    return re.findall(r'class="row-link" href="(/recommendations/[^"]+)"', text(response))


def row_of(response: TestResponse, id: UUID) -> str:
    """What the list says in the row of one recommendation."""
    (row,) = [
        part for part in re.findall(r"<tr.*?</tr>", text(response), re.DOTALL) if str(id) in part
    ]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


def say_orally(office: Office, institution: str, sentence: str) -> None:
    """The coordinator notes what an institution said about the first recommendation."""
    with office.service.reading() as connection:
        person = users.by_username(connection, "coordinator")
        assert person
        scope = scope_of(connection, person.id)
        cases = follow_up_rows.of_recommendation(connection, office.cases.first)
    case = next(one.id for one in cases if one.institution == institution)
    said = Said(sentence, "Direktur (contoh)", date(2026, 1, 14), "Rakor")
    follow_up_acts.record_statement(office.service, scope, case, said)


def drafts(office: Office) -> int:
    with office.service.reading() as connection:
        question = select(func.count()).where(recommendation.c.status == "draft")
        return connection.execute(question).scalar_one()


# --- the list -----------------------------------------------------------------------------------


def test_the_list_tells_state_rule_progress_and_the_latest_institution(office: Office) -> None:
    page = office.enter("coordinator").get("/recommendations")
    assert listed(page) == [page_of(office.cases.second), page_of(office.cases.first)]
    row = row_of(page, office.cases.first)
    assert "REK-2026-0001" in row
    assert "Priority: Ordinary" in row, "not its classification"
    assert "Mon, 5 Jan 2026" in row
    assert "Issued" in row
    assert "complete when every institution is closed" in row
    assert "2 Open" in row, "nobody's work has been found to conform"
    assert "5 working days overdue" in row, "kemhan has not even acknowledged"
    assert "Restricted" in row_of(page, office.cases.second)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=issued", 2),
        ("status=closed", 0),
        ("priority=high", 0),
        ("institution=kemenkeu", 1),
        ("time=late", 1),
        ("status=issued&institution=kemenperin", 1),
        ("status=nonsense", 2),
    ],
)
def test_the_list_is_narrowed_by_the_filters_in_the_address(
    office: Office, query: str, count: int
) -> None:
    page = office.enter("asdep").get(f"/recommendations?{query}")
    assert len(listed(page)) == count
    assert ("Nothing fits these filters" in words(page)) == (count == 0)


def test_a_filter_can_be_taken_off_one_by_one(office: Office) -> None:
    page = text(office.enter("coordinator").get("/recommendations?status=issued&time=late"))
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert chips == ["/recommendations?time=late", "/recommendations?status=issued"]


def test_a_long_list_goes_on_by_key(office: Office) -> None:
    with office.service.transaction() as connection:
        now = office.service.engine.on(connection).now()
        ids = [uuid7() for _ in range(26)]
        for id in ids:
            recommendation_rows.insert_draft_once(connection, id, uuid7(), "coordinator", now)
    coordinator = office.enter("coordinator")
    first = coordinator.get("/recommendations?status=draft")
    following = re.search(r'rel="next" href="([^"]+)"', text(first))
    assert following
    second = coordinator.get(following[1].replace("&amp;", "&"))
    assert listed(first) + listed(second) == [page_of(id) for id in reversed(ids)]
    assert 'rel="prev"' not in text(first)
    assert 'rel="next"' not in text(second)
    before = re.search(r'rel="prev" href="([^"]+)">Previous<', text(second))
    assert before
    assert "status=draft" in before[1], "the filter goes along"
    assert listed(coordinator.get(before[1].replace("&amp;", "&"))) == listed(first)
    assert "Draft without a title" in words(first)


def test_the_list_is_for_overseers_and_only_coordinators_begin_one(office: Office) -> None:
    assert office.enter("kemhan").get("/recommendations").status_code == 403
    assert office.enter("owner").get("/recommendations").status_code == 403
    assert "New recommendation" in words(office.enter("coordinator").get("/recommendations"))
    assert "New recommendation" not in words(office.enter("asdep").get("/recommendations"))
    assert office.enter("asdep").get("/recommendations/new").status_code == 403


# --- a new one ----------------------------------------------------------------------------------


def test_looking_at_the_blank_form_begins_nothing(office: Office) -> None:
    page = office.enter("coordinator").get("/recommendations/new")
    sections = re.findall(r"<fieldset class=\"group\"><legend>(.*?)</legend>", text(page))
    assert len(sections) == 4, "content, basis, deadline, institutions"
    assert drafts(office) == 0


def test_a_draft_sent_twice_is_begun_once_and_keeps_what_was_typed(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    address = f"/recommendations/new/{uuid7()}"
    first = coordinator.post(address, {**DRAFT, "act": "draft"})
    again = coordinator.post(address, {**DRAFT, "act": "draft"})
    assert first.status_code == again.status_code == 302
    assert first.location == again.location == office.task("register")
    assert drafts(office) == 1
    page = text(coordinator.get(first.location))
    assert 'value="Percepat sertifikasi"' in page
    assert "it would be due on Wednesday, 21 January 2026" in page


def test_an_id_somebody_made_up_begins_nothing(office: Office) -> None:
    address = "/recommendations/new/11111111-1111-4111-8111-111111111111"
    assert office.enter("coordinator").post(address, DRAFT).status_code == 404
    assert drafts(office) == 0


def test_registering_at_once_shows_everything_in_words_first(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    form = {**COMPLETE, "act": "check"}
    page = coordinator.post(f"/recommendations/new/{uuid7()}", form, follow_redirects=True)
    assert "Check before sending" in words(page)
    assert "Friday, 30 January 2026" in words(page)
    assert "If it were issued today, it would be due on" in words(page)
    assert drafts(office) == 1, "registered only once it is sent"
    task = office.task("register")
    done = words(coordinator.post(f"{task}/complete", COMPLETE, follow_redirects=True))
    assert "The recommendation is registered." in done
    assert "What happens next" in done
    assert "Kemhan, Kemenkeu" in done.replace("Kemenkeu, Kemhan", "Kemhan, Kemenkeu")


def test_what_is_missing_is_asked_for_without_losing_the_rest(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    page = coordinator.post(f"/recommendations/new/{uuid7()}", {**DRAFT, "act": "check"})
    assert page.status_code == 422
    assert 'value="Percepat sertifikasi"' in text(page)
    assert "Error:" in words(page)


def test_a_date_in_the_past_is_refused_before_anything_is_sent(office: Office) -> None:
    coordinator = office.enter("coordinator")
    coordinator.get("/recommendations/new")
    late = {**COMPLETE, "comment_deadline": "14/1/2026", "act": "check"}
    page = coordinator.post(f"/recommendations/new/{uuid7()}", late)
    assert page.status_code == 422
    assert 'id="field-comment_deadline-error">This date must lie in the future.' in text(page)


def test_a_deadline_that_falls_on_a_free_day_is_told_while_it_is_registered(office: Office) -> None:
    person = office.enter("coordinator")
    person.post("/account", {"locale": "en"})
    told = "The working day before it is Thu, 15 Jan 2026, the one after it Mon, 19 Jan 2026."
    for entries in (
        {"deadline_kind": "days", "deadline_days": "3"},
        {"deadline_kind": "date", "deadline_date": "18/1/2026"},
    ):
        said = text(person.post("/recommendations/outlook", entries))
        assert f"That is no working day (weekend). {told}" in said
    whole = text(
        person.post("/recommendations/outlook", {"deadline_kind": "days", "deadline_days": "4"})
    )
    assert "That is no working day" not in whole


def test_the_deadline_is_counted_day_by_day_while_the_form_is_filled_in(office: Office) -> None:
    coordinator = office.enter("coordinator")
    page = coordinator.post("/recommendations/outlook", {**DRAFT, "lead": "brin"})
    said = words(page)
    assert "it would be due on Wednesday, 21 January 2026" in said
    assert "That is 3 working days." in said
    counted = re.findall(
        r"<tr[^>]*><td[^>]*>(.*?)</td><td[^>]*class=\"number\">(.*?)</td>", text(page)
    )
    assert counted[0] == ("Fri, 16 Jan 2026", "–"), "a national holiday"
    assert [number for _, number in counted if number != "–"] == ["1", "2", "3"]
    assert "Nobody has an active account at this institution yet" in said
    assert "BRIN" in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Once the deadline is filled in"),
        ({"deadline_kind": "date", "deadline_date": "14/1/2026"}, "This date must lie in the"),
        ({"deadline_kind": "days", "deadline_days": "999999999"}, "Once the deadline is filled"),
        ({"deadline_kind": "working_days", "deadline_days": "x"}, "Once the deadline is filled"),
        (
            {"deadline_kind": "days", "deadline_days": "10", "comment_deadline": "30/1/2026"},
            "Comments must be due before the recommendation is.",
        ),
    ],
)
def test_the_outlook_bears_whatever_is_typed(
    office: Office, typed: dict[str, str], sentence: str
) -> None:
    page = office.enter("coordinator").post("/recommendations/outlook", typed)
    assert page.status_code == 200
    assert sentence in words(page)


# --- one in full --------------------------------------------------------------------------------


def test_the_page_of_a_recommendation_answers_what_has_become_of_it(office: Office) -> None:
    say_orally(office, "kemenperin", "Sedang dibahas.")
    page = words(office.enter("coordinator").get(page_of(office.cases.first)))
    for sentence in (
        "REK-2026-0001",
        "Percepat kapasitas industri strategis nasional.",
        "0 of 2 institutions conform.",
        "Awaiting acknowledgement",
        "5 working days overdue",
        "Sedang dibahas.",
        "Oral, not confirmed in writing",
        "Kemhan agrees with the draft",
        "Approved for issue",
        "Issued by letter R-1/2026",
    ):
        assert sentence in page


def test_an_institution_reads_its_own_part_and_nothing_of_what_goes_on_inside(
    office: Office,
) -> None:
    say_orally(office, "kemenperin", "Sedang dibahas.")
    page = words(office.enter("kemhan").get(page_of(office.cases.first)))
    assert "Where your institution stands" in page
    assert "Percepat kapasitas industri strategis nasional." in page
    for hidden in ("Sedang dibahas.", "Kemenperin agrees", "Approved for issue", "Reminder"):
        assert hidden not in page
    assert "Propose withdrawal" not in page


def test_another_institution_is_told_nothing_not_even_that_there_is_one(office: Office) -> None:
    stranger = office.enter("kemenkeu")
    for suffix in ("", "/compilation", "/withdrawal"):
        assert stranger.get(page_of(office.cases.first) + suffix).status_code == 404
    assert stranger.get(page_of(UUID(int=7))).status_code == 404


def test_above_the_clearance_there_is_no_such_recommendation(office: Office) -> None:
    with office.service.transaction() as connection:
        recommendation_rows.change(
            connection, office.cases.first, office.clock.now, classification="top_secret"
        )
        person = users.by_username(connection, "coordinator")
        assert person
        users.change(connection, person.id, {"clearance": "restricted"})
    coordinator = office.enter("coordinator")
    assert coordinator.get(page_of(office.cases.first)).status_code == 404
    assert listed(coordinator.get("/recommendations")) == [page_of(office.cases.second)]
    assert "REK-2026-0001" not in words(coordinator.get("/inventory"))


# --- taking one back ----------------------------------------------------------------------------


def test_a_withdrawal_is_proposed_with_its_reason_and_decided_by_a_supervisor(
    office: Office,
) -> None:
    coordinator, supervisor = office.enter("coordinator"), office.enter("asdep")
    address = page_of(office.cases.first) + "/withdrawal"
    coordinator.get(address)
    assert coordinator.post(address, {"reason": " "}).status_code == 422
    sent = coordinator.post(address, {"reason": "Dasar hukumnya diganti."}, follow_redirects=True)
    assert "A supervisor decides" in words(sent)
    assert "Withdrawal proposed" in words(sent)
    assert 'href="' + address not in text(sent), "once is enough"
    task = office.task("decide_withdrawal")
    shown = words(supervisor.get(task))
    assert "Dasar hukumnya diganti." in shown
    assert "2 follow-ups are still open." in shown
    supervisor.post(f"{task}/complete", {"withdraw": "yes", "reason": "Setuju, diganti."})
    office.service.engine.run_due()
    page = words(office.enter("kemhan").get(page_of(office.cases.first)))
    assert "Withdrawn" in page
    assert "Withdrawal decided" in page
    assert "Setuju, diganti." in page
    assert "Dasar hukumnya diganti." in page
    case = words(office.enter("kemhan").get(case_of(office, office.cases.first, "kemhan")))
    head, story = case[: case.index("What is asked")], case[case.index("Timeline") :]
    assert "The whole recommendation was withdrawn. Setuju, diganti." in head
    assert "The whole recommendation withdrawn Setuju, diganti." in story


def test_an_institution_cannot_propose_a_withdrawal(office: Office) -> None:
    address = page_of(office.cases.first) + "/withdrawal"
    assert office.enter("kemhan").get(address).status_code == 403
    assert office.enter("kemhan").post(address, {"reason": "x"}).status_code == 403


# --- all reports --------------------------------------------------------------------------------


def test_the_compilation_holds_reports_statements_and_who_printed_it(office: Office) -> None:
    say_orally(office, "kemenperin", "Sedang dibahas.")
    coordinator = office.enter("coordinator")
    page = words(coordinator.get(page_of(office.cases.second) + "/compilation"))
    assert "REK-2026-0002" in page
    assert "Restricted Compilation of reports" in page
    assert "printed by" in page
    assert office.cases.receipt in page
    assert "Kapasitas naik 20 persen." in page
    assert "Data belum lengkap." in page, "what the coordinator found"
    assert "bukti.pdf" in page
    first = words(coordinator.get(page_of(office.cases.first) + "/compilation"))
    assert "No written report has been handed in." in first
    assert "Oral, not confirmed in writing" in first


def test_an_institution_compiles_its_own_reports_only(office: Office) -> None:
    page = words(office.enter("kemenkeu").get(page_of(office.cases.second) + "/compilation"))
    assert office.cases.receipt in page
    assert "Data belum lengkap." not in page
    assert "Kemhan" not in page


@pytest.mark.parametrize("username", ["coordinator", "kemenkeu"])
def test_the_way_back_from_the_compilation_is_open_to_its_reader(
    office: Office, username: str
) -> None:
    reader = office.enter(username)
    page = text(reader.get(page_of(office.cases.second) + "/compilation"))
    crumbs = page[page.index('class="crumbs') : page.index("<h1")]
    ways = re.findall(r'href="([^"]+)"', crumbs)
    assert len(ways) == 2
    assert [reader.get(way).status_code for way in ways] == [200, 200]


def test_of_a_report_above_the_clearance_the_compilation_names_receipt_and_date_alone(
    office: Office,
) -> None:
    with office.service.transaction() as connection:
        connection.execute(
            update(report)
            .where(report.c.receipt_number == office.cases.receipt)
            .values(classification="secret")
        )
        person = users.by_username(connection, "coordinator")
        assert person
        users.change(connection, person.id, {"clearance": "restricted"})
    page = words(office.enter("coordinator").get(page_of(office.cases.second) + "/compilation"))
    assert office.cases.receipt in page
    assert "Classified above your clearance" in page
    for said in ("Kapasitas naik 20 persen.", "B/12/2026", "bukti.pdf"):
        assert page.count(said) == 1, "the other institution's report"
    assert "Data belum lengkap." in page
