"""Registering a recommendation: its content, its deadlines, its institutions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from engine.ports.handlers import Refusal
from engine.time.calendar import Calendar
from processes.days.calendars import common_calendar
from processes.recommendation.drafting import LONGEST_DEADLINE_DAYS, counted_from, wrong_dates
from processes.recommendation.registration import record_registration
from processes.storage.cases import recommendation_rows
from processes.storage.people import users
from processes.storage.people.users import Grants
from tests.processes.lifecycle.conftest import NOW, TODAY, TOMORROW, YESTERDAY, Desk
from tests.processes.stories.world import enter

NOBODY = Grants({}, frozenset())
LATER = TODAY + timedelta(days=60)
CONTENT: dict[str, Any] = {
    "title": "Percepat", "text": "Percepat kapasitas.", "expected_outcome": "Naik",
    "source_meeting": "Rakor", "legal_basis": "Perpres 12/2025", "rpjmn_reference": "PN 2",
    "priority": "high", "classification": "restricted", "cycle": "quarter",
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    **CONTENT, "source_date": str(YESTERDAY), "deadline_kind": "date",
    "deadline_date": str(LATER), "comment_deadline": str(TOMORROW), "rollup_rule": "all",
    "lead": ["kemhan"], "supporting": ["kemenperin", "tni"], "information": ["brin"],
}  # fmt: skip


def refused(whole: Desk, **changes: object) -> set[str]:
    return whole.refused(record_registration, **{**ANSWERS, **changes})


def test_a_registration_is_kept_whole_and_gets_its_number(whole: Desk) -> None:
    step = whole.step(**ANSWERS)
    assert record_registration(step).variables == {"institutions": ["kemhan", "kemenperin", "tni"]}
    assert step.numbered == [("recommendation", 2026)]
    case = whole.recommendation
    assert {name: getattr(case, name) for name in CONTENT} == CONTENT
    assert (case.source_date, case.deadline, case.comment_deadline) == (YESTERDAY, LATER, TOMORROW)
    assert (case.deadline_kind, case.deadline_days) == ("date", None)
    assert (case.rollup_rule, case.rollup_percent) == ("all", None)
    assert (case.number, case.status, case.registered_at) == ("REK-2026-0041", "comment", NOW)
    assert recommendation_rows.institutions_of(whole.connection, whole.id) == {
        "kemhan": "lead", "kemenperin": "supporting", "tni": "supporting", "brin": "information",
    }  # fmt: skip


def test_registering_again_keeps_number_and_day_and_changes_the_rest(whole: Desk) -> None:
    earlier = NOW - timedelta(days=9)
    whole.change(number="REK-2025-0007", registered_at=earlier)
    step = whole.step(**{**ANSWERS, "title": "Baru", "supporting": []})
    assert record_registration(step).variables == {"institutions": ["kemhan"]}
    case = whole.recommendation
    assert (case.number, case.registered_at, case.title) == ("REK-2025-0007", earlier, "Baru")
    assert step.numbered == []
    assert set(recommendation_rows.institutions_of(whole.connection, whole.id)) == {
        "kemhan",
        "brin",
    }


def test_what_is_missing_is_named_all_at_once(whole: Desk) -> None:
    assert whole.refused(record_registration) == {
        "title", "text", "priority", "classification", "cycle", "deadline_kind", "deadline_date",
        "comment_deadline", "rollup_rule", "lead",
    }  # fmt: skip
    assert whole.recommendation.number is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", "urgent"), ("classification", "open"), ("cycle", "week"),
        ("deadline_kind", "weeks"), ("rollup_rule", "most"), ("source_date", "soon"),
    ],
)  # fmt: skip
def test_a_word_that_is_none_of_the_offered_ones_is_refused(
    field: str, value: str, whole: Desk
) -> None:
    assert refused(whole, **{field: value}) == {field}


# --- deadlines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "deadline"), [("days", TODAY + timedelta(days=30)), ("working_days", None)]
)
def test_a_deadline_in_days_is_counted_from_today(
    kind: str, deadline: date | None, whole: Desk
) -> None:
    days = {"deadline_kind": kind, "deadline_days": 30, "deadline_date": "ignored"}
    record_registration(whole.step(**{**ANSWERS, **days}))
    case = whole.recommendation
    counted = deadline or common_calendar(whole.connection).add(TODAY, 30)
    assert (case.deadline, case.deadline_kind, case.deadline_days) == (counted, kind, 30)


@pytest.mark.parametrize("days", [0, -1, LONGEST_DEADLINE_DAYS + 1, "many", None])
def test_a_deadline_in_days_is_a_day_to_ten_years(days: object, whole: Desk) -> None:
    fields = refused(whole, deadline_kind="days", deadline_days=days)
    assert "deadline_days" in fields
    assert LONGEST_DEADLINE_DAYS == 3660


def test_the_bounds_of_a_deadline_in_days_are_accepted(whole: Desk) -> None:
    longest = {"deadline_kind": "days", "deadline_days": LONGEST_DEADLINE_DAYS}
    record_registration(whole.step(**{**ANSWERS, **longest}))
    assert whole.recommendation.deadline == TODAY + timedelta(days=LONGEST_DEADLINE_DAYS)
    shortest = {"deadline_kind": "days", "deadline_days": 1}
    record_registration(whole.step(**{**ANSWERS, **shortest}))
    assert whole.recommendation.deadline == TOMORROW


@pytest.mark.parametrize("day", [str(YESTERDAY), str(TODAY), None, "soon"])
def test_both_deadlines_lie_in_the_future(day: str | None, whole: Desk) -> None:
    assert "deadline_date" in refused(whole, deadline_date=day)
    assert refused(whole, comment_deadline=day) == {"comment_deadline"}


def test_comments_are_due_before_the_recommendation_is_however_that_is_counted(
    whole: Desk,
) -> None:
    after = str(LATER + timedelta(days=1))
    assert refused(whole, comment_deadline=after) == {"comment_deadline"}
    in_days = {"deadline_kind": "days", "deadline_days": 5, "comment_deadline": str(LATER)}
    assert refused(whole, **in_days) == {"comment_deadline"}
    record_registration(whole.step(**{**ANSWERS, "comment_deadline": str(LATER)}))


@pytest.mark.parametrize(
    ("deadline", "comments", "wrong"),
    [
        (None, None, set()), (TOMORROW, TOMORROW, set()), (TODAY, None, {"deadline"}),
        (None, TODAY, {"comment_deadline"}), (TOMORROW, None, set()), (None, LATER, set()),
        (TOMORROW, LATER, {"comment_deadline"}),
        (YESTERDAY, TODAY, {"deadline", "comment_deadline"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_two_dates(
    deadline: date | None, comments: date | None, wrong: set[str]
) -> None:
    assert set(wrong_dates(deadline, comments, TODAY)) == wrong


def test_a_past_comment_deadline_is_told_as_past_before_anything_else() -> None:
    found = wrong_dates(YESTERDAY, TODAY, TODAY)
    assert "future" in str(found["comment_deadline"])


def test_days_count_every_day_and_working_days_those_of_the_calendar() -> None:
    friday = date(2026, 3, 6)
    assert counted_from(Calendar(), "days", 2, friday) == date(2026, 3, 8)
    assert counted_from(Calendar(), "working_days", 2, friday) == date(2026, 3, 10)


# --- whom it is for -----------------------------------------------------------------------------


def test_an_institution_has_one_role_and_is_called_by_its_name(whole: Desk) -> None:
    with pytest.raises(Refusal) as refusal:
        record_registration(whole.step(**{**ANSWERS, "information": ["kemhan"]}))
    [(field, sentence)] = refusal.value.fields.items()
    assert (field, "Kemhan" in str(sentence)) == ("information", True)


def test_somebody_leads_and_everybody_exists(whole: Desk) -> None:
    assert refused(whole, lead=[]) == {"lead"}
    with pytest.raises(Refusal) as refusal:
        record_registration(whole.step(**{**ANSWERS, "supporting": ["kemenperin", "atlantis"]}))
    [(field, sentence)] = refusal.value.fields.items()
    assert (field, "atlantis" in str(sentence)) == ("supporting", True)


def test_a_share_is_asked_for_under_the_rule_that_counts_one_only(whole: Desk) -> None:
    for percent in (0, 101, None):
        assert refused(whole, rollup_rule="percent", rollup_percent=percent) == {"rollup_percent"}
    for percent in (1, 100):
        share = {"rollup_rule": "percent", "rollup_percent": percent}
        record_registration(whole.step(**{**ANSWERS, **share}))
        assert whole.recommendation.rollup_percent == percent
    record_registration(whole.step(**{**ANSWERS, "rollup_percent": 50}))
    assert whole.recommendation.rollup_percent is None


def test_a_process_without_a_row_in_the_register_registers_nothing_of_another(whole: Desk) -> None:
    other = whole.step(**ANSWERS)
    other.instance_id = uuid4()
    with pytest.raises(Refusal):
        record_registration(other)
    assert whole.recommendation.number is None


def account(whole: Desk, username: str, clearance: str, grants: Grants = NOBODY) -> None:
    scope = enter(whole.connection, username, grants)
    users.change(whole.connection, scope.user_id, {"clearance": clearance})


def test_nobody_classifies_a_draft_above_their_own_clearance(whole: Desk) -> None:
    account(whole, "ani", "ordinary")
    assert refused(whole) == {"classification"}
    record_registration(whole.step(**{**ANSWERS, "classification": "ordinary"}))
    assert whole.recommendation.classification == "ordinary"


def test_a_draft_is_classified_no_higher_than_somebody_who_decides_may_read(whole: Desk) -> None:
    supervisor = Grants({"supervisor": "asdep"}, frozenset())
    account(whole, "asdep", "ordinary", supervisor)
    assert refused(whole) == {"classification"}
    account(whole, "deputi", "restricted", supervisor)
    record_registration(whole.step(**ANSWERS))
    assert whole.recommendation.classification == "restricted"
