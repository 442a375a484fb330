"""The payloads of the register's own jobs: for each kind a frozen class, one encode and one decode.

Owns the stored form of these payloads, which never changes. Runs no job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SendMail:
    """Send a mail of the outbox."""

    kind: ClassVar[str] = "mail"
    mail_id: UUID

    def encode(self) -> dict[str, Any]:
        return {"mail_id": str(self.mail_id)}

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(UUID(str(content["mail_id"])))


@dataclass(frozen=True, slots=True)
class SendResetLink:
    """Make a link for a user who forgot the password, and mail it."""

    kind: ClassVar[str] = "reset_link"
    user_id: UUID

    def encode(self) -> dict[str, Any]:
        return {"user_id": str(self.user_id)}

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(UUID(str(content["user_id"])))


@dataclass(frozen=True, slots=True)
class DoPart:
    """Carry out one part of an act on many."""

    kind: ClassVar[str] = "bulk_part"
    part_id: UUID

    def encode(self) -> dict[str, Any]:
        return {"part_id": str(self.part_id)}

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(UUID(str(content["part_id"])))


@dataclass(frozen=True, slots=True)
class MakeCompilation:
    """Make an ordered compilation."""

    kind: ClassVar[str] = "compilation"
    order_id: UUID

    def encode(self) -> dict[str, Any]:
        return {"order_id": str(self.order_id)}

    @classmethod
    def decode(cls, content: Mapping[str, Any]) -> Self:
        return cls(UUID(str(content["order_id"])))
