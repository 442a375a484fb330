"""The commands of a step, each on one instance. They are plain values and survive as JSON, because
an incident keeps the failed command and a retry repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The author, the request id (None: the caller cannot repeat it), and the time of the first
    attempt."""

    kind: ClassVar[str]
    by: str | None = None
    request_id: str | None = None
    received_at: datetime | None = None

    def dump(self) -> dict[str, Any]:
        """The command as JSON values; `load` reads them."""
        values = {key: _plain(value) for key, value in asdict(self).items()}
        return {"kind": self.kind, **values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(Command):
    """Complete a human task. `data` as submitted; the form decides which of it counts."""

    kind: ClassVar[str] = "complete"
    task_id: UUID
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire(Command):
    """Fire the timer of this token, armed for `planned`."""

    kind: ClassVar[str] = "timer"
    token: UUID
    planned: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """Deliver a message to the subscription (message, key) of this instance: to `token`, or to the
    token that has waited longest."""

    kind: ClassVar[str] = "message"
    message: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    token: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartActivity(Command):
    """Start an activity of an ad-hoc sub-process: in the choice `token`, or in the oldest choice
    that offers it."""

    kind: ClassVar[str] = "activity"
    activity: str
    data: Mapping[str, Any] = field(default_factory=dict)
    token: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Command):
    """Send an undelivered message again, to the token that waits for it then. Only an incident
    holds this command; no instance carries it out as a step. `received`: the instance of the
    incident took it and failed, else it has sent it."""

    kind: ClassVar[str] = "send"
    message: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    family: str | None = None
    token: UUID | None = None
    received: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """Start an instance of the newest version of a process, under an id made beforehand. `at`: the
    start event of the event that happened, None for the usual one; `details`: facts for the
    history."""

    kind: ClassVar[str] = "start"
    key: str
    id: UUID
    data: Mapping[str, Any] = field(default_factory=dict)
    business_key: str | None = None
    at: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occur(Command):
    """Fire the timer that starts a process. `id`: the instance that it starts; `version`: the
    version for which it was armed; `number`: its place among several definitions of its event, from
    0."""

    kind: ClassVar[str] = "begin"
    key: str
    id: UUID
    version: UUID
    element: str
    armed_at: datetime
    planned: datetime
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked(Command):
    """The result that an external worker reports for the task `token`, which it holds. `data` are
    variables as the task's element reads them."""

    token: UUID
    worker: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteExternal(Worked):
    """The task is done. `own`: variables of the activity alone, for its output parameters."""

    kind: ClassVar[str] = "external"
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowExternal(Worked):
    """The task ends with a BPMN error."""

    kind: ClassVar[str] = "external_error"
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateExternal(Worked):
    """The task escalates, and goes on unless the catching event ends it."""

    kind: ClassVar[str] = "external_escalation"
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExternal(Command):
    """Offer the external task `token` to workers again, with `retries` attempts. Only an incident
    of a task without retries holds this command; no instance carries it out as a step."""

    kind: ClassVar[str] = "external_retry"
    token: UUID
    retries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    """Move the deadline of one open task."""

    kind: ClassVar[str] = "extend"
    task_id: UUID
    due: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """End the instance, whatever it waits for."""

    kind: ClassVar[str] = "withdraw"
    reason: str = ""


_KINDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (
        Complete,
        Fire,
        Deliver,
        StartActivity,
        CompleteExternal,
        ThrowExternal,
        EscalateExternal,
        OfferExternal,
        Send,
        Start,
        Occur,
        Extend,
        Withdraw,
    )
}
_UUIDS = ("task_id", "token", "id", "version")
_TIMES = ("received_at", "planned", "armed_at")


def load(stored: Mapping[str, Any]) -> Command:
    """The command that an incident keeps."""
    values = {key: value for key, value in stored.items() if key != "kind"}
    for name in _UUIDS:
        if values.get(name):
            values[name] = UUID(values[name])
    for name in _TIMES:
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    if "due" in values:
        values["due"] = date.fromisoformat(values["due"])
    return _KINDS[stored["kind"]](**values)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
