"""What institutions are told that owe nothing: of a copy, of its end, of a draft withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from processes.ground.outcomes import Outcome
from processes.notices import informed
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Notice
from processes.recommendation.recipients import copied
from processes.storage.cases import recommendation_rows
from processes.storage.tables.recommendations import recipients_change
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import ByHand, Desk
from tests.processes.notices.conftest import NOTIFIER


def announced(step: ByHand) -> set[tuple[Any, str]]:
    """(letter, institution) of everything announced; each once."""
    found = [(one.write, one.institution) for one in step.announced if isinstance(one, Notice)]
    assert len(found) == len(set(found)) == len(step.announced)
    return set(found)


# --- withdrawn ----------------------------------------------------------------------------------


def withdrawn(whole: Desk) -> set[tuple[Any, str]]:
    step = whole.step()

    def record(_: Any) -> Outcome:
        whole.change(status="withdrawn", closed_at=NOW)
        return Outcome({"kept": True})

    assert informed.withdrawing(record)(step) == Outcome({"kept": True})
    return announced(step)


def test_of_an_issued_recommendation_who_got_a_copy_hears_that_it_holds_no_more(
    whole: Desk,
) -> None:
    """Who owes a follow-up hears of its end by that follow-up."""
    assert withdrawn(whole) == {(ending_letters.copy_withdrawn, "kemenkeu")}


def test_of_a_draft_who_was_asked_to_comment_hears_that_it_is_not_issued(whole: Desk) -> None:
    whole.change(issued_at=None, status="comment")
    assert withdrawn(whole) == {(ending_letters.draft_withdrawn, "kemhan")}


def test_nobody_hears_of_a_draft_that_was_sent_to_nobody(whole: Desk) -> None:
    whole.change(issued_at=None, registered_at=None, status="draft")
    assert withdrawn(whole) == set()


def test_who_was_taken_off_the_list_of_copies_before_hears_nothing_more(whole: Desk) -> None:
    recommendation_rows.take_out(whole.connection, whole.id, ["kemenkeu"], NOW)
    assert withdrawn(whole) == set()


def test_what_could_not_be_withdrawn_is_told_to_nobody(whole: Desk) -> None:
    step = whole.step()

    def record(_: Any) -> Outcome:
        raise LookupError

    with pytest.raises(LookupError):
        informed.withdrawing(record)(step)
    assert step.announced == []


# --- issued -------------------------------------------------------------------------------------


def issue(whole: Desk) -> ByHand:
    step = whole.step()

    def record(_: Any) -> dict[str, object]:
        whole.change(issued_at=NOW)
        return {"issued": 1}

    assert NOTIFIER.copying(record)(step) == {"issued": 1}
    return step


def test_the_copy_goes_out_with_the_issue_and_once(whole: Desk) -> None:
    whole.change(issued_at=None)
    assert announced(issue(whole)) == {(letters.copied, "kemenkeu")}
    assert announced(issue(whole)) == set(), "a drawing may issue twice"


# --- changed ------------------------------------------------------------------------------------


def change(whole: Desk, added: list[tuple[str, str]], out: list[str]) -> ByHand:
    """An approved change is applied; its step."""
    rows = [{"institution": code, "role": role, "deadline": None} for code, role in added]
    whole.connection.execute(
        insert(recipients_change).values(
            id=uuid7(), recommendation_id=whole.id, added=rows, taken_out=out, letter_number="U",
            reason="R", proposed_at=NOW, approved=True, at=NOW,
        )
    )  # fmt: skip

    def record(_: Any) -> None:
        recommendation_rows.take_out(whole.connection, whole.id, out, NOW)

    step = whole.step()
    informed.copying_changes(record, copied)(step)
    return step


def test_who_is_added_for_information_gets_the_copy_now(whole: Desk) -> None:
    step = change(whole, [("tni", "information"), ("polri", "supporting")], [])
    assert announced(step) == {(letters.copied, "tni")}, "a follow-up is told by its own issue"


def test_who_got_a_copy_until_now_hears_that_it_ends(whole: Desk) -> None:
    assert announced(change(whole, [], ["kemenkeu"])) == {(ending_letters.copy_ended, "kemenkeu")}


def test_who_owed_a_follow_up_hears_of_its_end_by_that(whole: Desk) -> None:
    assert announced(change(whole, [("tni", "lead")], ["kemhan"])) == set()


def test_one_copy_for_another_tells_both(whole: Desk) -> None:
    assert announced(change(whole, [("tni", "information")], ["kemenkeu"])) == {
        (letters.copied, "tni"), (ending_letters.copy_ended, "kemenkeu"),
    }  # fmt: skip


def test_without_an_approved_change_nothing_is_told(whole: Desk) -> None:
    step = whole.step()
    informed.copying_changes(lambda _: None, copied)(step)
    assert step.announced == []
