"""The unit of a person: the groups whose tasks are its work, and who else is in them.

Owns what "only mine to do" and "of my unit" mean. A head's unit has the contacts of the institution
in it, so that a head sees what its people hold.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from processes.rights import groups
from processes.rights.access import Scope
from processes.storage.people import colleagues
from processes.storage.people.colleagues import Colleague


@dataclass(frozen=True, slots=True)
class Unit:
    """`groups`: whose tasks are the unit's; `people`: everybody in them, in the engine's terms for
    tasks, the groups too; `alone`: the person, and the groups that have nobody else."""

    groups: frozenset[str]
    people: frozenset[str]
    alone: frozenset[str]


def unit_of(connection: Connection, scope: Scope) -> Unit:
    """The unit of a person, as it is now. One statement."""
    ours = scope.groups | {groups.of_contacts(code) for code in scope.headed}
    found = [
        (_group(one), one) for one in colleagues.of(connection, scope.roles, scope.institutions)
    ]
    others = {name for name, one in found if one.active and one.username != scope.username}
    return Unit(
        groups=ours,
        people=scope.principals
        | {f"group:{name}" for name in ours}
        | {f"user:{one.username}" for name, one in found if name in ours},
        alone=scope.principals - {f"group:{name}" for name in others},
    )


def _group(one: Colleague) -> str:
    if one.institution is None:
        return one.role
    name = groups.of_contacts if one.role == "contact" else groups.of_heads
    return name(one.institution)
