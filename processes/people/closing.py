"""The open work of an account or an institution, shown before it is closed.

Owns the questions of the two pages that warn. Changes nothing; `processes.people.leaving` and
`processes.people.institutions` close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from processes.people import accounts, institutions
from processes.people.institutions import Ending
from processes.rights.access import Scope, may
from processes.storage.people import account_facts, users
from processes.storage.people.institutions import Institution
from processes.storage.people.users import User


@dataclass(frozen=True, slots=True)
class ClosingAccount:
    """An account about to be closed. `left_alone`: short names of the institutions without another
    active contact."""

    user: User
    open_tasks: int
    tokens: int
    left_alone: Sequence[str]


@dataclass(frozen=True, slots=True)
class ClosingInstitution:
    """An institution about to be closed, and its open work."""

    institution: Institution
    successor: Institution | None
    open_follow_ups: int
    contacts: Sequence[User]


def of_account(
    connection: Connection, scope: Scope, user_id: UUID, now: datetime
) -> ClosingAccount:
    """The open work of this account. Raises `NotFound`, `Forbidden`."""
    may(scope, "manage_users")
    user, grants = accounts.account(connection, scope, user_id)
    served = {m.institution_code for m in grants.memberships if m.role == "contact"}
    alone = served - account_facts.other_contacts(connection, served, user_id)
    return ClosingAccount(
        user,
        len(account_facts.tasks_of(connection, user.username)),
        account_facts.tokens_of(connection, user_id, now),
        sorted(institutions.short_names(connection, alone).values()),
    )


def of_institution(
    connection: Connection, scope: Scope, code: str, ending: Ending
) -> ClosingInstitution:
    """The open work of this institution, if it is closed in this way. Raises the errors of
    `institutions.close`."""
    may(scope, "manage_institutions")
    institutions.check_ending(connection, code, ending)
    successor = ending.successor
    return ClosingInstitution(
        institutions.one(connection, scope, code),
        institutions.one(connection, scope, successor) if successor else None,
        account_facts.open_follow_ups_of(connection, code),
        users.members_of(connection, code, "contact"),
    )
