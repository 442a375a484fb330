"""Compensation at deployment: each event has activities to undo, and each of them has a handler."""

from __future__ import annotations

import pytest

from engine.models.bundle import read_bundle
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    compensate,
    end,
    event,
    flow,
    process,
    start,
    sub_process,
    throw,
    undoing,
    user_task,
)
from tests.engine.models.checks.checking import errors, warnings


def whole(id: str = "whole") -> Part:
    """What undoes a sub-process as a whole."""
    first = start(f"{id}_s", event("compensate"))
    return sub_process(id, first, user_task(f"{id}_t"), triggeredByEvent=True)


def staying(*more: Part) -> Part:
    """A sub-process with a task in it that can be undone."""
    steps = (start("s"), user_task("room"), *undoing("room"), end("e"))
    return sub_process("stay", *steps, *more, flow("s", "room"), flow("room", "e"))


def test_a_task_with_its_handler_deploys_without_a_word() -> None:
    parts = (start(), user_task("a"), *undoing("a"), throw("x", compensate()), end())
    assert errors(*parts) == set()
    plain = (start(), user_task("a"), throw("x"), end())
    extra = {(id_, code) for id_, code in warnings(*parts) if id_ != "undo_a"} - warnings(*plain)
    assert extra == set()
    assert not {code for id_, code in warnings(*parts)} & {"dead-end", "unreachable"}


def test_the_handler_is_found_by_its_association() -> None:
    files = {"p.bpmn": bpmn(process("p", start(), user_task("a"), *undoing("a"), end()))}
    assert read_bundle(files).processes["p"].elements["a_undoable"].handler == "undo_a"


UNMARKED = (user_task("h"), Part('<association id="l" sourceRef="x" targetRef="h"/>'))


@pytest.mark.parametrize("handler", [(), UNMARKED])
def test_an_event_without_a_task_that_is_marked_to_undo_is_refused(
    handler: tuple[Part, ...],
) -> None:
    parts = (start(), user_task("a"), boundary("x", "a", event("compensate")), end(), *handler)
    assert ("x", "compensation") in errors(*parts)


@pytest.mark.parametrize(
    ("source", "target"), [("a_undoable", "end"), ("undo_a", "end"), ("a", "undo_a")]
)
def test_no_flow_leads_to_or_from_what_undoes(source: str, target: str) -> None:
    parts = (start(), user_task("a"), *undoing("a"), end(), flow("start", "a"), flow("a", "end"))
    at = source if source == "a_undoable" else "undo_a"
    assert errors(*parts, flow(source, target, id="f")) == {(at, "compensation")}


@pytest.mark.parametrize("activity", ["stay", "a"])
def test_what_can_be_undone_may_be_named(activity: str) -> None:
    parts = (start(), staying(), user_task("a"), *undoing("a"), throw("x", compensate(activity)))
    assert errors(*parts, end()) == set()


@pytest.mark.parametrize("activity", ["room", "b", "nowhere"])
def test_what_cannot_be_undone_from_there_is_refused(activity: str) -> None:
    parts = (start(), staying(), user_task("b"), throw("x", compensate(activity)), end())
    assert errors(*parts) == {("x", "compensation")}


def test_from_an_event_sub_process_what_is_around_it_may_be_named() -> None:
    first = start("w_s", event("error", "e"))
    watch = sub_process("w", first, throw("x", compensate("room")), triggeredByEvent=True)
    assert errors(start(), staying(watch), end()) == set()


def test_a_sub_process_is_undone_as_a_whole_by_one_event_sub_process() -> None:
    assert errors(start(), staying(whole()), end()) == set()
    found = errors(start(), staying(whole(), whole("twice")), end())
    assert found == {("twice_s", "compensation")}


def test_an_activity_is_undone_by_one_event_on_it_or_in_it() -> None:
    again = undoing("a")[1].xml.replace("undo_a", "other").replace("a_undoable", "again")
    second = boundary("again", "a", event("compensate")), Part(again.replace("a_to_undo", "l"))
    found = errors(start(), user_task("a"), *undoing("a"), *second, end())
    assert found == {("again", "compensation")}
    found = errors(start(), staying(whole()), *undoing("stay"), end())
    assert found == {("stay_undoable", "compensation")}


def test_a_process_is_not_undone_as_a_whole() -> None:
    steps = (start(), user_task("a"), end(), whole(), flow("start", "a"), flow("a", "end"))
    assert errors(*steps) == {("whole_s", "compensation")}


def test_that_it_always_waits_is_told() -> None:
    at_once = Part('<compensateEventDefinition waitForCompletion="false"/>')
    assert ("x", "ignored") in warnings(start(), throw("x", at_once), end())
