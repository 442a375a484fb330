"""Transactions: cancelled from inside, they go on at their cancel boundary event."""

from __future__ import annotations

import pytest

from engine.execution.border import Fault, Program
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    Part,
    boundary,
    end,
    event,
    exclusive,
    flow,
    node,
    parallel,
    start,
    sub_process,
    timer,
    user_task,
)

BOOKING = node(
    "transaction",
    "booking",
    start("s"),
    parallel("fork"),
    user_task("pay"),
    user_task("reserve"),
    exclusive("paid", default="paid_to_done"),
    end("done"),
    end("given_up", event("cancel")),
    end("reserved"),
    flow("s", "fork"),
    flow("fork", "pay"),
    flow("fork", "reserve"),
    flow("pay", "paid"),
    flow("paid", "given_up", "not ok"),
    flow("paid", "done"),
    flow("reserve", "reserved"),
)
GIVEN_UP = boundary("undo", "booking", event("cancel"))


def whole(*guards: Part) -> Program:
    """The transaction, a task after it, and a task for when it is cancelled."""
    flows = (flow("start", "booking"), flow("booking", "after"), flow("undo", "apologise"))
    return program_of(start(), BOOKING, *guards, user_task("after"), user_task("apologise"), *flows)


def test_what_is_completed_goes_on_behind_it() -> None:
    play = Play(whole(GIVEN_UP), {"x": 1})
    play.complete("pay", ok=True)
    assert play.open == ["reserve"]
    play.complete("reserve", seat=4)
    assert play.open == ["after"]
    assert play.data == {"x": 1, "ok": True, "seat": 4}


def test_cancelled_it_takes_everything_inside_along_and_keeps_what_is_known() -> None:
    play = Play(whole(GIVEN_UP, boundary("late", "booking", timer("P9D"))), {"x": 1})
    play.complete("pay", ok=False)
    assert play.open == ["apologise"]
    assert play.due == {}
    assert set(play.last.cancelled) == {"booking", "reserve", "given_up"}
    assert play.data == {"x": 1, "ok": False}


def test_only_the_transaction_around_the_event_is_cancelled() -> None:
    outer = node(
        "transaction",
        "outer",
        start("s1"),
        sub_process("wrapped", start("s2"), BOOKING, GIVEN_UP, end("e2"), flow("s2", "booking")),
        user_task("inside_outer"),
        flow("s1", "wrapped"),
        flow("wrapped", "inside_outer"),
    )
    far = boundary("far", "outer", event("cancel"))
    play = Play(program_of(start(), outer, far, user_task("b"), flow("start", "outer")))
    play.complete("pay", ok=False)
    assert play.open == ["inside_outer"]


def test_nobody_there_to_go_on_is_a_fault() -> None:
    play = Play(whole())
    with pytest.raises(Fault, match="cancelled"):
        play.complete("pay", ok=False)
    assert play.open == ["pay", "reserve"]
