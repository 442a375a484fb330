"""A receive task without a message waits until a caller signals its execution."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine import Conflict, Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event_gateway,
    flow,
    multi_instance,
    node,
    process,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import open_elements


def deployed(open_engine: Open, *parts: object) -> Engine:
    engine = open_engine()
    engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")  # type: ignore[arg-type]
    return engine


def token_at(engine: Engine, case: UUID, element: str = "wait") -> UUID:
    [token] = [one.token for one in engine.awaited(case) if one.element_id == element]
    return token


PLAIN = (start(), node("receiveTask", "wait"), user_task("look"), end())


def test_it_goes_on_with_what_it_is_told(open_engine: Open) -> None:
    engine = deployed(open_engine, *PLAIN)
    case = engine.start("p", {"state": "sent"}, "A-1")
    assert open_elements(engine, case) == []
    open_engine().signal(token_at(engine, case), {"state": "back"}, by="ani")
    assert open_elements(engine, case) == ["look"]
    assert engine.data(case) == {"state": "back"}
    last = engine.history(case)[-1]
    assert (last.by, list(last.left), list(last.entered)) == ("ani", ["wait"], ["look"])


def test_it_is_seen_to_wait_in_history_and_drawing(open_engine: Open) -> None:
    engine = deployed(open_engine, *PLAIN)
    case = engine.start("p")
    [started] = engine.history(case)
    assert (list(started.entered), list(started.left)) == (["start", "wait"], ["start"])
    definition = engine.instance(case).definition_id
    assert engine.counts(definition) == {"wait": 1}
    engine.signal(token_at(engine, case))
    assert {name: n for name, n in engine.counts(definition).items() if n} == {"look": 1}


def test_one_that_has_gone_on_or_never_was_is_told_nothing(open_engine: Open) -> None:
    engine = deployed(open_engine, *PLAIN)
    case = engine.start("p")
    token = token_at(engine, case)
    engine.signal(token)
    for gone in (token, uuid4()):
        with pytest.raises(Conflict):
            open_engine().signal(gone)


def test_neither_a_message_nor_a_signal_lets_it_go_on(open_engine: Open) -> None:
    engine = deployed(open_engine, *PLAIN)
    case = engine.start("p", business_key="A-1")
    engine.deliver("", "A-1")
    open_engine().run_due()
    assert open_elements(engine, case) == []


def test_each_run_of_a_repeated_one_is_told_by_itself(open_engine: Open) -> None:
    repeated = node("receiveTask", "wait", multi_instance("${who}", "one"))
    engine = deployed(open_engine, start(), repeated, user_task("look"))
    case = engine.start("p", {"who": ["a", "b", "c"]})
    tokens = [one.token for one in open_engine().awaited(case)]
    assert len(tokens) == 3
    for token in reversed(tokens):
        assert open_elements(engine, case) == []
        open_engine().signal(token)
    assert open_elements(engine, case) == ["look"]


def test_its_timer_takes_it_away(open_engine: Open, clock: ManualClock) -> None:
    engine = deployed(
        open_engine,
        start(),
        node("receiveTask", "wait"),
        boundary("late", "wait", timer("P3D")),
        user_task("remind"),
        flow("start", "wait"),
        flow("late", "remind"),
    )
    case = engine.start("p")
    token = token_at(engine, case)
    clock.advance(days=4)
    open_engine().run_due()
    assert open_elements(engine, case) == ["remind"]
    with pytest.raises(Conflict):
        engine.signal(token)


def test_behind_an_event_gateway_it_withdraws_what_else_was_waited_for(open_engine: Open) -> None:
    engine = deployed(
        open_engine,
        start(),
        event_gateway("first"),
        node("receiveTask", "wait"),
        node("receiveTask", "other"),
        user_task("look"),
        flow("start", "first"),
        flow("first", "wait"),
        flow("first", "other"),
        flow("wait", "look"),
    )
    case = engine.start("p")
    open_engine().signal(token_at(engine, case))
    assert open_elements(engine, case) == ["look"]
    assert open_engine().awaited(case) == []
