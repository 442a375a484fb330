"""The passwords of people: data for checking one, and storing another.

Owns the SQL on the password columns of `user`. Must not know how a password is hashed or checked
(`processes.authentication.credentials`), nor who may ask.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.register.states import AccountKind
from processes.storage.people.users import check_person
from processes.storage.tables.people import user


@dataclass(frozen=True, slots=True)
class Credentials:
    """The data for checking a password."""

    user_id: UUID
    username: str
    password_hash: str | None
    password_version: int
    active: bool
    is_service: bool


def credentials(connection: Connection, username: str) -> Credentials | None:
    """The data for checking a password, by username."""
    found = connection.execute(
        select(
            user.c.id,
            user.c.username,
            user.c.password_hash,
            user.c.password_version,
            user.c.active,
            (user.c.kind == AccountKind.SERVICE).label("is_service"),
        ).where(user.c.username == username)
    ).one_or_none()
    return Credentials(*found) if found else None


def without_password(connection: Connection, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of these users who are persons and never chose a password."""
    empty = (
        user.c.password_hash.is_(None)
        & user.c.id.in_(user_ids)
        & (user.c.kind == AccountKind.PERSON)
    )
    return set(connection.execute(select(user.c.id).where(empty)).scalars())


def set_password_hash(connection: Connection, user_id: UUID, password_hash: str) -> None:
    """Store a new password's hash under the next version. Raises `Conflict` as
    `users.check_person`."""
    check_person(connection, user_id)
    values = {"password_hash": password_hash, "password_version": user.c.password_version + 1}
    connection.execute(update(user).where(user.c.id == user_id).values(values))


def lock_version(connection: Connection, user_id: UUID) -> int | None:
    """The version of a user's password, locked until the transaction ends."""
    question = select(user.c.password_version).where(user.c.id == user_id).with_for_update()
    return connection.execute(question).scalar_one_or_none()


def rehash(connection: Connection, before: Credentials, password_hash: str) -> None:
    """Store the same password under newer parameters, unless it was changed meanwhile."""
    unchanged = (user.c.id == before.user_id) & (user.c.password_version == before.password_version)
    connection.execute(update(user).where(unchanged).values(password_hash=password_hash))
