"""Counts of the open work of an account or an institution, for the warning before it is closed.

Owns these counts across the engine's tasks, sign-in and the register. Must not know who may ask.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from engine.storage.tables import task, task_candidate
from processes.register.states import ENDED, AccountKind
from processes.storage.tables.authentication import token
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import membership, user


def tasks_of(connection: Connection, username: str) -> list[Task]:
    """Open tasks assigned to this person, oldest first."""
    # Open tasks have candidate rows, which an index finds.
    theirs = (
        select(*worklist.COLUMNS)
        .select_from(task_candidate)
        .join(task, task.c.id == task_candidate.c.task_id)
        .where(task_candidate.c.principal == f"user:{username}", task.c.assignee == username)
        .order_by(task.c.id)
    )
    return [Task(*row) for row in connection.execute(theirs)]


def tokens_of(connection: Connection, user_id: UUID, now: datetime) -> int:
    """The number of valid tokens."""
    live = (token.c.user_id == user_id) & (token.c.expires_at > now)
    return connection.execute(select(func.count()).where(live)).scalar_one()


def other_contacts(connection: Connection, codes: Collection[str], user_id: UUID) -> set[str]:
    """Those of these institutions that have another active contact."""
    found = connection.execute(
        select(membership.c.institution_code)
        .join(user, user.c.id == membership.c.user_id)
        .where(
            membership.c.institution_code.in_(codes),
            membership.c.role == "contact",
            membership.c.user_id != user_id,
            user.c.active,
        )
    )
    return set(found.scalars())


def open_follow_ups_of(connection: Connection, institution_code: str) -> int:
    """The number of an institution's follow-ups that are neither closed nor withdrawn."""
    running = (follow_up.c.institution == institution_code) & follow_up.c.status.not_in(ENDED)
    return connection.execute(select(func.count()).where(running)).scalar_one()


def usernames_of_active(connection: Connection) -> frozenset[str]:
    """The usernames of all people who can sign in."""
    who = select(user.c.username).where(user.c.active, user.c.kind == AccountKind.PERSON)
    return frozenset(connection.execute(who).scalars())
