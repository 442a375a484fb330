"""Accounts: who has one, with which roles, institutions and clearance.

Owns creating, changing and closing accounts and one's own preferences and password. Must not know
how somebody signs in (`processes.sign_in`) or by link (`processes.invitations`). Every change is in
the audit; a change of rights or password ends the user's sessions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import BadInput, Conflict, Forbidden, NotFound
from engine.words import Sentence, say
from processes import audit
from processes.access import Scope, may
from processes.calendars import zone_of
from processes.credentials import hash_password
from processes.grants import check_grants, keep_an_administrator, nothing_granted
from processes.paging import PAGE, Page, cursor, cut
from processes.password_check import Visitor, confirm_password, normal_username
from processes.password_rules import check_new_password
from processes.storage import sign_in, users
from processes.storage.users import Grants, User
from processes.transactions import Transactions

USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")
PREFERENCES: Final[Mapping[str, tuple[str, ...]]] = {
    "locale": ("id", "en"),
    "theme": ("light", "dark", "system"),
    "density": ("comfortable", "dense"),
    "zone": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
}


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to create. Without a password the user comes in by an invitation link."""

    username: str
    name: str
    post: str = ""
    email: str = ""
    clearance: str = "ordinary"
    grants: Grants = field(default_factory=nothing_granted)
    password: str | None = None
    fictitious: bool = False


def create(connection: Connection, scope: Scope, new: NewUser, *, now: datetime) -> UUID:
    """Create an account; its id. With a password it hashes inside the transaction: that is for
    the console and the demo. Raises `BadInput`, `Conflict` when the name is taken, `Forbidden`."""
    may(scope, "manage_users")
    username = normal_username(new.username)
    _check_fields({"username": username, "name": new.name, "email": new.email})
    check_grants(connection, new.grants, new.clearance)
    row = User(
        id=uuid7(),
        username=username,
        name=new.name.strip(),
        post=new.post.strip(),
        email=new.email.strip(),
        clearance=new.clearance,
        locale="id",
        theme="system",
        density="comfortable",
        zone=zone_of(connection).key,
        active=True,
        fictitious=new.fictitious,
        created_at=now,
    )
    if not users.insert_user(connection, row):
        raise Conflict(say("The user name {username} is taken.", username=username))
    users.replace_grants(connection, row.id, new.grants)
    if new.password is not None:
        if not new.fictitious:  # the demo's own is the operator's choice
            check_new_password(connection, row.id, new.password, "password")
        users.set_password_hash(connection, row.id, hash_password(new.password))
    details = {"clearance": new.clearance, **described(new.grants)}
    _record(connection, scope, "create_user", row, now, details)
    return row.id


def described(grants: Grants) -> dict[str, object]:
    """Roles and memberships as the audit writes them."""
    return {
        "roles": {role: rank or "" for role, rank in sorted(grants.roles.items())},
        "memberships": sorted(f"{m.role}:{m.institution_code}" for m in grants.memberships),
    }


def account(connection: Connection, scope: Scope, user_id: UUID) -> tuple[User, Grants]:
    """One account: one's own, or anybody's for an administrator. Raises `NotFound`, `Forbidden`."""
    may(scope, "read_account" if user_id == scope.user_id else "read_users")
    return _person(connection, user_id), users.grants_of(connection, [user_id])[user_id]


def page(
    connection: Connection,
    scope: Scope,
    *,
    search: str = "",
    after: str | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> Page[tuple[User, Grants]]:
    """A page of accounts along the user names, behind or before one of them; with `search` those
    whose name, post or user name contains it. Raises `Forbidden`."""
    may(scope, "read_users")
    at = cursor(after, before)
    found = users.page(connection, at=at, limit=limit + 1, search=search.strip())
    grants = users.grants_of(connection, [person.id for person in found])
    return cut([(person, grants[person.id]) for person in found], limit, at)


def change_details(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    *,
    name: str,
    post: str,
    email: str,
    now: datetime,
) -> None:
    """Change name, post and e-mail address. Raises `BadInput`, `NotFound`, `Forbidden`."""
    may(scope, "manage_users")
    _check_fields({"name": name, "email": email})
    before = _person(connection, user_id)
    values = {"name": name.strip(), "post": post.strip(), "email": email.strip()}
    users.change(connection, user_id, values)
    changed = {key: value for key, value in values.items() if value != getattr(before, key)}
    _record(connection, scope, "change_user", before, now, changed)


def change_rights(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    *,
    grants: Grants,
    clearance: str,
    now: datetime,
) -> None:
    """Give a user exactly these roles, memberships and clearance; ends their sessions.

    Raises `Forbidden` for one's own account (nobody raises themselves), `BadInput` for unknown
    words, `Conflict` if no administrator were left.
    """
    may(scope, "manage_users")
    person = _other(connection, scope, user_id)
    check_grants(connection, grants, clearance)
    before = users.grants_of(connection, [user_id])[user_id]
    users.replace_grants(connection, user_id, grants)
    users.change(connection, user_id, {"clearance": clearance})
    keep_an_administrator(connection)
    sign_in.end_sessions(connection, user_id)
    details: dict[str, object] = {
        "before": {"clearance": person.clearance, **described(before)},
        "after": {"clearance": clearance, **described(grants)},
    }
    _record(connection, scope, "change_rights", person, now, details)


def deactivate(connection: Connection, scope: Scope, user_id: UUID, *, now: datetime) -> None:
    """Close an account: it can no longer sign in, its sessions, tokens and links end. What it did
    stays under its name. Raises as `change_rights` does."""
    may(scope, "manage_users")
    person = _other(connection, scope, user_id)
    users.change(connection, user_id, {"active": False})
    keep_an_administrator(connection)
    sign_in.end_sessions(connection, user_id)
    sign_in.delete_tokens(connection, user_id)
    sign_in.drop_invitations(connection, user_id)
    _record(connection, scope, "deactivate_user", person, now)


def reactivate(connection: Connection, scope: Scope, user_id: UUID, *, now: datetime) -> None:
    """Open a closed account again, with the rights and the password it had."""
    may(scope, "manage_users")
    person = _other(connection, scope, user_id)
    users.change(connection, user_id, {"active": True})
    _record(connection, scope, "reactivate_user", person, now)


def change_preferences(
    connection: Connection, scope: Scope, values: Mapping[str, str], *, now: datetime
) -> None:
    """Change how the pages look for oneself: any of `PREFERENCES`. Raises `BadInput`."""
    may(scope, "change_account")
    wrong = [key for key, value in values.items() if value not in PREFERENCES.get(key, ())]
    if wrong:
        choose = say("Choose one of the offered values.")
        raise BadInput(choose, dict.fromkeys(wrong, choose))
    if values:
        users.change(connection, scope.user_id, dict(values))


def change_password(
    data: Transactions, scope: Scope, *, old: str, new: str, visitor: Visitor, now: datetime
) -> None:
    """Change one's own password; every session ends, this one too. Two slow checks, none of them
    inside a transaction. Raises `BadInput` for a wrong old or a poor new password and
    `TooManyAttempts`."""
    may(scope, "change_account")
    with data.reading() as connection:
        check_new_password(connection, scope.user_id, new, "new")
    known = confirm_password(
        data, scope, old, field="old", visitor=visitor, now=now, act="change_password"
    )
    hashed = hash_password(new)
    with data.transaction() as connection:
        store_password(connection, known.user_id, hashed)
        subject = f"user:{scope.username}"
        audit.record(
            connection, scope.username, "change_password", subject, now=now, address=visitor.address
        )


def store_password(connection: Connection, user_id: UUID, hashed: str) -> None:
    """Set a password's hash; no session that came from the old one and no link outlives it."""
    users.set_password_hash(connection, user_id, hashed)
    sign_in.end_sessions(connection, user_id)
    sign_in.drop_invitations(connection, user_id)


def _other(connection: Connection, scope: Scope, user_id: UUID) -> User:
    if user_id == scope.user_id:
        raise Forbidden(say("Another administrator must change your own rights."))
    return _person(connection, user_id)


def _person(connection: Connection, user_id: UUID) -> User:
    person = users.by_id(connection, user_id)
    if person is None:
        raise NotFound(say("There is no such account."))
    return person


def _check_fields(values: Mapping[str, str]) -> None:
    wrong: dict[str, Sentence] = {}
    if "username" in values and not USERNAME.fullmatch(values["username"]):
        wrong["username"] = say("Use 2 to 60 small letters, digits, dots or hyphens.")
    if not 1 <= len(values["name"].strip()) <= 120:
        wrong["name"] = say("Write the person's name, at most 120 characters.")
    if values["email"].strip() and not EMAIL.fullmatch(values["email"].strip()):
        wrong["email"] = say("Write an address such as nama@instansi.go.id.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def _record(
    connection: Connection,
    scope: Scope,
    act: str,
    person: User,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    subject = f"user:{person.username}"
    audit.record(connection, scope.username, act, subject, now=now, details=details)
