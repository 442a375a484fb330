"""Working calendars: the working days of institutions.

Owns the common calendar, the calendars of institutions that set their own days, and the `Calendar`
of a case. Must not know how days are counted (`engine.time.calendar`) or how they are changed
(`processes.work.calendar_changes`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence
from engine.time.calendar import DEFAULT_ZONE, Calendar
from processes.rights.access import Scope, may
from processes.storage.days import calendars as table
from processes.storage.days.calendars import NamedDay
from processes.storage.operation.settings import read_setting
from processes.storage.people import institutions

ZONE: Final = "time_zone"
"""Setting: the operator's choice, stored where every process on the database reads it."""
COMMON: Final = "common"
"""Code of the calendar of the yearly joint decree, the default of every institution."""

# A calendar built from one edition stays right for ever, because a change makes a new edition: a
# random value that no other database has. So processes and threads share only this cache.
_built: dict[UUID, Calendar] = {}


def calendar_of(connection: Connection, institution_code: str) -> Calendar:
    """The calendar of an institution; the common one for an unknown code. One statement by key."""
    found = institutions.calendar_edition(connection, institution_code)
    return calendar_of_edition(connection, *found) if found else common_calendar(connection)


def calendars_of(
    connection: Connection, institution_codes: Collection[str | None]
) -> Mapping[str | None, Calendar]:
    """The calendar of each of these institutions, the common one for None and for unknown codes:
    one statement for all."""
    found = institutions.calendar_editions(connection, institution_codes, COMMON)
    if None not in found:
        raise table.no_calendars()
    return {
        code: calendar_of_edition(connection, *found.get(code, found[None]))
        for code in {None, *institution_codes}
    }


def common_calendar(connection: Connection) -> Calendar:
    """The calendar of the coordinating ministry. One statement by key."""
    return calendar_of_edition(connection, COMMON, table.edition_of(connection, COMMON))


def calendar_of_edition(connection: Connection, code: str, edition: UUID) -> Calendar:
    """The calendar `code` in this edition, for a caller that has read both."""
    if edition not in _built:
        # The edition is read before the days: if a change is committed in between, the newer days
        # are cached under an edition that no caller will use again.
        _built[edition] = working_calendar(table.days_of(connection, code), zone_of(connection))
    return _built[edition]


def working_calendar(named: Iterable[NamedDay], zone: ZoneInfo = DEFAULT_ZONE) -> Calendar:
    """The calendar of these days; days taken back do not count as holidays."""
    return Calendar({row.day: row.name for row in named if row.kind != "working"}, zone=zone)


def zone_of(connection: Connection) -> ZoneInfo:
    """The zone in which a deadline ends at 24.00, the same for every calendar and process."""
    stored = read_setting(connection, ZONE)
    return ZoneInfo(stored) if stored else DEFAULT_ZONE


def calendars(connection: Connection, scope: Scope) -> dict[str, str]:
    """code -> name of every calendar."""
    may(scope, "read_calendar")
    return table.calendars(connection)


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day on which nobody works, as somebody chose it for a deadline: what it is, and the working
    days around it that are offered instead."""

    reason: Sentence
    before: date
    after: date


def free_day(calendar: Calendar, day: date, today: date) -> FreeDay | None:
    """The free day that lies ahead; None for a working day and for one that is past, which is no
    deadline any more."""
    reason = calendar.why_free(day)
    if reason is None or day <= today:
        return None
    return FreeDay(reason, calendar.add(day, -1), calendar.next_working(day))


def days(connection: Connection, scope: Scope, code: str, year: int) -> list[NamedDay]:
    """The named days of one year, taken-back ones too, in order."""
    may(scope, "read_calendar")
    return table.days_of(connection, code, date(year, 1, 1), date(year, 12, 31))
