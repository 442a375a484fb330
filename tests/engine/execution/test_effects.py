"""The work of a step for each command: the calls to the live instance, and the stored data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from engine.execution import effects
from engine.execution.border import HandlerFailed, WaitingTimer
from engine.ports.handlers import BpmnError, Refusal
from engine.records.commands import Command, Complete, Deliver, Extend, Fire, Withdraw
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.cases import worklist
from engine.time.calendar import Calendar
from tests.engine.execution.stepping import (
    NOW,
    FakeHost,
    FakeLive,
    a_form,
    a_task,
    awaited,
    running,
    waits,
)


def raising(error: Exception) -> Any:
    def call() -> object:
        raise error

    return call


def test_a_command_of_no_known_kind_is_our_defect() -> None:
    class Unheard(Command):
        kind = "unheard"

    with pytest.raises(AssertionError, match="unheard"):
        effects.apply(running(Unheard(), FakeLive()))


# --- completing ---------------------------------------------------------------------------------


def test_of_two_open_tasks_the_one_that_is_named_is_completed() -> None:
    first, second = a_task("write"), a_task("judge")
    live = FakeLive(waits(first, second))
    step = running(Complete(task_id=second.row_id, data={"verdict": "good"}), live)
    effects.apply(step)
    assert live.told == [("complete", second.token, {"verdict": "good"}, {})]
    assert step.completed == second.token
    assert step.details == {"element": "judge", "task": str(second.row_id)}


def test_a_task_that_is_not_open_is_told_as_its_row_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def ended(connection: object, task_id: object) -> Exception:
        asked.append(task_id)
        return Conflict(say("Somebody was faster."))

    monkeypatch.setattr(worklist, "ended", ended)
    gone = uuid4()
    for command in (Complete(task_id=gone, data={}), Extend(task_id=gone, due=NOW.date())):
        with pytest.raises(Conflict, match="faster"):
            effects.apply(running(command, FakeLive(waits(a_task()))))
    assert asked == [gone, gone]


def test_while_what_was_handed_in_is_repaired_only_the_repair_itself_goes_through() -> None:
    task = a_task()
    live = FakeLive(waits(task))
    with pytest.raises(Conflict, match="repaired"):
        effects.apply(running(Complete(task_id=task.row_id, data={}), live, repairing=True))
    assert live.told == []
    retry = Complete(task_id=task.row_id, data={}, received_at=NOW)
    effects.apply(running(retry, live, repairing=True))
    assert live.told == [("complete", task.token, {}, {})]


def test_without_a_form_everything_that_was_sent_counts() -> None:
    task = a_task()
    live = FakeLive(waits(task))
    effects.apply(running(Complete(task_id=task.row_id, data={"any": [1]}), live))
    assert live.told == [("complete", task.token, {"any": [1]}, {})]


def test_with_a_form_only_what_it_asks_counts_and_what_is_missing_is_named() -> None:
    task = a_task(
        form=a_form(
            {"type": "textfield", "key": "verdict", "label": "V", "validate": {"required": True}}
        )
    )
    live = FakeLive(waits(task))
    effects.apply(running(Complete(task_id=task.row_id, data={"verdict": "good", "more": 1}), live))
    assert live.told == [("complete", task.token, {"verdict": "good"}, {})]
    with pytest.raises(BadInput) as refused:
        effects.apply(running(Complete(task_id=task.row_id, data={"more": 1}), live))
    assert list(refused.value.fields) == ["verdict"]
    assert len(live.told) == 1


def test_the_handler_of_a_task_gets_the_answers_and_the_data_of_its_own_token() -> None:
    task = a_task(on_complete="record")
    host = FakeHost(lambda: {"receipt": 7})
    live = FakeLive(waits(a_task(), task))
    effects.apply(running(Complete(task_id=task.row_id, data={"verdict": "good"}), live, host))
    [(topic, element, answers, token, data, inputs, row)] = host.calls
    assert (topic, element, answers) == ("record", "write", {"verdict": "good"})
    assert (token, data, inputs, row) == (task.token, {"of": task.token}, {}, task.row_id)
    assert host.answers == {}, "what comes behind the task is told no answers"


def test_behind_a_handler_the_process_keeps_what_its_model_reads_and_what_the_handler_gives() -> (
    None
):
    task = a_task(on_complete="record")
    host = FakeHost(lambda: {"receipt": 7, "verdict": "settled"})
    live = FakeLive(waits(task))
    sent = {"verdict": "good", "essay": "long"}
    effects.apply(running(Complete(task_id=task.row_id, data=sent), live, host))
    gives = {"receipt": 7, "verdict": "settled"}
    assert live.told == [("complete", task.token, {"verdict": "good"}, gives)]


def test_an_error_the_model_knows_is_thrown_at_the_task_instead_of_completing_it() -> None:
    task = a_task(on_complete="record")
    live = FakeLive(waits(task))
    host = FakeHost(raising(BpmnError("no_money")))
    effects.apply(running(Complete(task_id=task.row_id, data={}), live, host))
    assert live.told == [("throw_error", task.token, "no_money")]
    assert host.answers == {}


@pytest.mark.parametrize(
    "error",
    [
        Refusal(say("Not so.")),
        NotFound(say("Gone.")),
        OperationalError("select", None, Exception("lost")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_somebody_can_act_on_is_told_with_its_element_and_as_it_is(error: Exception) -> None:
    task = a_task(on_complete="record")
    with pytest.raises(HandlerFailed) as failed:
        effects.apply(
            running(
                Complete(task_id=task.row_id, data={}),
                FakeLive(waits(task)),
                FakeHost(raising(error)),
            )
        )
    assert (failed.value.element_id, failed.value.cause) == ("write", error)


def test_a_defect_of_the_handler_is_told_with_the_element_it_stands_behind() -> None:
    task, defect = a_task(on_complete="record"), KeyError("oops")
    live = FakeLive(waits(task))
    with pytest.raises(HandlerFailed) as failed:
        effects.apply(
            running(Complete(task_id=task.row_id, data={}), live, FakeHost(raising(defect)))
        )
    assert (failed.value.element_id, failed.value.cause) == ("write", defect)
    assert live.told == []


# --- timers -------------------------------------------------------------------------------------


def a_timer(element_id: str = "late") -> WaitingTimer:
    return WaitingTimer(uuid4(), element_id, NOW, "duration", None, None)


@pytest.mark.parametrize(
    ("planned", "late"),
    [(NOW - timedelta(seconds=90.4), 90), (NOW, 0), (NOW + timedelta(seconds=5), 0)],
)
def test_a_fired_timer_keeps_when_it_was_planned_and_how_late_it_came(
    planned: Any, late: int
) -> None:
    timer = a_timer()
    live = FakeLive(waits(timers=[a_timer("other"), timer]))
    step = running(Fire(token=timer.token, planned=planned), live)
    effects.apply(step)
    assert live.told == [("fire", timer.token, planned)]
    assert step.details == {
        "element": "late", "planned": planned.isoformat(), "fired": NOW.isoformat(),
        "late_seconds": late,
    }  # fmt: skip


def test_a_timer_that_is_gone_fires_nothing() -> None:
    live = FakeLive(waits(timers=[a_timer()]))
    with pytest.raises(Conflict):
        effects.apply(running(Fire(token=uuid4(), planned=NOW), live))
    assert live.told == []


# --- messages and signals -----------------------------------------------------------------------


@pytest.mark.parametrize("other", [("payment", "A-2"), ("refund", "A-1")])
def test_a_message_is_taken_by_whoever_waits_for_its_name_under_its_key(
    other: tuple[str, str],
) -> None:
    unasked, wanted = awaited(*other, "no"), awaited("payment", "A-1", "yes")
    live = FakeLive(waits(subscriptions=[unasked, wanted]))
    host = FakeHost()
    step = running(Deliver(message="payment", key="A-1", payload={"amount": 3}), live, host)
    effects.apply(step)
    assert live.told == [("deliver", wanted.token, {"amount": 3})]
    assert step.details == {"element": "yes", "message": "payment"}
    assert host.answers == {"amount": 3}, "handlers behind the event read what came"


def test_a_message_goes_to_one_of_those_who_wait_for_it_and_not_to_all() -> None:
    live = FakeLive(waits(subscriptions=[awaited("payment", "A-1"), awaited("payment", "A-1")]))
    effects.apply(running(Deliver(message="payment", key="A-1"), live))
    assert len(live.told) == 1


def test_a_signal_is_heard_by_the_very_token_it_is_told_to() -> None:
    """Each of those who wait in one case is told in a step of its own."""
    ears = [awaited("alarm", "*", f"ear_{number}") for number in range(3)]
    for ear in ears:
        live = FakeLive(waits(subscriptions=ears))
        step = running(Deliver(message="alarm", key="*", token=ear.token), live)
        effects.apply(step)
        assert live.told == [("deliver", ear.token, {})]
        assert step.details["element"] == ear.element_id


def test_a_signal_for_a_token_that_waits_for_another_one_is_heard_by_nobody() -> None:
    deaf, hearing = awaited("fire", "*"), awaited("alarm", "*")
    live = FakeLive(waits(subscriptions=[deaf, hearing]))
    for token in (deaf.token, uuid4()):
        with pytest.raises(Conflict, match="alarm"):
            effects.apply(running(Deliver(message="alarm", key="*", token=token), live))
    assert live.told == []


# --- deadlines and withdrawal -------------------------------------------------------------------


def test_an_extension_is_met_until_the_end_of_its_day_and_tells_from_when_to_when() -> None:
    task = a_task()
    live = FakeLive(waits(a_task("other"), task))
    due = date(2026, 4, 1)
    step = running(Extend(task_id=task.row_id, due=due, reason="letter 12"), live)
    effects.apply(step)
    assert live.told == [("set_due", task.token, Calendar().end_of(due))]
    assert step.details == {
        "element": "write", "task": str(task.row_id), "from": None, "to": "2026-04-01",
        "reason": "letter 12",
    }  # fmt: skip


def test_an_extension_beyond_the_calendar_is_refused() -> None:
    task = a_task()
    with pytest.raises(BadInput, match="out of range"):
        effects.apply(running(Extend(task_id=task.row_id, due=date.max), FakeLive(waits(task))))


def test_a_withdrawal_ends_the_case_and_says_why() -> None:
    live = FakeLive(waits(a_task()))
    step = running(Withdraw(reason="mistake"), live)
    assert not step.withdrawn
    effects.apply(step)
    assert live.told == [("cancel",)]
    assert step.withdrawn
    assert step.details == {"reason": "mistake"}
