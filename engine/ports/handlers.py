"""What a handler (the Python behind a service task or an `onComplete`) sees and may raise.

A handler is `def f(step: Step) -> dict | None`: it runs inside the step's transaction, writes only
rows of its own case, does no network, and returns what becomes variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence


class BpmnError(Exception):
    """Raised by a handler: goes to the error boundary event with this code (BPMN 2.0.2, 10.5.6)."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message


class Refusal(Exception):
    """Raised by an `onComplete` handler: the answers are wrong; becomes `BadInput` for the caller.

    Nothing is stored and no incident is opened. `fields`: field key -> what to write.
    """

    def __init__(self, sentence: Sentence, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.fields = dict(fields or {})


@dataclass(frozen=True, slots=True)
class NewJob:
    """Later work to be stored with the step. `due_at` None: as soon as the step is committed."""

    kind: str
    payload: Mapping[str, object]
    due_at: datetime | None = None


class Step(Protocol):
    """The running step as a handler sees it."""

    connection: Connection
    instance_id: UUID
    business_key: str | None
    process_key: str
    element_id: str
    element_name: str
    task_id: UUID | None
    """The human task being completed (`onComplete`) or looked at (behind its boundary timer)."""
    data: dict[str, object]
    """A copy of the variables seen at this point; changing it changes nothing."""
    answers: dict[str, object]
    """What was submitted, for an `onComplete` handler; what the message carried, for a handler in
    the step that takes it in; empty otherwise."""
    inputs: dict[str, object]
    """The evaluated `camunda:inputParameter`s of the element."""
    by: str | None
    now: datetime

    def enqueue(self, job: NewJob) -> None:
        """Store later work in this transaction."""

    def send(self, message: str, key: str, payload: Mapping[str, object]) -> None:
        """Throw a message to whoever subscribes to (message, key)."""

    def start(
        self,
        key: str,
        instance_id: UUID,
        business_key: str,
        data: Mapping[str, object],
    ) -> None:
        """Store a job that starts an instance of process `key` under the id made beforehand."""

    def number(self, series: str, year: int) -> int:
        """The next number of a yearly series (1, 2, ...); gaps are possible, repeats are not."""

    def set_deadline(self, element_id: str | None, due_at: datetime | None) -> None:
        """Move the deadline of open human tasks of this instance; None as element: of all whose
        `dueDate` reads the case, evaluated anew; timers and ladders follow when the step saves."""


Handler = Callable[[Step], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Topic:
    """A handler together with the process keys that may call it (empty: every process)."""

    handler: Handler
    processes: frozenset[str] = field(default_factory=frozenset)
