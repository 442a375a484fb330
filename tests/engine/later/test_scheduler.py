"""APScheduler only decides when to look: work that any process stores is done at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Event

import psycopg
import pytest

from engine import Engine, scheduler
from engine.face.waking import HEARTBEAT_SECONDS
from engine.later.loop import Sender
from engine.ports.handlers import NewJob, Step
from engine.scheduler import Scheduler
from engine.storage.database.notify import DUE
from tests.engine.models_of_tests import RECORDED, only_task

PATIENCE_SECONDS = 180
"""More than a first failure makes work wait (30 s), for a busy machine may lose a connection."""
NEVER_SECONDS = 3600.0
"""A heartbeat that no test lives to see: what happens earlier happened because it was told."""


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
        assert running.on(connection).heartbeat() is not None


@pytest.fixture
def elsewhere(postgres_url: str, post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine whose database is looked after by the scheduler of another one, that has settled:
    it did a first mail, and is next due to look long after the test."""
    monkeypatch.setattr(scheduler, "HEARTBEAT_SECONDS", NEVER_SECONDS)
    worker = Engine.open(postgres_url, {"record": mail}, senders={"mail": post})
    looks = Scheduler(worker)
    looks.start()
    engine = Engine.open(postgres_url, {"record": mail})
    engine.deploy(RECORDED, "owner")
    worker.complete(only_task(worker, worker.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)
    post.sent_all.clear()
    yield engine
    looks.stop()
    worker.close()
    engine.close()


def test_work_another_process_stored_is_done_at_once(elsewhere: Engine, post: Post) -> None:
    elsewhere.complete(only_task(elsewhere, elsewhere.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)


def test_after_every_connection_was_lost_other_processes_are_heard_again(
    elsewhere: Engine, post: Post, postgres_url: str
) -> None:
    task = only_task(elsewhere, elsewhere.start("recorded"))
    uri = postgres_url.replace("+psycopg", "")
    with psycopg.connect(uri, autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    elsewhere.complete(task.id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)

    post.sent_all.clear()  # the first look after the loss may have had its own reason
    elsewhere.complete(only_task(elsewhere, elsewhere.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)


def test_work_due_after_the_next_heartbeat_is_told_to_nobody(
    elsewhere: Engine, postgres_url: str
) -> None:
    waits = [timedelta(seconds=HEARTBEAT_SECONDS * 2), timedelta(seconds=HEARTBEAT_SECONDS / 2)]

    def record(step: Step) -> None:
        step.enqueue(NewJob("mail", {}, step.now + waits.pop(0)))

    engine = Engine.open(postgres_url, {"record": record})
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as ear:
        ear.execute(f"LISTEN {DUE}".encode())
        while waits:
            engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
        (told,) = ear.notifies(timeout=PATIENCE_SECONDS, stop_after=1)
    engine.close()
    assert 0 < float(told.payload) <= HEARTBEAT_SECONDS / 2


def test_no_mail_waits_for_the_work_of_a_day_and_its_end_is_waited_for(
    database_url: str, post: Post
) -> None:
    """The work of a day may take minutes; a process that is told to stop tells it so."""
    begun, log = Event(), list[bool]()

    def long_work(engine: Engine) -> None:
        begun.set()
        log.append(engine.stopping.wait(PATIENCE_SECONDS))

    engine = Engine.open(database_url, {"record": mail}, senders={"mail": post}, daily=[long_work])
    looks = Scheduler(engine)
    looks.start()
    assert begun.wait(PATIENCE_SECONDS)
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    assert post.sent_all.wait(PATIENCE_SECONDS)
    assert not log, "the mail went out while the work of the day was still under way"

    looks.stop()
    engine.close()
    assert log == [True]

    again = Engine.open(database_url, daily=[lambda _: log.append(False)])
    again.maintain()
    assert log == [True, False], "what was left off is begun anew by whoever looks next"
    again.close()
