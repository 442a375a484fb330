"""What each element of an instance went through, folded from its events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.models.elements import Element
from engine.records.history import Event
from engine.records.states import TaskStatus
from engine.storage.cases.worklist import Task
from processes.programs import engine_history
from processes.programs.engine_history import Visit
from tests.processes.conftest import NOW

ELEMENTS = {
    id: Element(id, id.title(), kind, 1, inside)
    for id, kind, inside in (
        ("start", "startEvent", "case"),
        ("plan", "userTask", "case"),
        ("paper", "manualTask", "case"),
        ("notify", "serviceTask", "case"),
        ("round", "subProcess", "case"),
        ("ask", "serviceTask", "round"),
        ("end", "endEvent", "case"),
    )
}


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def step(number: int, entered: str = "", left: str = "", cancelled: str = "") -> Event:
    """What one step did, at its hour."""
    parts = (entered.split(), left.split(), cancelled.split())
    return Event(UUID(int=1), number, hour(number), "complete", "ani", *parts)


def row(element: str, created: int, ended: int | None = None, **changed: Any) -> Task:
    """The row of a human task."""
    values: dict[str, Any] = dict.fromkeys(Task.__slots__)
    values |= {
        "id": uuid4(), "element_id": element, "created_at": hour(created),
        "ended_at": None if ended is None else hour(ended), "status": TaskStatus.OPEN, **changed,
    }  # fmt: skip
    return Task(**values)


def visits(events: Sequence[Event], *tasks: Task) -> list[Visit]:
    return engine_history.visits(events, tasks, ELEMENTS)


def told(found: Sequence[Visit]) -> list[tuple[str, datetime, datetime | None, bool]]:
    return [(one.element_id, one.started, one.ended, one.canceled) for one in found]


def test_a_visit_begins_when_an_element_is_entered_and_ends_when_it_is_left() -> None:
    found = visits([step(1, "start notify", "start"), step(2, "end", "notify end")])
    assert told(found) == [
        ("start", hour(1), hour(1), False),
        ("notify", hour(1), hour(2), False),
        ("end", hour(2), hour(2), False),
    ]


def test_what_was_not_left_is_still_there() -> None:
    assert told(visits([step(1, "notify")])) == [("notify", hour(1), None, False)]


def test_what_was_taken_away_is_told_as_cancelled() -> None:
    found = visits([step(1, "notify"), step(2, cancelled="notify")])
    assert told(found) == [("notify", hour(1), hour(2), True)]


def test_of_several_visits_that_are_open_the_oldest_ends_first() -> None:
    found = visits([step(1, "notify"), step(2, "notify"), step(3, left="notify")])
    assert told(found) == [
        ("notify", hour(1), hour(3), False), ("notify", hour(2), None, False),
    ]  # fmt: skip


def test_each_visit_has_an_id_of_its_own() -> None:
    found = visits([step(1, "notify"), step(2, "notify", "notify"), step(3, "start")])
    assert [one.id for one in found] == ["notify:1", "notify:2", "start:3"]


def test_what_was_never_entered_cannot_end() -> None:
    assert visits([step(1, left="notify", cancelled="plan")]) == []


def test_an_element_lies_in_the_newest_visit_to_the_sub_process_around_it() -> None:
    events = [step(1, "round ask"), step(2, "round ask", "ask"), step(3, left="round")]
    found = visits(events)
    inside = {one.id: one.inside for one in found}
    assert inside == {"round:1": None, "ask:2": "round:1", "round:3": None, "ask:4": "round:3"}


def test_an_element_of_an_older_drawing_is_told_by_its_id_alone() -> None:
    [found] = visits([step(1, "gone")])
    assert (found.element_id, found.element, found.inside) == ("gone", None, None)


# --- human tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize("element", ["plan", "paper"])
def test_a_human_task_is_told_by_its_row(element: str) -> None:
    task = row(element, 1, 5, status=TaskStatus.COMPLETED)
    [found] = visits([step(1, element), step(2, left=element)], task)
    assert found.task is task
    assert told([found]) == [(element, hour(1), hour(5), False)], "the row knows better"


def test_a_human_task_that_the_reader_may_not_see_is_not_there() -> None:
    assert told(visits([step(1, "start plan", "start")])) == [("start", hour(1), hour(1), False)]


def test_a_task_that_was_taken_away_is_cancelled() -> None:
    task = row("plan", 1, 2, status=TaskStatus.CANCELLED)
    assert told(visits([step(1, "plan"), step(2, cancelled="plan")], task)) == [
        ("plan", hour(1), hour(2), True)
    ]


def test_an_open_task_has_not_ended() -> None:
    assert told(visits([step(1, "plan")], row("plan", 1))) == [("plan", hour(1), None, False)]


def test_two_tasks_of_one_element_and_moment_are_two_visits() -> None:
    first, second = row("plan", 1), row("plan", 1)
    found = visits([step(1, "plan plan")], first, second)
    assert [one.task for one in found] == [first, second]


def test_tasks_of_several_rounds_each_have_their_own_row() -> None:
    again, first = row("plan", 3), row("plan", 1, 2, status=TaskStatus.COMPLETED)
    found = visits([step(1, "plan"), step(2, left="plan"), step(3, "plan")], again, first)
    assert [one.task for one in found] == [first, again]
    assert visits([step(2, "plan")], again) == [], "a row of another moment is not this visit"
