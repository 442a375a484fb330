"""Handing a single-use link to somebody: mailed to them, or shown once where that cannot be.

Owns the way from an invitation to a person, and the page for those who forgot their password. Must
not know pages. The life of a link is `processes.invitations`; here its secret is in memory, on one
page, and in one mail until that has gone out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict
from engine.words import say
from processes import (
    account_notices,
    account_rights,
    accounts,
    approvals,
    invitations,
    throttle,
)
from processes.access import Scope, may
from processes.accounts import NewUser
from processes.password_check import normal_username
from processes.service import Service
from processes.storage import mail_rows, passwords, users
from processes.storage.approvals import Request, waiting_about
from processes.storage.users import User

ANSWER_FIRST: Final = timedelta(seconds=3)
"""So long a wish waits: what is done for a known name does not slow down its answer."""
NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Link:
    """A link just made. `url` None: it is on its way to the person's address and nowhere else."""

    url: str | None
    user: User
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of wanting a link. `link` None: there is none yet; `waiting`: what was asked of a
    second administrator."""

    user: User
    link: Link | None
    waiting: Request | None = None


def invite_new(service: Service, scope: Scope, new: NewUser) -> Outcome:
    """Create an account and the link by which its owner chooses a password. Where rights wait for
    a second administrator, a link that cannot be mailed waits with them. Raises as
    `accounts.create` does."""
    with service.transaction() as connection:
        now = service.engine.on(connection).real_now()
        person = accounts.known(connection, accounts.create(connection, scope, new, now=now))
        request = next(iter(waiting_about(connection, person.id, now)), None)
        link = None
        if request is None or _mails(service, person):
            link = hand_out(connection, service, scope, person, now)
        if request:
            account_notices.asked(connection, service, request, person)
    service.engine.wake()
    return Outcome(person, link, request)


def make(service: Service, scope: Scope, user_id: UUID) -> Outcome:
    """A new link for an account; one sent before works on. One that cannot be mailed, for an
    account that is not this administrator's business alone, waits for a second one. Raises as
    `invitations.invite`."""
    with service.transaction() as connection:
        now = service.engine.on(connection).real_now()
        may(scope, "manage_users")
        person, request = _locked(connection, user_id), None
        if _mails(service, person) or not account_rights.guarded(connection, person, now):
            link = hand_out(connection, service, scope, person, now)
        else:
            link, request = None, approvals.ask(connection, scope, "link", person, {}, now=now)
            account_notices.asked(connection, service, request, person)
    service.engine.wake()
    return Outcome(person, link, request)


def forgotten(service: Service, username: str, *, address: str, now: datetime) -> None:
    """Take in the wish of somebody who forgot the password, under whatever name.

    The same few statements for any name: whether there is such an account with an address, and
    whether it had links enough, is asked by a job when the answer is out (`reset_links`). Raises
    `TooManyAttempts` for the network. Without a mail server nothing happens: the administrator
    makes the link then.
    """
    if not service.options.smtp_url:
        return
    network = throttle.of_network(address, "forgotten")
    with service.transaction() as connection:
        wait = throttle.knock(connection, network, throttle.NETWORK, now).wait
        if wait:
            raise throttle.TooManyAttempts(wait)
        user_id = users.id_of(connection, normal_username(username)) or NOBODY
        due_at = service.engine.on(connection).now() + ANSWER_FIRST
        mail_rows.queue_reset(connection, user_id, due_at)
    service.engine.wake()


def hand_out(
    connection: Connection,
    service: Service,
    scope: Scope,
    person: User,
    now: datetime,
    request: Request | None = None,
) -> Link:
    """Make a link and mail it, or show it where it cannot be mailed; `request`: the one that was
    approved."""
    mailed = _mails(service, person)
    made = invitations.invite(
        connection, scope, person.id, now=now, shown=not mailed, request=request
    )
    if mailed:
        service.link_mail.post(connection, made, service.engine.on(connection).now())
    url = None if mailed else service.options.base_url + invitations.path(made.key)
    return Link(url, made.user, made.purpose, made.expires_at)


def _mails(service: Service, person: User) -> bool:
    return bool(service.options.smtp_url and person.email)


def _locked(connection: Connection, user_id: UUID) -> User:
    passwords.lock_version(connection, user_id)
    person = accounts.known(connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    return person
