"""The payloads of jobs: for each kind one frozen class, with one encode and one decode.

Owns the stored form of each payload. It never changes, because an older version may have stored a
job; a key that was added later may be missing. Knows no table and runs no job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from engine.ports.cases import EVERY_FAMILY
from engine.records.commands import Occur, Send, Start


@dataclass(frozen=True, slots=True)
class Starting:
    """Start an instance under an id made beforehand. `at`: the start event, None: the usual one;
    `details`: facts for the history."""

    kind: ClassVar[str] = "start"
    key: str
    id: UUID
    business_key: str | None
    data: Mapping[str, Any]
    by: str | None
    at: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def encode(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "key": self.key, "id": str(self.id), "business_key": self.business_key,
            "data": dict(self.data), "by": self.by,
        }  # fmt: skip
        if self.at is not None:
            content["at"] = self.at
        return content | ({"details": dict(self.details)} if self.details else {})

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(
            content["key"], UUID(content["id"]), content["business_key"], content["data"],
            content["by"], content.get("at"), content.get("details", {}),
        )  # fmt: skip

    def command(self) -> Start:
        """The command of the job."""
        return Start(
            key=self.key, id=self.id, data=self.data, business_key=self.business_key, by=self.by,
            at=self.at, details=self.details,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beginning:
    """The time of a timer that starts a process: `version` is the version for which it was armed,
    `number` its place among several definitions of its event, from 0."""

    kind: ClassVar[str] = "begin"
    key: str
    version: UUID
    element: str
    number: int
    armed_at: datetime

    def encode(self) -> dict[str, Any]:
        return {
            "key": self.key, "version": str(self.version), "element": self.element,
            "number": self.number, "armed_at": self.armed_at.isoformat(),
        }  # fmt: skip

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(
            content["key"], UUID(content["version"]), content["element"],
            content.get("number", 0), datetime.fromisoformat(content["armed_at"]),
        )  # fmt: skip

    def command(self, id: UUID, planned: datetime) -> Occur:
        """The command of the job; the instance that it starts gets the id of the job."""
        return Occur(
            key=self.key, id=id, version=self.version, element=self.element,
            armed_at=self.armed_at, planned=planned, number=self.number,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """The element that sent a message, or that took it from storage: an undelivered message is
    shown there."""

    instance_id: UUID
    element_id: str
    element_name: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message on its way. `key`: the correlation key, usually a business key; `family`: the
    family of the case that sends it, None: of no case; `token`: the only token that may take it,
    never set in a job."""

    kind: ClassVar[str] = "message"
    name: str
    key: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    request_id: str | None = None
    family: str | None = None
    token: UUID | None = None
    origin: Origin | None = None

    def encode(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "message": self.name, "key": self.key, "payload": dict(self.payload), "by": self.by,
            "family": self.family,
        }  # fmt: skip
        if self.request_id is not None:
            content["request_id"] = self.request_id
        if self.origin is not None:
            origin = self.origin
            content["origin"] = [str(origin.instance_id), origin.element_id, origin.element_name]
        return content

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        """Decode. Messages stored before senders were recorded keep their old reach: the person who
        forged one could have delivered it, and no message of a real case is lost."""
        id, *element = content.get("origin", ("",))
        return cls(
            content["message"], content["key"], content["payload"], content["by"],
            content.get("request_id"), content.get("family", EVERY_FAMILY),
            origin=Origin(UUID(id), *element) if id else None,
        )  # fmt: skip

    @classmethod
    def of(cls, command: Send, origin: Origin) -> Self:
        """The message of an incident's command."""
        return cls(
            command.message, command.key, command.payload, command.by, command.request_id,
            command.family, command.token, origin,
        )  # fmt: skip

    def again(self, *, received: bool = False) -> Send:
        """The command for its incident: of its sender, or of the instance that took it."""
        return Send(
            message=self.name, key=self.key, payload=self.payload, by=self.by,
            request_id=self.request_id, family=self.family, token=self.token,
            received=received,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spreading:
    """A signal to spread. `hearing`: the tokens that waited when it was thrown; `starts`: the
    processes that it started then, each with its start event. Neither of them: an older program
    stored the signal, so it goes to all tokens that wait now."""

    kind: ClassVar[str] = "signal"
    name: str
    payload: Mapping[str, Any]
    by: str | None
    family: str | None = EVERY_FAMILY
    business_key: str | None = None
    hearing: tuple[UUID, ...] | None = None
    starts: Mapping[str, str] | None = None

    def encode(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "signal": self.name, "payload": self.payload, "by": self.by, "family": self.family,
            "business_key": self.business_key,
        }  # fmt: skip
        if self.hearing is not None:
            content["hearing"] = [str(token) for token in self.hearing]
        return content | ({"starts": dict(self.starts)} if self.starts is not None else {})

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        """Decode. Signals stored before senders were recorded keep their old reach."""
        hearing = content.get("hearing")
        return cls(
            content["signal"], content["payload"], content["by"],
            content.get("family", EVERY_FAMILY), content.get("business_key"),
            None if hearing is None else tuple(UUID(token) for token in hearing),
            content.get("starts"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hearing:
    """A signal for one token that waited."""

    kind: ClassVar[str] = "hear"
    signal: Spreading
    token: UUID

    def encode(self) -> dict[str, Any]:
        return {**self.signal.encode(), "token": str(self.token)}

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(Spreading.decode(content), UUID(content["token"]))
