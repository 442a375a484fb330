"""Working calendars: which days an institution works, and what a change of them would move.

Owns the common calendar, the own ones of those who set their own days, and the `Calendar` a case
counts with. Must not know how days are counted (`engine.calendar`) or drawn. A day is never
removed: it is taken back as a working day, with the decree that did so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.calendar import SATURDAY, Calendar
from engine.errors import BadInput, NotFound
from engine.words import Sentence, say
from processes import audit
from processes.access import Scope, may
from processes.storage import calendars as table
from processes.storage import institutions
from processes.storage.calendars import DAY_KINDS, NamedDay
from processes.storage.open_deadlines import OpenDeadline, open_deadlines

COMMON: Final = "common"
"""Code of the calendar of the yearly joint decree, the default of every institution."""

# What was built from one edition stays right for ever: a change makes a new edition, a random
# value that no other database has. So processes and threads share nothing but this.
_built: dict[UUID, Calendar] = {}


def calendar_of(connection: Connection, institution_code: str) -> Calendar:
    """The calendar of an institution; the common one for an unknown code. One question by key."""
    found = institutions.calendar_edition(connection, institution_code)
    return _calendar(connection, *found) if found else common_calendar(connection)


def common_calendar(connection: Connection) -> Calendar:
    """The calendar of the coordinating ministry. One question by key."""
    return _calendar(connection, COMMON, table.edition_of(connection, COMMON))


def _calendar(connection: Connection, code: str, edition: UUID) -> Calendar:
    if edition not in _built:
        # Read before the edition could change under us: the days belong to this transaction, and
        # so does the edition. A change not yet committed is never remembered under an old name.
        _built[edition] = Calendar(_holidays(table.days_of(connection, code)))
    return _built[edition]


def _holidays(days: list[NamedDay]) -> dict[date, str]:
    return {row.day: row.name for row in days if row.kind != "working"}


def calendars(connection: Connection, scope: Scope) -> dict[str, str]:
    """code -> name of every calendar."""
    may(scope, "read_calendar")
    return table.calendars(connection)


def days(connection: Connection, scope: Scope, code: str, year: int) -> list[NamedDay]:
    """The named days of one year, taken-back ones too, in order."""
    may(scope, "read_calendar")
    return table.days_of(connection, code, date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """An open deadline that a change of a calendar would move, as dates in its zone."""

    task: OpenDeadline
    due: date
    would_be: date


CountsWorkingDays = Callable[[UUID, str], bool]
"""(definition id, element id) -> whether that task's deadline is counted in working days; a date
somebody set does not move with the calendar. Whoever knows the models answers."""


def moved_deadlines(
    connection: Connection,
    scope: Scope,
    code: str,
    change: NamedDay,
    counts_working_days: CountsWorkingDays,
) -> list[MovedDeadline]:
    """Which open deadlines would move if `change` were made; nothing is changed.

    Reads every open task of the calendar's cases that is due on that day or later.
    """
    may(scope, "manage_calendar")
    _check(connection, code, change)
    named = {row.day: row for row in table.days_of(connection, code)}
    before = Calendar(_holidays(list(named.values())))
    after = Calendar(_holidays(list({**named, change.day: change}.values())))
    if before.is_working(change.day) == after.is_working(change.day):
        return []
    start = before.moment(change.day, datetime.min.time())
    found = open_deadlines(connection, code, also_recommendations=code == COMMON, after=start)
    moved = [
        _moved(task, before, after)
        for task in found
        if counts_working_days(task.definition_id, task.element_id)
    ]
    return [one for one in moved if one.due != one.would_be]


def _moved(task: OpenDeadline, before: Calendar, after: Calendar) -> MovedDeadline:
    """The same number of working days from the same start, counted in the other calendar."""
    start, due = before.today(task.created_at), before.due_date_of(task.due_at)
    length = before.overdue(start, due)
    return MovedDeadline(task, due, after.add(start, length) if length > 0 else due)


def change_day(
    connection: Connection, scope: Scope, code: str, change: NamedDay, *, now: datetime
) -> None:
    """Name a day as holiday or joint leave, or take one back as a working day, citing the decree.

    Raises `BadInput` with the fields `day`, `name`, `kind`, `decree`; `NotFound`, `Forbidden`.
    """
    may(scope, "manage_calendar")
    _check(connection, code, change)
    table.put_day(connection, code, change, scope.username, now)
    details = {"day": change.day.isoformat(), "kind": change.kind, "decree": change.decree}
    subject = f"calendar:{code}"
    audit.record(connection, scope.username, "change_day", subject, now=now, details=details)


def _check(connection: Connection, code: str, change: NamedDay) -> None:
    if code not in table.calendars(connection):
        raise NotFound(say("There is no such calendar."))
    wrong: dict[str, Sentence] = {}
    if change.kind not in DAY_KINDS:
        wrong["kind"] = say("Choose one of the offered values.")
    if change.kind == "working" and change.day.weekday() >= SATURDAY:
        wrong["day"] = say("Saturdays and Sundays are never working days here.")
    if not change.name.strip():
        wrong["name"] = say("Write the name of the day.")
    if not change.decree.strip():
        wrong["decree"] = say("Cite the decree, for example its number and year.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
