"""Live instances in memory between steps: a bounded number, valid only under the instance's
lock.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from engine.execution.border import Live

CAPACITY = 512
"""Number of live instances kept; one takes about 40 KB."""


class LiveCache:
    """The cache; it drops the least recently used entry first. A step takes its entry out and puts
    it back only after its commit, so a failed step leaves no entry."""

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
