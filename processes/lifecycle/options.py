"""The lists of choices that forms take from the register.

Owns the reader that the engine calls for a form's named lists. Knows no form. An unknown name gives
an empty list, which a process owner sees on the page.
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
    """name -> its choices. `institutions`: those to which a registered recommendation is addressed,
    before that all existing ones."""
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
