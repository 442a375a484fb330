"""A worker with generic-camunda-client, which is made from Camunda's own description of its API."""

from __future__ import annotations

import time

from generic_camunda_client import ApiClient, Configuration, ExternalTaskApi, models

from tests.world.clients.programs import sharing
from tests.world.clients.programs.sharing import RESULT, Plans, left, say

client = ApiClient(Configuration(host=sharing.URL))
client.set_default_header("Authorization", sharing.BASIC)
api = ExternalTaskApi(client)
plans = Plans()


def act(task: models.LockedExternalTaskDto) -> None:
    plan = plans.of(task.id, {name: one.value for name, one in task.variables.items()})
    if plan == "hold":
        longer = models.ExtendLockOnExternalTaskDto(
            worker_id=sharing.NAME, new_duration=sharing.EXTENSION_MS
        )
        api.extend_lock(task.id, extend_lock_on_external_task_dto=longer)
        say(holding=True)
        time.sleep(3600)
    if plan == "fail":
        failure = models.ExternalTaskFailureDto(
            worker_id=sharing.NAME, error_message=sharing.MESSAGE, error_details=sharing.DETAILS,
            retries=left(task.retries), retry_timeout=0,
        )  # fmt: skip
        api.handle_failure(task.id, external_task_failure_dto=failure)
        return
    if plan == "refuse":
        reason = models.VariableValueDto(value="too heavy", type="String")
        error = models.ExternalTaskBpmnError(
            worker_id=sharing.NAME, error_code=sharing.CODE, error_message=sharing.MESSAGE,
            variables={"reason": reason},
        )  # fmt: skip
        api.handle_external_task_bpmn_error(task.id, external_task_bpmn_error=error)
        return
    variables = {
        name: models.VariableValueDto(value=value, type=type, value_info=info)
        for name, value, type, info in RESULT
    }
    done = models.CompleteExternalTaskDto(
        worker_id=sharing.NAME,
        variables=variables,
        local_variables={"weight": models.VariableValueDto(value=12)},
    )
    api.complete_external_task_resource(task.id, complete_external_task_dto=done)


say(ready=True)
topic = models.FetchExternalTaskTopicDto(topic_name=sharing.TOPIC, lock_duration=sharing.LEASE_MS)
fetch = models.FetchExternalTasksDto(
    worker_id=sharing.NAME,
    max_tasks=1,
    use_priority=True,
    async_response_timeout=sharing.WAIT_MS,
    topics=[topic],
)
while True:
    for task in api.fetch_and_lock(fetch_external_tasks_dto=fetch):
        act(task)
    time.sleep(0.1)
