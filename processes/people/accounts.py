"""Accounts, and the acts of users on their own account.

Owns creating, reading and closing accounts and one's own preferences and password.
`processes.people.account_rights` changes rights, `processes.people.account_details` names and
addresses. Must not know signing in (`processes.authentication.sign_in`) or links
(`processes.people.links.invitations`). Every change is in the audit; a change of password ends the
user's sessions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication.credentials import Chosen, hash_password
from processes.authentication.password_check import (
    Visitor,
    confirm_password,
    normal_username,
    not_the_present_one,
)
from processes.authentication.password_rules import check_new_password
from processes.days.calendars import zone_of
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.people import approvals
from processes.register.states import AccountKind
from processes.rights import audit
from processes.rights.access import Scope, may
from processes.rights.grants import check_grants, keep_an_administrator, nothing_granted
from processes.rights.widening import Rights, alone
from processes.storage.authentication import passwords, sessions
from processes.storage.authentication.passwords import Credentials
from processes.storage.people import user_list, users
from processes.storage.people.users import Grants, User

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
    """An account to create. Without a password its user comes in by an invitation link."""

    username: str
    name: str
    post: str = ""
    email: str = ""
    clearance: str = "ordinary"
    grants: Grants = field(default_factory=nothing_granted)
    password: Chosen | None = None
    fictitious: bool = False
    kind: AccountKind = AccountKind.PERSON


@act
def create(act: Acting, new: NewUser) -> UUID:
    """Create an account; return its id. Rights that one administrator may not give alone become a
    request (`approvals.waiting_about`); the others are granted.

    Raises `BadInput`, `Conflict` if the name is taken, `Forbidden`.
    """
    act.lock_accounts()
    act.may("manage_users")
    check_grants(act.connection, new.grants, new.clearance)
    wanted = Rights(new.clearance, new.grants)
    given = wanted if act.scope.operates else alone(wanted)
    row = insert(act, new, given.clearance)
    users.replace_grants(act.connection, row.id, given.grants)
    if new.password is not None:
        if not new.fictitious:  # the operator chooses the demo's password
            check_new_password(act.connection, row.id, new.password.text, "password")
        passwords.set_password_hash(act.connection, row.id, new.password.hashed)
    record(act, "create_user", row, given.written())
    if given != wanted:
        details = {"before": given.written(), "after": wanted.written()}
        approvals.ask(act, "rights", row, details)
    return row.id


def insert(act: Acting, new: NewUser, clearance: str) -> User:
    """Insert the row of a new account, of a person or of a program, without any right. Raises
    `BadInput`, `Conflict` if the name is taken."""
    username = normal_username(new.username)
    check_fields({"username": username, "name": new.name, "email": new.email.strip()})
    row = User(
        id=uuid7(),
        username=username,
        name=new.name.strip(),
        post=new.post.strip(),
        email=new.email.strip(),
        clearance=clearance,
        locale="id",
        theme="system",
        density="comfortable",
        zone=zone_of(act.connection).key,
        active=True,
        fictitious=new.fictitious,
        created_at=act.real_now,
        kind=new.kind,
    )
    if not users.insert_user(act.connection, row):
        raise Conflict(say("The user name {username} is taken.", username=username))
    return row


def account(connection: Connection, scope: Scope, user_id: UUID) -> tuple[User, Grants]:
    """One account: one's own, or any account for an administrator. Raises `NotFound`,
    `Forbidden`."""
    may(scope, "read_account" if user_id == scope.user_id else "read_users")
    found = users.with_grants(connection, user_id)
    if found is None:
        raise _unknown()
    return found


def several(connection: Connection, scope: Scope, ids: Collection[UUID]) -> dict[UUID, User]:
    """The existing ones of these accounts, closed or not. Raises `Forbidden`."""
    may(scope, "read_users")
    return users.by_ids(connection, ids)


def page(
    connection: Connection,
    scope: Scope,
    *,
    search: str = "",
    sort: Sort = user_list.BY_USERNAME,
    institution: str | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> Page[tuple[User, Grants]]:
    """A page of accounts, behind or before one of them; with `search` only those whose name, post
    or user name contains it, with `institution` its people. Raises `Forbidden`, `BadInput` for an
    unknown order."""
    may(scope, "read_users")
    if sort.by not in user_list.ORDERS:
        wrong = say("Choose one of the offered values.")
        raise BadInput(wrong, {"sort": wrong})
    at = cursor(after, before)
    found = user_list.page(
        connection,
        at=at,
        limit=limit + 1,
        search=search.strip(),
        sort=sort,
        institution=institution,
    )
    grants = users.grants_of(connection, [person.id for person in found])
    return cut([(person, grants[person.id]) for person in found], limit, at)


def deactivate(act: Acting, user_id: UUID) -> User:
    """Close an account: it can no longer sign in, and its sessions, tokens and links end. Its acts
    stay under its name. Part of `leaving.close_account`, which records it.

    Raises `Forbidden` for one's own account, `Conflict` if no administrator would remain.
    """
    person = other(act, user_id)
    users.change(act.connection, user_id, {"active": False})
    keep_an_administrator(act.connection)
    sessions.end_sessions(act.connection, user_id)
    sessions.delete_tokens(act.connection, user_id)
    sessions.drop_invitations(act.connection, user_id)
    return person


@act
def change_preferences(act: Acting, values: Mapping[str, str]) -> None:
    """Change one's own display settings: any of `PREFERENCES`. Raises `BadInput`."""
    act.lock_accounts()
    act.may("change_account")
    wrong = [key for key, value in values.items() if value not in PREFERENCES.get(key, ())]
    if wrong:
        choose = say("Choose one of the offered values.")
        raise BadInput(choose, dict.fromkeys(wrong, choose))
    if values:
        users.change(act.connection, act.scope.user_id, dict(values))


def change_password(
    service: Service,
    scope: Scope,
    *,
    old: str,
    new: str,
    keep_tokens: bool = False,
    visitor: Visitor,
) -> None:
    """Change one's own password. Every session ends, including this one, and every token unless
    `keep_tokens`. Makes two slow checks outside a transaction. Raises `BadInput` for a wrong old or
    a poor new password, and `TooManyAttempts`."""
    may(scope, "change_account")
    with service.reading() as connection:
        check_new_password(connection, scope.user_id, new, "new")
    known = confirm_password(
        service, scope, old, field="old", visitor=visitor, wanted="change_password"
    )
    _change_password(service, scope, known, hash_password(new), keep_tokens, visitor.address)


@act
def _change_password(
    act: Acting, known: Credentials, hashed: str, keep_tokens: bool, address: str
) -> None:
    versions = act.lock_accounts()
    act.may("change_account")
    if versions[known.user_id] != known.password_version:
        raise not_the_present_one("old")  # its owner chose another during the check
    store_password(act.connection, known.user_id, hashed, keep_tokens=keep_tokens)
    details = {"tokens": "kept" if keep_tokens else "ended"}
    audit.record(
        act.connection,
        act.by,
        "change_password",
        f"user:{act.by}",
        now=act.real_now,
        address=address,
        details=details,
    )


def store_password(
    connection: Connection, user_id: UUID, hashed: str, *, keep_tokens: bool = False
) -> None:
    """Set a password's hash and end everything that the old one opened: sessions, unused links, and
    the tokens of programs unless their owner keeps them."""
    passwords.set_password_hash(connection, user_id, hashed)
    sessions.end_sessions(connection, user_id)
    sessions.drop_invitations(connection, user_id)
    if not keep_tokens:
        sessions.delete_tokens(connection, user_id)


def other(act: Acting, user_id: UUID) -> User:
    """Another user's account, locked for an administrator until the transaction ends. Raises
    `Forbidden`, also for one's own account, and `NotFound`."""
    act.lock_accounts(user_id)
    act.may("manage_users")
    if user_id == act.scope.user_id:
        raise Forbidden(say("Another administrator must change your own rights."))
    return known(act.connection, user_id)


def known(connection: Connection, user_id: UUID) -> User:
    """An account, closed or not. Raises `NotFound`."""
    person = users.by_id(connection, user_id)
    if person is None:
        raise _unknown()
    return person


def _unknown() -> NotFound:
    return NotFound(say("There is no such account."))


def check_fields(values: Mapping[str, str]) -> None:
    """Raises `BadInput` for an impossible `username`, `name` or `email`."""
    wrong: dict[str, Sentence] = {}
    if "username" in values and not USERNAME.fullmatch(values["username"]):
        wrong["username"] = say("Use 2 to 60 small letters, digits, dots or hyphens.")
    if "name" in values and (is_blank(values["name"]) or len(values["name"].strip()) > 120):
        wrong["name"] = say("Write the person's name, at most 120 characters.")
    if values["email"] and not EMAIL.fullmatch(values["email"]):
        wrong["email"] = say("Write an address such as nama@instansi.go.id.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def record(
    act: Acting, name: str, person: User, details: Mapping[str, object] | None = None
) -> None:
    """Write an act on this account into the audit, which uses real time."""
    subject = f"user:{person.username}"
    audit.record(act.connection, act.by, name, subject, now=act.real_now, details=details)
