"""A model that asks a program outside, and a program that answers, for what hangs on both."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from engine.storage.later.externals import TopicWanted
from engine.workers.work_data import Work
from processes.acts.service import Service
from processes.authentication import tokens
from processes.people import account_desk
from processes.programs import external_work
from processes.rights.access import Scope
from processes.rights.grants import granted
from tests.processes.conftest import Data, confirmed, person

HOUR: Final = timedelta(hours=1)
TOPIC: Final = "ask-registry"
ASKING: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="d">
  <process id="asking" name="Ask the registry" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
    <serviceTask id="ask" name="Ask" camunda:type="external" camunda:topic="ask-registry"/>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
MACHINE: Final = "host-7"


def asking(data: Service, number: int = 1) -> list[UUID]:
    """So many instances that wait for a program; their ids, the first one first."""
    data.engine.deploy({"asking.bpmn": ASKING}, "owner")
    return [data.engine.start("asking", {}, f"key-{n}", by="owner") for n in range(number)]


def a_worker(data: Data, topics: Collection[str] = (TOPIC,), name: str = "registry") -> Scope:
    """A program with a token for these topics."""
    admin = confirmed(data, person(data, f"admin-of-{name}", granted("admin")))
    made = account_desk.provide_service_token(
        data, admin, name, name="Registry", topics=topics, case_topics=(), lasts=HOUR
    )
    with data.reading() as connection:
        bearer = tokens.verify(connection, made.key)
        assert bearer is not None
        return tokens.scope_of(connection, bearer)


def fetch(data: Service, worker: Scope, most: int = 10) -> list[Work]:
    """The program asks for work, as the machine `MACHINE`."""
    wanted = [TopicWanted(topic=one, lease=HOUR) for one in sorted(worker.topics)]
    return external_work.fetch(data, worker, MACHINE, wanted, most)


def give_up(data: Service, worker: Scope, task_id: UUID, details: str = "Traceback") -> None:
    """The program reports a failure after which it will not try again."""
    external_work.fail(data, worker, task_id, MACHINE, "No answer.", details, 0, timedelta(0))
