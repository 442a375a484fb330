"""Programs by definition id: each is parsed once and shared by all instances and threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import CalledProcess, Program
from engine.models.bundle import Bundle, read_bundle
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.models import definitions
from engine.storage.models.definitions import Version

CAPACITY = 64
"""Programs kept in memory; a parsed model takes one to two MB."""


class Programs:
    """The cache. A program never changes once built, so it needs no invalidation. `closed`: keys of
    processes that no other process may call."""

    def __init__(self, closed: frozenset[str] = frozenset()) -> None:
        self._closed = closed
        self._programs: OrderedDict[UUID, tuple[Version, Program]] = OrderedDict()
        self._starts: dict[UUID, Mapping[tuple[str, str], str]] = {}
        self._guard = Lock()

    def of(self, connection: Connection, definition_id: UUID) -> Program:
        """The program of a version."""
        return self.with_version(connection, definition_id)[1]

    def with_version(self, connection: Connection, definition_id: UUID) -> tuple[Version, Program]:
        """The program with the facts of its version. Raises NotFound."""
        with self._guard:
            found = self._programs.get(definition_id)
            if found is not None:
                self._programs.move_to_end(definition_id)
                return found
        version = definitions.by_id(connection, definition_id)
        if version is None:
            raise NotFound(say("There is no such process version."))
        bundle = read_bundle(definitions.files_of(connection, definition_id))
        called = self._called(connection, version)
        program = Program.build(bundle, version.key, called=called, closed=self._closed)
        with self._guard:
            self._programs[definition_id] = (version, program)
            if len(self._programs) > CAPACITY:
                self._programs.popitem(last=False)
        return version, program

    def finder(self, connection: Connection) -> Callable[[UUID], CalledProcess]:
        """A function that gives the versions with which the calls of a stored state began."""
        return lambda id: self.of(connection, id).as_called._replace(id=id)

    def to_call(self, connection: Connection, key: str, number: int | None) -> CalledProcess | None:
        """The version for a call of this key that begins now: the newest, or the version with this
        number."""
        if number is None:
            version = definitions.newest(connection, key)
        else:
            past = definitions.history_of(connection, key)
            version = next((one for one in past if one.number == number), None)
        return None if version is None else self.finder(connection)(version.id)

    def _called(self, connection: Connection, version: Version) -> Mapping[str, Bundle]:
        """Bundles of the pinned versions of called processes, and of the processes that those
        call."""
        bundles: dict[str, Bundle] = {}
        open_calls = list(version.calls.items())
        while open_calls:
            key, definition_id = open_calls.pop()
            if key in bundles:
                continue
            bundles[key] = read_bundle(definitions.files_of(connection, definition_id))
            called = definitions.by_id(connection, definition_id)
            open_calls += list(called.calls.items()) if called else []
        return bundles

    def started_by(self, connection: Connection, kind: str, name: str) -> dict[str, str]:
        """Key of each process that a message or signal of this name starts in its newest version ->
        its start event. Closed processes are left out."""
        versions = [v for v in definitions.all_newest(connection) if v.key not in self._closed]
        starts = {one.key: self._starts_of(connection, one.id) for one in versions}
        return {key: found[kind, name] for key, found in starts.items() if (kind, name) in found}

    def _starts_of(self, connection: Connection, id: UUID) -> Mapping[tuple[str, str], str]:
        """Kept beside the programs, because every message without a receiver asks this of every
        process."""
        found = self._starts.get(id)
        if found is None:
            found = self._starts[id] = self.of(connection, id).started_by
        return found

    def newest(self, connection: Connection, key: str) -> tuple[Version, Program]:
        """The newest version of a key and its program. Raises NotFound."""
        version = definitions.newest(connection, key)
        if version is None:
            raise NotFound(say("There is no process {key}.", key=key))
        return self.with_version(connection, version.id)
