"""What no channel takes as process data: names of facts, numbers nobody can keep, bottomless lists.

Each channel is tried with each of them; what just fits is taken by all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from engine import BadInput, Engine
from engine.calendar import Calendar
from engine.handlers import Step
from tests.engine.conftest import Open
from tests.engine.language.tables import dmn
from tests.engine.models.building import (
    Part,
    bpmn,
    catch,
    end,
    event,
    extensions,
    node,
    process,
    script_task,
    service_task,
    start,
    user_task,
)
from tests.engine.models_of_tests import only_task

FACTS = ("business_key", "case", "task")

GIVEN: dict[str, Any] = {}
"""What handlers give and the case holds in the test that runs."""

OUTPUT = Part(
    '<camunda:inputOutput><camunda:outputParameter name="x">${case.held}</camunda:outputParameter>'
    "</camunda:inputOutput>"
)


def returns(step: Step) -> dict[str, Any]:
    return dict(GIVEN)


def sends(step: Step) -> dict[str, Any]:
    step.send("paid", "A-1", GIVEN)
    return {}


def starts(step: Step) -> dict[str, Any]:
    step.start("asks", uuid4(), "B-1", GIVEN)
    return {}


HANDLERS = {"returns": returns, "sends": sends, "starts": starts}
WORK: Mapping[str, Part] = {
    **{topic: service_task("work", topic) for topic in HANDLERS},
    "script": script_task("work", "x = case.held"),
    "output": user_task("work", extensions(OUTPUT)),
    "decision": node(
        "businessRuleTask",
        "work",
        camunda_decisionRef="level",
        camunda_resultVariable="x",
        camunda_mapDecisionResult="singleEntry",
    ),
}
PROCESSES = {
    "asks": (user_task("ask"),),
    "waits": (catch("wait", event("message", "paid")), user_task("ask")),
    **{name: (user_task("first"), part, user_task("after")) for name, part in WORK.items()},
}
MODELS = {
    **{
        f"{key}.bpmn": bpmn(process(key, start(), *parts, end()))
        for key, parts in PROCESSES.items()
    },
    "begun.bpmn": bpmn(
        process("begun", start("begin", event("message", "begin")), user_task("ask"), end())
    ),
    "level.dmn": dmn(["true"], ["x"], [["-", "case.held"]]),
}


def started(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.start("asks", data)


def completed(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.complete(only_task(engine, engine.start("asks")).id, data)


def drafted(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.save_draft(only_task(engine, engine.start("asks")).id, "ani", data)


def delivered(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.start("waits", business_key="A-1")
    engine.deliver("paid", "A-1", data)


def begun(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.deliver("begin", "A-2", data)


Channel = Callable[[Engine, Mapping[str, Any]], None]
FROM_OUTSIDE: Mapping[str, Channel] = {
    "start": started,
    "completion": completed,
    "draft": drafted,
    "message": delivered,
    "message that starts": begun,
}
TOO_MUCH: Mapping[str, Any] = {
    "2**63": 2**63,
    "-2**63 - 1": -(2**63) - 1,
    "2**64": 2**64,
    "a thousand figures": 10**1000,
    "one of many": [1, {"a": 2**63}],
    "101 levels": json.loads("[" * 101 + "]" * 101),
    "a thousand levels": json.loads("[" * 900 + "]" * 900),
}
JUST_FITS: Mapping[str, Any] = {
    "2**63 - 1": 2**63 - 1,
    "-2**63": -(2**63),
    "98 levels": json.loads("[" * 98 + "]" * 98),
}


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    """An engine with all models, whose cases hold what is given."""
    engine = open_engine(HANDLERS, case=lambda *_: ({"held": GIVEN.get("x")}, Calendar()))
    engine.deploy(MODELS, by="owner")
    return engine


def worked(engine: Engine, key: str) -> tuple[bool, dict[str, Any]]:
    """Whether the work of this process ended in an incident, and the data after it."""
    case = engine.start(key)
    while (task := only_task(engine, case)).element_id != "after":
        if engine.complete(task.id).incident is not None:
            return True, engine.data(case)
    return False, engine.data(case)


@pytest.mark.parametrize("value", TOO_MUCH)
@pytest.mark.parametrize("channel", FROM_OUTSIDE)
def test_what_cannot_be_kept_is_refused_where_it_comes_from_outside(
    engine: Engine, channel: str, value: str
) -> None:
    with pytest.raises(BadInput) as refused:
        FROM_OUTSIDE[channel](engine, {"x": TOO_MUCH[value]})
    assert list(refused.value.fields) == ["x"]


@pytest.mark.parametrize("value", TOO_MUCH)
@pytest.mark.parametrize("work", WORK)
def test_what_cannot_be_kept_stops_the_work_that_made_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, work: str, value: str
) -> None:
    monkeypatch.setitem(GIVEN, "x", TOO_MUCH[value])
    assert worked(engine, work) == (True, {})
    assert engine.run_due() == 0


@pytest.mark.parametrize("value", JUST_FITS)
def test_what_just_fits_is_taken_everywhere(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setitem(GIVEN, "x", JUST_FITS[value])
    for channel in FROM_OUTSIDE.values():
        channel(engine, GIVEN)
    for work in WORK:
        kept = {} if work in ("sends", "starts") else {"x": JUST_FITS[value]}
        assert worked(engine, work) == (False, kept), work


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("channel", FROM_OUTSIDE)
def test_a_variable_called_as_a_fact_is_refused_with_a_word(
    engine: Engine, channel: str, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        FROM_OUTSIDE[channel](engine, {"x": 1, name: "mine"})
    assert str(refused.value) == f"No variable can be called {name}."
    assert list(refused.value.fields) == [name]
