"""Whose time a follow-up shows: the moves of its deadline, and its late tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.time.calendar import Calendar
from processes.cases.follow_up.follow_up_times import Moved, before, late_of, moves_of
from processes.cases.follow_up.progress import finishing
from processes.storage.cases.follow_up_detail import Escalation, Extension
from processes.storage.cases.past import FollowUpThen
from processes.storage.work.task_rows import OpenTask

NOW: Final = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
PAST: Final = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""The end of Thursday 12 March, in Jakarta."""
AHEAD: Final = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)
CALENDAR: Final = Calendar()


def then(deadline: date | None, hours: int) -> FollowUpThen:
    values: dict[str, Any] = dict.fromkeys(FollowUpThen.__slots__)
    moment = NOW + timedelta(hours=hours)
    return FollowUpThen(**{**values, "deadline": deadline, "valid_from": moment})


def task(due_at: datetime | None, number: int = 1) -> OpenTask:
    values: dict[str, Any] = dict.fromkeys(OpenTask.__slots__)
    return OpenTask(**{**values, "id": UUID(int=number), "due_at": due_at})


def escalation(about: OpenTask, level: int = 1, **changed: Any) -> Escalation:
    values: dict[str, Any] = dict.fromkeys(Escalation.__slots__)
    values |= {"id": uuid7(), "task_id": about.id, "level": level, "due_at": about.due_at}
    return Escalation(**{**values, **changed})


# --- moves --------------------------------------------------------------------------------------

FIRST, SECOND, THIRD = date(2026, 4, 1), date(2026, 5, 1), date(2026, 4, 15)


@pytest.mark.parametrize(
    "deadlines", [[], [FIRST], [FIRST, FIRST, FIRST], [None, FIRST], [FIRST, None], [None, None]]
)
def test_a_deadline_that_stayed_or_was_unknown_was_not_moved(
    deadlines: list[date | None],
) -> None:
    assert moves_of([then(day, hour) for hour, day in enumerate(deadlines)]) == []


def test_each_move_is_told_from_day_to_day_when_it_was_made() -> None:
    days = [FIRST, FIRST, SECOND, SECOND, THIRD]
    assert moves_of([then(day, hour) for hour, day in enumerate(days)]) == [
        Moved(FIRST, SECOND, NOW + timedelta(hours=2)),
        Moved(SECOND, THIRD, NOW + timedelta(hours=4)),
    ]


def asked(decided: datetime | None, new: date | None = SECOND) -> Extension:
    return Extension(
        id=uuid7(), follow_up_id=uuid7(), requested_deadline=SECOND, reason="R",
        letter_number=None, requested_at=NOW, requested_by="rina", decided_at=decided,
        new_deadline=new,
    )  # fmt: skip


def test_an_extension_replaced_the_deadline_that_was_moved_with_its_decision() -> None:
    moves = [Moved(FIRST, SECOND, NOW), Moved(SECOND, THIRD, NOW + timedelta(hours=1))]
    assert before(moves, asked(NOW)) == FIRST
    assert before(moves, asked(NOW + timedelta(hours=1))) == SECOND


@pytest.mark.parametrize(
    ("decided", "new"), [(None, None), (NOW, None), (NOW + timedelta(hours=9), SECOND)]
)
def test_what_was_denied_or_moved_nothing_replaced_nothing(
    decided: datetime | None, new: date | None
) -> None:
    assert before([Moved(FIRST, SECOND, NOW)], asked(decided, new)) is None


# --- late tasks ---------------------------------------------------------------------------------


def late(tasks: list[OpenTask], *escalated: Escalation) -> list[tuple[int, bool]]:
    found = late_of(tasks, escalated, CALENDAR, NOW)
    assert all(one.timing.late for one in found)
    return [(one.task.id.int, one.level) for one in found]


def test_what_is_not_due_yet_or_never_is_not_late() -> None:
    assert late([task(AHEAD), task(None, 2)]) == []
    assert late([]) == []


def test_a_late_task_says_how_many_working_days() -> None:
    [one] = late_of([task(PAST)], [], CALENDAR, NOW)
    assert (one.timing.overdue, one.level) == (3, False)


def test_the_task_that_is_escalated_stands_first() -> None:
    first, second = task(PAST, 1), task(PAST, 2)
    assert late([first, second], escalation(second)) == [(2, True), (1, False)]
    assert late([first, second], escalation(first)) == [(1, True), (2, False)]


def test_of_several_levels_the_highest_is_that_of_the_case() -> None:
    first, second = task(PAST, 1), task(PAST, 2)
    levels = escalation(first, 1), escalation(second, 3), escalation(first, 2)
    assert late([first, second], *levels) == [(2, True), (1, False)]


def test_of_equal_levels_the_newest_stands() -> None:
    first, second = task(PAST, 1), task(PAST, 2)
    older, newer = escalation(first, 2), escalation(second, 2)
    assert late([first, second], newer, older) == [(2, True), (1, False)]


@pytest.mark.parametrize(
    "changed", [{"ended_at": NOW}, {"due_at": AHEAD}, {"due_at": None}, {"task_id": UUID(int=9)}]
)
def test_an_escalation_that_stands_no_more_marks_nothing(changed: dict[str, Any]) -> None:
    """It ended, its deadline was moved, or its task is done."""
    mine = task(PAST)
    assert late([mine], escalation(mine, 5, **changed)) == [(1, False)]


def test_a_task_reminded_of_before_its_deadline_is_escalated_and_not_late() -> None:
    """Then no late task bears the level of the case."""
    ahead, behind = task(AHEAD, 1), task(PAST, 2)
    assert late([ahead, behind], escalation(ahead, 4), escalation(behind, 1)) == [(2, False)]


# --- finishing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "early"),
    [
        ({"percent": 99, "done": "yes"}, True),
        ({"percent": 0, "done": "yes"}, True),
        ({"percent": 99.5, "done": "yes"}, True),
        ({"percent": 100, "done": "yes"}, False),
        ({"percent": 50, "done": "no"}, False),
        ({"percent": 50}, False),
        ({"done": "yes"}, False),
        ({"percent": "lima puluh", "done": "yes"}, False),
        ({}, False),
    ],
)
def test_who_finishes_before_all_is_done_is_asked_back(
    answers: dict[str, Any], early: bool
) -> None:
    found = finishing(answers)
    assert found.early is early
    assert found.percent == answers.get("percent")
    assert found.wrong == {}, "a part of the work may be all that will be done"
