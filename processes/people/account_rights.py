"""Granting rights to an account: roles, memberships, clearance, and reopening it.

Parts of the acts in `processes.people.account_desk`, which sends the notices. Owns the writing of
rights: at once if one administrator may grant them, else after a second one has approved
(`processes.rights.widening` decides which, `processes.people.approvals` keeps the requests). New
rights end the sessions with the old ones.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes.acts.acting import Acting
from processes.people import approvals
from processes.people.accounts import known, other, record
from processes.rights import widening
from processes.rights.grants import check_grants, keep_a_head, keep_an_administrator
from processes.rights.widening import Rights, needs_second, rights_from
from processes.storage.authentication import passwords, sessions
from processes.storage.people import approvals as waiting
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import Grants, User


def change(act: Acting, user_id: UUID, *, grants: Grants, clearance: str) -> Request | None:
    """Give a user exactly these roles, memberships and clearance, or ask a second administrator;
    return the request if it waits.

    Raises `Forbidden` for one's own account (nobody raises the own rights), `BadInput` for unknown
    words, `Conflict` if no administrator would remain.
    """
    person = other(act, user_id)
    check_grants(act.connection, grants, clearance)
    before, after = rights_of(act.connection, person), Rights(clearance, grants)
    approvals.withdraw_all(act, person, ("rights", "reopen"))
    if needs_second(before, after) and not act.scope.operates:
        details = {"before": before.written(), "after": after.written()}
        return approvals.ask(act, "rights", person, details)
    _write(act, person, after)
    return None


def give(act: Acting, request: Request) -> User:
    """Grant the requested rights, which `approvals.take` has just approved; return the account."""
    person = known(act.connection, request.user_id)
    _write(act, person, rights_from(request.details["after"]), request)
    return known(act.connection, request.user_id)


def reactivate(act: Acting, user_id: UUID) -> Request | None:
    """Reopen a closed account with its former rights and password, or ask a second administrator;
    return the request if it waits."""
    person = other(act, user_id)
    rights = rights_of(act.connection, person)
    if not person.active and widening.guarded(rights) and not act.scope.operates:
        return approvals.ask(act, "reopen", person, {"rights": rights.written()})
    open_again(act, person)
    return None


def open_again(act: Acting, person: User, request: Request | None = None) -> None:
    """Reopen the account; `request`: the approved request."""
    users.change(act.connection, person.id, {"active": True})
    record(act, "reactivate_user", person, approved(request))


def rights_of(connection: Connection, person: User) -> Rights:
    """The present rights of an account."""
    grants = users.grants_of(connection, [person.id])[person.id]
    return Rights(person.clearance, grants)


def guarded(connection: Connection, person: User, now: datetime) -> bool:
    """Whether the account's link and address need a second administrator: a person uses the
    account, or it has, or will soon have, more rights than one administrator may give."""
    return (
        not passwords.without_password(connection, [person.id])
        or widening.guarded(rights_of(connection, person))
        or bool(waiting.waiting_about(connection, person.id, now, ("rights", "reopen")))
    )


def approved(request: Request | None) -> dict[str, object]:
    """The audit's detail for an act of two administrators: the author of the request."""
    return {"request": str(request.id), "proposed_by": request.proposed_by} if request else {}


def _write(act: Acting, person: User, after: Rights, request: Request | None = None) -> None:
    before = rights_of(act.connection, person)
    users.replace_grants(act.connection, person.id, after.grants)
    users.change(act.connection, person.id, {"clearance": after.clearance})
    keep_an_administrator(act.connection)
    lost = before.grants.memberships - after.grants.memberships
    keep_a_head(act.connection, {one.institution_code for one in lost if one.role == "head"})
    sessions.end_sessions(act.connection, person.id)
    if needs_second(before, after):
        # Links made before, when the account had fewer rights, may have been shown to one
        # administrator.
        sessions.drop_invitations(act.connection, person.id)
    details = {"before": before.written(), "after": after.written(), **approved(request)}
    record(act, "change_rights", person, details)
