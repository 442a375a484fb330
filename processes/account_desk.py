"""What administrators do to accounts, each act with its notices in one transaction.

Owns that the person is told, and the other administrators where something waits for them. The
rules are held where the rows are written; pages and commands call these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from processes import (
    account_details,
    account_links,
    account_notices,
    account_rights,
    approvals,
    service_accounts,
)
from processes.access import Scope
from processes.account_links import Link, Outcome
from processes.accounts import known
from processes.service import Service
from processes.service_accounts import Made
from processes.storage import passwords
from processes.storage.approvals import Request
from processes.storage.users import Grants


def change_rights(
    service: Service, scope: Scope, user_id: UUID, *, grants: Grants, clearance: str
) -> Request | None:
    """As `account_rights.change`."""
    with _act(service) as (connection, now):
        waiting = account_rights.change(
            connection, scope, user_id, grants=grants, clearance=clearance, now=now
        )
        _tell(connection, service, scope, "rights", user_id, waiting)
    return waiting


def reopen(service: Service, scope: Scope, user_id: UUID) -> Request | None:
    """As `account_rights.reactivate`."""
    with _act(service) as (connection, now):
        waiting = account_rights.reactivate(connection, scope, user_id, now=now)
        _tell(connection, service, scope, "reopen", user_id, waiting)
    return waiting


def change_details(
    service: Service, scope: Scope, user_id: UUID, *, name: str, post: str, email: str
) -> Request | None:
    """As `account_details.change`."""
    with _act(service) as (connection, now):
        before = known(connection, user_id)
        waiting = account_details.change(
            connection, scope, user_id, name=name, post=post, email=email, now=now
        )
        if waiting or known(connection, user_id).email != before.email:
            _tell(connection, service, scope, "mail", user_id, waiting, before.email)
    return waiting


def change_own_mail(service: Service, scope: Scope, email: str) -> None:
    """As `account_details.change_own_mail`."""
    with _act(service) as (connection, now):
        before = account_details.change_own_mail(connection, scope, email, now=now)
        _tell(connection, service, scope, "mail", before.id, None, before.email)


def make_service_token(
    service: Service,
    scope: Scope,
    user_id: UUID,
    *,
    name: str,
    topics: Collection[str],
    case_topics: Collection[str],
    lasts: timedelta,
) -> Made:
    """As `service_accounts.make_token`."""
    with _act(service) as (connection, now):
        made = service_accounts.make_token(
            connection,
            scope,
            user_id,
            name=name,
            topics=topics,
            case_topics=case_topics,
            lasts=lasts,
            now=now,
        )
        if made.waiting:
            _tell(connection, service, scope, "topics", user_id, made.waiting)
    return made


def allow_topics(
    service: Service, scope: Scope, user_id: UUID, token_id: UUID, case_topics: Collection[str]
) -> Request | None:
    """As `service_accounts.allow`."""
    with _act(service) as (connection, now):
        waiting = service_accounts.allow(
            connection, scope, user_id, token_id, case_topics=case_topics, now=now
        )
        if waiting:
            _tell(connection, service, scope, "topics", user_id, waiting)
    return waiting


def approve(service: Service, scope: Scope, id: UUID) -> Outcome:
    """Approve a request and carry it out at once; the link, if one was made. Raises as
    `approvals.take`."""
    with _act(service) as (connection, now):
        request = approvals.take(connection, scope, id, now=now)
        before, link = known(connection, request.user_id), None
        if request.act == "rights":
            person = account_rights.give(connection, scope, request, now=now)
            if person.active and passwords.without_password(connection, [person.id]):
                link = _link(connection, service, scope, request, now)
        elif request.act == "mail":
            after = request.details["after"]
            account_details.set_mail(connection, scope, before, after, now=now, request=request)
        elif request.act == "reopen":
            account_rights.open_again(connection, scope, before, now=now, request=request)
        elif request.act == "topics":
            service_accounts.give(connection, scope, request, now=now)
        else:
            link = _link(connection, service, scope, request, now)
        person = known(connection, request.user_id)
        account_notices.decided(connection, service, request, person, scope.username, yes=True)
        account_notices.done(
            connection, service, request.act, person, scope.username, request, before.email
        )
    return Outcome(person, link)


def refuse(service: Service, scope: Scope, id: UUID, reason: str) -> None:
    """Refuse a request, or withdraw one's own. Raises as `approvals.refuse`."""
    with _act(service) as (connection, now):
        request = approvals.refuse(connection, scope, id, reason, now=now)
        person = known(connection, request.user_id)
        account_notices.decided(connection, service, request, person, scope.username, yes=False)


def _link(
    connection: Connection, service: Service, scope: Scope, request: Request, now: datetime
) -> Link:
    person = known(connection, request.user_id)
    return account_links.hand_out(connection, service, scope, person, now, request)


def _tell(
    connection: Connection,
    service: Service,
    scope: Scope,
    act: str,
    user_id: UUID,
    waiting: Request | None,
    former: str = "",
) -> None:
    person = known(connection, user_id)
    if waiting:
        account_notices.asked(connection, service, waiting, person)
    else:
        account_notices.done(connection, service, act, person, scope.username, former=former)


@contextmanager
def _act(service: Service) -> Iterator[tuple[Connection, datetime]]:
    """A transaction and its time; afterwards the mails go out."""
    with service.transaction() as connection:
        yield connection, service.engine.on(connection).real_now()
    service.engine.wake()
