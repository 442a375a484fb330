"""Single-use links for users: mailed, or shown once if mail is impossible.

Owns the way of a link from an invitation to its user, and the page for forgotten passwords. Must
not know pages. `processes.people.links.invitations` owns the life of a link. Here its secret exists
in memory, on one page, and in one mail until the mail has been sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.acts.service import Options, Service
from processes.authentication import throttle
from processes.authentication.password_check import normal_username
from processes.people import account_notices, account_rights, accounts, approvals
from processes.people.accounts import NewUser
from processes.people.links import invitations, link_mail
from processes.people.links.invitations import Invitation
from processes.rights.scope import stranger
from processes.storage.notices import mail_rows
from processes.storage.people import users
from processes.storage.people.approvals import Request, waiting_about
from processes.storage.people.users import User
from processes.storage.tables.authentication import LinkPurpose

ANSWER_FIRST: Final = timedelta(seconds=3)
"""Wait before a forgotten password is processed, so that the answer takes the same time for known
and unknown names."""
Way = Literal["mailed", "shown", "asked"]
NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Link:
    """A new link. `url` None: it was mailed to the person's address and is shown nowhere."""

    url: str | None
    user: User
    purpose: LinkPurpose
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a request for a link. `link` None: there is none yet; `waiting`: the request to
    a second administrator."""

    user: User
    link: Link | None
    waiting: Request | None = None


@act
def invite_new(act: Acting, new: NewUser) -> Outcome:
    """Create an account, and the link by which its owner chooses a password. If rights wait for a
    second administrator, a link that cannot be mailed waits with them. Raises the errors of
    `accounts.create`."""
    person = accounts.known(act.connection, accounts.create.within(act, new))
    request = next(iter(waiting_about(act.connection, person.id, act.real_now)), None)
    link = None
    if request is None or _mails(act.service.options, person):
        link = hand_out(act, person)
    if request:
        account_notices.asked(act, request, person)
    act.engine.wake()
    return Outcome(person, link, request)


@act
def make(act: Acting, user_id: UUID) -> Outcome:
    """Make a new link for an account; an earlier link stays valid. A link that cannot be mailed
    waits for a second administrator if the account is guarded (`account_rights.guarded`). Raises
    the errors of `invitations.invite`."""
    act.lock_accounts(user_id)
    act.may("manage_users")
    person, request = _open(act, user_id), None
    if way_of(act.service.options, act.connection, person, act.real_now) != "asked":
        link = hand_out(act, person)
    else:
        link, request = None, approvals.ask(act, "link", person, {})
        account_notices.asked(act, request, person)
    act.engine.wake()
    return Outcome(person, link, request)


def way_of(options: Options, connection: Connection, person: User, now: datetime) -> Way:
    """The way that a link to this person takes: mailed to them; else shown once to whoever makes
    it; or asked of a second administrator, where the account is guarded."""
    if _mails(options, person):
        return "mailed"
    return "asked" if account_rights.guarded(connection, person, now) else "shown"


@act
def show_new(act: Acting, new: NewUser) -> Link:
    """Create an account, with a link that is shown and not mailed: for the console. Raises the
    errors of `accounts.create` and `invitations.invite`."""
    return _shown(act, accounts.create.within(act, new))


@act
def show(act: Acting, username: str) -> Link:
    """Make a link that is shown and not mailed: for the console. Raises the errors of
    `invitations.invite`."""
    act.may("manage_users")
    person = users.by_username(act.connection, username)
    if person is None:
        raise NotFound(say("There is no such account."))
    return _shown(act, person.id)


def forgotten(service: Service, username: str, *, address: str) -> None:
    """Accept the request of a user who forgot the password, under any name.

    Every name costs the same few statements. A job checks after the answer whether the account
    exists, has an address and may get another link (`reset_links`). Raises `TooManyAttempts` for
    the network. Without a mail server nothing happens; the administrator makes the link.
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
    """Make a link and mail it, or show it if it cannot be mailed; `request`: the approved
    request."""
    mailed = _mails(act.service.options, person)
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


def _mails(options: Options, person: User) -> bool:
    return bool(options.smtp_url and person.email)


def _open(act: Acting, user_id: UUID) -> User:
    person = accounts.known(act.connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    return person
