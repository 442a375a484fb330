"""A worker with pycamunda."""

from __future__ import annotations

import time
from typing import Any

import pycamunda.externaltask as calls
from requests.auth import HTTPBasicAuth

from tests.world.clients.programs import sharing
from tests.world.clients.programs.sharing import RESULT, Plans, left, say

AUTH = HTTPBasicAuth(sharing.USER, sharing.TOKEN)
plans = Plans()


def send(call: Any) -> Any:
    call.auth = AUTH
    return call()


def act(task: calls.ExternalTask) -> None:
    said = {name: one.value for name, one in task.variables.items()}
    plan, told = plans.of(task.id_, said), {"url": sharing.URL, "id_": task.id_}
    if plan == "hold":
        send(calls.ExtendLock(**told, worker_id=sharing.NAME, new_duration=sharing.EXTENSION_MS))
        say(holding=True)
        time.sleep(3600)
    if plan == "fail":
        send(
            calls.HandleFailure(
                **told, worker_id=sharing.NAME, error_message=sharing.MESSAGE,
                error_details=sharing.DETAILS, retries=left(task.retries), retry_timeout=0,
            )
        )  # fmt: skip
        return
    if plan == "refuse":
        error = calls.HandleBPMNError(
            **told, worker_id=sharing.NAME, error_code=sharing.CODE, error_message=sharing.MESSAGE
        )
        error.add_variable("reason", "too heavy", "String")
        send(error)
        return
    done = calls.Complete(**told, worker_id=sharing.NAME)
    for name, value, type, info in RESULT:
        done.add_variable(name, value, type, info)
    done.add_local_variable("weight", 12)
    send(done)


say(ready=True)
while True:
    fetch = calls.FetchAndLock(
        url=sharing.URL, worker_id=sharing.NAME, max_tasks=1, async_response_timeout=sharing.WAIT_MS
    )
    fetch.add_topic(sharing.TOPIC, sharing.LEASE_MS)
    for task in send(fetch):
        act(task)
    time.sleep(0.1)
