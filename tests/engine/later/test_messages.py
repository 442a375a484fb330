"""A message reaches exactly one case, found by name and key."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine import BadInput, Conflict, Engine
from engine.storage.tables import message
from engine.time.clock import ManualClock
from tests.engine.models.building import Part, bpmn, end, extensions, node, process, start
from tests.engine.models_of_tests import LISTENER, only_task, open_elements

KEY = Part("""<camunda:in businessKey="${business_key + '/B'}"/>""")
CALLER = {
    "caller.bpmn": bpmn(
        process(
            "caller",
            start(),
            node("callActivity", "go", extensions(KEY), calledElement="listener"),
            end(),
        )
    )
}


def listening(engine: Engine, key: str) -> object:
    case = engine.start("listener", business_key=key)
    engine.complete(only_task(engine, case).id, {}, "ani")
    return case


def test_a_message_reaches_only_the_case_of_its_key(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    mine, other = listening(engine, "A-1"), listening(engine, "A-2")
    engine.deliver("payment", "A-1", {"amount": 10})
    assert open_elements(engine, mine) == ["ship"]  # type: ignore[arg-type]
    assert open_elements(engine, other) == []  # type: ignore[arg-type]
    assert engine.data(mine)["amount"] == 10  # type: ignore[arg-type]


def test_a_message_before_its_time_waits_for_the_case(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    case = engine.start("listener", business_key="A-1")
    engine.deliver("payment", "A-1", {"amount": 10})
    assert open_elements(engine, case) == ["prepare"]

    engine.complete(only_task(engine, case).id, {}, "ani")
    assert engine.run_due() == 1
    assert open_elements(engine, case) == ["ship"]


def test_without_waiting_nobody_listening_is_a_conflict(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    engine.start("listener", business_key="A-1")
    with pytest.raises(Conflict):
        engine.deliver("payment", "A-1", wait=False)


def test_a_message_for_a_case_that_ended_is_dropped_but_on_record(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    case = engine.start("listener", business_key="A-1")
    engine.cancel(case, "not needed", "ani")
    engine.deliver("payment", "A-1", {"amount": 10})
    with engine.reading() as connection:
        (row,) = connection.execute(select(message))
    assert (row.name, row.payload, row.dropped_at is not None) == ("payment", {"amount": 10}, True)


def test_two_cases_with_the_same_key_are_refused_not_guessed(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    listening(engine, "A-1")
    listening(engine, "A-1")
    with pytest.raises(BadInput):
        engine.deliver("payment", "A-1")


def test_the_same_delivery_again_changes_nothing(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    case = listening(engine, "A-1")
    engine.deliver("payment", "A-1", {"amount": 1}, request_id="p-1")
    engine.deliver("payment", "A-1", {"amount": 2}, request_id="p-1")
    assert engine.data(case)["amount"] == 1  # type: ignore[arg-type]


def test_a_kept_message_that_is_sent_again_is_delivered_once(engine: Engine) -> None:
    engine.deploy(LISTENER, "owner")
    case = engine.start("listener", business_key="A-1")
    for _ in range(2):
        engine.deliver("payment", "A-1", {"amount": 10}, request_id="p-1")
    engine.complete(only_task(engine, case).id, {}, "ani")
    engine.deliver("payment", "A-1", {"amount": 10}, request_id="p-1")
    assert engine.run_due() == 1
    engine.deliver("payment", "A-1", {"amount": 10}, request_id="p-1")

    assert open_elements(engine, case) == ["ship"]
    assert [event.kind for event in engine.history(case)] == ["start", "complete", "message"]
    with engine.reading() as connection:
        assert connection.execute(select(message)).all() == []


def test_kept_messages_are_delivered_in_the_order_they_came(
    engine: Engine, clock: ManualClock
) -> None:
    engine.deploy(LISTENER, "owner")
    case = engine.start("listener", business_key="A-1")
    for amount in (1, 2, 3, 4):
        engine.deliver("payment", "A-1", {"amount": amount}, request_id=f"p-{amount}")
        clock.advance(seconds=1)
    engine.complete(only_task(engine, case).id, {}, "ani")
    engine.run_due()
    assert engine.data(case)["amount"] == 1


def test_a_called_process_is_found_under_the_key_its_call_gave_it(engine: Engine) -> None:
    engine.deploy(LISTENER | CALLER, "owner")
    case = engine.start("caller", business_key="A-1")
    engine.complete(only_task(engine, case).id, {}, "ani")
    with pytest.raises(Conflict):
        engine.deliver("payment", "A-1", wait=False)
    engine.deliver("payment", "A-1/B", wait=False)
    assert open_elements(engine, case) == ["ship"]
