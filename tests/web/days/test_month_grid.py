"""A year of a working calendar laid out as months."""

from __future__ import annotations

from datetime import date

import pytest

from engine.time.calendar import Calendar
from processes.days.calendars import working_calendar
from processes.storage.days.calendars import NamedDay
from web.pages.days.month_grid import Month, months_of

HOLIDAY = NamedDay(date(2026, 3, 19), "Hari Suci Nyepi", "holiday", "SKB")
LEAVE = NamedDay(date(2026, 3, 18), "Cuti Bersama Nyepi", "joint_leave", "SKB")
TAKEN_BACK = NamedDay(date(2026, 3, 20), "Cuti Bersama Idul Fitri", "working", "SKB")
ON_SATURDAY = NamedDay(date(2026, 3, 21), "Idul Fitri", "holiday", "SKB")
NAMED = [LEAVE, HOLIDAY, TAKEN_BACK, ON_SATURDAY]


def march() -> Month:
    return months_of(2026, NAMED, working_calendar(NAMED))[2]


@pytest.mark.parametrize(("year", "days"), [(2026, 365), (2028, 366)])
def test_every_day_of_the_year_stands_once_under_its_weekday(year: int, days: int) -> None:
    months = months_of(year, [], Calendar())
    cells = [
        (place, cell.day)
        for month in months
        for week in month.weeks
        for place, cell in enumerate(week)
        if cell
    ]
    assert len(months) == 12
    assert [day for _, day in cells] == sorted({day for _, day in cells})
    assert len(cells) == days
    assert all(place == day.weekday() for place, day in cells)
    assert all(len(week) == 7 for month in months for week in month.weeks)


def test_a_day_says_why_it_does_not_count() -> None:
    kinds = {cell.day.day: cell.kind for week in march().weeks for cell in week if cell}
    assert [kinds[day] for day in range(17, 24)] == [
        "working", "joint_leave", "holiday", "working", "holiday", "weekend", "working",
    ]  # fmt: skip


def test_working_days_are_those_the_calendar_counts() -> None:
    assert march().working_days == 20
    assert [one.day.day for one in march().named] == [18, 19, 20, 21]
