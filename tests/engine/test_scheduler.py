"""APScheduler only says when to look: work stored now is done now, whoever stored it."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from engine import Engine
from engine.handlers import NewJob, Step
from engine.jobs import Sender
from engine.scheduler import Scheduler
from tests.engine.models_of_tests import RECORDED, only_task

PATIENCE_SECONDS = 20


class Post:
    """A sender that tells when it has sent, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.sent_all = Event()
        self.failures = failures
        self.log: list[str] = []

    def prepare(self, connection: object, payload: object) -> object:
        return payload

    def send(self, prepared: object) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError("nobody there")
        self.log.append(f"send {prepared}")

    def sent(self, connection: object, payload: object, *rest: object) -> None:
        self.log.append("sent")
        self.sent_all.set()

    def failed(self, connection: object, payload: object, error: str, *rest: object) -> None:
        self.log.append(f"failed {error}")


def mail(step: Step) -> None:
    """A handler that stores a mail with the step."""
    step.enqueue(NewJob("mail", {"to": "ani"}))


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def running(database_url: str, post: Sender) -> Iterator[Engine]:
    """An engine with its scheduler, on the database's own clock."""
    engine = Engine.open(database_url, {"record": mail}, senders={"mail": post})
    scheduler = Scheduler(engine)
    scheduler.start()
    yield engine
    scheduler.stop()
    engine.close()


def test_a_mail_stored_by_a_step_goes_out_at_once(running: Engine, post: Post) -> None:
    running.deploy(RECORDED, "owner")
    running.complete(only_task(running, running.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)
    assert post.log == ["send {'to': 'ani'}", "sent"]


def test_the_scheduler_leaves_a_heartbeat(running: Engine, post: Post) -> None:
    running.deploy(RECORDED, "owner")
    running.complete(only_task(running, running.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)
    running.maintain()
    with running.reading() as connection:
        assert running.heartbeat_on(connection) is not None
