"""Times of day, and spans of time: days and below are exact, years and months follow the calendar.

All are written and stored as ISO 8601 text (`09:00:00`, `P3DT4H`, `P1Y6M`). The two kinds of span
cannot be compared or added, because a month has no fixed number of days (DMN 1.3, 10.3.2.3.7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.language.errors import LanguageError
from engine.sentences.sentence import say
from engine.time.calendar import EndOfDay

TIME = re.compile(r"T?(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)")
DAYS = re.compile(
    r"(?P<sign>-?)P(?=\d|T\d)(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
MONTHS = re.compile(r"(?P<sign>-?)P(?=\d)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?")


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A span of years and months."""

    count: int

    def __add__(self, other: Months) -> Months:
        return Months(self.count + other.count)

    def __sub__(self, other: Months) -> Months:
        return Months(self.count - other.count)

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        parts = f"{years}Y" * bool(years) + f"{months}M" * bool(months)
        return ("-" if self.count < 0 else "") + "P" + (parts or "0M")


Span = timedelta | Months
TIMES = frozenset({date, datetime, EndOfDay, time, timedelta, Months})
"""Kinds of value without a JSON form, stored as ISO text."""


def read_time(text: str) -> time:
    """A time of day. Raises LanguageError, also for a time with a zone, which has no order within a
    day."""
    found = TIME.fullmatch(text)
    try:
        return time.fromisoformat(found[1] if found else "")
    except ValueError as error:
        raise LanguageError(
            say("{text} is not a time of day.", text=text[:40]), say('Write "09:00:00".')
        ) from error


def read_span(text: str) -> Span:
    """A span of days and below, or one of years and months. Raises LanguageError."""
    if found := DAYS.fullmatch(text):
        parts = {name: float(found[name] or 0) for name in ("hours", "minutes", "seconds")}
        span = timedelta(days=int(found["days"] or 0), **parts)
        return -span if found["sign"] else span
    if found := MONTHS.fullmatch(text):
        count = 12 * int(found["years"] or 0) + int(found["months"] or 0)
        return Months(-count if found["sign"] else count)
    raise LanguageError(
        say("{text} is not a duration.", text=text[:40]),
        say('Write days and hours such as "P3DT4H", or years and months such as "P1Y6M".'),
    )


def iso_text(value: object) -> str:
    """A time or span as ISO 8601 text."""
    if isinstance(value, timedelta):
        return _iso_days(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _iso_days(span: timedelta) -> str:
    size = abs(span)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{size.days}D" * bool(size.days)
    whole = days + (f"T{clock}" if clock else "") or "T0S"
    return ("-" if span < timedelta(0) else "") + "P" + whole


def add_months(day: date, months: int) -> date:
    """The same day `months` later; if that month lacks the day, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    # 28 days and 4 are always in the following month.
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


def moved(moment: date | EndOfDay, span: Span) -> date | EndOfDay:
    """A date or date with time, later by a span; 24.00 of a day moved by whole days is 24.00 again.

    Raises LanguageError beyond the year 9999.
    """
    try:
        if isinstance(moment, EndOfDay):
            if isinstance(span, Months) or not span % timedelta(days=1):
                return EndOfDay(_moved(moment.day, span), moment.zone)
            moment = moment.moment
        return _moved(moment, span)
    except (OverflowError, ValueError) as error:
        raise LanguageError(
            say("The date is out of range."), say("Use dates between the years 1 and 9999.")
        ) from error


def _moved(moment: date, span: Span) -> date:
    if isinstance(span, timedelta):
        return moment + span
    day = add_months(moment, span.count)
    return moment.replace(year=day.year, month=day.month, day=day.day)
