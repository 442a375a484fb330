"""Working days: the vector of the joint decree of 2026, and the rules for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.time.calendar import DEFAULT_ZONE, Calendar, Timing

INDONESIA = Calendar(
    holidays.Indonesia(categories=("public", "government"), language="id", years=range(2025, 2028))
)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (6, 7, 8, 9))

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    Calendar,
    st.dictionaries(days, st.just("libur"), max_size=40),
    st.sets(st.integers(0, 6), max_size=6),
)


@st.composite
def calendars_with_working_day(draw: st.DrawFn) -> tuple[Calendar, date]:
    calendar = draw(calendars)
    return calendar, calendar.next_working(draw(days))


def test_three_working_days_from_17_march_2026_end_on_the_27th() -> None:
    assert INDONESIA.add(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_a_count_says_why_each_free_day_does_not_count() -> None:
    counted = INDONESIA.counted(date(2026, 3, 17), 3)
    assert [day.number for day in counted] == [None] * 7 + [1, 2, 3]
    assert str(counted[0].reason) == "Cuti Bersama Hari Suci Nyepi"
    assert counted[-1].day == date(2026, 3, 27) and counted[-1].reason is None


def test_a_weekend_is_given_as_the_reason() -> None:
    [saturday, *_] = INDONESIA.counted(FRIDAY, 1)
    assert str(saturday.reason) == "weekend"


def test_a_calendar_stays_as_it_was_made() -> None:
    holidays_given, weekend_given = {MONDAY: "libur"}, {5, 6}
    calendar = Calendar(holidays_given, weekend_given)
    holidays_given.clear()
    weekend_given.clear()
    assert [calendar.is_working(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        True, False, False, False,
    ]  # fmt: skip


def test_a_friday_deadline_is_one_day_late_on_monday_and_not_before() -> None:
    assert [INDONESIA.overdue(FRIDAY, day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        0, 0, 0, 1,
    ]  # fmt: skip


def test_before_the_deadline_overdue_is_negative() -> None:
    assert INDONESIA.overdue(FRIDAY, date(2026, 3, 3)) == -3


def test_a_deadline_on_joint_leave_leaves_only_the_days_that_can_be_worked() -> None:
    joint_leave = date(2026, 12, 24)
    assert INDONESIA.overdue(joint_leave, date(2026, 11, 29)) == -18
    around = [date(2026, 12, day) for day in (22, 23, 24, 27, 28)]
    assert [INDONESIA.overdue(joint_leave, day) for day in around] == [-1, 0, 0, 0, 1]


def test_before_on_and_after_a_free_due_day_no_working_day_is_left_and_the_side_is_told() -> None:
    told = [
        INDONESIA.timing(INDONESIA.end_of(SATURDAY), INDONESIA.moment(day, time(9)))
        for day in (date(2026, 3, 5), FRIDAY, SATURDAY, SUNDAY, MONDAY)
    ]
    assert told == [
        Timing(-1, "before"),
        Timing(0, "before"),
        Timing(0, "today"),
        Timing(0, "late"),
        Timing(1, "late"),
    ]


def test_a_deadline_at_a_time_of_day_has_passed_on_its_own_day() -> None:
    noon = INDONESIA.moment(FRIDAY, time(12))
    assert INDONESIA.timing(noon, noon - timedelta.resolution) == Timing(0, "today")
    assert INDONESIA.timing(noon, noon) == Timing(0, "late")


def test_the_days_that_are_counted_are_the_number_that_is_told_on_every_day_of_two_years() -> None:
    first, last = date(2026, 1, 1), date(2027, 12, 31)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for due in every[::3]:
        for today in every[max(0, every.index(due) - 45) : every.index(due) + 46]:
            counted = INDONESIA.counted_until(min(due, today), max(due, today))
            numbered = sum(one.number is not None for one in counted)
            assert abs(INDONESIA.overdue(due, today)) == numbered, (due, today)


def test_a_count_up_to_a_free_day_says_why_that_day_is_free() -> None:
    counted = INDONESIA.counted_until(date(2026, 12, 22), date(2026, 12, 24))
    assert [one.number for one in counted] == [1, None]
    assert "Cuti Bersama" in str(counted[-1].reason)
    assert INDONESIA.counted_until(MONDAY, FRIDAY) == []


def test_a_deadline_is_met_until_24_oclock_in_the_calendars_zone() -> None:
    due_at = INDONESIA.end_of(date(2026, 3, 27))
    assert due_at == datetime(2026, 3, 27, 17, 0, tzinfo=UTC)
    assert INDONESIA.due_date_of(due_at) == date(2026, 3, 27)


def test_today_is_the_date_in_the_calendars_zone() -> None:
    assert INDONESIA.today(datetime(2026, 3, 9, 17, 30, tzinfo=UTC)) == date(2026, 3, 10)


def test_a_moment_without_zone_has_no_today() -> None:
    with pytest.raises(ValueError, match="zone"):
        INDONESIA.today(datetime(2026, 3, 9))  # noqa: DTZ001  # what is refused


def test_a_week_without_working_day_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="working day"):
        Calendar(weekend=set(range(7)))


def test_later_changes_to_the_holidays_given_change_nothing() -> None:
    given_days = {MONDAY: "libur"}
    calendar = Calendar(given_days)
    given_days.clear()
    assert not calendar.is_working(MONDAY)


@given(calendars, days)
def test_adding_no_days_moves_nothing(calendar: Calendar, day: date) -> None:
    assert calendar.add(day, 0) == day


@given(calendars, days, st.integers(-60, 60).filter(bool))
def test_a_count_ends_on_a_working_day_on_its_side(calendar: Calendar, day: date, n: int) -> None:
    end = calendar.add(day, n)
    assert calendar.is_working(end)
    assert (end > day) is (n > 0)


@given(calendars_with_working_day(), st.integers(-60, 60))
def test_counting_forth_and_back_returns(start: tuple[Calendar, date], n: int) -> None:
    calendar, day = start
    assert calendar.add(calendar.add(day, n), -n) == day


@given(calendars_with_working_day(), st.integers(-60, 60))
def test_overdue_is_the_inverse_of_add(start: tuple[Calendar, date], n: int) -> None:
    calendar, due = start
    assert calendar.overdue(due, calendar.add(due, n)) == n


@given(calendars, days, st.integers(-60, 60), st.integers(0, 20))
def test_more_days_never_end_earlier(calendar: Calendar, day: date, n: int, more: int) -> None:
    assert calendar.add(day, n) <= calendar.add(day, n + more)


@given(calendars, days, st.integers(-60, 60))
def test_overdue_never_falls_from_one_day_to_the_next(
    calendar: Calendar, due: date, shift: int
) -> None:
    today = due + timedelta(days=shift)
    tomorrow = today + timedelta(days=1)
    step = calendar.overdue(due, tomorrow) - calendar.overdue(due, today)
    assert step == calendar.is_working(tomorrow)


@given(calendars, days, st.integers(-60, 60))
def test_every_deadline_has_a_working_day_at_each_distance(
    calendar: Calendar, due: date, n: int
) -> None:
    day = calendar.day_of(due, n)
    assert calendar.is_working(day)
    assert calendar.overdue(due, day) == n


@given(calendars, days, st.integers(-60, 60))
def test_the_counted_days_are_the_number_that_is_told(
    calendar: Calendar, due: date, shift: int
) -> None:
    today = due + timedelta(days=shift)
    counted = calendar.counted_until(min(due, today), max(due, today))
    timing = calendar.timing(calendar.end_of(due), calendar.moment(today, time(9)))
    assert [c.number for c in counted if c.number] == list(range(1, abs(timing.overdue) + 1))
    assert timing.when == ("today" if due == today else "before" if today < due else "late")


@given(calendars, days, st.integers(0, 30))
def test_the_numbers_of_a_count_end_with_n(calendar: Calendar, day: date, n: int) -> None:
    counted = calendar.counted(day, n)
    assert [c.number for c in counted if c.number] == list(range(1, n + 1))
    assert all((c.number is None) is (c.reason is not None) for c in counted)


@given(days, st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "Europe/Berlin"]))
def test_the_date_of_a_stored_deadline_comes_back(day: date, zone: str) -> None:
    calendar = Calendar(zone=ZoneInfo(zone))
    assert calendar.due_date_of(calendar.end_of(day)) == day
    assert calendar.due_date_of(calendar.moment(day, time(15, 30))) == day


def test_the_default_zone_is_jakarta() -> None:
    assert Calendar().zone == DEFAULT_ZONE == ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("day", [SATURDAY, SUNDAY])
def test_a_holiday_at_a_weekend_is_one_free_day_and_goes_by_its_name(day: date) -> None:
    calendar = Calendar({day: "Nyepi"})
    assert not calendar.is_working(day)
    assert calendar.add(FRIDAY, 1) == MONDAY, "it moves nothing"
    reasons = {one.day: str(one.reason) for one in calendar.counted(FRIDAY, 1) if one.reason}
    assert reasons == {SATURDAY: "weekend", SUNDAY: "weekend"} | {day: "Nyepi"}


def test_a_holiday_on_a_working_day_is_free_and_moves_what_is_counted_over_it() -> None:
    calendar = Calendar({MONDAY: "Nyepi"})
    assert not calendar.is_working(MONDAY)
    assert calendar.add(FRIDAY, 1) == calendar.next_working(FRIDAY) == MONDAY + timedelta(days=1)
    assert calendar.overdue(FRIDAY, MONDAY) == 0


def test_a_weekend_is_whatever_days_the_calendar_says() -> None:
    fridays = Calendar(weekend={4})
    assert [fridays.is_working(day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [False, True, True]
    assert [Calendar().is_working(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_six_days_of_weekend_leave_a_calendar_and_seven_do_not() -> None:
    assert Calendar(weekend=set(range(1, 7))).next_working(FRIDAY) == MONDAY
    with pytest.raises(ValueError, match="working day"):
        Calendar(weekend=set(range(8)))
