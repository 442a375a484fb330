"""How much work there is for programs outside, whoever may have it: the front of a web process
looks here on behalf of all who wait, and lets only as many ask again.

Gives nothing out and names nothing but numbers; who gets what is
`processes.programs.external_work`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine import Engine
from engine.face.waking import HEARTBEAT_SECONDS
from engine.scheduler import UNTOLD_SECONDS
from engine.storage.later import externals


class OpenWork:
    """The external tasks of an engine that nobody holds."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.heartbeat = UNTOLD_SECONDS if engine.database.is_pooled else HEARTBEAT_SECONDS
        """Seconds between two looks at most: what nobody was told of waits no longer."""

    def look(self, topics: Collection[str], most: int) -> tuple[Mapping[str, int], float | None]:
        """Topic -> how many can be fetched now, counted up to `most`; and in how many seconds the
        next one can be that cannot be now, None: there is none. Raises Unavailable."""
        with self._engine.reading() as connection:
            now = self._engine.on(connection).real_now()
            free = externals.available(connection, topics, now, most)
            next_at = externals.next_free(connection, topics, now)
        return free, None if next_at is None else (next_at - now).total_seconds()

    def listen(self, told: Callable[[frozenset[str]], None]) -> None:
        """Have `told` called whenever tasks of some topics may be fetched; of none: of any."""
        self._engine.external.listen(told)
