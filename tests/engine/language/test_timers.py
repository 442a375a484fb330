"""Timers in the form of drawing tools: bare ISO 8601, or an expression that gives a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import LanguageError
from engine.language.moments.periods import Cycle, Duration
from engine.language.spans import Months
from engine.language.timers import (
    compile_timer,
    deadline_value,
    parse_cycle,
    parse_duration,
    parse_timer_text,
    timer_value,
)
from engine.time.calendar import DEFAULT_ZONE

Kind = Literal["date", "duration", "cycle"]
START = datetime(2026, 1, 31, 2, 0, tzinfo=UTC)
"""09.00 of 31 January in Jakarta."""


def jakarta(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=DEFAULT_ZONE)  # type: ignore[misc,arg-type]  # year to minute


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("PT0S", jakarta(2026, 1, 31, 9)),
        ("P14D", jakarta(2026, 2, 14, 9)),
        ("P2W", jakarta(2026, 2, 14, 9)),
        ("PT36H", jakarta(2026, 2, 1, 21)),
        ("P1M", jakarta(2026, 2, 28, 9)),
        ("P1Y1M", jakarta(2027, 2, 28, 9)),
        ("P25M", jakarta(2028, 2, 29, 9)),
        ("P1MT10M", jakarta(2026, 2, 28, 9, 10)),
        ("P11M", jakarta(2026, 12, 31, 9)),
    ],
)
def test_a_duration_moves_on_the_calendar(text: str, moved: datetime) -> None:
    assert parse_duration(text).add_to(START) == moved


def test_months_are_those_of_the_calendars_zone() -> None:
    late = datetime(2026, 1, 31, 20, 0, tzinfo=UTC)  # already 1 February in Jakarta
    assert parse_duration("P1M").add_to(late) == datetime(2026, 2, 28, 20, 0, tzinfo=UTC)
    assert parse_duration("P1M").add_to(late, ZoneInfo("UTC")) == datetime(
        2026, 2, 28, 20, 0, tzinfo=UTC
    )
    early = datetime(2026, 3, 30, 20, 0, tzinfo=UTC)  # 31 March in Jakarta
    assert parse_duration("P1M").add_to(early) == datetime(2026, 4, 29, 20, 0, tzinfo=UTC)


def test_hours_are_exact_where_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=berlin)
    assert parse_duration("PT24H").add_to(before, berlin).hour == 13
    assert parse_duration("P1D").add_to(before, berlin).hour == 12


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("duration", "P14D", Duration(days=14)),
        ("duration", " PT1.5S ", Duration(exact=timedelta(seconds=1.5))),
        ("cycle", "R3/PT10H", Cycle(3, None, Duration(exact=timedelta(hours=10)))),
        ("cycle", "R/P1D", Cycle(None, None, Duration(days=1))),
        (
            "cycle",
            "R5/2026-01-31T09:00:00+07:00/P1M",
            Cycle(5, jakarta(2026, 1, 31, 9), Duration(months=1)),
        ),
        ("date", "2026-12-01T09:00:00+07:00", jakarta(2026, 12, 1, 9)),
        ("date", "2026-12-01T02:00:00Z", jakarta(2026, 12, 1, 9)),
        ("date", "2026-12-01T09:00:00", jakarta(2026, 12, 1, 9)),
        ("date", "2026-12-01", jakarta(2026, 12, 2)),
        ("date", "PT10M", Duration(exact=timedelta(minutes=10))),
    ],
)
def test_bare_texts_of_the_drawing_tools_are_read(kind: Kind, text: str, value: object) -> None:
    assert parse_timer_text(kind, text) == value
    assert compile_timer(kind, text).is_constant


@pytest.mark.parametrize(
    ("kind", "text", "advice"),
    [
        ("duration", "14D", "P14D"),
        ("duration", "P", "P14D"),
        ("duration", "PT", "P14D"),
        ("duration", "P1DT", "P14D"),
        ("duration", "-P1D", "P14D"),
        ("duration", "P99999999999D", "P14D"),
        ("cycle", "P1D", "R/P1D"),
        ("cycle", "R/", "R/P1D"),
        ("cycle", "R0/P1D", "R/P1D"),
        ("cycle", "R3/PT0S", "R/P1D"),
        ("cycle", "R-1/P1D", "R/P1D"),
        ("cycle", "R3/P1D/2026-12-01T09:00:00+07:00", "R/P1D"),
        ("cycle", "R3/2026-12-01T09:00:00/P1D", "+07:00"),
        ("cycle", "0 61 9 * * ?", "MON-FRI"),
        ("date", "2026-13-01", "2026-12-01"),
        ("date", "P14", "P14D"),
        ("duration", "PT20s", "P14D"),
        ("date", "besok pagi", "${case.deadline}"),
    ],
)
def test_a_text_that_is_no_time_is_refused_when_compiled(
    kind: Kind, text: str, advice: str
) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_timer(kind, text)
    assert advice in str(caught.value.advice)


def test_an_expression_in_quotes_is_read_like_a_bare_text() -> None:
    assert timer_value("duration", compile_timer("duration", '"P14D"').evaluate({})) == Duration(
        days=14
    )
    with pytest.raises(LanguageError):
        compile_timer("duration", '"14 days"')


def test_an_expression_may_give_a_date_a_moment_a_text_or_nothing() -> None:
    assert timer_value("date", date(2026, 12, 1)) == jakarta(2026, 12, 2)
    assert timer_value("cycle", START) == START
    assert timer_value("date", "2026-12-01") == jakarta(2026, 12, 2)
    assert timer_value("cycle", None) is None
    for useless in (5, True, START.replace(tzinfo=None), ["P1D"]):
        with pytest.raises(LanguageError):
            timer_value("date", useless)


@pytest.mark.parametrize(
    ("span", "duration"),
    [
        (timedelta(days=3), Duration(days=3)),
        (timedelta(hours=30), Duration(days=1, exact=timedelta(hours=6))),
        (timedelta(0), Duration()),
        (Months(18), Duration(months=18)),
    ],
)
def test_a_timer_takes_what_is_a_duration_already(span: object, duration: Duration) -> None:
    assert timer_value("duration", span) == deadline_value(span) == duration
    for kind in ("date", "cycle"):
        with pytest.raises(LanguageError):
            timer_value(kind, span)


@pytest.mark.parametrize("span", [-timedelta(days=1), -timedelta(microseconds=1), Months(-1)])
def test_a_duration_that_leads_back_is_none_that_a_timer_waits_for(span: object) -> None:
    with pytest.raises(LanguageError, match="is not a duration"):
        timer_value("duration", span)


def test_a_deadline_is_a_date_a_moment_or_counts_from_the_opening() -> None:
    assert deadline_value("2026-12-01") == deadline_value(date(2026, 12, 1)) == jakarta(2026, 12, 2)
    assert deadline_value("2026-12-01T09:00:00+07:00") == jakarta(2026, 12, 1, 9)
    assert deadline_value("P2D") == Duration(days=2)
    assert deadline_value(None) is None
    for useless in ("soon", "R3/P1D", "-P2D", 5, ["P2D"]):
        with pytest.raises(LanguageError):
            deadline_value(useless)


def test_a_date_is_met_until_24_oclock_of_the_zone() -> None:
    assert timer_value("date", date(2026, 12, 1), ZoneInfo("UTC")) == datetime(
        2026, 12, 2, tzinfo=UTC
    )


def test_a_cycle_without_start_begins_one_period_after_it_is_armed() -> None:
    cycle = parse_cycle("R2/PT10H")
    assert [cycle.occurrence(n, START) for n in range(3)] == [
        START + timedelta(hours=10),
        START + timedelta(hours=20),
        None,
    ]


def test_a_cycle_with_start_begins_at_its_start_and_does_not_drift() -> None:
    cycle = parse_cycle("R/2026-01-31T09:00:00+07:00/P1M")
    assert [cycle.occurrence(n, START) for n in range(3)] == [
        jakarta(2026, 1, 31, 9),
        jakarta(2026, 2, 28, 9),
        jakarta(2026, 3, 31, 9),
    ]


def test_fifty_hours_of_downtime_are_fifty_missed_rounds_of_one_timer() -> None:
    cycle = parse_cycle("R/PT1H")
    now = START + timedelta(hours=50, minutes=10)
    assert cycle.missed(0, now, START) == 50
    assert cycle.occurrence(cycle.first_after(now, START), START) == START + timedelta(hours=51)


def test_a_bounded_cycle_misses_no_more_than_it_has() -> None:
    cycle = parse_cycle("R3/PT1H")
    assert cycle.missed(1, START + timedelta(days=9), START) == 2


def test_a_year_of_seconds_is_counted_at_once() -> None:
    cycle = parse_cycle("R/PT1S")
    assert cycle.missed(0, START + timedelta(days=365), START) == 365 * 86_400


def test_a_cycle_that_leaves_the_calendar_has_no_later_round() -> None:
    cycle = parse_cycle("R/P4000Y")
    assert cycle.first_after(START + timedelta(days=365 * 3000), START) == 0
    assert cycle.first_after(datetime(9999, 1, 1, tzinfo=UTC), START) == 1


@given(
    st.integers(0, 30),
    st.integers(0, 40),
    st.integers(0, 5000),
    st.integers(0, 400),
)
def test_the_next_round_is_the_first_one_later_than_now(
    months: int, day_count: int, minutes: int, elapsed_days: int
) -> None:
    period = Duration(months, day_count, timedelta(minutes=minutes))
    if period.is_zero or (not months and not day_count and minutes < 30):
        return
    cycle = Cycle(None, None, period)
    now = START + timedelta(days=elapsed_days)
    number = cycle.first_after(now, START)
    due = cycle.occurrence(number, START)
    assert due is not None and due > now
    if number:
        before = cycle.occurrence(number - 1, START)
        assert before is not None and before <= now


@given(st.text(alphabet="PTRYMWDHS/0123456789-:.+Z ", max_size=30))
def test_any_text_is_a_time_or_a_sentence(text: str) -> None:
    for kind in ("date", "duration", "cycle"):
        try:
            parse_timer_text(kind, text)
        except LanguageError as error:
            assert error.line == 1 and str(error.advice)
