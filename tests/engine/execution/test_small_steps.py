"""Claiming and handing over: the old holder can no longer act, and the history names the giver."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine import BadInput, Conflict, Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models_of_tests import REVIEW, TIMED_OUT, only_task


def test_a_claimed_task_leaves_the_list_of_its_group(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    engine.claim(task.id, "ani")
    assert engine.tasks(candidate_group="authors") == []
    assert [found.id for found in engine.tasks(assignee="ani")] == [task.id]


def test_a_task_somebody_has_cannot_be_claimed(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    engine.claim(task.id, "ani")
    engine.claim(task.id, "ani")
    with pytest.raises(Conflict) as refused:
        engine.claim(task.id, "budi")
    assert refused.value.who == "ani"


def test_handing_over_moves_the_task_and_tells_from_whom_to_whom(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    task = only_task(engine, case)
    engine.claim(task.id, "ani")
    clock.advance(hours=3)
    engine.assign(task.id, "budi", "head", "on leave")

    assert engine.tasks(assignee="ani") == []
    moved = only_task(engine, case)
    assert (moved.assignee, moved.held_since) == ("budi", clock.now)
    event = engine.history(case)[-1]
    assert (event.kind, event.by) == ("assign", "head")
    assert (event.details["from"], event.details["to"]) == ("ani", "budi")
    assert event.details["reason"] == "on leave"
    assert (moved.passed_by, moved.passed_reason) == ("head", "on leave")


def test_a_task_given_back_is_open_to_its_group_again(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    engine.claim(task.id, "ani")
    engine.assign(task.id, None, "ani")
    assert [found.id for found in engine.tasks(candidate_group="authors")] == [task.id]


def test_a_completed_task_cannot_be_handed_over(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    task = only_task(engine, engine.start("review"))
    engine.complete(task.id, {}, "ani")
    with pytest.raises(Conflict):
        engine.assign(task.id, "budi", "head")


def test_an_extension_moves_the_deadline_and_says_why(engine: Engine) -> None:
    engine.deploy(TIMED_OUT, "owner")
    case = engine.start("timed_out")
    task = only_task(engine, case)
    engine.extend(task.id, date(2026, 4, 1), "letter 12", "head")
    extended = only_task(engine, case)
    assert extended.due_at is not None
    assert extended.due_at - MONDAY > timedelta(days=29)
    assert engine.history(case)[-1].details["reason"] == "letter 12"


def test_a_task_is_not_extended_to_the_last_day_there_is(engine: Engine) -> None:
    engine.deploy(TIMED_OUT, "owner")
    task = only_task(engine, engine.start("timed_out"))
    with pytest.raises(BadInput, match="out of range"):
        engine.extend(task.id, date.max, "for ever", "head")


def test_pages_of_tasks_follow_the_deadline_and_miss_none(engine: Engine) -> None:
    engine.deploy(REVIEW, "owner")
    for _ in range(7):
        engine.start("review")
    seen, after = [], None
    while page := engine.tasks(candidate_group="authors", limit=3, after=after):
        seen += [task.id for task in page]
        after = page[-1]
    assert len(seen) == len(set(seen)) == 7
