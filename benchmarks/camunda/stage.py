"""An empty engine for one case, and the questions about everything that runs on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from benchmarks.camunda.adapting import Answering, handler_of
from engine import Engine
from engine.execution.border import Subscription
from engine.storage.cases.instances import Instance, of_key
from engine.storage.cases.worklist import Task
from engine.storage.later.externals import TopicWanted
from engine.storage.later.jobs import add, job_row
from engine.storage.tables import job
from engine.time.clock import ManualClock

BEGIN: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MANY: Final = 500
WORKER: Final = "worker"
LEASE: Final = timedelta(minutes=5)


class Stage:
    """An engine whose clock is moved by hand; after each act all due work is done."""

    def __init__(self, url: str, answers: Mapping[str, Answering], outside: bool = False) -> None:
        """`outside`: a worker does the work of topics, in place of handlers in the step."""
        self.clock = ManualClock(BEGIN)
        handlers = {} if outside else {name: handler_of(one) for name, one in answers.items()}
        self.engine = Engine.open(url, handlers, clock=self.clock)
        self.keys: list[str] = []
        self.answers = answers if outside else {}

    def deploy(self, files: Mapping[str, bytes]) -> None:
        """Deploy the files together. Raises ModelError."""
        self.keys += [version.key for version in self.engine.deploy(files, by="author")]

    def ring(self, signal: str, payload: Mapping[str, Any]) -> None:
        """Throw a signal from outside, like Camunda's runtime service."""
        row = job_row("signal", self.clock.now, {"signal": signal, "payload": payload, "by": None})
        self.engine.database.repeat(lambda connection: add(connection, [row]))

    def settle(self) -> None:
        """Do all due work."""
        while self.engine.run_due() or self._work():
            pass

    def _work(self) -> bool:
        """Do one external task; False if there is none."""
        topics = [TopicWanted(topic=name, lease=LEASE) for name in self.answers]
        external = self.engine.external
        for work in external.fetch(WORKER, topics) if topics else ():
            id, answer = work.task.id, self.answers[work.task.topic](work.variables)
            if "error" in answer:
                external.throw_error(id, WORKER, answer["error"], answer.get("message", ""))
            elif "fails" in answer:
                external.fail(id, WORKER, answer["fails"])
            else:
                external.complete(id, WORKER, answer.get("set"))
            return True
        return False

    def to_next_timer(self) -> None:
        """Move the clock to the moment the next job is due."""
        seconds = self.engine.seconds_to_next_job()
        self.clock.advance(seconds=max(seconds or 0, 0))

    def instances(self) -> list[Instance]:
        """All instances, in the order of their starts."""
        with self.engine.database.read() as connection:
            found = [
                one
                for key in sorted(set(self.keys))
                for one in of_key(connection, key, status=None, most=MANY)
            ]
        return sorted(found, key=lambda one: one.id)

    def running(self) -> list[UUID]:
        """The instances that have not ended."""
        return [one.id for one in self.instances() if one.ended_at is None]

    def tasks(self) -> list[Task]:
        """Open human tasks, oldest first."""
        return sorted(self.engine.tasks(limit=MANY), key=lambda task: task.id)

    def waiting(self) -> Iterator[Subscription]:
        """The waits for messages and signals, oldest first."""
        for one in self.running():
            yield from self.engine.awaited(one)

    def timers(self) -> int:
        """The number of armed timers."""
        wanted = select(func.count()).select_from(job).where(job.c.kind == "timer")
        with self.engine.database.read() as connection:
            return connection.scalar(wanted) or 0


def labels(tasks: list[Task], wanted: Counter[str]) -> Counter[str]:
    """Each task by its id, or by its name if the name is expected."""
    return Counter(
        task.name if task.name in wanted and task.element_id not in wanted else task.element_id
        for task in tasks
    )
