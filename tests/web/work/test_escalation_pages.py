"""The board of late work, and the three acts on a row: remind, extend, reassign."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from processes.register.states import MailState
from processes.storage.cases import follow_up_rows
from processes.storage.notices import mail_rows
from processes.storage.people import users
from processes.storage.people.users import Grants
from processes.storage.tables.notices import mail
from tests.processes.stories.world import MONDAY, enter
from tests.web.cases.test_follow_up_pages import english, words
from tests.web.conftest import Office, text

FROM_BOARD = {"from": "escalations"}


@pytest.fixture(autouse=True)
def late(office: Office) -> None:
    """Ninety days on, with everything run that was due by then, and told to English readers."""
    english(office, "kemhan", "kemhan-head", "kemenperin", "coordinator", "asdep")
    for week in range(2, 13):
        office.clock.now = MONDAY + timedelta(days=7 * week)
        office.service.engine.run_due()


def test_what_is_late_stands_by_level_highest_first(office: Office) -> None:
    page = office.enter("asdep").get("/escalations")
    levels = [int(n) for n in re.findall(r'<h2[^>]*><span class="level level--(\d)', text(page))]
    assert levels == sorted(levels, reverse=True)
    assert levels
    said = words(page)
    assert "Kemhan: " in said
    assert "working days overdue" in said
    assert re.search(r"since \w+, \d+ \w+ 2026", said)
    assert re.search(r"planned \w+, \d+ \w+ 2026 \d\d:\d\d WIB", said)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (MailState.SENT, r" – sent \w{3}, \d+ \w{3} 2026 \d\d:\d\d WIB"),
        (MailState.FAILED, " – could not be sent"),
        (MailState.SHOWN, " – not sent, only in the outbox"),
    ],
)
def test_whoever_an_escalation_is_for_was_told_when_the_mail_went_out_or_not_at_all(
    office: Office, state: MailState, said: str
) -> None:
    with office.service.transaction() as connection:
        at = office.clock.now if state is MailState.SENT else None
        connection.execute(update(mail).values(state=state, sent_at=at))
    board = office.enter("asdep").get("/escalations")
    case = re.search(r'href="(/follow-ups/[^"]+)"', text(board))
    assert case
    for page in (words(board), words(office.enter("asdep").get(f"{case[1]}?show=escalation"))):
        assert re.search(said, page)
        assert " – no mail was written" not in page
        assert (" – sent " in page) is (state is MailState.SENT)


def test_before_the_digest_goes_out_leaders_have_not_been_told(office: Office) -> None:
    def board_with_a_digest_of(day: date) -> str:
        with office.service.transaction() as connection:
            newest = connection.execute(select(func.max(mail.c.digest_day))).scalar_one()
            waiting = update(mail).where(mail.c.digest_day == newest)
            connection.execute(waiting.values(digest_day=day, state=MailState.QUEUED, sent_at=None))
        return words(office.enter("asdep").get("/escalations"))

    tomorrow, today = (office.clock.now.date() + timedelta(days=n) for n in (1, 0))
    assert f" – goes out {tomorrow:%a, %-d %b %Y} 07:00 WIB" in board_with_a_digest_of(tomorrow)
    late = board_with_a_digest_of(today)
    assert " – waits to be sent" in late, "at seven it did not go out"
    assert " – goes out" not in late


def test_an_english_reader_finds_the_levels_of_the_shipped_table_in_english(
    office: Office,
) -> None:
    supervisor = office.enter("asdep")
    case = re.search(r'href="(/follow-ups/[^"]+)"', text(supervisor.get("/escalations")))
    assert case
    for url in ("/escalations", "/follow-ups?level=4", "/inventory", case[1]):
        said = words(supervisor.get(url))
        assert "Coordinating Minister" in said, url
        assert not re.search("Menko:|Pengingat|pimpinan", said), url


def test_a_supervisor_gets_all_acts_a_coordinator_reminds_and_a_head_moves_nothing(
    office: Office,
) -> None:
    acts = {"asdep": 4, "coordinator": 2, "kemhan-head": 2}  # two of them with a letter to sign
    for username, count in acts.items():
        row = text(office.enter(username).get("/escalations")).partition("block-table__acts")[2]
        assert row.partition("</td>")[0].count("<a ") == count, username


def test_leadership_sees_its_own_institution_only_and_contacts_no_board(office: Office) -> None:
    said = words(office.enter("kemhan-head").get("/escalations"))
    assert "Kemhan" in said
    assert "Kemenperin" not in said
    assert office.enter("kemhan").get("/escalations").status_code == 403


def test_a_reminder_reaches_the_holder_and_is_told_in_the_history(office: Office) -> None:
    task, coordinator = office.task("acknowledge"), office.enter("coordinator")
    assert "Kemhan" in words(coordinator.get(f"{task}/remind"))
    board = coordinator.post(f"{task}/remind", FROM_BOARD, follow_redirects=True)
    assert board.request.path == "/escalations"
    assert "The reminder to Kemhan waits to be sent." in words(board)
    assert "Reminded Coordinator" in words(board)
    with office.service.reading() as connection:
        newest = mail_rows.page(connection, limit=1)[0]
    assert newest.to_user == "kemhan"


def test_an_extension_takes_the_case_off_the_board(office: Office) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    shown = f'href="{task}/remind'
    assert shown in text(supervisor.get("/escalations"))
    wish = {"due": "1/6/2026", "reason": "Menunggu surat.", **FROM_BOARD}
    unsaid = words(supervisor.post(f"{task}/extend", wish))
    assert "Tick this to move the follow-up past the recommendation's deadline" in unsaid
    assert shown in text(supervisor.get("/escalations")), "nothing was moved"
    wish["case_too"] = "true"
    board = supervisor.post(f"{task}/extend", wish, follow_redirects=True)
    assert "The deadline is moved to Mon, 1 Jun 2026" in words(board)
    assert shown not in text(board)


def test_a_new_deadline_in_the_past_is_called_that_and_no_holder_chosen_is_asked_for(
    office: Office,
) -> None:
    english(office, "asdep")
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    past = supervisor.post(f"{task}/extend", {"due": "1/1/2026", "reason": "Perlu."})
    assert "This date must lie in the future." in text(past)
    nobody = text(supervisor.post(f"{task}/reassign", {"to": "", "reason": "Cuti."}))
    assert "Choose one of the people this task was offered to." in nobody
    assert nobody.count("Please correct the marked fields.") == 1


@pytest.mark.parametrize("wrong", [{"due": "1/1/2026"}, {"due": "soon"}, {"reason": " "}])
def test_a_wrong_extension_keeps_what_was_typed(office: Office, wrong: dict[str, str]) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    answer = supervisor.post(f"{task}/extend", {"due": "1/6/2026", "reason": "Perlu.", **wrong})
    assert answer.status_code == 422
    assert "1/6/2026" in text(answer) or "Perlu." in text(answer)


def test_leadership_and_coordinators_cannot_move_a_deadline(office: Office) -> None:
    task = office.task("acknowledge")
    for username in ("kemhan-head", "coordinator"):
        person = office.enter(username)
        assert person.get(f"{task}/extend").status_code == 403, username
        assert person.post(f"{task}/extend", {"due": "1/6/2026"}).status_code == 403, username


def test_who_had_a_task_can_no_longer_complete_it_once_it_is_reassigned(office: Office) -> None:
    office.colleague("kemhan")
    task, head, before = office.task("acknowledge"), office.enter("kemhan-head"), "kemhan"
    office.enter(before).post(f"{task}/claim")
    assert "Sinta Wijaya" in words(head.get(f"{task}/reassign"))
    case = head.post(f"{task}/reassign", {"to": "second", "reason": "Cuti."}, follow_redirects=True)
    assert case.request.path.startswith("/follow-ups/")
    assert "The task is with Sinta Wijaya now." in words(case)
    assert "passed on to Sinta Wijaya" in words(case)
    answer = {"response": "accepted", "contact": "Rina"}
    assert office.enter(before).post(f"{task}/complete", answer).status_code == 403
    assert office.enter("second").post(f"{task}/complete", answer).status_code == 302


def test_leadership_does_not_pass_on_what_the_ministry_does_in_its_case(office: Office) -> None:
    contact, head = office.enter("kemhan"), office.enter("kemhan-head")
    question = {"response": "clarification", "contact": "Rina", "explanation": "Tahun berapa?"}
    contact.post(f"{office.task('acknowledge')}/complete", question)
    task = office.task("answer_clarification")
    assert head.get(task).status_code == 200
    assert head.get(f"{task}/reassign").status_code == 403
    assert head.post(f"{task}/reassign", {"to": "coordinator"}).status_code == 403
    assert head.post(f"{task}/pass-on", {"to": "coordinator"}).status_code == 403


def test_a_task_cannot_leave_its_institution(office: Office) -> None:
    office.colleague("kemhan")
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    answer = supervisor.post(f"{task}/reassign", {"to": "kemenperin", "reason": "Coba."})
    assert answer.status_code == 422
    assert "Coba." in text(answer)


def test_where_nobody_else_can_take_a_task_the_page_says_so(office: Office) -> None:
    task, head = office.task("acknowledge"), office.enter("kemhan-head")
    office.enter("kemhan").post(f"{task}/claim")
    page = head.get(f"{task}/reassign")
    assert "nobody else with an active account" in words(page)
    assert "btn-primary" not in text(page)


def test_a_case_without_anybody_to_tell_says_so(office: Office) -> None:
    with office.service.transaction() as connection:
        for name in ("kemhan", "kemhan-head", "asdep", "deputi", "menko"):
            user = users.by_username(connection, name)
            assert user is not None
            users.change(connection, user.id, {"active": False})
    office.clock.now = MONDAY + timedelta(days=100)
    office.service.engine.run_due()
    said = words(office.enter("coordinator").get("/escalations"))
    assert "Nobody could be told but the administrators" in said


def test_a_deadline_moved_to_a_free_day_is_told_with_the_working_days_around_it(
    office: Office,
) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    assert "The working day before it" not in words(supervisor.get(f"{task}/extend"))
    wish = {"due": "6/6/2026", "reason": " ", "case_too": "true"}
    told = "The working day before it is Fri, 5 Jun 2026, the one after it Mon, 8 Jun 2026."
    refused = supervisor.post(f"{task}/extend", wish)
    assert told in words(refused)
    assert 'data-takes="5/6/2026"' in text(refused)
    checked = supervisor.post(f"{task}/extend", {**wish, "reason": "Perlu.", "act": "check"})
    assert told in words(checked)


def test_a_board_without_rows_names_the_nearest_deadline(office: Office) -> None:
    supervisor = office.enter("asdep")
    for task in office.service.engine.tasks(limit=100):
        supervisor.post(
            f"/tasks/{task.id}/extend", {"due": "1/6/2026", "reason": "Semua.", "case_too": "true"}
        )
    assert "No escalations. Nearest deadline: Mon, 1 Jun 2026." in words(
        supervisor.get("/escalations")
    )


def test_a_task_that_was_completed_meanwhile_takes_no_act(office: Office) -> None:
    task, supervisor = office.task("acknowledge"), office.enter("asdep")
    office.enter("kemhan").post(f"{task}/complete", {"response": "accepted", "contact": "Rina"})
    assert "This task is not open any more." in words(supervisor.get(f"{task}/remind"))
    late = supervisor.post(f"{task}/extend", {"due": "1/6/2026", "reason": "Terlambat."})
    assert late.status_code == 409
    assert "Terlambat." in text(late)


def test_the_first_page_of_a_supervisor_begins_with_what_waits_for_their_decision(
    office: Office,
) -> None:
    with office.service.reading() as connection:
        parts = follow_up_rows.of_recommendation(connection, office.cases.first)
    case = next(one.id for one in parts if one.institution == "kemhan")
    wish = {"deadline": "31/12/2026", "reason": "Tender diulang."}
    office.enter("kemhan").post(f"/follow-ups/{case}/extension/send", wish)
    office.service.engine.run_due()
    page = text(office.enter("asdep").get("/escalations"))
    decision = page.index(office.task("decide_extension"))
    assert page.index("Waiting for your decision") < decision < page.index('<span class="level')
    assert "Waiting for your decision" not in text(office.enter("coordinator").get("/escalations"))


def test_the_decisions_that_the_first_page_counts_are_those_of_one_tab_of_the_inbox(
    office: Office,
) -> None:
    """Two supervisors are offered the same: it is nobody's own, and each of them may decide it."""
    with office.service.transaction() as connection:
        enter(connection, "asdep-2", Grants({"supervisor": "asdep"}, frozenset()))
        parts = follow_up_rows.of_recommendation(connection, office.cases.first)
    case = next(one.id for one in parts if one.institution == "kemhan")
    wish = {"deadline": "31/12/2026", "reason": "Tender diulang."}
    office.enter("kemhan").post(f"/follow-ups/{case}/extension/send", wish)
    office.service.engine.run_due()
    supervisor, task = office.enter("asdep"), office.task("decide_extension")
    told = re.search(
        r'<a class="count" href="(/inbox[^"]+)">(\d+)', text(supervisor.get("/escalations"))
    )
    assert told, "the number is a link"
    behind = text(supervisor.get(told[1]))
    assert behind.count('class="row-link"') == int(told[2])
    assert task in behind
    assert task not in text(supervisor.get("/inbox?tab=mine")), "nobody has taken it"
    assert office.enter("coordinator").get(told[1]).status_code == 404, "they decide nothing"


@pytest.mark.parametrize(
    ("act", "typed"),
    [("extend", {"due": "28/4/2026"}), ("reassign", {"to": "second"})],
)
def test_the_check_of_an_act_on_a_task_names_the_case(
    office: Office, act: str, typed: dict[str, str]
) -> None:
    office.colleague("kemhan")
    url = f"{office.task('acknowledge')}/{act}"
    sent = {**typed, "reason": "Cuti.", "act": "check"}
    check = words(office.enter("asdep" if act == "extend" else "kemhan-head").post(url, sent))
    assert re.search(r"REK-2026-\d+ .+ – Kemhan", check), check
