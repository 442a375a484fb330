"""Giving rights to an account: roles, memberships, clearance, and opening it again.

Parts of the acts in `processes.people.account_desk`, which tells people. Owns the writing of
rights, at once where one administrator may, else when a second one has approved
(`processes.rights.widening` says which, `processes.people.approvals` keeps what waits). New rights
end the sessions of the old ones.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes.acts.acting import Acting
from processes.people import approvals
from processes.people.accounts import known, other, record
from processes.rights import widening
from processes.rights.grants import check_grants, keep_an_administrator
from processes.rights.widening import Rights, needs_second, rights_from
from processes.storage.authentication import passwords, sessions
from processes.storage.people import approvals as waiting
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import Grants, User


def change(act: Acting, user_id: UUID, *, grants: Grants, clearance: str) -> Request | None:
    """Give a user exactly these roles, memberships and clearance, or ask a second administrator to:
    the request, if it waits.

    Raises `Forbidden` for one's own account (nobody raises themselves), `BadInput` for unknown
    words, `Conflict` if no administrator were left.
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
    """Give what was asked for; `approvals.take` has just approved it. Whose account it is."""
    person = known(act.connection, request.user_id)
    _write(act, person, rights_from(request.details["after"]), request)
    return known(act.connection, request.user_id)


def reactivate(act: Acting, user_id: UUID) -> Request | None:
    """Open a closed account again, with the rights and the password it had, or ask a second
    administrator to: the request, if it waits."""
    person = other(act, user_id)
    rights = rights_of(act.connection, person)
    if not person.active and widening.guarded(rights) and not act.scope.operates:
        return approvals.ask(act, "reopen", person, {"rights": rights.written()})
    open_again(act, person)
    return None


def open_again(act: Acting, person: User, request: Request | None = None) -> None:
    """Open it; `request`: the one that was approved."""
    users.change(act.connection, person.id, {"active": True})
    record(act, "reactivate_user", person, approved(request))


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


def _write(act: Acting, person: User, after: Rights, request: Request | None = None) -> None:
    before = rights_of(act.connection, person)
    users.replace_grants(act.connection, person.id, after.grants)
    users.change(act.connection, person.id, {"clearance": after.clearance})
    keep_an_administrator(act.connection)
    sessions.end_sessions(act.connection, person.id)
    if needs_second(before, after):
        # Made when the account saw less, and then perhaps shown to one administrator.
        sessions.drop_invitations(act.connection, person.id)
    details = {"before": before.written(), "after": after.written(), **approved(request)}
    record(act, "change_rights", person, details)
