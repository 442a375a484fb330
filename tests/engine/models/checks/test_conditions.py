"""Conditional events at deployment: their condition exists, and some element writes its
variables.
"""

from __future__ import annotations

import pytest

from engine.models.bundle import read_bundle
from engine.models.variables import names_read
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    condition,
    end,
    event,
    process,
    start,
    user_task,
)
from tests.engine.models.checks.checking import errors


@pytest.mark.parametrize(
    "text",
    [
        "case.closed",
        "task.created == x",
        "due_at > x",
        "x == business_key",
        "x == execution.processBusinessKey",
        "now() > x",
        "x == today()",
        "working_days(2, today()) > x",
    ],
)
@pytest.mark.parametrize("place", ["catch", "boundary", "one of several"])
def test_what_no_write_tells_of_is_not_waited_for(text: str, place: str) -> None:
    what = condition(text)
    several = catch("x", event("message", "m"), what)
    part = {"catch": catch("x", what), "boundary": boundary("x", "a", what)}.get(place, several)
    assert errors(start(), user_task("a"), part, end()) == {("x", "unheard")}


def test_variables_and_what_is_counted_from_them_may_be_read() -> None:
    text = "working_days(2, asked_on) > granted and amount > min(1, 2)"
    assert errors(start(), catch("x", condition(text)), end()) == set()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (event("conditional"), "no-condition"),
        (condition("  "), "no-condition"),
        (condition("a >"), "expression"),
        (condition("a", camunda_variableEvents="create, erase"), "variable-events"),
        (Part(condition("a").xml.replace("<condition ", '<condition language="groovy" ')),
         "foreign-script"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(part: Part, code: str) -> None:
    assert errors(start(), catch("x", part), end()) == {("x", code)}


@pytest.mark.parametrize("beside", [(), (event("message", "m"),)])
def test_what_a_condition_reads_is_kept(beside: tuple[Part, ...]) -> None:
    part = catch("x", condition("paid > 1"), *beside)
    files = {"p.bpmn": bpmn(process("p", start(), part, end()))}
    assert "paid" in names_read(read_bundle(files).processes["p"], {})


@pytest.mark.parametrize("beside", [(), (event("message", "m"),)])
def test_what_a_condition_watches_is_kept(beside: tuple[Part, ...]) -> None:
    part = catch("x", condition("paid > 1", camunda_variableName="reason"), *beside)
    files = {"p.bpmn": bpmn(process("p", start(), part, end()))}
    assert "reason" in names_read(read_bundle(files).processes["p"], {})
