"""A worker extends the leases of its tasks, and accepts it when the server takes one away."""

from __future__ import annotations

import threading

import pytest

from tests.web.worker.conftest import Hire, until, working
from tests.web.worker.fake import PATIENCE_SECONDS, Fake, Fault, wait
from web.worker import Task
from web.worker.client import Rejected
from web.worker.holding import Holding
from web.worker.task import read_task

GONE = Fault(400, message="Another worker holds the task.")


def test_a_lease_is_extended_before_it_ends_while_the_function_runs(
    fake: Fake, hire: Hire, go_on: threading.Event
) -> None:
    worker = hire()
    worker.task("render", lease=4)(until(go_on))
    id = fake.offer("render")
    with working(worker):
        first, second = calls = fake.first_ones("extendLock", 2)
        go_on.set()
        fake.first("complete")

    assert first.at - fake.first("fetchAndLock").at < 4
    assert second.at - first.at < 4
    assert all(call.body == {"workerId": "pdf-1", "newDuration": 4000} for call in calls)
    assert all(call.task == id for call in calls)


def test_a_task_that_comes_back_while_its_function_runs_is_not_begun_twice(
    fake: Fake, hire: Hire, go_on: threading.Event
) -> None:
    """As to a machine that was frozen past the lease. The lease is extended at once: that tells
    whether it still holds."""
    worker, begun = hire(max_tasks=2, poll=1), threading.Event()
    worker.task("render", lease=600)(until(go_on, begun))
    row = fake.row("render")
    with working(worker):
        fake.put(row)
        assert begun.wait(PATIENCE_SECONDS)
        fake.put(row)
        fake.first("extendLock")
        go_on.set()
        fake.first("complete")

    assert len(fake.of("complete")) == 1
    assert worker.metrics()["render"]["fetched"] == 1


def test_a_task_that_was_taken_away_and_comes_back_is_extended_and_reported(
    fake: Fake, hire: Hire
) -> None:
    worker, back = hire(max_tasks=2, poll=1), threading.Event()
    tasks = list[Task]()

    @worker.task("render", lease=1)
    def render(task: Task) -> None:
        tasks.append(task)
        assert back.wait(PATIENCE_SECONDS)

    fake.faults["extendLock"] = [GONE]
    row = fake.row("render")
    with working(worker):
        fake.put(row)
        wait("loss", lambda: tasks and tasks[0].lost)
        fake.put(row)
        fake.first_ones("extendLock", 3)
        assert not tasks[0].lost
        back.set()
        fake.first("complete")
        wait("count", lambda: worker.metrics()["render"]["completed"])

    assert len(tasks) == 1


def test_a_refusal_that_comes_after_the_task_has_come_back_takes_nothing_away(
    fake: Fake,
) -> None:
    task, asked, told = read_task(fake.row("render"), print), list[Task](), list[Task]()

    def extend(task: Task, seconds: float) -> None:
        if len(asked) == 1:
            held.remove(first)
            return
        asked.append(task)
        assert held.add(task, 600, extend=True) is None
        raise Rejected(400, GONE.message)

    def lost(task: Task) -> None:
        told.append(task)
        held.remove(first)

    held = Holding(1, extend, lost)
    first = held.add(task, 0, extend=True)
    assert first is not None
    held.close()
    held.keep()

    assert (asked, told) == ([task], [])
    assert not task.lost


def test_each_of_several_tasks_is_extended(fake: Fake, hire: Hire, go_on: threading.Event) -> None:
    worker = hire(max_tasks=3)
    worker.task("render", lease=1)(until(go_on))
    ids = {fake.offer("render") for _ in range(3)}
    with working(worker):
        wait("all extended", lambda: {call.task for call in fake.of("extendLock")} == ids)
        go_on.set()


def test_a_topic_may_do_without(fake: Fake, hire: Hire, go_on: threading.Event) -> None:
    worker = hire(max_tasks=2)
    worker.task("render", lease=0.2, extend=False)(until(go_on))
    worker.task("send", lease=0.2)(until(go_on))
    fake.offer("render")
    other = fake.offer("send")
    with working(worker):
        fake.first_ones("extendLock", 4)
        go_on.set()

    assert {call.task for call in fake.of("extendLock")} == {other}


def test_nothing_is_extended_once_its_end_is_reported(fake: Fake, hire: Hire) -> None:
    worker = hire()
    worker.task("render", lease=0.4)(lambda task: None)
    fake.faults["complete"] = [Fault(503)] * 2
    fake.offer("render")
    with working(worker):
        fake.first_ones("complete", 2)

    assert fake.of("extendLock") == []


def test_a_function_may_extend_its_task_itself(fake: Fake, hire: Hire) -> None:
    worker = hire()
    worker.task("render", extend=False)(lambda task: task.extend(120))
    fake.offer("render")
    with working(worker):
        assert fake.first("extendLock").body["newDuration"] == 120_000


def test_a_report_is_repeated_as_long_as_the_extended_lease(fake: Fake, hire: Hire) -> None:
    worker = hire()
    worker.task("render", lease=0.5, extend=False)(lambda task: task.extend(60))
    fake.faults["complete"] = [Fault(503)] * 4
    fake.offer("render")
    with working(worker):
        calls = fake.first_ones("complete", 5)

    assert calls[4].at - calls[0].at > 0.5
    assert worker.metrics()["render"]["completed"] == 1


def test_what_a_function_answers_after_its_task_was_taken_away_counts_no_more(
    fake: Fake, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    worker, tasks = hire(), list[Task]()

    @worker.task("render", lease=0.4)
    def render(task: Task) -> None:
        wait("loss", lambda: task.lost)
        tasks.append(task)

    fake.faults["extendLock"] = [GONE]
    id = fake.offer("render")
    with working(worker):
        wait("end", lambda: tasks)

    assert fake.of("complete") == []
    assert worker.metrics()["render"]["lease_lost"] == 1
    assert f"Task {id} of render was taken away: Another worker holds the task." in caplog.text


def test_an_extension_without_an_answer_is_repeated_within_the_lease(
    fake: Fake, hire: Hire, go_on: threading.Event
) -> None:
    worker = hire()
    worker.task("render", lease=4)(until(go_on))
    fake.faults["extendLock"] = [Fault(503), Fault()]
    fake.offer("render")
    with working(worker):
        first, _, third = fake.first_ones("extendLock", 3)[:3]
        go_on.set()
        fake.first("complete")

    assert third.at - first.at >= 0.8
    assert worker.metrics()["render"]["lease_lost"] == 0


def test_a_report_that_comes_too_late_is_dropped_in_words(
    fake: Fake, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    worker = hire()
    worker.task("render")(lambda task: None)
    fake.faults["complete"] = [GONE]
    fake.faults["failure"] = [GONE]
    id = fake.offer("render")
    with working(worker):
        wait("loss", lambda: worker.metrics()["render"]["lease_lost"])

    assert (len(fake.of("complete")), len(fake.of("failure"))) == (1, 1)
    assert f"Task {id} was taken away: Another worker holds the task." in caplog.text
    assert worker.metrics()["render"]["completed"] == 0


def test_a_task_that_is_gone_is_not_reported_twice(fake: Fake, hire: Hire) -> None:
    worker = hire()
    worker.task("render")(lambda task: None)
    fake.faults["complete"] = [Fault(404, message="There is no such task.")]
    fake.offer("render")
    with working(worker):
        wait("loss", lambda: worker.metrics()["render"]["lease_lost"])

    assert (len(fake.of("complete")), len(fake.of("failure"))) == (1, 0)


def test_an_answer_the_server_cannot_take_becomes_a_failure_with_its_words(
    fake: Fake, hire: Hire
) -> None:
    worker = hire(token="t")
    worker.task("render", retries=2)(lambda task: {"case": 1})
    fake.faults["complete"] = [Fault(400, message="No variable may be called case.")]
    fake.offer("render")
    with working(worker):
        body = fake.first("failure").body
        wait("count", lambda: worker.metrics()["render"]["failed"])

    assert (body["errorMessage"], body["retries"]) == ("No variable may be called case.", 2)
    assert worker.metrics()["render"]["lease_lost"] == 0
