"""The decisions of supervisors on a follow-up, the dates they may set, and its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from processes.follow_up import decisions
from processes.storage.tables.follow_ups import extension
from processes.storage.tables.notices import escalation
from processes.storage.tables.recommendations import decision
from tests.processes.lifecycle.conftest import NOW, TODAY, TOMORROW, YESTERDAY, Desk

PRESENT = date(2026, 12, 1)
"""The deadline of the follow-up at hand."""
LATER = PRESENT + timedelta(days=30)


def only(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


# --- not feasible -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved", "stage", "verdict", "since"),
    [("yes", "decide", "cannot_be_followed_up", NOW), ("no", "evaluate", None, None)],
)
def test_that_nothing_can_be_done_is_a_verdict_only_once_a_supervisor_says_so(
    approved: str, stage: str, verdict: str | None, since: Any, part: Desk
) -> None:
    part.change(verdict="cannot_be_followed_up", verdict_at=NOW)
    decisions.record_not_feasible_decision(part.step(approved=approved, consideration="Sudah."))
    row = part.row(decision)
    assert only(row, "recommendation_id", "follow_up_id", "kind") == (
        part.follow_up.recommendation_id, part.id, "not_feasible",
    )  # fmt: skip
    assert only(row, "approved", "reason", "at", "by") == (approved == "yes", "Sudah.", NOW, "ani")
    case = part.follow_up
    assert (case.status, case.verdict, case.verdict_at) == (stage, verdict, since)


def test_a_decision_needs_its_answer_and_its_grounds(part: Desk) -> None:
    refused = part.refused(decisions.record_not_feasible_decision)
    assert refused == {"approved", "consideration"}
    assert part.rows(decision) == []


# --- asking for more time -----------------------------------------------------------------------


def test_a_request_for_more_time_is_kept_undecided(part: Desk) -> None:
    decisions.record_extension_request(
        part.step(deadline=str(LATER), reason="Tender.", letter_number="P-1")
    )
    row = part.row(extension)
    assert only(row, "follow_up_id", "requested_deadline", "reason", "letter_number") == (
        part.id, LATER, "Tender.", "P-1",
    )  # fmt: skip
    assert only(row, "requested_at", "requested_by", "decision") == (NOW, "ani", None)


@pytest.mark.parametrize("day", [None, YESTERDAY, TODAY, PRESENT - timedelta(days=1), PRESENT])
def test_more_time_is_later_than_today_and_than_the_present_deadline(
    day: date | None, part: Desk
) -> None:
    asked = {"reason": "Tender.", "deadline": str(day) if day else None}
    assert part.refused(decisions.record_extension_request, **asked) == {"deadline"}
    granted = {"decision": "granted", "reason": "Ya.", "new_deadline": asked["deadline"]}
    assert part.refused(decisions.record_extension_decision, **granted) == {"new_deadline"}
    assert part.rows(extension) == []


def test_a_late_follow_up_is_given_more_time_from_tomorrow_on(part: Desk) -> None:
    part.change(deadline=YESTERDAY - timedelta(days=30))
    today = {"reason": "Tender.", "deadline": str(TODAY)}
    assert part.refused(decisions.record_extension_request, **today) == {"deadline"}
    decisions.record_extension_request(part.step(deadline=str(TOMORROW), reason="Tender."))


@pytest.mark.parametrize(
    ("deadline", "rework", "current"),
    [
        (PRESENT, None, PRESENT), (PRESENT, LATER, LATER), (PRESENT, TOMORROW, TOMORROW),
        (PRESENT, PRESENT, PRESENT),
    ],
)  # fmt: skip
def test_returned_work_is_worked_on_until_its_own_date(
    deadline: date, rework: date | None, current: date, part: Desk
) -> None:
    part.change(deadline=deadline, rework_deadline=rework)
    assert decisions.current_deadline(part.follow_up) == current
    same = {"reason": "Tender.", "deadline": str(current)}
    assert part.refused(decisions.record_extension_request, **same) == {"deadline"}
    next_day = str(current + timedelta(days=1))
    decisions.record_extension_request(part.step(reason="Tender.", deadline=next_day))


def test_a_request_says_why(part: Desk) -> None:
    assert part.refused(decisions.record_extension_request, deadline=str(LATER)) == {"reason"}


# --- deciding about it --------------------------------------------------------------------------


def requested(part: Desk, day: date = LATER) -> None:
    decisions.record_extension_request(part.step(deadline=str(day), reason="Tender."))


@pytest.mark.parametrize(
    ("word", "new"), [("granted", PRESENT + timedelta(days=7)), ("denied", None)]
)
def test_a_decision_is_kept_on_the_request_it_answers(
    word: str, new: date | None, part: Desk
) -> None:
    requested(part)
    answers = {
        "decision": word,
        "reason": "Cukup.",
        "new_deadline": str(PRESENT + timedelta(days=7)),
    }
    decisions.record_extension_decision(part.step(**answers))
    row = part.row(extension)
    assert only(row, "decision", "new_deadline", "decision_reason") == (word, new, "Cukup.")
    assert only(row, "decided_at", "decided_by", "requested_by") == (NOW, "ani", "ani")
    assert only(row, "requested_deadline", "reason") == (LATER, "Tender.")


def test_a_denial_needs_no_date_and_every_decision_a_reason(part: Desk) -> None:
    requested(part)
    assert part.refused(decisions.record_extension_decision) == {"decision", "reason"}
    assert part.refused(decisions.record_extension_decision, decision="denied") == {"reason"}
    decisions.record_extension_decision(part.step(decision="denied", reason="Tidak."))


def test_a_drawing_that_recorded_no_request_still_has_it_in_its_data(part: Desk) -> None:
    data = {"deadline": str(LATER), "reason": "Tender.", "letter_number": "P-1"}
    decisions.record_extension_decision(part.step(data, decision="denied", reason="Tidak."))
    row = part.row(extension)
    assert only(row, "follow_up_id", "requested_deadline", "reason", "letter_number") == (
        part.id, LATER, "Tender.", "P-1",
    )  # fmt: skip
    assert only(row, "requested_at", "requested_by", "decision") == (NOW, None, "denied")


def test_without_any_request_the_decision_stands_on_the_present_deadline(part: Desk) -> None:
    decisions.record_extension_decision(part.step(decision="denied", reason="Tidak."))
    row = part.row(extension)
    assert only(row, "requested_deadline", "reason", "letter_number") == (PRESENT, "", None)


# --- making it hold -----------------------------------------------------------------------------


def test_a_granted_deadline_holds_and_takes_the_place_of_a_rework_deadline(part: Desk) -> None:
    part.change(rework_deadline=TOMORROW)
    requested(part)
    grant = part.step(decision="granted", reason="Ya.", new_deadline=str(LATER))
    decisions.record_extension_decision(grant)
    step = part.step()
    decisions.apply_deadline(step)
    case = part.follow_up
    assert (case.deadline, case.rework_deadline) == (LATER, None)
    assert step.deadlines == [(None, None)], "open tasks follow"


def test_without_a_grant_every_date_stays(part: Desk) -> None:
    part.change(rework_deadline=TOMORROW)
    requested(part)
    decisions.record_extension_decision(part.step(decision="denied", reason="Tidak."))
    step = part.step()
    decisions.apply_deadline(step)
    case = part.follow_up
    assert (case.deadline, case.rework_deadline, step.deadlines) == (PRESENT, TOMORROW, [])


# --- ending -------------------------------------------------------------------------------------


def escalated(part: Desk, instance_id: Any) -> None:
    values = {
        "id": uuid7(), "recommendation_id": part.follow_up.recommendation_id,
        "instance_id": instance_id, "task_id": uuid7(), "element_id": "plan", "element_name": "P",
        "level": 1, "level_name": "L", "overdue": 1, "fired": NOW, "late_seconds": 0, "holder": "h",
        "told": [], "no_recipient": False,
    }  # fmt: skip
    part.connection.execute(insert(escalation).values(values))


@pytest.mark.parametrize(
    ("ending", "status"),
    [(decisions.close_follow_up, "closed"), (decisions.withdraw_follow_up, "withdrawn")],
)
def test_a_follow_up_that_ends_says_when_and_nothing_of_it_stays_escalated(
    ending: Any, status: str, part: Desk
) -> None:
    part.change(verdict="conforms")
    escalated(part, part.instance_id)
    escalated(part, uuid7())
    ending(part.step())
    case = part.follow_up
    assert (case.status, case.status_since, case.closed_at) == (status, NOW, NOW)
    assert case.verdict == "conforms", "its verdict stands"
    ours, others = part.rows(escalation)
    assert (ours["ended_at"], others["ended_at"]) == (NOW, None)
