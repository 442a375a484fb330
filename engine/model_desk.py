"""Models on the engine's face: check, deploy, ship, drafts and their release, versions, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from engine import deploying, drafting, starts
from engine.core import Core
from engine.deploying import Deployment, Plan
from engine.drafting import ModelDraft
from engine.errors import NotFound
from engine.execution.border import Program
from engine.models.checks import Known
from engine.models.problems import Problem
from engine.storage import (
    definitions,
    model_drafts,
    workers,
)
from engine.storage.definitions import Overtaken, Version
from engine.storage.model_drafts import DraftFile
from engine.words import say

P = TypeVar("P")
T = TypeVar("T")

PLANS = 3
"""How often a release is planned when others keep releasing in between."""


class ModelDesk(Core):
    """What a process owner does with models."""

    def known_on(self, connection: Connection) -> Known:
        """What models may refer to besides their own files."""
        topics = {name: topic.processes for name, topic in self._around.handlers.items()}
        keys = frozenset(version.key for version in definitions.all_newest(connection))
        cases = self._around.cases
        return Known(
            topics=topics, heard=workers.topics(connection), processes=keys,
            cases=cases.processes, case_names=cases.names,
        )  # fmt: skip

    @property
    def known(self) -> Known:
        """What models may refer to besides their own files, as it is now."""
        with self.database.read() as connection:
            return self.known_on(connection)

    def check(self, files: Mapping[str, bytes]) -> list[Problem]:
        """What deploying these files would find; stores nothing."""
        with self.database.read() as connection:
            return self._plan(connection, files, self.known_on(connection)).problems

    def deploy(
        self, files: Mapping[str, bytes], by: str, note: str = "", *, shipped: bool = False
    ) -> list[Version]:
        """Deploy `.bpmn`, `.dmn` and `.form` files. Raises ModelError and stores nothing when a
        finding is an error."""
        wanted = Deployment(dict(files), by, note, shipped)
        return self.planned(
            lambda connection, known: self._plan(connection, wanted.files, known),
            lambda connection, plan: deploying.deploy(
                connection, plan, wanted, self._at(connection)
            ),
        )

    def ship(self, files: Mapping[str, bytes], by: str) -> list[Version]:
        """Deploy the models that come with the product, never over an owner's own release."""
        return self.planned(
            lambda connection, known: drafting.plan_shipment(connection, files, known),
            lambda connection, plan: drafting.ship(connection, plan, by, self._at(connection)),
        )

    def planned(
        self,
        plan: Callable[[Connection, Known], P],
        carry_out: Callable[[Connection, P], T],
    ) -> T:
        """Plan in a reading transaction, carry out in a writing one: reading and checking models
        takes long, and nobody waits for it. Both again when somebody released in between."""
        for attempt in range(1, PLANS + 1):
            with self.database.read() as connection:
                found = plan(connection, self.known_on(connection))
            try:
                done, armed = self.database.repeat(self._armed(carry_out, found))
            except Overtaken:
                if attempt == PLANS:
                    raise
                continue
            if armed:
                self.wake()
            return done
        raise AssertionError("unreachable")

    def _armed(
        self, carry_out: Callable[[Connection, P], T], plan: P
    ) -> Callable[[Connection], tuple[T, bool]]:
        """Carry out a plan, and arm the timers by which its new versions start."""

        def work(connection: Connection) -> tuple[T, bool]:
            before = definitions.newest_ids(connection)
            done = carry_out(connection, plan)
            fresh = definitions.newest_ids(connection) - before
            return done, starts.arm(self._stepper, connection, fresh, self._at(connection))

        return work

    def retire(self, key: str, by: str) -> None:
        """Let no timer start instances of the process any more, until its next release; those that
        run go on. Raises NotFound."""
        self.database.repeat(lambda connection: self.retire_on(connection, key, by))

    def retire_on(self, connection: Connection, key: str, by: str) -> None:
        """The same inside a transaction one already has (`repeat`)."""
        starts.retire(connection, key, by, self._at(connection))

    def retired(self, key: str) -> tuple[str, datetime] | None:
        """Who retired the process, and when; None: nobody has since its newest version."""
        with self.database.read() as connection:
            return starts.retired(connection, key)

    def model_draft(self, key: str) -> ModelDraft:
        """The draft of a process: its newest version with the changes saved so far."""
        with self.database.read() as connection:
            return drafting.read(connection, key)

    def drafted(self) -> set[str]:
        """Keys of processes with a draft."""
        with self.database.read() as connection:
            return model_drafts.keys(connection)

    def save_model_draft(
        self, key: str, name: str, content: bytes, by: str, *, over: str | None = None
    ) -> datetime:
        """Save a changed file of a process; returns when. Raises BadInput, NotFound, and Conflict
        when the file is not the one of SHA-256 `over` any more, where that is given."""

        def work(connection: Connection) -> datetime:
            now = self._at(connection)
            drafting.save(connection, key, DraftFile(name, content, now, by), over=over)
            return now

        return self.database.repeat(work)

    def discard_model_draft(self, key: str) -> None:
        """Forget the changes of a process that were not released."""
        self.database.repeat(lambda connection: model_drafts.discard(connection, key))

    def check_model_draft(self, key: str) -> list[Problem]:
        """What releasing the draft would find."""
        with self.database.read() as connection:
            return self._planned_draft(connection, key).deployment.problems

    def affected_by_draft(self, key: str) -> list[str]:
        """Keys of the processes a release of this draft gives a new version."""
        with self.database.read() as connection:
            return deploying.changed(connection, self._planned_draft(connection, key).deployment)

    def release(self, key: str, note: str, by: str) -> list[Version]:
        """Make the draft the newest version. Raises ModelError, BadInput without a note, Conflict
        when the draft or a file it replaces was changed by somebody else."""
        return self.planned(
            lambda connection, known: drafting.plan(connection, key, known, self.examine),
            lambda connection, plan: drafting.release(
                connection, plan, note, by, self._at(connection)
            ),
        )

    def _planned_draft(self, connection: Connection, key: str) -> drafting.Planned:
        return drafting.plan(connection, key, self.known_on(connection), self.examine)

    def _plan(self, connection: Connection, files: Mapping[str, bytes], known: Known) -> Plan:
        return deploying.plan(connection, files, known, self.examine)

    def program(self, definition_id: UUID) -> Program:
        """The parsed model of a version."""
        with self.database.read() as connection:
            return self._programs.of(connection, definition_id)

    def versions(self, key: str | None = None) -> list[Version]:
        """All versions of a key, newest first; without a key the newest version of each."""
        with self.database.read() as connection:
            if key is None:
                return definitions.all_newest(connection)
            return definitions.history_of(connection, key)

    def version(self, definition_id: UUID) -> Version:
        """One version. Raises NotFound."""
        with self.database.read() as connection:
            found = definitions.by_id(connection, definition_id)
        if found is None:
            raise NotFound(say("There is no such process version."))
        return found

    def files(self, definition_id: UUID) -> dict[str, bytes]:
        """The files a version is pinned to."""
        with self.database.read() as connection:
            return definitions.files_of(connection, definition_id)
