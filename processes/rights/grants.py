"""The possible grants to a user: known roles, ranks, institutions, a known clearance.

Owns the checks for every way of granting. Must not know who grants.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict
from engine.sentences.sentence import Sentence, say
from processes.register.vocabulary import CLASSIFICATIONS
from processes.storage.people import institutions, users
from processes.storage.people.users import Grants, Membership
from processes.storage.tables.people import MEMBERSHIPS, RANKS, ROLES


def nothing_granted() -> Grants:
    """No role and no institution."""
    return Grants(roles={}, memberships=frozenset())


def granted(
    *roles: str, rank: str | None = None, contact_of: str | None = None, head_of: str | None = None
) -> Grants:
    """Grants in words: `granted("supervisor", rank="deputi")`, `granted(contact_of="kemhan")`."""
    parts = {"contact": contact_of, "head": head_of}
    return Grants(
        roles={role: rank if role == "supervisor" else None for role in roles},
        memberships=frozenset(Membership(code, part) for part, code in parts.items() if code),
    )


def described(grants: Grants) -> dict[str, Any]:
    """Roles and memberships in the form of the audit and of requests for approval."""
    return {
        "roles": {role: rank or "" for role, rank in sorted(grants.roles.items())},
        "memberships": sorted(f"{m.role}:{m.institution_code}" for m in grants.memberships),
    }


def grants_from(written: Mapping[str, Any]) -> Grants:
    """The grants from that form."""
    parts = (entry.partition(":") for entry in written["memberships"])
    return Grants(
        roles={role: rank or None for role, rank in written["roles"].items()},
        memberships=frozenset(Membership(code, part) for part, _, code in parts),
    )


def check_grants(connection: Connection, grants: Grants, clearance: str) -> None:
    """Raises `BadInput` with the fields `roles`, `memberships`, `clearance`."""
    wrong: dict[str, Sentence] = {}
    if clearance not in CLASSIFICATIONS:
        wrong["clearance"] = say("Choose one of the offered values.")
    if not all(_is_role(role, rank) for role, rank in grants.roles.items()):
        wrong["roles"] = say("Choose one of the offered values; only supervisors have a rank.")
    codes = {item.institution_code for item in grants.memberships}
    unknown = codes - institutions.known_codes(connection, codes)
    if unknown or any(item.role not in MEMBERSHIPS for item in grants.memberships):
        wrong["memberships"] = say("There is no such institution.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def keep_an_administrator(connection: Connection) -> None:
    """Raises `Conflict` if the change just made leaves no active administrator."""
    if not users.holding_role(connection, "admin"):
        raise Conflict(say("At least one active administrator must remain."))


def keep_a_head(connection: Connection, codes: Collection[str]) -> None:
    """Raises `Conflict` if the change just made leaves no active head, and no stand-in for one, in
    one of these institutions that releases its reports inside."""
    for one in institutions.every(connection) if codes else []:
        releases = one.code in codes and one.approval_since is not None
        if releases and not users.members_of(connection, one.code, "head"):
            raise Conflict(
                say(
                    "Nobody else in {institution} could release its reports. Name a stand-in "
                    "(plt.) for its head first, on the page of the institution.",
                    institution=one.short_name,
                )
            )


def _is_role(role: str, rank: str | None) -> bool:
    if rank is not None and (role != "supervisor" or rank not in RANKS):
        return False
    return role in ROLES
