"""The day of a moment: every part of the language gives the same answer.

A deadline is 24.00 of its day and means that day. Any other moment means its day in the calendar's
zone; midnight means the day that begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.language import LanguageError, compile_expression, compile_template
from engine.language.closures.access import DATE_PARTS
from engine.language.closures.builtins import BUILTINS
from engine.language.closures.methods import MOMENTS
from engine.language.functions import FUNCTION_NAMES, owner_functions, period_end
from engine.language.timers import deadline_value, timer_value
from engine.language.values import to_json
from engine.time.calendar import Calendar, EndOfDay
from tests.engine.decisions.drawings import decision, decisions, formula, input_data
from tests.engine.decisions.tables import table

JAKARTA = Calendar(zone=ZoneInfo("Asia/Jakarta"))
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
FUNCTIONS = owner_functions(NOW, JAKARTA, None)
ONE_DAY = timedelta(days=1)

MOMENTS_OF: Mapping[str, tuple[Any, date]] = {
    "a deadline at a year's end": (
        JAKARTA.deadline(datetime(2026, 12, 31, 17, tzinfo=UTC)), date(2026, 12, 31),
    ),
    "a deadline at a month's end": (
        JAKARTA.deadline(datetime(2028, 2, 29, 17, tzinfo=UTC)), date(2028, 2, 29),
    ),
    "a deadline within a day": (
        JAKARTA.deadline(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)), date(2026, 12, 31),
    ),
    "midnight at a year's end": (datetime(2026, 12, 31, 17, tzinfo=UTC), date(2027, 1, 1)),
    "midnight in the zone": (datetime(2027, 1, 1, tzinfo=JAKARTA.zone), date(2027, 1, 1)),
    "before midnight": (datetime(2026, 2, 28, 16, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
    "after midnight, elsewhere the day before": (
        datetime(2026, 2, 28, 17, 30, tzinfo=UTC), date(2026, 3, 1),
    ),
    "the end of a day elsewhere": (EndOfDay(date(2026, 2, 28), UTC), date(2026, 3, 1)),
    "the end of a day by its offset": (
        EndOfDay(date(2026, 2, 28), timezone(timedelta(hours=7))), date(2026, 2, 28),
    ),
}  # fmt: skip

ITSELF: Callable[[date], object] = lambda day: day  # noqa: E731 - a row of the table below
ASKED: Mapping[str, tuple[str, Callable[[date], object]]] = {
    "date": ("date(at)", ITSELF),
    "days": ("days(1, at)", lambda day: day + ONE_DAY),
    "working_days": ("working_days(1, at)", lambda day: JAKARTA.add(day, 1)),
    "period_end": ("period_end('month', at)", lambda day: period_end("month", day)),
    "weekday": ("at.weekday()", date.weekday),
    "year": ("at.year", lambda day: day.year),
    "month": ("at.month", lambda day: day.month),
    "day": ("at.day", lambda day: day.day),
    # What hands a moment on, or writes it down, keeps its day.
    "date_and_time": ("date(date_and_time(at))", ITSELF),
    "dict": ("date(dict([['x', at]])['x'])", ITSELF),
    "enumerate": ("date(enumerate([at])[0][1])", ITSELF),
    "isoformat": ("date(at.isoformat())", ITSELF),
    "list": ("date(list([at])[0])", ITSELF),
    "max": ("date(max(at, at))", ITSELF),
    "min": ("date(min([at]))", ITSELF),
    "reversed": ("date(reversed([at])[0])", ITSELF),
    "set": ("date(list(set([at]))[0])", ITSELF),
    "sorted": ("date(sorted([at, at])[0])", ITSELF),
    "str": ("date(str(at))", ITSELF),
    "tuple": ("date(tuple([at])[0])", ITSELF),
    "zip": ("date(zip([at])[0][0])", ITSELF),
}
"""What can be given a moment -> how it is asked for the day it means, and the answer for a day."""

YES_OR_NO = frozenset({"all", "any", "bool", "empty"})
"""Take anything and ask no day of it."""

REFUSE = frozenset(
    {"abs", "duration", "float", "int", "len", "next_look", "now", "range", "round", "sum", "time",
     "today"}
)  # fmt: skip
"""Take no moment."""


def test_everything_that_can_be_given_a_moment_has_a_row_here() -> None:
    known = {*FUNCTION_NAMES, *BUILTINS, *MOMENTS, *DATE_PARTS}
    assert known == {*ASKED, *YES_OR_NO, *REFUSE}


@pytest.mark.parametrize("name", sorted(REFUSE))
@pytest.mark.parametrize("given", ["at", "at, at", "1, at", "at, 1"])
def test_what_takes_no_moment_says_so(name: str, given: str) -> None:
    for at, _ in MOMENTS_OF.values():
        with pytest.raises(LanguageError):
            compile_expression(f"{name}({given})").evaluate({"at": at}, FUNCTIONS)


@pytest.mark.parametrize("moment", MOMENTS_OF)
@pytest.mark.parametrize("name", ASKED)
def test_a_moment_means_the_same_day_to_all(name: str, moment: str) -> None:
    source, answer = ASKED[name]
    at, day = MOMENTS_OF[moment]
    assert compile_expression(source).evaluate({"at": at}, FUNCTIONS) == answer(day)


@pytest.mark.parametrize("moment", MOMENTS_OF)
@pytest.mark.parametrize("name", ASKED)
def test_so_it_does_after_it_was_stored_as_text(name: str, moment: str) -> None:
    source, answer = ASKED[name]
    at, day = MOMENTS_OF[moment]
    stored = to_json(at, "at")
    assert isinstance(stored, str)
    read = compile_expression("date_and_time(text)").evaluate({"text": stored})
    assert compile_expression(source).evaluate({"at": read}, FUNCTIONS) == answer(day)
    if name in FUNCTION_NAMES:
        assert compile_expression(source).evaluate({"at": stored}, FUNCTIONS) == answer(day)


@pytest.mark.parametrize("moment", MOMENTS_OF)
@pytest.mark.parametrize("stored", [False, True])
def test_a_date_column_and_a_date_in_a_cell_read_that_day(moment: str, stored: bool) -> None:
    value, day = MOMENTS_OF[moment]
    at = to_json(value, "at") if stored else value
    for column in ("at:date", "date(at):date", "date(at)"):
        found = table([column], ["y"], [[f'date("{day}")', "true"]])
        assert found.single({"at": at}, FUNCTIONS) == {"y": True}
    written = to_json(value, "at")
    constant = table(["x:date"], ["y"], [[f'date("{written}")', "true"]])
    assert constant.single({"x": day}, FUNCTIONS) == {"y": True}


@pytest.mark.parametrize("moment", MOMENTS_OF)
def test_a_formula_and_its_input_read_that_day(moment: str) -> None:
    at, day = MOMENTS_OF[moment]
    found = decisions(
        input_data("i", "at", "date"),
        decision("read", formula("at"), "input:i"),
        decision("asked", formula("[date(at), at.year, at.month, at.day]"), "input:i"),
    )
    assert found["read"].value({"at": at}, FUNCTIONS) == day
    parts = [day, day.year, day.month, day.day]
    assert found["asked"].value({"at": at}, FUNCTIONS) == parts
    plain = decisions(decision("f", formula("[date(at), at.year, at.month, at.day]")))
    assert plain["f"].value({"at": at}, FUNCTIONS) == parts


@pytest.mark.parametrize(
    ("source", "in_jakarta", "in_jayapura"),
    [("date(at).day", 31, 1), ("at.day", 31, 1), ("days(0, at).day", 31, 1),
     ("at.year", 2026, 2027), ("at.weekday()", 3, 4)],
)  # fmt: skip
def test_the_day_is_that_of_the_calendar_and_not_of_the_engine(
    source: str, in_jakarta: int, in_jayapura: int
) -> None:
    at = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)  # 22.30 in Jakarta, 0.30 in Jayapura
    jayapura = owner_functions(NOW, Calendar(zone=ZoneInfo("Asia/Jayapura")), None)
    asked = compile_expression(source)
    assert asked.evaluate({"at": at}, FUNCTIONS) == in_jakarta
    assert asked.evaluate({"at": at}, jayapura) == in_jayapura
    for column in ("at:date", "date(at)"):
        found = table([column], ["y"], [['date("2027-01-01")', "true"]])
        assert found.single({"at": at}, jayapura) == {"y": True}
        assert found.single({"at": at}, FUNCTIONS) is None
    constant = table(["x:date"], ["y"], [[f'date("{at.isoformat()}")', "true"]])
    assert constant.single({"x": date(2027, 1, 1)}, jayapura) == {"y": True}
    assert constant.single({"x": date(2026, 12, 31)}, FUNCTIONS) == {"y": True}


def test_a_deadline_is_still_a_moment_where_moments_are_asked_for() -> None:
    ends, day = MOMENTS_OF["a deadline at a year's end"]
    moment = datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert timer_value("date", ends) == deadline_value(ends) == moment
    assert timer_value("date", to_json(ends, "ends")) == moment
    for source in ("ends == at", "ends <= at", "at <= ends", "ends in [at]", "str(ends) == ends",
                   "ends - at == duration('PT0S')", "min(ends, later) == ends"):  # fmt: skip
        names = {"ends": ends, "at": moment, "later": moment + ONE_DAY}
        assert compile_expression(source).evaluate(names) is True, source
    assert day == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("source", "day"),
    [
        ("date(ends + duration('P1D'))", date(2027, 2, 1)),
        ("date(ends - duration('P1D'))", date(2027, 1, 30)),
        ("date(ends + duration('P1M'))", date(2027, 2, 28)),
        ("date(ends - duration('P1Y'))", date(2026, 1, 31)),
        ("date(date_and_time('2027-01-30T24:00+07:00') + duration('P1M'))", date(2027, 2, 28)),
        ("date(ends - duration('PT1H'))", date(2027, 1, 31)),
        ("date(ends + duration('PT1H'))", date(2027, 2, 1)),
    ],
)
def test_a_deadline_moved_by_days_or_months_is_a_deadline_again(source: str, day: date) -> None:
    names = {"ends": EndOfDay(date(2027, 1, 31), JAKARTA.zone)}
    assert compile_expression(source).evaluate(names, FUNCTIONS) == day


@pytest.mark.parametrize("moment", MOMENTS_OF)
def test_a_text_with_the_day_in_it_names_that_day(moment: str) -> None:
    at, day = MOMENTS_OF[moment]
    names = {"at": at}
    assert compile_template("Until ${date(at)}").render(names, FUNCTIONS) == f"Until {day}"
    if isinstance(at, EndOfDay):
        assert compile_template("${at}").render(names) == f"{at.day}T24:00:00{str(at)[19:]}"


@pytest.mark.parametrize("text", ["due_at > day", "day <= due_at"])
@pytest.mark.parametrize("name", ["a deadline at a year's end", "a deadline at a month's end"])
def test_a_refusal_to_compare_shows_the_day_of_the_deadline_and_not_the_next(
    name: str, text: str
) -> None:
    due_at, day = MOMENTS_OF[name]
    with pytest.raises(LanguageError) as refused:
        compile_expression(text).evaluate({"due_at": due_at, "day": day})
    assert f'"{day}T24:00:00+07:00"' in str(refused.value.what)
    assert f'"{day}"' in str(refused.value.what)
    assert str(refused.value.advice) == "Write date(x) to compare only the days."
