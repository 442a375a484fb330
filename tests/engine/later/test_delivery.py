"""The receiver of a message, and the fate of a message without one: row by row, in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import BadInput, Conflict, Engine
from engine.later import delivery, signals
from engine.later.delivery import route
from engine.records.commands import Deliver
from engine.records.payloads import Message, Spreading
from engine.storage.cases import steps
from engine.storage.later import messages as rows
from engine.storage.later.jobs import Job
from engine.storage.tables import job, message
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    process,
    start,
    user_task,
)
from tests.engine.models_of_tests import LISTENER, cases_of, only_task, open_elements

ORDERED = event("message", "order")
MODELS = {
    **LISTENER,
    "ordered.bpmn": bpmn(process("ordered", start("begin", ORDERED), user_task("pack"), end())),
    "ears.bpmn": bpmn(
        process("ears", start(), catch("hear", event("signal", "alarm")), user_task("run"), end())
    ),
    "rung.bpmn": bpmn(
        process("rung", start("begin", event("signal", "alarm")), user_task("count"), end())
    ),
}
PAYMENT = Message("payment", "A-1", {"amount": 3}, "bank")


class Scene:
    """An engine in memory, and messages routed inside a transaction that is looked at."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.engine = Engine.open("sqlite://", None, self.clock)
        self.engine.deploy(MODELS, "owner")

    def listening(self, key: str = "A-1") -> UUID:
        case = self.engine.start("listener", business_key=key)
        self.engine.complete(only_task(self.engine, case).id, {}, "ani")
        return case

    def route(self, sent: Message, *, wait: bool = True, at: Any = None) -> Any:
        with self.engine.transaction() as connection:
            done = route(self.engine._stepper, connection, sent, wait=wait, at=at)
        if done is not None:
            self.engine._stepper.committed(done)
        return done

    def kept(self) -> list[Any]:
        with self.engine.reading() as connection:
            return list(connection.execute(select(message)))


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.engine.close()


def test_a_message_is_stored_whole_and_read_back_the_same() -> None:
    stored = PAYMENT.encode()
    assert {name: stored[name] for name in ("message", "key", "payload", "by")} == {
        "message": "payment", "key": "A-1", "payload": {"amount": 3}, "by": "bank",
    }  # fmt: skip
    assert Message.decode(stored).payload == PAYMENT.payload
    assert (Message.decode(stored).name, Message.decode(stored).request_id) == ("payment", None)
    assert Message.decode({**stored, "request_id": "r-1"}).request_id == "r-1"


@pytest.mark.parametrize("wait", [True, False])
def test_one_who_waits_gets_it_now_in_its_senders_name(wait: bool, scene: Scene) -> None:
    case, other = scene.listening(), scene.listening("A-2")
    done = scene.route(PAYMENT, wait=wait)
    assert done.head.id == case
    assert (open_elements(scene.engine, case), open_elements(scene.engine, other)) == (["ship"], [])
    last = scene.engine.history(case)[-1]
    assert (last.kind, last.by, last.at) == ("message", "bank", MONDAY)
    assert scene.engine.data(case) == {"amount": 3}
    assert scene.kept() == []


def test_a_moment_that_is_given_is_the_time_of_the_delivery(scene: Scene) -> None:
    case = scene.listening()
    later = MONDAY.replace(day=9)
    scene.route(PAYMENT, at=later)
    assert scene.engine.history(case)[-1].at == later


def test_the_key_of_signals_is_no_address(scene: Scene) -> None:
    with pytest.raises(BadInput, match="signals"):
        scene.route(replace(PAYMENT, key="*"))


def test_two_who_wait_are_named_by_their_number_and_neither_gets_it(scene: Scene) -> None:
    cases = [scene.listening(), scene.listening()]
    with pytest.raises(BadInput, match="2 cases wait for payment with the key A-1"):
        scene.route(PAYMENT)
    assert [open_elements(scene.engine, case) for case in cases] == [[], []]


def test_nobody_waits_yet_so_it_is_kept_for_the_case_that_runs(scene: Scene) -> None:
    scene.engine.start("listener", business_key="A-1")
    assert scene.route(replace(PAYMENT, request_id="r-1")) is None
    [row] = scene.kept()
    assert (row.name, row.key, row.payload, row.by) == ("payment", "A-1", {"amount": 3}, "bank")
    assert (row.at, row.dropped_at) == (MONDAY, None)


def test_what_nobody_will_ever_wait_for_is_on_record_as_dropped(scene: Scene) -> None:
    assert scene.route(PAYMENT) is None
    case = scene.engine.start("listener", business_key="A-1")
    scene.engine.cancel(case, "mistake", "ani")
    scene.route(PAYMENT, at=MONDAY.replace(day=9))
    assert [row.dropped_at for row in scene.kept()] == [MONDAY, MONDAY.replace(day=9)]
    again = scene.listening()
    assert scene.engine.run_due() == 0
    assert open_elements(scene.engine, again) == [], "what was dropped is delivered to nobody"


def test_who_does_not_want_it_kept_is_told_that_nobody_waits(scene: Scene) -> None:
    scene.engine.start("listener", business_key="A-1")
    with pytest.raises(Conflict, match="Nobody waits"):
        scene.route(PAYMENT, wait=False)
    assert scene.kept() == []


def test_the_same_request_is_kept_once_and_delivered_once(scene: Scene) -> None:
    sent = replace(PAYMENT, request_id="r-1")
    case = scene.engine.start("listener", business_key="A-1")
    scene.route(sent)
    scene.route(sent)
    assert len(scene.kept()) == 1
    scene.engine.complete(only_task(scene.engine, case).id, {}, "ani")
    assert scene.route(sent) is None, "its job is on its way"
    assert open_elements(scene.engine, case) == []
    assert scene.engine.run_due() == 1
    assert open_elements(scene.engine, case) == ["ship"]
    assert scene.route(sent) is None, "delivered"
    assert scene.route(sent, wait=False) is None
    assert scene.kept() == []


def test_two_requests_are_two_messages(scene: Scene) -> None:
    scene.engine.start("listener", business_key="A-1")
    for request in ("r-1", "r-2", None, None):
        scene.route(replace(PAYMENT, request_id=request))
    assert len(scene.kept()) == 4


def test_whoever_begins_to_wait_while_the_sender_comes_to_the_lock_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at before the lock and under it: on PostgreSQL another step may end in between."""
    case = scene.listening()
    answers = [[], None]
    asked = rows.subscribers

    def late(*asking: Any) -> Any:
        answer = answers.pop(0) if answers else None
        return asked(*asking) if answer is None else answer

    monkeypatch.setattr(rows, "subscribers", late)
    later = MONDAY.replace(day=9)
    assert scene.route(PAYMENT, at=later).head.id == case
    assert open_elements(scene.engine, case) == ["ship"]
    assert scene.engine.history(case)[-1].at == later


def test_whoever_stopped_waiting_meanwhile_is_not_taken_for_one_who_waits(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = scene.listening()
    with scene.engine.reading() as connection:
        was = rows.subscribers(connection, "payment", "A-1")
    scene.engine.cancel(gone, "mistake", "ani")
    answers, asked = [was], rows.subscribers

    def stale(*asking: Any) -> Any:
        return answers.pop() if answers else asked(*asking)

    monkeypatch.setattr(rows, "subscribers", stale)
    later = MONDAY.replace(day=9)
    assert scene.route(PAYMENT, at=later) is None
    assert scene.kept()[0].dropped_at == later


# --- starting by a message ----------------------------------------------------------------------

ORDER = Message("order", "B-1", {"n": 1}, "shop")


def test_a_message_that_begins_a_process_starts_a_case_under_its_key(scene: Scene) -> None:
    scene.route(ORDER)
    [case] = cases_of(scene.engine, "ordered")
    assert (case.business_key, case.started_by, case.started_at) == ("B-1", "shop", MONDAY)
    assert scene.engine.data(case.id) == {"n": 1}
    assert scene.kept() == []


def test_a_case_that_runs_under_the_key_keeps_another_from_starting(scene: Scene) -> None:
    scene.route(ORDER)
    scene.route(ORDER)
    assert len(cases_of(scene.engine, "ordered")) == 1
    assert [row.dropped_at for row in scene.kept()] == [None]
    scene.route(replace(ORDER, key="B-2"))
    assert len(cases_of(scene.engine, "ordered")) == 2


def test_a_case_of_another_process_under_the_key_keeps_none_from_starting(scene: Scene) -> None:
    scene.engine.start("listener", business_key="B-1")
    scene.route(ORDER)
    assert len(cases_of(scene.engine, "ordered")) == 1


def test_without_a_key_the_case_has_none(scene: Scene) -> None:
    scene.route(replace(ORDER, key=""))
    assert cases_of(scene.engine, "ordered")[0].business_key is None


def test_the_same_request_starts_one_case_however_that_ended(scene: Scene) -> None:
    sent = replace(ORDER, request_id="r-1")
    scene.route(sent)
    [case] = cases_of(scene.engine, "ordered")
    scene.engine.complete(only_task(scene.engine, case.id).id, {}, "ani")
    scene.route(sent)
    assert len(cases_of(scene.engine, "ordered")) == 1
    scene.route(replace(sent, request_id="r-2"))
    scene.route(replace(sent, key="B-9"))
    assert len(cases_of(scene.engine, "ordered")) == 3


def test_a_message_that_two_processes_begin_by_starts_neither_and_names_both(
    scene: Scene,
) -> None:
    scene.engine.deploy(
        {"twin.bpmn": bpmn(process("twin", start("begin", ORDERED), user_task("x"), end()))},
        "owner",
    )
    with pytest.raises(BadInput, match=r"order starts several processes: .*ordered") as refused:
        scene.route(ORDER)
    assert "twin" in str(refused.value)
    assert cases_of(scene.engine, "ordered") == []


# --- signals ------------------------------------------------------------------------------------


def test_a_signal_is_a_job_for_each_who_waits_and_a_start_for_each_it_begins(
    scene: Scene,
) -> None:
    ears = [scene.engine.start("ears", business_key=f"E-{n}") for n in range(2)]
    content = Spreading.decode({"signal": "alarm", "payload": {"floor": 2}, "by": "ani"})
    with scene.engine.transaction() as connection:
        signals.spread(scene.engine._stepper, connection, content, MONDAY)
        stored = connection.execute(select(job)).all()
    heard = [row for row in stored if row.kind == "hear"]
    assert {row.instance_id for row in heard} == set(ears)
    assert {row.due_at for row in stored} == {MONDAY}
    [begun] = [row for row in stored if row.kind == "start"]
    assert (begun.payload["key"], begun.payload["data"]) == ("rung", {"floor": 2})
    assert (begun.payload["business_key"], begun.payload["by"]) == (None, "ani")
    assert begun.instance_id is None
    assert scene.engine.run_due() == 3
    for case in ears:
        assert open_elements(scene.engine, case) == ["run"]
        assert scene.engine.history(case)[-1].by == "ani"
    [counted] = cases_of(scene.engine, "rung")
    assert UUID(begun.payload["id"]) == counted.id


def test_a_signal_of_another_name_is_heard_by_nobody(scene: Scene) -> None:
    scene.engine.start("ears")
    with scene.engine.transaction() as connection:
        content = Spreading.decode({"signal": "fire", "payload": {}, "by": None})
        signals.spread(scene.engine._stepper, connection, content, MONDAY)
        assert connection.execute(select(job)).all() == []


def test_what_a_waiting_token_is_told_is_the_signal_to_that_token() -> None:
    token = UUID(int=7)
    content = {"signal": "alarm", "payload": {"floor": 2}, "by": "ani", "token": str(token)}
    told = signals.hearing(Job(UUID(int=1), "hear", MONDAY, UUID(int=2), None, content, 0))
    assert told == Deliver(message="alarm", key="*", payload={"floor": 2}, by="ani", token=token)


def test_a_locked_owner_is_locked_before_its_message_is_kept(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a subscription that opens at that moment would miss it."""
    case = scene.engine.start("listener", business_key="A-1")
    order: list[Any] = []
    lock, keep = steps.lock, delivery.messages.keep
    monkeypatch.setattr(steps, "lock", lambda c, id: (order.append(("lock", id)), lock(c, id))[1])
    monkeypatch.setattr(
        delivery.messages, "keep", lambda *a, **k: (order.append("keep"), keep(*a, **k))[1]
    )
    scene.route(PAYMENT)
    assert order == [("lock", case), "keep"]
