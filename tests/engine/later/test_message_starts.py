"""A message starts the process with that start event, once for each key at a time."""

from __future__ import annotations

import pytest

from engine import BadInput, Engine
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    end,
    event,
    flow,
    process,
    start,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import cases_of, only_task, open_elements

ORDERED = event("message", "ordered")
SHOP = {
    "shop.bpmn": bpmn(process("shop", start("order", ORDERED), user_task("pack"), end())),
    "buyer.bpmn": bpmn(
        process("buyer", start(), user_task("choose"), throw("tell", ORDERED), end())
    ),
}


def test_a_message_nobody_waits_for_starts_a_case_under_its_key(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    engine.deliver("ordered", "O-1", {"size": 3}, by="ani")
    [case] = cases_of(engine, "shop")
    assert (case.business_key, case.started_by) == ("O-1", "ani")
    assert engine.data(case.id) == {"size": 3}
    assert open_elements(engine, case.id) == ["pack"]


def test_also_for_a_sender_who_insists_on_an_answer(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    engine.deliver("ordered", "O-1", {}, wait=False)
    assert len(cases_of(engine, "shop")) == 1


def test_the_newest_version_starts(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    newer = process("shop", start("order", ORDERED), user_task("pack"), user_task("b"), end())
    [version] = engine.deploy({"shop.bpmn": bpmn(newer)}, "owner")
    engine.deliver("ordered", "O-1")
    assert [case.definition_id for case in cases_of(engine, "shop")] == [version.id]


def test_a_process_that_starts_so_no_longer_is_not_started(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    engine.deploy({"shop.bpmn": bpmn(process("shop", start(), user_task("a"), end()))}, "owner")
    engine.deliver("ordered", "O-1")
    assert cases_of(engine, "shop") == []


def test_a_second_message_of_a_key_does_not_start_a_second_case(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    for key in ("O-1", "O-2", "O-1"):
        engine.deliver("ordered", key)
    cases = cases_of(engine, "shop")
    assert sorted(str(case.business_key) for case in cases) == ["O-1", "O-2"]
    [first] = [case for case in cases if case.business_key == "O-1"]
    engine.complete(only_task(engine, first.id).id, {}, "ani")
    engine.deliver("ordered", "O-1")
    assert len(cases_of(engine, "shop")) == 3


def test_the_same_request_starts_the_same_case(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    engine.deliver("ordered", "O-1", request_id="r1")
    [case] = cases_of(engine, "shop")
    engine.complete(only_task(engine, case.id).id, {}, "ani")
    engine.deliver("ordered", "O-1", request_id="r1")
    assert len(cases_of(engine, "shop")) == 1


def test_a_case_starts_one_of_another_process_under_its_own_key(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    buyer = engine.start("buyer", business_key="B-7")
    engine.complete(only_task(engine, buyer).id, {}, "ani")
    engine.run_due()
    [case] = cases_of(engine, "shop")
    assert case.business_key == "B-7"
    assert engine.run_due() == 0


def test_two_processes_deployed_apart_are_both_named(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    engine.deploy({"b.bpmn": bpmn(process("other", start("s", ORDERED), end()))}, "owner")
    with pytest.raises(BadInput, match="other, shop"):
        engine.deliver("ordered", "O-1")


def test_it_can_be_started_by_hand_too(engine: Engine) -> None:
    engine.deploy(SHOP, "owner")
    assert open_elements(engine, engine.start("shop")) == ["pack"]


HURRIED = event("message", "hurried")
TWO = bpmn(process("two", start("a", ORDERED), start("b", HURRIED), user_task("pack"), end(),
                   flow("a", "pack"), flow("b", "pack"), flow("pack", "end")))  # fmt: skip


def test_a_process_that_begins_by_one_of_several_messages_is_not_started_by_its_key(
    engine: Engine,
) -> None:
    engine.deploy({"two.bpmn": TWO}, "owner")
    with pytest.raises(
        BadInput, match="two begins by one of several events only: ordered, hurried"
    ):
        engine.start("two")
    assert cases_of(engine, "two") == []
    engine.deliver("hurried", "O-1")
    assert len(cases_of(engine, "two")) == 1


@pytest.mark.parametrize("usual", [start("c"), start("c", timer("R/P1D", "timeCycle"))])
def test_an_event_start_beside_a_usual_one_leaves_its_key_alone(
    usual: Part, engine: Engine
) -> None:
    parts = (start("a", ORDERED), start("b", HURRIED), usual, user_task("pack"), end())
    flows = (flow(one, "pack") for one in "abc")
    engine.deploy({"p.bpmn": bpmn(process("p", *parts, *flows, flow("pack", "end")))}, "owner")
    engine.start("p")
    assert len(cases_of(engine, "p")) == 1


def test_a_call_of_a_process_without_a_usual_start_is_an_incident(engine: Engine) -> None:
    caller = process("caller", start(), user_task("ask"), call("buy", "two"), end())
    engine.deploy({"caller.bpmn": bpmn(caller), "two.bpmn": TWO}, "owner")
    engine.complete(only_task(engine, engine.start("caller")).id, {}, "ani")
    [incident] = engine.incidents()
    assert incident.element_id == "buy"
    assert "ordered, hurried" in str(incident.what)
