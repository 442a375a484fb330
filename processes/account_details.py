"""Name, post and e-mail address of an account.

Owns the rule that an address is a way in: links go there. One's own is changed with the password
given once more; that of an account in use needs a second administrator.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes import account_rights, approvals, confirming
from processes.access import Scope, may
from processes.accounts import check_fields, known, record
from processes.storage import sign_in, users
from processes.storage.approvals import Request
from processes.storage.users import User


def change(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    *,
    name: str,
    post: str,
    email: str,
    now: datetime,
) -> Request | None:
    """Change name, post and e-mail address; the request, if the address waits for a second
    administrator. Raises `BadInput`, `NotFound`, `Forbidden`."""
    may(scope, "manage_users")
    name, post, email = name.strip(), post.strip(), email.strip()
    check_fields({"name": name, "email": email})
    before = known(connection, user_id)
    new_mail = email != before.email
    if new_mail:
        may(scope, "change_mail")
        confirming.hold(connection, scope, user_id)
        before = known(connection, user_id)
    values = {"name": name, "post": post}
    users.change(connection, user_id, values)
    changed = {key: value for key, value in values.items() if value != getattr(before, key)}
    if changed:
        record(connection, scope, "change_user", before, now, changed)
    return _change_mail(connection, scope, before, email, now) if new_mail else None


def change_own_mail(connection: Connection, scope: Scope, email: str, *, now: datetime) -> User:
    """Change one's own address; the account as it was. Raises `BadInput`, for one without the
    password given once more too."""
    may(scope, "change_own_mail")
    confirming.hold(connection, scope)
    email = email.strip()
    check_fields({"email": email})
    before = known(connection, scope.user_id)
    set_mail(connection, scope, before, email, now=now)
    return before


def set_mail(
    connection: Connection,
    scope: Scope,
    person: User,
    email: str,
    *,
    now: datetime,
    request: Request | None = None,
) -> None:
    """Write the address; `request`: the one that was approved. A link on its way to the old one
    ends, and so does what waits."""
    approvals.withdraw_all(connection, scope, person, ("mail",), now=now)
    sign_in.drop_invitations(connection, person.id)
    users.change(connection, person.id, {"email": email})
    details = {"before": person.email, "after": email, **account_rights.approved(request)}
    record(connection, scope, "change_mail", person, now, details)


def _change_mail(
    connection: Connection, scope: Scope, person: User, email: str, now: datetime
) -> Request | None:
    own = person.id == scope.user_id or scope.operates
    if email and not own and account_rights.guarded(connection, person, now):
        details = {"before": person.email, "after": email}
        return approvals.ask(connection, scope, "mail", person, details, now=now)
    set_mail(connection, scope, person, email, now=now)
    return None
