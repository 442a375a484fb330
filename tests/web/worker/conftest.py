"""A fake server, and workers that end with the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from tests.web.worker.fake import PATIENCE_SECONDS, Fake, serving
from web.worker import Task, Worker

Hire = Callable[..., Worker]


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A server that is waiting for workers."""
    server = Fake()
    with serving(server):
        yield server


@pytest.fixture
def hire(fake: Fake) -> Hire:
    """A worker of the fake server, not yet running."""

    def make(**options: Any) -> Worker:
        return Worker(fake.url, **{"token": "a-token", "name": "pdf-1", **options})

    return make


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """It runs meanwhile; at the end it has stopped, refused or not."""

    def run() -> None:
        with suppress(SystemExit):
            worker.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def end_of(worker: Worker) -> BaseException | None:
    """What `run` raises, which ends by itself."""
    ends = list[BaseException | None]()

    def run() -> None:
        try:
            ends.append(worker.run())  # type: ignore[func-returns-value]
        except BaseException as error:
            ends.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    worker.stop()
    assert ends, "the worker goes on"
    return ends[0]


def refused(worker: Worker) -> bool:
    """Whether it ends with the status of a refused token."""
    end = end_of(worker)
    return isinstance(end, SystemExit) and end.code == 77


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """What a function waits for; it comes when the test ends, at the latest."""
    event = threading.Event()
    yield event
    event.set()


def until(event: threading.Event, begun: threading.Event | None = None) -> Callable[[Task], None]:
    """A function of a worker that takes until then, and tells when it has begun."""

    def work(task: Task) -> None:
        if begun:
            begun.set()
        event.wait()

    return work
