"""Statements for institutions.

Owns the SQL on `institution`. Must not know who may ask or the effect of a succession on a case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Connection,
    Exists,
    String,
    Table,
    bindparam,
    cast,
    exists,
    insert,
    null,
    or_,
    select,
    union_all,
    update,
)

from engine.storage.database.hot import Hot
from processes.register.states import ENDED
from processes.storage.days.calendars import calendar
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution, membership, user
from processes.storage.tables.recommendations import (
    comment,
    recommendation,
    recommendation_institution,
)


@dataclass(frozen=True, slots=True)
class Institution:
    """A ministry, agency or other body that follows recommendations up.

    `is_kl`: a ministry or agency in the narrow sense ("K/L" in texts); the forces, the police and
    committees are not. `valid_to`: the last day on which it gets new work. `approval_since`: since
    when its head releases each report before it is handed in; None: nobody has to.
    """

    code: str
    name: str
    short_name: str
    kind: str
    is_kl: bool
    calendar_code: str
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None
    address: str
    email: str
    created_at: datetime
    approval_since: datetime | None = None


INSTITUTION = [institution.c[name] for name in Institution.__slots__]


def insert_institution(connection: Connection, row: Institution) -> None:
    """Store a new institution."""
    values = {name: getattr(row, name) for name in Institution.__slots__}
    connection.execute(insert(institution).values(values))


def by_code(connection: Connection, code: str) -> Institution | None:
    """One institution."""
    found = connection.execute(select(*INSTITUTION).where(institution.c.code == code)).one_or_none()
    return Institution(*found) if found else None


def every(connection: Connection) -> list[Institution]:
    """All institutions by short name: a registry of dozens, not thousands."""
    found = connection.execute(select(*INSTITUTION).order_by(institution.c.short_name))
    return [Institution(*row) for row in found]


def short_names(connection: Connection, codes: Collection[str]) -> dict[str, str]:
    """Code -> short name of the existing ones."""
    found = connection.execute(
        select(institution.c.code, institution.c.short_name).where(institution.c.code.in_(codes))
    )
    return {row.code: row.short_name for row in found}


def known_codes(connection: Connection, codes: Collection[str]) -> set[str]:
    """Those of these codes that exist."""
    found = connection.execute(select(institution.c.code).where(institution.c.code.in_(codes)))
    return set(found.scalars())


def going_on(connection: Connection) -> set[str]:
    """The institutions that may get new work."""
    found = connection.execute(select(institution.c.code).where(institution.c.valid_to.is_(None)))
    return set(found.scalars())


def heir(connection: Connection, code: str, among: Collection[str]) -> str:
    """The institution, or the first of its successors that is among these; itself if none is."""
    seen, one = {code}, code
    while one not in among:
        found = by_code(connection, one)
        following = found.successor_code if found else None
        if following is None or following in seen:
            return code
        seen.add(following)
        one = following
    return one


def change(connection: Connection, code: str, values: Mapping[str, object]) -> None:
    """Set columns of an institution."""
    connection.execute(update(institution).where(institution.c.code == code).values(**values))


@dataclass(frozen=True, slots=True)
class Addressee:
    """A possible addressee. `served`: it has an active contact."""

    code: str
    short_name: str
    served: bool


def addressees(connection: Connection, codes: Collection[str]) -> list[Addressee]:
    """Those of these that exist."""
    served = exists().where(
        membership.c.institution_code == institution.c.code,
        membership.c.role == "contact",
        user.c.id == membership.c.user_id,
        user.c.active,
    )
    rows = connection.execute(
        select(institution.c.code, institution.c.short_name, served).where(
            institution.c.code.in_(codes)
        )
    )
    return [Addressee(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Choice:
    """An institution for the choices of a form. `exists`: it may get new work; of one registered
    recommendation: `concerned`: it is addressed to it, or was commented on by it; `begun`: it has a
    follow-up; `working`: that is open; `informed`: it gets a copy."""

    code: str
    short_name: str
    exists: bool
    concerned: bool
    begun: bool
    working: bool
    informed: bool


def choices(connection: Connection, recommendation_id: UUID | None) -> list[Choice]:
    """Every institution by short name, with its relation to one recommendation."""
    return [Choice(*row) for row in connection.execute(_CHOICES, {"of": recommendation_id})]


def _in(table: Table) -> Exists:
    """Whether the institution is named there for the recommendation `of`."""
    return exists().where(
        table.c.recommendation_id == bindparam("of"), table.c.institution == institution.c.code
    )


_addressed = _in(recommendation_institution).where(
    recommendation.c.id == recommendation_institution.c.recommendation_id,
    recommendation.c.registered_at.is_not(None),
)
_begun = _in(follow_up)
_CHOICES: Final = select(
    institution.c.code,
    institution.c.short_name,
    institution.c.valid_to.is_(None),
    or_(_addressed, _in(comment)),
    _begun,
    _begun.where(follow_up.c.status.not_in(ENDED)),
    _in(recommendation_institution).where(
        recommendation_institution.c.role == "information",
        recommendation_institution.c.taken_out_at.is_(None),
    ),
).order_by(institution.c.short_name)


_calendar = Hot(
    select(calendar.c.code, calendar.c.edition)
    .join(institution, institution.c.calendar_code == calendar.c.code)
    .where(institution.c.code == bindparam("code"))
)


def calendar_edition(connection: Connection, code: str) -> tuple[str, UUID] | None:
    """Code and edition of an institution's calendar. One statement by key, in every step that
    counts days."""
    found = _calendar.one(connection, {"code": code})
    return (found[0], found[1]) if found else None


def calendar_editions(
    connection: Connection, codes: Collection[str | None], common: str
) -> dict[str | None, tuple[str, UUID]]:
    """Institution -> code and edition of its calendar; None: those of the calendar `common`."""
    own = (
        select(institution.c.code.label("institution"), calendar.c.code, calendar.c.edition)
        .join(calendar, calendar.c.code == institution.c.calendar_code)
        .where(institution.c.code.in_([code for code in codes if code is not None]))
    )
    every = select(cast(null(), String), calendar.c.code, calendar.c.edition)
    rows = connection.execute(union_all(own, every.where(calendar.c.code == common)))
    return {row[0]: (row[1], row[2]) for row in rows}
