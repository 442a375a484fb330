"""A worker with operaton-tasks. It extends the leases of its running tasks by itself, after each
poll without a task."""

from __future__ import annotations

import asyncio
import os

from tests.world.clients.programs import sharing
from tests.world.clients.programs.sharing import RESULT, Plans, left, say

# Read when the library is imported.
os.environ |= {
    "ENGINE_REST_BASE_URL": sharing.URL,
    "ENGINE_REST_AUTHORIZATION": sharing.BASIC,
    "ENGINE_REST_POLL_TTL_SECONDS": "1",
    "ENGINE_REST_LOCK_TTL_SECONDS": str(sharing.LEASE_MS // 1000),
    "TASKS_WORKER_ID": sharing.NAME,
    "LOG_LEVEL": "ERROR",
}

from operaton.tasks import external_task_worker, handlers, task
from operaton.tasks.runtime import ExternalTaskComplete, ExternalTaskFailure
from operaton.tasks.types import (
    CompleteExternalTaskDto,
    ExternalTaskBpmnError,
    ExternalTaskFailureDto,
    LockedExternalTaskDto,
    VariableValueDto,
)

plans = Plans()


@task(sharing.TOPIC, localVariables=False)
async def act(task: LockedExternalTaskDto) -> ExternalTaskComplete | ExternalTaskFailure:
    plan = plans.of(task.id, {name: one.value for name, one in task.variables.items()})
    if plan == "hold":
        say(holding=True)
        await asyncio.sleep(3600)
    if plan == "fail":
        # Without a wait the library releases the task after it has failed, and with that the lease
        # by which another of its polls may hold it again already.
        failure = ExternalTaskFailureDto(
            workerId=sharing.NAME, errorMessage=sharing.MESSAGE, errorDetails=sharing.DETAILS,
            retries=left(task.retries), retryTimeout=50,
        )  # fmt: skip
        return ExternalTaskFailure(task=task, response=failure)
    if plan == "refuse":
        error = ExternalTaskBpmnError(
            workerId=sharing.NAME, errorCode=sharing.CODE, errorMessage=sharing.MESSAGE,
            variables={"reason": VariableValueDto(value="too heavy", type="String")},
        )  # fmt: skip
        return ExternalTaskComplete(task=task, response=error)
    variables = {
        name: VariableValueDto(value=value, type=type, valueInfo=info)
        for name, value, type, info in RESULT
    }
    done = CompleteExternalTaskDto(
        workerId=sharing.NAME,
        variables=variables,
        localVariables={"weight": VariableValueDto(value=12)},
    )
    return ExternalTaskComplete(task=task, response=done)


say(ready=True)
asyncio.run(external_task_worker(handlers))
