"""What somebody besides the institution is told of a decision: to whom, and in which words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import update

import processes
from processes.ground.outcomes import Outcome, Tiding, decided
from processes.notices import tidings
from processes.notices.texts.letters import Subject
from processes.storage.people import users
from processes.storage.tables.recommendations import recommendation
from tests.processes.lifecycle.conftest import Desk
from tests.processes.made_cases import a_case
from tests.processes.notices.conftest import NOTIFIER, mails, told
from tests.processes.notices.test_letter_texts import ABOUT, NAME, OPEN, PAPER, SECRET, read

DUE: Final = date(2026, 12, 1)


def written(
    word: str, about: Subject = ABOUT, due: date | None = None, reason: str = ""
) -> tuple[str, list[str]]:
    return read(tidings.written(Tiding(word, reason=reason), about, due, PAPER))


@pytest.mark.parametrize(
    ("word", "subject", "said"),
    [
        ("not_carried_over", "Left to finish", "which does not ask it."),
        ("not_withdrawn", "Left to finish", "its process cannot be ended from outside."),
        ("ended_meanwhile", "Not issued again", "it had ended when the next one was issued."),
        ("closed_over_open", "Closed with open follow-ups", "are still open."),
        ("closed_late", "Closed after its recommendation", "has been closed now."),
        ("withdrawn_late", "Withdrawn after its recommendation", "has been withdrawn now."),
        ("recipients_approved", "Change of institutions approved", "takes effect now."),
        ("recipients_refused", "Change of institutions refused", "stay as they are."),
        ("withdrawal_approved", "Withdrawal approved", "you proposed was approved."),
        ("withdrawal_refused", "Withdrawal refused", "the recommendation goes on."),
        (
            "not_feasible_approved",
            "Closed as it cannot be followed up",
            "and it is closed now.",
        ),
    ],
)
def test_a_letter_says_what_was_decided_and_leads_to_the_case(
    word: str, subject: str, said: str
) -> None:
    heading, paragraphs = written(word)
    assert heading == f"{subject}: {NAME}"
    assert paragraphs[0].endswith(said)
    assert paragraphs[-1] == OPEN


@pytest.mark.parametrize("word", ["withdrawal_lapsed", "change_lapsed"])
def test_a_lapse_names_the_case_and_leads_to_it(word: str) -> None:
    heading, paragraphs = written(word)
    assert heading.endswith(f": {NAME}") and "lapsed" in heading.lower()
    assert paragraphs[-1] == OPEN


def test_who_may_open_the_draft_no_more_gets_no_link_to_it() -> None:
    heading, paragraphs = written("left_out")
    assert "not addressed to your institution any more" in heading
    assert not [one for one in paragraphs if "://" in one]


def test_every_word_that_a_handler_says_has_its_letter() -> None:
    """A word without a letter would stop the step in which it is said."""
    root = Path(processes.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    said = set(re.findall(r'Tiding\(\s*"(\w+)"', code))
    assert len(said) >= 5
    assert said <= set(tidings.LETTERS)
    unsaid = {word for word in tidings.LETTERS if code.count(f'"{word}"') < 2}
    assert unsaid == set(), "a letter that nobody sends"


def test_a_reason_stands_before_the_link_and_is_no_part_of_a_classified_mail() -> None:
    _, paragraphs = written("withdrawal_refused", reason="Masih perlu.")
    assert paragraphs[-2:] == ["Reason: Masih perlu.", OPEN]
    heading, paragraphs = written("withdrawal_refused", SECRET, reason="Masih perlu.")
    assert "Masih perlu." not in " ".join((heading, *paragraphs))
    restricted = replace(ABOUT, classification="restricted")
    assert "Masih" not in str(written("withdrawal_refused", restricted, reason="Masih perlu."))


def test_a_follow_up_that_goes_on_is_told_with_its_deadline() -> None:
    _, paragraphs = written("not_carried_over", due=DUE)
    assert paragraphs[-2:] == ["The follow-up is due on Tuesday, 1 December 2026.", OPEN]


# --- the deadline -------------------------------------------------------------------------------


def test_the_deadline_is_that_of_returned_work_where_it_has_one(desk: Desk) -> None:
    tiding = Tiding("not_withdrawn", follow_up_id=desk.id)
    assert tidings.deadline(desk.connection, tiding) == DUE
    desk.change(rework_deadline=date(2026, 5, 5))
    assert tidings.deadline(desk.connection, tiding) == date(2026, 5, 5)


def test_only_what_goes_on_has_a_deadline_to_tell(desk: Desk) -> None:
    assert (
        tidings.deadline(desk.connection, Tiding("ended_meanwhile", follow_up_id=desk.id)) is None
    )
    assert tidings.deadline(desk.connection, Tiding("not_carried_over")) is None
    assert set(tidings.GOING_ON) <= set(tidings.LETTERS)


# --- to whom ------------------------------------------------------------------------------------


def recipients(desk: Desk, classification: str = "ordinary", **tiding: Any) -> list[str]:
    wanted = Tiding("withdrawal_refused", **tiding)
    found = tidings.recipients(desk.connection, wanted, classification)
    return sorted(user.username for user in found)


def test_who_is_named_is_told_alone(desk: Desk) -> None:
    assert recipients(desk, to="ani", role="supervisor") == ["ani"]


@pytest.mark.parametrize("name", [None, "hilang"])
def test_else_everybody_with_the_role_is_told(name: str | None, desk: Desk) -> None:
    assert recipients(desk, to=name, role="supervisor") == ["asdep", "deputi"]


def test_for_who_has_left_everybody_with_the_role_is_told(desk: Desk) -> None:
    found = users.by_username(desk.connection, "asdep")
    assert found is not None
    users.change(desk.connection, found.id, {"active": False})
    assert recipients(desk, to="asdep", role="supervisor") == ["deputi"]


def test_who_may_not_read_the_case_is_not_told_even_where_named(desk: Desk) -> None:
    assert recipients(desk, "secret", to="adi", role="coordinator") == ["ani"]
    assert recipients(desk, "top_secret", to="ani", role="coordinator") == []


def test_an_institution_is_told_by_its_contacts_and_nobody_else(desk: Desk) -> None:
    assert recipients(desk, institution="kemhan", to="ani", role="supervisor") == ["budi", "rina"]
    assert recipients(desk, "secret", institution="kemhan") == ["rina"]
    assert recipients(desk, institution="brin", to="ani", role="supervisor") == []


# --- sent with the step -------------------------------------------------------------------------


def spread(desk: Desk, *found: Tiding) -> Any:
    step = desk.step()
    handler = NOTIFIER.spreading(lambda _: Outcome({"answer": 1}, found))
    assert handler(step) == {"answer": 1}, "what it recorded is returned as it was"
    return step


def test_each_tiding_is_a_mail_with_its_sending(desk: Desk) -> None:
    step = spread(
        desk,
        Tiding("closed_late", "ani", "coordinator"),
        Tiding("closed_over_open", None, "supervisor"),
    )
    assert told(desk) == ["ani", "asdep", "deputi"]
    assert len(step.jobs) == 3


def test_a_tiding_of_another_follow_up_is_about_that_one(desk: Desk) -> None:

    other, _ = a_case(desk.connection, "kemenkeu")
    spread(desk, Tiding("not_carried_over", "asdep", "supervisor", other))
    [mail] = mails(desk)
    assert mail["follow_up_id"] == other
    assert "Kemenkeu" in mail["subject"] and f"/follow-ups/{other}" in mail["body"]


def test_nobody_hears_of_a_tiding_above_their_clearance(desk: Desk) -> None:
    desk.connection.execute(update(recommendation).values(classification="top_secret"))
    assert spread(desk, Tiding("closed_late", "ani", "coordinator")).jobs == []


# --- who proposed it ----------------------------------------------------------------------------


@pytest.mark.parametrize(("proposer", "by"), [(None, "asdep"), ("ani", "ani"), (None, None)])
def test_nobody_is_told_of_their_own_decision_or_of_a_programs_proposal(
    proposer: str | None, by: str | None, desk: Desk
) -> None:
    step = desk.step()
    step.by = by
    assert decided(step, "withdrawal_refused", proposer, "Tidak.") == ()


def test_who_proposed_it_is_told_the_reason_where_there_is_one(desk: Desk) -> None:
    step = desk.step()
    step.by = "asdep"
    expected = Tiding("withdrawal_refused", "ani", "coordinator", reason="Tidak.")
    assert decided(step, "withdrawal_refused", "ani", "Tidak.") == [expected]
    assert decided(step, "withdrawal_refused", "ani") == [replace(expected, reason="")]
