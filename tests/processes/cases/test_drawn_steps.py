"""Where a case stands on the drawing: which steps people see, and what is said of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from engine.models.elements import Element, ProcessModel
from engine.records.history import Event
from processes.cases import drawn_steps
from processes.cases.drawn_steps import DrawnStep
from tests.processes.conftest import NOW

LANES = {"kl": "K/L", "koordinator": "Koordinator"}
DRAWN = (
    ("issued", "Rekomendasi disampaikan", "startEvent", "kl"),
    ("notify", "Beri tahu narahubung", "serviceTask", "koordinator"),
    ("plan", "Susun rencana aksi", "userTask", "kl"),
    ("enough", "Cukup?", "exclusiveGateway", "koordinator"),
    ("evaluate", "Evaluasi laporan", "userTask", "koordinator"),
    ("unnamed", "", "userTask", "kl"),
    ("closed", "Selesai", "endEvent", "koordinator"),
    ("withdrawn", "Dicabut", "endEvent", None),
)


def model() -> ProcessModel:
    elements = {
        id: Element(id, name, kind, line, "follow_up", lane=lane)
        for line, (id, name, kind, lane) in enumerate(DRAWN, 1)
    }
    return ProcessModel("follow_up", "Tindak lanjut", "f.bpmn", True, 1, elements, {}, LANES)


def left(*steps: str) -> list[Event]:
    """An event a day; each leaves the elements of one word list."""
    return [
        Event(UUID(int=1), day, NOW + timedelta(days=day), "complete", "ani", left=one.split())
        for day, one in enumerate(steps)
    ]


def steps(events: Sequence[Event], *current: str) -> dict[str, DrawnStep]:
    return {one.element_id: one for one in drawn_steps.positions(model(), events, current)}


def test_people_see_named_tasks_and_beginnings_in_the_order_of_the_drawing() -> None:
    assert list(steps([])) == ["issued", "plan", "evaluate"]


@pytest.mark.parametrize("reached", ["closed", "withdrawn"])
def test_only_the_end_that_the_case_came_to_is_a_step(reached: str) -> None:
    found = steps(left("issued", reached))
    assert {"closed", "withdrawn"} & set(found) == {reached}
    assert found[reached].state == "done"


def test_a_step_is_ahead_until_it_is_current_and_done_when_left() -> None:
    found = steps(left("issued notify"), "plan")
    assert {id: one.state for id, one in found.items()} == {
        "issued": "done", "plan": "current", "evaluate": "ahead",
    }  # fmt: skip


def test_work_that_came_back_is_current_again_though_it_was_done_before() -> None:
    found = steps(left("issued", "plan", "evaluate"), "plan")["plan"]
    assert (found.state, found.times, found.left_at) == ("current", 1, NOW + timedelta(days=1))


def test_a_step_says_how_often_it_was_finished_and_when_last() -> None:
    found = steps(left("issued", "plan", "evaluate", "plan"))
    assert (found["plan"].times, found["plan"].left_at) == (2, NOW + timedelta(days=3))
    assert (found["evaluate"].times, found["evaluate"].left_at) == (1, NOW + timedelta(days=2))


def test_a_step_that_is_still_ahead_was_never_left() -> None:
    ahead = steps([])["plan"]
    assert (ahead.state, ahead.times, ahead.left_at) == ("ahead", 0, None)


def test_a_step_stands_in_the_lane_by_its_name_and_without_lane_in_none() -> None:
    found = steps(left("withdrawn"))
    assert {id: one.lane for id, one in found.items()} == {
        "issued": "K/L", "plan": "K/L", "evaluate": "Koordinator", "withdrawn": "",
    }  # fmt: skip


def test_behind_the_case_lies_what_was_left_and_is_not_current() -> None:
    events = left("issued notify", "plan enough", "evaluate", "notify")
    assert drawn_steps.done(events, ["plan"]) == ["enough", "evaluate", "issued", "notify"]
    assert drawn_steps.done([], ["plan"]) == []
