"""The people and groups whom a model may name for its tasks.

Owns which groups there are: the roles, and the two of each institution. A scope is given its groups
by the same names (`processes.rights.scope`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from engine.ports.performers import Performers
from processes.rights import groups
from processes.storage.people import account_facts, institutions
from processes.storage.tables.people import ROLES

WITHOUT_DATABASE: Final = Performers(frozenset(ROLES), families=tuple(groups.PREFIXES.values()))
"""For models that are checked as files: which institutions and accounts there are is unknown."""


def performers(connection: Connection) -> Performers:
    """All groups, and the names of all people who can sign in."""
    codes = [one.code for one in institutions.every(connection)]
    of_institutions = {
        made(code) for code in codes for made in (groups.of_contacts, groups.of_heads)
    }
    return Performers(
        groups=frozenset(ROLES) | of_institutions,
        users=account_facts.usernames_of_active(connection),
    )
