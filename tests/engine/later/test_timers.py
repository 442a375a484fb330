"""Timers are rows: they fire late rather than never, once rather than often, and in order."""

from __future__ import annotations

from datetime import timedelta

from engine.ports.handlers import Step
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models_of_tests import REMINDED, TIMED_OUT, only_task, open_elements


def test_a_reminder_fires_at_its_time_and_not_before(open_engine: Open, clock: ManualClock) -> None:
    fired: list[Step] = []
    engine = open_engine({"remind": fired.append})
    engine.deploy(REMINDED, "owner")
    case = engine.start("reminded")
    clock.advance(hours=23, minutes=59)
    assert engine.run_due() == 0

    clock.advance(minutes=1)
    assert engine.run_due() == 1
    assert [step.task_id for step in fired] == [only_task(engine, case).id]
    assert engine.run_due() == 0


def test_after_downtime_an_overdue_reminder_fires_once_and_counts_what_it_missed(
    open_engine: Open, clock: ManualClock
) -> None:
    fired: list[Step] = []
    engine = open_engine({"remind": fired.append})
    engine.deploy(REMINDED, "owner")
    case = engine.start("reminded")
    clock.advance(days=50, hours=1)

    assert engine.run_due() == 1
    (step,) = fired
    assert step.data["timer"]["missed"] == 49  # type: ignore[index]
    clock.advance(hours=22)
    assert engine.run_due() == 0
    clock.advance(hours=1)
    assert engine.run_due() == 1
    assert open_elements(engine, case) == ["answer"]


def test_the_event_of_a_fired_timer_keeps_planned_fired_and_late(
    open_engine: Open, clock: ManualClock
) -> None:
    engine = open_engine({"remind": lambda step: None})
    engine.deploy(REMINDED, "owner")
    case = engine.start("reminded")
    clock.advance(days=1, minutes=5)
    engine.run_due()

    fired = engine.history(case)[-1]
    assert fired.kind == "timer"
    assert fired.details["planned"] == (MONDAY + timedelta(days=1)).isoformat()
    assert fired.details["fired"] == clock.now.isoformat()
    assert fired.details["late_seconds"] == 300


def test_a_timer_goes_when_its_task_is_completed(open_engine: Open, clock: ManualClock) -> None:
    fired: list[Step] = []
    engine = open_engine({"remind": fired.append})
    engine.deploy(REMINDED, "owner")
    case = engine.start("reminded")
    engine.complete(only_task(engine, case).id, {}, "ani")
    clock.advance(days=3)
    assert engine.run_due() == 0
    assert fired == []
    assert engine.instance(case).status == "completed"


def test_a_timer_that_interrupts_takes_the_task_away(open_engine: Open, clock: ManualClock) -> None:
    engine = open_engine()
    engine.deploy(TIMED_OUT, "owner")
    case = engine.start("timed_out")
    task = only_task(engine, case)
    clock.advance(days=3)
    assert engine.run_due() == 1
    assert engine.task(task.id).status == "cancelled"
    assert engine.instance(case).status == "completed"
    assert list(engine.history(case)[-1].cancelled) == ["answer"]


def test_run_due_takes_the_time_it_is_given(open_engine: Open, clock: ManualClock) -> None:
    engine = open_engine()
    engine.deploy(TIMED_OUT, "owner")
    case = engine.start("timed_out")
    assert engine.run_due(MONDAY + timedelta(days=3)) == 1
    assert engine.instance(case).ended_at == MONDAY + timedelta(days=3)


def test_a_reminder_that_never_ends_leaves_nothing_behind(
    open_engine: Open, clock: ManualClock
) -> None:
    from engine.storage.cases import steps

    engine = open_engine({"remind": lambda step: None})
    engine.deploy(REMINDED, "owner")
    case = engine.start("reminded")

    def size() -> int:
        with engine.reading() as connection:
            return len(steps.state(connection, case))

    clock.advance(days=1)
    engine.run_due()
    after_one = size()
    for _ in range(50):
        clock.advance(days=1)
        engine.run_due()
    assert size() <= after_one + 16


def test_a_failing_reminder_stops_no_other_case(open_engine: Open, clock: ManualClock) -> None:
    def remind(step: Step) -> None:
        if step.business_key == "bad":
            raise ValueError("the printer is on fire")

    engine = open_engine({"remind": remind})
    engine.deploy(REMINDED, "owner")
    engine.start("reminded", business_key="bad")
    good = engine.start("reminded", business_key="good")
    clock.advance(days=1)
    engine.run_due()

    assert engine.history(good)[-1].kind == "timer"
    (incident,) = engine.incidents()
    assert (incident.element_id, incident.element_name) == ("send_reminder", "Send reminder")
    assert "ValueError" not in str(incident.what)
