"""What becomes of open follow-ups when their recommendation ends, as it was agreed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from processes.ground.outcomes import Tiding
from processes.recommendation import closing, handlers, services
from processes.recommendation.recipients import record_recipients_change
from processes.register.states import Treatment
from processes.storage.cases import follow_up_rows, remaining_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import decision, recipients_change, remaining
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import TOMORROW, Desk
from tests.processes.recommendation.conftest import begun, decided_by, the_next

OVERALL: dict[str, Any] = {"conclusion": "Cukup.", "achievement": "80 persen.", "decision": "next"}


def part(desk: Desk, institution: str) -> FollowUp:
    parts = follow_up_rows.of_recommendation(desk.connection, desk.id)
    return next(one for one in parts if one.institution == institution)


def evaluate(desk: Desk, kemhan: str, kemenperin: str) -> None:
    """The coordinator says what happens to each of the two."""
    rows = [
        {"institution": code, "treatment": treatment, "reason": f"Alasan {code}."}
        for code, treatment in (("kemhan", kemhan), ("kemenperin", kemenperin))
    ]
    closing.record_overall_evaluation(desk.step(**OVERALL, remaining=rows))


def agree(desk: Desk) -> None:
    step = desk.step(remaining_approved="yes")
    step.by = "asdep"
    closing.record_remaining_decision(step)


def test_what_was_agreed_is_done_to_each_and_to_nobody_else(running: Desk) -> None:
    following = the_next(running, {"kemhan": "lead"})
    evaluate(running, "carried_over", "withdrawn")
    agree(running)
    step = running.step()
    assert closing.settle_remaining(step).told == []
    lead, other = part(running, "kemhan"), part(running, "kemenperin")
    assert (lead.status, lead.treatment, lead.successor_id) == (
        "plan", "carried_over", following.id,
    )  # fmt: skip
    assert (other.status, other.treatment, other.successor_id) == ("plan", "withdrawn", None)
    why = {"kind": "withdrawn", "reason": "Alasan kemenperin.", "letter_number": ""}
    assert step.sent == [("recommendation_withdrawn", str(other.id), why)]


def test_what_is_left_to_finish_is_told_to_nobody(running: Desk) -> None:
    evaluate(running, "left_to_finish", "left_to_finish")
    agree(running)
    step = running.step()
    assert closing.settle_remaining(step).told == []
    assert step.sent == []
    assert part(running, "kemhan").treatment == "left_to_finish"


def test_what_nobody_has_agreed_to_is_not_done(running: Desk) -> None:
    evaluate(running, "withdrawn", "withdrawn")
    step = running.step()
    assert closing.settle_remaining(step).told == []
    assert (step.sent, part(running, "kemhan").treatment) == ([], None)


def test_the_evaluation_that_was_sent_back_does_not_count_beside_the_newer_one(
    running: Desk,
) -> None:
    evaluate(running, "withdrawn", "withdrawn")
    closing.record_remaining_decision(running.step(remaining_approved="no", notes="Jangan."))
    evaluate(running, "left_to_finish", "left_to_finish")
    agree(running)
    step = running.step()
    closing.settle_remaining(step)
    assert step.sent == []
    approved = {row["treatment"]: row["approved_at"] for row in running.rows(remaining)}
    assert approved == {"withdrawn": None, "left_to_finish": NOW}
    proposed = remaining_rows.proposed(running.connection, running.id)
    assert {one.treatment for one in proposed} == {"left_to_finish"}


def test_who_has_ended_meanwhile_is_left_as_it_is(running: Desk) -> None:
    evaluate(running, "withdrawn", "withdrawn")
    agree(running)
    running.connection.execute(
        update(follow_up).where(follow_up.c.institution == "kemhan").values(status="closed")
    )
    step = running.step()
    closing.settle_remaining(step)
    assert [key for _, key, _ in step.sent] == [str(part(running, "kemenperin").id)]
    assert part(running, "kemhan").treatment is None


def test_nothing_is_carried_over_where_no_next_recommendation_was_drawn(running: Desk) -> None:
    evaluate(running, "carried_over", "left_to_finish")
    agree(running)
    outcome = closing.settle_remaining(running.step())
    lead = part(running, "kemhan")
    assert (lead.treatment, lead.successor_id) == ("left_to_finish", None)
    assert outcome.told == [Tiding("not_carried_over", "asdep", "supervisor", lead.id)]


@pytest.mark.parametrize(
    ("treatment", "word"), [("withdrawn", "not_withdrawn"), ("carried_over", "not_carried_over")]
)
def test_a_follow_up_that_has_become_deaf_goes_on_and_the_decider_is_told(
    treatment: str, word: str, running: Desk
) -> None:
    the_next(running, {"kemhan": "lead"})
    evaluate(running, treatment, "left_to_finish")
    agree(running)
    begun(running.connection, part(running, "kemhan").id, hears=False)
    step = running.step()
    outcome = closing.settle_remaining(step)
    lead = part(running, "kemhan")
    assert outcome.told == [Tiding(word, "asdep", "supervisor", lead.id)]
    assert (lead.treatment, lead.successor_id, step.sent) == ("left_to_finish", None, [])


@pytest.mark.parametrize("treatment", ["withdrawn", "carried_over"])
def test_a_deaf_follow_up_can_only_be_left_to_finish(treatment: str, running: Desk) -> None:
    begun(running.connection, part(running, "kemhan").id, hears=False)
    begun(running.connection, part(running, "kemenperin").id)
    rows = [
        {"institution": code, "treatment": treatment, "reason": "R."}
        for code in ("kemhan", "kemenperin")
    ]
    refused = running.refused(closing.record_overall_evaluation, **OVERALL, remaining=rows)
    assert refused == {"remaining[0].treatment"}


def test_a_row_of_who_was_closed_while_the_form_was_open_is_no_mistake(running: Desk) -> None:
    running.connection.execute(
        update(follow_up).where(follow_up.c.institution == "kemhan").values(status="closed")
    )
    evaluate(running, "left_to_finish", "left_to_finish")
    kept = running.row(remaining)
    assert kept["follow_up_id"] == part(running, "kemenperin").id


def test_the_newest_of_several_drafts_is_the_next_recommendation(running: Desk) -> None:
    assert remaining_rows.successor(running.connection, running.id) is None
    the_next(running, {"kemhan": "lead"})
    newest = the_next(running, {"kemhan": "lead"})
    assert remaining_rows.successor(running.connection, running.id) == newest.id


# --- the end ------------------------------------------------------------------------------------


def test_a_drawing_that_asks_nobody_leaves_what_is_open_to_finish_and_says_so(
    running: Desk,
) -> None:
    outcome = closing.close_recommendation(running.step())
    assert outcome.told == [Tiding("closed_over_open", None, "supervisor")]
    assert part(running, "kemhan").treatment == "left_to_finish"
    assert running.recommendation.status == "closed"


def test_what_was_decided_stays_decided_at_the_end_and_nobody_is_told(running: Desk) -> None:
    running.connection.execute(update(follow_up).values(treatment="withdrawn"))
    assert closing.close_recommendation(running.step()).told == []
    assert part(running, "kemhan").treatment == "withdrawn"


def test_a_proposal_to_withdraw_that_nobody_decided_lapses_at_the_end(running: Desk) -> None:
    running.connection.execute(update(follow_up).values(status="closed"))
    handlers.record_withdrawal_proposal(running.step(reason="Usang."))
    outcome = closing.close_recommendation(running.step())
    assert outcome.told == [Tiding("withdrawal_lapsed", "ani", "coordinator")]
    kept = running.row(decision)
    assert (kept["lapsed_at"], kept["approved"]) == (NOW, None)


def test_a_change_of_institutions_that_nobody_decided_lapses_at_the_end(running: Desk) -> None:
    added = {"institution": "tni", "role": "supporting", "deadline": str(TOMORROW)}
    record_recipients_change(
        running.step(added=[added], taken_out=[], letter_number="U", reason="R")
    )
    running.connection.execute(update(follow_up).values(status="closed"))
    outcome = closing.close_recommendation(running.step())
    assert outcome.told == [Tiding("change_lapsed", "ani", "coordinator")]
    assert running.row(recipients_change)["lapsed_at"] == NOW


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_what_was_decided_does_not_lapse(answer: str, running: Desk) -> None:
    handlers.record_withdrawal_proposal(running.step(reason="Usang."))
    handlers.record_withdrawal_decision(running.step(withdraw=answer, reason="Ya."))
    running.connection.execute(update(follow_up).values(status="closed"))
    assert closing.close_recommendation(running.step()).told == []
    assert running.row(decision)["lapsed_at"] is None


def test_a_draft_that_is_withdrawn_leaves_to_finish_what_it_was_to_take_over(
    running: Desk,
) -> None:
    following = the_next(running, {"kemhan": "lead"})
    lead = part(running, "kemhan").id
    treatment = Treatment.CARRIED_OVER
    follow_up_rows.change(
        running.connection, lead, NOW, successor_id=following.id, treatment=treatment
    )
    decided_by(running, "asdep")
    outcome = services.withdraw_all(following.step())
    assert outcome.told == [Tiding("not_carried_over", "asdep", "supervisor", lead)]
    assert part(running, "kemhan").treatment == "left_to_finish"
    assert (following.recommendation.status, running.recommendation.status) == (
        "withdrawn", "issued",
    )  # fmt: skip
