"""Tokens for programs: Bearer tokens of a user, for reading only or for acting.

Owns checking them, and making and revoking one's own (those of service accounts:
`processes.people.service_accounts`). Must not know HTTP. A token never has more rights than its
user at that moment: the scope is read again with every call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Forbidden, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.authentication import confirming
from processes.authentication.credentials import digest, new_key
from processes.rights import audit
from processes.rights.access import Scope, may
from processes.rights.scope import of_token
from processes.storage.authentication import sessions as table
from processes.storage.authentication.sessions import Token
from processes.storage.people import users
from processes.storage.people.users import User

LONGEST: Final = timedelta(days=366)


@act
def create(act: Acting, *, name: str, kind: Literal["read", "act"], lasts: timedelta) -> str:
    """Make a token of one's own; the secret is returned once and not stored.

    Raises `BadInput` for an empty name, a life of over a year, and without the password given again
    (`processes.authentication.confirming`).
    """
    confirming.hold(act, "make_token")
    made, key = _make(act, act.scope.user_id, name, kind, lasts)
    _record(act, "create_token", made)
    return key


@act
def create_for(
    act: Acting, username: str, *, name: str, kind: Literal["read", "act"], lasts: timedelta
) -> str:
    """The same for another user, for whom the operator at the console vouches. Raises `NotFound`,
    `Conflict` for a service account, `Forbidden` for every other author."""
    if not act.scope.operates:
        raise Forbidden(say("Your role does not include this."))
    person = users.by_username(act.connection, username)
    if person is None or not person.active:
        raise NotFound(say("There is no such account."))
    act.lock_accounts(person.id)
    users.check_person(act.connection, person.id)
    made, key = _make(act, person.id, name, kind, lasts)
    _record(act, "create_token", made, user=person.username)
    return key


def _make(act: Acting, user_id: UUID, name: str, kind: str, lasts: timedelta) -> tuple[Token, str]:
    name, now = checked_name(name), act.real_now
    check_life(lasts)
    made, key = Token(uuid7(), user_id, name, kind, now, now + lasts, None), new_key()
    table.insert_token(act.connection, made, digest(key))
    return made, key


def _record(act: Acting, name: str, made: Token, **more: object) -> None:
    expires = made.expires_at.isoformat()
    details = {"name": made.name, "scope": made.scope, "expires": expires, **more}
    subject = f"token:{made.id}"
    audit.record(act.connection, act.by, name, subject, now=act.real_now, details=details)


def checked_name(name: str) -> str:
    """The name of a token. Raises `BadInput` for an empty name."""
    name = name.strip()[:80]
    if is_blank(name):
        raise BadInput(say("Name the program."), {"name": say("Write what will use this token.")})
    return name


def check_life(lasts: timedelta) -> None:
    """Raises `BadInput` for a life of zero or less, and for one of over a year."""
    if not timedelta(0) < lasts <= LONGEST:
        raise BadInput(
            say("A token lives for at most a year."), {"lasts": say("Choose 1 to 366 days.")}
        )


@dataclass(frozen=True, slots=True)
class Bearer:
    """An unexpired token with its active user, and the database's time of its use."""

    token: Token
    user: User
    now: datetime

    @property
    def needs_touch(self) -> bool:
        """Whether it is time to note that the token is in use: at most once a day."""
        used = self.token.used_at
        return used is None or self.now - used >= timedelta(days=1)


def verify(connection: Connection, key: str) -> Bearer | None:
    """The token with this secret. One statement."""
    found = table.bearer(connection, digest(key))
    if found is None:
        return None
    token, now, user = found
    return Bearer(token, user, now) if now < token.expires_at else None


def scope_of(connection: Connection, bearer: Bearer) -> Scope:
    """The present rights of a program with this token."""
    return of_token(connection, bearer.token, bearer.user)


@act
def touch(act: Acting, bearer: Bearer) -> None:
    """Note that a token is in use, so that its owner sees which tokens are unused."""
    table.use_token(act.connection, bearer.token.id, bearer.now)


def own(connection: Connection, scope: Scope) -> list[Token]:
    """The user's own tokens, newest first."""
    may(scope, "read_account")
    return table.tokens_of(connection, scope.user_id)


@act
def revoke(act: Acting, token_id: UUID) -> None:
    """Revoke one's own token. Raises `NotFound` for any other."""
    act.lock_accounts()
    act.may("change_account")
    if not table.delete_token(act.connection, act.scope.user_id, token_id):
        raise NotFound(say("There is no such token."))
    subject = f"token:{token_id}"
    audit.record(act.connection, act.by, "revoke_token", subject, now=act.real_now)
