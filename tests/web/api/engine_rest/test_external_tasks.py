"""`/engine-rest/external-task`: the data of workers, their reports, and the owners of their
tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from engine.storage.later import externals
from engine.storage.tables import definition, external_task
from processes.rights import audit
from processes.rights.scope import operator
from processes.storage.tables.follow_ups import follow_up
from tests.engine.models.building import bpmn, call, end, process, service_task, start
from tests.web.api.conftest import Api
from tests.web.api.models import WEIGH

TASKS = "/engine-rest/external-task"
TOPIC = {"topicName": "weigh", "lockDuration": 1000}
TOO_MANY = [str(number) for number in range(1001)]
CALLING = {
    "outer.bpmn": bpmn(process("outer", start(), call("deliver", "inner"), end())),
    "inner.bpmn": bpmn(process("inner", start(), service_task("weigh", "weigh"), end())),
}
"""A process that lets another one weigh."""
MEMBERS = {
    "activityId", "activityInstanceId", "businessKey", "createTime", "errorMessage", "executionId",
    "id", "lockExpirationTime", "priority", "processDefinitionId", "processDefinitionKey",
    "processDefinitionVersionTag", "processInstanceId", "retries", "suspended", "tenantId",
    "topicName", "workerId",
}  # fmt: skip
"""Of an external task in Camunda's documentation."""
ACTS: Mapping[str, Mapping[str, Any]] = {
    "complete": {},
    "failure": {"retries": 1},
    "bpmnError": {"errorCode": "REFUSED"},
    "bpmnEscalation": {"escalationCode": "HEAVY"},
    "extendLock": {"newDuration": 1000},
    "lock": {"lockDuration": 1000},
}
"""What a worker can say of a task."""


class Depot:
    """Parcels that are weighed by workers of one token."""

    def __init__(self, api: Api, *topics: str) -> None:
        self.api, self.key = api, api.worker_token(*topics or ("weigh",))

    def call(self, method: str, path: str = "", body: object = None, **query: str) -> TestResponse:
        """A call of a worker."""
        more = {} if body is None else {"json": body}
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.api.call(
            None, method, TASKS + path, headers=headers, query_string=query, **more
        )

    def parcel(self, business_key: str | None = None, **data: Any) -> str:
        """A new one; the id of its task."""
        instance = self.api.start("owner", "weigh", business_key, **data)
        (task,) = self.api.get("owner", TASKS, processInstanceId=instance)
        id: str = task["id"]
        return id

    def fetch(self, worker: str = "scale-1", most: int = 10, **topic: Any) -> list[dict[str, Any]]:
        """What a worker is given, for ten minutes."""
        wanted = {"topicName": "weigh", "lockDuration": 600_000, **topic}
        body = {"workerId": worker, "maxTasks": most, "topics": [wanted]}
        answer = self.call("POST", "/fetchAndLock", body)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.get_json()
        return found

    def say(self, id: str, act: str, worker: str = "scale-1", **body: Any) -> TestResponse:
        """What a worker says of a task."""
        return self.call("POST", f"/{id}/{act}", {"workerId": worker, **body})


@pytest.fixture
def depot(api: Api) -> Depot:
    assert api.deploy("owner", WEIGH).status_code == 200
    return Depot(api)


@pytest.fixture
def small_depot(small_api: Api) -> Depot:
    """On SQLite only."""
    assert small_api.deploy("owner", WEIGH).status_code == 200
    return Depot(small_api)


def refused(answer: TestResponse, status: int, *words: str) -> None:
    """The answer is a refusal in Camunda's shape that says these words."""
    assert answer.status_code == status, answer.text
    body = answer.get_json()
    assert set(body) == {"type", "message", "code"}
    for word in words:
        assert word in body["message"]


# --- fetching -----------------------------------------------------------------------------------


def test_a_worker_is_given_a_task_with_its_variables(depot: Depot) -> None:
    depot.parcel("P-1", address="Ambon", sizes=[1, 2], fragile=False, weight=None)
    (task,) = depot.fetch()
    assert set(task) == MEMBERS | {"errorDetails", "variables", "extensionProperties"}
    assert (task["businessKey"], task["activityId"], task["topicName"]) == ("P-1", "weigh", "weigh")
    assert (task["workerId"], task["retries"], task["priority"]) == ("scale-1", None, 0)
    assert task["processDefinitionId"].startswith("weigh:1:")
    assert task["variables"] == {
        "address": {"value": "Ambon", "type": "String", "valueInfo": {}},
        "sizes": {"value": "[1,2]", "type": "Json", "valueInfo": {}},
        "fragile": {"value": False, "type": "Boolean", "valueInfo": {}},
        "weight": {"value": None, "type": "Null", "valueInfo": {}},
    }
    assert task["extensionProperties"] == {}
    assert depot.fetch("scale-2") == []


def test_a_worker_says_which_variables_and_properties_it_wants(small_depot: Depot) -> None:
    small_depot.parcel(address="Ambon", sizes=[1])
    (task,) = small_depot.fetch(variables=["address", "nothing"], includeExtensionProperties=True)
    assert set(task["variables"]) == {"address"}
    assert task["extensionProperties"] == {"unit": "kg"}
    small_depot.parcel(address="Ambon")
    (task,) = small_depot.fetch(localVariables=True)
    assert task["variables"] == {}


def test_a_worker_narrows_a_topic(depot: Depot) -> None:
    first = depot.parcel("P-1", urgent=True)
    second = depot.parcel("P-2", urgent=False)
    version = depot.call("GET", f"/{first}").get_json()["processDefinitionId"]
    assert depot.fetch(businessKey="P-3") == []
    assert depot.fetch(processDefinitionKey="other") == []
    assert depot.fetch(processDefinitionKeyIn=["other", "weigh"], processDefinitionKey="x") == []
    assert depot.fetch(processDefinitionId="weigh:1:00000000-0000-0000-0000-000000000000") == []
    assert [task["id"] for task in depot.fetch(processVariables={"urgent": False})] == [second]
    found = depot.fetch(processDefinitionKeyIn=["weigh"], processDefinitionIdIn=[version])
    assert [task["id"] for task in found] == [first]


def test_a_process_is_fetched_by_its_key_however_many_versions_it_has(small_depot: Depot) -> None:
    id = small_depot.parcel()
    with small_depot.api.service.transaction() as connection:
        row = connection.execute(select(definition).where(definition.c.key == "weigh")).one()
        more = [
            {**row._mapping, "id": UUID(int=number), "number": row.number + number}
            for number in range(1, 1002)
        ]
        connection.execute(insert(definition), more)
    assert [task["id"] for task in small_depot.fetch(processDefinitionKey="weigh")] == [id]


def test_a_called_process_is_the_one_its_element_is_drawn_in(small_api: Api) -> None:
    assert small_api.deploy("owner", CALLING).status_code == 200
    small_api.start("owner", "outer")
    depot = Depot(small_api)
    for key, number in (("outer", 0), ("inner", 1)):
        assert len(small_api.get("owner", TASKS, processDefinitionKey=key)) == number
        assert len(depot.fetch(processDefinitionKey=key)) == number


def test_the_highest_priority_is_given_out_first(depot: Depot) -> None:
    first, second, third = (depot.parcel() for _ in range(3))
    answer = depot.api.call("owner", "PUT", f"{TASKS}/{third}/priority", json={"priority": 7})
    assert answer.status_code == 204
    assert [task["id"] for task in depot.fetch(most=1)] == [third]
    assert {task["id"] for task in depot.fetch()} == {first, second}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"workerId": "w", "topics": [TOPIC]}, "maxTasks"),
        ({"workerId": "w", "maxTasks": 1, "topics": []}, "topics"),
        ({"workerId": "w", "maxTasks": 0}, "topics"),
        ({"maxTasks": 1, "topics": [TOPIC]}, "workerId"),
        ({"topics": [{"topicName": "weigh"}]}, "lockDuration"),
        ({"topics": [{"topicName": "weigh", "lockDuration": 0}]}, "lockDuration"),
        ({"topics": [{"topicName": "weigh", "lockDuration": 10**11}]}, "30 days"),
        ({"maxTasks": 1001}, "1,000"),
        ({"maxTasks": 0}, "maxTasks"),
        ({"asyncResponseTimeout": 1_800_001}, "asyncResponseTimeout"),
        ({"sorting": [{"sortBy": "createTime", "sortOrder": "desc"}]}, "sorting"),
        ({"topics": [{**TOPIC, "topicName": str(n)} for n in range(1001)]}, "topics"),
        ({"topics": [{**TOPIC, "variables": TOO_MANY}]}, "variables"),
        ({"topics": [{**TOPIC, "processVariables": dict.fromkeys(TOO_MANY)}]}, "processVariables"),
        ({"topics": [{**TOPIC, "processDefinitionIdIn": TOO_MANY}]}, "processDefinitionIdIn"),
        ({"topics": [{**TOPIC, "processDefinitionKeyIn": TOO_MANY}]}, "processDefinitionKeyIn"),
        ({"topics": [{**TOPIC, "tenantIdIn": ["a"]}]}, "tenantIdIn"),
        ({"topics": [{**TOPIC, "processDefinitionVersionTag": "a"}]}, "VersionTag"),
    ],
)  # fmt: skip
def test_a_fetch_that_cannot_be_meant_is_refused_by_name(
    small_depot: Depot, body: dict[str, Any], word: str
) -> None:
    usual: dict[str, Any] = {
        "workerId": "w",
        "maxTasks": 1,
        "topics": [TOPIC],
    }
    sent = body if "workerId" in body or word == "workerId" else usual | body
    refused(small_depot.call("POST", "/fetchAndLock", sent), 400, word)


def test_numbers_may_come_as_text_and_the_usual_order_by_name(small_depot: Depot) -> None:
    small_depot.parcel()
    body = {
        "workerId": "w",
        "maxTasks": "5",
        "usePriority": True,
        "asyncResponseTimeout": 0,
        "sorting": [{"sortBy": "createTime", "sortOrder": "asc"}],
        "topics": [
            {
                "topicName": "weigh", "lockDuration": "1000", "processVariables": {},
                "deserializeValues": True, "withoutTenantId": True, "tenantIdIn": [],
            }
        ],
    }  # fmt: skip
    answer = small_depot.call("POST", "/fetchAndLock", body)
    assert len(answer.get_json()) == 1


# --- what comes of it ---------------------------------------------------------------------------


def test_a_task_is_completed_once_however_often_it_is_said(depot: Depot) -> None:
    id = depot.parcel()
    (task,) = depot.fetch()
    sent = {
        "variables": {"weight": {"value": "2.5", "type": "Double"}},
        "localVariables": {"dust": {"value": 1}},
    }
    for _ in range(2):
        answer = depot.say(id, "complete", **sent)
        assert (answer.status_code, answer.data) == (204, b"")
    instance = task["processInstanceId"]
    assert depot.api.task("owner", instance)["taskDefinitionKey"] == "pack"
    engine = depot.api.service.engine
    assert engine.data(engine.tasks()[0].instance_id) == {"weight": 2.5}
    refused(depot.call("GET", f"/{id}"), 404)
    refused(depot.say(id, "complete", "scale-2"), 404)


def test_who_does_not_hold_a_task_is_told_who_does(depot: Depot) -> None:
    id = depot.parcel()
    refused(depot.say(id, "complete"), 400, "fetch it first")
    depot.fetch("scale-2")
    for act, body in ACTS.items():
        answer = depot.say(id, act, **body)
        refused(answer, 400, "scale-2")
        assert answer.get_json()["type"] == "RestException"


def test_who_comes_after_the_lease_is_told_when_it_ran_out(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch(lockDuration=1)
    assert len(depot.api.get("owner", TASKS, notLocked="true")) == 1
    refused(depot.say(id, "complete"), 400, "ran out at 20")


def test_a_task_nobody_has_is_leased_extended_and_given_back_by_its_id(depot: Depot) -> None:
    id = depot.parcel()
    assert depot.say(id, "lock", lockDuration=1000).status_code == 204
    until = depot.call("GET", f"/{id}").get_json()["lockExpirationTime"]
    assert depot.say(id, "extendLock", newDuration=600_000).status_code == 204
    assert depot.call("GET", f"/{id}").get_json()["lockExpirationTime"] > until
    assert depot.call("POST", f"/{id}/unlock").status_code == 204
    task = depot.call("GET", f"/{id}").get_json()
    assert (task["workerId"], task["lockExpirationTime"]) == (None, None)


def test_a_failure_gives_the_task_out_again_after_its_wait(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch()
    told = {"errorMessage": "Off.", "errorDetails": "Port 7.", "retries": 2}
    assert depot.say(id, "failure", **told, retryTimeout=600_000).status_code == 204
    assert depot.fetch() == []
    assert depot.call("POST", f"/{id}/unlock").status_code == 204
    (task,) = depot.fetch()
    assert (task["retries"], task["errorMessage"], task["errorDetails"]) == (2, "Off.", "Port 7.")
    details = depot.call("GET", f"/{id}/errorDetails")
    assert (details.status_code, details.text, details.mimetype) == (200, "Port 7.", "text/plain")
    assert depot.call("GET", f"/{depot.parcel()}/errorDetails").status_code == 204


def test_a_failure_without_retries_is_an_incident_until_they_are_set(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch()
    assert depot.say(id, "failure", errorMessage="Off.", retries=0).status_code == 204
    assert depot.fetch() == []
    (incident,) = depot.api.get("owner", "/engine-rest/incident")
    assert (incident["incidentType"], incident["configuration"]) == ("failedExternalTask", id)
    assert "Off." in incident["incidentMessage"]
    assert depot.api.get("owner", f"{TASKS}/count", noRetriesLeft="true") == {"count": 1}
    answer = depot.api.call("owner", "PUT", f"{TASKS}/{id}/retries", json={"retries": 3})
    assert answer.status_code == 204
    assert depot.api.get("owner", "/engine-rest/incident") == []
    assert [task["retries"] for task in depot.fetch()] == [3]


def test_retries_of_many_are_set_for_all_or_none(depot: Depot) -> None:
    first, second, third = (depot.parcel(key) for key in ("P-1", "P-2", "P-3"))

    def set(**body: Any) -> TestResponse:
        return depot.api.call("owner", "PUT", f"{TASKS}/retries", json=body)

    def retries() -> list[int | None]:
        return [depot.call("GET", f"/{id}").get_json()["retries"] for id in (first, second, third)]

    nobody = "00000000-0000-0000-0000-000000000000"
    refused(set(externalTaskIds=[first, nobody], retries=5), 404)
    assert retries() == [None, None, None]
    instance = depot.call("GET", f"/{second}").get_json()["processInstanceId"]
    assert set(externalTaskIds=[first], processInstanceIds=[instance], retries=5).status_code == 204
    assert retries() == [5, 5, None]
    query = {"topicName": "weigh", "externalTaskIdIn": [third]}
    assert set(externalTaskQuery=query, retries=1).status_code == 204
    assert retries() == [5, 5, 1]
    refused(set(externalTaskIds=[first], retries=-1), 400, "retries")
    for name in ("externalTaskIds", "processInstanceIds"):
        refused(set(**{name: TOO_MANY}, retries=1), 400, name)
    refused(set(externalTaskQuery={"externalTaskIdIn": TOO_MANY}, retries=1), 400, "TaskIdIn")
    refused(set(processInstanceQuery={}, retries=1), 400, "processInstanceQuery")
    with depot.api.service.reading() as connection:
        entries = audit.read(connection, operator())
    assert [(one.by, one.subject) for one in entries if one.act == "set_retries"] == [
        ("owner", f"external_task:{third}"),
        ("owner", "external_tasks:2"),
    ]


def test_an_error_takes_the_way_of_its_boundary_event(depot: Depot) -> None:
    id = depot.parcel()
    (task,) = depot.fetch()
    sent = {"errorCode": "REFUSED", "errorMessage": "No.", "variables": {"why": {"value": "wet"}}}
    assert depot.say(id, "bpmnError", **sent).status_code == 204
    assert depot.api.task("owner", task["processInstanceId"])["taskDefinitionKey"] == "counter"


def test_an_error_that_nobody_catches_is_an_incident_and_said_in_a_header(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch()
    answer = depot.say(id, "bpmnError", errorCode="UNKNOWN")
    (incident,) = depot.api.get("owner", "/engine-rest/incident")
    assert (answer.status_code, answer.headers["Tindak-Incident"]) == (204, incident["id"])


def test_an_escalation_leaves_the_task_with_its_worker(depot: Depot) -> None:
    id = depot.parcel()
    (task,) = depot.fetch()
    assert depot.say(id, "bpmnEscalation", escalationCode="HEAVY").status_code == 204
    assert depot.api.task("owner", task["processInstanceId"])["taskDefinitionKey"] == "crane"
    assert depot.say(id, "complete").status_code == 204


@pytest.mark.parametrize("kind", ["File", "Bytes", "Xml"])
def test_values_that_are_not_kept_are_refused_by_name(small_depot: Depot, kind: str) -> None:
    id = small_depot.parcel()
    small_depot.fetch()
    sent = {"scan": {"value": "aGFp", "type": kind}}
    refused(small_depot.say(id, "complete", variables=sent), 400, "scan", kind)
    refused(small_depot.say(id, "failure", variables=sent), 400, "variables")
    assert small_depot.say(id, "complete").status_code == 204


# --- lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, 3),
        ({"topicName": "weigh"}, 3),
        ({"topicName": "other"}, 0),
        ({"workerId": "scale-1"}, 1),
        ({"locked": True}, 1),
        ({"notLocked": True}, 2),
        ({"locked": True, "notLocked": True}, 0),
        ({"withRetriesLeft": True}, 3),
        ({"noRetriesLeft": True}, 0),
        ({"active": True}, 3),
        ({"suspended": True}, 0),
        ({"activityId": "weigh"}, 3),
        ({"activityIdIn": ["pack", "counter"]}, 0),
        ({"processDefinitionKeyIn": ["other", "weigh"]}, 3),
        ({"priorityHigherThanOrEquals": 1}, 1),
        ({"priorityLowerThanOrEquals": -1}, 0),
        ({"lockExpirationAfter": "2020-01-01T00:00:00.000+0700"}, 1),
        ({"lockExpirationBefore": "2020-01-01T00:00:00.000+0700"}, 0),
        ({"externalTaskId": "x"}, 0),
        ({"unknown": "x"}, 3),
    ],
)
def test_lists_are_narrowed_alike_by_address_and_by_body(
    still_depot: Depot, narrowed: dict[str, Any], found: int
) -> None:
    in_address = {
        name: ",".join(one) if isinstance(one, list) else str(one).lower()
        if isinstance(one, bool) else str(one)
        for name, one in narrowed.items()
    }  # fmt: skip
    for depot_of in (still_depot.api.call, as_worker(still_depot)):
        assert len(depot_of("owner", "GET", TASKS, query_string=in_address).get_json()) == found
        assert len(depot_of("owner", "POST", TASKS, json=narrowed).get_json()) == found
        count = depot_of("owner", "GET", f"{TASKS}/count", query_string=in_address).get_json()
        assert count == {"count": found}
        count = depot_of("owner", "POST", f"{TASKS}/count", json=narrowed).get_json()
        assert count == {"count": found}


def as_worker(depot: Depot) -> Callable[..., TestResponse]:
    """The same calls, of a worker."""

    def call(_who: str, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {depot.key}"}
        return depot.api.call(None, method, path, headers=headers, **more)

    return call


@pytest.fixture
def still_depot(small_depot: Depot) -> Depot:
    """Three parcels: one is more urgent, one is with a worker."""
    urgent, held, _ = (small_depot.parcel(key) for key in ("P-1", "P-2", "P-3"))
    small_depot.api.call("owner", "PUT", f"{TASKS}/{urgent}/priority", json={"priority": 5})
    assert small_depot.say(held, "lock", lockDuration=600_000).status_code == 204
    return small_depot


def test_a_list_is_sorted_and_cut_by_the_address(still_depot: Depot) -> None:
    def priorities(body: dict[str, Any] | None = None, **query: str) -> list[int]:
        method = "GET" if body is None else "POST"
        answer = still_depot.call(method, "", body, **query)
        return [task["priority"] for task in answer.get_json()]

    order = {"sortBy": "taskPriority", "sortOrder": "desc"}
    assert priorities(**order) == [5, 0, 0]
    assert priorities({"sorting": [order]}) == [5, 0, 0]
    assert priorities({"sorting": [order]}, firstResult="1", maxResults="1") == [0]
    refused(still_depot.call("GET", maxResults="1001"), 400, "maxResults")
    refused(still_depot.call("POST", "", {"sorting": [order, order]}), 400, "sorting")
    bad = [{"sortBy": "colour", "sortOrder": "asc"}]
    refused(still_depot.call("POST", "", {"sorting": bad}), 400, "sortBy")


@pytest.mark.parametrize(
    "name", ["processDefinitionName", "processDefinitionNameLike", "tenantIdIn", "processVariables"]
)
def test_what_no_list_is_narrowed_by_is_refused(still_depot: Depot, name: str) -> None:
    refused(still_depot.call("GET", "", **{name: "x"}), 400, name)
    refused(still_depot.call("POST", "", {name: ["x"]}), 400, name)


def test_topics_are_named_once(still_depot: Depot) -> None:
    for query, names in (
        ({}, ["weigh"]),
        ({"withLockedTasks": "true"}, ["weigh"]),
        ({"withUnlockedTasks": "true"}, ["weigh"]),
        ({"withLockedTasks": "true", "withUnlockedTasks": "true"}, []),
        ({"withRetriesLeft": "true"}, ["weigh"]),
    ):
        assert still_depot.call("GET", "/topic-names", **query).get_json() == names
    still_depot.fetch()
    assert still_depot.call("GET", "/topic-names", withUnlockedTasks="true").get_json() == []
    assert still_depot.call("GET", "/topic-names", withLockedTasks="true").get_json() == ["weigh"]


# --- rights -------------------------------------------------------------------------------------


def test_a_worker_knows_nothing_of_other_topics(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch()
    other = Depot(depot.api, "paint")
    assert other.call("GET").get_json() == []
    assert other.call("GET", "/count").get_json() == {"count": 0}
    assert other.call("GET", "/topic-names").get_json() == []
    refused(other.call("GET", f"/{id}"), 404)
    refused(other.call("GET", f"/{id}/errorDetails"), 404)
    refused(other.call("POST", f"/{id}/unlock"), 404)
    for act, body in ACTS.items():
        refused(other.say(id, act, **body), 404)
    body = {"workerId": "w", "maxTasks": 1, "topics": [TOPIC]}
    refused(other.call("POST", "/fetchAndLock", body), 400, "weigh")
    assert depot.say(id, "complete").status_code == 204


def test_what_a_real_case_waits_for_is_there_only_for_whom_it_was_allowed(depot: Depot) -> None:
    id = depot.parcel(secret=1)
    with depot.api.service.transaction() as connection:  # whose process it is, the row says
        connection.execute(update(external_task).values(process_key="follow_up"))
    trusted = Depot(depot.api)
    trusted.key = depot.api.worker_token("weigh", in_cases=["weigh"])
    assert depot.call("GET").get_json() == []
    assert depot.call("GET", "/count").get_json() == {"count": 0}
    assert depot.call("GET", "/topic-names").get_json() == []
    assert depot.fetch() == []
    refused(depot.call("GET", f"/{id}"), 404)
    refused(depot.call("POST", f"/{id}/unlock"), 404)
    refused(depot.say(id, "lock", lockDuration=1000), 404)
    refused(depot.say(id, "complete"), 404)
    (given,) = trusted.fetch()
    assert given["variables"]["secret"]["value"] == 1
    refused(depot.say(id, "complete"), 404)
    assert trusted.say(id, "complete").status_code == 204


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_owners_and_administrators_repair_what_real_cases_wait_for_and_read_nothing_of_it(
    office_api: Api, who: str
) -> None:
    assert office_api.deploy("owner", WEIGH).status_code == 200
    depot = Depot(office_api)
    id = depot.parcel()
    depot.fetch()
    with office_api.service.transaction() as connection:
        case = select(follow_up.c.instance_id).limit(1).scalar_subquery()
        connection.execute(update(external_task).values(instance_id=case))
    assert office_api.get(who, TASKS) == []
    assert office_api.get(who, f"{TASKS}/count") == {"count": 0}
    for path in (f"/{id}", f"/{id}/errorDetails"):
        refused(office_api.call(who, "GET", TASKS + path), 404)
    for method, path, body in (
        ("POST", f"/{id}/unlock", None),
        ("PUT", f"/{id}/retries", {"retries": 1}),
        ("PUT", "/retries", {"retries": 2, "externalTaskIds": [id]}),
        ("PUT", "/retries", {"retries": 9, "externalTaskQuery": {"topicName": "weigh"}}),
        ("PUT", f"/{id}/priority", {"priority": 7}),
    ):
        answer = office_api.call(who, method, TASKS + path, json=body)
        assert (answer.status_code, answer.data) == (204, b"")
    with office_api.service.reading() as connection:
        task = externals.by_id(connection, UUID(id))
    assert task is not None
    assert (task.worker, task.retries, task.priority) == (None, 2, 7), "a list is read"


def test_texts_no_database_can_keep_are_refused(depot: Depot) -> None:
    id = depot.parcel()
    depot.fetch()
    bad = "a\0b"
    for method, path, body in (
        ("POST", "", {"topicName": bad}),
        ("POST", "/count", {"activityIdIn": ["weigh", bad]}),
        ("POST", "/fetchAndLock", {"workerId": bad, "maxTasks": 1, "topics": [TOPIC]}),
        (
            "POST", "/fetchAndLock",
            {"workerId": "w", "maxTasks": 1, "topics": [{**TOPIC, "businessKey": bad}]},
        ),
        ("POST", f"/{id}/failure", {"workerId": "scale-1", "errorMessage": bad, "retries": 1}),
        ("POST", f"/{id}/bpmnError", {"workerId": "scale-1", "errorCode": bad}),
    ):  # fmt: skip
        refused(depot.call(method, path, body), 400)
    assert depot.say(id, "complete").status_code == 204


def test_a_worker_repairs_nothing(small_depot: Depot) -> None:
    id = small_depot.parcel()
    refused(small_depot.call("PUT", f"/{id}/retries", {"retries": 1}), 403)
    refused(small_depot.call("PUT", "/retries", {"retries": 1, "externalTaskIds": [id]}), 403)
    refused(small_depot.call("PUT", f"/{id}/priority", {"priority": 1}), 403)


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_owners_and_administrators_see_and_release_but_do_no_work(
    small_depot: Depot, who: str
) -> None:
    id = small_depot.parcel()
    small_depot.fetch()
    (task,) = small_depot.api.get(who, TASKS)
    assert (set(task), task["workerId"]) == (MEMBERS, "scale-1")
    body = {"workerId": "scale-1", "maxTasks": 1, "topics": [TOPIC]}
    refused(small_depot.api.post(who, f"{TASKS}/fetchAndLock", body), 403)
    refused(small_depot.api.post(who, f"{TASKS}/{id}/complete", {"workerId": "scale-1"}), 403)
    assert small_depot.api.call(who, "POST", f"{TASKS}/{id}/unlock").status_code == 204
    assert small_depot.api.get(who, f"{TASKS}/{id}")["workerId"] is None
    with small_depot.api.service.reading() as connection:
        entry = audit.read(connection, operator())[0]
    assert (entry.by, entry.act, entry.subject) == (
        who, "release_external_task", f"external_task:{id}",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["coordinator", "asdep", "kemhan"])
def test_nobody_else_sees_external_tasks(small_depot: Depot, who: str) -> None:
    id = small_depot.parcel()
    for method, path in (
        ("GET", ""), ("GET", "/count"), ("GET", f"/{id}"), ("GET", "/topic-names"),
        ("POST", f"/{id}/unlock"), ("POST", "/fetchAndLock"), ("PUT", f"/{id}/retries"),
    ):  # fmt: skip
        refused(small_depot.api.call(who, method, TASKS + path), 403)


def test_a_task_that_never_was_is_not_found(small_depot: Depot) -> None:
    for id in ("00000000-0000-0000-0000-000000000000", "x"):
        answer = small_depot.call("GET", f"/{id}")
        refused(answer, 404)
        assert answer.get_json()["type"] == "RestException"
        refused(small_depot.say(id, "complete"), 404)
        refused(small_depot.call("POST", f"/{id}/unlock"), 404)


@pytest.mark.parametrize("body", [{}, {"externalTaskIds": []}])
def test_retries_of_nothing_are_refused(depot: Depot, body: dict[str, Any]) -> None:
    answer = depot.api.call("owner", "PUT", f"{TASKS}/retries", json={"retries": 3, **body})
    assert answer.status_code == 400


@pytest.mark.parametrize("also", ["externalTaskIdIn", "executionId"])
def test_what_two_ids_exclude_is_no_task_and_not_every_task(depot: Depot, also: str) -> None:
    first, second = depot.parcel("P-1"), depot.parcel("P-2")
    asked = {"externalTaskId": first, also: second}
    assert depot.call("GET", **asked).get_json() == []
    query = {"externalTaskId": first, also: [second] if also.endswith("In") else second}
    answer = depot.api.call(
        "owner", "PUT", f"{TASKS}/retries", json={"retries": 7, "externalTaskQuery": query}
    )
    assert answer.status_code == 204
    assert [depot.call("GET", f"/{id}").get_json()["retries"] for id in (first, second)] == [
        None
    ] * 2
