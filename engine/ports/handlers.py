"""The interface of a handler: the Python function of a service task or an `onComplete`.

A handler is `def f(step: Step) -> dict | None`. It runs inside the step's transaction, writes only
rows of its own case, uses no network, and returns variables.
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
    """A handler raises it: the error boundary event with this code catches it (BPMN 2.0.2,
    10.5.6)."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message


class Refusal(Exception):
    """An `onComplete` handler raises it: the answers are wrong; the caller gets `BadInput`.

    Nothing is stored and no incident is opened. `fields`: field key -> what to write.
    """

    def __init__(self, sentence: Sentence, fields: Mapping[str, Sentence] | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.fields = dict(fields or {})


@dataclass(frozen=True, slots=True)
class NewJob:
    """Later work, stored with the step. `due_at` None: due once the step is committed."""

    kind: str
    payload: Mapping[str, object]
    due_at: datetime | None = None


class Step(Protocol):
    """The running step as a handler reads it."""

    connection: Connection
    instance_id: UUID
    business_key: str | None
    process_key: str
    element_id: str
    element_name: str
    task_id: UUID | None
    """The human task of an `onComplete`, or the task that the boundary timer guards."""
    data: dict[str, object]
    """A copy of the variables at this point; changes to it have no effect."""
    answers: dict[str, object]
    """The submitted answers, for an `onComplete` handler; the payload of a message, for a handler
    right behind its event; else empty."""
    inputs: dict[str, object]
    """The evaluated `camunda:inputParameter`s of the element."""
    by: str | None
    now: datetime

    def enqueue(self, job: NewJob) -> None:
        """Store later work in this transaction."""

    def announce(self, notice: object) -> None:
        """Give the application's teller (`engine.ports.news`) a notice, told together with the
        tasks that this step opens or moves."""

    def send(self, message: str, key: str, payload: Mapping[str, object]) -> None:
        """Throw a message to the token that waits for (message, key)."""

    def start(
        self,
        key: str,
        instance_id: UUID,
        business_key: str,
        data: Mapping[str, object],
    ) -> None:
        """Store a job that starts an instance of process `key` under `instance_id`, made
        beforehand."""

    def number(self, series: str, year: int) -> int:
        """The next number of a yearly series (1, 2, ...); gaps are possible, repeats are not."""

    def set_deadline(self, element_id: str | None, due_at: datetime | None) -> None:
        """Move the deadline of open human tasks of this instance. None as element: evaluate the
        deadline of every task whose `dueDate` reads the case. Timers and ladders follow when the
        step saves."""


Handler = Callable[[Step], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Topic:
    """A handler with the keys of the processes that may call it (empty: every process)."""

    handler: Handler
    processes: frozenset[str] = field(default_factory=frozenset)
