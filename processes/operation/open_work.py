"""The amount of work for external workers, without regard to rights. The front of a web process
looks here on behalf of all waiting workers, and lets only as many ask again.

Leases nothing and reveals nothing but numbers; `processes.programs.external_work` decides who gets
which task.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine import Engine
from engine.face.waking import HEARTBEAT_SECONDS
from engine.scheduler import UNTOLD_SECONDS
from engine.storage.later import externals


class OpenWork:
    """The external tasks of an engine that no worker holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.heartbeat = UNTOLD_SECONDS if engine.database.is_pooled else HEARTBEAT_SECONDS
        """Longest pause in seconds between two looks: work without a report waits no longer."""

    def look(self, topics: Collection[str], most: int) -> tuple[Mapping[str, int], float | None]:
        """Topic -> number of tasks that can be fetched now, counted up to `most`; and the seconds
        until another one can be fetched, None if there is none. Raises Unavailable."""
        with self._engine.reading() as connection:
            now = self._engine.on(connection).real_now()
            free = externals.available(connection, topics, now, most)
            next_at = externals.next_free(connection, topics, now)
        return free, None if next_at is None else (next_at - now).total_seconds()

    def listen(self, told: Callable[[frozenset[str]], None]) -> None:
        """Call `told` whenever tasks of some topics may be fetched; without topics: of any
        topic."""
        self._engine.external.listen(told)
