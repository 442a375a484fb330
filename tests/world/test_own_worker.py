"""A worker against the served product, on both databases: each task is done once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.web.worker.conftest import refused, until, working
from tests.web.worker.fake import PATIENCE_SECONDS, Between, Fault, serving
from tests.world.house import COMMANDS, House, opened
from tests.world.serving import database_of
from web.worker import BpmnError, Escalation, Task, Worker

KINDS = {"bpmnError": "external_error", "bpmnEscalation": "external_escalation"}

pytestmark = pytest.mark.long

PROGRAM = """
import sys, time
from pathlib import Path
from web.worker import Worker
topic, name, lease, gate = sys.argv[1:]
worker = Worker(name=name)
@worker.task(topic, lease=float(lease))
def work(task):
    print("begun", flush=True)
    while gate and not Path(gate).exists():
        time.sleep(0.02)
    with Path(f"ledger-{topic}").open("a") as ledger:
        ledger.write(f"{name}\\n")
    return {"by": name}
worker.run()
print("ended", flush=True)
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The served product, on SQLite, then on PostgreSQL."""
    folder = tmp_path_factory.mktemp("house")
    for url in database_of(request, folder):
        yield from opened(url, folder)


def hired(house: House, **options: Any) -> Worker:
    """A worker of the house, not yet running."""
    return Worker(house.product.url, token=house.token, **options)


def program(
    house: House, topic: str, name: str, *, lease: float = 60, gate: str = ""
) -> AbstractContextManager[subprocess.Popen[str]]:
    """A worker in a process of its own, whose work takes until there is a file called `gate`."""
    return house.running([sys.executable, "-c", PROGRAM, topic, name, str(lease), gate])


def says(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout
    assert process.stdout.readline() == f"{line}\n"


def ledger(house: House, topic: str) -> list[str]:
    """Who has done the work of a topic to its end."""
    file = house.folder / f"ledger-{topic}"
    return file.read_text().split() if file.exists() else []


@pytest.mark.parametrize("language", COMMANDS)
def test_the_examples_render_letters_until_they_are_stopped(house: House, language: str) -> None:
    letter = house.begin("letter", title="A & <b>")
    other = house.begin("letter", title="Formal", template="gothic")
    with house.running(COMMANDS[language]()) as process:
        done = house.ended(letter)
        reason = house.engine.task_data(house.human_task(other))["reason"]
        house.engine.complete(house.human_task(other), {"template": "formal"}, by="owner")
        again = house.ended(other)
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE_SECONDS)

    written = (house.folder / str(done["file"])).read_text()
    assert re.fullmatch(r"<h1>A &(amp|#38); &(lt|#60);b&(gt|#62);</h1>", written)
    assert done["size"] == len(written)
    assert "Formal" in (house.folder / str(again["file"])).read_text()
    assert reason == "This worker does not have that template."
    assert status == 0


def test_values_come_and_go_as_they_are(house: House) -> None:
    given = {"text": "Ä", "yes": True, "whole": 7, "long": 2**40, "part": 0.5, "none": None,
             "list": [1, {"a": [None]}]}  # fmt: skip
    worker, seen = hired(house), list[dict[str, Any]]()

    @worker.task("plain")
    def work(task: Task) -> dict[str, object]:
        seen.append(task.variables)
        at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        return {**{f"{name}_back": value for name, value in task.variables.items()}, "at": at}

    case = house.begin("plain", **given)
    with working(worker):
        data = house.ended(case)

    assert seen == [given]
    assert {name: data[f"{name}_back"] for name in given} == given
    assert datetime.fromisoformat(str(data["at"])) == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_a_lease_is_extended_for_as_long_as_the_work_takes(house: House) -> None:
    """A second worker of the topic gets nothing meanwhile."""
    first, second = hired(house, name="first"), hired(house, name="second")
    begun, go_on, others = threading.Event(), threading.Event(), list[Task]()
    first.task("slow", lease=2)(until(go_on, begun))
    second.task("slow", lease=2)(others.append)
    case = house.begin("slow")
    with working(first):
        assert begun.wait(PATIENCE_SECONDS)
        leased = house.task(case).leased_until
        with working(second):
            house.wait("two more leases", lambda: later(house, case, leased, 4))
        go_on.set()
        house.ended(case)

    assert others == []
    assert first.metrics()["slow"]["completed"] == 1


def later(house: House, case: UUID, than: datetime | None, seconds: float) -> bool:
    """Whether the lease of a case's task ends so much later."""
    now = house.task(case).leased_until
    assert now and than
    return (now - than).total_seconds() >= seconds


@pytest.mark.parametrize("act", ["complete", "bpmnError", "bpmnEscalation", "extendLock"])
def test_what_is_sent_again_because_its_answer_was_lost_happens_once(
    house: House, act: str
) -> None:
    """The server has heard each of the three; the worker hears the last answer only."""
    key = {"bpmnError": "error", "bpmnEscalation": "told"}.get(act, "plain")
    case = house.begin(key)
    between = Between(house.product.url)
    between.faults[act] = [Fault(), Fault()]
    worker = Worker(between.url, token=house.token)

    @worker.task(key, lease=4)
    def work(task: Task) -> None:
        if act == "extendLock":
            between.first_ones(act, 3)
        if act == "bpmnError":
            raise BpmnError("no_template")
        if act == "bpmnEscalation":
            raise Escalation("late")

    with serving(between), working(worker):
        between.first_ones(act, 3)
        if key != "plain":
            house.engine.complete(house.human_task(case), {}, by="owner")
        house.ended(case)
        house.wait("report", lambda: worker.metrics()[key]["in_progress"] == 0)

    kinds = [event.kind for event in house.engine.history(case)]
    assert kinds.count(KINDS.get(act, "external")) == 1
    assert (house.incident(case), worker.metrics()[key]["lease_lost"]) == (None, 0)
    assert worker.metrics()[key]["fetched"] == 1


def test_the_task_of_a_killed_worker_is_done_by_the_next(house: House) -> None:
    case = house.begin("killed")
    with program(house, "killed", "first", lease=2, gate="never") as process:
        says(process, "begun")
        process.kill()
        process.wait()
    with program(house, "killed", "second"):
        data = house.ended(case)

    assert data["by"] == "second"
    assert ledger(house, "killed") == ["second"]


def test_a_worker_that_was_frozen_past_its_lease_is_told_and_changes_nothing(
    house: House,
) -> None:
    case = house.begin("frozen")
    with program(house, "frozen", "first", lease=2, gate="thawed") as process:
        says(process, "begun")
        process.send_signal(signal.SIGSTOP)
        with program(house, "frozen", "second"):
            data = house.ended(case)
        process.send_signal(signal.SIGCONT)
        (house.folder / "thawed").touch()
        house.wait("the end of its work", lambda: "first" in ledger(house, "frozen"))
        process.send_signal(signal.SIGTERM)
        says(process, "ended")

    assert data["by"] == "second"
    assert house.engine.data(case)["by"] == "second"
    kinds = [event.kind for event in house.engine.history(case)]
    assert kinds.count("external") == 1


def test_a_stopped_worker_finishes_its_task_and_leaves_the_next_one_free(house: House) -> None:
    case = house.begin("stopped")
    with program(house, "stopped", "first", lease=600, gate="stopped") as process:
        says(process, "begun")
        process.send_signal(signal.SIGTERM)
        (house.folder / "stopped").touch()
        says(process, "ended")
        assert process.wait(PATIENCE_SECONDS) == 0
    assert house.ended(case)["by"] == "first"

    following = house.begin("stopped")
    begun = time.monotonic()
    with program(house, "stopped", "second"):
        assert house.ended(following)["by"] == "second"
    assert time.monotonic() - begun < 600


def test_an_idle_worker_that_is_stopped_takes_no_task_with_it(house: House) -> None:
    """Its waiting call is cut; what comes right after belongs to others."""
    worker = hired(house, poll=600)
    worker.task("stopped", lease=600)(lambda task: {"by": "first"})
    with working(worker):
        time.sleep(1)
    case = house.begin("stopped")
    with program(house, "stopped", "second"):
        assert house.ended(case)["by"] == "second"


def test_failures_end_in_an_incident_whose_retry_gives_the_task_back(house: House) -> None:
    worker, tries = hired(house), list[int | None]()

    @worker.task("failing", retries=2, back_off=[0.1])
    def work(task: Task) -> dict[str, object]:
        tries.append(task.retries)
        if len(tries) < 4:
            raise OSError("The printer is on fire.")
        return {"tries": len(tries)}

    case = house.begin("failing")
    with working(worker):
        said = house.wait("incident", lambda: house.incident(case))
        before = list(tries)
        house.engine.external.set_retries([house.task(case).id], 1, by="owner")
        data = house.ended(case)

    assert before == [None, 2, 1]
    assert tries[3:] == [1]
    assert "OSError in the worker's function" in said
    assert data["tries"] == 4
    assert worker.metrics()["failing"]["failed"] == 3


def test_an_error_leaves_by_its_boundary_event(house: House) -> None:
    worker = hired(house)

    @worker.task("error")
    def work(task: Task) -> None:
        raise BpmnError("no_template", "There is none.", {"asked": "a4"})

    case = house.begin("error")
    with working(worker):
        data = house.engine.task_data(house.human_task(case))

    assert data["asked"] == "a4"
    assert house.incident(case) is None


@pytest.mark.parametrize(("key", "status"), [("told", "open"), ("ended", "decided")])
def test_an_escalation_tells_and_the_task_is_done_unless_it_ends_it(
    house: House, key: str, status: str
) -> None:
    worker = hired(house)

    @worker.task(key)
    def work(task: Task) -> None:
        raise Escalation("late", {"days": 2})

    case = house.begin(key)
    with working(worker):
        decide = house.human_task(case)
        house.wait("report", lambda: worker.metrics()[key]["in_progress"] == 0)
    assert house.engine.task_data(decide)["days"] == 2
    house.engine.complete(decide, {}, by="owner")
    house.ended(case)
    assert worker.metrics()[key]["lease_lost"] == 0
    assert house.incident(case) is None


def test_a_token_that_is_none_ends_the_worker_in_words(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Worker(house.product.url, token="none", name="stranger")
    stranger.task("plain")(lambda task: None)

    assert refused(stranger)
    assert "Worker stranger is refused and ends: " in caplog.text
    assert "(401)" in caplog.text


def test_a_topic_that_the_token_is_not_for_is_told_while_the_worker_waits(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    worker = hired(house)
    worker.task("of-somebody-else")(lambda task: None)
    with working(worker):
        house.wait(
            "words", lambda: "This token is not for the topic of-somebody-else" in caplog.text
        )
