"""Workers of foreign client libraries fetch, extend, finish, fail and refuse tasks of the served
product, and the next worker does the tasks that one leaves undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.world.clients.conftest import Depot
from tests.world.clients.workers import CLIENTS, LONG_MS, SHORT_MS

pytestmark = [pytest.mark.long, pytest.mark.parametrize("name", CLIENTS)]

RESULT: Mapping[str, Any] = {
    "text": "Ya – baik",
    "truth": True,
    "short": 7,
    "whole": 70_000,
    "long": 2**40,
    "number": 2.5,
    "json": {"a": [1, None]},
    "object": {"b": {"c": "d"}},
    "nothing": None,
}
DAY = datetime.fromisoformat("2026-03-02T09:00:00+07:00")


def packed(depot: Depot, parcel: UUID) -> bool:
    return depot.step(parcel) == "pack"


def test_a_worker_that_waits_is_given_a_task_and_finishes_it_with_every_type(
    depot: Depot, name: str
) -> None:
    with depot.working(name, "early") as worker:
        depot.wait("worker", lambda: worker.has_said("ready"), worker)
        parcel = depot.begin(name, plan="complete", label="P-1", weights=[1, 2.5], urgent=False)
        depot.wait("result", lambda: packed(depot, parcel), worker)
        (seen,) = worker.fetched()
    weights = seen.pop("weights")
    assert (json.loads(weights) if isinstance(weights, str) else weights) == [1, 2.5]
    assert seen == {"plan": "complete", "label": "P-1", "urgent": False}
    data = depot.product.service.engine.data(parcel)
    assert datetime.fromisoformat(data.pop("day")) == DAY
    given = {key: data[key] for key in RESULT}
    assert given == RESULT
    assert isinstance(given["truth"], bool)
    assert "weight" not in data, "a local variable of the task ends with it"


def test_three_failures_are_an_incident_and_its_retry_gives_the_task_out_again(
    depot: Depot, name: str
) -> None:
    parcel = depot.begin(name, plan="fail")
    with depot.working(name, "careful") as worker:
        incident = depot.wait("incident", lambda: depot.incident(parcel), worker)
        assert len(worker.fetched()) == 3
        assert "The scale is out of order." in str(incident.what)
        depot.product.service.engine.retry(incident.id, "owner")
        depot.wait("result", lambda: packed(depot, parcel), worker)
        assert len(worker.fetched()) == 4
    assert depot.incident(parcel) is None


def test_an_error_that_a_worker_raises_is_caught_by_the_boundary_event(
    depot: Depot, name: str
) -> None:
    parcel = depot.begin(name, plan="refuse")
    with depot.working(name, "strict") as worker:
        depot.wait("error", lambda: depot.step(parcel) == "counter", worker)
    assert depot.product.service.engine.data(parcel)["reason"] == "too heavy"


def test_what_a_killed_worker_held_is_done_by_the_next(depot: Depot, name: str) -> None:
    extends = CLIENTS[name].extends
    lease = LONG_MS if extends == "when told" else SHORT_MS
    parcel = depot.begin(name, plan="hold")
    with depot.working(name, "mortal", lease, SHORT_MS) as mortal:
        depot.wait("task in hand", lambda: mortal.has_said("holding"), mortal)
        holder, until = depot.held_by(parcel)
        assert holder == "mortal"
        if extends == "by itself":
            depot.wait("extension", lambda: depot.held_by(parcel) != (holder, until), mortal)
        mortal.kill()
    with depot.working(name, "heir") as heir:
        # Told to hold it for a short time from then, the long lease became one: else this waits.
        depot.wait("result", lambda: packed(depot, parcel), heir)
        assert len(heir.fetched()) == 1
