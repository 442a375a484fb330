"""A worker's call to the served product waits for a task, and is answered when one comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from sqlalchemy import select

from engine.storage.tables import worker
from tests.world.clients.conftest import ACCOUNT, Depot
from tests.world.clients.workers import CLIENTS

pytestmark = pytest.mark.long
TOPIC = next(iter(CLIENTS))


def fetch(depot: Depot, wait_ms: int) -> Any:
    """What a worker named `patient` is given."""
    answer = requests.post(
        f"{depot.product.url}/engine-rest/external-task/fetchAndLock",
        json={
            "workerId": "patient",
            "maxTasks": 1,
            "asyncResponseTimeout": wait_ms,
            "topics": [{"topicName": TOPIC, "lockDuration": 600_000}],
        },
        auth=(ACCOUNT, depot.token),
        timeout=240,
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.json()


def has_asked(depot: Depot) -> bool:
    with depot.product.service.reading() as connection:
        asked = select(worker.c.worker).where(worker.c.topic == TOPIC)
        return "patient" in connection.scalars(asked).all()


def test_a_call_that_waits_is_answered_with_the_task_that_comes(depot: Depot) -> None:
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(fetch, depot, 200_000)
        depot.product.wait("call", lambda: has_asked(depot))
        assert not call.done()
        parcel = depot.begin(TOPIC, plan="none")
        (task,) = call.result()
    assert (task["processInstanceId"], task["workerId"]) == (str(parcel), "patient")
    depot.product.service.engine.cancel(parcel, "The test is over.", "owner")


def test_a_call_that_waited_in_vain_is_given_nothing(depot: Depot) -> None:
    assert fetch(depot, 300) == []
