"""The tasks that a worker holds, and the one thread that extends their leases.

A lease is extended after half of its time, while its function runs. It is not extended while the
end is reported: a completed task has no lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from web.worker.client import Rejected, Unavailable
from web.worker.task import Task

log = logging.getLogger("tindak.worker")

NEVER = float("inf")
RETRY_PART = 0.1
"""An extension without an answer is repeated after this part of the lease."""


@dataclass(slots=True)
class Held:
    """A task and its lease, in seconds of the monotonic clock. `extend`: its lease is extended
    while its function `runs`; `extend_at`: time of the next extension, NEVER without one."""

    task: Task
    lease: float
    ends_at: float
    extend: bool
    extend_at: float = NEVER
    runs: bool = True

    def is_ours(self, until: float, extend_at: float) -> None:
        """Note the server's lease, also for a task that was lost before."""
        self.task.lost = False
        self.ends_at = until
        self.extend_at = extend_at if self.extend and self.runs else NEVER


class Holding:
    """The tasks held, at most `most`. `extend(task, seconds)` asks the server; `lost(task)` is
    called for each task that was taken away."""

    def __init__(
        self, most: int, extend: Callable[[Task, float], None], lost: Callable[[Task], None]
    ) -> None:
        self._most, self._ask, self._tell = most, extend, lost
        self._changed = threading.Condition()
        self._held: dict[str, Held] = {}
        self._closed = False

    def add(self, task: Task, lease: float, *, extend: bool) -> Held | None:
        """Hold a task just fetched. None for a task that is held already: its lease ended
        unnoticed, as on a frozen machine, and the task was fetched again. Its function still runs
        and is not started twice."""
        now = time.monotonic()
        held = Held(task, lease, now + lease, extend)
        with self._changed:
            known = self._held.setdefault(task.id, held)
            known.is_ours(held.ends_at, now + lease / 2 if known is held else now)
            self._changed.notify_all()
        return held if known is held else None

    def stop_extending(self, held: Held) -> None:
        """Stop extending, because its function has ended."""
        with self._changed:
            held.runs, held.extend_at = False, NEVER

    def remove(self, held: Held) -> None:
        """Forget the task: this worker has finished with it."""
        with self._changed:
            self._held.pop(held.task.id, None)
            self._changed.notify_all()

    def room(self) -> int:
        """Wait for room; return the number of further tasks that may be held; 0: closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._held) < self._most)
            return 0 if self._closed else self._most - len(self._held)

    def close(self) -> None:
        """Fetch no more tasks; held tasks go on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def extend(self, task: Task, seconds: float) -> None:
        """Extend the lease of a task to so many seconds from now. Raises an error of
        `web.worker.client`."""
        now = time.monotonic()
        self._ask(task, seconds)
        with self._changed:
            held = self._held.get(task.id)
            if held:
                held.is_ours(now + seconds, now + seconds / 2)

    def keep(self) -> None:
        """Extend the leases that are due, until closed and empty."""
        while (held := self._next_due()) is not None:
            due = held.extend_at
            try:
                self.extend(held.task, held.lease)
            except Unavailable as trouble:
                log.warning("No extension of task %s yet: %s", held.task.id, trouble)
                self._again(held, due)
            except Rejected as refusal:
                self._lose(held, due, str(refusal))

    def _next_due(self) -> Held | None:
        with self._changed:
            while self._held or not self._closed:
                first = min(self._held.values(), key=lambda one: one.extend_at, default=None)
                pause = first.extend_at - time.monotonic() if first else NEVER
                if first and pause <= 0:
                    return first
                self._changed.wait(pause if pause < NEVER else None)
        return None

    def _again(self, held: Held, due: float) -> None:
        with self._changed:
            if held.extend_at == due:
                held.extend_at = time.monotonic() + max(held.lease * RETRY_PART, RETRY_PART)

    def _lose(self, held: Held, due: float, words: str) -> None:
        with self._changed:
            if held.extend_at != due:
                return  # Its end was reported, or it was fetched again: that answer counts.
            held.extend_at = NEVER
            held.task.lost = True
        log.warning("Task %s of %s was taken away: %s", held.task.id, held.task.topic, words)
        self._tell(held.task)
