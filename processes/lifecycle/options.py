"""The lists that forms take from the register: who may be chosen.

Owns the reader the engine calls for a form's named lists. Knows no form; an unknown name is an
empty list, as a process owner sees at once on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from processes.storage.people import institutions

Choices = Sequence[tuple[str, str]]
"""(value, label) pairs."""


def options_of(
    connection: Connection, business_key: str | None, names: frozenset[str]
) -> dict[str, Choices]:
    """name -> its choices. `institutions`: those a recommendation is addressed to once it is
    registered, before that all that exist."""
    return {
        name: _institutions(connection, business_key) if name == "institutions" else ()
        for name in names
    }


def _institutions(connection: Connection, business_key: str | None) -> Choices:
    every = institutions.choices(connection, _as_id(business_key))
    addressed = [one for one in every if one.addressed]
    return [(one.code, one.short_name) for one in addressed or [one for one in every if one.exists]]


def _as_id(business_key: str | None) -> UUID | None:
    try:
        return UUID(business_key or "")
    except ValueError:
        return None
