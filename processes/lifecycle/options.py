"""The lists of choices that forms take from the register.

Owns the reader that the engine calls for a form's named lists. Knows no form. An unknown name gives
an empty list, which a process owner sees on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from processes.storage.cases import matrix_rows
from processes.storage.people import institutions

Choices = Sequence[tuple[str, str]]
"""(value, label) pairs."""


def options_of(
    connection: Connection, business_key: str | None, names: frozenset[str]
) -> dict[str, Choices]:
    """name -> its choices. `institutions`: those to which a registered recommendation is addressed,
    before that all existing ones; `open_institutions`: those whose follow-up has not ended."""
    return {name: LISTS.get(name, _nobody)(connection, _as_id(business_key)) for name in names}


def _institutions(connection: Connection, id: UUID | None) -> Choices:
    every = institutions.choices(connection, id)
    addressed = [one for one in every if one.addressed]
    return [(one.code, one.short_name) for one in addressed or [one for one in every if one.exists]]


def _open_institutions(connection: Connection, id: UUID | None) -> Choices:
    return matrix_rows.running(connection, id) if id else ()


def _nobody(_connection: Connection, _id: UUID | None) -> Choices:
    return ()


LISTS: Final[Mapping[str, Callable[[Connection, UUID | None], Choices]]] = {
    "institutions": _institutions,
    "open_institutions": _open_institutions,
}


def _as_id(business_key: str | None) -> UUID | None:
    try:
        return UUID(business_key or "")
    except ValueError:
        return None
