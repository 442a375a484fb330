"""The tasks a worker holds, and the one thread that extends their leases.

A lease is extended when half of it is over, for as long as its function runs; not any more while
its end is reported: a task that is done has none.
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
    while its function `runs`; `extend_at`: when next, NEVER where nothing is due."""

    task: Task
    lease: float
    ends_at: float
    extend: bool
    extend_at: float = NEVER
    runs: bool = True

    def is_ours(self, until: float, extend_at: float) -> None:
        """The server has said so, also of one that was taken away before."""
        self.task.lost = False
        self.ends_at = until
        self.extend_at = extend_at if self.extend and self.runs else NEVER


class Holding:
    """The tasks held, at most `most`. `extend(task, seconds)` asks the server; `lost(task)` is
    told of each task that was taken away."""

    def __init__(
        self, most: int, extend: Callable[[Task, float], None], lost: Callable[[Task], None]
    ) -> None:
        self._most, self._ask, self._tell = most, extend, lost
        self._changed = threading.Condition()
        self._held: dict[str, Held] = {}
        self._closed = False

    def add(self, task: Task, lease: float, *, extend: bool) -> Held | None:
        """Hold a task just fetched. None for one that is held already: its lease ran out unnoticed,
        as on a machine that was frozen, and came back. Its function runs; it is not begun twice."""
        now = time.monotonic()
        held = Held(task, lease, now + lease, extend)
        with self._changed:
            known = self._held.setdefault(task.id, held)
            known.is_ours(held.ends_at, now + lease / 2 if known is held else now)
            self._changed.notify_all()
        return held if known is held else None

    def stop_extending(self, held: Held) -> None:
        """Its function has ended."""
        with self._changed:
            held.runs, held.extend_at = False, NEVER

    def remove(self, held: Held) -> None:
        """The task is done with, here."""
        with self._changed:
            self._held.pop(held.task.id, None)
            self._changed.notify_all()

    def room(self) -> int:
        """How many more tasks may be held, once there is room for one; 0: closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._held) < self._most)
            return 0 if self._closed else self._most - len(self._held)

    def close(self) -> None:
        """Nothing more is fetched; what is held goes on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def extend(self, task: Task, seconds: float) -> None:
        """Hold a task for so many seconds from now. Raises an error of `web.worker.client`."""
        now = time.monotonic()
        self._ask(task, seconds)
        with self._changed:
            held = self._held.get(task.id)
            if held:
                held.is_ours(now + seconds, now + seconds / 2)

    def keep(self) -> None:
        """Extend what is due, until closed and empty."""
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
