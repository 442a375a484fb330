"""A program with a token of a service account reaches its work, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes.people import account_desk
from processes.rights.access import ACTS, operator
from tests.web.api.conftest import Api
from tests.web.api.test_credentials import basic
from tests.web.conftest import Office
from tests.web.gate.test_policy import address, rules
from web.gate.policy import OPEN, POLICY

VERSION = "/engine-rest/version"


def worker(api: Api | Office) -> str:
    """A token of the account `rates-worker`, which may work on its topic in real cases too."""
    return account_desk.provide_service_token(
        api.service, operator(), "rates-worker", name="Rates", topics=["invoice"],
        case_topics=["invoice"], lasts=timedelta(days=1),
    ).key  # fmt: skip


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_token_comes_as_bearer_and_as_the_password_of_its_account(api: Api) -> None:
    key = worker(api)
    for headers in (bearer(key), basic("rates-worker", key)):
        assert api.call(None, "GET", VERSION, headers=headers).status_code == 200
    for headers in (bearer(key[:-1]), basic("rates-worker", key[:-1]), basic("owner", key)):
        assert api.call(None, "GET", VERSION, headers=headers).status_code == 401


def test_guessing_at_its_password_is_slowed_down_and_its_own_calls_are_not(small_api: Api) -> None:
    key = worker(small_api)
    wrong = basic("rates-worker", "guess")
    answers = [small_api.call(None, "GET", VERSION, headers=wrong) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {401}
    assert "Retry-After" not in answers[0].headers
    assert int(answers[-1].headers["Retry-After"]) > 0
    right = basic("rates-worker", key)
    assert small_api.call(None, "GET", VERSION, headers=right).status_code == 200


def test_no_call_and_no_page_is_open_to_a_program_but_those_of_its_work(office: Office) -> None:
    key = worker(office)
    client, walked = office.app.test_client(), 0
    for rule in rules(office.app):
        act, url = POLICY[rule.endpoint], address(office.app, rule)
        if act == OPEN or "worker" in ACTS[act].who:
            continue
        of_programs = rule.rule.startswith(("/api/", "/engine-rest"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for headers in (bearer(key), basic("rates-worker", key)):
                answer = client.open(url, method=method, headers=headers, json={})
                walked += 1
                to_sign_in = answer.status_code == 302 and answer.location.startswith("/login")
                if of_programs:
                    assert answer.status_code == 403, rule
                else:  # a page knows no token: whoever comes so is a stranger
                    assert to_sign_in or answer.status_code in (400, 401), rule
    assert walked > 300


def test_a_program_is_told_of_no_address_but_those_of_its_work() -> None:
    opened = {name for name, act in POLICY.items() if act != OPEN and "worker" in ACTS[act].who}
    expected = ("engine_rest.version.", "engine_rest.external_task.", "topics.")
    assert {name for name in opened if not name.startswith(expected)} == set()
    assert "engine_rest.version.get" in opened


@pytest.mark.parametrize("path", ["/engine-rest/task", "/engine-rest/task/count"])
def test_a_task_that_a_model_offers_to_a_program_by_name_is_not_the_programs(
    small_api: Api, path: str
) -> None:
    key = worker(small_api)
    drawn = OFFERED.replace(b"NAME", b"rates-worker")
    assert small_api.deploy("owner", {"offered.bpmn": drawn}).status_code == 200
    task = small_api.task("owner", small_api.start("owner", "offered"))
    assert task["assignee"] == "rates-worker"
    for method, url in (
        ("GET", path),
        ("GET", f"/engine-rest/task/{task['id']}"),
        ("POST", f"/engine-rest/task/{task['id']}/complete"),
        ("POST", f"/engine-rest/task/{task['id']}/claim"),
    ):
        answer = small_api.call(None, method, url, headers=bearer(key), json={})
        assert answer.status_code == 403, url
    assert small_api.complete("owner", task["id"]).status_code == 204


def test_a_task_is_passed_on_to_no_program_though_a_model_offers_it_there(small_api: Api) -> None:
    worker(small_api)
    drawn = OFFERED.replace(
        b'camunda:assignee="NAME"', b'camunda:candidateUsers="rates-worker,tni"'
    )
    assert small_api.deploy("owner", {"offered.bpmn": drawn}).status_code == 200
    task = small_api.task("owner", small_api.start("owner", "offered"))["id"]
    for name, status in (("rates-worker", 400), ("tni", 204)):
        answer = small_api.post("owner", f"/engine-rest/task/{task}/assignee", {"userId": name})
        assert answer.status_code == status, name


OFFERED = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="d">
  <process id="offered" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <userTask id="t" name="Look" camunda:assignee="NAME"/>
    <sequenceFlow id="f2" sourceRef="t" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
