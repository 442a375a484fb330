"""Acts that reach one lock in a known order, without a sleep: the lock is held, each act begins in
its own thread, and the next one only when the one before waits in the queue.

The database itself (PostgreSQL) or the in-process queue (SQLite) says who waits, so the order in a
test is the real order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from uuid import UUID

from sqlalchemy import text

from engine import Engine
from engine.ports.handlers import Step
from engine.sentences.errors import TindakError
from engine.storage.cases import steps

LOOK_SECONDS = 0.005
Act = Callable[[], object]

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Runner(Thread):
    """One act in its thread: what it returned, or the refusal it met."""

    def __init__(self, act: Act) -> None:
        super().__init__(daemon=True)
        self._act = act
        self.outcome: object = None

    def run(self) -> None:
        try:
            self.outcome = self._act()
        except TindakError as refusal:
            self.outcome = refusal


class Queue:
    """The acts that have come to the lock so far, in order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._runners: list[Runner] = []

    def begin(self, act: Act) -> None:
        """Start an act; returns when it waits for the lock, or is through without waiting."""
        before, runner = self._waiting(), Runner(act)
        self._runners.append(runner)
        runner.start()
        while runner.is_alive() and self._waiting() <= before:
            Event().wait(LOOK_SECONDS)

    def outcomes(self) -> list[Any]:
        """What came of each act, once the lock is free and all are through."""
        for runner in self._runners:
            runner.join()
        return [runner.outcome for runner in self._runners]

    def _waiting(self) -> int:
        database = self._engine.database
        if database.is_sqlite:
            return len(database._write_lock._waiting)
        with self._engine.reading() as connection:
            return int(connection.scalar(_WAITING) or 0)


@contextmanager
def held(engine: Engine, case: UUID) -> Iterator[Queue]:
    """The lock of a case is held while the block runs; whoever comes meanwhile waits in turn."""
    queue = Queue(engine)
    with engine.transaction() as connection:
        assert steps.lock(connection, case) is not None
        yield queue


class Meanwhile:
    """A handler that lets one act come while its own step holds the lock."""

    def __init__(self) -> None:
        self.act: Act | None = None
        self.queue: Queue | None = None
        self.ran = 0

    def come(self, engine: Engine, act: Act) -> None:
        """What comes during the next step with this handler."""
        self.queue, self.act = Queue(engine), act

    def __call__(self, step: Step) -> None:
        self.ran += 1
        act, self.act = self.act, None
        if self.queue is not None and act is not None:
            self.queue.begin(act)

    @property
    def outcome(self) -> Any:
        """What came of the act."""
        assert self.queue is not None
        [found] = self.queue.outcomes()
        return found
