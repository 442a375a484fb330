"""The product served once for each database, with a model for each client library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.storage.cases import incidents
from engine.storage.cases.incidents import Incident
from engine.storage.tables import external_task
from tests.e2e.conftest import served
from tests.e2e.product import NotYet, Product
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event,
    flow,
    process,
    properties,
    service_task,
    start,
    user_task,
)
from tests.world.clients.workers import CLIENTS, HANDS, HEARTBEAT, LONG_MS, Worker, working
from tests.world.serving import database_of, token_for

Found = TypeVar("Found")

ACCOUNT = "scale"


def weighing(key: str) -> bytes:
    """A parcel is weighed by a program outside; one that it refuses goes to the counter."""
    return bpmn(
        process(
            key,
            start(),
            service_task("weigh", key, properties(unit="kg")),
            boundary("refused", "weigh", event("error", "REFUSED")),
            user_task("pack"),
            user_task("counter"),
            end(),
            end("returned"),
            flow("start", "weigh"),
            flow("weigh", "pack"),
            flow("pack", "end"),
            flow("refused", "counter"),
            flow("counter", "returned"),
        )
    )


@dataclass
class Depot:
    """The served product, and the token of the account its workers share."""

    product: Product
    token: str
    folder: Path

    def begin(self, key: str, **data: object) -> UUID:
        """A new parcel."""
        return self.product.service.engine.start(key, data, by="owner")

    def step(self, parcel: UUID) -> str | None:
        """The human task it has come to."""
        tasks = self.product.service.engine.tasks(parcel)
        return tasks[0].element_id if tasks else None

    def incident(self, parcel: UUID) -> Incident | None:
        """Its open incident."""
        with self.product.service.reading() as connection:
            found = [one for one in incidents.of_instance(connection, parcel) if one.open]
        return found[0] if found else None

    def held_by(self, parcel: UUID) -> tuple[str | None, datetime | None]:
        """Who holds its task, and until when."""
        question = select(external_task.c.worker, external_task.c.leased_until)
        with self.product.service.reading() as connection:
            row = connection.execute(question.where(external_task.c.instance_id == parcel)).one()
        return row.worker, row.leased_until

    def working(
        self, client: str, name: str, lease_ms: int = LONG_MS, extension_ms: int = 0
    ) -> AbstractContextManager[Worker]:
        """A worker of that client library while a block runs."""
        settings = {
            "WORKER_URL": f"{self.product.url}/engine-rest",
            "WORKER_USER": ACCOUNT,
            "WORKER_TOKEN": self.token,
            "WORKER_TOPIC": client,
            "WORKER_LEASE_MS": str(lease_ms),
            "WORKER_EXTENSION_MS": str(extension_ms),
            "WORKER_WAIT_MS": "5000",
        }
        return working(CLIENTS[client], self.folder, name, settings)

    def wait(self, what: str, look: Callable[[], Found | None], worker: Worker) -> Found:
        """What `look` finds as soon as it finds something."""
        try:
            return self.product.wait(what, look)
        except NotYet as not_yet:
            raise NotYet(f"{not_yet}\nthe worker: {worker.trouble()}") from None


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def depot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Depot]:
    """The depot, on SQLite, then on PostgreSQL."""
    folder = tmp_path_factory.mktemp("depot")
    for url in database_of(request, folder):
        yield from opened(url, folder)


def opened(url: str, folder: Path) -> Iterator[Depot]:
    """The product over this database, with its models and its account for workers."""
    for product in served(url, folder):
        service = product.service
        files = {f"{key}.bpmn": weighing(key) for key in (*CLIENTS, HANDS)}
        service.engine.deploy(files, by="owner")
        token = token_for(service, ACCOUNT, [*CLIENTS, HEARTBEAT])
        yield Depot(product, token, folder)
