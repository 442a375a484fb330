"""A lock that serves waiting threads in the order of their arrival, with a time limit."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock


class FairLock:
    """First come, first served: SQLite has one writer, and without order threads starve."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Event] = deque()

    def acquire(self, timeout_seconds: float) -> bool:
        """True if the lock was acquired within the limit, else False."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(timeout_seconds):
            return True
        with self._guard:
            if turn.is_set():  # handed over while this thread gave up
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        """Hand the lock to the thread that has waited longest, or open it."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
