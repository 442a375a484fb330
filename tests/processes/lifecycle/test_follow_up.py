"""The records of each human task of a follow-up, and its refusals."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.ports.handlers import Refusal
from processes.follow_up import handlers
from processes.storage import search
from processes.storage.cases import follow_up_rows
from processes.storage.files.evidence import evidence, upload
from processes.storage.tables.follow_ups import (
    evaluation,
    exchange,
    follow_up,
    plan,
    progress,
)
from processes.storage.tables.reports import report
from tests.processes.lifecycle.conftest import NOW, TODAY, TOMORROW, YESTERDAY, Desk, part_of

REPORT: dict[str, Any] = {
    "letter_number": "B/12/2026", "letter_date": "2026-03-17", "classification": "ordinary",
    "subject": "Laporan", "signatory": "Sekjen", "summary": "Naik.", "claimed_status": "conforms",
}  # fmt: skip


def only(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


# --- acknowledging ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "stage"),
    [("accepted", "plan"), ("clarification", "clarification"), ("disagree", "disagreement")],
)
def test_an_acknowledgement_is_kept_and_leads_on_by_its_response(
    response: str, stage: str, part: Desk
) -> None:
    answers = {
        "response": response, "contact": "Rina", "received_on": str(TODAY),
        "explanation": "Mengapa?", "agenda_number": "A-7",
    }  # fmt: skip
    handlers.record_acknowledgement(part.step(**answers))
    row = part.row(exchange)
    assert only(row, "follow_up_id", "response", "contact", "agenda_number") == (
        part.id, response, "Rina", "A-7",
    )  # fmt: skip
    assert only(row, "received_on", "explanation", "at", "by") == (TODAY, "Mengapa?", NOW, "ani")
    case = part.follow_up
    assert (case.status, case.status_since, case.contact) == (stage, NOW, "Rina")


def test_who_does_not_simply_accept_has_to_explain(part: Desk) -> None:
    for response in ("clarification", "disagree"):
        fields = part.refused(
            handlers.record_acknowledgement,
            response=response,
            contact="Rina",
            explanation=" \u200b",
        )
        assert fields == {"explanation"}
    handlers.record_acknowledgement(part.step(response="accepted", contact="Rina"))
    assert len(part.rows(exchange)) == 1


def test_a_letter_is_not_received_tomorrow_and_needs_an_answer_and_a_contact(part: Desk) -> None:
    refused = part.refused(
        handlers.record_acknowledgement,
        response="accepted", contact="Rina", received_on=str(TOMORROW),
    )  # fmt: skip
    assert refused == {"received_on"}
    assert part.refused(handlers.record_acknowledgement) >= {"response", "contact"}
    assert part.rows(exchange) == []
    assert part.follow_up.status == "plan"


# --- clarification and disagreement -------------------------------------------------------------


def asked(part: Desk, response: str) -> None:
    handlers.record_acknowledgement(
        part.step(response=response, contact="Rina", explanation="Mengapa?")
    )


def test_the_answer_to_a_clarification_stands_beside_its_question_with_its_files(
    part: Desk,
) -> None:
    asked(part, "clarification")
    asked(part, "clarification")
    file = part.upload()
    handlers.record_clarification_answer(part.step(answer="Karena.", attachments=[file]))
    first, second = part.rows(exchange)
    assert first["reply"] is None, "the newest open one is meant"
    assert only(second, "reply", "result", "replied_at", "replied_by") == (
        "Karena.", "answered", NOW, "ani",
    )  # fmt: skip
    kept = part.row(evidence)
    assert only(kept, "follow_up_id", "report_id", "progress_id") == (part.id, None, None)
    assert part.rows(upload) == []
    assert part.follow_up.status == "acknowledge"


def test_a_clarification_needs_words_and_files_that_are_still_there(part: Desk) -> None:
    asked(part, "clarification")
    assert part.refused(handlers.record_clarification_answer) == {"answer"}
    theirs = part.upload("budi")
    lost = part.refused(handlers.record_clarification_answer, answer="Ya.", attachments=[theirs])
    assert lost == {"attachments"}
    broken = part.refused(handlers.record_clarification_answer, answer="Ya.", attachments=["x"])
    assert broken == {"attachments"}


def test_only_what_was_asked_can_be_answered(part: Desk) -> None:
    asked(part, "disagree")
    with pytest.raises(Refusal, match="nothing to reply to"):
        handlers.record_clarification_answer(part.step(answer="Karena."))


@pytest.mark.parametrize(
    ("review", "stage"), [("rejected", "plan"), ("changed", "acknowledge"), ("accepted", "decide")]
)
def test_a_review_of_a_disagreement_is_kept_and_leads_on_by_its_result(
    review: str, stage: str, part: Desk
) -> None:
    asked(part, "disagree")
    handlers.record_disagreement_review(
        part.step(review=review, consideration="Sudah jelas.", changed_text="Teks baru.")
    )
    row = part.row(exchange)
    assert only(row, "reply", "result", "changed_text") == ("Sudah jelas.", review, "Teks baru.")
    assert part.follow_up.status == stage


def test_a_review_needs_its_grounds_and_a_change_its_text(part: Desk) -> None:
    asked(part, "disagree")
    review = handlers.record_disagreement_review
    assert part.refused(review) == {"review", "consideration"}
    assert part.refused(review, review="changed", consideration="Ya.") == {"changed_text"}
    handlers.record_disagreement_review(part.step(review="rejected", consideration="Tidak."))
    assert part.row(exchange)["changed_text"] is None


# --- the plan -----------------------------------------------------------------------------------


def test_a_plan_is_kept_row_by_row_and_a_second_one_is_its_next_version(part: Desk) -> None:
    rows = [
        {"activity": "Peta jalan", "unit": "dokumen", "target": "1", "due": "2026-03-31"},
        {"activity": "", "unit": ""},
        {"activity": "Uji coba"},
    ]
    for _ in range(2):
        handlers.record_plan(part.step(unit="Ditjen Pothan", activities=rows))
    kept = [
        only(row, "version", "position", "activity", "unit", "target") for row in part.rows(plan)
    ]
    assert kept == [
        (1, 1, "Peta jalan", "dokumen", "1"), (1, 2, "Uji coba", None, None),
        (2, 1, "Peta jalan", "dokumen", "1"), (2, 2, "Uji coba", None, None),
    ]  # fmt: skip
    first = part.rows(plan)[0]
    assert only(first, "follow_up_id", "responsible_unit", "due", "at", "by") == (
        part.id, "Ditjen Pothan", "2026-03-31", NOW, "ani",
    )  # fmt: skip
    assert part.follow_up.status == "implement"


def test_a_plan_needs_a_unit_and_activities_with_names(part: Desk) -> None:
    assert part.refused(handlers.record_plan, activities=[{}]) == {"unit", "activities"}
    nameless = part.refused(handlers.record_plan, unit="U", activities=[{"target": "1"}])
    assert nameless == {"activities[0].activity"}
    assert part.rows(plan) == []


# --- progress -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "stage"), [("yes", "report"), ("no", "implement")])
def test_progress_is_kept_with_its_files_and_goes_on_until_it_is_done(
    done: str, stage: str, part: Desk
) -> None:
    part.change(round=2, claimed_status="conforms")
    file = part.upload()
    answers = {
        "percent": 60, "narrative": "Maju.", "done": done, "evidence": [file],
        "obstacles": "Tender", "support_needed": "Dana",
    }  # fmt: skip
    handlers.record_progress(part.step(**answers))
    row = part.row(progress)
    assert only(row, "follow_up_id", "round", "percent", "narrative") == (part.id, 2, 60, "Maju.")
    assert only(row, "obstacles", "support_needed", "done") == ("Tender", "Dana", done == "yes")
    assert only(row, "at", "by") == (NOW, "ani")
    assert only(part.row(evidence), "progress_id", "report_id") == (row["id"], None)
    case = part.follow_up
    assert (case.status, case.claimed_percent, case.claimed_at) == (stage, 60, NOW)
    assert case.claimed_status is None, "what an earlier round claimed is not claimed of this work"


@pytest.mark.parametrize("percent", [-1, 101, "", "half", 50.5, None])
def test_progress_is_a_whole_number_of_per_cent(percent: object, part: Desk) -> None:
    refused = part.refused(handlers.record_progress, percent=percent, narrative="M.", done="no")
    assert refused == {"percent"}


@pytest.mark.parametrize("percent", [0, 100])
def test_progress_may_be_nothing_or_all(percent: int, part: Desk) -> None:
    handlers.record_progress(part.step(percent=percent, narrative="M.", done="no"))
    assert part.row(progress)["percent"] == percent


def test_progress_says_what_was_done_and_whether_that_is_all(part: Desk) -> None:
    assert part.refused(handlers.record_progress, percent=5) == {"narrative", "done"}
    gone = part.refused(
        handlers.record_progress,
        percent=5,
        narrative="M.",
        done="no",
        evidence=[part.upload("budi")],
    )
    assert gone == {"evidence"}


# --- the report and its receipt -----------------------------------------------------------------


def test_a_report_is_kept_with_its_files_and_claims_what_it_claims(part: Desk) -> None:
    part.change(round=3)
    file = part.upload()
    handlers.record_report(part.step(**REPORT, urgency="urgent", evidence=[file]))
    row = part.row(report)
    assert {name: str(row[name]) for name in REPORT} == REPORT
    assert only(row, "follow_up_id", "round", "urgency", "at", "by") == (
        part.id, 3, "urgent", NOW, "ani",
    )  # fmt: skip
    assert only(part.row(evidence), "report_id", "progress_id") == (row["id"], None)
    case = part.follow_up
    assert (case.status, case.claimed_status, case.claimed_at) == ("evaluate", "conforms", NOW)


def test_a_report_is_found_by_the_number_of_its_letter_in_a_drawing_without_receipts(
    part: Desk,
) -> None:
    handlers.record_report(part.step(**REPORT))
    column, number = follow_up.c.id, REPORT["letter_number"]
    found = select(column).where(search.follow_ups(column, number))
    assert part.connection.scalars(found).all() == [part.id]


def test_a_report_is_ordinary_unless_it_says_otherwise_and_is_not_dated_tomorrow(
    part: Desk,
) -> None:
    late = {**REPORT, "letter_date": str(TOMORROW)}
    assert part.refused(handlers.record_report, **late) == {"letter_date"}
    handlers.record_report(part.step(**REPORT))
    assert part.row(report)["urgency"] == "ordinary"


def test_a_report_lacks_nothing_that_a_letter_has(part: Desk) -> None:
    assert part.refused(handlers.record_report) == set(REPORT)
    odd = {**REPORT, "urgency": "now", "evidence": [part.upload("budi")]}
    assert part.refused(handlers.record_report, **odd) == {"urgency"}
    assert part.refused(handlers.record_report, **{**odd, "urgency": "urgent"}) == {"evidence"}
    assert part.follow_up.status == "plan"


def test_the_receipt_numbers_the_report_handed_in_last_in_the_year_of_its_day(part: Desk) -> None:
    for _ in range(2):
        handlers.record_report(part.step(**REPORT))
    step = part.step()
    assert handlers.receipt(step) == {"receipt_number": "TT-2026-0041"}
    assert step.numbered == [("receipt", 2026)]
    first, second = part.rows(report)
    assert only(first, "receipt_number", "receipt_at") == (None, None)
    assert only(second, "receipt_number", "receipt_at") == ("TT-2026-0041", NOW)


def test_without_a_report_there_is_no_receipt(part: Desk) -> None:
    with pytest.raises(LookupError):
        handlers.receipt(part.step())


# --- the verdict --------------------------------------------------------------------------------

VERDICTS: dict[str, dict[str, Any]] = {
    "conforms": {},
    "not_yet_conforms": {"notes": "Kurang.", "rework_deadline": str(TOMORROW)},
    "not_followed_up": {"notes": "Belum."},
    "cannot_be_followed_up": {"notes": "Perkara.", "reason": "court", "basis": "Putusan 12"},
}


@pytest.mark.parametrize(
    ("verdict", "stage", "round"),
    [
        ("conforms", "evaluate", 1), ("not_yet_conforms", "implement", 2),
        ("not_followed_up", "plan", 2), ("cannot_be_followed_up", "decide", 1),
    ],
)  # fmt: skip
def test_a_verdict_is_kept_on_the_newest_report_and_sends_back_by_its_kind(
    verdict: str, stage: str, round: int, part: Desk
) -> None:
    for _ in range(2):
        handlers.record_report(part.step(**REPORT))
    grounds = VERDICTS[verdict]
    handlers.record_evaluation(part.step(verdict=verdict, **grounds))
    row = part.row(evaluation)
    assert only(row, "follow_up_id", "report_id", "round", "verdict", "at", "by") == (
        part.id, part.rows(report)[-1]["id"], 1, verdict, NOW, "ani",
    )  # fmt: skip
    assert only(row, "notes", "reason", "basis") == tuple(
        grounds.get(name) for name in ("notes", "reason", "basis")
    )
    rework = TOMORROW if verdict == "not_yet_conforms" else None
    case = part.follow_up
    assert row["rework_deadline"] == case.rework_deadline == rework
    assert (case.status, case.verdict, case.verdict_at, case.round) == (stage, verdict, NOW, round)


@pytest.mark.parametrize("verdict", [name for name in VERDICTS if name != "conforms"])
def test_whoever_is_not_content_writes_why(verdict: str, part: Desk) -> None:
    for notes in ({}, {"notes": "  "}):
        without = {k: v for k, v in VERDICTS[verdict].items() if k != "notes"}
        assert part.refused(handlers.record_evaluation, verdict=verdict, **without, **notes) == {
            "notes"
        }
    assert part.rows(evaluation) == []
    assert part.follow_up.verdict is None


@pytest.mark.parametrize("day", [None, str(YESTERDAY), str(TODAY), "soon"])
def test_returned_work_needs_a_day_to_come(day: str | None, part: Desk) -> None:
    refused = part.refused(
        handlers.record_evaluation, verdict="not_yet_conforms", notes="K.", rework_deadline=day
    )
    assert refused == {"rework_deadline"}


def test_what_cannot_be_followed_up_needs_its_reason_and_basis(part: Desk) -> None:
    refused = part.refused(
        handlers.record_evaluation, verdict="cannot_be_followed_up", notes="P.", reason="bored"
    )
    assert refused == {"reason", "basis"}
    assert part.refused(handlers.record_evaluation) >= {"verdict"}


def test_grounds_of_another_verdict_are_not_kept(part: Desk) -> None:
    every = {name: value for grounds in VERDICTS.values() for name, value in grounds.items()}
    handlers.record_evaluation(part.step(verdict="not_followed_up", **every))
    row = part.row(evaluation)
    assert only(row, "reason", "basis", "rework_deadline") == (None, None, None)


# --- whose case ---------------------------------------------------------------------------------


def test_an_instance_that_owns_no_case_records_nothing(part: Desk) -> None:
    step = part.step(response="accepted", contact="Rina")
    step.instance_id = uuid4()
    with pytest.raises(Refusal):
        handlers.record_acknowledgement(step)
    assert part.rows(exchange) == []


def test_what_is_recorded_of_one_case_leaves_the_others_alone(whole: Desk) -> None:
    one, other = part_of(whole, "kemhan"), part_of(whole, "kemenperin")
    found = follow_up_rows.find(whole.connection, one)
    assert found is not None
    desk = Desk(whole.connection, one, found.instance_id, "follow_up")
    handlers.record_acknowledgement(desk.step(response="accepted", contact="Rina"))
    beside = follow_up_rows.find(whole.connection, other)
    assert (desk.follow_up.contact, beside and beside.contact) == ("Rina", None)
