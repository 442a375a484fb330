"""Moments as text, and the day of a moment in the calendar's zone.

Owns the one answer for every function, method, column and part of a date. A deadline is 24.00 of
its day (`EndOfDay`), so its day is not the day that has just begun.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.language.budget import Function
from engine.language.errors import LanguageError
from engine.language.values import show
from engine.sentences.sentence import say
from engine.time.calendar import Calendar, EndOfDay

ANYWHERE = Calendar()
"""The zone without a step, as in a constant: that of an engine without a calendar."""
# ISO 8601-1:2019/Amd 1:2022, 5.3.2; Python reads it from 3.14 on, and then as the next day.
END_OF_DAY = re.compile(r"(\d{4}-\d\d-\d\d)[T ]24:00(?::00(?:\.0{1,6})?)?(Z|[+-]\d\d:?\d\d)?")
DATE_CHARACTERS = len("2026-12-31")


def read_date(text: str) -> date:
    """An ISO 8601 date without a time. Raises LanguageError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise LanguageError(
            say("{text} is not a date.", text=show(text)), say('Write "2026-12-31".')
        ) from error


def read_moment(text: str, zone: ZoneInfo | None = None) -> datetime | EndOfDay:
    """An ISO 8601 date with time and offset; `zone` is the zone of a text without an offset. Raises
    LanguageError, also for a text without an offset if no `zone` is given."""
    advice = say('Write "2026-12-31T09:00:00+07:00".')
    try:
        moment = _parsed(text)
    except (ValueError, OverflowError) as error:
        raise LanguageError(
            say("{text} is not a date with time.", text=show(text)), advice
        ) from error
    if isinstance(moment, datetime) and moment.tzinfo is None:
        if zone is not None:
            return moment.replace(tzinfo=zone)
        raise LanguageError(say("{text} does not say its zone.", text=show(text)), advice)
    return moment


def _parsed(text: str) -> datetime | EndOfDay:
    """Any ISO 8601 date with time; without an offset it stays naive. Raises ValueError, or
    OverflowError after the last possible day."""
    found = END_OF_DAY.fullmatch(text)
    if found is None:
        return datetime.fromisoformat(text)
    midnight = datetime.fromisoformat(f"{found[1]}T00:00:00{found[2] or ''}")
    return midnight if midnight.tzinfo is None else EndOfDay(midnight.date(), midnight.tzinfo)


def instant(value: object) -> object:
    """The moment of an end of day, other values unchanged: moments are compared by their time."""
    return value.moment if isinstance(value, EndOfDay) else value


def day_of(value: object, calendar: Calendar) -> date:
    """The date of a date, an aware date-time or ISO text, in the calendar's zone.

    A text without a zone has the date it says. Raises LanguageError.
    """
    found = _read_any(value) if isinstance(value, str) else value
    try:
        if isinstance(found, EndOfDay):
            return calendar.due_date_of(found.moment)
        if isinstance(found, datetime) and found.tzinfo is not None:
            return calendar.today(found)
    except OverflowError:
        found = None  # near the first or last possible day a zone may have no date for a moment
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    raise LanguageError(
        say("{value} is not a date.", value=show(value)),
        say('Give a date such as case.deadline, today() or "2026-12-31".'),
    )


def _read_any(text: str) -> date | EndOfDay:
    if text[DATE_CHARACTERS : DATE_CHARACTERS + 1] not in ("T", " "):
        return read_date(text)
    try:
        found = _parsed(text)
    except (ValueError, OverflowError):
        return read_date(text)  # it raises the error with the reason
    return found.date() if isinstance(found, datetime) and found.tzinfo is None else found


def day_in(functions: Mapping[str, Function], value: object) -> object:
    """The day of `value` where these functions can be called. Raises LanguageError."""
    function = functions.get("date")
    return function(value) if function else day_of(value, ANYWHERE)
