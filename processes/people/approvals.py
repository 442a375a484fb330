"""Requests for approval: acts that one administrator may not do alone wait here for a second one.

Owns the life of a request (asked, approved, refused, withdrawn, expired after a week) and who may
decide. Must not know the approved act (`processes.people.account_desk`) or the notices.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import say
from processes.acts.acting import Acting
from processes.authentication import confirming
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.register.states import RequestState
from processes.rights import audit
from processes.rights.access import Scope, may
from processes.storage.people import approvals as table
from processes.storage.people import users
from processes.storage.people.approvals import ACTS, Request, WantedAct
from processes.storage.people.users import User

LASTS: Final = timedelta(days=7)
LONGEST_REASON: Final = 500


def ask(act: Acting, wanted: WantedAct, person: User, details: Mapping[str, Any]) -> Request:
    """A new request about an account, or the token of one that `details` name; an older one of the
    same kind falls away. The caller holds the lock of the account."""
    withdraw_all(act, person, [wanted], token=details.get("token"))
    row = Request(
        id=uuid7(),
        act=wanted,
        user_id=person.id,
        details=dict(details),
        proposed_by=act.by,
        proposed_at=act.real_now,
        expires_at=act.real_now + LASTS,
        state=RequestState.WAITING,
        decided_by="",
        decided_at=None,
        reason="",
    )
    table.insert_request(act.connection, row)
    _record(act, "ask_approval", person, {"request": str(row.id), "about": wanted, **details})
    return row


def take(act: Acting, id: UUID) -> Request:
    """Approve a request and lock the account; the caller then carries it out.

    Raises `NotFound`, `Forbidden` for the author of the request and for its beneficiary, `Conflict`
    for a request that is decided, too old, or whose author is no administrator any more, `BadInput`
    without password.
    """
    act.may("approve_request")
    confirming.hold(act, "approve_request", _known(act.connection, id).user_id)
    request, person = _waiting(act, id)
    if act.by == request.proposed_by or act.scope.user_id == request.user_id:
        raise Forbidden(say("Another administrator must decide this."))
    administrators = {user.username for user in users.holding_role(act.connection, "admin")}
    if request.proposed_by not in administrators:
        raise Conflict(say("Whoever asked for this is no administrator any more: refuse it."))
    table.decide(act.connection, id, RequestState.APPROVED, act.by, act.real_now)
    _record(act, "approve_request", person, _facts(request))
    return request


def refuse(act: Acting, id: UUID, reason: str) -> Request:
    """Refuse a request, or withdraw one's own. Raises `NotFound`, `Conflict`, `BadInput`."""
    act.may("refuse_request")
    act.lock_accounts(_known(act.connection, id).user_id)
    act.may("refuse_request")
    request, person = _waiting(act, id)
    own, reason = act.by == request.proposed_by, reason.strip()
    if len(reason) > LONGEST_REASON or (is_blank(reason) and not own):
        wrong = say("Write why, at most {n} characters.", n=LONGEST_REASON)
        raise BadInput(wrong, {"reason": wrong})
    state = RequestState.WITHDRAWN if own else RequestState.REFUSED
    table.decide(act.connection, id, state, act.by, act.real_now, reason)
    name = "withdraw_request" if own else "refuse_request"
    _record(act, name, person, {**_facts(request), "reason": reason})
    return request


def withdraw_all(
    act: Acting, person: User, wanted: Collection[str] = ACTS, *, token: str | None = None
) -> None:
    """End the waiting requests about an account, or only about its `token`, because they were made
    for its former state."""
    for request in table.waiting_about(act.connection, person.id, act.real_now, wanted):
        if token is not None and request.details.get("token") != token:
            continue
        table.decide(act.connection, request.id, RequestState.WITHDRAWN, act.by, act.real_now)
        _record(act, "withdraw_request", person, _facts(request))


def page(
    connection: Connection,
    scope: Scope,
    *,
    waiting_at: datetime | None = None,
    mine: bool = False,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Request]:
    """Requests, newest first; with `waiting_at` only waiting ones; `mine`: only those that the
    reader can decide. Raises `Forbidden`."""
    may(scope, "read_approvals")
    at = cursor(after, before)
    decider = (scope.username, scope.user_id) if mine else None
    found = table.page(connection, waiting_at=waiting_at, at=at, limit=limit + 1, decider=decider)
    return cut(found, limit, at)


def one(connection: Connection, scope: Scope, id: UUID) -> Request:
    """One request. Raises `NotFound`, `Forbidden`."""
    may(scope, "read_approvals")
    return _known(connection, id)


def about_oneself(connection: Connection, scope: Scope, limit: int = 5) -> list[Request]:
    """The newest requests about the user's own account."""
    may(scope, "read_account")
    return table.of_user(connection, scope.user_id, limit)


def waiting_about(
    connection: Connection, scope: Scope, user_id: UUID, now: datetime
) -> list[Request]:
    """The waiting requests about an account, oldest first. Raises `Forbidden`."""
    may(scope, "read_approvals")
    return table.waiting_about(connection, user_id, now)


def deciders(connection: Connection, request: Request) -> list[User]:
    """The administrators who can decide a request; if there are none, the operator decides at the
    console."""
    return [
        user
        for user in users.holding_role(connection, "admin")
        if user.username != request.proposed_by and user.id != request.user_id
    ]


def to_decide(connection: Connection, scope: Scope, now: datetime) -> int:
    """The number of requests that wait for this administrator. Raises `Forbidden`."""
    may(scope, "read_approvals")
    return table.count_waiting(connection, now, scope.username, scope.user_id)


def _waiting(act: Acting, id: UUID) -> tuple[Request, User]:
    """A waiting request, and its account, which the caller has locked."""
    request = _known(act.connection, id)
    if request.state != RequestState.WAITING:
        who = request.decided_by
        raise Conflict(say("{who} has decided or withdrawn this already.", who=who), who=who)
    if not request.open(act.real_now):
        raise Conflict(say("This waited for more than a week. Ask for it again."))
    person = users.by_id(act.connection, request.user_id)
    assert person is not None, "a request falls with its account"
    return request, person


def _known(connection: Connection, id: UUID) -> Request:
    found = table.find(connection, id)
    if found is None:
        raise NotFound(say("There is no such request."))
    return found


def _facts(request: Request) -> dict[str, object]:
    return {
        "request": str(request.id),
        "about": request.act,
        "proposed_by": request.proposed_by,
    }


def _record(act: Acting, name: str, person: User, details: Mapping[str, object]) -> None:
    subject = f"user:{person.username}"
    audit.record(act.connection, act.by, name, subject, now=act.real_now, details=details)
