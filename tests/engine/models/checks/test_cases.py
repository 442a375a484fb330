"""The findings about models that would reach cases of others."""

from __future__ import annotations

import pytest

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    catch,
    end,
    event,
    exclusive,
    flow,
    node,
    process,
    script_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)
from tests.engine.models.checks.checking import errors, told, warnings

KNOWN = Known(cases=frozenset({"claim"}), case_names=frozenset({"settled"}))
SETTLED = event("message", "settled")


def found_in_claim(*parts: Part) -> set[tuple[str, str]]:
    """Errors of the process of cases itself."""
    files = {"claim.bpmn": bpmn(process("claim", *parts))}
    return told(check_bundle(read_bundle(files), KNOWN))


def test_a_process_of_cases_is_called_by_no_other() -> None:
    parts = (start(), call("c", "claim"), end())
    assert errors(*parts, known=KNOWN) == {("c", "case-call")}
    assert errors(*parts, known=Known()) == set()


@pytest.mark.parametrize(
    "begun", [event("message", "go"), event("signal", "go"), timer("2026-12-31", "timeDate")]
)
def test_nothing_that_happens_begins_a_case(begun: Part) -> None:
    assert ("s", "case-start") in found_in_claim(start("s", begun), user_task("t"), end())


def test_a_case_begins_plainly_and_may_hold_what_begins_by_an_event() -> None:
    inside = sub_process(
        "sub", start("told", event("message", "go")), end("e"), triggeredByEvent=True
    )
    parts = (start("s"), user_task("t"), end(), flow("s", "t"), flow("t", "end"), inside)
    assert found_in_claim(*parts) == set()


@pytest.mark.parametrize(
    "parts",
    [
        (start(), throw("m", SETTLED), end()),
        (start(), end("m", SETTLED)),
        (start(), catch("m", SETTLED), end()),
        (start("m", SETTLED), end()),
        (start(), node("sendTask", "m", messageRef="message_settled"), end()),
        (start(), node("receiveTask", "m", messageRef="message_settled"), end()),
        (start(), throw("m", event("signal", "settled")), end()),
        (start(), catch("m", event("message", "other"), event("signal", "settled")), end()),
    ],
)
def test_the_names_of_cases_are_for_their_own_models(parts: tuple[Part, ...]) -> None:
    assert ("m", "case-message") in errors(*parts, known=KNOWN)
    assert errors(*parts, known=Known()) == set()


def test_cases_use_the_names_that_are_theirs() -> None:
    assert found_in_claim(start(), throw("m", SETTLED), end()) == set()


def test_reading_case_where_there_is_none_is_told_wherever_it_stands() -> None:
    parts = (
        start(),
        script_task("script", "x = case.secret"),
        user_task("group", camunda_candidateGroups="${'of:' + case.code}"),
        user_task("named", name="${case.number}"),
        exclusive("x", default="x_to_end"),
        user_task("late"),
        end(),
        flow("start", "script"),
        flow("script", "group"),
        flow("group", "named"),
        flow("named", "x"),
        flow("x", "late", "case.late"),
        flow("x", "end"),
        flow("late", "end"),
    )
    reading = {at for at, code in warnings(*parts, known=KNOWN) if code == "case-read"}
    assert reading == {"script", "group", "named", "x_to_late"}
    silent = {code for _, code in warnings(*parts, known=Known())}
    assert "case-read" not in silent, "an engine that keeps no cases has nothing to say"
