"""Times of day, spans and dates as text and back, and arithmetic with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from engine.language import LanguageError, compile_expression
from engine.language.moments.days import ANYWHERE, day_of, read_moment
from engine.language.moments.periods import Duration
from engine.language.spans import Months, add_months, iso_text, moved, read_span, read_time
from engine.language.timers import is_bare, parse_cycle, parse_duration
from engine.sentences.errors import ModelError
from engine.time.calendar import EndOfDay
from tests.engine.decisions.test_formulas import worked_out

US = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(0), "PT0S"), (timedelta(days=1), "P1D"), (timedelta(hours=1), "PT1H"),
        (timedelta(minutes=1), "PT1M"), (timedelta(seconds=1), "PT1S"), (US, "PT0.000001S"),
        (timedelta(seconds=1.5), "PT1.5S"), (timedelta(days=3, hours=4, minutes=5, seconds=6),
                                             "P3DT4H5M6S"),
        (timedelta(days=1, seconds=10), "P1DT10S"), (-timedelta(hours=25), "-P1DT1H"),
        (-US, "-PT0.000001S"), (Months(0), "P0M"), (Months(1), "P1M"), (Months(12), "P1Y"),
        (Months(18), "P1Y6M"), (Months(-18), "-P1Y6M"), (Months(-1), "-P1M"), (time(9), "09:00:00"),
        (time(9, 0, 0, 500000), "09:00:00.500000"), (date(2026, 3, 17), "2026-03-17"),
        (datetime(2026, 3, 17, tzinfo=UTC), "2026-03-17T00:00:00+00:00"),
    ],
)  # fmt: skip
def test_a_time_is_written_as_short_as_iso_8601_allows(value: Any, text: str) -> None:
    assert iso_text(value) == text
    assert compile_expression("str(x)").evaluate({"x": value}) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1D", timedelta(days=1)), ("P999999D", timedelta(days=999_999)),
        ("PT9999999H", timedelta(hours=9_999_999)),
        ("PT999999999M", timedelta(minutes=999_999_999)),
        ("PT999999999S", timedelta(seconds=999_999_999)), ("PT0.123456S", 123_456 * US),
        ("-P1DT1H", -timedelta(hours=25)), ("P1DT2H3M4.5S",
                                            timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P0D", timedelta(0)), ("P1Y", Months(12)), ("P2M", Months(2)), ("P1Y2M", Months(14)),
        ("-P1Y2M", Months(-14)), ("P9999Y", Months(119_988)), ("P99999M", Months(99_999)),
    ],
)  # fmt: skip
def test_a_span_is_read_in_days_and_below_or_in_years_and_months(text: str, value: Any) -> None:
    assert read_span(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "P", "-P", "PT", "P1DT", "P1YT", "1D", "+P1D", "P1W", "P1M2D", "P1Y1D", "P1000000D",
     "PT10000000H", "PT1000000000M", "PT1000000000S", "PT0.1234567S", "P10000Y", "P100000M", "p1d",
     "P1D ", "P-1D", "P1.5D", "PT1,5S", "PT1S2H"],
)  # fmt: skip
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(LanguageError, match="is not a duration"):
        read_span(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("09:00", time(9)), ("T09:00", time(9)), ("09:00:01", time(9, 0, 1)),
     ("09:00:00.5", time(9, 0, 0, 500_000)), ("23:59:59.123456", time(23, 59, 59, 123_456))],
)  # fmt: skip
def test_a_time_of_day_is_read(text: str, value: time) -> None:
    assert read_time(text) == value


@pytest.mark.parametrize(
    "text", ["", "9:00", "09", "0900", "24:00", "09:60", "09:00:00.1234567", "09:00Z", " 09:00"]
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(LanguageError, match="is not a time of day"):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-17", 17), ("2026-03-17T23:00:00+07:00", 17), ("2026-03-17T17:00:00Z", 18),
        ("2026-03-17T24:00:00+07:00", 17), ("2026-03-17 24:00+07:00", 17),
        ("2026-03-17T24:00:00Z", 18), ("2026-03-17 23:00", 17), ("2026-03-17T24:00:00", 17),
    ],
)  # fmt: skip
def test_a_text_is_on_the_day_of_the_zone_and_without_one_on_the_day_it_says(
    text: str, day: int
) -> None:
    assert day_of(text, ANYWHERE) == date(2026, 3, day)


@pytest.mark.parametrize(
    "text",
    ["2026-03-17x23:00", "2026-03-1", "17-03-2026", "", "2026-03-17T24:01:00Z",
     "9999-12-31T24:00:00Z", "9999-12-31T23:00:00Z", "0001-01-01T00:00:00+14:00"],
)  # fmt: skip
def test_what_has_no_day_is_refused(text: str) -> None:
    with pytest.raises(LanguageError, match="is not a date"):
        day_of(text, ANYWHERE)


def test_a_moment_is_read_with_its_zone_and_24_oclock_as_the_end_of_its_day() -> None:
    assert read_moment("2026-03-17T07:00:00+07:00") == datetime(2026, 3, 17, tzinfo=UTC)
    ends = EndOfDay(date(2026, 3, 17), timezone(timedelta(hours=7)))
    assert read_moment("2026-03-17T24:00:00+07:00") == ends
    assert ends.moment == datetime(2026, 3, 17, 17, tzinfo=UTC)
    assert iso_text(ends) == str(ends) == "2026-03-17T24:00:00+07:00"
    for text in ("2026-03-17T24:00:00", "2026-03-17T25:00:00Z", "9999-12-31T24:00:00Z"):
        with pytest.raises(LanguageError):
            read_moment(text)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)), (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)), (date(2026, 5, 31), 1, date(2026, 6, 30)),
        (date(2026, 3, 17), 0, date(2026, 3, 17)), (date(2026, 3, 17), 12, date(2027, 3, 17)),
    ],
)  # fmt: skip
def test_months_later_is_the_same_day_or_the_last_of_that_month(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == moved(day, Months(months)) == later
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
    assert moved(at, Months(months)) == at.replace(
        year=later.year, month=later.month, day=later.day
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2026-03-31") + duration("P1M")', date(2026, 4, 30)),
        ('date("2026-03-31") - duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-17") - duration("P2D")', date(2026, 3, 15)),
        ('duration("P2D") + date("2026-03-17")', date(2026, 3, 19)),
        ('duration("P1D") - duration("PT1H")', timedelta(hours=23)),
        ('duration("P1Y") + duration("P1M")', Months(13)),
        ('duration("P1M") - duration("P1Y")', Months(-11)), ('duration("P3M") * 0.5', Months(1)),
        ('2 * duration("P1Y")', Months(24)), ('duration("PT1H") * 1.5', timedelta(minutes=90)),
        ('date("2026-03-17") - date("2026-03-18")', timedelta(days=-1)),
        ('date_and_time("2026-03-17T02:00:00Z") - date_and_time("2026-03-17T08:00:00+07:00")',
         timedelta(hours=1)),
        ('date("2026-03-17") - null', None), ('null - duration("P1D")', None),
    ],
)  # fmt: skip
def test_what_dates_and_spans_make_of_each_other(text: str, value: object) -> None:
    made = worked_out(text)
    assert (made, type(made)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ['duration("P1D") - date("2026-03-17")', 'duration("P1D") * true', 'duration("P1D") / 2',
     'duration("P1D") + 1', '1 - duration("P1D")', 'duration("P1D") * duration("P1D")',
     'duration("P1D") + duration("P1Y")', 'duration("P1D") - duration("P1Y")',
     'time("09:00") + duration("P1D")', 'date("2026-03-17") + date("2026-03-17")',
     'date("2026-03-17") * duration("P1D")', 'duration("P1Y") * "a"'],
)  # fmt: skip
def test_what_dates_and_spans_make_nothing_of_is_refused(text: str) -> None:
    with pytest.raises((LanguageError, ModelError), match="cannot be calculated"):
        worked_out(text)


# --- timers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1Y2M3W4DT5H6M7.5S", Duration(14, 25, timedelta(hours=5, minutes=6, seconds=7.5))),
        ("PT7,5S", Duration(exact=timedelta(seconds=7.5))), ("P2W", Duration(days=14)),
        ("P0D", Duration()), (" P1Y ", Duration(12)),
        ("PT1M", Duration(exact=timedelta(minutes=1))),
    ],
)  # fmt: skip
def test_a_duration_of_a_timer_keeps_months_days_and_time_apart(text: str, value: Duration) -> None:
    assert parse_duration(text) == value


def test_a_duration_moves_so_many_times_in_the_zone_of_its_moment() -> None:
    start = datetime(2026, 1, 31, 2, tzinfo=UTC)
    twice = Duration(1, 1, timedelta(hours=1)).add_to(start, times=2)
    assert twice == datetime(2026, 4, 2, 4, tzinfo=UTC)
    assert twice.tzinfo is UTC
    for is_zero, duration in ((True, Duration()), (False, Duration(1)), (False, Duration(days=1)),
                              (False, Duration(exact=US))):  # fmt: skip
        assert duration.is_zero is is_zero


def test_a_cycle_has_so_many_occurrences_from_its_start_or_from_when_it_is_armed() -> None:
    armed = datetime(2026, 3, 17, 2, tzinfo=UTC)
    free, fixed = parse_cycle("R2/P1D"), parse_cycle("R2/2026-03-20T00:00:00Z/P1D")
    days = [armed + timedelta(days=n) for n in (1, 2)]
    assert [free.occurrence(n, armed) for n in range(3)] == [*days, None]
    first = datetime(2026, 3, 20, tzinfo=UTC)
    assert [fixed.occurrence(n, armed) for n in range(3)] == [
        first, first + timedelta(days=1), None,
    ]  # fmt: skip
    at = [(free.first_after(day, armed), free.missed(0, day, armed)) for day in (armed, *days)]
    assert at == [(0, 0), (1, 1), (2, 2)]
    assert (free.missed(1, days[1], armed), free.missed(3, days[0], armed)) == (1, 0)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("P1D", True), ("PT1H", True), (" P1D ", True), ("P", True), ("-P1D", True), ("+PT1S", True),
     ("R3/PT1H", True), ("R/P1D", True), ("R-1/P1D", True), ("R", True), ("R5", True),
     ("2026-12-01", True), ("20261201", True), ("0 0 9 * * ?", True), ("0 9 * * MON", True),
     ("0 9 * MON", False),
     ("0 9 1 1 *", True), ("Period", False), ("PAID", False), ("R2D2", False), ("2026", False),
     ("days(3, today())", False), ("${P1D}", False), ("P1D ${x}", False), ('"P1D"', False),
     ("case.deadline", False), ("1 + 2", False)],
)  # fmt: skip
def test_a_text_that_begins_as_a_time_is_meant_as_one(text: str, bare: bool) -> None:
    assert is_bare(text) is bare
