"""Taking a report back: when that is possible, what stays, and until when the next one is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.ports.handlers import Refusal
from engine.storage.tables import task
from processes.days.calendars import calendar_of
from processes.follow_up.replacement import record_replacement, why_not
from processes.storage.cases import report_rows
from processes.storage.tables.reports import report
from tests.processes.conftest import NOW
from tests.processes.follow_up.conftest import handed_in, judged
from tests.processes.lifecycle.conftest import TODAY, Desk
from tests.processes.made_cases import a_task

REASON = "Angka pada lampiran salah."


def take_back(desk: Desk, **answers: Any) -> None:
    record_replacement(desk.step(**{"reason": REASON, **answers}))


@pytest.fixture
def reported(part: Desk) -> Desk:
    """A follow-up whose report waits for its evaluation."""
    handed_in(part)
    part.change(status="evaluate", claimed_status="conforms", claimed_at=NOW)
    return part


def test_a_report_taken_back_stays_with_who_when_and_why(reported: Desk) -> None:
    take_back(reported)
    kept = reported.row(report)
    assert (kept["replaced_at"], kept["replaced_by"]) == (NOW, "ani")
    assert (kept["replaced_reason"], kept["summary"]) == (REASON, "Selesai.")


def test_the_institution_is_asked_again_and_its_claim_stands_no_more(reported: Desk) -> None:
    take_back(reported)
    case = reported.follow_up
    assert (case.status, case.claimed_status, case.round) == ("report", None, 1)
    assert report_rows.standing(reported.connection, reported.id) is None


def test_taking_back_needs_its_reason(reported: Desk) -> None:
    assert reported.refused(record_replacement, reason="  ") == {"reason"}
    assert reported.row(report)["replaced_at"] is None
    assert reported.follow_up.status == "evaluate"


def test_without_a_report_there_is_nothing_to_take_back(part: Desk) -> None:
    with pytest.raises(Refusal, match="No report is handed in yet"):
        take_back(part)


def test_a_report_is_taken_back_once(reported: Desk) -> None:
    take_back(reported)
    with pytest.raises(Refusal, match="No report is handed in yet"):
        take_back(reported)


def test_what_was_evaluated_is_not_taken_back(reported: Desk) -> None:
    judged(reported, reported.row(report)["id"])
    with pytest.raises(Refusal, match="already been evaluated"):
        take_back(reported)


def test_the_report_of_an_earlier_round_is_not_taken_back(reported: Desk) -> None:
    reported.change(round=2, status="implement")
    with pytest.raises(Refusal, match="No report is handed in yet"):
        take_back(reported)


def test_a_corrected_report_can_be_taken_back_too(reported: Desk) -> None:
    take_back(reported)
    second = handed_in(reported)
    reported.change(status="evaluate")
    take_back(reported, reason="Sekali lagi.")
    reasons = {row["id"]: row["replaced_reason"] for row in reported.rows(report)}
    assert reasons[second] == "Sekali lagi."
    assert set(reasons.values()) == {REASON, "Sekali lagi."}


@pytest.mark.parametrize("status", ["closed", "withdrawn", "carried_over"])
def test_after_its_end_every_report_stays(status: str, reported: Desk) -> None:
    reported.change(status=status)
    with pytest.raises(Refusal, match="has ended; its report stays as it is"):
        take_back(reported)


def test_the_end_is_told_before_anything_else(part: Desk) -> None:
    part.change(status="closed")
    refusal = why_not(part.follow_up, None, judged=True)
    assert refusal is not None and "has ended" in refusal.render()


# --- by when ------------------------------------------------------------------------------------


def soonest(desk: Desk) -> date:
    return calendar_of(desk.connection, "kemhan").add(TODAY, 3)


def test_a_deadline_far_away_stays_as_it_is(reported: Desk) -> None:
    take_back(reported)
    case = reported.follow_up
    assert (case.deadline, case.rework_deadline) == (date(2026, 12, 1), None)


@pytest.mark.parametrize("days", [-30, 0, 1])
def test_a_deadline_that_is_near_or_past_leaves_three_working_days(
    days: int, reported: Desk
) -> None:
    reported.change(deadline=TODAY + timedelta(days=days))
    take_back(reported)
    case = reported.follow_up
    assert case.rework_deadline == soonest(reported)
    assert case.deadline == TODAY + timedelta(days=days), "the deadline itself is not moved"


def test_three_working_days_exactly_are_enough(reported: Desk) -> None:
    reported.change(deadline=soonest(reported))
    take_back(reported)
    assert reported.follow_up.rework_deadline is None


@pytest.mark.parametrize(("days", "stays"), [(0, False), (90, True)])
def test_of_returned_work_its_own_date_counts(days: int, stays: bool, reported: Desk) -> None:
    own = TODAY + timedelta(days=days)
    reported.change(rework_deadline=own)
    take_back(reported)
    assert reported.follow_up.rework_deadline == (own if stays else soonest(reported))


# --- who had it in hand -------------------------------------------------------------------------


@pytest.mark.parametrize("holder", ["budi", None])
def test_who_had_the_report_in_hand_gets_the_next_one(holder: str | None, reported: Desk) -> None:
    waiting = a_task(reported.connection, reported.instance_id)
    other = a_task(reported.connection, reported.instance_id)
    reported.connection.execute(
        update(task).where(task.c.id == waiting).values(element_id="evaluate", assignee=holder)
    )
    reported.connection.execute(update(task).where(task.c.id == other).values(assignee="cici"))
    reported.change(evaluator="deni")
    take_back(reported)
    assert reported.follow_up.evaluator == holder
