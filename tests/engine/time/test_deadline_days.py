"""A deadline is met until 24.00 of its day, and all counting starts from that day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import Engine, ModelError
from engine.ports.handlers import Step
from engine.time.calendar import Calendar
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    extensions,
    flow,
    parallel,
    process,
    properties,
    start,
    user_task,
)
from tests.engine.models_of_tests import only_task

COUNTED = {
    "day": "date(task.due_at)",
    "tomorrow": "days(1, task.due_at)",
    "next_working": "working_days(1, task.due_at)",
    "period": "period_end('month', task.due_at)",
    "weekday": "task.due_at.weekday()",
    "of_the_month": "task.due_at.day",
    "itself": "task.due_at",
}


def model(due: str) -> dict[str, bytes]:
    """A task that is named by its deadline. What is counted from it is kept, and what was kept is
    what the next task goes by."""
    script = "\n".join(f"{name} = {source}" for name, source in COUNTED.items())
    after = extensions(Part(f"<spiffworkflow:postScript>{script}</spiffworkflow:postScript>"))
    parts = [
        start(),
        user_task("answer", after, name="Answer by ${date(due_at)}", camunda_dueDate=due,
                  camunda_followUpDate="${days(-1, due_at)}"),
        user_task("check", name="After ${date(itself)}", camunda_dueDate="${date(itself)}"),
        end(),
    ]  # fmt: skip
    return {"counted.bpmn": bpmn(process("counted", *parts))}


@pytest.mark.parametrize(
    ("due", "counted"),
    [
        (
            "2026-12-31",
            {"day": "2026-12-31", "tomorrow": "2027-01-01", "next_working": "2027-01-01",
             "period": "2027-01-31", "weekday": 3, "of_the_month": 31,
             "itself": "2026-12-31T24:00:00+07:00"},
        ),
        (
            "2026-04-30",
            {"day": "2026-04-30", "tomorrow": "2026-05-01", "next_working": "2026-05-01",
             "period": "2026-05-31", "weekday": 3, "of_the_month": 30,
             "itself": "2026-04-30T24:00:00+07:00"},
        ),
        (
            "2026-12-31T23:00:00+07:00",
            {"day": "2026-12-31", "tomorrow": "2027-01-01", "next_working": "2027-01-01",
             "period": "2027-01-31", "weekday": 3, "of_the_month": 31,
             "itself": "2026-12-31T23:00:00+07:00"},
        ),
    ],
)  # fmt: skip
def test_what_is_counted_from_a_deadline_is_counted_from_its_day(
    engine: Engine, due: str, counted: dict[str, object]
) -> None:
    engine.deploy(model(due), by="owner")
    case = engine.start("counted")
    task = only_task(engine, case)
    day = str(counted["day"])
    assert task.name == f"Answer by {day}"
    assert task.due_at is not None and str(Calendar().due_date_of(task.due_at)) == day
    engine.complete(task.id)
    assert engine.data(case) == counted
    following = only_task(engine, case)
    assert following.name == f"After {day}"
    assert following.due_at is not None
    assert str(Calendar().due_date_of(following.due_at)) == day


@pytest.mark.parametrize("due", ["P2X", "P", "-P2D", "R3/P1D", "${'P2X'}"])
@pytest.mark.parametrize("attribute", ["camunda_dueDate", "camunda_followUpDate"])
def test_a_deadline_that_is_neither_a_date_nor_a_duration_is_refused_at_deployment(
    engine: Engine, attribute: str, due: str
) -> None:
    parts = start(), user_task("answer", **{attribute: due}), end()
    with pytest.raises(ModelError) as refused:
        engine.deploy({"x.bpmn": bpmn(process("x", *parts))}, by="owner")
    [problem] = [one for one in refused.value.problems if one.severity == "error"]
    assert problem.element_id == "answer" and problem.code == "date"
    assert due in str(problem.what) and "P14D" in str(problem.advice)


def test_the_time_between_two_dates_is_kept_as_the_text_of_a_duration(engine: Engine) -> None:
    left = Part(
        '<camunda:inputOutput><camunda:outputParameter name="left">'
        "${date('2026-03-05') - today()}</camunda:outputParameter></camunda:inputOutput>"
    )
    parts = start(), user_task("ask", extensions(left)), user_task("wait"), end()
    engine.deploy({"x.bpmn": bpmn(process("x", *parts))}, by="owner")
    case = engine.start("x")
    engine.complete(only_task(engine, case).id)
    assert engine.data(case) == {"left": "P3D"}


def test_a_duration_counts_from_the_opening_also_when_the_case_changes(
    open_engine: Open, clock: ManualClock
) -> None:
    def changes(step: Step) -> None:
        step.set_deadline(None, None)

    engine = open_engine({"change": changes}, case=lambda *_: ({"span": "P2D"}, Calendar()))
    parts = (
        start(), parallel("split"), user_task("answer", camunda_dueDate="${case.span}"),
        user_task("change", properties(onComplete="change")), end("a"), end("b"),
        flow("start", "split"), flow("split", "answer"), flow("split", "change"),
        flow("answer", "a"), flow("change", "b"),
    )  # fmt: skip
    engine.deploy({"x.bpmn": bpmn(process("x", *parts))}, by="owner")
    case = engine.start("x")
    clock.advance(hours=30)
    [change] = [task for task in engine.tasks(case) if task.element_id == "change"]
    engine.complete(change.id)
    assert only_task(engine, case).due_at == MONDAY + timedelta(days=2)
