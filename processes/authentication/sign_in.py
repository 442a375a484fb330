"""Signing in: from a name and a password to a session, and the sessions themselves.

Owns the end of sessions. Must not know cookies or pages, nor how a password is checked
(`processes.authentication.password_check`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication import throttle
from processes.authentication.confirming import hold
from processes.authentication.credentials import digest, new_key
from processes.authentication.password_check import Refused, Visitor, check_password
from processes.rights import audit
from processes.rights.scope import stranger
from processes.storage.authentication import attempts, failed_sign_ins, passwords
from processes.storage.authentication import sessions as table
from processes.storage.authentication.failed_sign_ins import Failed
from processes.storage.authentication.passwords import Credentials
from processes.storage.authentication.sessions import Session


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a session: without any use, and in all."""

    idle: timedelta = timedelta(hours=8)
    absolute: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. `key` is the secret for the cookie; it is not stored. `failed`: failed
    attempts on the account since the last sign-in."""

    user_id: UUID
    key: str
    failed: Failed | None = None


TOUCH_EVERY: Final = timedelta(minutes=1)
"""Shortest time between two notes that a session is in use: a page rarely costs a write."""


def sign_in(
    service: Service,
    username: str,
    password: str,
    *,
    visitor: Visitor,
    limits: Limits | None = None,
) -> SignedIn | Refused:
    """Check a password and open a session. Three short acts of a stranger and one slow check."""
    checked = check_password(service, username, password, visitor=visitor)
    if isinstance(checked, Refused):
        return checked
    return _enter(service, stranger(), checked, visitor, limits or Limits())


@act
def _enter(
    act: Acting, checked: Credentials, visitor: Visitor, limits: Limits
) -> SignedIn | Refused:
    """Open a session with a password that was just found right, if it still is."""
    act.lock_accounts(checked.user_id)
    known = passwords.credentials(act.connection, checked.username)
    if not known or not known.active or known.password_version != checked.password_version:
        return Refused()  # an old password, or a closed account, opens no session
    key = open_session(
        act.connection, known.user_id, visitor=visitor, now=act.real_now, limits=limits
    )
    failed = failed_sign_ins.take(act.connection, known.user_id)
    record(act, known.username, "sign_in", visitor.address)
    return SignedIn(known.user_id, key, failed)


def record(
    act: Acting,
    username: str,
    name: str,
    address: str,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write a person's act on the own account into the audit, with the address."""
    audit.record(
        act.connection,
        username,
        name,
        f"user:{username}",
        now=act.real_now,
        address=address,
        details=details,
    )


def open_session(
    connection: Connection, user_id: UUID, *, visitor: Visitor, now: datetime, limits: Limits
) -> str:
    """Open a session of that user; return the secret for the cookie. The present session of this
    browser ends."""
    if visitor.session_key:
        _end(connection, visitor.session_key)
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
    """The valid session of this key: within both limits and of an active user."""
    found = table.active_session(connection, digest(key))
    if found is None or found.expires_at <= now:
        return None
    return found if found.seen_at + (limits or Limits()).idle > now else None


def needs_touch(session: Session, now: datetime) -> bool:
    """Whether it is time to note that the session is in use (see `touch_session`)."""
    return now - session.seen_at >= TOUCH_EVERY


@act
def touch_session(act: Acting, session: Session, now: datetime) -> None:
    """Note that a session is in use, which extends its idle limit. The author is the holder of its
    key. `now`: the database's time, read with the session."""
    table.see_session(act.connection, session.digest, now)


def sessions_of(connection: Connection, user_id: UUID, now: datetime) -> list[Session]:
    """A user's own sessions within their absolute limit, the last used first."""
    return [row for row in table.sessions_of(connection, user_id) if row.expires_at > now]


@act
def end_other_sessions(act: Acting, kept: str, *, address: str) -> int:
    """End every session of one's own except the one with the digest `kept`; return their number.
    Raises `BadInput` without the password given again, as `end_session` does."""
    hold(act, "end_session")
    ended = table.end_other_sessions(act.connection, act.scope.user_id, kept)
    record(act, act.by, "end_other_sessions", address, {"ended": ended})
    return ended


@act
def end_session(act: Acting, session_digest: str) -> None:
    """End one of one's own sessions. Raises `NotFound` for any other, `BadInput` without the
    password given again: a person who finds an open session must not lock its owner out."""
    hold(act, "end_session")
    if not table.end_session(act.connection, act.scope.user_id, session_digest):
        raise NotFound(say("This session is already over."))


@act
def sign_out(act: Acting, key: str) -> None:
    """End the session of this key, if it is valid. A stranger's act: the holder of the key may do
    so, even for an account that was closed meanwhile."""
    _end(act.connection, key)


def clean(connection: Connection, now: datetime) -> None:
    """The daily cleaning of expired sessions, tokens and links."""
    table.forget_expired(connection, now)
    attempts.forget(connection, now - throttle.FORGOTTEN_AFTER)


def _end(connection: Connection, key: str) -> None:
    found = table.active_session(connection, digest(key))
    if found:
        table.end_session(connection, found.user_id, found.digest)
