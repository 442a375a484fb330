"""The served product, with a small process for each act of a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from engine import Engine
from engine.storage.cases import incidents
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask
from engine.storage.tables import external_task
from tests.e2e.conftest import served
from tests.e2e.product import Product
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    end,
    event,
    flow,
    process,
    service_task,
    start,
    user_task,
)
from tests.world.serving import token_for
from web.assets.build import find_node

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
ACCOUNT = "letters"

Found = TypeVar("Found")


def work(key: str, *around: Part) -> bytes:
    """A process whose one service task has the topic `key`."""
    return bpmn(process(key, start(), service_task("work", key), end(), *around))


def caught(key: str, kind: str, code: str, *, interrupting: bool = True) -> bytes:
    """The same with a boundary event that leads to a human task."""
    return work(
        key,
        boundary("caught", "work", event(kind, code), interrupting=interrupting),
        user_task("decide"),
        end("decided"),
        flow("start", "work"),
        flow("work", "end"),
        flow("caught", "decide"),
        flow("decide", "decided"),
    )


MODELS: Mapping[str, bytes] = {
    "plain": work("plain"),
    "slow": work("slow"),
    "killed": work("killed"),
    "frozen": work("frozen"),
    "failing": work("failing"),
    "stopped": work("stopped"),
    "error": caught("error", "error", "no_template"),
    "told": caught("told", "escalation", "late", interrupting=False),
    "ended": caught("ended", "escalation", "late"),
}


@dataclass
class House:
    """The served product, and the token of the account its workers have."""

    product: Product
    token: str
    folder: Path

    @property
    def engine(self) -> Engine:
        return self.product.service.engine

    def begin(self, key: str, **data: object) -> UUID:
        """A new instance."""
        return self.engine.start(key, data, by="owner")

    def wait(self, what: str, look: Callable[[], Found | None]) -> Found:
        """What `look` finds as soon as it finds something."""
        return self.product.wait(what, look)

    def ended(self, instance: UUID) -> Mapping[str, object]:
        """Its variables, once it has ended."""
        self.wait("end", lambda: self.engine.instance(instance).status == "completed")
        return self.engine.data(instance)

    def human_task(self, instance: UUID) -> UUID:
        """The human task it has come to, once it is there."""
        return self.wait("human task", lambda: self.engine.tasks(instance_id=instance))[0].id

    def incident(self, instance: UUID) -> str | None:
        """What its open incident says."""
        with self.product.service.reading() as connection:
            found = [one for one in incidents.of_instance(connection, instance) if one.open]
        return str(found[0].what) if found else None

    def task(self, instance: UUID) -> ExternalTask:
        """Its external task."""
        question = select(external_task.c.token).where(external_task.c.instance_id == instance)
        with self.product.service.reading() as connection:
            found = externals.by_id(connection, connection.execute(question).scalar_one())
        assert found is not None
        return found

    @contextmanager
    def running(self, command: Sequence[str], **settings: str) -> Iterator[subprocess.Popen[str]]:
        """A worker in a process of its own, killed at the latest at the end."""
        environment = {
            **os.environ,
            "TINDAK_URL": self.product.url,
            "TINDAK_TOKEN": self.token,
            "LETTERS": str(self.folder),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.communicate()


COMMANDS: Mapping[str, Callable[[], list[str]]] = {
    "python": lambda: [sys.executable, str(EXAMPLES / "worker.py")],
    "javascript": lambda: [str(find_node()), str(EXAMPLES / "worker.mjs")],
}


def opened(url: str, folder: Path) -> Iterator[House]:
    """The product over this database, with its models and an account for workers."""
    for product in served(url, folder):
        service = product.service
        models = {f"{key}.bpmn": model for key, model in MODELS.items()}
        example = {"render.bpmn": (EXAMPLES / "render.bpmn").read_bytes()}
        service.engine.deploy(models | example, by="owner")
        token = token_for(service, ACCOUNT, [*MODELS, "render-letter"])
        yield House(product, token, folder)
