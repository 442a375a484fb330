"""The acts of owners on external tasks with foreign client libraries: start, read, release,
repair."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pycamunda.externaltask as calls
import pytest
from generic_camunda_client import ApiClient, Configuration, ExternalTaskApi, models
from generic_camunda_client.api.process_definition_api import ProcessDefinitionApi
from requests.auth import HTTPBasicAuth
from urllib3.util import make_headers

from tests.e2e.product import PASSWORD
from tests.world.clients.conftest import Depot
from tests.world.clients.workers import HANDS

pytestmark = pytest.mark.long


def test_a_script_of_the_generic_client_starts_looks_and_repairs(depot: Depot) -> None:
    client = ApiClient(Configuration(host=f"{depot.product.url}/engine-rest"))
    basic = make_headers(basic_auth=f"owner:{PASSWORD}")["authorization"]
    client.set_default_header("Authorization", basic)
    day = models.VariableValueDto(value="2026-03-02T09:00:00.000+0700", type="Date")
    box = models.VariableValueDto(
        value='{"sizes": [1, 2]}',
        type="Object",
        value_info={"objectTypeName": "Box", "serializationDataFormat": "application/json"},
    )
    begun = ProcessDefinitionApi(client).start_process_instance_by_key(
        HANDS,
        start_process_instance_dto=models.StartProcessInstanceDto(
            business_key="P-7", variables={"day": day, "box": box}, start_instructions=[]
        ),
    )
    api = ExternalTaskApi(client)
    wanted = models.ExternalTaskQueryDto(process_instance_id=begun.id, not_locked=True)
    (task,) = api.query_external_tasks(external_task_query_dto=wanted)
    assert (task.business_key, task.topic_name, task.retries) == ("P-7", HANDS, None)
    counted = api.query_external_tasks_count(external_task_query_dto=wanted)
    assert counted.count == 1
    assert HANDS in api.get_topic_names(with_unlocked_tasks=True)
    api.set_external_task_resource_priority(task.id, priority_dto=models.PriorityDto(priority=9))
    api.set_external_task_retries(
        set_retries_for_external_tasks_dto=models.SetRetriesForExternalTasksDto(
            retries=0, external_task_query=wanted
        )
    )
    stuck = api.get_external_task(task.id)
    assert (stuck.priority, stuck.retries) == (9, 0)
    api.set_external_task_resource_retries(task.id, retries_dto=models.RetriesDto(retries=4))
    assert api.get_external_task(task.id).retries == 4
    assert api.get_external_task_error_details(task.id) in ("", None)


def test_a_script_of_pycamunda_looks_releases_and_repairs(depot: Depot) -> None:
    url = f"{depot.product.url}/engine-rest"
    instance = str(depot.begin(HANDS))

    def send(call: Any) -> Any:
        call.auth = HTTPBasicAuth("owner", PASSWORD)
        return call()

    def only(**narrowed: Any) -> Any:
        asked = {"process_instance_id": instance, "request_error_details": False, **narrowed}
        (task,) = send(calls.GetList(url, **asked))
        return task

    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    task = only(sort_by="task_priority", ascending=True, first_result=0, max_results=5)
    assert task.worker_id is None
    send(calls.SetPriority(url, task.id_, priority=2))
    send(calls.SetRetries(url, task.id_, retries=5))
    assert only(priority_higher_equals=2, with_retries_left=True).retries == 5
    send(calls.SetRetriesSync(url, retries=6, external_task_ids=[task.id_]))
    assert send(calls.Get(url, quote(task.id_), request_error_details=False)).retries == 6
    # Its `Count` sends no credentials, so the list is counted.
    later = calls.GetList(url, process_instance_id=instance, lock_expiration_after=tomorrow)
    assert send(later) == ()
    send(calls.Unlock(url, task.id_))
