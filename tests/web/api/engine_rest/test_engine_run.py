"""A process from deployment to history over HTTP, each answer literally in Camunda's shape."""

from __future__ import annotations

import re
from typing import Any

from tests.web.api.conftest import Api
from tests.web.api.models import REVIEW

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
BEGAN = "2026-01-05T09:00:00.000+0700"


def test_a_modeler_finds_the_version_and_an_empty_window_of_deployments(api: Api) -> None:
    assert re.fullmatch(r"7\.\d+\.\d+", api.get("owner", "/engine-rest/version")["version"])
    assert api.get("owner", "/engine-rest/deployment", maxResults="0") == []


def test_a_deployment_answers_with_the_versions_it_made(api: Api) -> None:
    answer = api.deploy("owner", REVIEW, "Review").get_json()
    made = answer.pop("deployedProcessDefinitions")
    warnings = [one for file in answer.pop("details").values() for one in file["warnings"]]
    assert {element for one in warnings for element in one["elementIds"]} <= {"write", "judge"}
    assert warnings
    assert answer == {
        "links": [
            {
                "method": "GET",
                "href": f"https://tindak.example/engine-rest/deployment/{answer['id']}",
                "rel": "self",
            }
        ],
        "id": answer["id"],
        "name": "Review",
        "source": "Camunda Modeler",
        "deploymentTime": BEGAN,
        "tenantId": None,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }
    ((id, definition),) = made.items()
    assert re.fullmatch(f"review:1:{UUID}", id)
    assert definition == definition_shape(id, answer["id"])
    assert api.get("owner", f"/engine-rest/process-definition/{id}") == definition
    assert api.get("owner", "/engine-rest/process-definition/key/review") == definition
    assert api.get("owner", f"/engine-rest/deployment/{answer['id']}") == {
        "links": [],
        "id": answer["id"],
        "name": "Review",
        "source": None,
        "deploymentTime": BEGAN,
        "tenantId": None,
    }


def definition_shape(id: str, deployment: str) -> dict[str, Any]:
    return {
        "id": id,
        "key": "review",
        "category": None,
        "description": None,
        "name": "Review",
        "version": 1,
        "resource": "review.bpmn",
        "deploymentId": deployment,
        "diagram": None,
        "suspended": False,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }


def test_files_already_known_make_no_version_and_name_the_deployment_that_did(api: Api) -> None:
    first = api.deploy("owner", REVIEW).get_json()
    second = api.deploy("owner", REVIEW).get_json()
    assert second["deployedProcessDefinitions"] is None
    assert second["id"] == first["id"]
    answer = api.get("owner", "/engine-rest/process-definition/count", key="review")
    assert answer == {"count": 1}


def test_the_xml_of_a_version_is_the_file_that_was_deployed(api: Api) -> None:
    api.deploy("owner", REVIEW)
    answer = api.get("owner", "/engine-rest/process-definition/key/review/xml")
    assert answer == {"id": answer["id"], "bpmn20Xml": REVIEW["review.bpmn"].decode()}
    assert answer == api.get("owner", f"/engine-rest/process-definition/{answer['id']}/xml")


def test_a_start_answers_with_the_instance_and_its_variables_when_asked(api: Api) -> None:
    api.deploy("owner", REVIEW)
    body = {
        "businessKey": "A-17",
        "withVariablesInReturn": True,
        "variables": {
            "due": {"value": "2026-01-09T16:00:00+07:00", "type": "String"},
            "pages": {"value": 3, "type": "Integer"},
        },
    }
    path = "/engine-rest/process-definition/key/review/start"
    answer = api.post("owner", path, body).get_json()
    definition = api.get("owner", "/engine-rest/process-definition/key/review")["id"]
    instance = {
        "links": [],
        "id": answer["id"],
        "definitionId": definition,
        "definitionKey": "review",
        "businessKey": "A-17",
        "caseInstanceId": None,
        "ended": False,
        "suspended": False,
        "tenantId": None,
    }
    href = f"https://tindak.example/engine-rest/process-instance/{answer['id']}"
    assert answer == {
        **instance,
        "links": [{"method": "GET", "href": href, "rel": "self"}],
        "variables": {
            "due": {"value": "2026-01-09T16:00:00+07:00", "type": "String", "valueInfo": {}},
            "pages": {"value": 3, "type": "Integer", "valueInfo": {}},
        },
    }
    assert api.get("owner", f"/engine-rest/process-instance/{answer['id']}") == instance
    assert api.get("owner", "/engine-rest/process-instance", businessKey="A-17") == [instance]
    assert api.get("owner", "/engine-rest/process-instance/count") == {"count": 1}


def test_a_task_is_listed_and_read_in_one_shape(api: Api) -> None:
    api.deploy("owner", REVIEW)
    instance = api.start("owner", "review", "A-17", due="2026-01-09T16:00:00+07:00")
    task = api.task("owner", instance)
    assert task == {
        "id": task["id"],
        "name": "Write",
        "assignee": None,
        "created": BEGAN,
        "due": "2026-01-09T16:00:00.000+0700",
        "followUp": None,
        "lastUpdated": BEGAN,
        "delegationState": None,
        "description": None,
        "executionId": instance,
        "owner": None,
        "parentTaskId": None,
        "priority": 50,
        "processDefinitionId": api.get("owner", "/engine-rest/process-definition/key/review")["id"],
        "processInstanceId": instance,
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": "write",
        "suspended": False,
        "formKey": None,
        "camundaFormRef": None,
        "tenantId": None,
        "taskState": "CREATED",
    }
    assert api.get("owner", f"/engine-rest/task/{task['id']}") == task
    assert api.get("owner", "/engine-rest/task/count", processDefinitionKey="review") == {
        "count": 1
    }


def test_completing_answers_204_and_200_only_with_variables_in_return(api: Api) -> None:
    api.deploy("owner", REVIEW)
    instance = api.start("owner", "review", due=None)
    first = api.complete("coordinator", api.task("owner", instance)["id"], text="Draft")
    assert (first.status_code, first.data) == (204, b"")
    body = {"variables": {"verdict": {"value": "good"}}, "withVariablesInReturn": True}
    task = api.task("owner", instance)["id"]
    second = api.post("asdep", f"/engine-rest/task/{task}/complete", body)
    assert second.status_code == 200
    assert second.get_json() == {"verdict": {"value": "good", "type": "String", "valueInfo": {}}}
    assert api.get("owner", "/engine-rest/process-instance/count") == {"count": 0}
    gone = api.call("owner", "GET", f"/engine-rest/process-instance/{instance}")
    assert gone.status_code == 404


def test_an_instance_that_is_deleted_stays_in_the_history(api: Api) -> None:
    api.deploy("owner", REVIEW)
    instance = api.start("owner", "review", "A-17", due=None)
    path = f"/engine-rest/process-instance/{instance}"
    assert api.call("owner", "DELETE", path).status_code == 204
    assert api.call("owner", "DELETE", path).status_code == 404
    definition = api.get("owner", "/engine-rest/process-definition/key/review")["id"]
    past = api.get("owner", f"/engine-rest/history/process-instance/{instance}")
    assert past == {
        "id": instance,
        "businessKey": "A-17",
        "processDefinitionId": definition,
        "processDefinitionKey": "review",
        "processDefinitionName": "Review",
        "processDefinitionVersion": 1,
        "startTime": BEGAN,
        "endTime": BEGAN,
        "removalTime": None,
        "durationInMillis": 0,
        "startUserId": "owner",
        "startActivityId": "start",
        "deleteReason": "withdrawn",
        "rootProcessInstanceId": instance,
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": None,
        "state": "EXTERNALLY_TERMINATED",
        "restartedProcessInstanceId": None,
    }
    for flag, found in (("finished", [past]), ("unfinished", []), ("completed", [])):
        assert api.get("owner", "/engine-rest/history/process-instance", **{flag: "true"}) == found


def test_the_same_key_starts_one_instance_only(api: Api) -> None:
    api.deploy("owner", REVIEW)
    path = "/engine-rest/process-definition/key/review/start"
    body = {"variables": {"due": {"value": None}}}
    ids = {
        api.post("owner", path, body, headers={"Idempotency-Key": key}).get_json()["id"]
        for key in ("order-1", "order-1", "order-2")
    }
    assert len(ids) == 2
    assert api.get("owner", "/engine-rest/process-instance/count") == {"count": 2}


def test_a_version_is_started_by_its_id_while_it_is_the_newest(api: Api) -> None:
    api.deploy("owner", REVIEW)
    first = api.get("owner", "/engine-rest/process-definition/key/review")["id"]
    start = f"/engine-rest/process-definition/{first}/start"
    body = {"variables": {"due": {"value": None}}}
    key = {"Idempotency-Key": "order-1"}
    answer = api.post("owner", start, body, headers=key)
    assert answer.status_code == 200
    changed = REVIEW["review.bpmn"].replace(b'name="Write"', b'name="Compose"')
    api.deploy("owner", {"review.bpmn": changed})
    newest = api.get("owner", "/engine-rest/process-definition", key="review", latestVersion="true")
    assert [one["version"] for one in newest] == [2]
    assert api.post("owner", start, body).status_code == 400
    again = api.post("owner", start, body, headers=key)
    assert again.get_json()["id"] == answer.get_json()["id"], "begun before there was another"
