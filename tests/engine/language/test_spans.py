"""Times of day and durations: in cells and formulas, and as text in the data of a process."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import map_result, overlap_problems
from engine.language import LanguageError, compile_expression
from engine.language.spans import Months, add_months, iso_text, read_span, read_time
from engine.sentences.errors import ModelError
from tests.engine.decisions.tables import table
from tests.engine.decisions.test_formulas import worked_out
from tests.engine.decisions.test_unary_tests import matches


@pytest.mark.parametrize(
    ("kind", "cell", "hit", "miss"),
    [
        ("time", '< time("12:00:00")', "09:30:00", "12:00:00"),
        ("time", '[time("08:00")..time("16:30")]', "16:30", "16:30:01"),
        ("dayTimeDuration", '> duration("P1D")', "PT25H", "PT24H"),
        ("dayTimeDuration", 'duration("P1D")', "PT24H", "P2D"),
        ("dayTimeDuration", '< duration("PT0S")', "-PT1S", "PT0S"),
        ("yearMonthDuration", '>= duration("P1Y")', "P12M", "P11M"),
        ("yearMonthDuration", 'not(duration("P2M"))', "P3M", "P2M"),
        ("", '> duration("P1D")', "P2D", "PT1H"),
    ],
)
def test_cells_compare_times_and_durations(kind: str, cell: str, hit: str, miss: str) -> None:
    assert matches(cell, hit, kind)
    assert not matches(cell, miss, kind)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("time", "9 o'clock"),
        ("time", "24:00:01"),
        ("time", "09:00:00+07:00"),
        ("dayTimeDuration", "P1Y"),
        ("dayTimeDuration", "P"),
        ("dayTimeDuration", "P1DT"),
        ("yearMonthDuration", "P1D"),
        ("yearMonthDuration", 5),
    ],
)
def test_what_is_no_value_of_the_type_is_an_error(kind: str, value: object) -> None:
    with pytest.raises(LanguageError):
        matches("-", value, kind)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2026-03-17") + duration("P14D")', date(2026, 3, 31)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-17") - duration("P1Y2M")', date(2025, 1, 17)),
        ('duration("P1M") + date("2026-03-17")', date(2026, 4, 17)),
        ('date("2026-03-17") - date("2026-03-01")', timedelta(days=16)),
        ('duration("P1D") + duration("PT1H")', timedelta(hours=25)),
        ('duration("P1Y") - duration("P2M")', Months(10)),
        ('3 * duration("P2D")', timedelta(days=6)),
        ('duration("P1Y") * 1.5', Months(18)),
        ('date("2026-03-17") - date("2026-03-01") > duration("P10D")', True),
        (
            'date and time("2026-03-17T23:00:00Z") + duration("PT2H")',
            datetime(2026, 3, 18, 1, tzinfo=UTC),
        ),
        ('null + duration("P1D")', None),
    ],
)
def test_formulas_calculate_with_dates_and_durations(text: str, value: object) -> None:
    assert worked_out(text) == value


@pytest.mark.parametrize(
    "text",
    [
        'duration("P1D") + duration("P1M")',
        'duration("P1D") < duration("P1M")',
        '1 + duration("P1D")',
        'date("9999-12-31") + duration("P1D")',
        'date("9999-12-31") + duration("P1M")',
        'duration("P999999D") * 1e300',
        'duration("P9999Y") * 1e308 * 1e308',
        'time("09:00") + duration("PT1H")',
    ],
)
def test_what_has_no_meaning_is_an_error_in_words(text: str) -> None:
    with pytest.raises((LanguageError, ModelError)):
        worked_out(text)


def test_results_reach_the_process_as_text() -> None:
    found = table(
        ["x"],
        ["wait:dayTimeDuration", "term:yearMonthDuration", "at:time"],
        [["-", 'duration("P3D")', 'duration("P18M")', 'time("07:30:00")']],
    )
    result = map_result(found.decide({"x": 1}), "singleResult")
    assert result == {"wait": "P3D", "term": "P1Y6M", "at": "07:30:00"}


@pytest.mark.parametrize("text", ["date(b) - date(a)", 'date("2026-03-17") - date(a)'])
def test_two_dates_are_a_duration_apart_in_a_cell_a_column_a_formula_and_a_condition(
    text: str,
) -> None:
    names = {"a": "2026-03-01", "b": "2026-03-17"}
    apart = timedelta(days=16)
    assert table(["a", "b"], ["y"], [["-", "-", text]]).single(names) == {"y": apart}
    typed = table(["a", "b"], ["y:dayTimeDuration"], [["-", "-", text]])
    assert typed.single(names) == {"y": apart}
    column = table([f"{text}:dayTimeDuration"], ["y"], [['> duration("P15D")', "true"]])
    assert column.single(names) == {"y": True}
    assert worked_out(text, **names) == compile_expression(text).evaluate(names) == apart


@pytest.mark.parametrize(
    ("text", "part", "number"),
    [("P3DT23H", "days", 3), ("-P3DT23H", "days", -3), ("PT23H", "days", 0), ("-P1D", "days", -1),
     ("P1Y6M", "years", 1), ("P1Y6M", "months", 6), ("-P1Y6M", "years", -1),
     ("-P1Y6M", "months", -6), ("P11M", "years", 0)],
)  # fmt: skip
def test_a_duration_has_parts_that_are_numbers(text: str, part: str, number: int) -> None:
    assert compile_expression(f'duration("{text}").{part}').evaluate({}) == number


def test_conditions_compare_durations_with_their_text() -> None:
    names = {"waited": "P3D", "at": "09:00:00"}
    assert compile_expression('duration(waited) > duration("P2D")').evaluate(names) is True
    assert compile_expression('waited == duration("PT72H")').evaluate(names) is True
    assert compile_expression('at in [time("09:00")]').evaluate(names) is True
    assert compile_expression('str(duration("PT90M"))').evaluate({}) == "PT1H30M"


@given(st.timedeltas(timedelta(days=-99_999), timedelta(days=99_999)))
def test_a_span_of_days_is_read_as_it_is_written(span: timedelta) -> None:
    assert read_span(iso_text(span)) == span


@given(st.integers(-9_999, 9_999))
def test_a_span_of_months_is_read_as_it_is_written(count: int) -> None:
    assert read_span(iso_text(Months(count))) == Months(count)


@given(st.times(timezones=st.none()))
def test_a_time_of_day_is_read_as_it_is_written(at: time) -> None:
    assert read_time(iso_text(at)) == at


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-6_000, 6_000))
def test_months_later_is_that_month_and_never_a_later_day(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert 12 * moved.year + moved.month == 12 * day.year + day.month + months
    assert moved.day == day.day or (moved.day < day.day and moved.day >= 28)


@pytest.mark.parametrize(
    ("kind", "upper", "lower", "overlaps"),
    [
        ("time", '[time("08:00")..time("12:00"))', '>= time("12:00")', False),
        ("time", '<= time("12:00")', '>= time("12:00")', True),
        ("time", '> time("23:59:59.999998")', '< time("23:59:59.999999")', False),
        ("dayTimeDuration", '<= duration("PT0S")', '> duration("PT0S")', False),
        ("dayTimeDuration", '> duration("-P1D")', '< duration("P1D")', True),
        ("yearMonthDuration", '> duration("P1Y")', '< duration("P13M")', False),
        ("yearMonthDuration", '> duration("P1Y")', '< duration("P14M")', True),
    ],
)
def test_rules_on_times_and_durations_that_meet_are_found(
    kind: str, upper: str, lower: str, *, overlaps: bool
) -> None:
    found = table([f"x:{kind}"], ["y"], [[upper, "1"], [lower, "2"]])
    assert bool(overlap_problems(found)) is overlaps
