"""A failing start without a waiting caller is an incident of the instance that would have
started.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine import Conflict, Engine
from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from engine.storage.cases.incidents import Incident
from engine.storage.later import jobs
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models.building import (
    Part,
    bpmn,
    event,
    process,
    script_task,
    service_task,
    start,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import cases_of, open_elements

ALARM = event("signal", "alarm")
CASE = UUID("01945e5a-0000-7000-8000-000000000001")


def begun(*parts: Part, key: str = "begun") -> dict[str, bytes]:
    return {f"{key}.bpmn": bpmn(process(key, *parts))}


DIVIDED = (script_task("divide", "share = 1 / 0"), user_task("look"))
BY_TIME = begun(start("tenth_hour", timer("R/PT10H", "timeCycle")), *DIVIDED)
BY_SIGNAL = begun(start("rung", ALARM), *DIVIDED)
BY_HANDLER = begun(start("begin"), *DIVIDED)
MENDED = (script_task("divide", "share = 1 / 2"), user_task("look"))
OTHERS = {
    **begun(start(), throw("ring", ALARM), key="ringing"),
    **begun(start(), service_task("issue", "issue"), key="issuing"),
    **begun(start("rung", ALARM), user_task("hear"), key="hearing"),
}


def issue(step: Step) -> None:
    step.start("begun", CASE, "A-1", {"amount": 1})


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    engine = open_engine({"issue": issue})
    engine.deploy(OTHERS, "owner")
    return engine


def only_incident(engine: Engine) -> Incident:
    [incident] = engine.incidents()
    return incident


def set_off(engine: Engine, clock: ManualClock, how: str) -> dict[str, bytes]:
    """Have it started in this way, as far as that goes; its model, and what would mend it."""
    first = {"timer": "tenth_hour", "signal": "rung", "handler": "begin"}[how]
    trigger = {"timer": [timer("R/PT10H", "timeCycle")], "signal": [ALARM], "handler": []}[how]
    engine.deploy(begun(start(first, *trigger), *DIVIDED), "owner")
    if how == "timer":
        clock.advance(hours=10)
    else:
        engine.start({"signal": "ringing", "handler": "issuing"}[how], by="ani")
    engine.run_due()
    return begun(start(first, *trigger), *MENDED)


@pytest.mark.parametrize("how", ["timer", "signal", "handler"])
def test_it_names_the_element_and_is_repaired_by_a_version_that_can_start(
    engine: Engine, clock: ManualClock, how: str
) -> None:
    mended = set_off(engine, clock, how)
    incident = only_incident(engine)
    assert (incident.process_key, incident.element_id) == ("begun", "divide")
    assert "divided by zero" in str(incident.what)
    assert cases_of(engine, "begun") == []
    with engine.reading() as connection:
        assert jobs.dead(connection) == []

    failed_at = clock.now
    clock.advance(hours=1)
    assert not engine.retry(incident.id, "owner").done
    assert only_incident(engine).tries == 2
    engine.deploy(mended, "owner")
    assert engine.retry(incident.id, "owner").done
    [case] = cases_of(engine, "begun")
    assert (case.id, case.started_at) == (incident.instance_id, failed_at)
    assert case.started_by == {"timer": None}.get(how, "ani")
    assert open_elements(engine, case.id) == ["look"]
    assert engine.incidents() == []
    with pytest.raises(Conflict):
        engine.retry(incident.id, "owner")
    assert engine.broken_history(case.id) is None


def test_it_holds_up_no_later_one(engine: Engine, clock: ManualClock) -> None:
    engine.deploy(BY_TIME, "owner")
    for _ in range(4):
        clock.advance(hours=10)
        engine.run_due()
    assert [one.command["details"]["planned"] for one in reversed(engine.incidents())] == [
        (MONDAY + timedelta(hours=hour)).isoformat() for hour in (10, 20, 30, 40)
    ]


def test_others_that_the_signal_starts_are_started(engine: Engine, clock: ManualClock) -> None:
    set_off(engine, clock, "signal")
    [case] = cases_of(engine, "hearing")
    assert open_elements(engine, case.id) == ["hear"]


def test_what_is_given_up_never_starts(engine: Engine, clock: ManualClock) -> None:
    engine.deploy(set_off(engine, clock, "handler"), "owner")
    incident = only_incident(engine)
    engine.discard(incident.id, "owner")
    assert engine.incidents() == []
    for act in (engine.retry, engine.discard):
        with pytest.raises(Conflict):
            act(incident.id, "owner")
    assert engine.run_due() == 0
    assert cases_of(engine, "begun") == []


def test_a_handler_that_refuses_is_named(open_engine: Open, clock: ManualClock) -> None:
    refused = [True]

    def record(step: Step) -> None:
        if refused:
            raise Refusal(say("The number is taken."))

    engine = open_engine({"record": record})
    parts = (start("once", timer("PT10H")), service_task("record", "record"), user_task("look"))
    engine.deploy(begun(*parts), "owner")
    clock.advance(hours=10)
    engine.run_due()
    incident = only_incident(engine)
    assert (incident.element_id, str(incident.what)) == ("record", "The number is taken.")
    refused.clear()
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, incident.instance_id) == ["look"]


def test_a_start_event_that_the_newest_version_has_not_is_named(
    engine: Engine, clock: ManualClock
) -> None:
    """Set off, but not begun, when the next version is released."""
    engine.deploy(BY_TIME, "owner")
    clock.advance(hours=10)
    [occurrence] = engine._loop._due(None, 0)
    engine._loop._run(occurrence, None)
    engine.deploy(BY_HANDLER, "owner")
    engine.run_due()
    incident = only_incident(engine)
    assert "begun has no start event tenth_hour any more" in str(incident.what)
    engine.discard(incident.id, "owner")


def test_of_a_process_that_exists_the_start_by_hand_is_told_and_leaves_no_incident(
    engine: Engine,
) -> None:
    engine.deploy(BY_HANDLER, "owner")
    with pytest.raises(Exception, match="divided by zero"):
        engine.start("begun", id=uuid4())
    assert engine.incidents() == []


# --- a time that cannot be computed -------------------------------------------------------------

FRAGILE = begun(
    start("daily", timer("${'R/P1D' if today().day != 4 else 1 / 0}", "timeCycle")),
    user_task("look"),
)
"""It cannot say when it is due on the fourth day of a month."""


def come_to_the_fourth(engine: Engine, clock: ManualClock) -> Incident:
    engine.deploy(FRAGILE, "owner")
    for _ in range(2):
        clock.advance(days=1)
        engine.run_due()
    assert len(cases_of(engine, "begun")) == 1
    return only_incident(engine)


def test_a_timer_that_cannot_say_when_it_is_due_next_starts_again_once_it_can(
    engine: Engine, clock: ManualClock
) -> None:
    incident = come_to_the_fourth(engine, clock)
    assert (incident.element_id, "divided by zero" in str(incident.what)) == ("daily", True)
    assert not engine.retry(incident.id, "owner").done
    clock.advance(days=1)
    assert engine.retry(incident.id, "owner").done
    engine.run_due()
    assert len(cases_of(engine, "begun")) == 2
    clock.advance(days=1)
    engine.run_due()
    assert len(cases_of(engine, "begun")) == 3
    assert engine.incidents() == []


@pytest.mark.parametrize("ended_by", ["a newer version", "retiring it"])
def test_a_timer_that_has_ended_is_not_begun_anew_by_a_retry(
    engine: Engine, clock: ManualClock, ended_by: str
) -> None:
    incident = come_to_the_fourth(engine, clock)
    if ended_by == "retiring it":
        engine.retire("begun", "owner")
    else:
        engine.deploy(begun(start("begin"), *MENDED), "owner")
    clock.advance(days=1)
    assert engine.retry(incident.id, "owner").done
    assert engine.run_due() == 0
    assert engine.seconds_to_next_job() is None
    assert len(cases_of(engine, "begun")) == 1
