"""What is kept of a round of comments: the draft, what was said, and the answers to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from processes.storage.cases import draft_rounds, withdrawal_rows
from processes.storage.cases.draft_rounds import DraftRound
from processes.storage.cases.follow_up_detail import Decision, decisions
from processes.storage.cases.recommendation_detail import Comment
from processes.storage.tables.recommendations import comment, decision
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk

LATER = NOW + timedelta(hours=2)


def say(desk: Desk, institution: str, stance: Any = "disagree", round: int = 1) -> None:
    said = Comment(
        id=uuid7(), recommendation_id=desk.id, round=round, institution=institution,
        stance=stance, notes="Catatan.", proposed_change=None, at=NOW, by=institution,
    )  # fmt: skip
    draft_rounds.put_comment(desk.connection, said)


def answers(desk: Desk) -> dict[tuple[str, int], Any]:
    """(institution, round) -> whether its comment was accepted."""
    return {(row["institution"], row["round"]): row["accepted"] for row in desk.rows(comment)}


# --- drafts -------------------------------------------------------------------------------------


def keep(desk: Desk, round: int, title: str, at: datetime = NOW) -> None:
    draft_rounds.keep(desk.connection, DraftRound(desk.id, round, {"title": title}, at, "ani"))


def test_before_the_first_round_is_over_no_draft_is_kept(whole: Desk) -> None:
    assert draft_rounds.last(whole.connection, whole.id) is None


def test_the_draft_of_the_last_round_is_compared_with(whole: Desk) -> None:
    for round, title in ((1, "Satu"), (10, "Sepuluh"), (2, "Dua")):
        keep(whole, round, title)
    found = draft_rounds.last(whole.connection, whole.id)
    assert found == DraftRound(whole.id, 10, {"title": "Sepuluh"}, NOW, "ani")


def test_a_kept_draft_never_changes(whole: Desk) -> None:
    """After a refusal the same round is finalised again."""
    keep(whole, 1, "Pertama")
    keep(whole, 1, "Kedua", LATER)
    found = draft_rounds.last(whole.connection, whole.id)
    assert found is not None and (found.content["title"], found.at) == ("Pertama", NOW)


# --- comments -----------------------------------------------------------------------------------


def test_in_a_further_round_the_comments_of_the_former_one_stay(whole: Desk) -> None:
    say(whole, "kemhan", "disagree", 1)
    say(whole, "kemhan", "agree", 2)
    assert [row["stance"] for row in whole.rows(comment)] == ["disagree", "agree"]


def test_what_was_said_last_in_a_round_is_what_was_said(whole: Desk) -> None:
    say(whole, "kemhan", "disagree")
    say(whole, "kemenperin", "disagree")
    say(whole, "kemhan", "agree")
    stances = {row["institution"]: row["stance"] for row in whole.rows(comment)}
    assert stances == {"kemhan": "agree", "kemenperin": "disagree"}


def test_only_requests_of_the_present_round_want_an_answer(whole: Desk) -> None:
    say(whole, "kemhan", "disagree", 1)
    say(whole, "kemenperin", "agree", 2)
    say(whole, "tni", "agree_with_notes", 2)
    say(whole, "polri", "disagree", 2)
    whole.change(round=2)
    found = draft_rounds.unsatisfied(whole.connection, whole.recommendation)
    assert found == {"tni", "polri"}


def test_an_answer_is_to_the_comment_of_its_institution_and_round(whole: Desk) -> None:
    for round in (1, 2):
        say(whole, "kemhan", "disagree", round)
    say(whole, "tni", "disagree", 2)
    whole.change(round=2)
    draft_rounds.answer_comments(
        whole.connection, whole.recommendation, [("kemhan", True, "Baik.")], "ani", LATER
    )
    assert answers(whole) == {("kemhan", 1): None, ("kemhan", 2): True, ("tni", 2): None}
    kept = next(row for row in whole.rows(comment) if row["accepted"])
    assert (kept["reason"], kept["answered_at"], kept["answered_by"]) == ("Baik.", LATER, "ani")


def test_whether_somebody_commented_is_asked_of_the_present_round(whole: Desk) -> None:
    say(whole, "kemhan", "agree", 1)
    assert draft_rounds.has_commented(whole.connection, whole.recommendation, "kemhan")
    assert not draft_rounds.has_commented(whole.connection, whole.recommendation, "tni")
    whole.change(round=2)
    assert not draft_rounds.has_commented(whole.connection, whole.recommendation, "kemhan")


# --- proposals to withdraw ----------------------------------------------------------------------


def propose(desk: Desk, kind: str = "withdrawal", **values: Any) -> Any:
    made = Decision(
        id=uuid7(), recommendation_id=desk.id, kind=kind,  # type: ignore[arg-type]
        proposed_reason="Usang.", proposed_at=NOW, proposed_by="ani", **values,
    )  # fmt: skip
    decisions.add(desk.connection, made)
    return made.id


def test_a_proposal_waits_until_it_is_decided_or_lapses(whole: Desk) -> None:
    assert withdrawal_rows.pending(whole.connection, whole.id) is None
    first = propose(whole)
    assert withdrawal_rows.pending(whole.connection, whole.id) == first
    assert withdrawal_rows.lapse(whole.connection, first, LATER) == "ani"
    assert withdrawal_rows.pending(whole.connection, whole.id) is None
    second = propose(whole)
    withdrawal_rows.decide(
        whole.connection, second, approved=False, reason="Tidak.", letter_number=None, at=LATER,
        by="asdep",
    )  # fmt: skip
    assert withdrawal_rows.pending(whole.connection, whole.id) is None
    first_row, second_row = whole.rows(decision)
    assert (first_row["lapsed_at"], first_row["approved"]) == (LATER, None)
    assert (second_row["lapsed_at"], second_row["approved"]) == (None, False)


@pytest.mark.parametrize("kind", ["issue", "remaining", "not_feasible"])
def test_other_decisions_are_no_proposals_to_withdraw(kind: str, whole: Desk) -> None:
    propose(whole, kind)
    assert withdrawal_rows.pending(whole.connection, whole.id) is None


def test_why_it_was_withdrawn_is_what_was_approved_last(whole: Desk) -> None:
    assert withdrawal_rows.of(whole.connection, whole.id) == {"reason": "", "letter_number": ""}
    propose(whole, approved=False, reason="Belum.", at=NOW)
    assert withdrawal_rows.revoked(whole.connection, whole.id) is None
    propose(whole, approved=True, reason="Usang.", letter_number="C-1", at=NOW)
    propose(whole, approved=False, reason="Tidak lagi.", at=LATER)
    found = withdrawal_rows.revoked(whole.connection, whole.id)
    assert found is not None and (found.reason, found.letter_number) == ("Usang.", "C-1")


def test_the_withdrawal_of_one_follow_up_does_not_withdraw_the_whole(
    whole: Desk, part: Desk
) -> None:
    propose(whole, approved=True, reason="Sendiri.", at=NOW, follow_up_id=part.id)
    assert withdrawal_rows.revoked(whole.connection, whole.id) is None


def test_a_withdrawal_without_a_letter_is_sent_on_with_an_empty_one(whole: Desk) -> None:
    propose(whole, approved=True, reason="Usang.", at=NOW)
    assert withdrawal_rows.of(whole.connection, whole.id) == {
        "reason": "Usang.", "letter_number": "",
    }  # fmt: skip
