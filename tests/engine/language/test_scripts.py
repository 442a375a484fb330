"""Scripts: a few statements on a copy of the data, all or nothing, JSON in and out."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import LanguageError, Namespace, compile_script

ORDERS: dict[str, Any] = {
    "orders": [{"id": "a", "n": 2}, {"id": "b", "n": 9}],
    "by": {"a": 1},
    "total": 5,
}


def after(source: str, data: Mapping[str, object] = ORDERS) -> dict[str, Any]:
    return compile_script(source).run(data)


def refusal_of(source: str, data: Mapping[str, object] = ORDERS) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        after(source, data)
    return caught.value


@pytest.mark.parametrize(
    ("source", "name", "value"),
    [
        ("x = total + 1", "x", 6),
        ("total += 2", "total", 7),
        ("x = y = 3", "y", 3),
        ("a, (b, c) = 1, [2, 3]", "c", 3),
        ("by['b'] = total", "by", {"a": 1, "b": 5}),
        ("by['a'] += 1", "by", {"a": 2}),
        ("orders[0]['n'] = 0", "orders", [{"id": "a", "n": 0}, {"id": "b", "n": 9}]),
        ("del by['a']", "by", {}),
        ("del orders[0]", "orders", [{"id": "b", "n": 9}]),
        ("orders.append({'id': 'c'})\nx = len(orders)", "x", 3),
        ("by.update({'z': 1})\nby.pop('a')", "by", {"z": 1}),
        ("x = [3, 1]\nx.sort()\nx.insert(0, 7)", "x", [7, 1, 3]),
        ("x = 0\nfor o in orders:\n  x += o['n']", "x", 11),
        ("x = ''\nfor k, v in by.items():\n  x = f'{k}={v}'", "x", "a=1"),
        ("x = 0\nwhile x < 10:\n  x += 1\n  if x == 4: break", "x", 4),
        ("x = 0\nfor i in range(5):\n  if i % 2: continue\n  x += i", "x", 6),
        ("for i in [1]:\n  pass\nelse:\n  x = 'done'", "x", "done"),
        ("if total > 9:\n  x = 1\nelif total > 4:\n  x = 2\nelse:\n  x = 3", "x", 2),
        ("\n    x = 1\n    if x:\n        x = 2\n", "x", 2),
        ("x = {3, 1, 2}", "x", [1, 2, 3]),
        ("x = (1, 'a')", "x", [1, "a"]),
        ("x = date('2026-03-27')", "x", "2026-03-27"),
        ("x = date_and_time('2026-03-27T09:00:00+07:00')", "x", "2026-03-27T09:00:00+07:00"),
        ("x = orders\nx.clear()", "orders", []),
        ("x = [1, 2]\nx[0] = 5\nx[1] += 1", "x", [5, 3]),
        ("x = [1]\nx.extend([2, 3])\nx.remove(2)\nx.reverse()", "x", [3, 1]),
        ("by.setdefault('z', 2)\nby.setdefault('a', 9)", "by", {"a": 1, "z": 2}),
        ("x = {1}\nx.add(2)\nx.discard(1)", "x", [2]),
        ("x = 0\nwhile x < 2:\n  x += 1\nelse:\n  x = 'done'", "x", "done"),
        ("for i in range(9):\n  if i == 3: break\nelse:\n  i = 'all'", "i", 3),
    ],
)
def test_statements_do_what_they_do_in_python(source: str, name: str, value: object) -> None:
    assert after(source)[name] == value


def test_the_data_given_stays_as_it_is() -> None:
    data = copy.deepcopy(ORDERS)
    result = after("orders[0]['n'] = 0\nby.clear()\ndel total", data)
    assert data == ORDERS
    assert result == {"orders": [{"id": "a", "n": 0}, {"id": "b", "n": 9}], "by": {}}


def test_a_script_that_fails_half_way_gives_nothing_back() -> None:
    error = refusal_of("total = 0\norders.clear()\nmissing + 1")
    assert error.line == 3
    assert ORDERS["total"] == 5 and len(ORDERS["orders"]) == 2


def test_data_beyond_the_limits_are_refused_before_anything_is_done() -> None:
    for large in (["a" * 100_000] * 21, [0] * 50_001):
        with pytest.raises(LanguageError, match="The data is too large"):
            after("del large", {"large": large})


def test_two_names_for_one_list_are_two_lists_in_the_result() -> None:
    result = after("x = [1]\ny = x")
    result["x"].append(2)
    assert result["y"] == [1]


def test_facts_can_be_read_and_are_no_data() -> None:
    facts = {"case": Namespace({"institution": "kemhan"})}
    result = compile_script("x = case.institution").run({}, {}, facts)
    assert result == {"x": "kemhan"}


def test_facts_cannot_be_changed() -> None:
    script = compile_script("case['institution'] = 'x'")
    with pytest.raises(LanguageError, match="cannot be changed"):
        script.run({}, {}, {"case": Namespace({"institution": "kemhan"})})


def test_functions_of_the_caller_can_be_called() -> None:
    moment = datetime(2026, 3, 17, 2, tzinfo=UTC)
    assert compile_script("x = now()").run({}, {"now": lambda: moment}) == {
        "x": "2026-03-17T02:00:00+00:00"
    }


def test_a_script_tells_what_it_reads_and_assigns() -> None:
    script = compile_script("total = a + len(b)\nfor row in rows:\n  c[0] = row")
    assert script.assigned == {"total", "row"}
    assert script.names == {"a", "b", "rows", "c", "row"}
    assert script.calls == {"len"}


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("import os", "import"), ("from os import path", "import"), ("def f(): pass", "def"),
        ("class A: pass", "class"), ("try:\n  x = 1\nexcept: pass", "try"),
        ("with x: pass", "with"), ("raise x", "raise"), ("assert x", "assert"),
        ("global x", "global"), ("x = lambda: 1", "lambda"), ("return 1", "return"),
        ("async def f(): pass", "async"), ("match x:\n  case 1: pass", "match"),
        ("break", "break"), ("if 1:\n  continue", "continue"), ("x = (y := 1)", ":="),
        ("*a, b = [1, 2]", "*"),
    ],
)  # fmt: skip
def test_what_a_script_may_not_use_is_named_as_its_author_wrote_it(source: str, word: str) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_script(source)
    assert f"`{word}`" in str(caught.value.what)


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("a.b = 1", 'x["key"] = 1'),
        ("x: int = 1", "without a type"),
        ("true = 1", "another name"),
        ("__x = 1", "two underscores"),
        ("if total:\nx = 1", "Indent"),
        ("var x = 1", "without var"),
        ("x = {1: 2}", "in quotes"),
        ("orders[7] = 1", "There are 2"),
        ("a, b = [1]", "as many names"),
        ("del nope", "There are: by, orders, total"),
        ("del orders[0:1]", 'del x["key"]'),
        ("x = (1, 2)\ndel x[0]", "lists and mappings"),
        ("x = (1, 2)\nx[0] = 1", "lists and mappings"),
        ("total |= 1", "service task"),
        ("orders[0:1] += 1", 'x["key"] += 1'),
        ("total.append(1)", "There are: equals"),
        ("status['a'] = 1", "There are"),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(source: str, advice: str) -> None:
    assert advice in str(refusal_of(source).advice)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = 2 +", 2),
        ("\n\n  x = 1\n  y = nope", 4),
        ("for i in [1]:\n  x = 1\n  y = 1/0", 3),
    ],
)
def test_an_error_knows_its_line(source: str, line: int) -> None:
    assert refusal_of(source).line == line


def test_a_value_that_cannot_be_stored_is_refused_with_its_variable() -> None:
    script = compile_script("price = cost()")
    with pytest.raises(LanguageError, match="price holds a value that cannot be stored"):
        script.run({}, {"cost": lambda: Decimal("1.5")})


def test_a_value_that_contains_itself_is_refused_with_its_variable() -> None:
    assert "too large or contains itself" in str(refusal_of("x = []\nx.append(x)"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(min_size=1, max_size=4), json_values, max_size=4))
def test_a_script_that_changes_nothing_gives_back_equal_data(data: dict[str, Any]) -> None:
    result = compile_script("pass").run(data)
    assert result == data
    assert all(
        result[name] is not data[name] for name in data if isinstance(data[name], dict | list)
    )
