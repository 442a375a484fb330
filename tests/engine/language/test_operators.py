"""Every operator on every two values gives a value of the language or a sentence, nothing else."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest

from engine.language import LanguageError, Namespace
from engine.language.budget import FUEL_STEPS, INTEGER_LIMIT, MAX_ITEMS, MAX_TEXT_CHARACTERS, Run
from engine.language.operators import (
    BINARY,
    COMPARE,
    MAX_EXPONENT,
    checked_number,
    contains,
    equal,
    less,
    negative,
    truth,
)
from engine.language.spans import Months
from engine.language.values import FLAT
from engine.time.calendar import EndOfDay

MORNING, NOON = datetime(2026, 3, 2, 2, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)
ENDS = EndOfDay(date(2026, 3, 2), UTC)
EVERYTHING: tuple[Any, ...] = (
    None, True, False, 0, 1, -3, 7, 2.5, -0.5, 10**17, "", "a", "b", "2026-03-02", "2026-13-99",
    "09:00:00", "P3D", "P1Y", "2026-03-02T02:00:00+00:00", "2026-03-02T02:00:00", date(2026, 3, 2),
    date(2026, 3, 3), MORNING, NOON, ENDS, time(9), time(10), timedelta(days=3), timedelta(hours=1),
    Months(12), Months(1), [], [1, "a"], [[1], None], ["2026-03-02", date(2026, 3, 3)], (), (1,),
    set(), {"a", 1}, {}, {"a": 1}, Namespace({"a": 1}),
)  # fmt: skip
BINARIES, COMPARISONS = list(BINARY), list(COMPARE)


def run(fuel: int = FUEL_STEPS) -> Run:
    return Run({}, {}, fuel=fuel)


def short(kind: type[ast.AST]) -> str:
    return kind.__name__


@pytest.mark.parametrize("operator", BINARIES, ids=short)
def test_no_two_values_make_arithmetic_raise_what_python_would(operator: type[Any]) -> None:
    for left, right in product(EVERYTHING, repeat=2):
        try:
            made = BINARY[operator](run(), left, right)
        except LanguageError as error:
            assert str(error.what) and str(error.advice)
        else:
            assert type(made) in FLAT or isinstance(made, list), (left, right, made)


@pytest.mark.parametrize("operator", COMPARISONS, ids=short)
def test_no_two_values_make_a_comparison_raise_what_python_would(operator: type[Any]) -> None:
    for left, right in product(EVERYTHING, repeat=2):
        try:
            made = COMPARE[operator](run(), left, right)
        except LanguageError as error:
            assert str(error.what) and str(error.advice)
        else:
            assert isinstance(made, bool), (left, right, made)


def test_equal_is_asked_of_anything_and_is_the_same_both_ways() -> None:
    for left, right in product(EVERYTHING, repeat=2):
        assert equal(run(), left, right) is equal(run(), right, left)
        assert COMPARE[ast.NotEq](run(), left, right) is not equal(run(), left, right)
    for value in EVERYTHING:
        assert equal(run(), value, value)


def test_what_is_less_one_way_is_not_less_the_other_way() -> None:
    for left, right in product(EVERYTHING, repeat=2):
        try:
            found = less(run(), left, right)
        except LanguageError:
            continue
        assert not (found and less(run(), right, left))
        assert COMPARE[ast.Gt](run(), right, left) is found
        assert COMPARE[ast.GtE](run(), left, right) is not found
        assert COMPARE[ast.LtE](run(), left, right) is (found or equal(run(), left, right))


COMPARABLE: dict[str, tuple[Any, Any]] = {
    "numbers": (1, 2.5), "truth as a number": (False, 1), "text": ("a", "b"),
    "days": (date(2026, 3, 2), date(2026, 3, 3)),
    "a day and its text": ("2026-03-01", date(2026, 3, 2)),
    "moments": (MORNING, NOON), "a moment and the end of its day": (NOON, ENDS),
    "the end of a day and its text": (ENDS, "2026-03-03T24:00:00Z"),
    "the end of a day and what is no end": (ENDS, "2026-03-03T00:00:01Z"),
    "a moment and its text": (MORNING, NOON.isoformat()),
    "times": (time(9), time(10)), "a time and its text": (time(9), "10:00:00"),
    "days' length": (timedelta(hours=1), timedelta(days=3)),
    "a length and its text": (timedelta(days=1), "P3D"),
    "months": (Months(1), Months(12)), "months and their text": (Months(1), "P1Y"),
}  # fmt: skip


@pytest.mark.parametrize("kind", COMPARABLE)
def test_values_of_one_kind_have_an_order(kind: str) -> None:
    small, large = COMPARABLE[kind]
    assert less(run(), small, large)
    assert not less(run(), large, small)
    assert not less(run(), small, small)


@pytest.mark.parametrize(
    ("left", "right", "advice"),
    [
        (5, timedelta(days=1), "x.days"), (1, "1", "numbers with numbers"),
        (1, None, "whether there is a value"),
        (None, 1, "whether there is a value"), (date(2026, 3, 2), MORNING, "date(x)"),
        (date(2026, 3, 2), "soon", "numbers with numbers"), ([1], [2], "numbers with numbers"),
        (Months(1), timedelta(days=1), "numbers with numbers"), (time(9), "P1D", "numbers"),
        (timedelta(days=1), "P1M", "numbers"), (MORNING, "2026-03-02T02:00:00", "numbers"),
    ],
)  # fmt: skip
def test_values_of_two_kinds_have_no_order_and_the_advice_says_what_to_write(
    left: Any, right: Any, advice: str
) -> None:
    for one, other in ((left, right), (right, left)):
        with pytest.raises(LanguageError) as refused:
            less(run(), one, other)
        assert advice in str(refused.value.advice)


@pytest.mark.parametrize(
    ("value", "text", "same"),
    [
        (date(2026, 3, 2), "2026-03-02", True), (date(2026, 3, 2), "2026-03-03", False),
        (MORNING, "2026-03-02T09:00:00+07:00", True), (MORNING, "2026-03-02T02:00:00", False),
        (time(9), "09:00:00", True), (timedelta(days=3), "P3D", True), (Months(12), "P1Y", True),
        (Months(12), "P12M", True), (timedelta(days=3), "P3M", False), (time(9), "P3D", False),
        (date(2026, 3, 2), "", False),
    ],
)  # fmt: skip
def test_a_time_is_the_same_as_its_text_alone_and_in_a_list(
    value: Any, text: str, same: bool
) -> None:
    assert equal(run(), value, text) is equal(run(), text, value) is same
    assert contains(run(), value, ["x", text]) is contains(run(), text, ("x", value)) is same


@pytest.mark.parametrize(
    ("member", "group", "found"),
    [
        ("a", "cat", True), ("d", "cat", False), ("", "", True), (1, [1, 2], True), (3, [1], False),
        (1, (1,), True), (1, {1}, True), ([1], [[1]], True), ("a", {"a": 1}, True),
        ("b", {"a": 1}, False), ("a", Namespace({"a": 1}), True), (None, [None], True),
        (1, [], False),
    ],
)  # fmt: skip
def test_what_is_in_a_group(member: Any, group: Any, found: bool) -> None:
    assert contains(run(), member, group) is found
    assert COMPARE[ast.NotIn](run(), member, group) is not found


@pytest.mark.parametrize(
    ("member", "group"),
    [(1, "cat"), (1, {"a": 1}), ([1], {"a": 1}), ({}, {"a": 1}), ("a", 1), (1, None), (None, "a")],
)
def test_what_cannot_be_in_a_group_is_told(member: Any, group: Any) -> None:
    with pytest.raises(LanguageError, match="cannot contain"):
        contains(run(), member, group)


COMPUTED = [
    (ast.Add, 1, 2, 3), (ast.Add, "a", "b", "ab"), (ast.Add, [1], [2], [1, 2]),
    (ast.Sub, 5, 2, 3), (ast.Mult, 3, 4, 12),
    (ast.Sub, date(2026, 3, 3), date(2026, 3, 1), timedelta(days=2)),
    (ast.Sub, NOON, MORNING, timedelta(hours=3)), (ast.Sub, ENDS, NOON, timedelta(hours=19)),
    (ast.Add, MORNING, timedelta(hours=3), NOON), (ast.Sub, NOON, timedelta(hours=3), MORNING),
    (ast.Mult, "ab", 2, "abab"), (ast.Mult, 2, "ab", "abab"), (ast.Mult, [1], 2, [1, 1]),
    (ast.Mult, 2, [1], [1, 1]), (ast.Mult, "ab", -1, ""), (ast.Mult, [1], -1, []),
    (ast.Div, 5, 2, 2.5), (ast.FloorDiv, 5, 2, 2), (ast.Mod, 5, 2, 1), (ast.Pow, 2, 10, 1024),
    (ast.Pow, 2, -1, 0.5), (ast.Add, True, 1, 2),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "left", "right", "made"), COMPUTED)
def test_what_is_computed(operator: type[Any], left: Any, right: Any, made: Any) -> None:
    assert BINARY[operator](run(), left, right) == made


def test_minus_a_number() -> None:
    assert (negative(run(), 3), negative(run(), -2.5)) == (-3, 2.5)
    with pytest.raises(LanguageError):
        negative(run(), "3")


@pytest.mark.parametrize("operator", [ast.Div, ast.FloorDiv, ast.Mod], ids=short)
@pytest.mark.parametrize("zero", [0, 0.0, False])
def test_dividing_by_zero_names_what_is_divided(operator: type[Any], zero: Any) -> None:
    with pytest.raises(LanguageError, match="7 is divided by zero"):
        BINARY[operator](run(), 7, zero)


@pytest.mark.parametrize(
    ("operator", "left", "right", "what", "advice"),
    [
        (ast.Add, date(2026, 3, 2), 1, "+", "days(n, date)"),
        (ast.Sub, 1, date(2026, 3, 2), "-", "days(n, date)"),
        (ast.Sub, date(2026, 3, 2), MORNING, "-", "days(n, date)"),
        (ast.Mod, "a %s", 1, "%", "f\"..."), (ast.Add, "a", 1, "+", "str(x)"),
        (ast.Add, 1, "a", "+", "str(x)"), (ast.Add, None, 1, "+", "both sides"),
        (ast.Mult, None, 1, "*", "both sides"), (ast.Div, [1], 1, "/", "both sides"),
        (ast.FloorDiv, {}, 1, "//", "both sides"), (ast.Pow, None, 2, "**", "both sides"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_shown_with_its_sign_and_what_to_write(
    operator: type[Any], left: Any, right: Any, what: str, advice: str
) -> None:
    with pytest.raises(LanguageError) as refused:
        BINARY[operator](run(), left, right)
    assert f" {what} " in str(refused.value.what)
    assert "cannot be calculated" in str(refused.value.what)
    assert advice in str(refused.value.advice)


@pytest.mark.parametrize("number", [INTEGER_LIMIT, -INTEGER_LIMIT, float("inf"), float("nan"), 1j])
def test_a_number_that_cannot_be_stored_is_none(number: Any) -> None:
    with pytest.raises(LanguageError):
        checked_number(number)


@pytest.mark.parametrize("number", [INTEGER_LIMIT - 1, 1 - INTEGER_LIMIT, 0.5, -1e308])
def test_a_number_that_can_be_stored_is_itself(number: Any) -> None:
    assert checked_number(number) == number


def test_an_exponent_has_a_limit_on_both_sides_that_can_be_used() -> None:
    power = BINARY[ast.Pow]
    assert power(run(), 1, MAX_EXPONENT) == power(run(), 1, -MAX_EXPONENT) == 1
    for exponent in (MAX_EXPONENT + 1, -MAX_EXPONENT - 1):
        with pytest.raises(LanguageError, match=str(exponent)):
            power(run(), 1, exponent)
    with pytest.raises(LanguageError):
        power(run(), 1e300, 2)
    with pytest.raises(LanguageError):
        power(run(), -8, 0.5)


FULL_TEXT, FULL_LIST = "x" * MAX_TEXT_CHARACTERS, [0] * MAX_ITEMS


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        (ast.Add, FULL_TEXT, "x"), (ast.Add, FULL_LIST, [0]),
        (ast.Mult, "x", MAX_TEXT_CHARACTERS + 1), (ast.Mult, "xx", MAX_TEXT_CHARACTERS),
        (ast.Mult, [0], MAX_ITEMS + 1),
    ],
)  # fmt: skip
def test_nothing_longer_than_allowed_is_made(operator: type[Any], left: Any, right: Any) -> None:
    with pytest.raises(LanguageError):
        BINARY[operator](run(), left, right)


def test_what_is_just_as_long_as_allowed_is_made() -> None:
    add, times = BINARY[ast.Add], BINARY[ast.Mult]
    assert add(run(), FULL_TEXT[1:], "x") == FULL_TEXT == times(run(), "x", MAX_TEXT_CHARACTERS)
    assert add(run(), FULL_LIST[1:], [0]) == FULL_LIST == times(run(), [0], MAX_ITEMS)


@pytest.mark.parametrize(
    ("act", "left", "right"),
    [
        (BINARY[ast.Add], "x" * 6400, "x" * 6400), (BINARY[ast.Mult], "x", 12800),
        (BINARY[ast.Add], [0] * 5000, [0] * 5000), (BINARY[ast.Mult], [0], 9000),
        (equal, ["x" * 64] * 100, ["x" * 64] * 100), (contains, "x", "y" * 12800),
        (contains, "x", ["y" * 64] * 200),
    ],
)  # fmt: skip
def test_what_is_read_or_made_is_paid_for(act: Any, left: Any, right: Any) -> None:
    account = run()
    act(account, left, right)
    assert FUEL_STEPS - account.fuel >= 100
    with pytest.raises(LanguageError, match="too many steps"):
        act(run(fuel=99), left, right)


@pytest.mark.parametrize("small", [(1, 2), ("a", "b"), (None, True), (1.5, None)])
def test_comparing_small_values_costs_nothing(small: tuple[Any, Any]) -> None:
    assert equal(run(fuel=0), *small) is False


def test_is_asks_for_the_very_same() -> None:
    is_, is_not = COMPARE[ast.Is], COMPARE[ast.IsNot]
    assert is_(run(), None, None) and not is_(run(), 0, None)
    assert is_not(run(), 0, None) and not is_not(run(), True, True)


def test_nothing_and_what_is_empty_do_not_hold() -> None:
    assert not any(truth(value) for value in (None, 0, "", [], {}))
    assert all(truth(value) for value in (1, "a", [0], {"a": 0}, "false"))
