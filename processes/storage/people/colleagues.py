"""The people of some groups: whoever holds a role, the contacts and the heads of institutions.

Owns one statement. Knows no group of tasks by its name.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, String, cast, null, select, union_all

from processes.storage.tables.people import membership, user, user_role


class Colleague(NamedTuple):
    """Somebody in a group. `institution` None: the group is a role at large."""

    role: str
    institution: str | None
    username: str
    active: bool


def of(
    connection: Connection, roles: Collection[str], institutions: Collection[str]
) -> list[Colleague]:
    """Everybody who holds one of these roles, or is of one of these institutions, active or not."""
    holding = select(
        user_role.c.role, cast(null(), String).label("code"), user.c.username, user.c.active
    ).join(user, user.c.id == user_role.c.user_id)
    members = select(
        membership.c.role, membership.c.institution_code, user.c.username, user.c.active
    ).join(user, user.c.id == membership.c.user_id)
    found = union_all(
        holding.where(user_role.c.role.in_(sorted(roles))),
        members.where(membership.c.institution_code.in_(sorted(institutions))),
    )
    return [Colleague(*row) for row in connection.execute(found)]
