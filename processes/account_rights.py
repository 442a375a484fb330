"""Giving rights to an account: roles, memberships, clearance, and opening it again.

Owns the writing of them, at once where one administrator may, else when a second one has approved
(`processes.widening` says which, `processes.approvals` keeps what waits). New rights end the
sessions of the old ones.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes import approvals, widening
from processes.access import Scope, may
from processes.accounts import known, other, record
from processes.grants import check_grants, keep_an_administrator
from processes.storage import approvals as waiting
from processes.storage import passwords, sign_in, users
from processes.storage.approvals import Request
from processes.storage.users import Grants, User
from processes.widening import Rights, needs_second, rights_from


def change(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    *,
    grants: Grants,
    clearance: str,
    now: datetime,
) -> Request | None:
    """Give a user exactly these roles, memberships and clearance, or ask a second administrator to:
    the request, if it waits.

    Raises `Forbidden` for one's own account (nobody raises themselves), `BadInput` for unknown
    words, `Conflict` if no administrator were left.
    """
    may(scope, "manage_users")
    person = other(connection, scope, user_id)
    check_grants(connection, grants, clearance)
    before, after = rights_of(connection, person), Rights(clearance, grants)
    approvals.withdraw_all(connection, scope, person, ("rights", "reopen"), now=now)
    if needs_second(before, after) and not scope.operates:
        details = {"before": before.written(), "after": after.written()}
        return approvals.ask(connection, scope, "rights", person, details, now=now)
    _write(connection, scope, person, after, now)
    return None


def give(connection: Connection, scope: Scope, request: Request, *, now: datetime) -> User:
    """Give what was asked for; `approvals.take` has just approved it. Whose account it is."""
    person = known(connection, request.user_id)
    _write(connection, scope, person, rights_from(request.details["after"]), now, request)
    return known(connection, request.user_id)


def reactivate(
    connection: Connection, scope: Scope, user_id: UUID, *, now: datetime
) -> Request | None:
    """Open a closed account again, with the rights and the password it had, or ask a second
    administrator to: the request, if it waits."""
    may(scope, "manage_users")
    person = other(connection, scope, user_id)
    rights = rights_of(connection, person)
    if not person.active and widening.guarded(rights) and not scope.operates:
        details = {"rights": rights.written()}
        return approvals.ask(connection, scope, "reopen", person, details, now=now)
    open_again(connection, scope, person, now=now)
    return None


def open_again(
    connection: Connection,
    scope: Scope,
    person: User,
    *,
    now: datetime,
    request: Request | None = None,
) -> None:
    """Open it; `request`: the one that was approved."""
    users.change(connection, person.id, {"active": True})
    record(connection, scope, "reactivate_user", person, now, approved(request))


def rights_of(connection: Connection, person: User) -> Rights:
    """What an account may see and do now."""
    grants = users.grants_of(connection, [person.id])[person.id]
    return Rights(person.clearance, grants)


def guarded(connection: Connection, person: User, now: datetime) -> bool:
    """Whether its link and its address are not one administrator's business: somebody uses it, or
    it sees more than one administrator may give, or soon will."""
    return (
        not passwords.without_password(connection, [person.id])
        or widening.guarded(rights_of(connection, person))
        or bool(waiting.waiting_about(connection, person.id, now, ("rights", "reopen")))
    )


def approved(request: Request | None) -> dict[str, object]:
    """What the audit says of an act that took two: who asked for it."""
    return {"request": str(request.id), "proposed_by": request.proposed_by} if request else {}


def _write(
    connection: Connection,
    scope: Scope,
    person: User,
    after: Rights,
    now: datetime,
    request: Request | None = None,
) -> None:
    before = rights_of(connection, person)
    users.replace_grants(connection, person.id, after.grants)
    users.change(connection, person.id, {"clearance": after.clearance})
    keep_an_administrator(connection)
    sign_in.end_sessions(connection, person.id)
    if needs_second(before, after):
        # Made when the account saw less, and then perhaps shown to one administrator.
        sign_in.drop_invitations(connection, person.id)
    details = {"before": before.written(), "after": after.written(), **approved(request)}
    record(connection, scope, "change_rights", person, now, details)
