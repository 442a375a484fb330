"""Working calendars: which days an institution works, and who may change that.

Owns the common calendar, the own ones of those who set their own days, and the `Calendar` a case
counts with. Must not know how days are counted (`engine.calendar`) or which deadlines a change
moves (`processes.calendar_changes`). A day is never removed: it is taken back as a working day,
with the decree that did so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.calendar import DEFAULT_ZONE, SATURDAY, Calendar
from engine.errors import BadInput, NotFound
from engine.invisible import is_blank
from engine.words import Sentence, say
from processes import audit
from processes.access import Scope, may
from processes.storage import calendars as table
from processes.storage import institutions
from processes.storage.calendars import DAY_KINDS, NamedDay
from processes.storage.settings import read_setting, write_setting

ZONE: Final = "time_zone"
"""Setting: what the operator chose, kept where every process on the database reads it."""
COMMON: Final = "common"
"""Code of the calendar of the yearly joint decree, the default of every institution."""

# What was built from one edition stays right for ever: a change makes a new edition, a random
# value that no other database has. So processes and threads share nothing but this.
_built: dict[UUID, Calendar] = {}


def calendar_of(connection: Connection, institution_code: str) -> Calendar:
    """The calendar of an institution; the common one for an unknown code. One question by key."""
    found = institutions.calendar_edition(connection, institution_code)
    return calendar_of_edition(connection, *found) if found else common_calendar(connection)


def calendars_of(
    connection: Connection, institution_codes: Collection[str | None]
) -> Mapping[str | None, Calendar]:
    """The calendar of each of these institutions, the common one for None and for unknown codes:
    one question for all."""
    found = institutions.calendar_editions(connection, institution_codes, COMMON)
    if None not in found:
        raise table.no_calendars()
    return {
        code: calendar_of_edition(connection, *found.get(code, found[None]))
        for code in {None, *institution_codes}
    }


def common_calendar(connection: Connection) -> Calendar:
    """The calendar of the coordinating ministry. One question by key."""
    return calendar_of_edition(connection, COMMON, table.edition_of(connection, COMMON))


def calendar_of_edition(connection: Connection, code: str, edition: UUID) -> Calendar:
    """The calendar `code` as its edition says, for whoever has read both already."""
    if edition not in _built:
        # The edition is read before the days: if a change is committed in between, the newer days
        # are kept under an edition that nobody will read again.
        _built[edition] = working_calendar(table.days_of(connection, code), zone_of(connection))
    return _built[edition]


def working_calendar(named: Iterable[NamedDay], zone: ZoneInfo = DEFAULT_ZONE) -> Calendar:
    """The calendar of these days: those taken back do not count as holidays."""
    return Calendar({row.day: row.name for row in named if row.kind != "working"}, zone=zone)


def zone_of(connection: Connection) -> ZoneInfo:
    """The zone in which a deadline ends at 24.00, the same for every calendar and process."""
    stored = read_setting(connection, ZONE)
    return ZoneInfo(stored) if stored else DEFAULT_ZONE


def keep_zone(connection: Connection, zone: ZoneInfo, *, now: datetime) -> None:
    """Let every process on this database count in that zone; nothing if it does already."""
    if zone_of(connection) != zone:
        write_setting(connection, ZONE, zone.key, "tindak", now)
        table.renew_editions(connection)


def calendars(connection: Connection, scope: Scope) -> dict[str, str]:
    """code -> name of every calendar."""
    may(scope, "read_calendar")
    return table.calendars(connection)


def days(connection: Connection, scope: Scope, code: str, year: int) -> list[NamedDay]:
    """The named days of one year, taken-back ones too, in order."""
    may(scope, "read_calendar")
    return table.days_of(connection, code, date(year, 1, 1), date(year, 12, 31))


def change_day(
    connection: Connection, scope: Scope, code: str, change: NamedDay, *, now: datetime
) -> None:
    """Name a day as holiday or joint leave, or take one back as a working day, citing the decree.

    Raises `BadInput` with the fields `day`, `name`, `kind`, `decree`; `NotFound`, `Forbidden`.
    """
    may(scope, "manage_calendar")
    check_change(connection, code, change)
    table.put_day(connection, code, change, scope.username, now)
    details = {"day": change.day.isoformat(), "kind": change.kind, "decree": change.decree}
    subject = f"calendar:{code}"
    audit.record(connection, scope.username, "change_day", subject, now=now, details=details)


def check_change(connection: Connection, code: str, change: NamedDay) -> None:
    """Raises as `change_day` does, but for rights."""
    if code not in table.calendars(connection):
        raise NotFound(say("There is no such calendar."))
    wrong: dict[str, Sentence] = {}
    if change.kind not in DAY_KINDS:
        wrong["kind"] = say("Choose one of the offered values.")
    if change.kind == "working" and change.day.weekday() >= SATURDAY:
        wrong["day"] = say("Saturdays and Sundays are never working days here.")
    if is_blank(change.name):
        wrong["name"] = say("Write the name of the day.")
    if is_blank(change.decree):
        wrong["decree"] = say("Cite the decree, for example its number and year.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
