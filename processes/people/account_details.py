"""Name, post and e-mail address of an account.

Parts of the acts in `processes.people.account_desk`, which sends the notices. Owns the rule that an
address is a way into the account, because links go there. A user changes the own address with the
password given again; the address of another account in use needs a second administrator.
"""

from __future__ import annotations

from uuid import UUID

from processes.acts.acting import Acting
from processes.authentication import confirming
from processes.people import account_rights, approvals
from processes.people.accounts import check_fields, known, record
from processes.storage.authentication import sessions
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import User


def change(
    act: Acting, user_id: UUID, *, name: str, post: str, email: str
) -> tuple[User, Request | None]:
    """Change name, post and e-mail address. Return the account before the change, and the request
    if the address waits for a second administrator. Raises `BadInput`, `NotFound`, `Forbidden`."""
    act.may("manage_users")
    name, post, email = name.strip(), post.strip(), email.strip()
    check_fields({"name": name, "email": email})
    act.lock_accounts(user_id)
    before = known(act.connection, user_id)
    new_mail = email != before.email
    if new_mail:
        confirming.hold(act, "change_mail", user_id)
    act.may("manage_users")
    values = {"name": name, "post": post}
    users.change(act.connection, user_id, values)
    changed = {key: value for key, value in values.items() if value != getattr(before, key)}
    if changed:
        record(act, "change_user", before, changed)
    return before, _change_mail(act, before, email) if new_mail else None


def change_own_mail(act: Acting, email: str) -> User:
    """Change one's own address; return the account before the change. Raises `BadInput`, also
    without the password given again."""
    confirming.hold(act, "change_own_mail")
    email = email.strip()
    check_fields({"email": email})
    before = known(act.connection, act.scope.user_id)
    set_mail(act, before, email)
    return before


def set_mail(act: Acting, person: User, email: str, request: Request | None = None) -> None:
    """Write the address; `request`: the approved request. A link sent to the old address ends, and
    so do waiting requests."""
    approvals.withdraw_all(act, person, ("mail",))
    sessions.drop_invitations(act.connection, person.id)
    users.change(act.connection, person.id, {"email": email})
    details = {"before": person.email, "after": email, **account_rights.approved(request)}
    record(act, "change_mail", person, details)


def _change_mail(act: Acting, person: User, email: str) -> Request | None:
    own = person.id == act.scope.user_id or act.scope.operates
    if email and not own and account_rights.guarded(act.connection, person, act.real_now):
        details = {"before": person.email, "after": email}
        return approvals.ask(act, "mail", person, details)
    set_mail(act, person, email)
    return None
