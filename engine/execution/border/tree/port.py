"""What the border asks of whoever runs a step.

Owns the port between the execution of a model and the world around it: the time, the case, the
calendar, the handlers and outgoing messages. Knows no database.
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
    """A version of a process that a call activity may begin: its id (None: the version that the
    caller was deployed with), the name of its outermost scope and the specifications of all."""

    id: UUID | None
    scope: str
    specs: Mapping[str, ProcessSpec]


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal thrown. `payload` is a copy; `business_key`: that of the instances which start by
    it."""

    name: str
    payload: dict[str, object]
    business_key: str | None = None


class Host(Protocol):
    """The running step. One object serves one step; its values do not change meanwhile, but for
    `answers`: what handlers are told that somebody has sent."""

    answers: dict[str, object]

    @property
    def now(self) -> datetime:
        """The aware time of the step."""

    @property
    def case(self) -> Mapping[str, object]:
        """What expressions read as `case.*`."""

    @property
    def calendar(self) -> Calendar: ...

    @property
    def looks(self) -> Looks:
        """When late tasks are looked at."""

    @property
    def business_key(self) -> str | None: ...

    @property
    def by(self) -> str | None:
        """Whose act the step is."""

    def has_topic(self, topic: str) -> bool:
        """Whether a handler is registered; without one a service task is an external task."""

    def call(
        self,
        topic: str,
        element: Element,
        token: UUID,
        data: dict[str, object],
        inputs: dict[str, object],
        task: UUID | None,
    ) -> Mapping[str, object] | None:
        """Run a handler. `data` and `inputs` are copies; `task` is the row id of the human task
        completed (its `onComplete`) or looked at (behind its boundary timer). May raise
        `BpmnError`, and `OutOfReach` where this instance may not call it."""

    def called(self, key: str, version: int | None) -> CalledProcess | None:
        """The process of this key that a call begins with now: the newest version, or the one of
        this number; None: there is none."""

    def send(self, message: str, key: str, payload: dict[str, object], sender: Element) -> None:
        """Throw a message; the payload is a copy. May raise `OutOfReach`."""

    def signal(self, signal: Signal) -> None:
        """Throw a signal to whoever waits for it now in other instances."""
