"""The port between a running model and the step that runs it.

Owns what the border asks for: the time, the case, the calendar, the handlers and outgoing messages.
Knows no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from engine.execution.border.tree.node import ProcessSpec
from engine.models.elements import Element
from engine.time.calendar import Calendar
from engine.time.looks import Looks


class CalledProcess(NamedTuple):
    """A process version that a call activity may start: its id (None: the version from the caller's
    deployment), the name of its outermost scope and all specifications."""

    id: UUID | None
    scope: str
    specs: Mapping[str, ProcessSpec]


@dataclass(frozen=True, slots=True)
class Signal:
    """A thrown signal. `payload` is a copy; `business_key`: the key of the instances that it
    starts."""

    name: str
    payload: dict[str, object]
    business_key: str | None = None


class Host(Protocol):
    """The running step. One object serves one step. Its values do not change during the step,
    except `answers`: the answers that a person has sent, for handlers."""

    answers: dict[str, object]

    @property
    def now(self) -> datetime:
        """The aware time of the step."""

    @property
    def case(self) -> Mapping[str, object]:
        """The value of `case.*` in expressions."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def looks(self) -> Looks:
        """The times at which late tasks are looked at."""

    @property
    def business_key(self) -> str | None: ...

    @property
    def by(self) -> str | None:
        """The author of the step."""

    def has_topic(self, topic: str) -> bool:
        """Whether a handler has this topic; a service task without a handler is an external
        task."""

    def call(
        self,
        topic: str,
        element: Element,
        token: UUID,
        data: dict[str, object],
        inputs: dict[str, object],
        task: UUID | None,
    ) -> Mapping[str, object] | None:
        """Run a handler. `data` and `inputs` are copies; `task` is the row id of the completed
        human task (its `onComplete`) or of the task that a boundary timer guards. Raises
        `BpmnError`, and `OutOfReach` if this instance may not call it."""

    def called(self, key: str, version: int | None) -> CalledProcess | None:
        """The version of the process `key` for a call that begins now: the newest, or the version
        with this number; None if there is none."""

    def send(self, message: str, key: str, payload: dict[str, object], sender: Element) -> None:
        """Throw a message; the payload is a copy. Raises `OutOfReach`."""

    def signal(self, signal: Signal) -> None:
        """Throw a signal to the tokens of other instances that wait for it now."""
