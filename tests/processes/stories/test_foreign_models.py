"""A user's own model tries to reach everything of a real case.

First the step is tested; the findings of the deployment are tested at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update

from engine import BadInput, ModelError
from engine.deployment.examining import examine
from engine.execution.border import Host
from engine.execution.border.tree.expressions import names_for
from engine.execution.border.tree.variables import Variables
from engine.execution.step_host import Surroundings
from engine.models.checks.references.texts import FUNCTIONS
from engine.sentences.problems import errors_of
from engine.storage import tables as engine_tables
from processes.composition import SHIPPED, known, known_topics, shipped_files
from processes.lifecycle.reach import REACH
from processes.programs import engine_acts
from processes.programs.engine_acts import Correlation
from processes.storage.days.calendars import calendar, calendar_day
from processes.storage.tables.people import institution
from processes.work import tasks
from tests.engine.execution.border.events.test_messages import told
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
    properties,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models.checks.checking import errors, warnings
from tests.processes.lifecycle.models.drawn import BPMN, Drawn
from tests.processes.stories.stranger import Stranger, meet
from tests.processes.stories.test_foreign_starts import draft
from tests.processes.stories.world import ACCEPTED, REGISTRATION, World


@pytest.fixture
def stranger(small_world: World) -> Iterator[Stranger]:
    """On SQLite; `stranger_anywhere` on both."""
    found = meet(small_world)
    yield found
    found.careless.close()


@pytest.fixture
def stranger_anywhere(world: World) -> Iterator[Stranger]:
    found = meet(world)
    yield found
    found.careless.close()


# --- the table is whole -------------------------------------------------------------------------


def drawn_names(kind: str) -> set[str]:
    """The messages or signals that the shipped models declare."""
    roots = [Drawn(key).root for key in SHIPPED]
    return {one.get("name") for root in roots for one in root.findall(f"{BPMN}{kind}")}


def names_of_expressions() -> set[str]:
    """What an expression sees besides the variables of its process."""
    zone = SimpleNamespace(zone=None)
    host = SimpleNamespace(case={}, business_key=None, calendar=zone, now=world_now())
    spec = SimpleNamespace(task_record=lambda _token: None)
    token: Any = SimpleNamespace(
        variables=Variables("process", "", None, {}),
        task_spec=spec,
        top=SimpleNamespace(host=host),
        workflow=None,
    )
    return set(names_for(token))


def world_now() -> Any:
    return SimpleNamespace(astimezone=lambda _zone: None)


def readers() -> set[str]:
    """What tells a model of the world: names of expressions, and what host and readers give."""
    no_readers = {"database", "handlers", "cases", "rehearsing", "translated"}
    of_host = {name for name, value in vars(Host).items() if isinstance(value, property)}
    return names_of_expressions() | of_host | (set(Surroundings.__slots__) - no_readers)


def test_the_table_names_all_that_a_model_can_reach() -> None:
    there = {
        "process": set(SHIPPED),
        "topic": set(known_topics()),
        "message": drawn_names("message"),
        "signal": drawn_names("signal"),
        "reader": readers(),
        "function": set(FUNCTIONS),
    }
    assert {kind: set(rows) for kind, rows in REACH.items()} == there


def test_every_topic_is_named_with_processes_of_cases_alone() -> None:
    for topic, processes in known_topics().items():
        assert processes and processes <= set(SHIPPED), topic


# --- topics -------------------------------------------------------------------------------------


def working(topic: str, way: str) -> tuple[Part, ...]:
    """A model that comes to the topic after one human task, or by completing it."""
    if way == "onComplete":
        return (start(), node("userTask", "go", properties(onComplete=topic)), end())
    return (start(), user_task("go"), service_task("serve", topic), end())


WAYS = ("service", "onComplete")


@pytest.mark.parametrize("way", WAYS)
def test_no_topic_runs_in_a_foreign_process(stranger: Stranger, way: str) -> None:
    for topic in REACH["topic"]:
        for key in (stranger.recommendation, stranger.follow_up):
            with stranger.harmless(topic):
                instance = stranger.run(*working(topic, way), key=key)
                assert "works for" in stranger.press_on(instance), topic


@pytest.mark.parametrize("way", WAYS)
def test_no_topic_runs_for_an_instance_that_owns_no_case(stranger: Stranger, way: str) -> None:
    """Under the right key, in the right process: called by a foreign one before that was refused,
    or begun by key before cases began in the register alone."""
    for topic, allowed in known_topics().items():
        for case_process in sorted(allowed):
            case = {"follow_up": stranger.follow_up}.get(case_process, stranger.recommendation)
            stranger.deploy(case_process, *working(topic, way))
            caller = f"calls_{case_process}"
            stranger.deploy(caller, start(), call("inside", case_process), end())
            for begun in (case_process, caller):
                with stranger.harmless((topic, begun)):
                    instance = stranger.careless.start(begun, {}, str(case), "owner")
                    assert "owns none" in stranger.press_on(instance), (topic, begun)


def test_a_case_calls_nothing_of_the_other_process(stranger: Stranger) -> None:
    """Owning a follow-up is no key to its recommendation."""
    helper = (start(), service_task("take_back", "withdraw_all"), end())
    stranger.deploy("helper", *helper)
    stranger.deploy("recommendation", start(), user_task("go"), call("help", "helper"), end())
    id, instance = draft(stranger.world)
    engine = stranger.world.service.engine
    engine.start("recommendation", {}, str(id), "coordinator", id=instance)
    stranger.world.run()  # what its people are told of it goes out
    with stranger.harmless("helper"):
        assert "works for recommendation only" in stranger.press_on(instance)


FORGED = {"follow_up": ACCEPTED, "recommendation": REGISTRATION}

# --- processes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("case_process", sorted(REACH["process"]))
def test_no_case_begins_by_any_door(stranger: Stranger, case_process: str) -> None:
    service, owner = stranger.world.service, stranger.world.person("owner")
    newest = next(v for v in service.engine.versions() if v.key == case_process)
    for key in (str(stranger.recommendation), str(stranger.follow_up), str(uuid4()), None):
        with stranger.harmless(key):
            with pytest.raises(BadInput):
                engine_acts.start(service, owner, case_process, {}, business_key=key)
            with pytest.raises(BadInput):
                engine_acts.start_version(service, owner, newest.id, {}, business_key=key)
            with pytest.raises(BadInput):
                service.engine.start(case_process, {}, key, "owner")
            instance = stranger.run(
                start(), user_task("go"), call("c", case_process), end(), key=key
            )
            assert "register" in stranger.press_on(instance)
            for kind in ("message", "signal"):
                begun = start("begin", event(kind, "go"))
                stranger.deploy(case_process, begun, user_task("decide"), end())
                stranger.run(start(), throw("throw", event(kind, "go")), end(), key="else")
                service.engine.deliver("go", str(key), family=None)
                stranger.world.run()
    known_instances = {
        stranger.world.instance(stranger.recommendation),
        *(one.instance_id for one in stranger.world.follow_ups(stranger.recommendation)),
    }
    with service.reading() as connection:
        column = engine_tables.instance.c
        cases = connection.scalars(select(column.id).where(column.key.in_(SHIPPED)))
        assert set(cases) == known_instances


def test_the_reported_ways_close_and_issue_nothing(stranger_anywhere: Stranger) -> None:
    """A shipped process called by a foreign one under the id of a real case."""
    stranger, world = stranger_anywhere, stranger_anywhere.world
    owner = world.person("owner")
    for called, case in (
        ("follow_up", stranger.follow_up), ("recommendation", stranger.recommendation),
    ):  # fmt: skip
        caller = f"calls_{called}"
        stranger.deploy(caller, start(), call("inside", called), end())
        with stranger.harmless(called):
            with pytest.raises(ModelError, match="register"):
                engine_acts.start(world.service, owner, caller, {}, business_key=str(case))
            # As it would stand in a database in which it had begun before.
            forged = stranger.careless.start(caller, {}, str(case), "owner")
            (task,) = world.service.engine.tasks(instance_id=forged)
            assert tasks.complete(world.service, owner, task.id, FORGED[called]).incident
            assert "owns none" in stranger.incident(forged)


# --- messages and signals -----------------------------------------------------------------------


def sending(name: str, key: str | None) -> Iterator[tuple[Part, ...]]:
    """Every kind of element that throws a message, after a human task."""
    inside = (told(key), event("message", name)) if key else (event("message", name),)
    yield (start(), user_task("go"), throw("send", *inside), end())
    yield (start(), user_task("go"), end("send", *inside))
    extensions = (told(key),) if key else ()
    task = node("sendTask", "send", *extensions, messageRef=f"message_{name}")
    yield (start(), user_task("go"), task, end())


def test_no_message_reaches_a_case_from_outside_its_recommendation(
    stranger_anywhere: Stranger,
) -> None:
    stranger, world = stranger_anywhere, stranger_anywhere.world
    service, owner = world.service, world.person("owner")
    for name in REACH["message"]:
        for case in (stranger.recommendation, stranger.follow_up):
            with stranger.harmless((name, case)):
                for parts in (*sending(name, None), *sending(name, str(case))):
                    assert str(case) in stranger.press_on(stranger.run(*parts, key=case))
                for wanted in (
                    Correlation(name, key=str(case)),
                    Correlation(name, instance_id=world.instance(case)),
                ):
                    with pytest.raises(engine_acts.Uncorrelated):
                        engine_acts.deliver(service, owner, wanted)
                service.engine.deliver(name, str(case), {"reason": "forged"}, family=None)
                # from the right process, but of an instance that owns no row
                stranger.deploy("follow_up", *next(sending(name, str(case))))
                orphan = stranger.careless.start("follow_up", {}, str(case), "owner")
                assert "is not part of" in stranger.press_on(orphan)


def test_what_an_owner_sends_to_who_lies_in_wait_under_the_key_of_a_case_passes_the_case_by(
    stranger: Stranger,
) -> None:
    world, owner = stranger.world, stranger.world.person("owner")
    for name in REACH["message"]:
        for case in (stranger.recommendation, stranger.follow_up):
            stranger.run(start(), catch("c", event("message", name)), user_task("got"), key=case)
            forged = Correlation(name, key=str(case), payload={"reason": "forged"})
            with stranger.harmless((name, case)), pytest.raises(engine_acts.Uncorrelated):
                engine_acts.deliver(world.service, owner, forged)


def test_a_case_sends_nothing_to_another_recommendation(stranger: Stranger) -> None:
    world = stranger.world
    for name in REACH["message"]:
        for parts in sending(name, str(stranger.follow_up)):
            stranger.deploy("recommendation", *parts)
            id, instance = draft(world)
            world.service.engine.start("recommendation", {}, str(id), "coordinator", id=instance)
            world.run()  # what its people are told of it goes out
            with stranger.harmless(name):
                assert "is not part of" in stranger.press_on(instance)


def test_no_message_of_a_case_is_heard_by_anybody_else(stranger: Stranger) -> None:
    """Neither by lying in wait under its key, nor by beginning with it."""
    world = stranger.world
    for name in REACH["message"]:
        thief = f"begins_with_{name}"
        stranger.deploy(thief, start("begin", event("message", name)), user_task("got"), end())
        for case in (stranger.recommendation, stranger.follow_up):
            stranger.run(start(), catch("c", event("message", name)), user_task("got"), key=case)
    world.do("kemhan", "acknowledge", stranger.follow_up, **ACCEPTED)
    wish = {"deadline": "2026-07-31", "reason": "Tender diulang."}
    world.service.engine.deliver("extension_requested", str(stranger.follow_up), wish, wait=False)
    assert "decide_extension" in world.waits_for(stranger.follow_up)
    for one in world.follow_ups(stranger.recommendation):
        if one.id != stranger.follow_up:
            world.finish(one.institution, one.id)
    world.run()
    heard = [task for task in world.service.engine.tasks(limit=100) if task.element_id == "got"]
    assert heard == []


def test_a_signal_reaches_no_case_from_outside_its_recommendation(stranger: Stranger) -> None:
    world = stranger.world
    alarm = event("signal", "alarm")
    stranger.deploy("recommendation", start(), catch("hear", alarm), user_task("got"), end())
    id, instance = draft(world)
    world.service.engine.start("recommendation", {}, str(id), "coordinator", id=instance)
    stranger.run(start(), throw("ring", alarm), end(), key=id)
    world.run()
    assert world.service.engine.tasks(instance_id=instance) == []


# --- readers and functions ----------------------------------------------------------------------

CASE_TEXTS = (
    "case.classification", "case.number", "case.priority", "case['institution']",
    "case.get('deadline')", "[x for x in case]", "len(case)", "'institution' in case",
)  # fmt: skip


TASK_TEXTS = (
    {"name": "${case.number}"},
    {"camunda_candidateGroups": "${'institution:' + case.institution}"},
    {"camunda_dueDate": "${case.deadline}"},
    {"camunda_dueDate": "${working_days(9, '2026-03-16')}"},
    {"camunda_priority": "${case.priority}"},
)
CONDITION = (
    start(),
    exclusive("x", default="x_to_no"),
    user_task("yes"),
    user_task("no"),
    flow("start", "x"),
    flow("x", "yes", "case.classification == 'secret'"),
    flow("x", "no"),
)


def told_by(stranger: Stranger, key: object, *parts: Part, files: Any = None) -> object:
    """What a foreign instance under a key ends up with: its data and tasks, or its error."""
    stranger.started += 1
    name = f"own_{stranger.started}"
    stranger.careless.deploy(
        {f"{name}.bpmn": bpmn(process(name, *parts)), **(files or {})}, "owner"
    )
    engine = stranger.world.service.engine
    try:
        instance = engine.start(name, {}, None if key is None else str(key), "owner")
    except ModelError as error:
        return [str(one.what) for one in error.problems]
    found = engine.tasks(instance_id=instance)
    offered = [engine.form(task.id)[1] for task in found]
    shown = [(task.name, task.candidate_groups, task.due_at, task.priority) for task in found]
    return engine.data(instance), shown, offered


CHOICES = {
    "type": "default",
    "id": "choose",
    "components": [
        {"type": "select", "key": "who", "label": "Who", "valuesKey": "institutions"},
    ],
}


def test_a_reader_tells_a_foreign_instance_the_same_whatever_its_key(stranger: Stranger) -> None:
    """Case, its calendar and the lists of forms: in scripts, conditions, names, groups, dates."""
    attempts: list[tuple[tuple[Part, ...], Any]] = [
        ((start(), script_task("read", f"x = {text}"), user_task("t")), None) for text in CASE_TEXTS
    ]
    attempts += [((start(), user_task("t", **said), end()), None) for said in TASK_TEXTS]
    forms = {"choose.form": json.dumps(CHOICES).encode()}
    attempts.append(((start(), user_task("t", camunda_formRef="choose"), end()), forms))
    attempts.append((CONDITION, None))
    own_calendar(stranger.world)
    for parts, files in attempts:
        blind = told_by(stranger, None, *parts, files=files)
        for case in (stranger.recommendation, stranger.follow_up):
            assert told_by(stranger, case, *parts, files=files) == blind


def own_calendar(world: World) -> None:
    """Kemhan rests on a day on which all others work."""
    with world.service.transaction() as connection:
        connection.execute(insert(calendar).values(code="kemhan", name="Kemhan", edition=uuid4()))
        connection.execute(
            insert(calendar_day).values(
                calendar_code="kemhan", day=date(2026, 3, 17), name="HUT", kind="holiday",
                decree="KEP-1", added_at=world.clock.now, added_by="admin",
            )
        )  # fmt: skip
        mine = institution.c.code == "kemhan"
        connection.execute(update(institution).where(mine).values(calendar_code="kemhan"))


CALLS = {
    "date": "str(date('2026-03-16T23:30:00+00:00'))",
    "days": "str(days(3, '2026-03-16'))",
    "next_look": "str(next_look('escalation'))",
    "now": "str(now())",
    "period_end": "str(period_end('month', '2026-03-16'))",
    "today": "str(today())",
    "working_days": "str(working_days(9, '2026-03-16'))",
}


def test_a_function_counts_the_same_for_a_foreign_instance_whatever_its_key(
    stranger: Stranger,
) -> None:
    assert set(CALLS) == {name for name, hold in REACH["function"].items() if hold == "owner"}
    own_calendar(stranger.world)
    for text in CALLS.values():
        parts = (start(), script_task("count", f"x = {text}"), user_task("t"))
        blind = told_by(stranger, None, *parts)
        assert told_by(stranger, stranger.follow_up, *parts) == blind, text


# --- beforehand ---------------------------------------------------------------------------------


def test_the_deployment_says_so_beforehand() -> None:
    everything = known()
    for topic in REACH["topic"]:
        service = (start(), service_task("a", topic), end())
        assert ("a", "foreign-topic") in errors(*service, known=everything)
    for case_process in REACH["process"]:
        calling = (start(), call("a", case_process), end())
        assert ("a", "case-call") in errors(*calling, known=everything)
    for name in REACH["message"]:
        for parts in sending(name, None):
            assert ("send", "case-message") in errors(*parts, known=everything)
        waiting = (start("a", event("message", name)), end())
        assert ("a", "case-message") in errors(*waiting, known=everything)
    reading = (start(), script_task("a", "x = case.number"), end())
    assert ("a", "case-read") in warnings(*reading, known=everything)


def test_the_shipped_models_pass() -> None:
    for key in SHIPPED:
        assert errors_of(examine(shipped_files(key), {}, known()).problems) == []
