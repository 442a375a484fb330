"""Requests that wait for external tasks: a commit of any process wakes them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import select

from benchmarks.chaos.product import furnish
from benchmarks.http import Place
from benchmarks.slow import serve, stop
from engine import Engine
from engine.storage.later.externals import TopicWanted
from engine.storage.tables import worker
from processes.operation.open_work import OpenWork
from tests.engine.models.building import bpmn, process, service_task, start, user_task
from tests.web.front.asgi import Client, door_of
from tests.web.front.test_door import until
from web.front.door import Door
from web.front.waiting import ASKING, Wait
from web.front.watch import Watch

CROWD = 20
NEVER = 3600.0
SHORT, LONG = timedelta(seconds=1), timedelta(minutes=5)
TOPICS = [TopicWanted(topic="render", lease=LONG)]
TOPIC_NAMES = ["render", *(f"other {number}" for number in range(999))]
"""More than SQLite puts together in one statement."""


@pytest.fixture
def open_engine(database_url: str) -> Iterator[Callable[[], Engine]]:
    """Engines on the test's database: a second one stands for another process."""
    opened: list[Engine] = []

    def opener() -> Engine:
        opened.append(Engine.open(database_url))
        return opened[-1]

    yield opener
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_engine: Callable[[], Engine]) -> Engine:
    """With a process whose first element waits for a worker."""
    engine = open_engine()
    parts = (start(), service_task("work", "render"), user_task("after"))
    engine.deploy({"job.bpmn": bpmn(process("job", *parts))}, "owner")
    return engine


class Looked(OpenWork):
    """Counts what it was asked."""

    looks = 0

    def look(self, topics: Collection[str], most: int) -> tuple[Mapping[str, int], float | None]:
        found = super().look(topics, most)
        self.looks += 1
        return found


def door(engine: Engine) -> tuple[Door, Watch, Looked]:
    """A door that gives out the tasks of the engine."""

    def fetching(environ: WSGIEnvironment, answer: StartResponse) -> Iterable[bytes]:
        found = engine.external.fetch("waiting", TOPICS)
        if not found:
            environ[ASKING].wait = Wait(TOPIC_NAMES, "robot", NEVER, b"[]")
        answer("200 OK", [])
        return [str(found[0].task.id).encode() if found else b"[]"]

    work = Looked(engine)
    watch = Watch(work, heartbeat=NEVER, most=100, at_once=1)
    return door_of(fetching, watch=watch), watch, work


def wait_while(engine: Engine, act: Callable[[], object]) -> bytes:
    """A worker waits; `act` is done meanwhile, in a thread. What the worker gets, which nobody
    looks for unasked."""

    async def run() -> bytes:
        here, watch, work = door(engine)
        client = Client(method="GET", path="/fetch")
        task = asyncio.create_task(client.visit(here))
        ears = 2 if engine.database.tells_others else 1
        await until(lambda: watch.news >= ears)  # it has been told that it is listening
        looks = -1
        while looks != work.looks or not looks:  # and has seen all that is there
            looks = work.looks
            await asyncio.sleep(0.1)
        await asyncio.to_thread(act)
        async with asyncio.timeout(60):
            await task
        watch.close()
        return client.body

    return asyncio.run(run())


def test_a_commit_of_this_process_wakes_who_waits(engine: Engine) -> None:
    assert wait_while(engine, lambda: engine.start("job")) != b"[]"


def test_a_commit_of_another_process_wakes_who_waits(
    engine: Engine, open_engine: Callable[[], Engine]
) -> None:
    if not engine.database.tells_others:
        assert OpenWork(engine).heartbeat == 5.0, "one process; a command is noticed then"
        return
    other = open_engine()
    assert wait_while(engine, lambda: other.start("job")) != b"[]"


def test_a_lease_that_runs_out_wakes_who_waits(engine: Engine) -> None:
    engine.start("job")
    (held,) = engine.external.fetch("dies", [TopicWanted(topic="render", lease=SHORT)])
    assert wait_while(engine, lambda: None) == str(held.task.id).encode()


def test_work_that_is_given_back_wakes_who_waits_when_its_pause_is_over(engine: Engine) -> None:
    engine.start("job")
    (held,) = engine.external.fetch("fails", TOPICS)
    engine.external.fail(held.task.id, "fails", "down", retries=2, wait=SHORT)
    assert wait_while(engine, lambda: None) == str(held.task.id).encode()
    engine.external.release(held.task.id)
    (held,) = engine.external.fetch("fails", TOPICS)

    def give_back(wait: timedelta) -> None:
        engine.external.fail(held.task.id, "fails", "down", retries=1, wait=wait)

    assert wait_while(engine, lambda: give_back(timedelta(0))) == str(held.task.id).encode()
    engine.external.release(held.task.id)
    (held,) = engine.external.fetch("fails", TOPICS)
    assert wait_while(engine, lambda: give_back(SHORT)) == str(held.task.id).encode()


@pytest.mark.long
def test_the_product_stops_at_once_and_answers_all_who_wait(
    database_url: str, tmp_path: Path, open_engine: Callable[[], Engine]
) -> None:
    token = furnish(Place(database_url), tmp_path, ["render"]).worker_token
    engine = open_engine()
    settings = {"TINDAK_DATABASE_URL": database_url}
    if engine.database.tells_others:
        settings["TINDAK_WORKERS"] = "2"
    product = serve(tmp_path, settings)
    waiting = [product.clients(fetching(token, f"worker-{n}"), 1)[0] for n in range(CROWD)]
    give_up = time.monotonic() + 60
    while len(heard(engine)) < CROWD:
        assert time.monotonic() < give_up, heard(engine)
        time.sleep(0.1)
    assert product.page() == 200
    stop(product)
    for one in waiting:
        answer = one.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert answer.endswith(b"[]")
        assert b"\r\nx-content-type-options: nosniff" in answer, "as any other answer"
        one.close()


def heard(engine: Engine) -> list[str]:
    with engine.reading() as connection:
        return list(connection.scalars(select(worker.c.worker).where(worker.c.topic == "render")))


def fetching(token: str, name: str) -> bytes:
    """A call that waits for ten minutes."""
    wanted = [{"topicName": "render", "lockDuration": 1000}]
    asked = {"workerId": name, "maxTasks": 1, "topics": wanted, "asyncResponseTimeout": 600_000}
    body = json.dumps(asked).encode()
    return (
        b"POST /engine-rest/external-task/fetchAndLock HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nAuthorization: Bearer %s\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (token.encode(), len(body), body)
    )
