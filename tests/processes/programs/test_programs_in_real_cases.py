"""Follow-ups with external tasks: which programs may do the work, and for which it does not exist.

An owner releases a `follow_up` with an external task, in itself and in a process that it calls,
before the institution is asked. Both tasks belong to a real case, whoever draws them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.sentences.errors import Conflict, NotFound
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask, TopicWanted
from engine.storage.tables import external_task
from engine.workers.work_data import Work
from processes.authentication import tokens
from processes.authentication.confirming import vouched
from processes.composition import shipped_files
from processes.people import account_desk
from processes.people.service_accounts import Made
from processes.programs import external_work
from processes.rights.access import Scope, operator, scope_of
from processes.storage.programs.engine_externals import ExternalsWanted
from processes.storage.programs.engine_tasks import Window
from tests.processes.stories.world import ACCEPTED, World

HOUR = timedelta(hours=1)
TOPIC = "ask-registry"
FLOW = b'<bpmn:sequenceFlow id="notify_issued_to_tracks" sourceRef="notify_issued"'
ASKING = b"""
    <bpmn:serviceTask id="ask" name="Ask" camunda:type="external" camunda:topic="ask-registry">
      <bpmn:incoming>notify_issued_to_ask</bpmn:incoming>
      <bpmn:outgoing>ask_to_look</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:callActivity id="look" name="Look" calledElement="look">
      <bpmn:extensionElements>
        <camunda:in source="title" target="title" /><camunda:out variables="all" />
      </bpmn:extensionElements>
      <bpmn:incoming>ask_to_look</bpmn:incoming>
      <bpmn:outgoing>notify_issued_to_tracks</bpmn:outgoing>
    </bpmn:callActivity>
    <bpmn:sequenceFlow id="notify_issued_to_ask" sourceRef="notify_issued" targetRef="ask" />
    <bpmn:sequenceFlow id="ask_to_look" sourceRef="ask" targetRef="look" />
"""
LOOK = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="d">
  <process id="look" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="ask_again"/>
    <serviceTask id="ask_again" camunda:type="external" camunda:topic="ask-registry"/>
    <sequenceFlow id="f2" sourceRef="ask_again" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""


def release(world: World) -> None:
    """The owner's follow_up, and the process it calls."""
    files = shipped_files("follow_up")
    drawn = files["follow_up.bpmn"]
    leaving = b"<bpmn:outgoing>notify_issued_to_tracks</bpmn:outgoing>"
    assert drawn.count(leaving) == drawn.count(FLOW) == 1
    drawn = drawn.replace(leaving, leaving.replace(b"tracks", b"ask"))
    files["follow_up.bpmn"] = drawn.replace(
        FLOW, ASKING + FLOW.replace(b'"notify_issued"', b'"look"')
    )
    world.service.engine.deploy({"look.bpmn": LOOK}, "owner")
    world.service.engine.deploy(files, "owner")


def administrator(world: World) -> Scope:
    """Who has just given the password once more."""
    with world.service.transaction() as connection:
        return vouched(connection, scope_of(connection, world.person("admin").user_id))


def worker(world: World, *case_topics: str) -> Made:
    """The token of a new service account, by one administrator."""
    return account_desk.provide_service_token(
        world.service, administrator(world), f"worker-{len(case_topics)}", name="Registry",
        topics=[TOPIC, "another"], case_topics=case_topics, lasts=HOUR,
    )  # fmt: skip


def approve(world: World, made: Made) -> None:
    """The operator, in place of a second administrator."""
    assert made.waiting is not None
    account_desk.approve(world.service, operator(), made.waiting.id)


def scope(world: World, made: Made) -> Scope:
    with world.service.reading() as connection:
        bearer = tokens.verify(connection, made.key)
        assert bearer is not None
        return tokens.scope_of(connection, bearer)


def seen(world: World, who: Scope) -> list[UUID]:
    """Ids of the external tasks somebody is told of; all questions say the same."""
    wanted = ExternalsWanted()
    with world.service.reading() as connection:
        rows = external_work.listed(connection, who, wanted, Window(most=100))
        assert external_work.count(connection, who, wanted) == len(rows)
        topics = external_work.topic_names(connection, who, wanted)
    assert topics == sorted({row.task.topic for row in rows})
    return [row.task.id for row in rows]


def fetch(world: World, who: Scope) -> list[Work]:
    wanted = [TopicWanted(topic=topic, lease=HOUR) for topic in (TOPIC, "another")]
    return external_work.fetch(world.service, who, "host-7", wanted, 10)


ACTS: dict[str, Callable[[World, Scope, UUID], object]] = {
    "get": lambda w, s, id: _reading(w, external_work.one, s, id),
    "details": lambda w, s, id: _reading(w, external_work.error_details, s, id),
    "complete": lambda w, s, id: external_work.complete(w.service, s, id, "host-7", {}, {}),
    "fail": lambda w, s, id: external_work.fail(
        w.service, s, id, "host-7", "", "", 1, timedelta(0)
    ),
    "error": lambda w, s, id: external_work.throw_error(
        w.service, s, id, "host-7", "E", "", {}
    ),
    "escalate": lambda w, s, id: external_work.escalate(w.service, s, id, "host-7", "E", {}),
    "lease": lambda w, s, id: external_work.lease(w.service, s, id, "host-7", HOUR),
    "extend": lambda w, s, id: external_work.extend(w.service, s, id, "host-7", HOUR),
    "release": lambda w, s, id: external_work.release(w.service, s, id),
}  # fmt: skip


def _reading(world: World, ask: Callable[..., object], who: Scope, id: UUID) -> object:
    with world.service.reading() as connection:
        return ask(connection, who, id)


def is_not_there(world: World, who: Scope, id: UUID) -> None:
    """No question and no act tells that there is such a task."""
    assert seen(world, who) == []
    assert fetch(world, who) == []
    for act in ACTS.values():
        with pytest.raises(NotFound):
            act(world, who, id)


def test_a_real_case_is_worked_on_only_with_what_two_administrators_have_allowed(
    world: World,
) -> None:
    release(world)
    closed, trusted = worker(world), worker(world, TOPIC)
    case = world.follow_up(world.issued(lead=["kemhan"], supporting=[]), "kemhan")
    instance = world.instance(case)
    (task,) = [one for one in waiting(world) if one.instance_id == instance]

    # Asked for, not yet approved: as little there as for a token that is allowed nothing.
    for made in (closed, trusted):
        is_not_there(world, scope(world, made), task.id)

    approve(world, trusted)
    allowed = scope(world, trusted)
    assert seen(world, allowed) == [task.id]
    (work,) = fetch(world, allowed)
    lease = {"leased_at": work.task.leased_at, "leased_until": work.task.leased_until}
    assert work.task == replace(task, worker="host-7", **lease)
    is_not_there(world, scope(world, closed), task.id)
    external_work.complete(world.service, allowed, task.id, "host-7", {"registry": "ok"}, {})

    # What the case calls is part of it, though that process is none of cases.
    (again,) = [one for one in waiting(world) if one.instance_id == instance]
    assert (again.element_id, again.process_key) == ("ask_again", "follow_up")
    is_not_there(world, scope(world, closed), again.id)
    (work,) = fetch(world, allowed)
    external_work.complete(world.service, allowed, work.task.id, "host-7", {}, {})
    world.do("kemhan", "acknowledge", case, **ACCEPTED)


def test_what_is_no_real_case_is_worked_on_without(small_world: World) -> None:
    release(small_world)
    made = worker(small_world)
    small_world.service.engine.start("look", {"title": "x"}, by="owner")
    (work,) = fetch(small_world, scope(small_world, made))
    assert seen(small_world, scope(small_world, made)) == [work.task.id]


def test_an_allowance_that_is_taken_back_ends_with_the_next_call(small_world: World) -> None:
    world = small_world
    release(world)
    made = worker(world, TOPIC)
    approve(world, made)
    world.issued(lead=["kemhan"], supporting=[])
    (work,) = fetch(world, scope(world, made))
    token, before = made.token, scope(world, made)
    account_desk.allow_topics(world.service, administrator(world), token.user_id, token.id, [])
    is_not_there(world, scope(world, made), work.task.id)

    # A call that was under way when the allowance was taken back.
    for name in ACTS.keys() - {"get", "details"}:
        with pytest.raises(NotFound):
            ACTS[name](world, before, work.task.id)
    with pytest.raises(Conflict):
        fetch(world, before)


def waiting(world: World) -> list[ExternalTask]:
    """The rows themselves, asked past every right."""
    with world.service.reading() as connection:
        ids = connection.execute(select(external_task.c.token)).scalars().all()
        found = [externals.by_id(connection, id) for id in ids]
    return [one for one in found if one]
