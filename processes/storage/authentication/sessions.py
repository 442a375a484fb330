"""Rows of proving who somebody is: sessions, tokens, links.

Must not know passwords' rules, roles or pages (`processes.people.accounts` decides).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from engine.storage.clock_time import database_now
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.storage.people.users import USER, User, check_person, check_service
from processes.storage.tables.authentication import invitation, session, token
from processes.storage.tables.people import user


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `digest` identifies it; the cookie cannot be computed from it."""

    digest: str
    user_id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a program. `scope`: "read" reads, "act" may also change. `topics`, `case_topics`:
    for a service account, its topics and those of them allowed in real cases; None: of a person."""

    id: UUID
    user_id: UUID
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    topics: list[str] | None = None
    case_topics: list[str] | None = None


SESSION = [session.c[name] for name in Session.__slots__]
TOKEN = [token.c[name] for name in Token.__slots__]
_bearer = Hot(
    select(*TOKEN, database_now().label("now"), *USER)
    .join(user, user.c.id == token.c.user_id)
    .where(token.c.digest == bindparam("digest"), user.c.active)
)
_token_by_id = Hot(
    select(*TOKEN, *USER)
    .join(user, user.c.id == token.c.user_id)
    .where(token.c.id == bindparam("id", type_=ID), user.c.active)
)
_session = Hot(
    select(*SESSION)
    .join(user, user.c.id == session.c.user_id)
    .where(session.c.digest == bindparam("digest"), user.c.active)
)


def insert_session(connection: Connection, row: Session) -> None:
    """Store a new session. Raises `Conflict` as `users.check_person`."""
    check_person(connection, row.user_id)
    values = {name: getattr(row, name) for name in Session.__slots__}
    connection.execute(insert(session).values(values))


def active_session(connection: Connection, digest: str) -> Session | None:
    """The session of that digest whose user is active, expired or not."""
    found = _session.one(connection, {"digest": digest})
    return Session(*found) if found else None


def sessions_of(connection: Connection, user_id: UUID) -> list[Session]:
    """A user's sessions, the last used first."""
    found = connection.execute(
        select(*SESSION).where(session.c.user_id == user_id).order_by(session.c.seen_at.desc())
    )
    return [Session(*row) for row in found]


def see_session(connection: Connection, digest: str, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(session).where(session.c.digest == digest).values(seen_at=now))


def end_session(connection: Connection, user_id: UUID, digest: str) -> bool:
    """End one session of that user; False if it is not theirs or already over."""
    mine = (session.c.digest == digest) & (session.c.user_id == user_id)
    return connection.execute(delete(session).where(mine)).rowcount == 1


def end_sessions(connection: Connection, user_id: UUID) -> None:
    """End every session of a user."""
    connection.execute(delete(session).where(session.c.user_id == user_id))


def end_other_sessions(connection: Connection, user_id: UUID, kept: str) -> int:
    """End every session of a user except one; return their number."""
    others = (session.c.user_id == user_id) & (session.c.digest != kept)
    return connection.execute(delete(session).where(others)).rowcount


def insert_token(connection: Connection, row: Token, digest: str) -> None:
    """Store a new token under the digest of its secret. Raises `Conflict` for a person's token with
    topics, and for a service account's token without."""
    (check_service if row.topics else check_person)(connection, row.user_id)
    values = {name: getattr(row, name) for name in Token.__slots__}
    connection.execute(insert(token).values(values | {"digest": digest}))


def bearer(connection: Connection, digest: str) -> tuple[Token, datetime, User] | None:
    """The token of that digest, expired or not, the database's time, and its active user."""
    found = _bearer.one(connection, {"digest": digest})
    if found is None:
        return None
    return Token(*found[: len(TOKEN)]), found[len(TOKEN)], User(*found[len(TOKEN) + 1 :])


def token_and_user(connection: Connection, token_id: UUID) -> tuple[Token, User] | None:
    """A token, expired or not, and its active user."""
    found = _token_by_id.one(connection, {"id": token_id})
    return None if found is None else (Token(*found[: len(TOKEN)]), User(*found[len(TOKEN) :]))


def tokens_of(connection: Connection, user_id: UUID) -> list[Token]:
    """A user's tokens, newest first."""
    found = connection.execute(
        select(*TOKEN).where(token.c.user_id == user_id).order_by(token.c.id.desc())
    )
    return [Token(*row) for row in found]


def use_token(connection: Connection, token_id: UUID, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(update(token).where(token.c.id == token_id).values(used_at=now))


def allow_in_cases(connection: Connection, token_id: UUID, topics: Collection[str]) -> None:
    """Store the topics on which a token may work in real cases."""
    values = {"case_topics": sorted(topics)}
    connection.execute(update(token).where(token.c.id == token_id).values(values))


def delete_token(connection: Connection, user_id: UUID, token_id: UUID) -> bool:
    """Remove one token of that user; False if it is not theirs."""
    mine = (token.c.id == token_id) & (token.c.user_id == user_id)
    return connection.execute(delete(token).where(mine)).rowcount == 1


def delete_tokens(connection: Connection, user_id: UUID) -> None:
    """Remove every token of a user."""
    connection.execute(delete(token).where(token.c.user_id == user_id))


def insert_invitation(connection: Connection, values: dict[str, object]) -> None:
    """Store a link. Raises `Conflict` as `users.check_person`."""
    check_person(connection, cast(UUID, values["user_id"]))
    connection.execute(insert(invitation).values(values))


def open_invitation(connection: Connection, digest: str, now: datetime) -> User | None:
    """The active user of an unexpired link."""
    found = connection.execute(
        select(*USER)
        .join(user, user.c.id == invitation.c.user_id)
        .where(invitation.c.digest == digest, invitation.c.expires_at > now, user.c.active)
    ).one_or_none()
    return User(*found) if found else None


def take_invitation(connection: Connection, digest: str) -> bool:
    """Use a link up. False if somebody else did first: the number of changed rows decides."""
    taken = connection.execute(delete(invitation).where(invitation.c.digest == digest))
    return taken.rowcount == 1


def drop_invitations(connection: Connection, user_id: UUID) -> None:
    """Delete a user's open links."""
    connection.execute(delete(invitation).where(invitation.c.user_id == user_id))


def forget_expired(connection: Connection, now: datetime) -> None:
    """Remove expired sessions, tokens and links."""
    for table in (session, token, invitation):
        connection.execute(delete(table).where(table.c.expires_at <= now))
