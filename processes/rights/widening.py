"""Rights that one administrator may not grant alone: access beyond the ordinary, and the right to
grant rights.

Owns the comparison of an account's rights before and after. Pure; the modules that write rights ask
it (`processes.people.account_rights`, `processes.people.accounts`). Fewer rights need no approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.grants import described, grants_from, nothing_granted
from processes.storage.people.users import Grants
from processes.storage.tables.people import RANKS

ORDINARY: Final = CLASSIFICATIONS[0]
GIVES_RIGHTS: Final = "admin"
"""The role that one administrator could otherwise grant to a second administrator of their own
making."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of an account."""

    clearance: str
    grants: Grants

    def written(self) -> dict[str, Any]:
        """The rights in the form of the audit and of a request for approval."""
        return {"clearance": self.clearance, **described(self.grants)}


NOTHING: Final = Rights(ORDINARY, nothing_granted())


def rights_from(written: Mapping[str, Any]) -> Rights:
    """The rights from that form."""
    return Rights(written["clearance"], grants_from(written))


def needs_second(before: Rights, after: Rights) -> bool:
    """Whether the account would gain access beyond the ordinary, or the right to grant rights."""
    gains_admin = GIVES_RIGHTS in after.grants.roles.keys() - before.grants.roles.keys()
    if gains_admin or _level(after) > _level(before):
        return True
    return after.clearance != ORDINARY and _has_more(before.grants, after.grants)


def guarded(rights: Rights) -> bool:
    """Whether one administrator could not grant these rights to a new account."""
    return needs_second(NOTHING, rights)


def alone(rights: Rights) -> Rights:
    """Those of the rights that one administrator may grant to a new account."""
    roles = {role: rank for role, rank in rights.grants.roles.items() if role != GIVES_RIGHTS}
    return Rights(ORDINARY, Grants(roles, rights.grants.memberships))


def _level(rights: Rights) -> int:
    return CLASSIFICATIONS.index(rights.clearance)


def _has_more(before: Grants, after: Grants) -> bool:
    if after.memberships - before.memberships:
        return True
    return any(
        role not in before.roles or _rung(rank) > _rung(before.roles[role])
        for role, rank in after.roles.items()
    )


def _rung(rank: str | None) -> int:
    return 0 if rank is None else 1 + RANKS.index(rank)
