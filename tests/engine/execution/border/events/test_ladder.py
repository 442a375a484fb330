"""The escalation ladder drawn as one boundary timer with a decision and a service behind it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from engine.execution.border import Fault
from engine.time.calendar import Calendar
from engine.time.looks import Looks
from tests.engine.execution.border.play import Play, program_of
from tests.engine.execution.border.tables import LADDER, table
from tests.engine.models.building import (
    Part,
    boundary,
    end,
    exclusive,
    flow,
    multi_instance,
    node,
    service_task,
    start,
    timer,
    user_task,
)

RUNGS = [("a", -3), ("a", 1), ("a", 3), ("a", 7)]
"""What the table of these tests looks at when nobody does anything."""


def laddered(task: Part) -> tuple[Part, ...]:
    """A task with a ladder, in a loop."""
    return (
        start(),
        exclusive("again"),
        task,
        exclusive("done", default="done_to_end"),
        end(),
        boundary("look", "a", timer('${next_look("escalation")}', "timeCycle"), interrupting=False),
        node(
            "businessRuleTask",
            "level",
            camunda_decisionRef="escalation",
            camunda_resultVariable="escalation",
            camunda_mapDecisionResult="singleResult",
        ),
        service_task("tell", "notify"),
        end("told"),
        flow("start", "again"),
        flow("again", "a"),
        flow("a", "done"),
        flow("done", "again", "redo"),
        flow("done", "end"),
        flow("look", "level"),
        flow("level", "tell"),
        flow("tell", "told"),
    )


PROGRAM = program_of(*laddered(user_task("a", camunda_dueDate="${case.deadline}")), files=LADDER)
DEADLINE = datetime(2026, 3, 16, tzinfo=UTC).date()
"""Monday, ten working days after the start."""


def late(deadline: str | None = "2026-03-16", **case: object) -> tuple[Play, list[tuple[str, int]]]:
    """A case, and what it will be told: (stage, working days late)."""
    told: list[tuple[str, int]] = []

    def notify(call) -> None:  # type: ignore[no-untyped-def]  # a handler of the test
        told.append((call.data["timer"]["element"], call.data["timer"]["overdue"]))

    case = {"deadline": deadline, **case}
    return Play(PROGRAM, {"redo": False}, case=case, handlers={"notify": notify}), told


def test_a_task_left_open_is_looked_at_on_every_rung_and_then_no_more() -> None:
    play, told = late()
    play.days(75)
    assert told == RUNGS
    assert play.due == {}
    play.complete("a", redo=False)
    assert play.ended


def test_the_table_sees_the_stage_and_the_priority_of_the_case() -> None:
    play, told = late(priority="high")
    play.days(75)
    assert [overdue for _, overdue in told] == [-3, 1, 2, 3, 7]


def test_the_first_look_is_three_working_days_before_the_deadline_in_the_morning() -> None:
    play, _ = late()
    look = play.due["look"].astimezone(play.calendar.zone)
    assert look.date() == datetime(2026, 3, 11, tzinfo=UTC).date()
    assert time(7, 30) <= look.time() < time(9, 0)


def test_when_tasks_are_looked_at_is_said_by_whoever_opens_the_engine() -> None:
    evening = Looks(time(20, 0))
    looks = {
        Play(
            PROGRAM, case={"deadline": "2026-03-16"}, handlers={"notify": lambda job: {}},
            business_key=f"case-{number}", looks=evening,
        ).due["look"].astimezone(Calendar().zone).time()
        for number in range(5)
    }  # fmt: skip
    assert looks == {time(20, 0)}


def test_mornings_are_spread_over_cases_and_the_same_for_one_case() -> None:
    looks = set()
    for number in range(50):
        case = {"deadline": "2026-03-16"}
        play = Play(PROGRAM, case=case, business_key=f"case-{number}")
        again = Play(PROGRAM, case=case, business_key=f"case-{number}")
        assert play.due == again.due
        looks.add(play.due["look"])
    assert len(looks) > 40


def test_a_fire_leaves_nothing_behind_in_the_state() -> None:
    play, _ = late()
    play.days(12)
    tasks, size = play.tasks, len(play.body)
    fires = play.days(30)
    assert fires > 1
    assert play.tasks == tasks
    assert abs(len(play.body) - size) < 10


def test_the_notice_is_about_the_row_of_the_late_task() -> None:
    play, _ = late()
    play.days(10)
    [call] = play.calls
    assert call.element.id == "tell"
    assert call.task == play.task("a").row_id
    assert call.data["timer"]["task"] == str(call.task)
    assert call.data["escalation"] == {"level": 1, "next_look": 1}
    assert "timer" not in play.data


def test_after_downtime_it_fires_once_with_the_level_that_holds_now() -> None:
    play, told = late()
    assert play.advance(days=60) == 1
    assert told == [("a", 34)]
    assert play.calls[0].data["timer"]["missed"] == 3
    assert play.calls[0].data["escalation"]["level"] == 4
    assert play.due == {}


@pytest.mark.parametrize(("moved_to", "expected"), [(30, [-3, 1, 3, 7]), (10, [-3, 1, 3, 7])])
def test_when_the_deadline_moves_the_ladder_starts_anew(moved_to: int, expected: list[int]) -> None:
    play, told = late()
    play.advance(days=2)
    play.case["deadline"] = f"2026-03-{moved_to}"
    play.step(lambda live: live.recompute_due(play))
    play.days(75)
    assert [overdue for _, overdue in told] == expected


def test_a_sleeping_ladder_wakes_when_the_deadline_is_moved_later() -> None:
    play, told = late()
    play.days(60)
    assert play.due == {}
    told.clear()
    token = play.task("a").token
    due_at = play.calendar.end_of(play.today() + timedelta(days=30))
    play.step(lambda live: live.set_due(token, due_at, play))
    assert list(play.due) == ["look"]
    play.days(60)
    assert [overdue for _, overdue in told] == [-3, 1, 3, 7]


def test_a_look_that_would_be_in_the_past_is_on_the_next_working_morning() -> None:
    play, told = late("2026-02-27")
    look = play.due["look"].astimezone(play.calendar.zone)
    assert look.date() == datetime(2026, 3, 4, tzinfo=UTC).date()
    late_task, _ = late("2026-02-02")
    assert late_task.due == {}
    assert told == []


def test_a_task_without_a_deadline_has_a_sleeping_ladder() -> None:
    play, _ = late(None)
    assert play.due == {}


def test_a_new_round_has_a_ladder_of_its_own() -> None:
    play, told = late()
    play.days(10)
    play.case["deadline"] = "2026-04-01"
    play.complete("a", redo=True)
    told.clear()
    play.days(60)
    assert told == RUNGS


def test_a_failing_notice_leaves_everything_as_it_was() -> None:
    play, _ = late()
    calls = 0

    def broken(call) -> None:  # type: ignore[no-untyped-def]  # a handler of the test
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("no mail server")

    play.handlers["notify"] = broken
    due, body = play.due, play.body
    play.now = due["look"]
    with pytest.raises(Exception, match="tell"):
        play.fire("look")
    assert (play.due, play.body) == (due, body)
    play.fire("look")
    assert calls == 2


def test_several_items_of_one_task_share_a_ladder_that_names_those_still_open() -> None:
    task = user_task("a", multi_instance("${who}", "one"), camunda_dueDate="${case.deadline}")
    program = program_of(*laddered(task), files=LADDER)
    told = []
    handlers = {"notify": lambda call: told.append(call.data["timer"]["tasks"])}
    data = {"who": ["x", "y", "z"], "redo": False}
    play = Play(program, data, case={"deadline": "2026-03-16"}, handlers=handlers)
    play.complete("a", 1)
    play.days(10)
    open_rows = [str(task.row_id) for task in play.waiting.tasks.values()]
    assert told == [open_rows]
    assert len(open_rows) == 2


def test_a_look_that_is_no_number_of_days_names_the_timer() -> None:
    wrong = table("escalation", ("overdue",), ("next_look",), (("-",), ('"soon"',)))
    program = program_of(*laddered(user_task("a", camunda_dueDate="2026-03-16")), files=wrong)
    with pytest.raises(Fault) as caught:
        Play(program)
    assert caught.value.element_id == "look"


def test_nothing_looks_any_more_after_the_task_is_done() -> None:
    play, told = late()
    play.days(20)
    assert len(told) > 0
    play.complete("a", redo=False)
    assert play.ended
    assert play.advance(days=100) == 0
