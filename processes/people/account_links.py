"""Handing a single-use link to somebody: mailed to them, or shown once where that cannot be.

Owns the way from an invitation to a person, and the page for those who forgot their password. Must
not know pages. The life of a link is `processes.people.invitations`; here its secret is in memory,
on one page, and in one mail until that has gone out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication import throttle
from processes.authentication.password_check import normal_username
from processes.people import (
    account_notices,
    account_rights,
    accounts,
    approvals,
    invitations,
    link_mail,
)
from processes.people.accounts import NewUser
from processes.people.invitations import Invitation
from processes.rights.scope import stranger
from processes.storage.notices import mail_rows
from processes.storage.people import users
from processes.storage.people.approvals import Request, waiting_about
from processes.storage.people.users import User
from processes.storage.tables.authentication import LinkPurpose

ANSWER_FIRST: Final = timedelta(seconds=3)
"""So long a wish waits: what is done for a known name does not slow down its answer."""
NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Link:
    """A link just made. `url` None: it is on its way to the person's address and nowhere else."""

    url: str | None
    user: User
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of wanting a link. `link` None: there is none yet; `waiting`: what was asked of a
    second administrator."""

    user: User
    link: Link | None
    waiting: Request | None = None


@act
def invite_new(act: Acting, new: NewUser) -> Outcome:
    """Create an account and the link by which its owner chooses a password. Where rights wait for
    a second administrator, a link that cannot be mailed waits with them. Raises as
    `accounts.create` does."""
    person = accounts.known(act.connection, accounts.create.within(act, new))
    request = next(iter(waiting_about(act.connection, person.id, act.real_now)), None)
    link = None
    if request is None or _mails(act.service, person):
        link = hand_out(act, person)
    if request:
        account_notices.asked(act, request, person)
    act.engine.wake()
    return Outcome(person, link, request)


@act
def make(act: Acting, user_id: UUID) -> Outcome:
    """A new link for an account; one sent before works on. One that cannot be mailed, for an
    account that is not this administrator's business alone, waits for a second one. Raises as
    `invitations.invite`."""
    act.lock_accounts(user_id)
    act.may("manage_users")
    person, request = _open(act, user_id), None
    mails = _mails(act.service, person)
    if mails or not account_rights.guarded(act.connection, person, act.real_now):
        link = hand_out(act, person)
    else:
        link, request = None, approvals.ask(act, "link", person, {})
        account_notices.asked(act, request, person)
    act.engine.wake()
    return Outcome(person, link, request)


@act
def show_new(act: Acting, new: NewUser) -> Link:
    """Create an account, with a link that is shown and not mailed: at the console. Raises as
    `accounts.create` and `invitations.invite`."""
    return _shown(act, accounts.create.within(act, new))


@act
def show(act: Acting, username: str) -> Link:
    """A new link that is shown and not mailed: at the console. Raises as `invitations.invite`."""
    act.may("manage_users")
    person = users.by_username(act.connection, username)
    if person is None:
        raise NotFound(say("There is no such account."))
    return _shown(act, person.id)


def forgotten(service: Service, username: str, *, address: str) -> None:
    """Take in the wish of somebody who forgot the password, under whatever name.

    The same few statements for any name: whether there is such an account with an address, and
    whether it had links enough, is asked by a job when the answer is out (`reset_links`). Raises
    `TooManyAttempts` for the network. Without a mail server nothing happens: the administrator
    makes the link then.
    """
    if service.options.smtp_url:
        _take_in(service, stranger(), normal_username(username), address)


@act
def _take_in(act: Acting, username: str, address: str) -> None:
    network = throttle.of_network(address, "forgotten")
    wait = throttle.knock(act.connection, network, throttle.NETWORK, act.real_now).wait
    if wait:
        raise throttle.TooManyAttempts(wait)
    user_id = users.id_of(act.connection, username) or NOBODY
    mail_rows.queue_reset(act.connection, user_id, act.now + ANSWER_FIRST)
    act.engine.wake()


def hand_out(act: Acting, person: User, request: Request | None = None) -> Link:
    """Make a link and mail it, or show it where it cannot be mailed; `request`: the one that was
    approved."""
    mailed = _mails(act.service, person)
    made = invitations.invite.within(act, person.id, shown=not mailed, request=request)
    if mailed:
        link_mail.post(act.connection, act.service, made, act.now)
    return _link(act.service, made, shown=not mailed)


def _shown(act: Acting, user_id: UUID) -> Link:
    return _link(act.service, invitations.invite.within(act, user_id), shown=True)


def _link(service: Service, made: Invitation, *, shown: bool) -> Link:
    options = service.options
    url = options.base_url + options.addresses.password(made.key)
    return Link(url if shown else None, made.user, made.purpose, made.expires_at)


def _mails(service: Service, person: User) -> bool:
    return bool(service.options.smtp_url and person.email)


def _open(act: Acting, user_id: UUID) -> User:
    person = accounts.known(act.connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    return person
