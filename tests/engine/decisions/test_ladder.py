"""Escalation ladders: the next look moves forward from every rule, and is never in the past."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import Match, ladder_problems, rung_of
from engine.decisions.table import DecisionTable
from engine.language import LanguageError
from engine.sentences.problems import Problem
from tests.engine.decisions.tables import table

COLUMNS = ["stage:string", "priority:string", "overdue:number"]
CLIMBING = [
    ["-", "-", "< -3", "0", "-3"],
    ["-", "-", "[-3..0]", "0", "1"],
    ['"report"', '"high"', "[1..3)", "2", "3"],
    ["-", "-", "[1..7)", "1", "7"],
    ["-", "-", "[7..30)", "2", "overdue + 5"],
    ["-", "-", ">= 30", "3", ""],
]


def ladder(rows: Sequence[Sequence[str]], policy: str = "FIRST") -> DecisionTable:
    return table(COLUMNS, ["level:number", "next_look"], rows, f'hitPolicy="{policy}"')


def problem_of(rows: Sequence[Sequence[str]], policy: str = "FIRST") -> Problem:
    [problem] = ladder_problems(ladder(rows, policy))
    return problem


def with_rule(number: int, row: Sequence[str]) -> list[list[str]]:
    return [list(row) if place == number else r for place, r in enumerate(CLIMBING, 1)]


def test_a_ladder_that_climbs_has_no_problem() -> None:
    assert ladder_problems(ladder(CLIMBING)) == []


@pytest.mark.parametrize(
    ("number", "row"),
    [
        (2, ["-", "-", "[-3..0]", "0", "0"]),
        (4, ["-", "-", "[1..7)", "1", "6"]),
        (4, ["-", "-", "[1..7)", "1", "overdue"]),
        (5, ["-", "-", "[7..30)", "2", "7"]),
        (6, ["-", "-", ">= 30", "3", "40"]),
        (3, ['"report"', '"high"', "[1..3)", "2", "2"]),
    ],
)
def test_a_rule_that_looks_again_too_early_is_reported(number: int, row: list[str]) -> None:
    problem = problem_of(with_rule(number, row))
    assert problem.element_id == f"r{number}"
    assert f"rule {number} asks to look again" in str(problem.what)
    assert problem.line > 0


STANDING = "Let next_look be later than every day the rule holds for, or leave it empty."


@pytest.mark.parametrize(
    ("found", "element", "line", "words"),
    [
        (ladder(with_rule(4, ["-", "-", "[1..7)", "1", "6"])), "r4", 26,
         f"On working day 6, rule 4 asks to look again on day 6. {STANDING}"),
        (ladder(with_rule(6, ["-", "-", ">= 30", "3", "40"])), "r6", 38,
         f"On working day 40, rule 6 asks to look again on day 40. {STANDING}"),
        (ladder([["-", "-", "-", "0", "-1"]]), "r1", 8,
         f"On working day -1, rule 1 asks to look again on day -1. {STANDING}"),
        (ladder([["-", "-", "-", "0", '"soon"']]), "level", 3,
         'The next look is "soon", which is no whole number of working days. Write a working day'
         " relative to the deadline, such as -3 or overdue + 5."),
        (ladder([["-", "-", "-", "0", "-1"], ["-", "-", "-", "0", "1"]], "UNIQUE"), "level", 3,
         "Decision table Tingkat: rules 1, 2 match at the same time. Change the rules so that one"
         " matches, or choose the hit policy FIRST."),
        (table(COLUMNS, ["level"], [["-", "-", "-", "1"]]), "level", 3,
         "The table has no output next_look. Add an output next_look: the working day of the next"
         " look."),
        (table(["stage"], ["next_look"], [["-", "1"]]), "level", 3,
         "The columns of a ladder are plain names, overdue among them. Write stage, priority or"
         " overdue as input."),
        (table(["case.stage", "overdue"], ["next_look"], [["-", "-", ""]]), "level", 3,
         "The columns of a ladder are plain names, overdue among them. Write stage, priority or"
         " overdue as input."),
    ],
)  # fmt: skip
def test_a_finding_says_which_rule_stands_still_and_what_to_write(
    found: DecisionTable, element: str, line: int, words: str
) -> None:
    [problem] = ladder_problems(found)
    assert f"{problem.what} {problem.advice}" == words
    assert (problem.element_id, problem.line) == (element, line)
    assert (problem.file, problem.element_name) == ("level.dmn", "Tingkat")
    assert (problem.severity, problem.code) == ("error", "ladder")


@pytest.mark.parametrize(
    ("cell", "look"),
    [
        ("< -100", "overdue if overdue < -450 else -50"), ("> 100", "overdue + (overdue < 450)"),
        ("< -100", "-50 if overdue < -101 else -200"), ("> 100", "overdue + (overdue > 101)"),
    ],
)  # fmt: skip
def test_a_ladder_is_tried_near_its_bounds_and_far_from_them(cell: str, look: str) -> None:
    [problem] = ladder_problems(ladder([["-", "-", cell, "0", look]]))
    assert "asks to look again" in str(problem.what)


def test_two_rules_that_match_at_once_are_reported() -> None:
    rows = with_rule(3, ['"report"', '"high"', "[1..3)", "2", "3"])
    assert "rules 3, 4 match" in str(problem_of(rows, "UNIQUE").what)


def test_a_look_that_is_no_number_is_reported() -> None:
    assert "whole number" in str(problem_of(with_rule(4, ["-", "-", "[1..7)", "1", '"soon"'])).what)


def test_a_table_without_the_columns_of_a_ladder_is_reported() -> None:
    no_look = table(COLUMNS, ["level"], [["-", "-", "-", "1"]])
    no_overdue = table(["stage"], ["next_look"], [["-", "1"]])
    computed = table(["case.stage", "overdue"], ["next_look"], [["-", "-", ""]])
    for found in (no_look, no_overdue, computed):
        assert [problem.element_id for problem in ladder_problems(found)] == ["level"]


def test_what_the_rules_cannot_tell_apart_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, decide = [], DecisionTable.decide

    def counted(self: DecisionTable, *given: Any) -> list[Match]:
        asked.append(given)
        return decide(self, *given)

    monkeypatch.setattr(DecisionTable, "decide", counted)
    counts = set()
    for stages in ('"a"', '"a", "b", "c", "d", "e"'):
        assert ladder_problems(ladder([[stages, "-", "< 3", "0", "3"]])) == []
        counts.add(len(asked))
        asked.clear()
    assert len(counts) == 1


ROW = st.tuples(
    st.sampled_from(["-", '"plan"', '"report"', 'not("plan")']),
    st.sampled_from(["-", '"high"']),
    st.sampled_from(["-", "< 0", "[0..2]", "> 2", "4"]),
    st.just("0"),
    st.sampled_from(["", "0", "3", "5", "overdue + 1", '1 if priority == "high" else 7']),
)


def named(word: str, rows: list[tuple[str, ...]], column: int) -> list[str]:
    return [word] if any(word in row[column] for row in rows) else []


@given(st.lists(ROW, min_size=1, max_size=4))
def test_a_ladder_has_a_problem_exactly_when_some_look_does_not_lie_ahead(
    rows: list[tuple[str, ...]],
) -> None:
    found = ladder(rows)
    stages = [*named("plan", rows, 0), *named("report", rows, 0), None]
    priorities = [*named("high", rows, 1), None]
    standing = False
    for stage, priority, day in product(stages, priorities, [*range(-9, 12), 400]):
        row = found.single({"stage": stage, "priority": priority, "overdue": day})
        look = row and row["next_look"]
        standing |= isinstance(look, int) and look <= day
    assert bool(ladder_problems(found)) == standing


@pytest.mark.parametrize(("look", "rung"), [(-3, -3), (3.0, 3), (0, 0), (None, None)])
def test_the_next_look_is_a_whole_number_of_working_days(look: object, rung: int | None) -> None:
    assert rung_of({"next_look": look}) == rung


def test_without_a_matching_rule_there_is_no_next_look() -> None:
    assert rung_of(None) is None


@pytest.mark.parametrize("look", ["3", 1.5, True, [1]])
def test_a_next_look_that_is_no_whole_number_is_an_error(look: object) -> None:
    with pytest.raises(LanguageError, match="whole number"):
        rung_of({"next_look": look})


@given(
    st.sampled_from(["report", "plan"]), st.sampled_from(["high", "normal"]), st.integers(-30, 60)
)
def test_following_a_climbing_ladder_ends(stage: str, priority: str, start: int) -> None:
    found, day, looks = ladder(CLIMBING), start, 0
    names = {"stage": stage, "priority": priority}
    while (rung := rung_of(found.single({**names, "overdue": day}))) is not None:
        assert rung > day
        day, looks = rung, looks + 1
        assert looks < 15
