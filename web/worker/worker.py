"""The worker: fetches tasks by long polling, runs their functions in threads, reports the results.

The main thread waits for the signal to stop; one thread fetches, one extends leases, `max_tasks`
threads run functions.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from inspect import iscoroutinefunction
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from uuid import uuid4

from web.worker.client import BackOff, Client, Refused, Rejected, Unavailable
from web.worker.holding import Held, Holding
from web.worker.metrics import Metrics, Page, Snapshot
from web.worker.task import Done, Failure, Task, read_task
from web.worker.work import Function, Report, Topic, completed, milliseconds

log = logging.getLogger("tindak.worker")

ENVIRONMENT = URL, TOKEN, TOKEN_FILE = "TINDAK_URL", "TINDAK_TOKEN", "TINDAK_TOKEN_FILE"
"""Environment variables that replace arguments."""
TASKS = "/external-task"
REFUSED_STATUS = 77
"""Exit status if the server does not accept the token: starting again does not help."""
LAST_ANSWER_SECONDS = 1.0
"""Seconds that a stopping worker waits for tasks on their way, to give them back, before it cuts
the call."""
SHORTEST_ROUND_SECONDS = 1.0
"""Seconds between two empty answers, if the server does not wait as asked."""
LONGEST_LEASE_SECONDS = 30 * 86_400.0
SLACK_SECONDS = 15.0
"""Seconds beyond the requested time for which the server may be silent."""


class Worker:
    """A worker of the server at `url` (default: TINDAK_URL). Its token: `token`, the content of
    `token_file`, or TINDAK_TOKEN or the file TINDAK_TOKEN_FILE. `name`: unique among running
    workers. `max_tasks` functions run at once; `poll`: seconds one call waits for tasks. `ca_file`:
    authority of the server's certificate. `metrics_port`: see `metrics.Page`. Raises ValueError for
    an unusable argument, OSError for a file.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        token: str | None = None,
        token_file: str | Path | None = None,
        name: str | None = None,
        max_tasks: int = 4,
        poll: float = 30.0,
        ca_file: str | None = None,
        allow_http: bool = False,
        metrics_port: int | None = None,
    ) -> None:
        _check("max_tasks", 0 < max_tasks <= 1000, "1 to 1,000 tasks")
        _check("poll", 0 <= poll <= 1800, "seconds, at most half an hour")
        _check("name", name is None or 0 < len(name) <= 255, "1 to 255 characters")
        url, secret = url or os.environ.get(URL, ""), _token(token, token_file)
        self.name = name or f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self._fetches = Client(url, secret, ca_file=ca_file, allow_http=allow_http)
        self._reports = Client(url, secret, ca_file=ca_file, allow_http=allow_http)
        self._poll_seconds, self._metrics_port = poll, metrics_port
        self._topics: dict[str, Topic] = {}
        self._metrics = Metrics()
        self._held = Holding(max_tasks, self._extend, self._lost)
        self._functions = ThreadPoolExecutor(max_tasks, thread_name_prefix="worker-task")
        # Unlike an Event, its `put` may be called by a signal handler.
        self._ends: SimpleQueue[BaseException | None] = SimpleQueue()
        self._stopping = threading.Event()

    def task(
        self,
        topic: str,
        *,
        lease: float = 60.0,
        retries: int = 3,
        back_off: Sequence[float] = (10, 60, 300),
        variables: Sequence[str] | None = None,
        extend: bool = True,
    ) -> Callable[[Function], Function]:
        """Make the decorated function do the work of this topic.

        `lease`: seconds for which a task is held, extended while the function runs unless `extend`
        is false. `retries`: attempts after a failure before the task becomes an incident;
        `back_off`: seconds before each. `variables`: the wanted ones; None: all. Raises ValueError
        for a topic that already has a function, for an `async def`, and for impossible numbers.
        """
        _check("topic", 0 < len(topic) <= 200, "1 to 200 characters")
        _check("lease", 0 < lease <= LONGEST_LEASE_SECONDS, "seconds, at most 30 days")
        _check("retries", retries >= 0, "a number from 0")
        _check("back_off", all(0 <= one <= LONGEST_LEASE_SECONDS for one in back_off), "seconds")

        def register(function: Function) -> Function:
            if topic in self._topics:
                raise ValueError(f"The topic {topic} has two functions.")
            if iscoroutinefunction(function):
                raise ValueError(f"The function of {topic} is asynchronous; it runs in a thread.")
            self._metrics.know(topic)
            self._topics[topic] = Topic(
                topic, function, lease, retries, back_off, variables, extend
            )
            return function

        return register

    def run(self) -> None:
        """Work until SIGTERM or SIGINT (a second one ends at once) or `stop`. Running functions are
        finished, tasks that have not begun are given back. Call it once for each worker.

        Raises SystemExit(77) if the server does not accept the token.
        """
        if not self._topics:
            raise ValueError("The worker has no function: decorate one with @worker.task(TOPIC).")
        port = self._metrics_port
        with self._signals(), nullcontext() if port is None else closing(Page(self._metrics, port)):
            log.info("Worker %s does the tasks of %s", self.name, ", ".join(self._topics))
            self._start(self._held.keep)
            poller = self._start(self._poll)
            ends = [self._ends.get()]
            log.info("Worker %s stops", self.name)
            self._stopping.set()
            self._held.close()
            poller.join(LAST_ANSWER_SECONDS)
            self._fetches.cut()
            self._functions.shutdown()
            poller.join()
        while not self._ends.empty():
            ends.append(self._ends.get())
        error = next((end for end in ends if end), None)
        if isinstance(error, Refused):
            raise SystemExit(REFUSED_STATUS)
        if error:
            raise error

    def stop(self) -> None:
        """End `run`, from any thread or signal handler."""
        self._ends.put(None)

    def metrics(self) -> Snapshot:
        """topic -> `fetched`, `completed`, `failed`, `errors`, `lease_lost`, `in_progress`,
        `seconds` (in functions)."""
        return self._metrics.snapshot()

    def _start(self, act: Callable[[], None]) -> threading.Thread:
        """A thread whose exception ends the worker."""

        def watched() -> None:
            with self._watching():
                act()

        thread = threading.Thread(target=watched, name=f"worker{act.__name__}", daemon=True)
        thread.start()
        return thread

    @contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if isinstance(error, Refused):
                log.error("Worker %s is refused and ends: %s", self.name, error)
            self._ends.put(error)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT stop the worker; a second one gets the former handler."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}

        def restore() -> None:
            for one, handler in before.items():
                signal.signal(one, handler)

        def stop(*_: object) -> None:
            restore()
            self.stop()

        for one in before:
            signal.signal(one, stop)
        try:
            yield
        finally:
            restore()

    def _poll(self) -> None:
        pauses = BackOff(0.5, 60.0)
        while room := self._held.room():
            begun = time.monotonic()
            try:
                rows = self._fetch(room)
            except (Unavailable, Rejected) as trouble:
                pause = pauses.seconds(getattr(trouble, "after", None))
                if not self._stopping.is_set():
                    log.warning("No tasks, next try in %.1f s: %s", pause, trouble)
            else:
                pauses.reset()
                self._take(rows)
                pause = 0.0 if rows else begun + SHORTEST_ROUND_SECONDS - time.monotonic()
            if pause > 0:
                self._stopping.wait(pause)

    def _fetch(self, most: int) -> list[dict[str, Any]]:
        body = {
            "workerId": self.name,
            "maxTasks": most,
            "usePriority": True,
            "asyncResponseTimeout": milliseconds(self._poll_seconds),
            "topics": [topic.wanted() for topic in self._topics.values()],
        }
        silence = self._poll_seconds + SLACK_SECONDS
        rows: list[dict[str, Any]] = self._fetches.post(
            f"{TASKS}/fetchAndLock", body, timeout=silence
        )
        return rows

    def _take(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if self._stopping.is_set():
                self._give_back(row["id"])
                continue
            task = read_task(row, self._held.extend)
            topic = self._topics[task.topic]
            held = self._held.add(task, topic.lease, extend=topic.extend)
            if held:
                self._metrics.add(topic.name, "fetched")
                self._functions.submit(self._work, topic, held)

    def _give_back(self, id: str) -> None:
        try:
            self._reports.post(f"{TASKS}/{id}/unlock", {})
        except (Rejected, Unavailable) as trouble:
            log.warning("Task %s waits for the end of its lease: %s", id, trouble)

    def _work(self, topic: Topic, held: Held) -> None:
        task, begun = held.task, time.monotonic()
        self._metrics.add(topic.name, "in_progress")
        with self._watching():
            report = topic.play(task)
            self._metrics.add(topic.name, "seconds", time.monotonic() - begun)
            self._held.stop_extending(held)
            if task.lost:
                log.warning("What task %s answered counts no more", task.id)
            else:
                self._metrics.add(topic.name, self._reported(topic, held, report))
                if report.act == "bpmnEscalation":
                    self._go_on(held)
        self._metrics.add(topic.name, "in_progress", -1)
        self._held.remove(held)

    def _reported(self, topic: Topic, held: Held, report: Report) -> str:
        """The counter for the report that the server accepted, or for a failure if it cannot accept
        the report. Raises Refused."""
        try:
            self._send(held, report)
            return report.counted
        except Rejected as refusal:
            if report.act != "failure" and refusal.status != 404:
                log.warning("What task %s answered is refused (%s)", held.task.id, refusal.status)
                failure = topic.failed(held.task, Failure(str(refusal)))
                return self._reported(topic, held, failure)
            log.warning("Task %s was taken away: %s", held.task.id, refusal)
        except Unavailable as trouble:
            log.error("Nobody knows whether task %s is done: %s", held.task.id, trouble)
        return "lease_lost"

    def _go_on(self, held: Held) -> None:
        """After an escalation the task is still held, unless the catching event has ended it."""
        try:
            self._send(held, completed(Done()))
        except (Rejected, Unavailable) as trouble:
            log.info("Task %s has ended with its escalation: %s", held.task.id, trouble)

    def _send(self, held: Held, report: Report) -> None:
        """Send the report again and again until there is an answer or the lease is over: the server
        accepts the same report of the same worker twice."""
        path, body = f"{TASKS}/{held.task.id}/{report.act}", {"workerId": self.name, **report.body}
        pauses = BackOff(0.2, 10.0)
        while True:
            try:
                self._reports.post(path, body, once=report.once)
                return
            except Unavailable as trouble:
                if time.monotonic() >= held.ends_at:
                    raise
                pause = pauses.seconds(trouble.after)
                log.warning("Task %s is reported again in %.1f s", held.task.id, pause)
                time.sleep(pause)

    def _extend(self, task: Task, seconds: float) -> None:
        body = {"workerId": self.name, "newDuration": milliseconds(seconds)}
        self._reports.post(f"{TASKS}/{task.id}/extendLock", body, timeout=max(seconds / 4, 1.0))

    def _lost(self, task: Task) -> None:
        self._metrics.add(task.topic, "lease_lost")


def _token(token: str | None, file: str | Path | None) -> str:
    file = file or (None if token else os.environ.get(TOKEN_FILE))
    found = (token or (Path(file).read_text() if file else os.environ.get(TOKEN, ""))).strip()
    if not found:
        raise ValueError("The worker has no token: give token=, token_file= or TINDAK_TOKEN.")
    if not found.isascii() or not found.isprintable() or " " in found:
        # Caught here, because an error about a wrong header would show the header, token and all.
        raise ValueError("The token of the worker has characters that no token has.")
    return found


def _check(name: str, fits: bool, wanted: str) -> None:
    if not fits:
        raise ValueError(f"The {name} of a worker: {wanted}.")
