"""Claiming, handing on and completing tasks over HTTP, and the filters of their list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.engine.models.building import bpmn, event, process, script_task, start, throw
from tests.processes.stories.world import World
from tests.web.api.conftest import Api
from tests.web.api.models import ASKED, DIVIDED, REVIEW

TASK = "/engine-rest/task"


def started(api: Api, files: dict[str, bytes], key: str, **data: Any) -> dict[str, Any]:
    """Deploy, start, and the task that waits."""
    api.deploy("owner", files)
    return api.task("owner", api.start("owner", key, **data))


def test_a_task_is_taken_by_one_and_given_back(api: Api) -> None:
    id = started(api, REVIEW, "review", due=None)["id"]
    claim = f"{TASK}/{id}/claim"
    assert api.post("coordinator", claim, {"userId": "coordinator"}).status_code == 204
    assert api.get("coordinator", TASK, assignee="coordinator")[0]["id"] == id
    taken = api.post("owner", claim, {"userId": "owner"})
    assert taken.status_code == 409
    assert taken.get_json()["type"] == "OptimisticLockingException"
    assert "coordinator" in taken.get_json()["message"]
    assert api.post("coordinator", f"{TASK}/{id}/unclaim").status_code == 204
    assert api.get("owner", f"{TASK}/{id}")["assignee"] is None


def test_nobody_takes_a_task_for_somebody_else(small_api: Api) -> None:
    id = started(small_api, REVIEW, "review", due=None)["id"]
    answer = small_api.post("owner", f"{TASK}/{id}/claim", {"userId": "coordinator"})
    assert answer.status_code == 400
    assert small_api.get("owner", f"{TASK}/{id}")["assignee"] is None


def test_an_assignee_is_somebody_the_task_was_offered_to(small_api: Api) -> None:
    api, id = small_api, started(small_api, REVIEW, "review", due=None)["id"]
    path = f"{TASK}/{id}/assignee"
    assert api.post("owner", path, {"userId": "kemhan"}).status_code == 400
    assert api.post("owner", path, {"userId": "coordinator"}).status_code == 204
    assert api.get("owner", f"{TASK}/{id}")["assignee"] == "coordinator"
    assert api.post("coordinator", path, {"userId": None}).status_code == 204
    assert api.get("owner", f"{TASK}/{id}")["assignee"] is None
    assert api.post("coordinator", path, {"userId": "coordinator"}).status_code == 204
    assert api.get("owner", f"{TASK}/{id}")["assignee"] == "coordinator"


def test_a_finished_task_is_409_and_one_nobody_ever_saw_404(api: Api) -> None:
    id = started(api, REVIEW, "review", due=None)["id"]
    assert api.complete("coordinator", id).status_code == 204
    again = api.complete("coordinator", id)
    assert again.status_code == 409
    assert again.get_json() == {
        "type": "OptimisticLockingException",
        "message": "This task was already completed by coordinator.",
        "code": 1,
    }
    unknown = api.complete("coordinator", id[:-4] + "0000")
    assert unknown.status_code == 404
    no_id = api.complete("coordinator", "not-an-id")
    assert no_id.status_code == 404
    assert no_id.get_json() == unknown.get_json()


def test_a_repeat_under_the_same_key_changes_nothing(api: Api) -> None:
    id = started(api, REVIEW, "review", due=None)["id"]
    path, key = f"{TASK}/{id}/complete", {"Idempotency-Key": "lost-connection"}
    assert api.post("coordinator", path, {}, headers=key).status_code == 204
    assert api.post("coordinator", path, {}, headers=key).status_code == 204
    assert api.post("coordinator", path, {}).status_code == 409
    assert api.post("owner", path, {}, headers=key).status_code == 409, "another user's key"


def test_answers_are_checked_by_the_form_and_undeclared_ones_dropped(api: Api) -> None:
    task = started(api, ASKED, "asked")
    refused = api.complete("owner", task["id"], remark="x")
    assert refused.status_code == 400
    assert refused.get_json()["type"] == "InvalidRequestException"
    assert "amount: " in refused.get_json()["message"]
    assert api.complete("owner", task["id"], amount=7, stray="x").status_code == 204
    following = api.task("owner", task["processInstanceId"])["id"]
    data = api.get("owner", f"{TASK}/{following}/form-variables")
    assert data == {
        "amount": {"value": 7, "type": "Integer", "valueInfo": {}},
        "remark": {"value": None, "type": "Null", "valueInfo": {}},
    }


def test_form_variables_are_those_the_form_shows_and_no_others(small_api: Api) -> None:
    task = started(small_api, ASKED, "asked", amount=3, other=True)["id"]
    path = f"{TASK}/{task}/form-variables"
    assert small_api.get("owner", path) == {
        "amount": {"value": 3, "type": "Integer", "valueInfo": {}},
        "remark": {"value": None, "type": "Null", "valueInfo": {}},
    }
    assert set(small_api.get("owner", path, variableNames="amount,nothing")) == {"amount"}


def test_what_fails_behind_a_task_is_received_and_listed_as_an_incident(api: Api) -> None:
    task = started(api, DIVIDED, "divided")
    received = api.complete("coordinator", task["id"], count=0)
    assert received.status_code == 204
    (incident,) = api.get("owner", "/engine-rest/incident")
    assert received.headers["Tindak-Incident"] == incident["id"]
    assert incident == {
        "id": incident["id"],
        "processDefinitionId": task["processDefinitionId"],
        "processInstanceId": task["processInstanceId"],
        "executionId": task["processInstanceId"],
        "incidentTimestamp": "2026-01-05T09:00:00.000+0700",
        "incidentType": "failedJob",
        "activityId": "divide",
        "failedActivityId": "divide",
        "causeIncidentId": incident["id"],
        "rootCauseIncidentId": incident["id"],
        "configuration": task["id"],
        "tenantId": None,
        "incidentMessage": incident["incidentMessage"],
        "jobDefinitionId": None,
        "annotation": None,
    }
    assert "Error" not in incident["incidentMessage"]
    assert api.get("owner", "/engine-rest/incident", activityId="enter") == []
    stuck = api.get("owner", "/engine-rest/process-instance", withIncident="true")
    assert [one["id"] for one in stuck] == [task["processInstanceId"]]
    assert api.complete("coordinator", task["id"], count=1).status_code == 409


def test_a_start_that_failed_is_an_incident_of_no_instance_yet(api: Api) -> None:
    alarm = event("signal", "alarm")
    failing = process("failing", start("rung", alarm), script_task("divide", "x = 1 / 0"))
    ringing = process("ringing", start(), throw("ring", alarm))
    api.deploy("owner", {"f.bpmn": bpmn(failing), "r.bpmn": bpmn(ringing)})
    api.start("owner", "ringing")
    api.service.engine.run_due()
    (incident,) = api.get("owner", "/engine-rest/incident", processDefinitionKeyIn="failing")
    assert incident["activityId"] == "divide"
    assert (incident["processInstanceId"], incident["executionId"]) == (None, None)


def two_tasks(api: Api, world: World) -> None:
    """One to write (due on the 9th), one to judge (without a deadline), a day later."""
    api.deploy("owner", REVIEW)
    api.start("owner", "review", "A-17", due="2026-01-09T16:00:00+07:00")
    second = api.start("owner", "review", "B-4", due="2026-01-20T16:00:00+07:00")
    world.clock.now += timedelta(days=1)
    api.complete("coordinator", api.task("owner", second)["id"])
    api.post("asdep", f"{TASK}/{api.task('owner', second)['id']}/claim")


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["write", "judge"]),
    ({"assignee": "asdep"}, ["judge"]),
    ({"assigned": "true"}, ["judge"]),
    ({"unassigned": "true"}, ["write"]),
    ({"candidateGroup": "coordinator"}, ["write"]),
    ({"candidateGroup": "supervisor"}, []),
    ({"candidateGroup": "supervisor", "includeAssignedTasks": "true"}, ["judge"]),
    ({"candidateGroups": "coordinator,supervisor"}, ["write"]),
    ({"candidateUser": "coordinator"}, ["write"]),
    ({"candidateUser": "asdep"}, []),
    ({"candidateUser": "nobody"}, []),
    ({"processDefinitionKey": "review"}, ["write", "judge"]),
    ({"processDefinitionKey": "other"}, []),
    ({"processInstanceBusinessKey": "B-4"}, ["judge"]),
    ({"processInstanceId": "not-an-id"}, []),
    ({"name": "Judge"}, ["judge"]),
    ({"nameLike": "W%"}, ["write"]),
    ({"taskDefinitionKey": "write"}, ["write"]),
    ({"taskDefinitionKeyIn": "write,judge,other"}, ["write", "judge"]),
    ({"priority": "80"}, ["judge"]),
    ({"dueBefore": "2026-01-10T00:00:00.000+0700"}, ["write"]),
    ({"dueAfter": "2026-01-10T00:00:00.000+0700"}, []),
    ({"withoutDueDate": "true"}, ["judge"]),
    ({"createdAfter": "2026-01-05T12:00:00.000+0700"}, ["judge"]),
    ({"suspended": "true"}, []),
    ({"sortBy": "created", "sortOrder": "desc"}, ["judge", "write"]),
    ({"sortBy": "dueDate", "sortOrder": "desc"}, ["write", "judge"]),
    ({"firstResult": "1"}, ["judge"]),
    ({"maxResults": "1"}, ["write"]),
    ({"_": "1736000000", "unheardOf": "x"}, ["write", "judge"]),
]


def test_the_list_is_narrowed_and_sorted(api: Api, world: World) -> None:
    two_tasks(api, world)
    for filters, found in FILTERS:
        tasks = api.get("owner", TASK, **filters)
        assert [one["taskDefinitionKey"] for one in tasks] == found, filters
        if not {"sortBy", "firstResult", "maxResults"} & set(filters):
            assert api.get("owner", f"{TASK}/count", **filters) == {"count": len(found)}, filters


@pytest.mark.parametrize(
    ("path", "filters", "said"),
    [
        ("task", {"maxResults": "1001"}, "maxResults is 1,000 at most"),
        ("task", {"firstResult": "1001"}, "firstResult is 1,000 at most"),
        ("task", {"maxResults": "-1"}, "maxResults"),
        ("task", {"sortBy": "created"}, "sortBy and sortOrder"),
        ("task", {"sortBy": "shape", "sortOrder": "asc"}, "sortBy"),
        ("task", {"dueBefore": "tomorrow"}, "dueBefore"),
        ("task", {"assigned": "perhaps"}, "assigned"),
        ("task", {"processVariables": "a_eq_1"}, "processVariables"),
        ("task", {"involvedUser": "x"}, "involvedUser"),
        ("process-instance", {"variables": "a_eq_1"}, "variables"),
        ("process-definition", {"versionTag": "x"}, "versionTag"),
        ("deployment", {"source": "x"}, "source"),
        ("history/process-instance", {"executedActivityIdIn": "x"}, "executedActivityIdIn"),
        ("history/activity-instance", {}, "processInstanceId"),
        ("incident", {"incidentMessage": "x"}, "incidentMessage"),
    ],
)
def test_what_a_list_cannot_do_is_said(
    still_api: Api, path: str, filters: dict[str, str], said: str
) -> None:
    answer = still_api.call("owner", "GET", f"/engine-rest/{path}", query_string=filters)
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "InvalidRequestException"
    assert said in answer.get_json()["message"]
