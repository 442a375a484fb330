"""Several tokens of one case wait for one message: the first to wait takes it, or the named one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from engine import BadInput, Conflict, Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    node,
    parallel,
    process,
    start,
    sub_process,
    throw,
    user_task,
)
from tests.engine.models_of_tests import open_elements

CONSENT = event("message", "consent")
BRANCHES = ("a", "b", "c")


LINE = {
    "line.bpmn": bpmn(
        process(
            "line",
            start(),
            parallel("fork"),
            user_task("to_a"),
            user_task("to_b"),
            user_task("to_c"),
            sub_process("inside_a", start("begin"), catch("wait_a", CONSENT), user_task("had_a")),
            node("receiveTask", "wait_b", messageRef="message_consent"),
            user_task("had_b"),
            user_task("work_c"),
            boundary("wait_c", "work_c", CONSENT),
            user_task("had_c"),
            flow("start", "fork"),
            *(flow("fork", f"to_{name}") for name in BRANCHES),
            flow("to_a", "inside_a"),
            flow("to_b", "wait_b"),
            flow("wait_b", "had_b"),
            flow("to_c", "work_c"),
            flow("wait_c", "had_c"),
        )
    ),
    "asking.bpmn": bpmn(process("asking", start(), throw("ask", CONSENT), end())),
}
"""Three branches that come to wait for one message: in a sub-process, at a task, on a boundary."""


def in_line(engine: Engine, order: Sequence[str]) -> UUID:
    """A case whose branches began to wait in this order, each in a step of its own."""
    engine.deploy(LINE, "owner")
    case = engine.start("line", business_key="REC-9")
    for name in order:
        [task] = [t for t in engine.tasks(instance_id=case) if t.element_id == f"to_{name}"]
        engine.complete(task.id, {}, "ani")
    return case


def had(engine: Engine, case: UUID) -> list[str]:
    """The branches that have had the message, by name."""
    return [one[-1] for one in open_elements(engine, case) if one.startswith("had_")]


@pytest.mark.parametrize("order", ["abc", "cab", "bca", "cba"])
def test_who_has_waited_longest_takes_it_whatever_its_scope(open_engine: Open, order: str) -> None:
    case = in_line(open_engine(), order)
    for count in (1, 2, 3):
        open_engine().deliver("consent", "REC-9", {"number": count})
        assert had(open_engine(), case) == sorted(order[:count])


def test_a_thrown_message_goes_to_the_first_in_line_too(open_engine: Open) -> None:
    engine = open_engine()
    case = in_line(engine, "bac")
    engine.start("asking", business_key="REC-9")
    open_engine().run_due()
    assert had(engine, case) == ["b"]
    engine.start("asking", business_key="REC-9")
    open_engine().run_due()
    assert had(engine, case) == ["a", "b"]
    assert engine.incidents() == []


def test_who_waits_is_told_in_the_order_of_the_line(open_engine: Open) -> None:
    case = in_line(open_engine(), "cab")
    found = open_engine().awaited(case)
    assert [one.element_id for one in found] == ["wait_c", "wait_a", "wait_b"]
    assert {(one.message, one.key) for one in found} == {("consent", "REC-9")}


def test_a_message_for_one_token_goes_to_that_one_alone(open_engine: Open) -> None:
    engine = open_engine()
    case = in_line(engine, "cab")
    [token] = [one.token for one in engine.awaited(case) if one.element_id == "wait_b"]
    engine.deliver("consent", "REC-9", {"for": "b"}, token=token)
    assert had(engine, case) == ["b"]
    with pytest.raises(Conflict):
        engine.deliver("consent", "REC-9", {"for": "b"}, token=token)
    assert had(engine, case) == ["b"], "nobody takes it in the place of a token that is gone"


def test_a_token_is_asked_for_what_it_waits_for_and_under_its_key(engine: Engine) -> None:
    case = in_line(engine, "a")
    [waiting] = engine.awaited(case)
    for message, key in (("consent", "REC-8"), ("refusal", "REC-9")):
        with pytest.raises(Conflict):
            engine.deliver(message, key, token=waiting.token)
    assert had(engine, case) == []


def test_the_same_request_to_a_token_is_delivered_once(engine: Engine) -> None:
    case = in_line(engine, "ab")
    token = engine.awaited(case)[1].token
    for _ in range(2):
        engine.deliver("consent", "REC-9", token=token, request_id="r-1")
    assert had(engine, case) == ["b"]


def test_two_waits_of_one_case_are_not_called_two_cases(engine: Engine) -> None:
    in_line(engine, "abc")
    with pytest.raises(BadInput, match="2 cases wait for consent"):
        in_line(engine, "ab")
        engine.deliver("consent", "REC-9")


def test_messages_that_came_before_the_line_are_taken_in_their_order(
    open_engine: Open, clock: ManualClock
) -> None:
    """Each of them is a job of its own, and each is due since it came."""
    engine = open_engine()
    engine.deploy(EARLY, "owner")
    case = engine.start("early", business_key="REC-9")
    for number in range(6):
        engine.deliver("consent", "REC-9", {"number": number})
        clock.advance(seconds=1)
    [task] = engine.tasks(instance_id=case)
    engine.complete(task.id, {}, "ani")
    open_engine().run_due()
    taken = [one.changed["number"] for one in engine.history(case) if one.kind == "message"]
    assert taken == [0, 1, 2, 3, 4, 5]


EARLY = {
    "early.bpmn": bpmn(
        process(
            "early",
            start(),
            user_task("prepare"),
            parallel("fork"),
            *(catch(f"wait_{number}", CONSENT) for number in range(6)),
            parallel("join"),
            user_task("look"),
            flow("start", "prepare"),
            flow("prepare", "fork"),
            *(flow("fork", f"wait_{number}") for number in range(6)),
            *(flow(f"wait_{number}", "join") for number in range(6)),
            flow("join", "look"),
        )
    )
}
