"""The cost of an evaluation: one step for each node, and one for each 64 characters or entries."""

from __future__ import annotations

from typing import Any

import pytest

from engine.language import LanguageError, compile_expression, compile_script
from engine.language.budget import Run
from engine.language.values import measure


def test_a_run_has_twenty_thousand_steps() -> None:
    run = Run({}, {})
    run.spend(20_000)
    with pytest.raises(LanguageError, match="too many steps"):
        run.spend(1)


HUNDRED: dict[str, Any] = {
    "text": "a" * 6400,
    "items": [0] * 6400,
    "texts": ["a" * 63] * 100,
    "group": {str(n): n for n in range(6400)},
    "empty": [],
    "n": 6400,
}
"""Each is read in a hundred steps: 64 characters or entries cost one."""


def cost_of(source: str) -> int:
    run = Run(HUNDRED, {})
    compile_expression(source).evaluate_in(run)
    return 20_000 - run.fuel


@pytest.mark.parametrize(
    ("source", "nodes", "units"),
    [
        ("n", 0, 0), ("n + 1", 3, 0), ("-n", 2, 0), ("n < 1 < 2", 4, 0), ("not n", 2, 0),
        ("(n + 1) + (n + 1)", 7, 0), ("[n, n, n]", 4, 0), ("{'a': n}", 3, 0),
        ("n if n else n", 4, 0),
        ("n and n", 3, 0), ("items[0]", 3, 0), ("len(items)", 3, 0),
        ("text + text", 3, 12_800), ("items[0:9]", 2, 6400), ("text[0:9]", 2, 6400),
        ("list(items)", 3, 6400), ("set(items)", 3, 6400), ("dict(group)", 3, 6400),
        ("range(n)", 3, 6400), ("zip(items, items)", 4, 12_800), ("enumerate(items)", 3, 6400),
        ("reversed(items)", 3, 6400), ("any(items)", 3, 6400), ("all(items)", 3, 6400),
        ("sum(items)", 3, 6400), ("max(items)", 3 + 6400, 6400), ("min(n, n)", 4 + 2, 0),
        ("sorted(items)", 3, 6400 + 2 * 6416), ("str(items)", 3, 6416),
        ("group.items()", 1, 6400), ("group.values()", 1, 6400),
        ("group.keys()", 1, 6400), ("items.count(0)", 2, 6400),
        ("text.upper()", 1, 6400), ("text.find('b')", 2, 6400),
        ("text.strip('ab')", 2, 12_800), ("text.strip()", 1, 6400),
        ("text.split('a')", 2, 6400 + 6401), ("text.replace('b', '')", 3, 6400),
        ("text.ljust(12800)", 2, 12_800), ("text.ljust(1)", 2, 6400),
        ("text.startswith('ab')", 2, 3), ("text.startswith(('b', text))", 4, 2 + 6401),
        ("'-'.join(texts)", 2, 1 + 6399), ("f'{text}'", 3, 6400),
        ("'a' in text", 3, 6401), ("0 in items", 3, 6416 + 16),
        ("items == items", 3, 2 * 6416), ("[n for i in items]", 2 + 6400, 6400),
        ("${items}!", 0, 6400 + 6400 + 299 * 64),  # it is 19,199 characters long
        ("{n for i in items}", 2 + 6400, 6400), ("[n for i in items if i]", 2 + 6400, 6400),
    ],
)  # fmt: skip
def test_a_node_is_a_step_a_leaf_one_more_and_so_are_64_entries_read_or_made(
    source: str, nodes: int, units: int
) -> None:
    assert cost_of(source) == nodes + units // 64


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        ("working_days(4, 0)", 1), ("working_days(3660, 0)", 915), ("working_days(back, 0)", 915),
        ("working_days(8, 4)", 3), ("working_days(3661, 0)", 0), ("days(3660, 0)", 0),
    ],
)  # fmt: skip
def test_counting_working_days_costs_a_step_for_each_four(source: str, steps: int) -> None:
    run = Run({"back": -3660}, dict.fromkeys(("working_days", "days"), lambda n, start: n))
    compile_expression(source).evaluate_in(run)
    assert 20_000 - run.fuel == 4 + steps


def test_what_takes_three_hundred_steps_is_worked_out_when_it_is_compiled() -> None:
    assert compile_expression("[" + "1," * 299 + "]").is_constant
    assert not compile_expression("[" + "1," * 300 + "]").is_constant


@pytest.mark.parametrize(
    ("value", "effort"),
    [
        (1, 16), ("abc", 19), ([], 16), ([1, 2], 18), (["ab", "c"], 21), ({"ab": 1}, 19),
        ({"ab": "cd"}, 21), ([[1], []], 18 + 17 + 16), ((1, (2,)), 16 + 2 + 16 + 16 + 1),
        ({1, 2, 3}, 19), ([{"a": 1}, "b"], 18 + 18 + 17),
    ],
)  # fmt: skip
def test_the_effort_of_a_value_is_that_of_its_containers_entries_and_characters(
    value: object, effort: int
) -> None:
    assert measure(value) == effort


@pytest.mark.parametrize(
    ("source", "each", "before"),
    [
        ("while f(): pass", 2 + 1 + 1, 1),  # the condition, the round, the statement in it
        ("while True:\n  f()", 1 + 1 + 2, 1), ("while True:\n  x = f()", 1 + 1 + 2, 1),
        ("while True:\n  if f(): pass", 1 + 1 + 2 + 1, 1), ("while True:\n  x = 1\n  f()", 5, 1),
        ("for i in range(9999):\n  f()", 4, 1 + 2 + 9999 // 64 * 2),
        ("[f() for i in range(9999)]", 1 + 2, 1 + 1 + 2 + 9999 // 64 * 2),
    ],
)  # fmt: skip
def test_a_round_of_a_loop_is_a_step_beside_what_is_done_in_it(
    source: str, each: int, before: int
) -> None:
    calls = []

    def f() -> bool:
        calls.append(1)
        return True

    with pytest.raises(LanguageError, match="too many steps"):
        compile_script(source).run({}, {"f": f})
    assert len(calls) == pytest.approx((20_000 - before) // each, abs=1)
