"""Live instances kept in memory between steps: bounded, and never trusted without the lock."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from engine.execution.border import Live

CAPACITY = 512
"""Live instances kept; one takes about 40 KB."""


class LiveCache:
    """Least recently used first out. An entry is taken out for a step and put back only after
    its commit, so whatever fails leaves nothing behind."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[UUID, tuple[int, Live]] = OrderedDict()
        self._guard = Lock()

    def take(self, instance_id: UUID, version: int) -> Live | None:
        """Remove and return the live instance if it is of this version."""
        with self._guard:
            entry = self._entries.pop(instance_id, None)
        return entry[1] if entry is not None and entry[0] == version else None

    def put(self, instance_id: UUID, version: int, live: Live) -> None:
        """Keep a committed live instance."""
        with self._guard:
            self._entries[instance_id] = (version, live)
            self._entries.move_to_end(instance_id)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def __len__(self) -> int:
        return len(self._entries)
