"""The registry of institutions: who follows up recommendations, since when, and the successors.

Owns adding, changing and ending institutions. Asks for users' rights but knows nothing else of
them; `processes.people.succession` hands open cases over. An institution is never removed,
because cases name it for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.days.calendars import COMMON
from processes.ground.sorting import Sort
from processes.people import succession
from processes.rights.access import Scope, may
from processes.rights.grants import keep_a_head
from processes.storage.bulk import Count
from processes.storage.days import calendars
from processes.storage.people import institutions as table
from processes.storage.people import users
from processes.storage.people.institutions import Institution
from processes.storage.people.users import User
from processes.storage.tables.people import KINDS

CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


@dataclass(frozen=True, slots=True)
class Details:
    """An administrator's details of an institution."""

    name: str
    short_name: str
    kind: str
    is_kl: bool = True
    calendar_code: str = COMMON
    valid_from: date | None = None
    address: str = ""
    email: str = ""


@act
def add(act: Acting, code: str, details: Details) -> Institution:
    """Add an institution; its code never changes.

    Raises `BadInput`, `Conflict` for a known code, `Forbidden`.
    """
    act.may("manage_institutions")
    if not CODE.fullmatch(code):
        short = say("Use 2 to 40 small letters, digits or hyphens.")
        raise BadInput(short, {"code": short})
    _check(act.connection, details)
    if table.by_code(act.connection, code):
        raise Conflict(say("The code {code} is taken.", code=code))
    row = Institution(
        code=code,
        name=details.name,
        short_name=details.short_name,
        kind=details.kind,
        is_kl=details.is_kl,
        calendar_code=details.calendar_code,
        valid_from=details.valid_from,
        valid_to=None,
        successor_code=None,
        address=details.address,
        email=details.email,
        created_at=act.now,
    )
    table.insert_institution(act.connection, row)
    act.record("add_institution", _subject(code), name=details.name)
    return row


@act
def change(act: Acting, code: str, details: Details) -> None:
    """Change the details of an institution. Raises the errors of `add`, and `NotFound`."""
    act.may("manage_institutions")
    before = _known(act.connection, code)
    _check(act.connection, details)
    values = {name: getattr(details, name) for name in Details.__slots__}
    changed = {name: value for name, value in values.items() if value != getattr(before, name)}
    if changed:
        table.change(act.connection, code, changed)
        facts = {name: str(value) for name, value in changed.items()}
        act.record("change_institution", _subject(code), **facts)


@act
def set_approval(act: Acting, code: str, asked: bool) -> None:
    """Switch on or off that an institution's head releases each report before it is handed in: by
    its head or an administrator. Raises `NotFound`, `Forbidden`, and `Conflict` where nobody could
    release any."""
    act.may("set_approval")
    before = _known(act.connection, code)
    if "admin" not in act.scope.roles and code not in act.scope.headed:
        raise Forbidden(say("Your role does not include this."))
    if asked == (before.approval_since is not None):
        return
    table.change(act.connection, code, {"approval_since": act.now if asked else None})
    keep_a_head(act.connection, {code})
    act.record("set_approval", _subject(code), asked=asked)


def _subject(code: str) -> str:
    """What the record of acts calls an institution."""
    return f"institution:{code}"


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day of an institution, its successor, and the regulation."""

    last_day: date
    successor: str | None
    letter: str


@act
def close(act: Acting, code: str, ending: Ending) -> None:
    """Close an institution; with a successor, hand over what it still has to do. Raises the errors
    of `check_ending`, and `Forbidden`."""
    act.may("manage_institutions")
    check_ending(act.connection, code, ending)
    before = _known(act.connection, code)
    values = {"valid_to": ending.last_day, "successor_code": ending.successor}
    table.change(act.connection, code, values)
    if ending.successor and _is_new(act.connection, before, ending):
        successor = _known(act.connection, ending.successor)
        succession.plan(act, _subject(code), before, successor, ending)
        act.engine.wake()
    act.record(
        "close_institution",
        _subject(code),
        last_day=ending.last_day.isoformat(),
        successor=ending.successor or "",
        letter=ending.letter,
    )


def _is_new(connection: Connection, before: Institution, ending: Ending) -> bool:
    """Whether there is something to plan: another successor, or another day while nothing has been
    handed over yet."""
    if ending.successor != before.successor_code:
        return True
    moved = ending.last_day != before.valid_to
    return moved and succession.waits(connection, _subject(before.code))


def check_ending(connection: Connection, code: str, ending: Ending) -> None:
    """Raises `NotFound` for an unknown institution or successor, `BadInput` with the fields
    `last_day`, `successor`, `letter`."""
    before = _known(connection, code)
    successor = None if ending.successor is None else _known(connection, ending.successor)
    wrong: dict[str, Sentence] = {}
    if ending.successor == code:
        wrong["successor"] = say("Choose another institution.")
    elif successor is not None and successor.valid_to is not None:
        wrong["successor"] = say(
            "{name} was closed and gets no new work.", name=successor.short_name
        )
    if before.valid_from and ending.last_day < before.valid_from:
        wrong["last_day"] = say("Choose a day after the first one.")
    if is_blank(ending.letter):
        wrong["letter"] = say("Cite the regulation or letter.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def registry(connection: Connection, scope: Scope) -> list[Institution]:
    """Every institution, closed ones too, by short name. Raises `Forbidden`."""
    may(scope, "read_institutions")
    return table.every(connection)


BY_SHORT_NAME: Final = Sort("institution")
_KEYS: Final[Mapping[str, Callable[[Institution], str]]] = {
    "institution": lambda one: one.short_name.casefold(),
    "full": lambda one: one.name.casefold(),
    "kind": lambda one: one.kind,
}


def listed(every: Sequence[Institution], search: str, kind: str, sort: Sort) -> list[Institution]:
    """Those of a registry whose names or code contain the searched text, of one kind if that is
    known. A registry of dozens, at most hundreds, is in memory already."""
    text = search.casefold()
    found = [
        one
        for one in every
        if text in f"{one.name} {one.short_name} {one.code}".casefold()
        and (kind not in KINDS or one.kind == kind)
    ]
    return sorted(found, key=_KEYS[sort.by], reverse=sort.descending)


def one(connection: Connection, scope: Scope, code: str) -> Institution:
    """One institution, closed or not. Raises `NotFound`, `Forbidden`."""
    may(scope, "read_institutions")
    return _known(connection, code)


def handing_over(connection: Connection, scope: Scope, code: str) -> Count | None:
    """How far the cases of a closed institution were handed over. Raises `Forbidden`."""
    may(scope, "read_institutions")
    return succession.progress(connection, _subject(code))


def hands_over_later(connection: Connection, scope: Scope, code: str) -> bool:
    """Whether its cases are handed over after its last day, which has not come. Raises
    `Forbidden`."""
    may(scope, "read_institutions")
    return succession.waits(connection, _subject(code))


def unserved(connection: Connection, scope: Scope, codes: Collection[str]) -> set[str]:
    """Those of these institutions without an active contact: nobody would read their mail."""
    may(scope, "read_institutions")
    return users.institutions_without_contact(connection, codes)


@dataclass(frozen=True, slots=True)
class People:
    """The contacts and heads of an institution in the product; active accounts only."""

    contacts: Sequence[User]
    heads: Sequence[User]


def people(connection: Connection, scope: Scope, code: str) -> People:
    """The active contacts and heads of an institution. Raises `Forbidden`."""
    may(scope, "read_institutions")
    contacts = users.members_of(connection, code, "contact")
    return People(contacts, users.members_of(connection, code, "head"))


def own(connection: Connection, scope: Scope) -> list[Institution]:
    """The institutions that the reader works for, or heads, also as a stand-in."""
    codes = scope.institutions | scope.headed
    return [one for one in table.every(connection) if one.code in codes] if codes else []


def short_names(connection: Connection, codes: Collection[str]) -> dict[str, str]:
    """code -> short name, for pages that name an institution; everybody may know it."""
    return {one.code: one.short_name for one in table.every(connection) if one.code in codes}


def _known(connection: Connection, code: str) -> Institution:
    found = table.by_code(connection, code)
    if found is None:
        raise NotFound(say("There is no such institution."))
    return found


def _check(connection: Connection, details: Details) -> None:
    wrong: dict[str, Sentence] = {}
    if is_blank(details.name):
        wrong["name"] = say("Write the full name.")
    if is_blank(details.short_name):
        wrong["short_name"] = say("Write the short name used in lists.")
    if details.kind not in KINDS:
        wrong["kind"] = say("Choose one of the offered values.")
    if details.calendar_code not in calendars.calendars(connection):
        wrong["calendar_code"] = say("There is no such calendar.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
