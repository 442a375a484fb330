"""Process data that every channel refuses: names of facts, numbers that cannot be stored,
bottomless lists.

Each channel is tried with each of them; all channels accept the largest allowed data.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine import BadInput, Engine
from engine.ports.handlers import BpmnError, Step
from engine.storage.later.externals import TopicWanted
from engine.time.calendar import Calendar
from engine.time.clock import ManualClock
from tests.conftest import PostgresServer, name_of
from tests.engine.conftest import MONDAY, Open
from tests.engine.decisions.tables import dmn
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    process,
    properties,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models_of_tests import only_task

FACTS = ("business_key", "case", "execution", "task")

GIVEN: dict[str, Any] = {}
"""What handlers give and the case holds in the test that runs."""


def parameter(kind: str) -> Part:
    """An input or output parameter that is what the case holds."""
    return extensions(
        Part(
            f'<camunda:inputOutput><camunda:{kind}Parameter name="x">${{case.held}}'
            f"</camunda:{kind}Parameter></camunda:inputOutput>"
        )
    )


def mapped(kind: str) -> Part:
    """What a call is given or gives back: what the case holds."""
    return extensions(
        Part(f'<camunda:{kind} sourceExpression="${{case.held}}" target="x"/>'),
        Part('<camunda:out source="nothing" target="y"/>'),
    )


RUNG = Part(
    '<signalEventDefinition signalRef="signal_alarm"><extensionElements>'
    '<camunda:in sourceExpression="${case.held}" target="x"/>'
    "</extensionElements></signalEventDefinition>"
)


def returns(step: Step) -> Any:
    return GIVEN


def sends(step: Step) -> dict[str, Any]:
    step.send("paid", "A-1", GIVEN)
    return {}


def starts(step: Step) -> dict[str, Any]:
    step.start("asks", uuid4(), "B-1", GIVEN)
    return {}


HANDLERS = {"returns": returns, "sends": sends, "starts": starts}


def slug(name: str) -> str:
    """The key of a process."""
    return "".join(letter if letter.isalpha() else "_" for letter in name)


WORK: Mapping[str, Part] = {
    **{topic: service_task("work", topic) for topic in HANDLERS},
    "script": script_task("work", "x = case.held"),
    "answers": user_task("work", properties(onComplete="returns")),
    "expression": node(
        "serviceTask", "work", camunda_expression="${case.held}", camunda_resultVariable="x"
    ),
    "output": user_task("work", parameter("output")),
    "what a call gives back": node("callActivity", "work", mapped("out"), calledElement="called"),
    "decision": node(
        "businessRuleTask",
        "work",
        camunda_decisionRef="level",
        camunda_resultVariable="x",
        camunda_mapDecisionResult="singleEntry",
    ),
}
FOR_ITSELF: Mapping[str, Part] = {
    "input": user_task("work", parameter("input")),
    "what a call is given": node("callActivity", "work", mapped("in"), calledElement="called"),
    "entries, one after the other": user_task(
        "work", multi_instance("${[case.held]}", "x", sequential=True)
    ),
    "entries, all at once": user_task("work", multi_instance("${[case.held]}", "x")),
    "a message": throw("work", parameter("input"), event("message", "sent")),
    "a signal": throw("work", RUNG),
}
"""What makes a value for itself, or for somebody else: the instance does not have it afterwards."""
PROCESSES = {
    "called": (user_task("inside"),),
    "asks": (user_task("ask"),),
    "outside": (service_task("far", "far"), boundary("b", "far", event("error", "bad"))),
    "waits": (catch("wait", event("message", "paid")), user_task("ask")),
    **{
        slug(name): (user_task("first"), part, user_task("after"))
        for name, part in (WORK | FOR_ITSELF).items()
    },
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


def worked_outside(engine: Engine) -> UUID:
    """A task that a worker holds."""
    engine.start("outside")
    [work] = engine.external.fetch("ani", [TopicWanted(topic="far", lease=timedelta(minutes=1))])
    return work.task.id


def done_outside(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.external.complete(worked_outside(engine), "ani", data)


def told_inside(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.external.complete(worked_outside(engine), "ani", {}, data)


def failed_outside(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.external.throw_error(worked_outside(engine), "ani", "bad", data=data)


def escalated_outside(engine: Engine, data: Mapping[str, Any]) -> None:
    engine.external.escalate(worked_outside(engine), "ani", "bad", data)


Channel = Callable[[Engine, Mapping[str, Any]], None]
FROM_OUTSIDE: Mapping[str, Channel] = {
    "start": started,
    "completion": completed,
    "draft": drafted,
    "message": delivered,
    "message that starts": begun,
    "external task": done_outside,
    "an external task's own": told_inside,
    "error of a worker": failed_outside,
    "escalation of a worker": escalated_outside,
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


CASE_READER: Mapping[str, Any] = {"case": lambda *_: ({"held": GIVEN.get("x")}, Calendar())}


def deploy_all(url: str) -> None:
    """Put all models into a database: it costs more than what most tests then do."""
    engine = Engine.open(url, HANDLERS, ManualClock(MONDAY), **CASE_READER)
    engine.deploy(MODELS, by="owner")
    engine.close()


@pytest.fixture(scope="module")
def deployed_sqlite(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all models, to be copied."""
    path = tmp_path_factory.mktemp("models") / "tindak.db"
    shutil.copy(prepared_sqlite, path)
    deploy_all(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def deployed_postgres(postgres: PostgresServer, prepared_postgres: str) -> Iterator[str]:
    """The same on PostgreSQL; its name."""
    url = postgres.new_database(prepared_postgres)
    deploy_all(url)
    yield name_of(url)
    postgres.drop(url)


@pytest.fixture
def sqlite_url(deployed_sqlite: Path, tmp_path: Path) -> str:
    """A copy of it."""
    return f"sqlite:///{shutil.copy(deployed_sqlite, tmp_path / 'tindak.db')}"


@pytest.fixture
def postgres_url(postgres: PostgresServer, deployed_postgres: str) -> Iterator[str]:
    """A copy of it."""
    url = postgres.new_database(deployed_postgres)
    yield url
    postgres.drop(url)


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    """An engine with all models, whose cases hold what is given."""
    return open_engine(HANDLERS, **CASE_READER)


@pytest.fixture
def small_engine(sqlite_url: str) -> Iterator[Engine]:
    """The same on SQLite only, for what is refused before any database is asked."""
    engine = Engine.open(sqlite_url, HANDLERS, ManualClock(MONDAY), **CASE_READER)
    yield engine
    engine.close()


def worked(engine: Engine, key: str) -> tuple[bool, dict[str, Any]]:
    """Whether the work of this process ended in an incident, and the data after it."""
    case = engine.start(slug(key))
    while (task := only_task(engine, case)).element_id != "after":
        if engine.complete(task.id).incident is not None:
            return True, engine.data(case)
    return False, engine.data(case)


@pytest.mark.parametrize("value", TOO_MUCH)
@pytest.mark.parametrize("channel", FROM_OUTSIDE)
def test_what_cannot_be_kept_is_refused_where_it_comes_from_outside(
    small_engine: Engine, channel: str, value: str
) -> None:
    with pytest.raises(BadInput) as refused:
        FROM_OUTSIDE[channel](small_engine, {"x": TOO_MUCH[value]})
    assert list(refused.value.fields) == ["x"]


@pytest.mark.parametrize("value", TOO_MUCH)
@pytest.mark.parametrize("work", WORK | FOR_ITSELF)
def test_what_cannot_be_kept_stops_the_work_that_made_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, work: str, value: str
) -> None:
    monkeypatch.setitem(GIVEN, "x", TOO_MUCH[value])
    ended, data = worked(engine, work)
    assert (ended, data.get("x")) == (True, None)
    assert engine.run_due() == 0


@pytest.mark.parametrize("value", JUST_FITS)
def test_what_just_fits_is_taken_everywhere(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setitem(GIVEN, "x", JUST_FITS[value])
    for channel in FROM_OUTSIDE.values():
        channel(engine, GIVEN)
    for work in WORK | FOR_ITSELF:
        kept = None if work in {"sends", "starts", *FOR_ITSELF} else JUST_FITS[value]
        ended, data = worked(engine, work)
        assert (ended, data.get("x")) == (False, kept), work


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("channel", FROM_OUTSIDE)
def test_a_variable_called_as_a_fact_is_refused_with_a_word(
    small_engine: Engine, channel: str, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        FROM_OUTSIDE[channel](small_engine, {"x": 1, name: "mine"})
    assert str(refused.value) == f"No variable can be called {name}."
    assert list(refused.value.fields) == [name]


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("work", ["returns", "answers", "sends", "starts"])
def test_a_handler_that_gives_one_is_an_incident_in_words(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, work: str, name: str
) -> None:
    """What it sends, or starts something with, is refused where that arrives."""
    engine.start("waits", business_key="A-1")
    monkeypatch.setitem(GIVEN, name, "mine")
    ended, data = worked(engine, work)
    assert (ended, name in data) == (work in ("returns", "answers"), False)
    engine.run_due()
    [incident] = engine.incidents()
    assert incident.element_id == ("start" if work == "starts" else "work")
    assert f"No variable can be called {name}." in str(incident.what)
    assert str(incident.advice)


@pytest.mark.parametrize("value", [[1], "text", 1])
@pytest.mark.parametrize("work", ["returns", "answers"])
def test_a_handler_that_gives_no_variables_is_an_incident(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, work: str, value: Any
) -> None:
    monkeypatch.setattr(f"{__name__}.GIVEN", value)
    assert worked(engine, work)[0]


def test_an_entry_that_is_a_day_is_read_as_its_text(open_engine: Open) -> None:
    """In a run, and after it has been stored."""
    each = user_task("work", multi_instance("${[today()]}", "day"), name="On ${day}")
    open_engine().deploy({"days.bpmn": bpmn(process("days", start(), each, end()))}, "owner")
    case = open_engine().start("days")
    assert only_task(open_engine(), case).name == "On 2026-03-02"


@pytest.mark.parametrize(
    "said", ["\ud800", "x" * 2_000_001], ids=["half a character", "far too long"]
)
def test_what_an_error_says_of_itself_is_kept_like_any_value(open_engine: Open, said: str) -> None:
    def fails(step: Step) -> None:
        raise BpmnError("refused", said)

    caught = Part('<errorEventDefinition camunda:errorMessageVariable="why"/>')
    parts = (
        user_task("first"),
        service_task("work", "fails"),
        boundary("no", "work", caught),
        user_task("after"),
        *(flow(*two) for two in pairwise(("start", "first", "work", "end"))),
        flow("no", "after"),
    )
    engine = open_engine({"fails": fails})
    engine.deploy({"p.bpmn": bpmn(process("p", start(), *parts, end()))}, "owner")
    case = engine.start("p")
    assert engine.complete(only_task(engine, case).id).incident is not None
    [incident] = engine.incidents()
    assert "cannot be stored" in str(incident.what)
