"""Handing a single-use link to somebody: shown once to whoever made it, and mailed where possible.

Owns the way from an invitation to a person, and the page for those who forgot their password. Must
not know pages. The life of a link is `processes.invitations`; here its secret is in memory, on one
page, and in one mail until that has gone out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine.words import say
from processes import accounts, invitations, throttle
from processes.access import Scope
from processes.accounts import NewUser
from processes.invitations import Invitation
from processes.letters import Letter
from processes.password_check import normal_username
from processes.service import Service
from processes.storage import mail_rows
from processes.storage.mail_rows import NewMail
from processes.storage.users import User
from processes.wording import Wording


@dataclass(frozen=True, slots=True)
class Link:
    """A link just made. `mailed`: it is also on its way to the person's address."""

    url: str
    user: User
    purpose: str
    expires_at: datetime
    mailed: bool


def invite_new(service: Service, scope: Scope, new: NewUser) -> Link:
    """Create an account and the link by which its owner chooses a password. Raises as
    `accounts.create` does."""
    with service.transaction() as connection:
        now = service.engine.real_now_on(connection)
        user_id = accounts.create(connection, scope, new, now=now)
        link = _make(connection, service, scope, user_id, now)
    service.engine.wake()
    return link


def make(service: Service, scope: Scope, user_id: UUID) -> Link:
    """A new link for an account; an older one stops working. Raises as `invitations.invite`."""
    with service.transaction() as connection:
        now = service.engine.real_now_on(connection)
        link = _make(connection, service, scope, user_id, now)
    service.engine.wake()
    return link


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


def _make(
    connection: Connection, service: Service, scope: Scope, user_id: UUID, now: datetime
) -> Link:
    made = invitations.invite(connection, scope, user_id, now=now)
    mailed = bool(service.options.smtp_url and made.user.email)
    if mailed:
        _mail(connection, service, made)
    url = service.options.base_url + invitations.path(made.key)
    return Link(url, made.user, made.purpose, made.expires_at, mailed)


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
