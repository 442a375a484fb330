"""Changing the institutions of an issued recommendation: what is refused, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.ports.handlers import Refusal
from processes.ground.outcomes import Tiding
from processes.recommendation.recipients import (
    record_recipients_change,
    record_recipients_decision,
)
from processes.storage.cases import recipients_change_rows
from processes.storage.people import institutions
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recipients_change
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import TODAY, TOMORROW, YESTERDAY, Desk
from tests.processes.recommendation.changing import LETTER, decide, propose, roles, row


def complaints(desk: Desk, *added: dict[str, Any], out: tuple[str, ...] = ()) -> dict[str, str]:
    """What is wrong with a proposal, by field."""
    with pytest.raises(Refusal) as refusal:
        record_recipients_change(desk.step(**LETTER, added=list(added), taken_out=list(out)))
    assert desk.rows(recipients_change) == [], "nothing of it is kept"
    return {field: sentence.render() for field, sentence in refusal.value.fields.items()}


# --- proposing ----------------------------------------------------------------------------------


def test_a_change_is_kept_undecided_and_changes_nobody_yet(running: Desk) -> None:
    before = roles(running)
    propose(running, row("tni"), row("polri", "information", None), out=("kemenperin", "brin"))
    kept = running.row(recipients_change)
    assert kept["added"] == [
        {"institution": "tni", "role": "supporting", "deadline": str(TOMORROW)},
        {"institution": "polri", "role": "information", "deadline": None},
    ]
    assert kept["taken_out"] == ["kemenperin", "brin"]
    assert (kept["letter_number"], kept["reason"]) == ("U-7", "Tugasnya dialihkan.")
    assert (kept["proposed_at"], kept["proposed_by"]) == (NOW, "ani")
    assert (kept["approved"], kept["at"], kept["lapsed_at"]) == (None, None, None)
    assert roles(running) == before


def test_a_change_has_its_letter_and_its_reason(running: Desk) -> None:
    refused = running.refused(record_recipients_change, added=[row("tni")], reason=" ")
    assert refused == {"letter_number", "reason"}


def test_a_change_of_nothing_is_none(running: Desk) -> None:
    found = complaints(running)
    assert found == {"added": "Name at least one institution to add or to take out."}
    assert complaints(running, row("", "", None)) == found, "an empty row is none"


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"status": "closed"}, "This recommendation has ended"),
        ({"status": "withdrawn"}, "This recommendation has ended"),
        ({"issued_at": None}, "Before the issue the institutions are changed in the draft."),
    ],
)
def test_institutions_change_between_issue_and_end(
    state: dict[str, Any], why: str, running: Desk
) -> None:
    running.change(**state)
    with pytest.raises(Refusal, match=why):
        propose(running, row("tni"))


def test_a_second_change_waits_until_the_first_is_decided_or_lapsed(running: Desk) -> None:
    propose(running, row("tni"))
    with pytest.raises(Refusal, match="has not been decided yet"):
        propose(running, row("polri"))
    decide(running, "no", reason="Belum.")
    propose(running, row("polri"))
    waiting = recipients_change_rows.pending(running.connection, running.id)
    assert waiting is not None
    recipients_change_rows.lapse(running.connection, waiting.id, NOW)
    propose(running, row("tni"))


@pytest.mark.parametrize("day", [TODAY, YESTERDAY])
def test_who_is_added_has_a_day_to_come(day: Any, running: Desk) -> None:
    found = complaints(running, row("tni"), row("polri", deadline=day))
    assert found == {"added[1].deadline": "This date must lie in the future."}


def test_who_owes_something_has_a_deadline_and_a_copy_has_none(running: Desk) -> None:
    found = complaints(running, row("tni", deadline=None), row("polri", "information"))
    assert set(found) == {"added[0].deadline", "added[1].deadline"}
    assert found["added[1].deadline"] == "A copy for information has no deadline."


def test_an_institution_is_added_under_one_role(running: Desk) -> None:
    found = complaints(running, row("tni", "lead"), row("tni"))
    assert found == {"added[1].institution": "Mabes TNI has been given two roles."}


def test_an_unknown_institution_is_refused_by_its_code(running: Desk) -> None:
    found = complaints(running, row("tni"), row("atlantis"))
    assert found == {"added[1].institution": "There is no institution atlantis."}


@pytest.mark.parametrize("status", ["plan", "closed", "withdrawn"])
def test_who_has_or_had_a_follow_up_gets_no_second_one(status: str, running: Desk) -> None:
    values = {"status": status}
    running.connection.execute(
        update(follow_up).where(follow_up.c.institution == "kemenperin").values(**values)
    )
    found = complaints(running, row("kemenperin"))
    assert found["added[0].institution"] == (
        "Kemenperin has had a follow-up of this recommendation."
    )


def test_a_copy_goes_to_nobody_twice_but_who_had_one_may_be_asked_to_work(running: Desk) -> None:
    found = complaints(running, row("brin", "information", None))
    assert found == {"added[0].institution": "BRIN has got a copy already."}
    propose(running, row("brin"))


def test_who_gets_no_new_work_any_more_is_not_added(running: Desk) -> None:
    institutions.change(running.connection, "tni", {"valid_to": YESTERDAY})
    assert complaints(running, row("tni")) == {
        "added[0].institution": "Mabes TNI was closed and gets no new work."
    }


def test_only_who_works_on_it_or_got_a_copy_is_taken_out(running: Desk) -> None:
    found = complaints(running, out=("tni", "kemenperin", "polri"))
    assert found == {"taken_out": "Mabes TNI, Polri has no open follow-up and no copy."}


def test_who_has_finished_is_not_taken_out(running: Desk) -> None:
    running.connection.execute(
        update(follow_up)
        .where(follow_up.c.institution == "kemenperin")
        .values(status="closed", verdict="conforms")
    )
    assert set(complaints(running, out=("kemenperin",))) == {"taken_out"}


def test_somebody_leads_after_the_change_too(running: Desk) -> None:
    without = {"taken_out": "A lead institution must remain."}
    assert complaints(running, out=("kemhan",)) == without
    assert complaints(running, row("tni"), out=("kemhan",)) == without
    propose(running, row("tni", "lead"), out=("kemhan",))


def test_of_each_row_everything_that_is_wrong_is_told(running: Desk) -> None:
    found = complaints(running, row("kemhan", deadline=TODAY), row("atlantis"), out=("tni",))
    assert set(found) == {
        "added[0].institution", "added[0].deadline", "added[1].institution", "taken_out",
    }  # fmt: skip


# --- deciding -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "word"), [("yes", "recipients_approved"), ("no", "recipients_refused")]
)
def test_a_decision_is_kept_beside_the_proposal_and_its_author_is_told(
    answer: str, word: str, running: Desk
) -> None:
    propose(running, row("tni"))
    outcome = decide(running, answer, reason="Sesuai rapat.")
    kept = running.row(recipients_change)
    assert (kept["approved"], kept["decision_reason"]) == (answer == "yes", "Sesuai rapat.")
    assert (kept["at"], kept["by"]) == (NOW, "asdep")
    assert outcome.told == [Tiding(word, "ani", "coordinator", reason="Sesuai rapat.")]


@pytest.mark.parametrize("by", ["ani", None])
def test_nobody_is_told_of_a_decision_of_their_own_or_of_a_programs(
    by: str | None, running: Desk
) -> None:
    step = propose(running, row("tni"))
    if by is None:
        running.connection.execute(update(recipients_change).values(proposed_by=None))
    assert decide(running, "yes", by=by or step.by).told == ()


def test_a_no_says_why_and_a_yes_need_not(running: Desk) -> None:
    propose(running, row("tni"))
    assert running.refused(record_recipients_decision, recipients_approved="no") == {"reason"}
    decide(running, "yes")


def test_there_is_nothing_to_decide_once_it_is_decided(running: Desk) -> None:
    with pytest.raises(Refusal, match="There is no change of institutions to decide"):
        decide(running, "yes")
    propose(running, row("tni"))
    decide(running, "yes")
    with pytest.raises(Refusal, match="There is no change of institutions to decide"):
        decide(running, "no", reason="Batal.")


def test_what_has_become_impossible_can_only_be_refused(running: Desk) -> None:
    propose(running, row("tni"), out=("kemenperin",))
    institutions.change(running.connection, "tni", {"valid_to": YESTERDAY})
    assert running.refused(record_recipients_decision, recipients_approved="yes") == {
        "recipients_approved"
    }
    decide(running, "no", reason="TNI sudah berakhir.")
    assert running.row(recipients_change)["approved"] is False


def test_a_deadline_that_has_passed_meanwhile_is_not_approved(running: Desk) -> None:
    propose(running, row("tni"))
    step = running.step(recipients_approved="yes")
    step.now = NOW + timedelta(days=1)
    with pytest.raises(Refusal) as refusal:
        record_recipients_decision(step)
    assert set(refusal.value.fields) == {"recipients_approved"}
