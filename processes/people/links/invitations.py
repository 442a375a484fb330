"""Links for choosing a password: for a new account, or after forgetting the old one.

Owns their life: 24 hours, one use, and no link outlives a new password. Must not know mail or
pages: it returns the secret, and the caller puts it into an address.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication import throttle
from processes.authentication.credentials import digest, hash_password, new_key
from processes.authentication.password_rules import check_new_password
from processes.authentication.throttle import Ladder
from processes.people.account_rights import approved, guarded
from processes.people.accounts import known, record, store_password
from processes.rights import audit
from processes.rights.access import Scope, may
from processes.rights.scope import stranger
from processes.storage.authentication import passwords
from processes.storage.authentication import sessions as table
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import User
from processes.storage.tables.authentication import LinkPurpose

LASTS: Final = timedelta(hours=24)
RESETS: Final = Ladder(free=3, longest=throttle.FORGOTTEN_AFTER, first=throttle.FORGOTTEN_AFTER)
"""Links one person may be sent in an hour for having forgotten the password."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The secret of a new link, its user, and its end."""

    key: str
    user: User
    purpose: LinkPurpose
    expires_at: datetime


@act
def invite(
    act: Acting, user_id: UUID, *, shown: bool = True, request: Request | None = None
) -> Invitation:
    """Make a link for an active user: "invite" before the first password, "reset" after. An earlier
    link stays valid. `shown`: the caller sees the link, not only the person; for an account in use,
    or with more than ordinary rights, that needs the approved `request`.

    Raises `NotFound`, `Conflict` for a closed account, `Forbidden`.
    """
    act.lock_accounts(user_id)
    act.may("manage_users")
    person = known(act.connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    alone = shown and request is None and not act.scope.operates
    if alone and guarded(act.connection, person, act.real_now):
        raise Forbidden(say("Another administrator must approve that this link is shown."))
    made = _make(act.connection, person, act.by, act.real_now)
    record(act, f"link_{made.purpose}", person, {"shown": shown, **approved(request)})
    return made


def ask_for_reset(connection: Connection, user_id: UUID, *, now: datetime) -> Invitation | None:
    """Make a reset link for a user who forgot the password; None for an unknown user, an account
    without e-mail address, and a user who had `RESETS` lately."""
    wait = throttle.knock(connection, throttle.of_resets(user_id), RESETS, now).wait
    person = users.by_id(connection, user_id)
    if wait or person is None or not person.active or not person.email:
        return None
    made = _make(connection, person, person.username, now)
    audit.record(connection, "-", "ask_for_reset", f"user:{person.username}", now=now)
    return made


def _make(connection: Connection, person: User, by: str, now: datetime) -> Invitation:
    known = passwords.credentials(connection, person.username)
    purpose: LinkPurpose = "reset" if known and known.password_hash else "invite"
    made = Invitation(new_key(), person, purpose, now + LASTS)
    row = {
        "digest": digest(made.key),
        "user_id": person.id,
        "purpose": purpose,
        "created_at": now,
        "created_by": by,
        "expires_at": made.expires_at,
    }
    table.insert_invitation(connection, row)
    return made


def unused(connection: Connection, scope: Scope, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of these users who never chose a password: they wait for a link. Raises `Forbidden`."""
    may(scope, "read_users")
    return passwords.without_password(connection, user_ids)


def look(connection: Connection, key: str, *, now: datetime) -> User:
    """The user of a valid link. Raises `NotFound`."""
    person = table.open_invitation(connection, digest(key), now)
    if person is None:
        raise _used_up()
    return person


def accept(service: Service, key: str, password: str, *, address: str) -> User:
    """Choose a password by a link, which is then used up. Hashing runs outside the transactions; if
    two people use the same link, one gets `NotFound`. Raises `BadInput` for a poor password."""
    with service.reading() as connection:
        person = look(connection, key, now=service.engine.on(connection).real_now())
        check_new_password(connection, person.id, password, "password")
    return _choose(service, stranger(), key, hash_password(password), address)


@act
def _choose(act: Acting, key: str, hashed: str, address: str) -> User:
    """Use the link up. The author is a stranger: whoever has the link is its owner."""
    person = look(act.connection, key, now=act.real_now)
    if not table.take_invitation(act.connection, digest(key)):
        raise _used_up()
    store_password(act.connection, person.id, hashed)
    by, subject = person.username, f"user:{person.username}"
    audit.record(act.connection, by, "choose_password", subject, now=act.real_now, address=address)
    return person


def _used_up() -> NotFound:
    return NotFound(say("This link was used already or is too old. Ask for a new one."))
