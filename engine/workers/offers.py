"""Reports new external tasks to waiting workers: in this process, and in others if the database
can.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from engine.storage.database.notify import WORK, Bell, Ear
from engine.storage.database.unit_of_work import Database

Listener = Callable[[frozenset[str]], None]


class Offers:
    """Topics with tasks to fetch. The reports only save time: waiting workers also look from time
    to time."""

    def __init__(self, database: Database, bell: Bell | None) -> None:
        self._database = database
        self._bell = bell
        self._name = uuid4().hex
        self._listeners: list[Listener] = []
        self._ears: list[Ear] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` for each report from now on."""
        self._listeners.append(listener)
        if not self._database.tells_others:
            return

        def heard(said: str) -> None:
            sender, *topics = said.split("\n")
            if sender != self._name:  # the report of this process comes through the listener
                listener(frozenset(topics))

        self._ears.append(Ear(self._database.url, WORK, heard))

    def offer(self, topics: frozenset[str]) -> None:
        """Report tasks that were committed."""
        for listener in self._listeners:
            listener(topics)
        if self._bell is not None:
            self._bell.ring(WORK, "\n".join([self._name, *sorted(topics)]))

    def close(self) -> None:
        """Stop listening."""
        for ear in self._ears:
            ear.close()
