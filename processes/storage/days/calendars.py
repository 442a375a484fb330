"""Tables of the working calendars: one common, and one for each institution that sets its own.

Owns the named days and their decrees. Must not know how days are counted (`engine.time.calendar`)
or who may change them (`processes.days.calendars`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import one_of
from processes.storage.upsert import insert_once, upsert

DAY_KINDS: Final = ("holiday", "joint_leave", "working")
"""`working` takes an earlier holiday back: the row stays, with the decree for it."""

calendar = Table(
    "calendar",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    # A new random value with every change. The days in a process's memory are valid exactly while
    # the edition is the same, for any database.
    Column("edition", ID, nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    # The primary key also serves days_of: one calendar's days in order.
    Column("calendar_code", ForeignKey("calendar.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", String(160), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("decree", String(200), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String(60), nullable=False),
    one_of("kind", DAY_KINDS),
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that is named in a calendar. `kind`: one of `DAY_KINDS`."""

    day: date
    name: str
    kind: str
    decree: str


def insert_calendar(connection: Connection, code: str, name: str) -> bool:
    """Store an empty calendar; False if it exists."""
    return insert_once(connection, calendar, {"code": code, "name": name, "edition": uuid4()})


def calendars(connection: Connection) -> dict[str, str]:
    """code -> name of every calendar."""
    found = connection.execute(select(calendar.c.code, calendar.c.name).order_by(calendar.c.code))
    return {row.code: row.name for row in found}


def days_of(
    connection: Connection, code: str, first: date = date.min, last: date = date.max
) -> list[NamedDay]:
    """The named days of a calendar from `first` to `last`, in order."""
    found = connection.execute(
        select(*[calendar_day.c[name] for name in NamedDay.__slots__])
        .where(calendar_day.c.calendar_code == code, calendar_day.c.day.between(first, last))
        .order_by(calendar_day.c.day)
    )
    return [NamedDay(*row) for row in found]


def put_day(connection: Connection, code: str, day: NamedDay, by: str, now: datetime) -> None:
    """Name a day, or change its facts; the calendar gets a new edition."""
    values = {
        "name": day.name,
        "kind": day.kind,
        "decree": day.decree,
        "added_at": now,
        "added_by": by,
    }
    upsert(connection, calendar_day, {"calendar_code": code, "day": day.day}, values)
    _new_edition(connection, code)


def add_days(
    connection: Connection, code: str, days: Sequence[NamedDay], by: str, now: datetime
) -> int:
    """Name those days that are not named yet; return their number."""
    known = {row.day for row in days_of(connection, code)}
    missing = [
        {name: getattr(row, name) for name in NamedDay.__slots__}
        | {"calendar_code": code, "added_at": now, "added_by": by}
        for row in days
        if row.day not in known
    ]
    if missing:
        connection.execute(insert(calendar_day), missing)
        _new_edition(connection, code)
    return len(missing)


_edition = Hot(select(calendar.c.edition).where(calendar.c.code == bindparam("code")))


def edition_of(connection: Connection, code: str) -> UUID:
    """The present edition of a calendar, which must exist."""
    found = _edition.one(connection, {"code": code})
    if found is None:
        raise no_calendars()
    edition: UUID = found[0]
    return edition


def no_calendars() -> Unavailable:
    """The error for a database without calendars."""
    return Unavailable(say("The register has no calendars yet: `tindak serve` fills it."))


def locked_edition(connection: Connection, code: str) -> UUID:
    """The same, with the calendar locked until the transaction ends."""
    edition: UUID = connection.execute(
        select(calendar.c.edition).where(calendar.c.code == code).with_for_update()
    ).scalar_one()
    return edition


def renew_editions(connection: Connection) -> None:
    """Give every calendar a new edition, because all of them count differently from now on."""
    for code in calendars(connection):
        _new_edition(connection, code)


def _new_edition(connection: Connection, code: str) -> None:
    connection.execute(update(calendar).where(calendar.c.code == code).values(edition=uuid4()))
