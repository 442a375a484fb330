"""Questions on the engine's face: those about cases and those about models, asked of one object.

All are unscoped: code above the engine decides who may read an answer.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Live
from engine.face.case_questions import CaseQuestions
from engine.face.model_questions import ModelQuestions
from engine.storage.cases.worklist import Task


class Questions(CaseQuestions, ModelQuestions):
    """What somebody may want to know."""


class Once(Questions):
    """Questions in one reading transaction, in which nothing changes: shared facts are read only
    once."""

    @cached_property
    def _read(self) -> tuple[datetime, str | None]:
        return super()._time()

    def _time(self) -> tuple[datetime, str | None]:
        return self._read

    @cached_property
    def _tasks(self) -> dict[UUID, Task]:
        return {}

    def _task(self, connection: Connection, task_id: UUID) -> Task:
        if task_id not in self._tasks:
            self._tasks[task_id] = super()._task(connection, task_id)
        return self._tasks[task_id]

    @cached_property
    def _instances(self) -> dict[UUID, Live]:
        return {}

    def _loaded(self, connection: Connection, instance_id: UUID) -> Live:
        if instance_id not in self._instances:
            self._instances[instance_id] = super()._loaded(connection, instance_id)
        return self._instances[instance_id]
