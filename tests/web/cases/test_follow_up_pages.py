"""Follow-ups on screen: the list, one case in full, and the acts beside its tasks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from engine.storage.tables import task
from engine.time.calendar import Calendar
from processes.storage.cases import follow_up_rows
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership
from processes.storage.tables.follow_ups import follow_up
from tests.processes.stories.world import MONDAY
from tests.web.conftest import Office, text

TAGS = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.DOTALL)
WISH = {"deadline": "20/6/2026", "reason": "Menunggu data pengguna.", "letter_number": "B/7/2026"}


def words(response: TestResponse) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", text(response))))


def case_of(office: Office, recommendation: UUID, institution: str) -> str:
    """Address of an institution's follow-up."""
    with office.service.reading() as connection:
        found = follow_up_rows.of_recommendation(connection, recommendation)
    return f"/follow-ups/{next(one.id for one in found if one.institution == institution)}"


def returned(office: Office) -> str:
    """kemhan's case whose report was returned."""
    return case_of(office, office.cases.second, "kemhan")


def listed(response: TestResponse) -> list[str]:
    """Addresses of the cases in a list."""
    return re.findall(r'class="row-link" href="(/follow-ups/[^"]+)"', text(response))


def english(office: Office, *usernames: str) -> None:
    """These people read English; it is what the tests compare with."""
    with office.service.transaction() as connection:
        for username in usernames:
            user = users.by_username(connection, username)
            assert user is not None
            users.change(connection, user.id, {"locale": "en"})


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemhan-head", "kemenperin", "coordinator", "asdep", "admin")


# --- the list -----------------------------------------------------------------------------------


def test_an_institution_sees_its_own_cases_and_a_coordinator_all(office: Office) -> None:
    own = {case_of(office, one, "kemhan") for one in (office.cases.first, office.cases.second)}
    assert set(listed(office.enter("kemhan").get("/follow-ups"))) == own
    assert len(listed(office.enter("coordinator").get("/follow-ups"))) == 4
    assert listed(office.enter("owner").get("/follow-ups")) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("stage=evaluate", 1),
        ("time=ended", 0),
        ("time=on_time", 3),
        ("time=late", 1),
        ("institution=kemhan", 2),
        ("institution=kemhan&stage=acknowledge", 1),
        ("verdict=not_yet_conforms", 1),
        ("role=lead", 2),
        ("level=4", 0),
        ("stage=nonsense", 4),
    ],
)
def test_the_list_is_narrowed_by_its_address(office: Office, query: str, count: int) -> None:
    assert len(listed(office.enter("coordinator").get(f"/follow-ups?{query}"))) == count


def test_each_filter_that_is_on_can_be_taken_out_alone(office: Office) -> None:
    recommendation = office.cases.second
    page = office.enter("coordinator").get(
        f"/follow-ups?stage=implement&institution=kemhan&recommendation={recommendation}"
    )
    chips = re.findall(r'class="chip" href="([^"]+)"', text(page))
    assert [unescape(chip).count("=") for chip in chips] == [2, 2, 2]
    assert "stage=implement" not in chips[0]


def test_a_list_without_cases_says_why(office: Office) -> None:
    coordinator = office.enter("coordinator")
    assert "Nothing fits these filters" in words(coordinator.get("/follow-ups?stage=closed"))
    admin = office.enter("admin")
    assert "There is no follow-up that you may see." in words(admin.get("/follow-ups"))
    with office.service.transaction() as connection:
        user = users.by_username(connection, "admin")
        assert user is not None
        newcomer = Grants({"admin": None}, frozenset({Membership("brin", "contact")}))
        users.replace_grants(connection, user.id, newcomer)
    assert "issued to your institution yet" in words(admin.get("/follow-ups"))


# --- one case -----------------------------------------------------------------------------------


def test_a_case_shows_its_three_facts_as_three_marks(office: Office) -> None:
    office.clock.now = MONDAY + timedelta(days=90)
    office.service.engine.run_due()
    said = words(office.enter("coordinator").get(returned(office)))
    assert "Implementation" in said
    assert "working days overdue" in said
    assert any(level in said for level in ("Assistant Deputy", "Deputy", "Coordinating Minister"))


def test_on_a_weekend_no_page_says_that_the_work_of_friday_is_due_today(office: Office) -> None:
    friday = Calendar().end_of(date(2026, 1, 30))
    with office.service.transaction() as connection:
        connection.execute(update(task).where(task.c.status == "open").values(due_at=friday))
    office.clock.now = friday + timedelta(hours=12)
    coordinator, kemhan = office.enter("coordinator"), office.enter("kemhan")
    assert "Overdue" in words(kemhan.get("/inbox"))
    for who, url in (
        (kemhan, "/inbox"), (kemhan, office.task("acknowledge")), (kemhan, returned(office)),
        (coordinator, "/follow-ups"), (coordinator, "/inventory"),
        (coordinator, "/recommendations"),
        (coordinator, f"/recommendations/{office.cases.second}"),
    ):  # fmt: skip
        said = words(who.get(url))
        assert "Overdue" in said, url
        assert "Due today" not in said, url


def test_a_returned_case_tells_its_round_and_claim_and_finding_with_both_dates(
    office: Office,
) -> None:
    said = words(office.enter("kemhan").get(returned(office)))
    assert "Round 2" in said
    assert "Step 3 of 5: Implementation" in said
    claim, finding = said.index("Claimed by the K/L"), said.index("Found by the coordinator")
    assert re.search(r"Round 1: 100% Conforms, \w+, \d", said[claim:finding])
    assert re.search(r"Does not conform yet \w+, \d", said[finding : finding + 120])


def test_the_open_task_is_the_one_button_of_whoever_holds_it(office: Office) -> None:
    case, task = returned(office), office.task("implement")
    primary = f'class="btn btn-primary" href="{task}"'
    assert primary in text(office.enter("kemhan").get(case))
    for other in ("kemhan-head", "coordinator", "asdep"):
        assert "btn-primary" not in text(office.enter(other).get(case)), other


def test_a_report_stands_with_receipt_file_and_verdict(office: Office) -> None:
    page = office.enter("kemenkeu").get(case_of(office, office.cases.second, "kemenkeu"))
    assert f'href="/receipts/{office.cases.receipt}"' in text(page)
    assert re.search(r'href="/evidence/[^"]+">bukti.pdf', text(page))


def test_the_picture_and_the_table_tell_the_same_position(office: Office) -> None:
    person = office.enter("kemhan")
    page = person.get(returned(office))
    assert '"current": ["implement"]' in text(page)
    assert re.search(r"Implement and record progress \S+ Current position", words(page))
    drawing = person.get(f"{returned(office)}/drawing")
    assert drawing.mimetype == "application/xml"
    assert b'id="implement"' in drawing.data


def test_the_timeline_is_narrowed_to_one_kind(office: Office) -> None:
    person = office.enter("kemhan")
    whole, decisions = (
        words(person.get(f"{returned(office)}{query}")).partition("Timeline")[2]
        for query in ("", "?show=decision")
    )
    assert "Action plan, version 1" in whole
    assert "Evaluated: does not conform yet, returned" in whole
    assert "Evaluated: does not conform yet, returned" in decisions
    assert "Action plan, version 1" not in decisions


def test_an_escalation_in_the_timeline_tells_when_it_was_planned_and_how_late_it_fired(
    office: Office,
) -> None:
    office.clock.now = MONDAY + timedelta(days=90)
    office.service.engine.run_due()
    said = words(office.enter("asdep").get(f"{returned(office)}?show=escalation"))
    assert re.search(r"planned \w+, \d+ \w+ 2026 \d\d:\d\d WIB, \d+ days", said)
    assert ": Implement and record progress, for " in said, "a task is called as on its own page"


def test_what_an_institution_wrote_is_text_and_never_markup(office: Office) -> None:
    coordinator, case = office.enter("coordinator"), returned(office)
    said = {"text": "<b>80</b> persen", "said_by": "Direktur", "said_on": "14/1/2026"}
    coordinator.post(f"{case}/statement", said)
    assert "&lt;b&gt;80&lt;/b&gt; persen" in text(coordinator.get(case))


# --- rights -------------------------------------------------------------------------------------


def test_anothers_case_does_not_exist_on_any_of_its_pages(office: Office) -> None:
    case, task = returned(office), office.task("implement")
    other = office.enter("kemenperin")
    for url in (case, f"{case}/drawing", f"{case}/extension", f"{case}/statement"):
        assert other.get(url).status_code == 404, url
    for url in (f"{task}/remind", f"{task}/extend", f"{task}/reassign"):
        assert other.get(url).status_code == 404, url
        assert other.post(url, {"to": "kemenperin"}).status_code == 404, url
    for url in ("extension", "extension/check", "extension/send", "statement", "kind"):
        assert other.post(f"{case}/{url}", WISH).status_code == 404, url


def test_a_reader_without_clearance_does_not_see_that_there_is_a_case(office: Office) -> None:
    with office.service.transaction() as connection:
        user = users.by_username(connection, "kemhan")
        assert user is not None
        users.change(connection, user.id, {"clearance": "ordinary"})
    person = office.enter("kemhan")
    assert person.get(returned(office)).status_code == 404
    assert returned(office) not in listed(person.get("/follow-ups"))


def test_who_reads_a_case_may_not_for_that_reason_act_in_it(office: Office) -> None:
    case = returned(office)
    assert office.enter("kemhan").get(f"{case}/statement").status_code == 403
    assert office.enter("kemhan").post(f"{case}/kind", {"kind": "other"}).status_code == 403
    assert office.enter("coordinator").get(f"{case}/extension").status_code == 403
    assert office.enter("asdep").post(f"{case}/extension/send", WISH).status_code == 403


# --- a later deadline ---------------------------------------------------------------------------


def test_a_request_is_checked_in_words_before_it_is_sent(office: Office) -> None:
    person, case = office.enter("kemhan"), returned(office)
    check = words(person.post(f"{case}/extension/check", WISH))
    assert "Saturday, 20 June 2026" in check
    told = "working day before it is Fri, 19 Jun 2026, the one after it Mon, 22 Jun 2026."
    assert told in check, "a deadline on a free day is told before it is asked for"
    present = (
        "Present deadline Friday, 20 March 2026 Rework deadline; it was Thu, 30 Apr 2026 before."
    )
    whole = "Deadline of the recommendation Thursday, 30 April 2026"
    for page in (check, words(person.get(f"{case}/extension"))):
        assert present in page, "form and check show one deadline"
        assert whole in page
    back = person.post(f"{case}/extension", WISH)
    assert 'value="20/6/2026"' in text(back)
    sent = person.post(f"{case}/extension/send", WISH, follow_redirects=True)
    assert "A supervisor decides" in words(sent)
    assert "Until Sat, 20 Jun 2026" in words(sent)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"deadline": "besok"}, "as a date"),
        ({"deadline": "1/2/2026"}, "must be later than the present one"),
        ({"deadline": "20/3/2026"}, "must be later than the present one"),
        ({"reason": ""}, "Error:"),
    ],
)
def test_a_wrong_request_keeps_what_was_typed(
    office: Office, changed: dict[str, str], message: str
) -> None:
    person, case = office.enter("kemhan"), returned(office)
    for step in ("check", "send"):
        answer = person.post(f"{case}/extension/{step}", {**WISH, **changed})
        assert answer.status_code == 422
        assert message in words(answer)
        assert "B/7/2026" in text(answer)


def test_a_second_request_waits_for_the_decision_on_the_first(office: Office) -> None:
    person, case = office.enter("kemhan"), returned(office)
    person.post(f"{case}/extension/send", WISH)
    assert f'href="{case}/extension"' not in text(person.get(case)), "once is enough"
    waits = words(person.get(f"{case}/extension"))
    assert "has not been decided yet" in waits
    assert "Check request" not in waits
    second = person.post(f"{case}/extension/send", {**WISH, "reason": "Alasan kedua."})
    assert second.status_code == 409
    assert "Alasan kedua." in text(second)


def test_a_supervisor_decides_with_the_request_in_view_and_the_deadline_moves(
    office: Office,
) -> None:
    case = returned(office)
    office.enter("kemhan").post(f"{case}/extension/send", WISH)
    office.service.engine.run_due()
    task, supervisor = office.task("decide_extension"), office.enter("asdep")
    page = words(supervisor.get(task))
    assert "Saturday, 20 June 2026" in page
    assert "Menunggu data pengguna." in page
    assert "Kemhan" in page[page.index("Menunggu data pengguna.") :]
    counts = "Friday, 20 March 2026 Rework deadline; it was Thu, 30 Apr 2026 before."
    assert f"Present deadline {counts}" in page
    assert 'name="new_deadline" value="20/6/2026"' in text(supervisor.get(task))
    answer = {"decision": "granted", "new_deadline": "12/6/2026", "reason": "Dapat diterima."}
    assert supervisor.post(f"{task}/check", answer).status_code == 302
    checked = words(supervisor.get(f"{task}/check"))
    assert "moves from Friday, 20 March 2026 to Friday, 12 June 2026." in checked
    assert "past the deadline of the recommendation, Thursday, 30 April 2026" in checked
    supervisor.post(f"{task}/complete", answer)
    said = words(office.enter("kemhan").get(case))
    moved = (
        "Deadline of the follow-up Fri, 12 Jun 2026 moved on Thu, 15 Jan 2026; it was Thu, 30 Apr"
    )
    assert moved in said
    assert "New deadline Fri, 12 Jun 2026 Deadline before Thu, 30 Apr 2026" in said
    assert "Deadline of the recommendation Thu, 30 Apr 2026" in said
    assert "Granted" in said
    assert "Dapat diterima." in said


# --- what was claimed, round by round -----------------------------------------------------------

EARLIER = "Round 1: 100% Conforms"


def test_after_a_return_the_claim_stands_as_that_of_the_round_it_was_made_in(
    office: Office,
) -> None:
    person, case = office.enter("kemhan"), returned(office)
    said = words(person.get(case))
    assert f"Nothing claimed in round 2 yet. {EARLIER}, Mon, 5 Jan 2026" in said
    assert EARLIER in words(person.get("/follow-ups"))
    overview = words(office.enter("coordinator").get(f"/recommendations/{office.cases.second}"))
    assert EARLIER in overview
    task = office.task("implement", "kemhan")
    assert "Progress of round 1: 100%" in words(person.get(task))


def test_what_is_claimed_in_the_new_round_takes_nothing_over_from_the_one_before(
    office: Office,
) -> None:
    person, case = office.enter("kemhan"), returned(office)
    halfway = {"percent": "40", "narrative": "Data dilengkapi.", "done": "no"}
    task = office.task("implement", "kemhan")
    assert person.post(f"{task}/complete", halfway).status_code == 302
    said = words(person.get(case))
    claim = said[said.index("Claimed by the K/L") : said.index("Found by the coordinator")]
    assert claim.split()[4:] == ["40%", "Thu,", "15", "Jan", "2026", "09:00", "WIB"]
    assert "Progress: 40%" in words(person.get(office.task("implement", "kemhan")))


# --- oral statements and kind -------------------------------------------------------------------


def test_an_oral_statement_stays_marked_as_not_confirmed(office: Office) -> None:
    coordinator, case = office.enter("coordinator"), returned(office)
    said = {"text": "Sudah 80 persen.", "said_by": "Direktur X", "said_on": "14/1/2026"}
    coordinator.post(f"{case}/statement", said)
    page = words(office.enter("kemhan").get(case))
    assert "Not confirmed in writing Sudah 80 persen. Direktur X, Wed, 14 Jan 2026" in page


def test_a_statement_without_day_or_words_is_refused_with_every_entry_kept(office: Office) -> None:
    coordinator, case = office.enter("coordinator"), returned(office)
    answer = coordinator.post(
        f"{case}/statement", {"text": "", "said_by": "Direktur X", "said_on": "31/2/2026"}
    )
    assert answer.status_code == 422
    assert "Write what was said." in words(answer)
    assert "Please write a date" in words(answer)
    assert 'value="Direktur X"' in text(answer)


def test_the_kind_of_work_is_noted_by_the_coordinator(office: Office) -> None:
    coordinator, case = office.enter("coordinator"), returned(office)
    coordinator.post(f"{case}/kind", {"kind": "technical_coordination"})
    assert "Kind of work Technical coordination" in words(office.enter("kemhan").get(case))
    assert coordinator.post(f"{case}/kind", {"kind": "nonsense"}).status_code == 422


# --- ended is not done --------------------------------------------------------------------------

TICK = "mark--done"


@pytest.mark.parametrize(
    ("status", "verdict", "done"),
    [
        ("closed", "conforms", True),
        ("closed", "cannot_be_followed_up", False),
        ("withdrawn", "not_yet_conforms", False),
        ("withdrawn", None, False),
    ],
)
def test_only_what_conforms_bears_the_mark_of_what_is_done(
    status: str, verdict: str | None, done: bool, office: Office
) -> None:
    with office.service.transaction() as connection:
        mine = follow_up.c.recommendation_id == office.cases.first
        ended = {"status": status, "verdict": verdict, "verdict_at": MONDAY, "closed_at": MONDAY}
        connection.execute(update(follow_up).where(mine).values(ended))
    coordinator = office.enter("coordinator")
    case = f"/recommendations/{office.cases.first}"
    positions = body(text(coordinator.get(case)))
    rows = body(text(coordinator.get(f"/follow-ups?recommendation={office.cases.first}")))
    assert (TICK in positions, TICK in rows) == (done, done)
    page = text(coordinator.get(case_of(office, office.cases.first, "kemhan")))
    head = page[page.index('<p class="marks">') : page.index('<div class="case">')]
    assert (TICK in head) == done


def body(page: str) -> str:
    """The rows of the first table of a page."""
    return page[page.index("<tbody") : page.index("</tbody>")]


def test_a_list_shows_the_deadline_that_it_is_sorted_by_beside_that_of_the_open_work(
    office: Office,
) -> None:
    """The open work is due before the follow-up itself: both days stand in the row."""
    page = words(office.enter("coordinator").get("/follow-ups?sort=deadline"))
    assert re.search(r"2026 \d+ working days (left|overdue) follow-up: Thu, 30 Apr 2026", page)
