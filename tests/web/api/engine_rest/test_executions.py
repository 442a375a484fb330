"""Executions over HTTP: the waiting tokens, and a message to exactly one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from processes.programs import engine_acts
from processes.programs.engine_acts import Correlation
from processes.rights.access import scope_of
from processes.storage.cases import follow_up_rows
from processes.storage.people import users
from processes.storage.programs import engine_rows
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    process,
    properties,
    start,
    user_task,
)
from tests.web.api.conftest import Api
from tests.web.api.models import AGREED, PAID, RECEIVING
from tests.web.conftest import Office

EXECUTION = "/engine-rest/execution"
MISMATCH = "MismatchingMessageCorrelationException"


def trigger(execution: str, message: str = "consent") -> str:
    return f"{EXECUTION}/{execution}/messageSubscriptions/{message}/trigger"


def waiting_at(api: Api, instance: str, element: str) -> str:
    """The execution that waits at an element."""
    [found] = api.get("owner", EXECUTION, processInstanceId=instance, activityId=element)
    assert found == {
        "id": found["id"], "processInstanceId": instance, "ended": False, "tenantId": None,
    }  # fmt: skip
    id: str = found["id"]
    return id


def test_a_message_for_two_tokens_of_one_case_is_refused_and_for_one_of_them_delivered(
    api: Api,
) -> None:
    api.deploy("owner", AGREED)
    instance = api.start("owner", "agreed", "A-17")
    body = {"messageName": "consent", "businessKey": "A-17"}
    several = api.post("owner", "/engine-rest/message", body)
    assert (several.status_code, several.get_json()["type"]) == (400, MISMATCH)

    second = waiting_at(api, instance, "second")
    answer = api.post("owner", trigger(second), {"variables": {"by": {"value": "budi"}}})
    assert (answer.status_code, answer.data) == (204, b"")
    task = api.task("owner", instance)
    assert task["taskDefinitionKey"] == "two"
    data = api.get("owner", f"/engine-rest/task/{task['id']}/form-variables")
    assert data["by"]["value"] == "budi"

    assert api.post("owner", "/engine-rest/message", body).status_code == 204
    assert len(api.get("owner", "/engine-rest/task", processInstanceId=instance)) == 2


def test_an_execution_takes_only_what_it_waits_for_and_only_once(api: Api) -> None:
    api.deploy("owner", AGREED)
    instance = api.start("owner", "agreed", "A-17")
    first = waiting_at(api, instance, "first")
    for path in (trigger(first, "refusal"), trigger(instance), trigger("nothing")):
        answer = api.post("owner", path)
        assert (answer.status_code, answer.get_json()["type"]) == (400, MISMATCH)
    assert [api.post("owner", trigger(first)).status_code for _ in range(2)] == [204, 400]


def test_a_repeat_under_the_same_key_is_given_the_first_answer(api: Api) -> None:
    """Of a trigger, of a signal, and of a message under a key of the model's own."""
    priced = catch("wait", properties(correlationKey="${number}"), event("message", "price"))
    files = {"priced.bpmn": bpmn(process("priced", start(), priced, user_task("look"), end()))}
    for model in (AGREED, RECEIVING, files):
        api.deploy("owner", model)
    agreed = api.start("owner", "agreed", "A-17")
    receiving = api.start("owner", "receiving", "A-18")
    api.start("owner", "priced", "A-19", number="N-1")
    told = {"messageName": "price", "resultEnabled": True, "correlationKeys": {
        "number": {"value": "N-1"}}}  # fmt: skip
    acts = [
        (trigger(waiting_at(api, agreed, "first")), {}),
        (f"{EXECUTION}/{waiting_at(api, receiving, 'wait')}/signal", {}),
        ("/engine-rest/message", told),
    ]
    for path, body in acts:
        key = {"Idempotency-Key": "once"}
        answers = [api.post("owner", path, body, headers=key) for _ in range(3)]
        assert len({(one.status_code, one.data) for one in answers}) == 1, path
        assert answers[0].status_code in (200, 204)
        assert api.post("owner", path, body).status_code == 400
        assert api.post("owner", path, body, headers={"Idempotency-Key": "two"}).status_code == 400
    assert len(api.get("owner", "/engine-rest/task", processInstanceId=agreed)) == 1


def test_a_repeat_that_comes_while_the_first_is_under_way_is_given_its_answer(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first gets through after the repeat has looked for it: on SQLite, which has one writer,
    before the repeat begins."""
    api.deploy("owner", AGREED)
    instance = api.start("owner", "agreed", "A-17")
    told = Correlation("consent", token=UUID(waiting_at(api, instance, "first")))
    with api.service.reading() as connection:
        id = users.id_of(connection, "owner")
        assert id is not None
        owner = scope_of(connection, id)
    looked_up = engine_rows.listeners
    first: list[UUID] = []

    def deliver() -> UUID:
        return engine_acts.deliver(api.service, owner, told, request_id="r-1").instance_id

    def meanwhile(*asked: Any) -> Any:
        monkeypatch.setattr(engine_rows, "listeners", looked_up)
        first.append(deliver())
        return looked_up(*asked)

    if api.service.engine.database.is_sqlite:
        first.append(deliver())
    else:
        monkeypatch.setattr(engine_rows, "listeners", meanwhile)
    assert [deliver(), *first] == [UUID(instance)] * 2
    assert len(api.get("owner", "/engine-rest/task", processInstanceId=instance)) == 1


def test_the_history_says_at_which_of_several_start_events_a_case_began(small_api: Api) -> None:
    small_api.deploy("owner", AGREED)
    by_hand = small_api.start("owner", "agreed", "A-17")
    small_api.service.engine.deliver("begin", "A-18")
    past = small_api.get("owner", "/engine-rest/history/process-instance")
    assert {one["startActivityId"] for one in past if one["id"] == by_hand} == {"start"}
    assert {one["startActivityId"] for one in past if one["id"] != by_hand} == {"told"}


def test_executions_are_found_by_message_and_by_instance(small_api: Api) -> None:
    for model, key in ((AGREED, "agreed"), (PAID, "paid")):
        small_api.deploy("owner", model)
        small_api.start("owner", key, "A-17")
    other = small_api.start("owner", "paid", "A-18")
    found = {
        name: len(small_api.get("owner", EXECUTION, messageEventSubscriptionName=name))
        for name in ("consent", "paid", "nothing")
    }
    assert found == {"consent": 2, "paid": 2, "nothing": 0}
    assert len(small_api.get("owner", EXECUTION)) == 4
    assert len(small_api.get("owner", EXECUTION, maxResults="3")) == 3
    assert len(small_api.get("owner", EXECUTION, processInstanceId=other)) == 1
    refused = small_api.call("owner", "GET", EXECUTION, query_string={"businessKey": "A-17"})
    assert refused.status_code == 400


@pytest.mark.parametrize("who", ["coordinator", "asdep", "kemhan", "kemhan-head"])
def test_only_who_may_send_messages_sees_and_tells_executions(office_api: Api, who: str) -> None:
    assert office_api.call(who, "GET", EXECUTION).status_code == 403
    for path in (trigger("any"), f"{EXECUTION}/any/signal"):
        assert office_api.post(who, path).status_code == 403


def test_no_execution_of_a_real_case_is_listed_or_told(office: Office, office_api: Api) -> None:
    with office.service.reading() as connection:
        case = follow_up_rows.of_recommendation(connection, office.cases.first)[0]
    waiting = office.service.engine.awaited(case.instance_id)
    assert waiting
    assert office_api.get("owner", EXECUTION, processInstanceId=str(case.instance_id)) == []
    for one in waiting:
        answer = office_api.post("owner", trigger(str(one.token), one.message))
        assert (answer.status_code, answer.get_json()["type"]) == (400, MISMATCH)


def test_a_receive_task_without_a_message_goes_on_by_a_signal_to_its_execution(api: Api) -> None:
    api.deploy("owner", RECEIVING)
    instance = api.start("owner", "receiving", "A-17", state="sent")
    waiting = waiting_at(api, instance, "wait")
    path = f"{EXECUTION}/{waiting}/signal"
    answer = api.post("owner", path, {"variables": {"state": {"value": "back"}}})
    assert (answer.status_code, answer.data) == (204, b"")
    task = api.task("owner", instance)
    assert task["taskDefinitionKey"] == "look"
    data = api.get("owner", f"/engine-rest/task/{task['id']}/form-variables")
    assert data["state"]["value"] == "back"
    again = api.post("owner", path)
    assert (again.status_code, again.get_json()["type"]) == (400, MISMATCH)


def test_what_waits_for_a_message_does_not_go_on_by_a_signal(small_api: Api) -> None:
    small_api.deploy("owner", PAID)
    instance = small_api.start("owner", "paid", "A-17")
    waiting = waiting_at(small_api, instance, "payment")
    answer = small_api.post("owner", f"{EXECUTION}/{waiting}/signal")
    assert answer.status_code == 400
    assert small_api.get("owner", "/engine-rest/task", processInstanceId=instance) == []
