"""A thrown message without a receiver is an incident; retry sends it again."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine import BadInput, Conflict, Engine
from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from engine.storage.later import jobs
from engine.storage.tables import message
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    process,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models_of_tests import cases_of, only_task, open_elements

CONSENT, ORDER = event("message", "consent"), event("message", "order")
MODELS = {
    "asking.bpmn": bpmn(process("asking", start(), throw("ask", CONSENT), end())),
    "ordering.bpmn": bpmn(process("ordering", start(), throw("ask", ORDER), end())),
    "calling.bpmn": bpmn(process("calling", start(), service_task("ask", "call"), end())),
    "waiting.bpmn": bpmn(
        process("waiting", start(), catch("wait", CONSENT), user_task("had"), end())
    ),
    "preparing.bpmn": bpmn(
        process(
            "preparing",
            start(),
            user_task("prepare"),
            catch("wait", CONSENT),
            user_task("had"),
            end(),
        )
    ),
    "dividing.bpmn": bpmn(
        process(
            "dividing",
            start(),
            catch("wait", CONSENT),
            script_task("divide", "share = 1 / parts"),
            user_task("had"),
        )
    ),
    "recording.bpmn": bpmn(
        process(
            "recording",
            start(),
            catch("wait", CONSENT),
            service_task("record", "record"),
            user_task("had"),
        )
    ),
    "ordered.bpmn": bpmn(
        process("ordered", start("begin", ORDER), script_task("divide", "share = 1 / parts"))
    ),
}


@pytest.fixture
def refusing() -> list[bool]:
    """Whether the handler behind a message refuses what it brings."""
    return [True]


@pytest.fixture
def engine(open_engine: Open, refusing: list[bool]) -> Engine:
    def record(step: Step) -> None:
        if refusing[0]:
            raise Refusal(say("The number is taken."))

    def call(step: Step) -> None:
        step.send("consent", "REC-9", {"from": "handler"})

    engine = open_engine({"record": record, "call": call})
    engine.deploy(MODELS, "owner")
    return engine


def waiting(engine: Engine, key: str = "waiting") -> UUID:
    return engine.start(key, business_key="REC-9")


def thrown(engine: Engine, key: str = "asking") -> UUID:
    """A case that has thrown its message; where it went, has been tried."""
    case = engine.start(key, business_key="REC-9")
    engine.run_due()
    return case


def nothing_is_buried(engine: Engine, clock: ManualClock) -> bool:
    """No job is tried again or has been given up, not even a month later."""
    clock.advance(days=30)
    with engine.reading() as connection:
        return engine.run_due() == 0 and jobs.dead(connection) == []


@pytest.mark.parametrize("sender", ["asking", "calling"])
def test_a_message_for_which_two_cases_wait_is_an_incident_of_its_sender(
    engine: Engine, clock: ManualClock, sender: str
) -> None:
    first, second = waiting(engine), waiting(engine)
    case = thrown(engine, sender)
    [incident] = engine.incidents()
    assert (incident.instance_id, incident.element_id) == (case, "ask")
    assert "2 cases wait for consent" in str(incident.what)
    assert nothing_is_buried(engine, clock)
    assert [open_elements(engine, one) for one in (first, second)] == [[], []]


def test_retry_sends_it_again_to_whoever_waits_then(engine: Engine) -> None:
    first, second = waiting(engine), waiting(engine)
    thrown(engine)
    [incident] = engine.incidents()
    again = engine.retry(incident.id, "owner")
    assert (again.done, "2 cases" in str(again.failure and again.failure.what)) == (False, True)
    assert engine.incidents()[0].tries == 2

    engine.cancel(first, "mistake", "ani")
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, second) == ["had"]
    assert engine.incidents() == []
    with pytest.raises(Conflict):
        engine.retry(incident.id, "owner")


def test_what_is_discarded_is_sent_to_nobody(engine: Engine) -> None:
    first, _ = waiting(engine), waiting(engine)
    case = thrown(engine)
    [incident] = engine.incidents()
    engine.cancel(first, "mistake", "ani")
    engine.discard(incident.id, "owner")
    assert engine.run_due() == 0
    assert engine.incidents() == []
    assert [event.kind for event in engine.history(case)] == ["start", "incident", "discard"]
    assert engine.broken_history(case) is None


def test_a_receiver_that_fails_at_it_has_the_incident(engine: Engine) -> None:
    case = waiting(engine, "dividing")
    thrown(engine)
    [incident] = engine.incidents()
    assert (incident.instance_id, incident.element_id) == (case, "divide")
    assert [one.element_id for one in engine.awaited(case)] == ["wait"], "it waits still"


def test_a_message_that_another_has_overtaken_is_delivered_to_the_next(engine: Engine) -> None:
    """The token for which it was meant is gone when its incident is repaired."""
    case = waiting(engine, "dividing")
    thrown(engine)
    [incident] = engine.incidents()
    engine.deliver("consent", "REC-9", {"parts": 2})
    assert open_elements(engine, case) == ["had"]
    other = waiting(engine)
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, other) == ["had"]


def test_a_handler_that_refuses_it_makes_an_incident_that_retry_repairs(
    engine: Engine, clock: ManualClock, refusing: list[bool]
) -> None:
    case = waiting(engine, "recording")
    sender = thrown(engine)
    [incident] = engine.incidents()
    assert (incident.instance_id, "The number is taken." in str(incident.what)) == (sender, True)
    assert nothing_is_buried(engine, clock)
    refusing[0] = False
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, case) == ["had"]


def test_a_case_that_cannot_start_by_it_is_an_incident_of_its_sender(
    engine: Engine, clock: ManualClock
) -> None:
    sender = thrown(engine, "ordering")
    [incident] = engine.incidents()
    assert incident.instance_id == sender
    assert cases_of(engine, "ordered") == []
    assert nothing_is_buried(engine, clock)


def test_a_kept_message_that_cannot_be_delivered_is_an_incident_where_it_was_taken_up(
    engine: Engine,
) -> None:
    case = waiting(engine, "preparing")
    engine.deliver("consent", "REC-9", {"from": "a"})
    engine.complete(only_task(engine, case).id, {}, "ani")
    waiting(engine)
    engine.run_due()
    [incident] = engine.incidents()
    assert (incident.instance_id, incident.element_id) == (case, "wait")


def test_whoever_delivers_by_hand_is_told_and_leaves_no_incident(engine: Engine) -> None:
    waiting(engine)
    waiting(engine)
    with pytest.raises(BadInput, match="2 cases"):
        engine.deliver("consent", "REC-9")
    assert engine.incidents() == []


def test_a_message_waits_as_long_as_any_case_of_its_key_runs(engine: Engine) -> None:
    """The end of another case of the same key is no end of this one."""
    case, other = waiting(engine, "preparing"), waiting(engine, "preparing")
    engine.deliver("consent", "REC-9", {"from": "a"})
    engine.cancel(other, "mistake", "ani")
    engine.complete(only_task(engine, case).id, {}, "ani")
    engine.run_due()
    assert open_elements(engine, case) == ["had"]


def test_a_message_nobody_can_wait_for_any_more_is_dropped_on_record(engine: Engine) -> None:
    case = waiting(engine, "preparing")
    thrown(engine)
    engine.cancel(case, "mistake", "ani")
    with engine.reading() as connection:
        [row] = connection.execute(select(message))
    assert row.dropped_at is not None
    assert engine.incidents() == []
