"""Two rules of a UNIQUE table that can match together are found before the table is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import overlap_problems
from engine.decisions.decision import Given, Needs
from engine.decisions.kinds import NUMBER, TEXT, Kind
from engine.decisions.table import DecisionTable
from engine.language import LanguageError
from engine.language.budget import Run
from tests.engine.decisions.tables import table


def unique(columns: Sequence[str], *rows: Sequence[str], policy: str = "UNIQUE") -> DecisionTable:
    """A table that gives each rule's own number."""
    numbered = [[*row, str(number)] for number, row in enumerate(rows, 1)]
    return table(columns, ["n:number"], numbered, f'hitPolicy="{policy}"')


def pairs(found: DecisionTable) -> list[tuple[object, object]]:
    return [(p.what.facts["upper"], p.what.facts["lower"]) for p in overlap_problems(found)]


@pytest.mark.parametrize(
    ("kind", "upper", "lower"),
    [
        ("string", '"a", "b"', '"b", "c"'),
        ("string", "-", '"a"'),
        ("string", 'not("a")', '"b"'),
        ("string", 'not("a")', 'not("b")'),
        ("string", '< "b"', '>= "a"'),
        ("number", "< 5", "[4..9]"),
        ("number", "<= 5", ">= 5"),
        ("number", "> 5", "< 6"),
        ("number", "[1..5)", "not(1, 2, 3, 4)"),
        ("integer", "> 5", "< 7"),
        ("boolean", "true", "not(false)"),
        ("date", 'date("2026-03-02")', '[date("2026-03-01")..date("2026-03-02")]'),
        ("date", '< date("2026-03-02")', '> date("2026-02-28")'),
        ("dateTime", "-", 'date and time("2026-03-02T09:00:00+07:00")'),
        ("", "> 0", "true"),
        ("", '"a"', "not(1)"),
    ],
)
def test_cells_that_share_a_value_are_found(kind: str, upper: str, lower: str) -> None:
    assert pairs(unique([f"x:{kind}"], [upper], [lower])) == [(1, 2)]


@pytest.mark.parametrize(
    ("kind", "upper", "lower"),
    [
        ("string", '"a"', '"b", "c"'),
        ("string", '"a"', 'not("a")'),
        ("string", '< "b"', '>= "b"'),
        ("number", "< 5", ">= 5"),
        ("number", "[1..5)", "[5..9]"),
        ("integer", "> 5", "< 6"),
        ("integer", "(5..7)", "not(6)"),
        ("boolean", "true", "false"),
        ("date", '< date("2026-03-02")', '> date("2026-03-01")'),
        ("", '"1"', "1"),
        ("", "1", "true"),
    ],
)
def test_cells_that_share_no_value_are_not(kind: str, upper: str, lower: str) -> None:
    assert pairs(unique([f"x:{kind}"], [upper], [lower])) == []


def test_rules_meet_only_if_every_column_lets_them() -> None:
    columns = ["stage:string", "overdue:number"]
    apart = unique(columns, ['"plan"', "< 5"], ['"plan"', ">= 5"], ['"report"', "-"])
    meeting = unique(columns, ['"plan"', "< 5"], ['"report"', "-"], ["-", "[4..6)"])
    assert pairs(apart) == []
    assert pairs(meeting) == [(1, 3)]


def test_the_finding_names_both_rules_and_an_example() -> None:
    rows = [['"plan"', "< 5", "-"], ['"plan", "report"', "[4..9]", "-"]]
    found = unique(["stage:string", "overdue:number", "x:string"], *rows)
    [problem] = overlap_problems(found)
    assert (problem.element_id, problem.severity) == ("r2", "error")
    assert problem.line > 0
    assert "Rule 2 (r2) can match together with rule 1 (r1)" in str(problem.what)
    assert 'stage = "plan", overdue = 4.' in str(problem.what)
    with pytest.raises(LanguageError, match="rules 1, 2 match"):
        found.decide({"stage": "plan", "overdue": 4, "x": "any"})


@pytest.mark.parametrize(
    ("columns", "upper", "lower", "example", "severity"),
    [
        (["x:number"], ["< 5"], ["> 1"], "x = 2", "error"),
        (["x:number", "y:string"], ["1", "-"], ["[0..9]", "-"], "x = 1", "error"),
        (["x:number", "y:string"], ["1", '"a"'], ["[0..9]", 'not("b")'], 'x = 1, y = "a"', "error"),
        (["x:number"], ["-"], ["-"], "-", "error"), (["x:number"], ["null"], ["-"], "x = null",
                                                     "warning"),
        (["x:boolean"], ["not(true)"], ["not(null)"], "x = false", "error"),
        (["x:number"], ["[0..9]"], ["[0..5]"], "x = 0", "error"),
        (["x:number"], ["not(1)"], ["not(2)"], "x = 0", "error"),
        (["x % 2:number", "y:string"], ["-", '"a"'], ["-", "-"], 'y = "a"', "error"),
        (["x:number", "y:number"], ["1", "not(< 5)"], ["1", "not(>= 5)"], "x = 1, y = null",
         "warning"),
    ],
)  # fmt: skip
def test_the_example_names_the_columns_that_say_something(
    columns: list[str], upper: list[str], lower: list[str], example: str, severity: str
) -> None:
    found = unique(columns, upper, lower)
    [problem] = overlap_problems(found)
    assert f"{problem.what} {problem.advice}" == (
        f"Rule 2 (r2) can match together with rule 1 (r1), for example when {example}. Change one"
        " of the two, or choose the hit policy FIRST: then the upper rule counts."
    )
    assert (problem.severity, problem.code, problem.element_id) == (severity, "overlap", "r2")
    assert (problem.file, problem.element_name) == ("level.dmn", "Tingkat")
    assert problem.line == found.rules[1].line == 10 + len(columns)


def test_rules_that_meet_only_where_nothing_is_given_are_warned_of() -> None:
    [problem] = overlap_problems(unique(["x:number"], ["not(< 5)"], ["not(>= 5)"]))
    assert (problem.severity, "x = null" in str(problem.what)) == ("warning", True)


@pytest.mark.parametrize("policy", ["FIRST", "COLLECT"])
def test_other_hit_policies_may_have_several_matches(policy: str) -> None:
    assert pairs(unique(["x:number"], ["-"], ["-"], policy=policy)) == []


@pytest.mark.parametrize(
    ("columns", "upper", "lower"),
    [
        (["x:number", "y:number"], ["y", "-"], ["5", "-"]),
        (["x:number", "y:number"], ["> y + 1", "-"], ["> y + 1", "-"]),
        (["x % 2:number"], ["1"], ["[0..9]"]),
        (["x:number", "x + 1:number"], ["1", "-"], ["-", "5"]),
        (["case.x:number", "case:"], ["1", '"a"'], ["-", "-"]),
    ],
)
def test_what_only_a_run_knows_is_left_to_it(
    columns: list[str], upper: list[str], lower: list[str]
) -> None:
    assert pairs(unique(columns, upper, lower)) == []


def test_cells_that_are_known_keep_rules_apart_beside_ones_that_are_not() -> None:
    rows = [["y", "-", '"a"'], ["1", "-", '"a"'], ["1", "-", '"a"'], ["2", "-", '"b"']]
    assert pairs(unique(["x:number", "y:number", "z:string"], *rows)) == [(2, 3)]


def test_two_columns_that_read_the_same_are_one_value() -> None:
    columns = ["case.x:number", "case.x:number"]
    assert pairs(unique(columns, ["> 3", "-"], ["-", "< 3"])) == []
    assert pairs(unique(columns, ["> 3", "-"], ["-", "< 5"])) == [(1, 2)]


def test_what_another_decision_gives_is_left_to_the_run() -> None:
    found = unique(["x:string"], ['not("a")'], ['not("b")'])
    assert pairs(replace(found, needs=Needs(results={"x": ("other", "")}))) == []


def test_only_values_that_input_data_may_have_count() -> None:
    def among(*allowed: str, kind: Kind = TEXT) -> DecisionTable:
        return replace(found, needs=Needs(given=(Given("x", kind, allowed),)))

    found = unique(["x:string"], ['not("a", null)'], ['not("b", null)'])
    assert pairs(among("a", "b")) == []
    assert pairs(among("a", "b", "c")) == [(1, 2)]
    assert pairs(among()) == [(1, 2)]
    assert pairs(among(kind=NUMBER)) == []
    others = (Given("y", TEXT, ("a", "b")), Given("z", NUMBER))
    assert pairs(replace(found, needs=Needs(given=others))) == [(1, 2)], "x is none of these"


def test_a_rule_that_takes_everything_meets_every_other() -> None:
    assert pairs(unique(["x % 2:number", "y:string"], ["-", '"a"'], ["-", "-"])) == [(1, 2)]


MARCH = [date(2026, 3, day) for day in range(1, 6)]
MOMENTS = [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in range(5)]
KINDS: dict[str, tuple[list[str], list[object]]] = {
    "string": (['"a"', '"b"', '"c"'], ["", "a", "a\0", "b", "b~", "c", "d"]),
    "number": (["0", "1", "2.5"], [-1, 0, 0.5, 1, 2, 2.5, 3]),
    "integer": (["0", "1", "3"], [-1, 0, 1, 2, 3, 4]),
    "boolean": (["true", "false"], [True, False]),
    "date": ([f'date("{day}")' for day in MARCH[1:4:2]], [*MARCH]),
    "dateTime": ([f'date and time("{at.isoformat()}")' for at in MOMENTS[1:4:2]], [*MOMENTS]),
}
"""Kind -> constants of its cells, and a value of every sort that such cells can tell apart."""


def cells(kind: str) -> st.SearchStrategy[str]:
    """Cells a person could write into a column of this kind."""
    constants = KINDS[kind][0]
    single = st.sampled_from(constants)
    listed = st.lists(single, min_size=1, max_size=2, unique=True).map(", ".join)
    found = st.just("-") | listed | listed.map(lambda text: f"not({text})")
    if kind != "boolean":
        compared = st.builds(str.__add__, st.sampled_from(["<", "<=", ">", ">="]), single)
        ends = st.lists(st.sampled_from(range(len(constants))), min_size=2, max_size=2).map(sorted)
        shapes = st.tuples(st.sampled_from("[("), ends, st.sampled_from(")]"))
        ranges = shapes.map(lambda s: f"{s[0]}{constants[s[1][0]]}..{constants[s[1][1]]}{s[2]}")
        found |= compared | compared.map(lambda text: f"not({text})") | ranges
    return found


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], DecisionTable]:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=2))
    row = st.tuples(*map(cells, kinds))
    rows = draw(st.lists(row, min_size=2, max_size=4))
    return kinds, unique([f"{'xy'[place]}:{kind}" for place, kind in enumerate(kinds)], *rows)


@given(tables())
def test_a_pair_is_found_exactly_when_some_values_match_both(
    drawn: tuple[list[str], DecisionTable],
) -> None:
    kinds, found = drawn
    met = set()
    for values in product(*([*KINDS[kind][1], None] for kind in kinds)):
        matching = [rule.number for rule in found.rules if rule.matches(Run({}, {}), values)]
        met |= set(combinations(matching, 2))
    first = {lower: upper for upper, lower in sorted(met, reverse=True)}
    assert pairs(found) == [(upper, lower) for lower, upper in sorted(first.items())]
