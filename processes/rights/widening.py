"""Which rights one administrator may not give alone: those that see beyond the ordinary, and the
right to give rights.

Owns the comparison of what an account had with what it is to get. Pure; whoever writes rights asks
(`processes.people.account_rights`, `processes.people.accounts`). What is lowered or taken away
needs nobody.
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
"""A role that one administrator could otherwise give to a second one of their own making."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may see and do."""

    clearance: str
    grants: Grants

    def written(self) -> dict[str, Any]:
        """As the audit and a request for approval keep them."""
        return {"clearance": self.clearance, **described(self.grants)}


NOTHING: Final = Rights(ORDINARY, nothing_granted())


def rights_from(written: Mapping[str, Any]) -> Rights:
    """The rights that were written so."""
    return Rights(written["clearance"], grants_from(written))


def needs_second(before: Rights, after: Rights) -> bool:
    """Whether somebody would come to see more beyond the ordinary, or to give rights."""
    gains_admin = GIVES_RIGHTS in after.grants.roles.keys() - before.grants.roles.keys()
    if gains_admin or _level(after) > _level(before):
        return True
    return after.clearance != ORDINARY and _has_more(before.grants, after.grants)


def guarded(rights: Rights) -> bool:
    """Whether one administrator could not give these to a new account."""
    return needs_second(NOTHING, rights)


def alone(rights: Rights) -> Rights:
    """The part of them that one administrator may give to a new account."""
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
