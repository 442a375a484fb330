"""Handing a single-use link to somebody: shown once to whoever made it, and mailed where possible.

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

from processes import accounts, invitations, throttle
from processes.access import Scope
from processes.accounts import NewUser
from processes.password_check import normal_username
from processes.service import Service
from processes.storage import mail_rows, users
from processes.storage.users import User

ANSWER_FIRST: Final = timedelta(seconds=3)
"""So long a wish waits: what is done for a known name does not slow down its answer."""
NOBODY: Final = UUID(int=0)


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
    """A new link for an account; one sent before works on. Raises as `invitations.invite`."""
    with service.transaction() as connection:
        now = service.engine.real_now_on(connection)
        link = _make(connection, service, scope, user_id, now)
    service.engine.wake()
    return link


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
        due_at = service.engine.now_on(connection) + ANSWER_FIRST
        mail_rows.queue_reset(connection, user_id, due_at)
    service.engine.wake()


def _make(
    connection: Connection, service: Service, scope: Scope, user_id: UUID, now: datetime
) -> Link:
    made = invitations.invite(connection, scope, user_id, now=now)
    mailed = bool(service.options.smtp_url and made.user.email)
    if mailed:
        service.link_mail.post(connection, made, service.engine.now_on(connection))
    url = service.options.base_url + invitations.path(made.key)
    return Link(url, made.user, made.purpose, made.expires_at, mailed)
