"""How a follow-up ended, as its institution reads it, and one that was ended before it began."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from processes.notices import endings
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Notice
from processes.register.states import DecisionKind
from processes.storage.cases import case_heads, recommendation_rows
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import (
    decision,
    recipients_change,
    recommendation,
    recommendation_institution,
)
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import ByHand, Desk
from tests.processes.made_cases import a_recommendation
from tests.processes.notices.conftest import NOTIFIER


def letter(desk: Desk, write: Any = ending_letters.withdrawn) -> Any:
    """The letter that fits how the follow-up stands now."""
    head = case_heads.of_follow_up(desk.connection, desk.id)
    assert head is not None
    return endings.of_the_case(desk.step(), head, write)


def whole(desk: Desk, **values: Any) -> None:
    mine = recommendation.c.id == desk.follow_up.recommendation_id
    desk.connection.execute(update(recommendation).where(mine).values(**values))


def taken_out(desk: Desk) -> None:
    """A change of institutions took Kemhan out by letter."""
    whole_id = desk.follow_up.recommendation_id
    recommendation_rows.take_out(desk.connection, whole_id, ["kemhan"], NOW)
    desk.connection.execute(
        insert(recipients_change).values(
            id=uuid7(), recommendation_id=whole_id, added=[], taken_out=["kemhan"],
            letter_number="U-7", reason="Dialihkan.", proposed_at=NOW, approved=True, at=NOW,
        )
    )  # fmt: skip


def revoked(desk: Desk) -> None:
    """A supervisor withdrew the whole recommendation by letter."""
    whole(desk, status="withdrawn")
    desk.connection.execute(
        insert(decision).values(
            id=uuid7(), recommendation_id=desk.follow_up.recommendation_id,
            kind=DecisionKind.WITHDRAWAL, approved=True, reason="Usang.", letter_number="C-1",
            at=NOW,
        )
    )  # fmt: skip


# --- which letter -------------------------------------------------------------------------------


def test_with_the_whole_recommendation_every_follow_up_is_withdrawn(desk: Desk) -> None:
    revoked(desk)
    desk.change(status="withdrawn")
    assert letter(desk) is ending_letters.withdrawn


def test_a_follow_up_withdrawn_by_itself_says_that_others_may_go_on(desk: Desk) -> None:
    desk.change(status="withdrawn")
    assert letter(desk) is ending_letters.withdrawn_alone


def test_who_was_taken_out_by_letter_reads_so(desk: Desk) -> None:
    taken_out(desk)
    desk.change(status="withdrawn")
    assert letter(desk) is ending_letters.taken_out


def test_the_end_of_everything_is_said_before_the_taking_out(desk: Desk) -> None:
    taken_out(desk)
    revoked(desk)
    desk.change(status="withdrawn")
    assert letter(desk) is ending_letters.withdrawn


def test_what_goes_on_under_the_next_recommendation_says_so(desk: Desk) -> None:
    following, _ = a_recommendation(desk.connection, {"kemhan": "lead"})
    desk.change(status="carried_over", successor_id=following)
    assert letter(desk) is ending_letters.carried_over


def test_what_goes_on_in_the_follow_up_of_a_successor_says_so(desk: Desk) -> None:
    desk.change(status="carried_over", successor_id=None)
    assert letter(desk) is ending_letters.merged


@pytest.mark.parametrize(
    ("status", "write"),
    [
        ("evaluate", letters.not_feasible_refused),
        ("closed", ending_letters.not_feasible),
        ("decide", ending_letters.not_feasible),
    ],
)
def test_a_proposal_that_nothing_can_be_done_is_answered_as_it_was_decided(
    status: str, write: Any, desk: Desk
) -> None:
    desk.change(status=status)
    assert letter(desk, ending_letters.not_feasible) is write


def test_every_other_letter_is_written_as_it_was_asked_for(desk: Desk) -> None:
    desk.change(status="withdrawn")
    for write in (letters.issued, letters.answered, letters.evaluated, letters.extension_decided):
        assert letter(desk, write) is write


# --- ended before it began ----------------------------------------------------------------------


def begin(desk: Desk) -> ByHand:
    """The process of the follow-up begins and tells its institution."""
    step = desk.step()
    step.inputs = {"notice": "issued"}
    NOTIFIER.notify(step)
    return step


def test_a_follow_up_that_begins_tells_its_institution(desk: Desk) -> None:
    step = begin(desk)
    assert (step.announced, step.sent) == ([Notice(letters.issued, "kemhan")], [])


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (revoked, {"reason": "Usang.", "letter_number": "C-1"}),
        (taken_out, {"reason": "Dialihkan.", "letter_number": "U-7"}),
        (lambda desk: desk.change(treatment="withdrawn"), {"reason": "", "letter_number": ""}),
        (lambda desk: desk.change(status="carried_over"), {"reason": "", "letter_number": ""}),
    ],
    ids=["revoked", "taken out", "withdrawn", "carried over"],
)
def test_one_that_was_ended_before_it_began_asks_nobody_and_hears_once_more_why(
    end: Any, why: dict[str, str], desk: Desk
) -> None:
    end(desk)
    step = begin(desk)
    assert step.announced == [], "who owes nothing is not asked to confirm receipt"
    payload = {"kind": "withdrawn", **why}
    assert step.sent == [("recommendation_withdrawn", str(desk.id), payload)]


@pytest.mark.parametrize("treatment", ["left_to_finish", None])
def test_what_is_left_to_finish_begins_like_any_other(treatment: str | None, desk: Desk) -> None:
    desk.change(treatment=treatment)
    whole(desk, status="closed")
    assert len(begin(desk).announced) == 1


def test_only_its_own_taking_out_keeps_an_institution_from_beginning(desk: Desk) -> None:
    whole_id = desk.follow_up.recommendation_id
    desk.connection.execute(
        insert(recommendation_institution).values(
            recommendation_id=whole_id, institution="tni", role="supporting"
        )
    )
    recommendation_rows.take_out(desk.connection, whole_id, ["tni"], NOW)
    assert len(begin(desk).announced) == 1


def test_a_letter_that_is_no_beginning_is_told_even_after_the_end(desk: Desk) -> None:
    desk.connection.execute(update(follow_up).values(status="carried_over"))
    step = desk.step()
    handler = NOTIFIER.telling(lambda _: {"ended": True}, ending_letters.withdrawn)
    assert handler(step) == {"ended": True}
    assert step.announced == [Notice(ending_letters.merged, "kemhan")]


def test_a_letter_is_chosen_by_what_was_recorded_in_the_same_step(desk: Desk) -> None:
    def record(_: Any) -> None:
        desk.change(status="evaluate")

    step = desk.step()
    NOTIFIER.telling(record, ending_letters.not_feasible)(step)
    assert step.announced == [Notice(letters.not_feasible_refused, "kemhan")]
