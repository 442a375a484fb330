"""Signing in: from a name and a password to a session, and the sessions themselves.

Owns when a session is over. Must not know cookies or pages, nor how a password is checked
(`processes.password_check`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.words import say
from processes import audit, throttle
from processes.access import Scope, may
from processes.credentials import digest, new_key
from processes.password_check import Refused, Visitor, check_password
from processes.storage import attempts, failed_sign_ins, passwords
from processes.storage import sign_in as table
from processes.storage.failed_sign_ins import Failed
from processes.storage.sign_in import Session
from processes.transactions import Transactions


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lives: without any use, and at all."""

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `key` is the secret for the cookie; it is stored nowhere. `failed`: what
    others, or its owner, tried in vain at the account since the last time."""

    user_id: UUID
    key: str
    failed: Failed | None = None


TOUCH_EVERY: Final = timedelta(minutes=1)
"""A page costs a write at most this often to note that the session is in use."""


def sign_in(
    data: Transactions,
    username: str,
    password: str,
    *,
    visitor: Visitor,
    now: datetime,
    limits: Limits | None = None,
) -> SignedIn | Refused:
    """Check a password and open a session. Two short transactions and one slow check between."""
    checked = check_password(data, username, password, visitor=visitor, now=now)
    if isinstance(checked, Refused):
        return checked
    with data.transaction() as connection:
        if passwords.lock_version(connection, checked.user_id) != checked.password_version:
            return Refused()  # changed since it was looked at: no session comes from the old one
        key = open_session(
            connection, checked.user_id, visitor=visitor, now=now, limits=limits or Limits()
        )
        failed = failed_sign_ins.take(connection, checked.user_id)
        subject = f"user:{checked.username}"
        audit.record(
            connection, checked.username, "sign_in", subject, now=now, address=visitor.address
        )
    return SignedIn(checked.user_id, key, failed)


def open_session(
    connection: Connection, user_id: UUID, *, visitor: Visitor, now: datetime, limits: Limits
) -> str:
    """A new session of that user; the secret for the cookie. The one this browser had ends."""
    if visitor.session_key:
        sign_out(connection, visitor.session_key)
    key = new_key()
    row = Session(
        digest=digest(key),
        user_id=user_id,
        created_at=now,
        seen_at=now,
        expires_at=now + limits.absolute,
        address=visitor.address[:60],
        user_agent=visitor.user_agent[:200],
    )
    table.insert_session(connection, row)
    return key


def find_session(
    connection: Connection, key: str, now: datetime, limits: Limits | None = None
) -> Session | None:
    """The living session of this key: within both limits and of an active user."""
    found = table.active_session(connection, digest(key))
    if found is None or found.expires_at <= now:
        return None
    return found if found.seen_at + (limits or Limits()).idle > now else None


def needs_touch(session: Session, now: datetime) -> bool:
    """Whether it is time to write that the session is in use (see `touch_session`)."""
    return now - session.seen_at >= TOUCH_EVERY


def touch_session(connection: Connection, session: Session, now: datetime) -> None:
    """Note that a session is in use, which puts off its idle limit."""
    table.see_session(connection, session.digest, now)


def sessions_of(connection: Connection, user_id: UUID, now: datetime) -> list[Session]:
    """A user's own sessions that are not past their absolute limit, last seen first."""
    return [row for row in table.sessions_of(connection, user_id) if row.expires_at > now]


def end_other_sessions(
    connection: Connection, scope: Scope, kept: str, *, now: datetime, address: str
) -> int:
    """End every session of one's own but the one whose digest is `kept`; how many ended. Raises
    `BadInput` without the password given once more, as `end_session` does."""
    may(scope, "end_session")
    ended = table.end_other_sessions(connection, scope.user_id, kept)
    audit.record(
        connection,
        scope.username,
        "end_other_sessions",
        f"user:{scope.username}",
        now=now,
        address=address,
        details={"ended": ended},
    )
    return ended


def end_session(connection: Connection, scope: Scope, session_digest: str) -> None:
    """End one of one's own sessions. Raises `NotFound` for any other, `BadInput` without the
    password given once more: who found a session open must not shut its owner out."""
    may(scope, "end_session")
    if not table.end_session(connection, scope.user_id, session_digest):
        raise NotFound(say("This session is already over."))


def sign_out(connection: Connection, key: str) -> None:
    """End the session of this key, if it still lives."""
    found = table.active_session(connection, digest(key))
    if found:
        table.end_session(connection, found.user_id, found.digest)


def clean(connection: Connection, now: datetime) -> None:
    """The daily cleaning of everything that proves nothing any more."""
    table.forget_expired(connection, now)
    attempts.forget(connection, now - throttle.FORGOTTEN_AFTER)
