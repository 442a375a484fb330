"""The open work of an account or an institution, shown before it is closed.

Owns the questions of the two pages that warn. Changes nothing; `processes.people.leaving` and
`processes.people.institutions` close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.storage.cases.worklist import Task
from engine.time.calendar import ONE_DAY
from processes.days.calendars import common_calendar
from processes.notices import recipients
from processes.people import accounts, institutions
from processes.people.institutions import Ending
from processes.rights import groups
from processes.rights.access import Scope, may
from processes.rights.scope import cleared
from processes.storage.cases import case_heads
from processes.storage.people import account_facts, successions, users
from processes.storage.people.institutions import Institution
from processes.storage.people.users import Grants, User
from processes.work import judging


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may have tasks of another person. `tasks`: which of them."""

    user: User
    tasks: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class ClosingAccount:
    """An account about to be closed. `left_alone`: short names of the institutions without another
    active contact; `colleagues`: who may have its tasks."""

    user: User
    open_tasks: int
    tokens: int
    left_alone: Sequence[str]
    colleagues: Sequence[Colleague]


@dataclass(frozen=True, slots=True)
class ClosingInstitution:
    """An institution about to be closed, and its open work. `carried_over`: those of its open
    follow-ups whose recommendation the successor follows up already; `others`: recommendations
    that address it besides; `from_day`: when they are handed over, None at once."""

    institution: Institution
    successor: Institution | None
    open_follow_ups: int
    carried_over: int
    others: int
    contacts: Sequence[User]
    from_day: date | None


def of_account(
    connection: Connection, scope: Scope, user_id: UUID, now: datetime
) -> ClosingAccount:
    """The open work of this account. Raises `NotFound`, `Forbidden`."""
    may(scope, "manage_users")
    user, grants = accounts.account(connection, scope, user_id)
    served = {m.institution_code for m in grants.memberships if m.role == "contact"}
    alone = served - account_facts.other_contacts(connection, served, user_id)
    held = account_facts.tasks_of(connection, user.username)
    return ClosingAccount(
        user,
        len(held),
        account_facts.tokens_of(connection, user_id, now),
        sorted(institutions.short_names(connection, alone).values()),
        colleagues(connection, user, held),
    )


@dataclass(frozen=True, slots=True)
class _Offered:
    """All to whom one of several tasks is offered."""

    candidate_users: Sequence[str]
    candidate_groups: Sequence[str]
    assignee: None = None


def colleagues(connection: Connection, holder: User, held: Sequence[Task]) -> list[Colleague]:
    """The people to whom some of these tasks can go, by name: active, among the candidates of the
    task, cleared for its case and for the report it is about. A few statements, however many
    tasks."""
    if not held:
        return []
    everybody = _Offered(
        sorted({name for task in held for name in task.candidate_users}),
        sorted({group for task in held for group in task.candidate_groups}),
    )
    found = [one for one in recipients.offered_to(connection, everybody) if one.id != holder.id]
    heads = case_heads.of_instances(
        connection, [(one.process_key, one.instance_id) for one in held]
    )
    secrecies = judging.secrecies(connection, held, heads)
    grants = users.grants_of(connection, [one.id for one in found], standing_in=True)
    listed = [
        Colleague(
            one,
            frozenset(
                task.id for task in held if _may_have(task, one, grants[one.id], secrecies[task.id])
            ),
        )
        for one in found
    ]
    return [one for one in listed if one.tasks]


def _may_have(task: Task, user: User, grants: Grants, secrecy: str) -> bool:
    named = user.username in task.candidate_users
    offered = named or not groups.of_grants(grants).isdisjoint(task.candidate_groups)
    return offered and cleared(user, secrecy)


def of_institution(
    connection: Connection, scope: Scope, code: str, ending: Ending, now: datetime
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
        successions.shared(connection, code, successor) if successor else 0,
        len(successions.other_recommendations(connection, code)) if successor else 0,
        users.members_of(connection, code, "contact"),
        _from_day(ending, common_calendar(connection).today(now)),
    )


def _from_day(ending: Ending, today: date) -> date | None:
    return ending.last_day + ONE_DAY if ending.successor and ending.last_day >= today else None
