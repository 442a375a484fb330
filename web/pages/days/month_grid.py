"""A year of a working calendar as months.

Owns the layout of days in weeks from Monday on. Pure: days and calendar are parameters.
`engine.time.calendar` decides which days count; an administrator wrote the reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.time.calendar import SATURDAY, Calendar
from processes.storage.days.calendars import NamedDay

WEEK = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One day. `kind`: working, weekend, holiday or joint_leave; `named`: its text, also for a day
    that was taken back."""

    day: date
    kind: str
    named: NamedDay | None


@dataclass(frozen=True, slots=True)
class Month:
    """`weeks` from Monday to Sunday, None outside the month; `named` in order; working days."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]
    named: Sequence[NamedDay]
    working_days: int


def months_of(year: int, named: Sequence[NamedDay], calendar: Calendar) -> list[Month]:
    """The twelve months of a year; `named`: its named days."""
    by_day = {one.day: one for one in named}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    inside = (day for day in days if day.year == year)
    return [
        _month(list(found), by_day, calendar)
        for _, found in groupby(inside, key=lambda day: day.month)
    ]


def _month(days: Sequence[date], named: Mapping[date, NamedDay], calendar: Calendar) -> Month:
    cells = [Cell(day, _kind(day, named.get(day)), named.get(day)) for day in days]
    before: list[Cell | None] = [None] * days[0].weekday()
    after: list[Cell | None] = [None] * (-(len(before) + len(cells)) % WEEK)
    line = [*before, *cells, *after]
    return Month(
        days[0],
        [line[start : start + WEEK] for start in range(0, len(line), WEEK)],
        [named[day] for day in days if day in named],
        sum(calendar.is_working(day) for day in days),
    )


def _kind(day: date, named: NamedDay | None) -> str:
    if named is not None and named.kind != "working":
        return named.kind
    return "weekend" if day.weekday() >= SATURDAY else "working"
