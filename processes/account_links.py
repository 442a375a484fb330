"""Handing a single-use link to somebody: mailed to them, or shown once where that cannot be.

Owns the way from an invitation to a person, and the page for those who forgot their password. Must
not know pages. The life of a link is `processes.invitations`; here its secret is in memory, on one
page, and in one mail until that has gone out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
from processes.invitations import Invitation
from processes.letters import Letter
from processes.password_check import normal_username
from processes.service import Service
from processes.storage import mail_rows, users
from processes.storage.approvals import Request, waiting_about
from processes.storage.mail_rows import NewMail
from processes.storage.users import User
from processes.wording import Wording


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
        now = service.engine.real_now_on(connection)
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
    """A new link for an account; an older one stops working. One that cannot be mailed, for an
    account that is not this administrator's business alone, waits for a second one. Raises as
    `invitations.invite`."""
    with service.transaction() as connection:
        now = service.engine.real_now_on(connection)
        may(scope, "manage_users")
        person, request = _locked(connection, user_id), None
        if _mails(service, person) or not account_rights.guarded(connection, person, now):
            link = hand_out(connection, service, scope, person, now)
        else:
            link, request = None, approvals.ask(connection, scope, "link", person, {}, now=now)
            account_notices.asked(connection, service, request, person)
    service.engine.wake()
    return Outcome(person, link, request)


def forgotten(service: Service, username: str, *, address: str, now: datetime) -> timedelta:
    """Mail a link to somebody who forgot the password, if there is such an account with an address.

    Returns how long to wait before asking again, the same for any name; zero: it was taken in.
    Without a mail server nothing happens: the administrator makes the link then.
    """
    if not service.options.smtp_url:
        return timedelta(0)
    username = normal_username(username)
    with service.transaction() as connection:
        # Counted apart from wrong passwords: who asks for a link may still remember in the end.
        network = throttle.of_network(address, "forgotten")
        wait = throttle.knock(connection, network, throttle.NETWORK, now).wait
        made = None if wait else invitations.ask_for_reset(connection, username, now=now)
        if made:
            _mail(connection, service, made)
    service.engine.wake()  # for any name, so that nothing tells whether there is an account
    return wait


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
        _mail(connection, service, made)
    url = None if mailed else service.options.base_url + invitations.path(made.key)
    return Link(url, made.user, made.purpose, made.expires_at)


def _mails(service: Service, person: User) -> bool:
    return bool(service.options.smtp_url and person.email)


def _locked(connection: Connection, user_id: UUID) -> User:
    users.lock_version(connection, user_id)
    person = accounts.known(connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    return person


def _mail(connection: Connection, service: Service, made: Invitation) -> None:
    person, paper = made.user, service.notifier.paper
    words = Wording(person.locale, service.options.translate(person.locale))
    link = paper.link(invitations.path(made.key))
    subject, body = paper.write(
        Letter(
            say("Choose your password for Tindak"),
            (
                say("For your account {username} a link was made.", username=person.username),
                say("It works once, within 24 hours. If you did not expect it, ignore this mail."),
                link,
            ),
        ),
        words,
    )
    new = NewMail("account", person.username, person.email, person.locale, subject, body)
    # The outbox and its jobs go by the product's clock.
    now = service.engine.now_on(connection)
    mail_id = mail_rows.insert_mail(connection, new, service.options.domain, now)
    mail_rows.queue(connection, mail_id, now)
