"""The changed rows of a step follow from the waits before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.execution.border import (
    NOTHING,
    ExternalTask,
    HumanTask,
    Subscription,
    Waiting,
    WaitingTimer,
)
from engine.execution.rows import PRIORITY, Owner, difference
from engine.models.elements import Element
from engine.storage.cases.steps import RowChanges
from engine.storage.cases.worklist import NEVER

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
OWNER = Owner(uuid4(), uuid4(), "review", "A-1", NOW, "ani", None)


def task(element_id: str = "write", **values: Any) -> HumanTask:
    element = Element(element_id, "Write", "userTask", 1, "review", form_ref="page")
    usual: dict[str, Any] = {
        "token": uuid4(), "row_id": uuid4(), "element": element, "name": "Write it",
        "path": "inside/deeper", "round": 2, "created": NOW, "due_at": LATER,
        "follow_up_at": NOW, "priority": None, "assignee": None, "candidate_users": ("budi",),
        "candidate_groups": ("authors", "judges"),
    }  # fmt: skip
    return HumanTask(**{**usual, **values})


def timer(element_id: str = "late", on: str | None = None, due_at: datetime = NOW) -> WaitingTimer:
    return WaitingTimer(uuid4(), element_id, due_at, "duration", None, on)


def waits(*things: HumanTask | WaitingTimer | Subscription | ExternalTask) -> Waiting:
    def only(kind: type[Any]) -> dict[UUID, Any]:
        return {one.token: one for one in things if isinstance(one, kind)}

    return Waiting(only(HumanTask), only(WaitingTimer), only(Subscription), only(ExternalTask))


def changed(changes: RowChanges) -> set[str]:
    """Which lists say anything."""
    return {name for name in RowChanges.__dataclass_fields__ if getattr(changes, name)}


def sums(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    return {row["key"]: row["delta"] for row in rows}


def everything() -> Waiting:
    return waits(
        task(), timer(), Subscription(uuid4(), "paid", "payment", "A-1"),
        ExternalTask(uuid4(), "ask", "rates", {"day": 1}),
    )  # fmt: skip


def test_what_waits_on_unchanged_changes_no_row() -> None:
    before = everything()
    assert changed(difference(before, before, OWNER)) == set()


def test_an_opened_task_is_written_as_the_model_drew_it_and_offered_to_its_candidates() -> None:
    opened = task()
    changes = difference(NOTHING, waits(opened), OWNER)
    assert changes.new_tasks == [
        {
            "id": opened.row_id, "instance_id": OWNER.instance_id,
            "definition_id": OWNER.definition_id, "process_key": "review", "business_key": "A-1",
            "element_id": "write", "name": "Write it", "token": opened.token,
            "path": "inside/deeper", "round": 2, "status": "open", "assignee": None,
            "candidate_users": ["budi"], "candidate_groups": ["authors", "judges"],
            "form_ref": "page", "priority": PRIORITY, "created_at": NOW, "due_at": LATER,
            "follow_up_at": NOW, "held_since": NOW, "passed_by": None, "passed_reason": None,
            "repairing": False, "ended_at": None, "ended_by": None,
        }
    ]  # fmt: skip
    assert changes.new_candidates == [
        {"task_id": opened.row_id, "principal": who, "sort_at": LATER}
        for who in ("group:authors", "group:judges", "user:budi")
    ]
    assert changed(changes) == {"new_tasks", "new_candidates", "deltas"}


def test_a_task_that_stays_beside_an_opened_one_is_not_written_again() -> None:
    stays, opened = task("stays"), task("opened")
    changes = difference(waits(stays), waits(stays, opened), OWNER)
    assert [row["id"] for row in changes.new_tasks] == [opened.row_id]
    assert {row["task_id"] for row in changes.new_candidates} == {opened.row_id}
    assert sums(changes.deltas) == {"opened": 1}


def test_a_task_that_is_somebodys_is_offered_to_nobody_else() -> None:
    changes = difference(NOTHING, waits(task(assignee="ani", due_at=None)), OWNER)
    [row] = changes.new_candidates
    assert (row["principal"], row["sort_at"]) == ("user:ani", NEVER)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, PRIORITY), (7, 7), ("80", 80), ("-3", -3), (0, 0), ("", PRIORITY),
        ("high", PRIORITY), ("7.5", PRIORITY), (True, PRIORITY), ("1234567890", PRIORITY),
        ("999999999", 999_999_999), ("7 ", PRIORITY),
    ],
)  # fmt: skip
def test_a_priority_is_a_whole_number_or_the_usual_one(given: str | int, stored: int) -> None:
    [row] = difference(NOTHING, waits(task(priority=given)), OWNER).new_tasks
    assert row["priority"] == stored
    assert PRIORITY == 50, "as in Camunda 7"


def test_the_completed_task_names_who_completed_it_and_a_task_taken_away_names_nobody() -> None:
    done, gone = task("done"), task("gone")
    changes = difference(waits(done, gone), NOTHING, replace(OWNER, completed=done.token))
    assert changes.ended_tasks == [
        {"task": done.row_id, "status": "completed", "ended_at": NOW, "ended_by": "ani"},
        {"task": gone.row_id, "status": "cancelled", "ended_at": NOW, "ended_by": None},
    ]
    assert changed(changes) == {"ended_tasks", "deltas"}


def test_a_withdrawn_case_cancels_its_tasks_in_nobodys_name() -> None:
    changes = difference(waits(task(), task()), NOTHING, OWNER)
    assert {(row["status"], row["ended_by"]) for row in changes.ended_tasks} == {
        ("cancelled", None)
    }


@pytest.mark.parametrize(
    ("before", "after", "sort_at"), [(NOW, LATER, LATER), (NOW, None, NEVER), (None, NOW, NOW)]
)
def test_a_moved_deadline_moves_the_task_in_its_lists_and_ends_nothing(
    before: datetime | None, after: datetime | None, sort_at: datetime
) -> None:
    was = task(due_at=before)
    now = replace(was, due_at=after)
    changes = difference(waits(was), waits(now), OWNER)
    assert changes.moved_tasks == [{"task": was.row_id, "due_at": after, "sort_at": sort_at}]
    assert changed(changes) == {"moved_tasks"}


def test_an_armed_timer_is_a_job_of_its_case_under_its_token() -> None:
    armed = timer(due_at=LATER)
    [job] = difference(NOTHING, waits(armed), OWNER).new_jobs
    assert (job["kind"], job["due_at"], job["status"]) == ("timer", LATER, "ready")
    assert (job["instance_id"], job["token"]) == (OWNER.instance_id, armed.token)
    assert job["payload"] == {"element": "late"}


def test_a_timer_that_is_gone_loses_its_job() -> None:
    gone = timer()
    changes = difference(waits(gone), NOTHING, OWNER)
    assert changes.dropped_timers == [{"instance": OWNER.instance_id, "timer": gone.token}]
    assert changes.new_jobs == []


def test_a_timer_that_is_due_at_another_time_gives_its_job_for_a_new_one() -> None:
    was = timer(due_at=NOW)
    changes = difference(waits(was), waits(replace(was, due_at=LATER)), OWNER)
    assert changes.dropped_timers == [{"instance": OWNER.instance_id, "timer": was.token}]
    assert [(job["token"], job["due_at"]) for job in changes.new_jobs] == [(was.token, LATER)]
    assert sums(changes.deltas) == {}


def test_a_subscription_is_written_when_it_opens_and_removed_when_it_closes() -> None:
    opened, closed = (Subscription(uuid4(), "paid", "payment", key) for key in ("A-1", "A-2"))
    changes = difference(waits(closed), waits(opened), OWNER)
    assert changes.new_subscriptions == [
        {
            "instance_id": OWNER.instance_id, "token": opened.token, "message": "payment",
            "key": "A-1", "element_id": "paid",
        }
    ]  # fmt: skip
    assert changes.dropped_subscriptions == [{"instance": OWNER.instance_id, "tok": closed.token}]
    assert changed(changes) == {"new_subscriptions", "dropped_subscriptions"}


def test_an_external_task_is_written_and_removed_when_it_is_done() -> None:
    opened = ExternalTask(uuid4(), "ask", "rates", 70, called := uuid4())
    closed = ExternalTask(uuid4(), "other", "rates")
    changes = difference(waits(closed), waits(opened), OWNER)
    assert changes.new_externals == [
        {
            "instance_id": OWNER.instance_id, "token": opened.token, "definition_id": called,
            "process_key": OWNER.process_key, "business_key": OWNER.business_key,
            "element_id": "ask", "topic": "rates", "priority": 70, "created_at": NOW,
        }
    ]  # fmt: skip
    assert changes.dropped_externals == [{"instance": OWNER.instance_id, "tok": closed.token}]


def test_each_element_is_counted_by_the_tokens_that_stand_at_it() -> None:
    before = waits(task("write"), task("write"), task("judge"), timer("pause"))
    after = waits(
        task("write"), task("write"), task("write"), timer("pause"), timer("nag", "judge")
    )
    deltas = difference(before, after, OWNER).deltas
    assert sums(deltas) == {"write": 1, "judge": -1}, "armed boundaries are no place of a token"
    assert {row["name"] for row in deltas} == {f"at:{OWNER.definition_id}"}
