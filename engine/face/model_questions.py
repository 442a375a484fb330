"""Questions about models: versions, their files and drafts, what a deployment would find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.deployment import deploying, drafting
from engine.deployment.drafting import ModelDraft
from engine.execution.border import Program
from engine.face.asking import Asking
from engine.later import timer_starts
from engine.models.checks import Known
from engine.models.forms import Form
from engine.sentences.errors import NotFound
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from engine.storage import counters
from engine.storage.later import workers
from engine.storage.models import definitions, model_drafts
from engine.storage.models.definitions import Version


class ModelQuestions(Asking):
    """What somebody may want to know of models, and of all instances of a version."""

    def counts(self, definition_id: UUID) -> dict[str, int]:
        """How many wait at each element of a version."""
        with self.reading() as connection:
            return counters.read(connection, f"at:{definition_id}")

    def instance_counts(self, definition_id: UUID) -> dict[str, int]:
        """How many instances of a version are in each state."""
        with self.reading() as connection:
            return counters.read(connection, f"instances:{definition_id}")

    @property
    def known(self) -> Known:
        """What models may refer to besides their own files, as it is now. Which processes there are
        is read where a deployment is planned."""
        with self.reading() as connection:
            return self._known(connection)

    def _known(self, connection: Connection) -> Known:
        topics = {name: topic.processes for name, topic in self._stepper.around.handlers.items()}
        around, heard = self._stepper.around, workers.topics(connection)
        return Known(
            topics=topics,
            heard=heard,
            performers=around.performers(connection),
            cases=around.cases.processes,
            case_names=around.cases.names,
            translated=around.translated,
        )

    def check(self, files: Mapping[str, bytes]) -> list[Problem]:
        """What deploying these files would find; stores nothing."""
        with self.reading() as connection:
            return deploying.plan(connection, files, self._known(connection), self.examine).problems

    def retired(self, key: str) -> tuple[str, datetime] | None:
        """Who retired the process, and when; None: nobody has since its newest version."""
        with self.reading() as connection:
            return timer_starts.retired(connection, key)

    def model_draft(self, key: str) -> ModelDraft:
        """The draft of a process: its newest version with the changes saved so far."""
        with self.reading() as connection:
            return drafting.read(connection, key)

    def drafted(self) -> set[str]:
        """Keys of processes with a draft."""
        with self.reading() as connection:
            return model_drafts.keys(connection)

    def program(self, definition_id: UUID) -> Program:
        """The parsed model of a version."""
        with self.reading() as connection:
            return self._stepper.programs.of(connection, definition_id)

    def start_form(self, key: str) -> Form | None:
        """The form of what the newest version of a process is started with. Raises NotFound."""
        with self.reading() as connection:
            return self._stepper.programs.newest(connection, key)[1].start_form()

    def versions(self, key: str | None = None) -> list[Version]:
        """All versions of a key, newest first; without a key the newest version of each."""
        with self.reading() as connection:
            if key is None:
                return definitions.all_newest(connection)
            return definitions.history_of(connection, key)

    def version(self, definition_id: UUID) -> Version:
        """One version. Raises NotFound."""
        with self.reading() as connection:
            found = definitions.by_id(connection, definition_id)
        if found is None:
            raise NotFound(say("There is no such process version."))
        return found

    def files(self, definition_id: UUID) -> dict[str, bytes]:
        """The files a version is pinned to."""
        with self.reading() as connection:
            return definitions.files_of(connection, definition_id)
