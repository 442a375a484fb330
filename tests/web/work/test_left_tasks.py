"""A mail leads to a task that is not its reader's any more: the page says what became of it."""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from processes.rights.grants import granted
from processes.storage.people import users
from tests.web.cases.test_follow_up_pages import english
from tests.web.conftest import Office, text

OF_AN_OWNER: Final = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="d">
  <process id="reading" name="Read the paper" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="read"/>
    <userTask id="read" name="Read it" camunda:candidateUsers="kemhan,kemenkeu"/>
    <sequenceFlow id="f2" sourceRef="read" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
LEFT: Final = "This task is not with you any more"


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "kemenperin", "coordinator")


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text(page)).split())


def offered(office: Office) -> str:
    """A task of an owner's process, of which two people were told; its address."""
    office.service.engine.deploy({"reading.bpmn": OF_AN_OWNER}, "owner")
    office.service.engine.start("reading", {}, "key", by="owner")
    office.service.engine.run_due()
    return office.task("read")


def test_who_passed_a_task_on_reads_that_somebody_else_has_it(office: Office) -> None:
    task, kemhan = offered(office), office.enter("kemhan")
    kemhan.post(f"{task}/claim")
    kemhan.post(f"{task}/pass-on", {"to": "kemenkeu"})
    page = kemhan.get(task)
    assert page.status_code == 200
    assert LEFT in words(page) and "Somebody else has had it since" in words(page)
    assert 'href="/inbox"' in text(page), "it leads on"
    assert "Read it" not in words(page), "nothing of the task is told"


def test_a_colleague_whose_task_another_took_reads_it_too(office: Office) -> None:
    task = offered(office)
    office.enter("kemenkeu").post(f"{task}/claim")
    assert "Somebody else has had it" in words(office.enter("kemhan").get(task))
    office.enter("kemenkeu").post(f"{task}/complete")
    assert "Already completed by" in words(office.enter("kemhan").get(task))


def test_who_never_had_to_do_with_a_task_does_not_learn_that_it_exists(office: Office) -> None:
    task = offered(office)
    office.enter("kemenkeu").post(f"{task}/claim")
    assert office.enter("kemenperin").get(task).status_code == 404
    assert office.enter("kemenkeu").get(task).status_code == 200


def left_institution(office: Office, username: str) -> None:
    """Somebody is a contact of no institution any more."""
    with office.service.transaction() as connection:
        person = users.by_username(connection, username)
        assert person is not None
        users.replace_grants(connection, person.id, granted())


def test_who_left_the_institution_reads_what_became_of_what_they_wrote_on(office: Office) -> None:
    task, case = office.task("acknowledge"), f"/recommendations/{office.cases.first}"
    kemhan = office.enter("kemhan")
    kemhan.get(task)
    kemhan.post(f"{task}/draft", {"contact": "Rina Sari"})
    left_institution(office, "kemhan")
    page = kemhan.get(task)
    assert page.status_code == 200
    assert LEFT in words(page)
    assert case not in text(page) and "/follow-ups/" not in text(page), "the case stays closed"
    assert kemhan.post(f"{task}/complete", {}).status_code == 404


def test_what_became_of_it_is_said_as_it_is(office: Office) -> None:
    task, kemhan = office.task("acknowledge"), office.enter("kemhan")
    kemhan.get(task)
    kemhan.post(f"{task}/draft", {"contact": "Rina Sari"})
    colleague = office.colleague("kemhan")
    left_institution(office, "kemhan")
    colleague.get(task)
    accepted = {"response": "accepted", "contact": "Rina Sari"}
    assert colleague.post(f"{task}/complete", accepted).status_code == 302
    assert "It was completed on" in words(kemhan.get(task))


def test_a_task_that_ended_with_its_case_is_said_to_be_needed_no_more(office: Office) -> None:
    task, kemhan = office.task("acknowledge"), office.enter("kemhan")
    kemhan.get(task)
    kemhan.post(f"{task}/draft", {"contact": "Rina Sari"})
    left_institution(office, "kemhan")
    waiting = office.service.engine.task(UUID(task.removeprefix("/tasks/")))
    office.service.engine.cancel(waiting.instance_id, "Salah.", by="admin")
    assert "It has not been needed since" in words(kemhan.get(task))
