"""A case that is gone leaves no incident behind, and nobody is told that it went on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import Conflict, Engine
from engine.execution import outlived
from engine.execution.step import StepFailed
from engine.later import repairs
from engine.records.states import Outcome
from engine.storage.database import unit_of_work
from engine.storage.later.externals import TopicWanted
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    parallel,
    process,
    script_task,
    service_task,
    start,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import cases_of, open_elements
from tests.engine.racing import held

PRINT = TopicWanted(topic="print", lease=timedelta(minutes=1))
PAID, CONSENT = event("message", "paid"), event("message", "consent")


def model(key: str, *parts: Part) -> dict[str, bytes]:
    return {f"{key}.bpmn": bpmn(process(key, *parts))}


def divided(*parts: Part) -> tuple[Part, ...]:
    """A way whose script fails."""
    return (start(), *parts, script_task("divide", "share = 100 / count"), end())


MODELS = {
    **model("task", *divided(user_task("enter"))),
    **model("timer", *divided(catch("wait", timer("P1D")))),
    **model("message", *divided(catch("wait", PAID))),
    **model("work", *divided(service_task("print", "print"))),
    **model("asking", start(), throw("ask", CONSENT), user_task("after"), end()),
    **model("waiting", start(), catch("wait", CONSENT), end()),
    **model(
        "two_ways",
        start(), parallel("fork"), user_task("enter"), script_task("divide", "share = 1 / count"),
        end("divided"), user_task("stop"), end("stopped", event("terminate")),
        flow("start", "fork"), flow("fork", "enter"), flow("enter", "divide"),
        flow("divide", "divided"), flow("fork", "stop"), flow("stop", "stopped"),
    ),
    **model(
        "late",
        start(), user_task("enter"), script_task("divide", "share = 1 / count"), end(),
        boundary("too_late", "enter", timer("P3D")), user_task("ask"), end("asked"),
        flow("start", "enter"), flow("enter", "divide"), flow("divide", "end"),
        flow("too_late", "ask"), flow("ask", "asked"),
    ),
}  # fmt: skip


LATE = (boundary("too_late", "work", timer("P3D")), user_task("ask"), end("asked"))
WAYS = (
    flow("start", "work"), flow("work", "divide"), flow("divide", "end"),
    flow("too_late", "ask"), flow("ask", "asked"),
)  # fmt: skip
MODELS |= {
    **model(
        "late_work", start(), service_task("work", "print"),
        script_task("divide", "share = 1 / count"), end(), *LATE, *WAYS,
    ),
    **model(
        "late_timer", start(), user_task("work"), script_task("divide", "share = 1 / count"), end(),
        *LATE, boundary("soon", "work", timer("P1D"), interrupting=False),
        script_task("count_up", "share = 1 / count"), end("counted"), *WAYS,
        flow("soon", "count_up"), flow("count_up", "counted"),
    ),
    **model(
        "heard",
        start(), parallel("fork"), catch("wait", PAID), script_task("divide", "share = 1 / count"),
        end("divided"), user_task("stop"), end("stopped", event("terminate")),
        flow("start", "fork"), flow("fork", "wait"), flow("wait", "divide"),
        flow("divide", "divided"), flow("fork", "stop"), flow("stop", "stopped"),
    ),
}  # fmt: skip


@pytest.fixture
def engine(open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(unit_of_work, "LOCK_SECONDS", 30.0)
    engine = open_engine()
    engine.deploy(MODELS, "owner")
    return engine


def begun(engine: Engine, key: str) -> UUID:
    return engine.start(key, {"count": 0}, business_key="REC-9")


def complete(engine: Engine, case: UUID, element: str = "enter") -> Any:
    [task] = [one for one in engine.tasks(instance_id=case) if one.element_id == element]
    return engine.complete(task.id, {}, "ani")


def work_on(engine: Engine, case: UUID) -> None:
    del case
    [task] = engine.external.fetch("ani", [PRINT])
    engine.external.complete(task.task.id, "ani", {})


def give_up(engine: Engine, case: UUID) -> None:
    del case
    [task] = engine.external.fetch("ani", [PRINT])
    engine.external.fail(task.task.id, "ani", "no paper")


def pass_a_day(engine: Engine, case: UUID, clock: ManualClock) -> None:
    del case
    clock.advance(days=2)
    engine.run_due()


def undelivered(engine: Engine, case: UUID) -> None:
    """Two cases wait for the message that it has thrown, so nobody gets it."""
    for _ in range(2):
        begun(engine, "waiting")
    assert case
    engine.run_due()


FAILING: dict[str, tuple[str, Callable[..., object]]] = {
    "a completion": ("task", complete),
    "a message": ("message", lambda engine, case: engine.deliver("paid", "REC-9")),
    "the answer of a worker": ("work", work_on),
    "a worker that gave up": ("work", give_up),
    "a message to nobody": ("asking", undelivered),
}


CANCELLED: dict[str, tuple[str, Callable[..., object]]] = {
    "a completion": ("late", lambda engine, case, clock: complete(engine, case)),
    "the answer of a worker": ("late_work", lambda engine, case, clock: work_on(engine, case)),
    "a worker that gave up": ("late_work", lambda engine, case, clock: give_up(engine, case)),
    "a timer": ("late_timer", lambda *all: pass_a_day(*all)),
}


@pytest.mark.parametrize("kind", [*FAILING, "a timer"])
def test_a_deleted_case_leaves_no_incident_and_nothing_is_tried_again(
    engine: Engine, clock: ManualClock, kind: str
) -> None:
    key, fail = FAILING.get(kind, ("timer", lambda *both: pass_a_day(*both, clock)))
    case = begun(engine, key)
    fail(engine, case)
    [incident] = [one for one in engine.incidents() if one.instance_id == case]

    engine.cancel(case, "a mistake", "owner")
    assert [one for one in engine.incidents() if one.instance_id == case] == []
    for act in (engine.retry, engine.discard):
        with pytest.raises(Conflict, match="Its case has ended"):
            act(incident.id, "owner")
    assert engine.run_due() == 0
    assert engine.history(case)[-1].kind == "withdraw"


def test_a_case_that_ends_another_way_leaves_none_either(engine: Engine) -> None:
    case = begun(engine, "two_ways")
    complete(engine, case)
    [incident] = engine.incidents()
    complete(engine, case, "stop")
    assert engine.instance(case).status == "completed"
    assert engine.incidents() == []
    with pytest.raises(Conflict, match="Its case has ended"):
        engine.retry(incident.id, "owner")


@pytest.mark.parametrize("kind", CANCELLED)
def test_what_its_own_case_cancels_leaves_no_incident_while_the_case_goes_on(
    engine: Engine, clock: ManualClock, kind: str
) -> None:
    key, fail = CANCELLED[kind]
    case = begun(engine, key)
    fail(engine, case, clock)
    [incident] = engine.incidents()
    clock.advance(days=9)
    engine.run_due()
    assert open_elements(engine, case) == ["ask"]
    assert engine.incidents() == []
    with pytest.raises(Conflict, match="the case went on without it"):
        engine.retry(incident.id, "owner")


def test_a_message_that_failed_at_its_receiver_ends_with_the_receiver(engine: Engine) -> None:
    case = begun(engine, "heard")
    engine.deliver("paid", "REC-9")
    [incident] = engine.incidents()
    assert incident.instance_id == case
    complete(engine, case, "stop")
    assert engine.instance(case).status == "completed"
    assert engine.incidents() == []


def test_what_fails_while_its_task_is_cancelled_leaves_no_incident(
    engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, record = begun(engine, "late"), repairs.record

    def first_cancelled(stepper: Any, failed: StepFailed, *job: UUID) -> UUID:
        clock.advance(days=4)
        engine.run_due()
        return record(stepper, failed, *job)

    monkeypatch.setattr(repairs, "record", first_cancelled)
    with pytest.raises(Conflict, match="no longer needed"):
        complete(engine, case)
    assert engine.incidents() == []


def test_what_a_case_sent_before_its_own_end_can_still_reach_somebody(engine: Engine) -> None:
    case = begun(engine, "asking")
    undelivered(engine, case)
    [incident] = engine.incidents()
    complete(engine, case, "after")
    assert [one.id for one in engine.incidents()] == [incident.id]
    engine.cancel(cases_of(engine, "waiting")[0].id, "one too many", "owner")
    assert engine.retry(incident.id, "owner").outcome == Outcome.DONE
    assert {one.status for one in cases_of(engine, "waiting")} == {"withdrawn", "completed"}


@pytest.mark.parametrize("kind", ["a completion", "a timer", "a message"])
def test_upkeep_closes_what_an_older_program_left_open(
    engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(outlived, "close", lambda *_: None)
    if kind == "a message":
        case = begun(engine, "heard")
        engine.deliver("paid", "REC-9")
        complete(engine, case, "stop")
    else:
        key, fail = CANCELLED[kind]
        case = begun(engine, key)
        fail(engine, case, clock)
        clock.advance(days=9)
        engine.run_due()
        if kind == "a timer":  # only its case tells that it is over
            complete(engine, case, "ask")
    assert len(engine.incidents()) == 1
    engine.maintain()
    assert engine.incidents() == []


def test_upkeep_leaves_what_can_still_be_repaired(engine: Engine) -> None:
    complete(engine, begun(engine, "task"))
    give_up(engine, begun(engine, "work"))
    sender = begun(engine, "asking")
    undelivered(engine, sender)
    complete(engine, sender, "after")
    before = {one.id for one in engine.incidents()}
    engine.maintain()
    assert {one.id for one in engine.incidents()} == before
    assert len(before) == 3


# --- at the same moment -------------------------------------------------------------------------


def test_who_tries_again_while_the_case_is_deleted_is_told_that_it_ended(engine: Engine) -> None:
    case = begun(engine, "task")
    complete(engine, case)
    [incident] = engine.incidents()
    with held(engine, case) as queue:
        queue.begin(lambda: engine.cancel(case, "a mistake", "owner"))
        queue.begin(lambda: engine.retry(incident.id, "budi"))
    _, refused = queue.outcomes()
    assert isinstance(refused, Conflict)
    assert "Its case has ended" in str(refused)
    assert engine.incidents() == []


@pytest.mark.parametrize("kind", ["a completion", "a message", "a timer"])
def test_what_fails_while_the_case_is_deleted_leaves_no_incident(
    engine: Engine, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key, fail = FAILING.get(kind, ("timer", lambda *both: pass_a_day(*both, clock)))
    case, record = begun(engine, key), repairs.record

    def first_deleted(stepper: Any, failed: StepFailed, *job: UUID) -> UUID:
        engine.cancel(case, "a mistake", "owner")
        return record(stepper, failed, *job)

    monkeypatch.setattr(repairs, "record", first_deleted)
    if kind == "a timer":
        fail(engine, case)
    else:
        with pytest.raises(Conflict, match="has ended"):
            fail(engine, case)
    assert engine.incidents() == []
    assert engine.run_due() == 0
