"""Keys for programs: Bearer tokens of a user, reading only or acting.

Owns making, checking and revoking them. Must not know HTTP. A token can never do more than its
user can at that moment: the scope is read anew with every call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import BadInput, NotFound
from engine.words import say
from processes import audit
from processes.access import Scope, may
from processes.credentials import digest, new_key
from processes.storage import sign_in as table
from processes.storage.sign_in import Token

LONGEST: Final = timedelta(days=366)


def create(
    connection: Connection,
    scope: Scope,
    *,
    name: str,
    kind: Literal["read", "act"],
    lasts: timedelta,
    now: datetime,
) -> str:
    """A new token of the asker's own; the secret is returned once and stored nowhere.

    Raises `BadInput` for an empty name or a life of over a year.
    """
    may(scope, "change_account")
    name = name.strip()[:80]
    if not name:
        raise BadInput(say("Name the program."), {"name": say("Write what will use this token.")})
    if not timedelta(0) < lasts <= LONGEST:
        raise BadInput(
            say("A token lives for at most a year."), {"lasts": say("Choose 1 to 366 days.")}
        )
    key = new_key()
    row = Token(uuid7(), scope.user_id, name, kind, now, now + lasts, None)
    table.insert_token(connection, row, digest(key))
    details = {"name": name, "scope": kind, "expires": row.expires_at.isoformat()}
    audit.record(
        connection, scope.username, "create_token", f"token:{row.id}", now=now, details=details
    )
    return key


def verify(connection: Connection, key: str, now: datetime) -> Token | None:
    """The unexpired token of this secret, of an active user. One question."""
    return table.token_by_digest(connection, digest(key), now)


def needs_touch(token: Token, now: datetime) -> bool:
    """Whether it is time to write that the token is in use: at most once a day."""
    return token.used_at is None or now - token.used_at >= timedelta(days=1)


def touch(connection: Connection, token: Token, now: datetime) -> None:
    """Note that a token is in use, so that its owner sees which ones are not."""
    table.use_token(connection, token.id, now)


def own(connection: Connection, scope: Scope) -> list[Token]:
    """The asker's tokens, newest first."""
    may(scope, "read_account")
    return table.tokens_of(connection, scope.user_id)


def revoke(connection: Connection, scope: Scope, token_id: UUID, *, now: datetime) -> None:
    """Remove one's own token. Raises `NotFound` for any other."""
    may(scope, "change_account")
    if not table.delete_token(connection, scope.user_id, token_id):
        raise NotFound(say("There is no such token."))
    audit.record(connection, scope.username, "revoke_token", f"token:{token_id}", now=now)
