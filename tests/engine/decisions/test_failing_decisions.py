"""The error of a decision that fails in a run, and the rule of each result."""

from __future__ import annotations

import pytest

from engine.decisions import Match, map_result
from engine.language import LanguageError
from engine.sentences.errors import ModelError
from tests.engine.decisions.drawings import (
    decision,
    decisions,
    formula,
    input_data,
    knowledge,
    rules,
)
from tests.engine.decisions.tables import table


@pytest.mark.parametrize(
    ("policy", "rows", "x", "words"),
    [
        ("UNIQUE", [["-", "1"], ["> 1", "2"]], 2,
         "Decision table Tingkat: rules 1, 2 match at the same time. Change the rules so that one"
         " matches, or choose the hit policy FIRST."),
        ("ANY", [["-", "1"], ["> 1", "2"]], 2,
         "Decision table Tingkat: rules 1, 2 match with different results. Let them say the same,"
         " or choose the hit policy FIRST or PRIORITY."),
        ("FIRST", [["> 9", "1"], ["-", "1 / x"]], 0,
         "Decision table Tingkat: rule 2: 1 is divided by zero. Ask first whether the divisor is"
         " 0."),
        ("FIRST", [["-", "x"]], "a",
         'Decision table Tingkat: "a" does not fit the column x. Give a number, without quotes: 5'
         " or 2.5."),
    ],
)  # fmt: skip
def test_a_table_that_cannot_answer_says_which_rules_are_at_fault(
    policy: str, rows: list[list[str]], x: object, words: str
) -> None:
    with pytest.raises(LanguageError) as refused:
        table(["x:number"], ["y"], rows, f'hitPolicy="{policy}"').decide({"x": x})
    assert (str(refused.value), refused.value.line) == (words, 1)


def test_a_value_outside_the_list_of_its_author_is_told_with_the_list() -> None:
    status = (
        '<itemDefinition name="tStatus"><typeRef>string</typeRef>'
        '<allowedValues><text>"open","closed"</text></allowedValues></itemDefinition>'
    )
    drawn = decision("y", formula("status"), "input:s", name="State")
    found = decisions(status, drawn, input_data("s", "status", "tStatus"))["y"]
    assert found.value({"status": None}) is None, "nothing is always allowed"
    with pytest.raises(LanguageError) as refused:
        found.decide({"status": "lost"})
    assert str(refused.value) == (
        'Decision State: "lost" is not among the values of the column status. The column lists:'
        ' "open", "closed".'
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("twice(1)", "twice is given 1 values. Give one for each parameter: x, of."),
        ("twice()", "twice is given 0 values. Give one for each parameter: x, of."),
        ("(-2.0) ** 0.5", "The number is too large or has no value. Keep whole numbers below 10**18"
                          " and do not take roots of negative numbers."),
        ("1.5 ** 10001", "The exponent 10001 is too large. Use exponents up to 10000."),
        ('duration("P999999D") * 1e300', "The duration is out of range. Calculate with shorter"
                                         " durations."),
        ('date("9999-12-31") + duration("P1D")', "The date is out of range. Use dates between the"
                                                 " years 1 and 9999."),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_worked_out_says_why(text: str, words: str) -> None:
    with pytest.raises((LanguageError, ModelError)) as refused:
        drawn = decision("y", formula(f"{text} + one * 0"), "knowledge:k")
        decisions(drawn, knowledge("k", ["x", "of"], "x", name="twice"))["y"].decide({"one": 1})
    assert words in str(refused.value)


TWO = [Match("r1", 1, {"y": 1}), Match("r2", 2, {"y": 2})]


@pytest.mark.parametrize(
    ("how", "matches", "words"),
    [
        ("somehow", TWO, "A decision result cannot be mapped as somehow. Choose one of:"
                         " singleEntry, singleResult, collectEntries, resultList."),
        ("singleEntry", TWO, "2 rules match, but one result is asked for. Use a hit policy with one"
                             " result, or map the result as a list."),
        ("collectEntries", [Match("r1", 1, {"y": 1, "z": 2})],
         "The table has several outputs, but one value is asked for. Map the result as singleResult"
         " or resultList."),
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_mapped_says_how_it_could(
    how: str, matches: list[Match], words: str
) -> None:
    with pytest.raises(LanguageError) as refused:
        map_result(matches, how)
    assert str(refused.value) == words


def test_a_result_of_no_rule_belongs_to_none() -> None:
    total = 'hitPolicy="COLLECT" aggregation="SUM"'
    assert table(["x"], ["y"], [["-", "2"], ["-", "3"]], total).decide({"x": 1}) == [
        Match("", 0, {"y": 5})
    ]
    assert decisions(decision("f", formula("6 * 7")))["f"].decide({}) == [Match("", 0, {"f": 42})]
    counted = rules(["x"], ["n"], ["1", "1"], policy="COLLECT").replace(
        'hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="COUNT"'
    )
    assert decisions(decision("c", counted))["c"].decide({"x": 2}) == [Match("", 0, {"n": 0})]
