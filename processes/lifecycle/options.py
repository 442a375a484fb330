"""The lists of choices that forms take from the register.

Owns the reader that the engine calls for a form's named lists. Knows no form. An unknown name gives
an empty list, which a process owner sees on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from processes.storage.people import institutions
from processes.storage.people.institutions import Choice
from processes.storage.written_report import request_rows

Choices = Sequence[tuple[str, str]]
"""(value, label) pairs."""


def options_of(
    connection: Connection, business_key: str | None, names: frozenset[str]
) -> dict[str, Choices]:
    """name -> its choices; `LISTS` says what each name stands for."""
    id = _as_id(business_key)
    every = institutions.choices(connection, id) if names & set(LISTS) else []
    found = {name: _listed(every, name) for name in names}
    if ASKED in names and id is not None:
        found[ASKED] = _asked(connection, id)
    return found


def _asked(connection: Connection, part_id: UUID) -> Choices:
    """The cases about which a written report still owes an answer."""
    return [
        (str(id), f"{number or '-'} – {title}")
        for id, number, title in request_rows.due(connection, part_id)
    ]


def _concerned(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.concerned] or _existing(every)


def _existing(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.exists]


def _choosable(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.exists or one.concerned]


def _further(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.exists and not one.begun]


def _open(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.working]


def _removable(every: Sequence[Choice]) -> list[Choice]:
    return [one for one in every if one.working or one.informed]


ASKED: Final = "asked_cases"
LISTS: Final[Mapping[str, Callable[[Sequence[Choice]], list[Choice]]]] = {
    "institutions": _concerned,
    "choosable_institutions": _choosable,
    "further_institutions": _further,
    "open_institutions": _open,
    "removable_institutions": _removable,
}
"""institutions: those to which a registered recommendation is addressed or that commented on it,
before that all existing ones; choosable: all existing ones, and the same; further: existing ones
without a follow-up of it; open: those whose follow-up of it has not ended; removable: these, and
those that got a copy of it. `ASKED`: the cases of a part of a request that are still due."""


def _listed(every: Sequence[Choice], name: str) -> Choices:
    chosen = LISTS.get(name)
    return [(one.code, one.short_name) for one in chosen(every)] if chosen else ()


def _as_id(business_key: str | None) -> UUID | None:
    try:
        return UUID(business_key or "")
    except ValueError:
        return None
