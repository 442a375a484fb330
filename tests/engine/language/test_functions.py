"""The functions of process owners, with the calendar of 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import LanguageError, Namespace, compile_expression
from engine.language.functions import FUNCTION_NAMES, days, owner_functions, period_end
from engine.time.calendar import Calendar

INDONESIA = Calendar(
    holidays.Indonesia(categories=("public", "government"), language="id", years=range(2025, 2028))
)
# 00.30 of 17 March in Jakarta, still the 16th in UTC.
NOW = datetime(2026, 3, 16, 17, 30, tzinfo=UTC)
NAMES = {
    "case": Namespace({"cycle": "month", "deadline": date(2026, 3, 30), "rework_deadline": None}),
    "task": Namespace({"created": NOW}),
}


def value_of(source: str, look: Callable[[str], datetime | None] | None = None) -> object:
    return compile_expression(source).evaluate(NAMES, owner_functions(NOW, INDONESIA, look))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("working_days(3, task.created)", date(2026, 3, 27)),
        ("working_days(3, '2026-03-17')", date(2026, 3, 27)),
        ("working_days(3, '2026-03-16T17:30:00Z')", date(2026, 3, 27)),
        ("working_days(3, '2026-03-17T09:00:00')", date(2026, 3, 27)),
        ("working_days(0, case.deadline)", date(2026, 3, 30)),
        ("working_days(-1, case.deadline)", date(2026, 3, 27)),
        ("days(30, task.created)", date(2026, 4, 16)),
        ("days(-17, today())", date(2026, 2, 28)),
        ("today()", date(2026, 3, 17)),
        ("now() == task.created", True),
        ("date(now())", date(2026, 3, 17)),
        ("min(period_end(case.cycle, task.created), case.deadline)", date(2026, 3, 30)),
        ("case.rework_deadline or case.deadline", date(2026, 3, 30)),
        ("period_end('quarter', '2026-01-05')", date(2026, 3, 31)),
        ("period_end('semester', '2026-06-29')", date(2026, 6, 30)),
        ("period_end('year', today())", date(2026, 12, 31)),
        ("period_end('month', '2026-12-31')", date(2027, 1, 31)),
        ("period_end(14, today())", date(2026, 3, 31)),
        ("period_end('14', today())", date(2026, 3, 31)),
    ],
)
def test_functions_give_dates_of_the_calendars_zone(source: str, value: object) -> None:
    assert value_of(source) == value


def test_next_look_asks_the_step() -> None:
    assert value_of("next_look('escalation')", lambda table: NOW) == NOW
    with pytest.raises(LanguageError, match="nothing to look at"):
        value_of("next_look('escalation')")


def test_the_names_told_to_deployment_checks_are_the_names_there_are() -> None:
    assert set(owner_functions(NOW, INDONESIA, None)) == FUNCTION_NAMES


@pytest.mark.parametrize(
    "source",
    [
        "working_days('3', today())",
        "working_days(1.5, today())",
        "working_days(true, today())",
        "working_days(10 ** 9, today())",
        "working_days(3, None)",
        "working_days(3)",
        "working_days(3, 'besok')",
        "days(3660, '9999-12-01')",
        "working_days(-9, '0001-01-02')",
        "period_end('month', '9999-12-31')",
        "period_end('week', today())",
        "period_end(0, today())",
        "period_end('\N{SUPERSCRIPT TWO}', today())",
        "days(1, 20260317)",
    ],
)
def test_what_is_no_date_or_count_is_refused_in_words(source: str) -> None:
    with pytest.raises(LanguageError):
        value_of(source)


@given(st.sampled_from(["month", "quarter", "semester", "year"]), st.dates(date(2000, 1, 1)))
def test_a_period_ends_after_its_start_at_the_end_of_a_month(cycle: str, start: date) -> None:
    if start >= date(9999, 1, 1):
        return
    end = period_end(cycle, start)
    assert end > start
    assert (end + timedelta(days=1)).day == 1


@given(st.integers(-3660, 3660), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_calendar_days_can_be_counted_back(n: int, start: date) -> None:
    assert days(-n, days(n, start)) == start


def test_counting_days_is_paid_for_by_the_day() -> None:
    assert value_of("[working_days(30, today()) for i in range(500)]")
    with pytest.raises(LanguageError, match="too many steps"):
        value_of("[working_days(3000, today()) for i in range(500)]")
