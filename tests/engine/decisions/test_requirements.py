"""Decisions that need other decisions: evaluated in order, once each, and never in a circle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import LanguageError
from engine.sentences.errors import ModelError
from tests.engine.decisions.drawings import (
    decision,
    decisions,
    drawing,
    formula,
    input_data,
    rules,
)
from tests.engine.decisions.test_decisions import problem_of

RISK = decision(
    "risk",
    rules(["amount"], ["level", "score"], ["< 10", '"low"', "1"], [">= 10", '"high"', "5"]),
    "input:amount",
    name="Risk of it",
)
AMOUNT = input_data("amount")


def test_a_table_reads_the_outputs_of_the_table_it_needs() -> None:
    found = decisions(
        decision(
            "days",
            rules(["level"], ["days"], ['"low"', "20"], ['"high"', "2 * score"]),
            "decision:risk",
        ),
        RISK,
        AMOUNT,
    )
    assert [found["days"].single({"amount": n}) for n in (5, 50)] == [{"days": 20}, {"days": 10}]
    assert found["risk"].single({"amount": 5}) == {"level": "low", "score": 1}
    assert "amount" in found["days"].names


@pytest.mark.parametrize("text", ["Risk of it.score + 1", "risk.score + 1", "score + 1"])
def test_a_result_is_read_by_the_name_the_id_or_the_output_of_its_decision(text: str) -> None:
    found = decisions(RISK, AMOUNT, decision("y", formula(text), "decision:risk"))
    assert found["y"].value({"amount": 50}) == 6


def test_a_result_takes_the_name_of_its_variable() -> None:
    found = decisions(
        decision("a", formula("2"), variable="Base Rate"),
        decision("y", rules(["Base Rate"], ["y"], ["2", "Base Rate * 10"]), "decision:a"),
    )
    assert found["y"].single({}) == {"y": 20}


def test_a_result_is_never_an_earlier_value_of_the_same_name() -> None:
    found = decisions(RISK, AMOUNT, decision("y", formula("level"), "decision:risk"))
    assert found["y"].value({"amount": 50, "level": "stale"}) == "high"


def test_without_a_match_what_is_needed_is_empty() -> None:
    none = decision("a", rules(["x"], ["n", "m"], ["1", "1", "2"]))
    found = decisions(none, decision("y", formula("n = null and a = null"), "decision:a"))
    assert found["y"].value({"x": 2}) is True


def test_a_table_with_several_results_gives_a_list() -> None:
    all_of = decision("a", rules(["x"], ["n"], ["> 0", "1"], ["> 1", "2"], policy="RULE ORDER"))
    found = decisions(all_of, decision("y", rules(["2"], ["y"], ["n", "a"]), "decision:a"))
    assert found["y"].single({"x": 9}) == {"y": [1, 2]}
    assert found["y"].single({"x": 1}) is None


def test_outputs_of_two_decisions_with_one_name_are_read_through_their_decisions() -> None:
    parts = (
        decision("a", rules(["1"], ["n"], ["-", "1"])),
        decision("b", rules(["1"], ["n"], ["-", "2"])),
    )
    found = decisions(*parts, decision("y", formula("10 * a + b"), "decision:a", "decision:b"))
    assert found["y"].value({}) == 12
    unclear = decisions(*parts, decision("y", formula("n"), "decision:a", "decision:b"))
    with pytest.raises(LanguageError, match="no value called n"):
        unclear["y"].decide({})


def test_only_what_is_drawn_as_needed_is_read() -> None:
    found = decisions(
        decision("a", formula("1")),
        decision("b", formula("a + 1"), "decision:a"),
        decision("c", formula("a + b"), "decision:b"),
    )
    with pytest.raises(LanguageError, match="Decision c: There is no value called a"):
        found["c"].decide({})


def test_everything_a_cell_or_a_decision_before_it_reads_is_among_the_names() -> None:
    table = rules(
        ["x"], ["y"], ["> Full Name", "a"], ["[low..high], not_this", "case.kind"], policy="FIRST"
    )
    drawn = [input_data(f"i{n}", name) for n, name in enumerate(["Full Name", "low", "high", "a"])]
    cells = decision("t", table, "decision:risk")
    found = decisions(RISK, AMOUNT, *drawn, input_data("i", "not_this"), cells)
    read = {"x", "Full Name", "a", "low", "high", "not_this", "case", "amount"}
    assert found["t"].names == read


def test_an_error_names_the_decision_it_happened_in() -> None:
    found = decisions(RISK, AMOUNT, decision("y", formula("score"), "decision:risk"))
    with pytest.raises(LanguageError, match="Decision table Risk of it: There is no value"):
        found["y"].decide({})


def test_decisions_that_need_each_other_are_refused_by_name() -> None:
    circle = drawing(
        decision("a", formula("1"), "decision:b", name="Apple"),
        decision("b", formula("1"), "decision:a", name="Pear"),
    )
    problem = problem_of(circle)
    assert "circle" in str(problem.what)
    assert "Apple" in str(problem.what)
    assert "Pear" in str(problem.what)
    assert problem.line


def test_a_decision_of_another_file_is_refused() -> None:
    content = drawing(decision("a", formula("1"), "decision:gone"))
    assert "needs gone, which is not in this file" in str(problem_of(content).what)


def test_a_drawing_with_too_many_decisions_is_refused_before_it_is_read() -> None:
    many = [decision(f"d{n}", formula("1")) for n in range(201)]
    assert "200 decisions" in str(problem_of(drawing(*many)).what)


def test_decisions_that_share_what_they_need_ask_it_once_and_share_one_budget() -> None:
    ladder = [
        decision(f"d{n}", formula(f"d{n - 1} + d{n - 1}"), f"decision:d{n - 1}")
        for n in range(1, 50)
    ]
    found = decisions(decision("d0", formula("1")), *ladder)
    assert found["d49"].value({}) == 2**49
    heavy = "[" + ", ".join(["1"] * 2000) + "]"
    parts = [decision(f"h{n}", formula(heavy)) for n in range(20)]
    needs = [f"decision:h{n}" for n in range(20)]
    with pytest.raises(LanguageError, match="too many steps"):
        decisions(*parts, decision("y", formula("1"), *needs))["y"].decide({})


def test_a_wrong_decision_is_reported_beside_those_that_need_it() -> None:
    with pytest.raises(ModelError) as refused:
        decisions(decision("a", formula("1 +")), decision("b", formula("a"), "decision:a"))
    assert [problem.element_id for problem in refused.value.problems] == ["a"]


@given(st.lists(st.lists(st.integers(0, 8), max_size=3), min_size=1, max_size=9), st.randoms())
def test_in_whatever_order_they_are_drawn_each_comes_after_what_it_needs(
    wanted: list[list[int]], random: object
) -> None:
    needs = [sorted({n for n in each if n < place}) for place, each in enumerate(wanted)]
    values: list[int] = []
    for each in needs:
        values.append(1 + sum(values[n] for n in each))
    parts = [
        decision(
            f"d{place}",
            formula(" + ".join(["1", *(f"d{n}" for n in each)])),
            *(f"decision:d{n}" for n in each),
        )
        for place, each in enumerate(needs)
    ]
    random.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis' own random
    found = decisions(*parts)
    assert [found[f"d{place}"].value({}) for place in range(len(values))] == values
