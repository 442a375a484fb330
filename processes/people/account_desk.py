"""The acts of administrators on accounts, each with its notices in one transaction.

Owns the notices to the person, and to other administrators if a request waits for them. The modules
that write the rows enforce the rules. Pages and commands call these acts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from processes.acts.acting import Acting, act
from processes.authentication.password_check import normal_username
from processes.people import (
    account_details,
    account_notices,
    account_rights,
    approvals,
    service_accounts,
)
from processes.people.accounts import known
from processes.people.links import account_links
from processes.people.links.account_links import Link, Outcome
from processes.people.service_accounts import Made
from processes.storage.authentication import passwords
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import Grants, User


@act
def change_rights(act: Acting, user_id: UUID, *, grants: Grants, clearance: str) -> Request | None:
    """Call `account_rights.change`, and send the notices."""
    waiting = account_rights.change(act, user_id, grants=grants, clearance=clearance)
    _tell(act, "rights", user_id, waiting)
    return waiting


@act
def reopen(act: Acting, user_id: UUID) -> Request | None:
    """Call `account_rights.reactivate`, and send the notices."""
    waiting = account_rights.reactivate(act, user_id)
    _tell(act, "reopen", user_id, waiting)
    return waiting


@act
def change_details(
    act: Acting, user_id: UUID, *, name: str, post: str, email: str
) -> Request | None:
    """Call `account_details.change`, and send the notices; return the request if the address
    waits."""
    before, waiting = account_details.change(act, user_id, name=name, post=post, email=email)
    if waiting or known(act.connection, user_id).email != before.email:
        _tell(act, "mail", user_id, waiting, before.email)
    return waiting


@act
def change_own_mail(act: Acting, email: str) -> None:
    """Call `account_details.change_own_mail`, and send the notice."""
    before = account_details.change_own_mail(act, email)
    _tell(act, "mail", before.id, None, before.email)


@act
def make_service_token(
    act: Acting,
    user_id: UUID,
    *,
    name: str,
    topics: Collection[str],
    case_topics: Collection[str],
    lasts: timedelta,
) -> Made:
    """Call `service_accounts.make_token`, and send the notices."""
    made = service_accounts.make_token(
        act, user_id, name=name, topics=topics, case_topics=case_topics, lasts=lasts
    )
    if made.waiting:
        _tell(act, "topics", user_id, made.waiting)
    return made


@act
def provide_service_token(
    act: Acting,
    username: str,
    *,
    name: str,
    topics: Collection[str],
    case_topics: Collection[str],
    lasts: timedelta,
) -> Made:
    """The same for the service account with that username, which is created if it does not
    exist."""
    program = users.by_username(act.connection, normal_username(username))
    if program is None:
        program = service_accounts.create.within(act, username=username, name=name)
    return make_service_token.within(
        act, program.id, name=name, topics=topics, case_topics=case_topics, lasts=lasts
    )


@act
def allow_topics(
    act: Acting, user_id: UUID, token_id: UUID, case_topics: Collection[str]
) -> Request | None:
    """Call `service_accounts.allow`, and send the notices."""
    waiting = service_accounts.allow(act, user_id, token_id, case_topics=case_topics)
    if waiting:
        _tell(act, "topics", user_id, waiting)
    return waiting


@act
def approve(act: Acting, id: UUID) -> Outcome:
    """Approve a request and carry it out at once; return the link if one was made. Raises the
    errors of `approvals.take`."""
    request = approvals.take(act, id)
    before = known(act.connection, request.user_id)
    link = _carry_out(act, request, before)
    person = known(act.connection, request.user_id)
    account_notices.decided(act, request, person, yes=True)
    account_notices.done(act, request.act, person, request, before.email)
    act.engine.wake()
    return Outcome(person, link)


@act
def refuse(act: Acting, id: UUID, reason: str) -> None:
    """Refuse a request, or withdraw one's own. Raises the errors of `approvals.refuse`."""
    request = approvals.refuse(act, id, reason)
    person = known(act.connection, request.user_id)
    account_notices.decided(act, request, person, yes=False)
    act.engine.wake()


def _carry_out(act: Acting, request: Request, before: User) -> Link | None:
    if request.act == "rights":
        person = account_rights.give(act, request)
        invited = passwords.without_password(act.connection, [person.id])
        return account_links.hand_out(act, person, request) if person.active and invited else None
    if request.act == "mail":
        account_details.set_mail(act, before, request.details["after"], request)
    elif request.act == "reopen":
        account_rights.open_again(act, before, request)
    elif request.act == "topics":
        service_accounts.give(act, request)
    else:
        return account_links.hand_out(act, before, request)
    return None


def _tell(act: Acting, name: str, user_id: UUID, waiting: Request | None, former: str = "") -> None:
    person = known(act.connection, user_id)
    if waiting:
        account_notices.asked(act, waiting, person)
    else:
        account_notices.done(act, name, person, former=former)
    act.engine.wake()
