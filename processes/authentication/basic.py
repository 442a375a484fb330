"""HTTP Basic without the cost of argon2 on each call: a verified pair is remembered for a minute.

Owns the memory of one process. Must not know HTTP. The memory holds an HMAC, under a random key of
this process, over user, password version and password. It ends with a new password and with the
process, and a reader of it learns nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from processes.acts.service import Service
from processes.authentication import tokens
from processes.authentication.password_check import (
    Refused,
    Visitor,
    check_password,
    normal_username,
)
from processes.authentication.tokens import Bearer
from processes.storage.authentication import passwords
from processes.storage.authentication.passwords import Credentials

REMEMBERED_FOR: Final = timedelta(seconds=60)
MOST_REMEMBERED: Final = 1000


@dataclass
class BasicCheck:
    """One per process; threads may share it."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _until: dict[bytes, datetime] = field(default_factory=dict)

    def user_of(
        self, service: Service, username: str, password: str, *, visitor: Visitor, now: datetime
    ) -> UUID | Bearer | Refused:
        """The owner of the credentials: `recalled`, else a full check, which is slow.

        Wrong guesses of others do not delay a program whose pair was right before.
        """
        with service.reading() as connection:
            known = passwords.credentials(connection, normal_username(username))
            recalled = self._recalled(connection, known, password, now)
        if recalled is not None:
            return recalled
        checked = check_password(service, username, password, visitor=visitor)
        if isinstance(checked, Refused):
            if known and known.active and checked.wait and self._knew(known, password):
                return known.user_id
            return checked
        self._remember(checked, password, now)
        return checked.user_id

    def recalled(
        self, connection: Connection, username: str, password: str, now: datetime
    ) -> UUID | Bearer | None:
        """The owner of the credentials if no full check is needed. A remembered pair costs one
        statement. The password of a service account is any of its tokens: two statements, nothing
        remembered."""
        known = passwords.credentials(connection, normal_username(username))
        return self._recalled(connection, known, password, now)

    def _recalled(
        self, connection: Connection, known: Credentials | None, password: str, now: datetime
    ) -> UUID | Bearer | None:
        bearer = tokens.verify(connection, password) if known and known.is_service else None
        if known and bearer and bearer.user.id == known.user_id:
            return bearer
        if known and known.active and self._remembers(known, password, now):
            return known.user_id
        return None

    def _remembers(self, known: Credentials, password: str, now: datetime) -> bool:
        until = self._until.get(self._mark(known, password))
        return until is not None and until > now

    def _knew(self, known: Credentials, password: str) -> bool:
        return self._mark(known, password) in self._until

    def _remember(self, known: Credentials, password: str, now: datetime) -> None:
        if len(self._until) >= MOST_REMEMBERED:
            self._until = {mark: until for mark, until in self._until.items() if until > now}
        if len(self._until) < MOST_REMEMBERED:
            self._until[self._mark(known, password)] = now + REMEMBERED_FOR

    def _mark(self, known: Credentials, password: str) -> bytes:
        text = f"{known.user_id}|{known.password_version}|{password}"
        return hmac.digest(self._key, text.encode(), hashlib.sha256)
