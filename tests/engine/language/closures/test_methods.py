"""The methods of text, lists, mappings, sets and dates: each has the same result as in Python."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.language import LanguageError, compile_expression, compile_script
from engine.language.budget import Run
from engine.language.closures.methods import find_method, known_methods

TEXTS = ["", "aB c", "  x-y-x ", "abcABC", "7", "Łódź\n2", "a\tb", "ABC", "abc", " "]
ASKED: dict[str, list[tuple[Any, ...]]] = {
    **{name: [()] for name in (
        "capitalize", "casefold", "isalnum", "isalpha", "isdigit", "islower", "isspace", "isupper",
        "lower", "title", "upper", "splitlines",
    )},
    "count": [("b",), ("",)], "find": [("b",), ("zz",), ("a", 1)],
    "removeprefix": [("a",), ("",)], "removesuffix": [("c",), ("zz",)],
    "partition": [("b",), ("-",)], "split": [(), ("-",), ("-", 1)],
    "lstrip": [(), ("a ",)], "rstrip": [(), ("c ",)], "strip": [(), ("ac ",)],
    "ljust": [(9,), (9, ".")], "rjust": [(9,), (9, ".")], "zfill": [(5,), (0,)],
    "startswith": [("a",), (("x", " "),)], "endswith": [("c",), (("x", " "),)],
    "replace": [("x", "yy"), ("", "-"), ("zz", "")], "join": [(["a", "b"],), ([],)],
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_a_method_of_text_does_what_it_does_in_python(name: str) -> None:
    for text in TEXTS:
        for arguments in ASKED[name]:
            given = ", ".join(f"a{place}" for place in range(len(arguments)))
            names = {"text": text} | {f"a{place}": one for place, one in enumerate(arguments)}
            made = compile_expression(f"text.{name}({given})").evaluate(names)
            assert made == getattr(text, name)(*arguments)


def test_joining_writes_what_is_no_text_as_str_does() -> None:
    source = "'-'.join(['a', 1, None, date('2026-03-17'), [1]])"
    assert compile_expression(source).evaluate({}) == "a-1-None-2026-03-17-[1]"


SIZED = {"equals", "isEmpty", "size"}
READING = {
    "text": {*ASKED, *SIZED, "contains"},
    "list": {"copy", "count", "index", *SIZED, "contains"},
    "tuple": {"count", "index", *SIZED, "contains"},
    "mapping": {"copy", "get", "items", "keys", "values", *SIZED},
    "date": {"equals", "isoformat", "weekday"},
    "set": {*SIZED, "contains"},
    "number": {"equals"},
    "nothing": set(),
}
CHANGING = {
    "list": {"append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"},
    "mapping": {"clear", "pop", "setdefault", "update"},
    "set": {"add", "discard"},
}
NAMED = [str(n) for n in range(6400)]
RECEIVERS = {
    "text": "a", "list": [1], "tuple": (1,), "mapping": {"a": 1}, "date": date(2026, 3, 17),
    "set": {1}, "number": 5, "nothing": None,
}  # fmt: skip


@pytest.mark.parametrize("kind", RECEIVERS)
def test_each_kind_of_value_has_its_methods_and_no_others(kind: str) -> None:
    value = RECEIVERS[kind]
    every = known_methods(changing=True)
    reading = {name for name in every if find_method(value, name, changing=False)}
    all_of = {name for name in every if find_method(value, name, changing=True)}
    assert reading == READING[kind]
    assert all_of == READING[kind] | CHANGING.get(kind, set())


def test_the_known_methods_are_those_that_some_value_has() -> None:
    assert known_methods(changing=False) == set().union(*READING.values())
    assert known_methods(changing=True) == set().union(*READING.values(), *CHANGING.values())


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[1, 2, 1].count(1)", 2), ("[1, [2]].index([2])", 1), ("(1, 2).index(2)", 1),
        ("[1, 2].copy()", [1, 2]), ("group.get('a')", 1), ("group.get('z')", None),
        ("group.get('z', 7)", 7), ("group.items()", [("a", 1), ("b", 2)]),
        ("group.keys()", ["a", "b"]), ("group.values()", [1, 2]),
        ("group.copy()", {"a": 1, "b": 2}), ("['2026-03-17'].index(date('2026-03-17'))", 0),
        ("[date('2026-03-17')].count('2026-03-17')", 1), ("[1, 1.0, True].count(1)", 3),
        ("date('2026-03-17').isoformat()", "2026-03-17"), ("date('2026-03-17').weekday()", 1),
    ],
)  # fmt: skip
def test_what_a_method_of_another_value_reads(source: str, value: object) -> None:
    assert compile_expression(source).evaluate({"group": {"a": 1, "b": 2}}) == value


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("x.append(4)", [3, 1, 2, 4]), ("x.clear()", []), ("x.extend([4, 5])", [3, 1, 2, 4, 5]),
        ("x.insert(1, 9)", [3, 9, 1, 2]), ("x.pop()", [3, 1]), ("x.pop(0)", [1, 2]),
        ("x.remove(1)", [3, 2]), ("x.reverse()", [2, 1, 3]), ("x.sort()", [1, 2, 3]),
        ("x.sort(reverse=True)", [3, 2, 1]), ("x.sort(reverse=False)", [1, 2, 3]),
        ("x = x.pop(1)", 1), ("x = x.pop()", 2),
    ],
)  # fmt: skip
def test_a_script_changes_a_list_as_python_does(source: str, x: object) -> None:
    assert compile_script(source).run({"x": [3, 1, 2]})["x"] == x


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("x.clear()", {}), ("x.pop('a')", {"b": 2}), ("x.pop('z', 0)", {"a": 1, "b": 2}),
        ("x.setdefault('a', 9)", {"a": 1, "b": 2}),
        ("x.setdefault('c')", {"a": 1, "b": 2, "c": None}),
        ("x.setdefault('c', 9)", {"a": 1, "b": 2, "c": 9}),
        ("x.update({'a': 9})", {"a": 9, "b": 2}),
        ("x.update([['c', 3]])", {"a": 1, "b": 2, "c": 3}), ("x = x.pop('a')", 1),
        ("x = x.pop('z', 7)", 7), ("x = x.setdefault('a', 9)", 1), ("x = x.setdefault('c', 9)", 9),
    ],
)  # fmt: skip
def test_a_script_changes_a_mapping_as_python_does(source: str, x: object) -> None:
    assert compile_script(source).run({"x": {"a": 1, "b": 2}})["x"] == x


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("x = {3, 1}\nx.add(2)", [1, 2, 3]), ("x = {3, 1}\nx.add(3)", [1, 3]),
        ("x = {3, 1}\nx.discard(3)", [1]), ("x = {3, 1}\nx.discard(7)", [1, 3]),
        ("x = {'b', 2, 'a', 1}", [1, 2, "a", "b"]),
    ],
)  # fmt: skip
def test_a_set_is_changed_as_in_python_and_stored_in_order(source: str, x: object) -> None:
    assert compile_script(source).run({})["x"] == x


@pytest.mark.parametrize(
    "source",
    ["x.pop(7)", "x.remove(7)", "g.pop('z')", "g.pop(1)", "g.get(1)", "x.insert('a', 1)",
     "x.append()", "x.extend(5)", "g.update(5)", "x.sort(1)", "t.add(1)", "g.setdefault(1)"],
)  # fmt: skip
def test_what_python_would_raise_is_a_sentence(source: str) -> None:
    with pytest.raises(LanguageError) as refused:
        compile_script(source).run({"x": [1], "g": {"a": 1}, "t": "text"})
    assert str(refused.value.what) and str(refused.value.advice) and refused.value.line == 1


@pytest.mark.parametrize(
    ("value", "name", "arguments", "units"),
    [
        ([0] * 6400, "append", (0,), 0), ([0] * 6400, "insert", (0, 0), 6401),
        ([0] * 6400, "pop", (), 6400), ([0], "extend", ([0] * 6400,), 6400),
        ([0] * 6400, "index", (0,), 6400), ([0] * 6400, "remove", (0,), 6400),
        ([0] * 6400, "sort", (), 6400 + 2 * 6416), ({}, "update", (dict.fromkeys(NAMED, 0),), 6400),
        (dict.fromkeys(NAMED, 0), "get", ("a",), 0), (dict.fromkeys(NAMED, 0), "pop", ("0",), 0),
    ],
)  # fmt: skip
def test_what_reads_or_moves_many_entries_is_paid_for_by_their_number(
    value: object, name: str, arguments: tuple[object, ...], units: int
) -> None:
    method, run = find_method(value, name, changing=True), Run({}, {})
    assert method is not None
    method(run, value, *arguments)
    assert 20_000 - run.fuel == units // 64
