"""What a running model can reach during one step: its time, its case, its handlers, later work.

One `StepHost` lives as long as one step's transaction. It reads the case at most once until a
handler has written, and collects jobs and messages; the step stores them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.calendar import Calendar
from engine.handlers import NewJob, Topic
from engine.models.elements import Element
from engine.models.forms import Form
from engine.storage import numbers
from engine.storage.jobs import job_row
from engine.storage.unit_of_work import Database

CaseReader = Callable[[Connection, str | None], tuple[Mapping[str, Any], Calendar]]
Options = Mapping[str, Sequence[tuple[str, str]]]
OptionReader = Callable[[Connection, str | None, frozenset[str]], Options]
"""(connection, business key, names) -> for each named list of a form: (value, label) pairs."""


def no_case(_connection: Connection, _business_key: str | None) -> tuple[dict[str, Any], Calendar]:
    """Without a case reader: nothing known, Monday to Friday."""
    return {}, Calendar()


def no_options(_connection: Connection, _key: str | None, names: frozenset[str]) -> Options:
    """Without an option reader every named list is empty."""
    return dict.fromkeys(names, ())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every step of an engine shares."""

    database: Database
    handlers: Mapping[str, Topic]
    case: CaseReader
    options: OptionReader

    def options_for(self, connection: Connection, business_key: str | None, form: Form) -> Options:
        """The lists that the form's choices take from outside the model."""
        names = form.option_names()
        return self.options(connection, business_key, names) if names else {}


@dataclass(slots=True)
class StepHost:
    """The border's `Host` for one step."""

    around: Surroundings
    connection: Connection
    instance_id: UUID
    process_key: str
    business_key: str | None
    now: datetime
    by: str | None
    jobs: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    deadlines: list[tuple[str | None, datetime | None]] = field(default_factory=list)
    _case: tuple[Mapping[str, Any], Calendar] | None = None

    @property
    def case(self) -> Mapping[str, Any]:
        """What expressions see as `case.*`."""
        return self._read_case()[0]

    @property
    def calendar(self) -> Calendar:
        """The working days of this case."""
        return self._read_case()[1]

    def _read_case(self) -> tuple[Mapping[str, Any], Calendar]:
        if self._case is None:
            self._case = self.around.case(self.connection, self.business_key)
        return self._case

    def options_for(self, form: Form) -> Options:
        """The lists that the form's choices take from outside the model."""
        return self.around.options_for(self.connection, self.business_key, form)

    def has_topic(self, topic: str) -> bool:
        """Whether a handler runs this topic in the step."""
        return topic in self.around.handlers

    def call(
        self,
        topic: str,
        element: Element,
        token: UUID,
        data: dict[str, Any],
        inputs: dict[str, Any],
        task: UUID | None,
    ) -> Mapping[str, Any]:
        """Run a handler; what it returns is for the process data. Raises whatever it raises."""
        step = HandlerStep(
            host=self,
            connection=self.connection,
            instance_id=self.instance_id,
            business_key=self.business_key,
            process_key=self.process_key,
            element_id=element.id,
            element_name=element.name,
            task_id=task,
            data=data,
            answers=self.answers,
            inputs=inputs,
            by=self.by,
            now=self.now,
        )
        returned = self.around.handlers[topic].handler(step) or {}
        self._case = None  # the handler may have changed what the case says
        return returned

    def send(self, message: str, key: str, payload: Mapping[str, Any]) -> None:
        """Throw a message: routed by a job after the commit, to exactly one instance."""
        content = {"message": message, "key": key, "payload": dict(payload), "by": self.by}
        self.jobs.append(job_row("message", self.now, content))

    def signal(self, name: str, payload: Mapping[str, Any]) -> None:
        """Throw a signal: spread by a job after the commit, to all who wait for it then."""
        content = {"signal": name, "payload": dict(payload), "by": self.by}
        self.jobs.append(job_row("signal", self.now, content))


@dataclass(slots=True)
class HandlerStep:
    """`engine.handlers.Step` as a handler gets it."""

    host: StepHost
    connection: Connection
    instance_id: UUID
    business_key: str | None
    process_key: str
    element_id: str
    element_name: str
    task_id: UUID | None
    data: dict[str, Any]
    answers: dict[str, Any]
    inputs: dict[str, Any]
    by: str | None
    now: datetime

    def enqueue(self, job: NewJob) -> None:
        self.host.jobs.append(job_row(job.kind, job.due_at or self.now, dict(job.payload)))

    def send(self, message: str, key: str, payload: Mapping[str, object]) -> None:
        self.host.send(message, key, payload)

    def start(
        self, key: str, instance_id: UUID, business_key: str, data: Mapping[str, object]
    ) -> None:
        content = {
            "key": key,
            "id": str(instance_id),
            "business_key": business_key,
            "data": dict(data),
            "by": self.by,
        }
        self.host.jobs.append(job_row("start", self.now, content))

    def number(self, series: str, year: int) -> int:
        return numbers.next_number(self.host.around.database, self.connection, series, year)

    def set_deadline(self, element_id: str | None, due_at: datetime | None) -> None:
        self.host.deadlines.append((element_id, due_at))
