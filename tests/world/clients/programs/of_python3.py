"""A worker with camunda-external-task-client-python3. It cannot extend a lease."""

from __future__ import annotations

import time

from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound

from tests.world.clients.programs import sharing
from tests.world.clients.programs.sharing import RESULT, Plans, say

plans = Plans()


def act(task: ExternalTask) -> TaskResult:
    plan = plans.of(task.get_task_id(), task.get_variables())
    if plan == "hold":
        say(holding=True)
        time.sleep(3600)
    if plan == "fail":
        return task.failure(sharing.MESSAGE, sharing.DETAILS, max_retries=2, retry_timeout=0)
    if plan == "refuse":
        return task.bpmn_error(sharing.CODE, sharing.MESSAGE, {"reason": "too heavy"})
    result = {
        name: {"value": value, "type": type, "valueInfo": info}
        for name, value, type, info in RESULT
    }
    return task.complete(result, {"weight": 12})


worker = ExternalTaskWorker(
    sharing.NAME,
    sharing.URL,
    {
        "auth_basic": {"username": sharing.USER, "password": sharing.TOKEN},
        "maxTasks": 1,
        "lockDuration": sharing.LEASE_MS,
        "asyncResponseTimeout": sharing.WAIT_MS,
    },
)
say(ready=True)
while True:
    try:
        worker.fetch_and_execute([sharing.TOPIC], act)
    except NoExternalTaskFound:
        time.sleep(0.1)
