"""What can be done to one instance in one step. Plain values that survive as JSON, because an
incident keeps the command that failed and a retry repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who asked, under which request id (None: not repeatable by the caller), and when first."""

    kind: ClassVar[str]
    by: str | None = None
    request_id: str | None = None
    received_at: datetime | None = None

    def dump(self) -> dict[str, Any]:
        """JSON values; `load` reads them back."""
        values = {key: _plain(value) for key, value in asdict(self).items()}
        return {"kind": self.kind, **values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(Command):
    """Complete a human task. `data` as submitted; the form decides what of it counts."""

    kind: ClassVar[str] = "complete"
    task_id: UUID
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire(Command):
    """Fire the timer with this token, planned for `planned`."""

    kind: ClassVar[str] = "timer"
    token: UUID
    planned: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Command):
    """Deliver a message to the subscription (message, key) of this instance: that of `token`, or
    of the token that has waited longest."""

    kind: ClassVar[str] = "message"
    message: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    token: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartActivity(Command):
    """Start an activity of an ad-hoc sub-process: of the one whose choice is `token`, or of the
    oldest in which it can be started."""

    kind: ClassVar[str] = "activity"
    activity: str
    data: Mapping[str, Any] = field(default_factory=dict)
    token: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Command):
    """Send a message on its way anew, to whoever waits for it then. What an incident keeps of a
    message that could not be delivered; no instance carries it out as a step."""

    kind: ClassVar[str] = "send"
    message: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    family: str | None = None
    token: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """Start an instance of the newest version of a process, under an id made beforehand. `at`: the
    start event that what happened belongs to, None for the usual one; `details`: what the history
    says of it."""

    kind: ClassVar[str] = "start"
    key: str
    id: UUID
    data: Mapping[str, Any] = field(default_factory=dict)
    business_key: str | None = None
    at: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occur(Command):
    """The time of a timer that starts a process has come: `id` is that of the instance which it
    starts, `version` that of the version for which it was armed, `number` which of several
    definitions of its event it is, from 0."""

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
    """What a worker outside says of the external task `token`, which it holds. `data` are variables
    as its element sees them."""

    token: UUID
    worker: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteExternal(Worked):
    """It is done. `own`: variables of the activity alone, for its output parameters."""

    kind: ClassVar[str] = "external"
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrowExternal(Worked):
    """It ends with a BPMN error."""

    kind: ClassVar[str] = "external_error"
    code: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateExternal(Worked):
    """It escalates, and goes on unless what catches that ends it."""

    kind: ClassVar[str] = "external_escalation"
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExternal(Command):
    """Offer the external task `token` to workers again, with so many retries. What an incident
    keeps of one that has none left; no instance carries it out as a step."""

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
    """End the instance whatever it waits for."""

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
    """The command an incident kept."""
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
