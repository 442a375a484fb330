"""Input cells of decision tables: the values that each of S-FEEL's spellings matches."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions.kinds import KINDS
from engine.decisions.unary import Column, parse_unary
from engine.language import LanguageError
from engine.language.budget import Run
from engine.sentences.errors import ModelError
from tests.engine.decisions.tables import table

DAY = date(2026, 3, 17)
MOMENT = datetime(2026, 3, 17, 2, tzinfo=UTC)


def matches(cell: str, value: object, kind: str = "", **names: object) -> bool:
    """Whether the cell matches the value of its column; other names become columns too."""
    columns = [f"x:{kind}", *names]
    found = table(columns, ["hit"], [[cell, *["-"] * len(names), "true"]])
    return found.single({"x": value, **names}) == {"hit": True}


@pytest.mark.parametrize("value", ["a", "", 5, None, True, DAY])
@pytest.mark.parametrize("cell", ["-", "", "  ", " - "])
def test_an_empty_cell_matches_everything(cell: str, value: object) -> None:
    assert matches(cell, value)


@pytest.mark.parametrize(
    ("cell", "hits", "misses"),
    [
        ('"a"', ["a"], ["b", "", None, 1]),
        ('"a","b" , "c"', ["a", "b", "c"], ["d", "a,b", None]),
        ('"a, b"', ["a, b"], ["a", "b"]),
        ('not("a")', ["b", None], ["a"]),
        ('not ("a","b")', ["c"], ["a", "b"]),
        ("5", [5, 5.0], [6, "5", None]),
        ("-5", [-5], [5]),
        ("1,2,3", [1, 2, 3, 2.0], [0, 4, True, "2", None]),
        ("1, 2, true", [1, 2, True], [3, False, None]),
        ('"2026-03-17", "later"', ["later", DAY], ["2026-03-18", None]),
        ("1.5", [1.5], [1]),
        ("< 5", [4, 4.9, -1], [5, 6, None]),
        ("<=5", [5], [5.1]),
        ("> -3", [-2, 0], [-3, -4]),
        (">= 5", [5, 6], [4]),
        ("[1..5]", [1, 3, 5], [0, 6, None]),
        ("(1..5]", [1.5, 5], [1, 6]),
        ("]1..5[", [2, 4], [1, 5]),
        ("[1..5)", [1, 4], [5]),
        ("[-3..-1]", [-3, -1], [0, -4]),
        ("[ 1 .. 5 ]", [1, 5], [6]),
        ("[1..2], [4..5], 9", [1, 4, 9], [3, 6]),
        ("not([1..5])", [0, 6, None], [1, 5]),
        ("< 0, > 10", [-1, 11], [0, 5]),
        ("true", [True], [False, 1, "true", None]),
        ("false", [False], [True, 0, None]),
        ("null", [None], [0, "", False]),
        ("not(null)", [0, "", False], [None]),
        ('["a".."m"]', ["a", "k"], ["n"]),
        ('> "m"', ["n"], ["a"]),
    ],
)
def test_a_cell_matches_what_it_says(cell: str, hits: list[object], misses: list[object]) -> None:
    assert [matches(cell, value) for value in hits] == [True] * len(hits)
    assert [matches(cell, value) for value in misses] == [False] * len(misses)


@pytest.mark.parametrize(
    ("cell", "hit", "miss"),
    [
        ('date("2026-03-17")', "2026-03-17", "2026-03-18"),
        ('< date("2026-04-01")', DAY, date(2026, 4, 1)),
        ('[date("2026-01-01")..date("2026-12-31")]', DAY, date(2027, 1, 1)),
        ('not(date("2026-03-17"))', "2026-03-18", DAY),
    ],
)
def test_dates_are_compared_with_dates_and_their_text(cell: str, hit: object, miss: object) -> None:
    for kind in ("date", ""):
        assert matches(cell, hit, kind)
        assert not matches(cell, miss, kind)


def test_moments_are_compared_with_moments() -> None:
    cell = '< date and time("2026-03-17T10:00:00+07:00")'
    assert matches(cell, MOMENT, "dateTime")
    assert matches(cell, "2026-03-17T09:59:59+07:00", "date and time")
    assert not matches(cell, "2026-03-17T10:00:00+07:00", "dateTime")


def test_a_cell_may_compare_with_another_column() -> None:
    assert matches("> limit", 6, limit=5)
    assert not matches("> limit", 6, limit=None)
    assert matches("[low..low + 3]", 6, low=4)
    assert matches("limit", 5, limit=5)
    assert matches("> case.limit", 6, case={"limit": 5})


@pytest.mark.parametrize(
    ("cell", "kind", "advice"),
    [
        ("high", "string", '"high"'),
        ("x > 5", "number", "> 5"),
        ('"a" or "b"', "string", '"a", "b"'),
        ('x == "a"', "string", '"a", "b"'),
        ('["a", "b"]', "string", 'Write: "a", "b"'),
        ("5..1", "number", "brackets"),
        ("[5..1]", "number", "smaller value first"),
        ("[1..5", "number", "[1..5]"),
        ("[1..5] 7", "number", "[1..5]"),
        ('"a" "b" 5', "string", "operators"),
        ("1,,2", "number", "[1..5]"),
        ("= 5", "number", "'='"),
        ("!= 5", "number", "not"),
        ("5", "string", "in quotes"),
        ('"5"', "number", "without quotes"),
        ('"true"', "boolean", "without quotes"),
        ("1", "boolean", "true or false"),
        ("2.5", "integer", "whole number"),
        ('"2026-03-17"', "date", 'date("2026-12-31")'),
        ('date("17-03-2026")', "date", "2026-12-31"),
        ('date and time("2026-03-17T09:00:00")', "dateTime", "+07:00"),
        ("< true", "number", "without quotes"),
        ("__import__('os')", "", "underscores"),
        ("1" + ", 1" * 9000, "number", "several rules"),
    ],
)
def test_a_cell_that_would_never_match_is_refused_with_what_to_write(
    cell: str, kind: str, advice: str
) -> None:
    with pytest.raises(ModelError) as caught:
        matches(cell, 1, kind)
    [problem] = caught.value.problems
    assert problem.element_id == "r1c1"
    assert problem.line == 9
    assert advice in str(problem.advice)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "5"), ("number", True), ("integer", 1.5), ("string", 5), ("boolean", "true"),
     ("boolean", 1), ("date", "besok"), ("date", 5), ("dateTime", "2026-03-17T09:00:00")],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_column_is_an_error_of_the_run(
    kind: str, value: object
) -> None:
    with pytest.raises(LanguageError, match="Tingkat"):
        matches("-", value, kind)


@pytest.mark.parametrize(
    ("cell", "values", "bounds", "constant", "names"),
    [
        ("5", (5,), (), True, ""), ('"a", "b"', ("a", "b"), (), True, ""),
        ("null", (None,), (), True, ""), ('not("a", "b")', ("a", "b"), (), True, ""),
        ("> 5", (), (5,), True, ""), ("<= -1", (), (-1,), True, ""),
        ("[1..5)", (), (1, 5), True, ""), ("1, > 5, [7..9]", (1,), (5, 7, 9), True, ""),
        ("2 + 3", (5,), (), True, ""), ('date("2026-03-17")', (DAY,), (), True, ""),
        ('< date("2026-03-17")', (), (DAY,), True, ""), ("y", (), (), False, "y"),
        ("> y", (), (), False, "y"), ("[1..y]", (), (1,), False, "y"),
        ("[y..z]", (), (), False, "y z"), ("not(y)", (), (), False, "y"),
        ("5, y", (5,), (), False, "y"), ("y + z", (), (), False, "y z"),
        ("today()", (), (), False, ""), ("> days(3, y)", (), (), False, "y"),
    ],
)  # fmt: skip
def test_a_cell_tells_its_constants_its_bounds_and_what_it_reads(
    cell: str, values: tuple[object, ...], bounds: tuple[object, ...], constant: bool, names: str
) -> None:
    found = parse_unary(cell, Column("x", KINDS[""], frozenset({"y", "z"})))
    assert (found.values, found.bounds, found.constant) == (values, bounds, constant)
    assert (found.names, found.source) == (frozenset(names.split()), cell)


@pytest.mark.parametrize(
    "cell",
    ["y < 5", "y == 5", "y and z", "y or z", "not y", "y if z else 1", "[i for i in y]",
     "any(i for i in y)", "[1]", "(1, 2)", "{1}", '{"a": 1}', "max([1, 2])", "5), 7", "5], 7",
     "!", "! 5"],
)  # fmt: skip
def test_a_cell_holds_neither_a_whole_condition_nor_a_list(cell: str) -> None:
    with pytest.raises(LanguageError):
        parse_unary(cell, Column("x", KINDS[""], frozenset({"y", "z"})))


@pytest.mark.parametrize(
    ("cell", "hits", "misses"),
    [
        ("y", [3], [4, None]), ("X, 5, X2", [6, 5, 7], [8]), ('"X", X', ["X", 6], ["XX", 5]),
        ("> y", [4], [3, None]), ("[y..5]", [3, 5], [2, 6]),
        ("not(y)", [4, None], [3]), ("5, y", [5, 3], [4]), ("many", [1, 2], [3, None]),
        ("not(many)", [3], [1]), ("nothing", [None], [3]), ("> nothing", [], [3, None]),
        ("yes", [True], [1, False]), ("one", [1], [True]),
    ],
)  # fmt: skip
def test_a_cell_may_be_compared_with_other_names(
    cell: str, hits: list[object], misses: list[object]
) -> None:
    names = {"y": 3, "many": [1, 2], "nothing": None, "yes": True, "one": 1, "X": 6, "X2": 7}
    found = parse_unary(cell, Column("x", KINDS[""], frozenset(names)))
    for value in (*hits, *misses):
        assert found.matches(Run(names, {}), value) is any(value is one for one in hits)


def test_sizes_of_unlike_things_are_an_error_not_a_silent_no() -> None:
    with pytest.raises(LanguageError, match="cannot be compared"):
        matches("> 5", "6")


numbers = st.integers(-20, 20)
OPENING: Mapping[str, Callable[[int, int], bool]] = {
    "[": operator.ge, "(": operator.gt, "]": operator.gt,
}  # fmt: skip
CLOSING: Mapping[str, Callable[[int, int], bool]] = {
    "]": operator.le, ")": operator.lt, "[": operator.lt,
}  # fmt: skip


@given(st.sampled_from("[(]"), numbers, numbers, st.sampled_from("])["), numbers)
def test_a_range_holds_what_lies_between_its_ends(
    opening: str, one: int, other: int, closing: str, value: int
) -> None:
    low, high = sorted((one, other))
    inside = OPENING[opening](value, low) and CLOSING[closing](value, high)
    cell = f"{opening}{low}..{high}{closing}"
    assert matches(cell, value) is inside
    assert matches(f"not({cell})", value) is not inside


awkward = st.text("ab,\"()[]. '", max_size=4)


@given(st.lists(awkward, min_size=1, max_size=4), awkward)
def test_a_list_matches_its_members_whatever_they_contain(words: list[str], other: str) -> None:
    cell = ", ".join('"' + word.replace('"', '\\"') + '"' for word in words)
    assert all(matches(cell, word) for word in words)
    assert matches(cell, other) is (other in words)


@given(st.text("ab\"'()[].,<>=-0123456789 not", max_size=20))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    try:
        matches(cell, 1)
    except (ModelError, LanguageError) as error:
        assert str(error)
