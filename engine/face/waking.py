"""Who is told of later work once it is stored: the scheduler of this process, and those of others.

Knows seconds until work is due, never the work.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.storage.database.notify import DUE, Bell, Ear
from engine.storage.database.unit_of_work import Database

HEARTBEAT_SECONDS = 5.0
"""Every scheduler looks at least so often, whether it is told of new work or not."""


class Waking:
    """Tells after commits. `bell` reaches other processes; None where the database cannot."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.bell = Bell(database.url) if database.tells_others else None
        self._listeners: list[Callable[[float], None]] = []
        self._ears: list[Ear] = []

    def listen(self, listener: Callable[[float], None]) -> None:
        """`listener(seconds)` is called after each commit that stores work due in `seconds`, also
        after those of other processes where the database `tells_others`."""
        self._listeners.append(listener)
        if self._database.tells_others:
            self._ears.append(Ear(self._database.url, DUE, lambda said: listener(_seconds(said))))

    def wake(self, seconds: float) -> None:
        """Told after a commit. Without a listener of one's own the other processes are told, if
        the work is due before they would look anyway."""
        for listener in self._listeners:
            listener(seconds)
        if self.bell is not None and not self._listeners and seconds < HEARTBEAT_SECONDS:
            self.bell.ring(DUE, f"{seconds:.3f}")

    def stop_listening(self) -> None:
        """Hear nothing more of other processes."""
        for ear in self._ears:
            ear.close()

    def close(self) -> None:
        """Tell other processes nothing more."""
        if self.bell is not None:
            self.bell.close()


def _seconds(said: str) -> float:
    """In how many seconds the work is due; at once for what only somebody else can have said."""
    try:
        return max(0.0, float(said))
    except ValueError:
        return 0.0
