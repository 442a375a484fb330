"""The groups that tasks are offered to: `institution:kemhan`, `institution-head:kemhan`, a role.

Owns how the name of an institution's group is written and taken apart. Models write these names as
well (`${'institution:' + institution}`), and the tables keep them, so the form does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from processes.storage.people.users import Grants

MemberRole = Literal["contact", "head"]
"""What somebody is in an institution."""
PREFIXES: Final[Mapping[MemberRole, str]] = {"contact": "institution:", "head": "institution-head:"}


@dataclass(frozen=True, slots=True)
class InstitutionGroup:
    """The contacts, or the leadership, of one institution."""

    code: str
    role: MemberRole


def of_contacts(code: str) -> str:
    """The group of an institution's contacts."""
    return PREFIXES["contact"] + code


def of_heads(code: str) -> str:
    """The group of an institution's leadership."""
    return PREFIXES["head"] + code


def parse(group: str) -> InstitutionGroup | None:
    """Which people of which institution a group is; None for a role at large."""
    for role, prefix in PREFIXES.items():
        if group.startswith(prefix):
            return InstitutionGroup(group.removeprefix(prefix), role)
    return None


def institutions(groups: Iterable[str]) -> list[str]:
    """The codes of the institutions whose people these are, in this order."""
    return [found.code for group in groups if (found := parse(group))]


def contacted(groups: Iterable[str]) -> list[str]:
    """The codes of those whose contacts are among these: whose own work a task is."""
    found = (parse(group) for group in groups)
    return [one.code for one in found if one and one.role == "contact"]


def of_grants(grants: Grants) -> frozenset[str]:
    """The groups of somebody with these roles and parts in institutions."""
    parts = {
        of_contacts(one.institution_code)
        if one.role == "contact"
        else of_heads(one.institution_code)
        for one in grants.memberships
    }
    return frozenset(grants.roles) | parts
