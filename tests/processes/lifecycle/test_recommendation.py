"""The records of each human task of a recommendation, and its refusals."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from engine.ports.handlers import Refusal
from processes.recommendation import closing, handlers
from processes.recommendation.finalisation import record_finalisation
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import (
    meeting,
    meeting_institution,
    meeting_recommendation,
)
from processes.storage.tables.recommendations import (
    comment,
    decision,
    overall_evaluation,
    remaining,
)
from tests.processes.lifecycle.conftest import NOW, TODAY, TOMORROW, Desk, part_of


def only(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


# --- comments -----------------------------------------------------------------------------------


def say_of(whole: Desk, institution: str, **answers: object) -> None:
    handlers.record_comment(whole.step({"institution": institution}, **answers))


@pytest.mark.parametrize("stance", ["agree", "agree_with_notes", "disagree"])
def test_a_comment_is_kept_under_the_institution_that_made_it(stance: str, whole: Desk) -> None:
    say_of(whole, "kemhan", stance=stance, notes="Baik.", proposed_change="Ganti.")
    row = whole.row(comment)
    assert only(row, "recommendation_id", "institution", "stance") == (whole.id, "kemhan", stance)
    assert only(row, "notes", "proposed_change", "at", "by") == ("Baik.", "Ganti.", NOW, "ani")


def test_who_does_not_simply_agree_writes_notes(whole: Desk) -> None:
    for stance in ("agree_with_notes", "disagree"):
        for notes in (None, " \u200b"):
            refused = whole.refused(
                handlers.record_comment, {"institution": "kemhan"}, stance=stance, notes=notes
            )
            assert refused == {"notes"}
    assert whole.rows(comment) == []
    say_of(whole, "kemhan", stance="agree")
    assert whole.row(comment)["notes"] is None


def test_a_second_comment_takes_the_place_of_the_first_and_of_no_other(whole: Desk) -> None:
    say_of(whole, "kemhan", stance="agree")
    say_of(whole, "kemenperin", stance="agree")
    say_of(whole, "kemhan", stance="disagree", notes="Tidak.")
    assert {row["institution"]: row["stance"] for row in whole.rows(comment)} == {
        "kemhan": "disagree", "kemenperin": "agree",
    }  # fmt: skip


@pytest.mark.parametrize("institution", ["kemenkeu", "nobody", "", None])
def test_only_who_was_asked_comments(institution: str | None, whole: Desk) -> None:
    with pytest.raises(Refusal, match="was not sent to"):
        say_of(whole, institution, stance="agree")  # type: ignore[arg-type]


# --- the final text, approval, sending ----------------------------------------------------------


def test_the_final_text_answers_each_comment_that_asked_for_something(whole: Desk) -> None:
    say_of(whole, "kemhan", stance="disagree", notes="Tidak.")
    say_of(whole, "kemenperin", stance="agree_with_notes", notes="Ya.")
    refused = whole.refused(record_finalisation)
    assert refused == {"final_text", "responses"}
    one = {"institution": "kemhan", "accepted": "no", "reason": "Sudah tepat."}
    assert whole.refused(record_finalisation, final_text="T", responses=[one]) == {"responses"}
    with pytest.raises(Refusal) as refusal:
        record_finalisation(whole.step(final_text="T", responses=[]))
    assert "Kemenperin, Kemhan" not in str(refusal.value)
    assert "Kemenperin, Kemhan" in str(refusal.value.fields["responses"])
    other = {"institution": "kemenperin", "accepted": "yes"}
    record_finalisation(whole.step(final_text="Teks akhir", responses=[one, other]))
    answered = {
        row["institution"]: only(row, "accepted", "reason", "answered_at", "answered_by")
        for row in whole.rows(comment)
    }
    assert answered == {
        "kemhan": (False, "Sudah tepat.", NOW, "ani"), "kemenperin": (True, None, NOW, "ani"),
    }  # fmt: skip
    case = whole.recommendation
    assert (case.final_text, case.status) == ("Teks akhir", "approve")


def test_agreement_needs_no_answer(whole: Desk) -> None:
    say_of(whole, "kemhan", stance="agree")
    record_finalisation(whole.step(final_text="T"))
    assert whole.recommendation.final_text == "T"


@pytest.mark.parametrize(("approved", "status"), [("yes", "send_out"), ("no", "finalise")])
def test_an_approval_is_kept_and_a_no_sends_it_back(
    approved: str, status: str, whole: Desk
) -> None:
    handlers.record_approval(whole.step(approved=approved, notes="Catatan."))
    row = whole.row(decision)
    assert only(row, "recommendation_id", "follow_up_id", "kind") == (whole.id, None, "issue")
    assert only(row, "approved", "reason", "at", "by") == (
        approved == "yes", "Catatan.", NOW, "ani",
    )  # fmt: skip
    assert whole.recommendation.status == status


def test_a_no_says_what_must_be_changed_and_a_yes_need_not(whole: Desk) -> None:
    assert whole.refused(handlers.record_approval) >= {"approved"}
    assert whole.refused(handlers.record_approval, approved="no") == {"notes"}
    handlers.record_approval(whole.step(approved="yes"))
    assert whole.row(decision)["reason"] is None


LETTER = {"letter_number": "R-1", "letter_date": str(TODAY), "signatory": "Deputi"}


def test_a_letter_goes_out_with_its_data_once_a_missing_reader_is_accepted(whole: Desk) -> None:
    """Kemenperin owes a follow-up and has nobody; BRIN is only told and need not have anybody."""
    with pytest.raises(Refusal) as refusal:
        handlers.record_sending(whole.step(**LETTER))
    [(field, sentence)] = refusal.value.fields.items()
    assert field == "proceed_without_users"
    assert "Kemenperin" in str(sentence)
    assert "BRIN" not in str(sentence) and "Kemhan" not in str(sentence)
    assert whole.recommendation.letter_number is None
    handlers.record_sending(whole.step(**LETTER, proceed_without_users=True))
    case = whole.recommendation
    assert (case.letter_number, case.letter_date, case.signatory) == ("R-1", TODAY, "Deputi")


def test_a_letter_has_number_date_and_signatory_and_is_not_dated_tomorrow(whole: Desk) -> None:
    ticked = {"proceed_without_users": True}
    assert whole.refused(handlers.record_sending, **ticked) == set(LETTER)
    late = {**LETTER, **ticked, "letter_date": str(TOMORROW)}
    assert whole.refused(handlers.record_sending, **late) == {"letter_date"}


# --- the meeting and the overall evaluation -----------------------------------------------------

MEETING: dict[str, Any] = {
    "held_on": str(TODAY), "place": "Jakarta", "invitation": "U-1", "chair": "Deputi",
    "minutes": "Risalah.", "attendance": "Semua",
}  # fmt: skip


def test_minutes_of_a_former_version_are_a_rakor_of_one_with_what_was_agreed(whole: Desk) -> None:
    agreed = {"item": "Data", "responsible": "Kemhan", "due": "Mei", "more": "x"}
    handlers.record_meeting(whole.step(**MEETING, agreements=[agreed, {"item": ""}]))
    row = whole.row(meeting)
    assert {name: str(row[name]) for name in MEETING} == MEETING
    assert row["agreed_in_words"] == [{"item": "Data", "responsible": "Kemhan", "due": "Mei"}]
    assert only(row, "state", "number", "instance_id") == ("recorded", "RAK-2026-0041", None)
    assert only(row, "minutes_at", "created_by", "title") == (
        NOW, "ani", whole.recommendation.title,
    )  # fmt: skip
    assert list(whole.connection.execute(select(meeting_recommendation))) == [(row["id"], whole.id)]
    read = select(meeting_institution.c.institution).where(meeting_institution.c.sent_at == NOW)
    readers = set(whole.connection.scalars(read))
    assert readers == {"kemhan", "kemenperin", "brin"}, "whoever read the recommendation"


def test_a_meeting_has_a_chair_and_minutes_and_was_not_held_tomorrow(whole: Desk) -> None:
    assert whole.refused(handlers.record_meeting) == {"held_on", "chair", "minutes"}
    late = {**MEETING, "held_on": str(TOMORROW)}
    assert whole.refused(handlers.record_meeting, **late) == {"held_on"}


OVERALL = {"conclusion": "Baik.", "achievement": "80", "obstacles": "Dana"}


@pytest.mark.parametrize("chosen", ["close", "next"])
def test_an_overall_evaluation_is_kept_and_changes_no_deadline(chosen: str, whole: Desk) -> None:
    whole.change(deadline=TODAY, rollup_rule="lead")
    closing.record_overall_evaluation(
        whole.step(**OVERALL, decision=chosen, new_deadline=str(TOMORROW), remaining_treatment="R")
    )
    row = whole.row(overall_evaluation)
    assert only(row, *OVERALL) == tuple(OVERALL.values())
    assert only(row, "recommendation_id", "decision", "new_deadline", "remaining_treatment") == (
        whole.id, chosen, None, "R",
    )  # fmt: skip
    assert only(row, "at", "by") == (NOW, "ani")
    case = whole.recommendation
    assert (case.deadline, case.rollup_rule, case.status) == (TODAY, "lead", "comment")


def test_watching_on_waits_for_everybody_still_open_until_the_new_day(whole: Desk) -> None:
    part_of(whole, "kemhan")
    whole.change(deadline=TODAY, rollup_rule="lead")
    watch = {**OVERALL, "decision": "monitor"}
    closing.record_overall_evaluation(whole.step(**watch, new_deadline=str(TOMORROW)))
    assert whole.row(overall_evaluation)["new_deadline"] == TOMORROW
    case = whole.recommendation
    assert (case.deadline, case.status, case.rollup_rule) == (TOMORROW, "issued", "all")


def test_watching_needs_a_day_to_come_and_somebody_to_watch(whole: Desk) -> None:
    watch = {**OVERALL, "decision": "monitor"}
    assert whole.refused(
        closing.record_overall_evaluation, **watch, new_deadline=str(TOMORROW)
    ) == {"decision"}
    part = part_of(whole, "kemhan")
    for day in (None, str(TODAY)):
        refused = whole.refused(closing.record_overall_evaluation, **watch, new_deadline=day)
        assert refused == {"new_deadline"}
    whole.connection.execute(
        update(follow_up).where(follow_up.c.id == part).values(status="closed")
    )
    again = whole.refused(closing.record_overall_evaluation, **watch, new_deadline=str(TOMORROW))
    assert again == {"decision"}


def row_of(institution: str, treatment: str = "left_to_finish") -> dict[str, str]:
    return {"institution": institution, "treatment": treatment, "reason": "Karena."}


@pytest.mark.parametrize("chosen", ["close", "next"])
def test_ending_over_open_follow_ups_says_what_happens_to_each(chosen: str, whole: Desk) -> None:
    end = {**OVERALL, "decision": chosen}
    part_of(whole, "kemhan", status="closed")
    answer = closing.record_overall_evaluation(whole.step(**end))
    assert answer == {"remaining_open": False, "drafts_next": chosen == "next"}
    kemenperin, tni = part_of(whole, "kemenperin"), part_of(whole, "tni")
    one = [row_of("kemenperin")]
    assert "remaining" in whole.refused(closing.record_overall_evaluation, **end)
    assert whole.refused(closing.record_overall_evaluation, **end, remaining=[]) == {"remaining"}
    assert whole.refused(closing.record_overall_evaluation, **end, remaining=one) == {"remaining"}
    both = [row_of("kemenperin", "withdrawn"), row_of("tni"), row_of("kemhan")]
    answer = closing.record_overall_evaluation(whole.step(**end, remaining=both))
    assert answer["remaining_open"] is True
    kept = {row["follow_up_id"]: row for row in whole.rows(remaining)}
    assert {id: row["treatment"] for id, row in kept.items()} == {
        kemenperin: "withdrawn", tni: "left_to_finish",
    }, "who closed meanwhile needs nothing"  # fmt: skip
    assert only(kept[tni], "reason", "by", "approved_at") == ("Karena.", "ani", None)


def test_each_row_has_a_reason_and_an_institution_has_one_row(whole: Desk) -> None:
    part_of(whole, "kemenperin")
    end = {**OVERALL, "decision": "close"}
    for rows, wrong in (
        ([row_of("kemenperin"), row_of("kemenperin")], "remaining[1].institution"),
        ([{**row_of("kemenperin"), "reason": " "}], "remaining[0].reason"),
        ([row_of("kemenperin", "carried_over")], "remaining[0].treatment"),
        ([row_of("kemenperin", "other")], "remaining[0].treatment"),
    ):
        assert wrong in whole.refused(closing.record_overall_evaluation, **end, remaining=rows)


def test_a_form_of_a_former_version_leaves_all_to_finish_or_is_refused_where_it_can_answer(
    whole: Desk,
) -> None:
    part = part_of(whole, "kemenperin")
    close, follow_on = ({**OVERALL, "decision": one} for one in ("close", "next"))
    refused = whole.refused(closing.record_overall_evaluation, **follow_on)
    assert {"decision", "remaining_treatment"} <= refused
    closing.record_overall_evaluation(whole.step(**close, remaining_treatment="Selesaikan."))
    row = whole.row(remaining)
    assert only(row, "follow_up_id", "treatment", "reason") == (
        part, "left_to_finish", "Selesaikan.",
    )  # fmt: skip


def test_the_supervisor_agrees_only_to_a_row_for_each_open_follow_up(whole: Desk) -> None:
    part_of(whole, "kemenperin")
    rows = [row_of("kemenperin")]
    closing.record_overall_evaluation(whole.step(**OVERALL, decision="close", remaining=rows))
    decide = closing.record_remaining_decision
    assert whole.refused(decide) >= {"remaining_approved"}
    assert whole.refused(decide, remaining_approved="no") == {"notes"}
    part_of(whole, "tni")
    with pytest.raises(Refusal) as refusal:
        decide(whole.step(remaining_approved="yes"))
    assert "TNI" in str(refusal.value.fields["remaining_approved"])
    decide(whole.step(remaining_approved="no", notes="Lengkapi."))
    assert whole.row(remaining)["approved_at"] is None
    rows.append(row_of("tni"))
    closing.record_overall_evaluation(whole.step(**OVERALL, decision="close", remaining=rows))
    decide(whole.step(remaining_approved="yes"))
    assert [row["approved_at"] for row in whole.rows(remaining)] == [None, NOW, NOW]
    assert [row["approved"] for row in whole.rows(decision)] == [False, True]


def test_an_overall_evaluation_has_conclusion_and_achievement(whole: Desk) -> None:
    refused = whole.refused(closing.record_overall_evaluation)
    assert refused == {"decision", "conclusion", "achievement"}


# --- withdrawal ---------------------------------------------------------------------------------


def test_a_proposal_to_withdraw_is_kept_undecided_with_its_reason(whole: Desk) -> None:
    assert whole.refused(handlers.record_withdrawal_proposal) == {"reason"}
    handlers.record_withdrawal_proposal(whole.step(reason="Usang."))
    row = whole.row(decision)
    assert only(row, "recommendation_id", "kind", "approved") == (whole.id, "withdrawal", None)
    assert only(row, "proposed_reason", "proposed_at", "proposed_by") == ("Usang.", NOW, "ani")


@pytest.mark.parametrize("withdraw", ["yes", "no"])
def test_the_decision_is_kept_on_the_newest_proposal(withdraw: str, whole: Desk) -> None:
    for reason in ("Usang.", "Ganda."):
        handlers.record_withdrawal_proposal(whole.step(reason=reason))
    handlers.record_approval(whole.step(approved="yes"))
    decide = {"withdraw": withdraw, "reason": "Benar.", "letter_number": "C-1"}
    handlers.record_withdrawal_decision(whole.step(**decide))
    first, second, issue = whole.rows(decision)
    assert only(second, "proposed_reason", "approved", "reason", "letter_number") == (
        "Ganda.", withdraw == "yes", "Benar.", "C-1",
    )  # fmt: skip
    assert only(second, "at", "by") == (NOW, "ani")
    assert (first["approved"], issue["reason"]) == (None, None)


def test_without_a_proposal_on_record_its_reason_comes_from_the_data(whole: Desk) -> None:
    handlers.record_withdrawal_decision(
        whole.step({"reason": "Usang."}, withdraw="yes", reason="Benar.")
    )
    row = whole.row(decision)
    assert only(row, "recommendation_id", "kind", "proposed_reason", "approved", "reason") == (
        whole.id, "withdrawal", "Usang.", True, "Benar.",
    )  # fmt: skip
    assert only(row, "at", "by", "letter_number") == (NOW, "ani", None)


def test_a_withdrawal_is_decided_with_a_reason(whole: Desk) -> None:
    assert whole.refused(handlers.record_withdrawal_decision) == {"withdraw", "reason"}
