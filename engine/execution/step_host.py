"""Everything that a running model can reach during one step: its time, its case, its handlers,
later work.

One `StepHost` lives as long as the transaction of one step. It reads the case at most once until a
handler writes. It collects jobs and messages; the step stores them. It also limits a model to the
case that its own instance owns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import ANYBODY, UNNAMED, CalledProcess, Signal
from engine.execution.programs import Programs
from engine.language import Namespace
from engine.models.elements import Element
from engine.models.forms import Form
from engine.ports.cases import Cases, Identity, OutOfReach, family_of
from engine.ports.handlers import NewJob, Topic
from engine.ports.news import Teller, tell_nobody
from engine.ports.performers import PerformerReader, nobody_said
from engine.records.payloads import Message, Origin, Spreading, Starting
from engine.sentences.sentence import say
from engine.storage import numbers
from engine.storage.database.unit_of_work import Database
from engine.storage.later import messages
from engine.storage.later.jobs import job_row
from engine.time.calendar import Calendar
from engine.time.looks import FROM_MIDNIGHT, Looks

CaseReader = Callable[[Connection, str | None], tuple[Mapping[str, Any], Calendar]]
Options = Mapping[str, Sequence[tuple[str, str]]]
OptionReader = Callable[[Connection, str | None, frozenset[str]], Options]
"""(connection, business key, names) -> (value, label) pairs for each named list of a form."""


def no_case(_connection: Connection, _business_key: str | None) -> tuple[dict[str, Any], Calendar]:
    """Without a case reader: no facts, and working days Monday to Friday."""
    return {}, Calendar()


def no_options(_connection: Connection, _key: str | None, names: frozenset[str]) -> Options:
    """Without an option reader every named list is empty."""
    return dict.fromkeys(names, ())


NOT_OURS = Namespace(
    {},
    (
        say("This instance owns no case of which something could be read."),
        say("Only the processes of cases read them; give this process what it needs as data."),
    ),
)
"""The value of `case.*` in an instance that owns no case."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The parts that all steps of an engine share."""

    database: Database
    handlers: Mapping[str, Topic]
    case: CaseReader
    options: OptionReader
    cases: Cases
    looks: Looks = FROM_MIDNIGHT
    performers: PerformerReader = nobody_said
    tell: Teller = tell_nobody
    translated: frozenset[str] | None = None
    """The words that have an English text, for the check before a release; None: not asked."""
    rehearsing: bool = False
    """All of it is taken back in the end, so no number of a series may be drawn for it."""

    def options_for(self, connection: Connection, instance: Identity, form: Form) -> Options:
        """The lists of the form's choices that come from outside the model."""
        names = form.option_names()
        if not names:
            return {}
        family = family_of(self.cases, connection, instance)
        return self.options(connection, self.own_key(instance, family), names)

    def own_key(self, instance: Identity, family: str | None) -> str | None:
        """The business key for readers of cases. Where cases are kept, an instance without a case
        of its own has none, so that it cannot read another's case."""
        return None if self.cases.processes and family is None else instance.business_key


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
    programs: Programs
    jobs: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    deadlines: list[tuple[str | None, datetime | None]] = field(default_factory=list)
    notices: list[object] = field(default_factory=list)
    _case: tuple[Mapping[str, Any], Calendar] | None = None
    _family: tuple[str | None] | None = None

    @property
    def identity(self) -> Identity:
        """The instance of this step."""
        return Identity(self.instance_id, self.process_key, self.business_key)

    @property
    def looks(self) -> Looks:
        """The times at which late tasks are looked at."""
        return self.around.looks

    @property
    def family(self) -> str | None:
        """The family of the case that this instance owns; None if it owns none."""
        if self._family is None:
            found = family_of(self.around.cases, self.connection, self.identity)
            self._family = (found,)
        return self._family[0]

    @property
    def case(self) -> Mapping[str, Any]:
        """The value of `case.*` in expressions."""
        return self._read_case()[0]

    @property
    def calendar(self) -> Calendar:
        """The working days of this case."""
        return self._read_case()[1]

    def _read_case(self) -> tuple[Mapping[str, Any], Calendar]:
        if self._case is None:
            key = self.around.own_key(self.identity, self.family)
            facts, calendar = self.around.case(self.connection, key)
            known = self.family is not None or not self.around.cases.processes
            self._case = (facts if known else NOT_OURS, calendar)
        return self._case

    def options_for(self, form: Form) -> Options:
        """The lists of the form's choices that come from outside the model."""
        return self.around.options_for(self.connection, self.identity, form)

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
        """Run a handler; its result becomes variables. Raises the handler's errors, and OutOfReach
        if the handler is not for this element or this instance."""
        wanted = self.around.handlers[topic]
        if wanted.processes and element.model not in wanted.processes:
            raise OutOfReach(
                say(
                    "The handler {topic} works for {processes} only.",
                    topic=topic, processes=", ".join(sorted(wanted.processes)),
                ),
                say("Call a handler that every process may call, or a topic of your own."),
            )  # fmt: skip
        if wanted.processes & self.around.cases.processes and self.family is None:
            raise OutOfReach(
                say("{topic} works on a case, and this instance owns none.", topic=topic),
                say("End this instance; its case is worked on in the instance that owns it."),
            )
        step = HandlerStep(
            host=self,
            connection=self.connection,
            instance_id=self.instance_id,
            business_key=self.business_key,
            process_key=self.process_key,
            element=element,
            element_id=element.id,
            element_name=element.name,
            task_id=task,
            data=data,
            answers=self.answers,
            inputs=inputs,
            by=self.by,
            now=self.now,
        )
        returned = dict(wanted.handler(step) or {})
        self._case = None  # the handler may have changed the facts of the case
        return returned

    def called(self, key: str, version: int | None) -> CalledProcess | None:
        """The version of a process for a call that begins now."""
        return self.programs.to_call(self.connection, key, version)

    def send(self, message: str, key: str, payload: Mapping[str, Any], sender: Element) -> None:
        """Throw a message; after the commit a job routes it to exactly one instance. Raises
        OutOfReach for the key of a case of another family."""
        if not self.owns(key) and self._family_of_key(key) not in (None, self.family):
            raise OutOfReach(
                say("The key {key} belongs to a case that this instance is not part of.", key=key),
                say("Send the message under a key of your own."),
            )
        origin = Origin(self.instance_id, sender.id, sender.name or sender.id)
        sent = Message(message, key, payload, self.by, family=self.family, origin=origin)
        self.jobs.append(job_row(sent.kind, self.now, sent.encode()))

    def kept_for(self, opened: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Jobs that deliver kept messages to the subscriptions that this step opens."""
        awaited = [
            row for row in opened if row["key"] != ANYBODY and row["message"] != UNNAMED
        ]  # messages for the others are never kept
        waited = messages.take_waiting(self.connection, awaited, self.takes)
        return [self._delivery(one) for one in waited]

    def _delivery(self, one: messages.Waited) -> dict[str, Any]:
        """The job that delivers a kept message, under the id by which it was kept. Its due time is
        the time of arrival, so several messages keep their order."""
        taker = one.subscription
        origin = Origin(taker["instance_id"], taker["element_id"], taker["element_id"])
        sent = Message(
            taker["message"], taker["key"], one.payload, one.by, str(one.id), self.family,
            origin=origin,
        )  # fmt: skip
        return job_row(sent.kind, one.at, sent.encode()) | {"id": one.id}

    def owns(self, key: str | None) -> bool:
        """Whether `key` is the business key of the case that the instance owns."""
        return key is not None and key == self.business_key and self.family is not None

    def takes(self, key: str) -> bool:
        """Whether messages kept under this key are for this instance. Messages under the key of a
        case are for its family alone; a case takes no message of an unknown sender."""
        return self.owns(key) or self._family_of_key(key) == self.family

    def _family_of_key(self, key: str) -> str | None:
        named = self.around.cases.case_of_key(self.connection, key)
        return None if named is None else named.family

    def signal(self, signal: Signal) -> None:
        """Throw a signal; after the commit a job spreads it to all others that wait for it now, and
        to the processes that it starts now."""
        waiting = messages.listeners(self.connection, signal.name, ANYBODY)
        thrown = Spreading(
            signal.name, signal.payload, self.by, self.family, signal.business_key,
            tuple(token for one, token in waiting if one.id != self.instance_id),
            self.programs.started_by(self.connection, "signal", signal.name),
        )  # fmt: skip
        self.jobs.append(job_row(thrown.kind, self.now, thrown.encode()))


@dataclass(slots=True)
class HandlerStep:
    """The `engine.ports.handlers.Step` of a handler."""

    host: StepHost
    connection: Connection
    instance_id: UUID
    business_key: str | None
    process_key: str
    element: Element
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

    def announce(self, notice: object) -> None:
        self.host.notices.append(notice)

    def send(self, message: str, key: str, payload: Mapping[str, object]) -> None:
        self.host.send(message, key, payload, self.element)

    def start(
        self, key: str, instance_id: UUID, business_key: str, data: Mapping[str, object]
    ) -> None:
        begun = Starting(key, instance_id, business_key, data, self.by)
        self.host.jobs.append(job_row(begun.kind, self.now, begun.encode()))

    def number(self, series: str, year: int) -> int:
        around = self.host.around
        if around.rehearsing:
            return numbers.unused()
        return numbers.next_number(around.database, self.connection, series, year)

    def set_deadline(self, element_id: str | None, due_at: datetime | None) -> None:
        self.host.deadlines.append((element_id, due_at))
