"""Each limit is exact: the largest allowed value is made, one more is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.decisions import read_decisions
from engine.language import LanguageError, compile_expression, compile_script
from engine.language.closures.names import near
from engine.language.juel import split_parts, translate
from engine.language.syntax import parse_expression
from engine.language.values import measure, show, to_json
from engine.sentences.errors import ModelError
from tests.engine.decisions.drawings import decision, decisions, drawing, formula, input_data
from tests.engine.decisions.tables import dmn


def value_of(source: str, **names: object) -> object:
    return compile_expression(source).evaluate(names)


def after(source: str, **data: object) -> dict[str, Any]:
    return compile_script(source).run(data)


def refuses(act: Callable[[], object]) -> bool:
    try:
        act()
    except (LanguageError, ModelError):
        return True
    return False


# --- text: 100,000 characters -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "n"),
    [
        ("text + 'x'", 99_999), ("len(text) * 'x'", 100_000), ("'x' * len(text)", 100_000),
        ("'x'.ljust(len(text))", 100_000), ("'x'.zfill(len(text))", 100_000),
        ("text.replace('a', 'bb')", 50_000), ("'--'.join([text, text, ''])", 49_998),
        ("text.replace('a', 'ß').upper()", 50_000), ("f'{text}x'", 99_999),
        ("str([text])", 99_996), ("${text}x", 99_999), ("${[text, 'x']}!", 99_996),
    ],
)  # fmt: skip
def test_a_text_has_a_hundred_thousand_characters_at_most(source: str, n: int) -> None:
    assert isinstance(value_of(source, text="a" * n), str)
    assert refuses(lambda: value_of(source, text="a" * (n + 1)))


# --- lists, sets and mappings: 10,000 entries ---------------------------------------------------


@pytest.mark.parametrize(
    ("source", "n"),
    [
        ("items + [0]", 9_999), ("[0] * len(items)", 10_000), ("range(len(items))", 10_000),
        ("[i for i in items]", 10_000), ("[i for two in [0, 1] for i in items]", 5_000),
        ("list(items)", 10_000), ("('a,' * len(items)).split(',')", 9_999),
        ("[1 for i in items if 0]", 10_000), ("group.items()", 10_000),
        ("group.values()", 10_000), ("group.keys()", 10_000), ("dict(group)", 10_000),
    ],
)  # fmt: skip
def test_a_list_has_ten_thousand_entries_at_most(source: str, n: int) -> None:
    def made(count: int) -> object:
        return value_of(source, items=[0] * count, group={str(key): key for key in range(count)})

    assert isinstance(made(n), list | dict)
    assert refuses(lambda: made(n + 1))


@pytest.mark.parametrize(
    "source",
    [
        "x.append(0)", "x.insert(0, 0)", "x.extend([0])", "g['new'] = 0", "g.setdefault('new')",
        "g.update({'new': 0})", "s = set(x2)\ns.add('new')",
    ],
)  # fmt: skip
def test_what_a_script_makes_longer_keeps_within_that(source: str) -> None:
    def grown(n: int) -> object:
        data = {"x": [0] * n, "g": {str(key): 0 for key in range(n)}, "x2": list(range(n))}
        return after(source, **data)

    grown(9_999)
    assert refuses(lambda: grown(10_000))


# --- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fits", "beyond"),
    [
        ("999999999999999999", "1000000000000000000"), ("10 ** 17 * 9", "10 ** 17 * 10"),
        ("-999999999999999999", "-(10 ** 17) * 10"), ("1 ** 60", "1 ** 61"),
        ("1 ** -60", "1 ** -61"), (f"int('{'7':0>40}')", f"int('{'7':0>41}')"),
        (f"float('{'7':0>40}')", f"float('{'7':0>41}')"),
        ("round(1.5, 15)", "round(1.5, 16)"), ("round(1, -15)", "round(1, -16)"),
        ("f'{1:99d}'", "f'{1:100d}'"), ("f'{1:.99f}'", "f'{1:.100f}'"),
    ],
)  # fmt: skip
def test_a_number_keeps_within_what_can_be_stored_and_shown(fits: str, beyond: str) -> None:
    assert value_of(fits) is not None
    assert refuses(lambda: value_of(beyond))


def test_a_power_in_a_formula_has_an_exponent_of_ten_thousand_at_most() -> None:
    def power(exponent: int) -> object:
        return decisions(decision("y", formula(f"1.0 ** ({exponent})")))["y"].value({})

    assert power(10_000) == power(-10_000) == 1
    assert refuses(lambda: power(10_001)) and refuses(lambda: power(-10_001))


# --- texts of authors ---------------------------------------------------------------------------


def test_an_expression_is_twenty_thousand_bytes_long_at_most() -> None:
    parse_expression("x" + " " * 19_999)
    parse_expression("'" + "é" * 9_999 + "'")
    for longer in ("x" + " " * 20_000, "'" + "é" * 9_999 + "a'"):
        assert refuses(lambda text=longer: parse_expression(text))


def test_an_expression_is_a_hundred_levels_deep_at_most() -> None:
    parse_expression("[" * 98 + "]" * 98)
    with pytest.raises(LanguageError, match="too deep"):
        parse_expression("[" * 99 + "]" * 99)


def test_a_text_has_some_five_hundred_places_at_most() -> None:
    assert len(split_parts("a${x}" * 501)) == 1002
    with pytest.raises(LanguageError, match="too many") as refused:
        split_parts("a${x}" * 502)
    assert refused.value.line == 1


def test_a_hundred_questions_stand_in_each_other_at_most() -> None:
    assert translate("a?b:" * 100 + "c").count(" if ") == 100
    with pytest.raises(LanguageError, match="too deep"):
        translate("a?b:" * 101 + "c")


# --- data ---------------------------------------------------------------------------------------


def nested(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("fits", "beyond"),
    [
        ([0] * 49_999, [0] * 50_000), ([[]] * 49_999, [[]] * 50_000),
        ([[0] * 9] * 4_999 + [0] * 9, [[0] * 9] * 5_000),
        (["a" * 100_000] * 20, ["a" * 100_000] * 20 + ["b"]),
        ({"a" * 1_000_000: "b" * 1_000_000}, {"a" * 1_000_000: "b" * 1_000_001}),
        ([{"a" * 1_000: 0}] * 2_000, [{"a" * 1_000: 0}] * 2_001),
        (nested(101), nested(102)),
    ],
    ids=["entries", "lists", "deep entries", "text", "keys", "keys within", "levels"],
)  # fmt: skip
def test_a_value_has_fifty_thousand_parts_two_million_characters_and_a_hundred_levels_at_most(
    fits: object, beyond: object
) -> None:
    measure(fits)
    to_json(fits, "x")
    for ask in (lambda: measure(beyond), lambda: to_json(beyond, "x")):
        with pytest.raises(LanguageError, match="too large or contains itself"):
            ask()


# --- what is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a" * 38, '"' + "a" * 38 + '"'), ("a" * 39, '"' + "a" * 39 + "..."),
        ("a" * 90, '"' + "a" * 39 + "..."), ('"', '"\\""'), ("é", '"é"'), ([], "[]"),
        ([1], "[...]"),
        ((), "[]"), ({1}, "[...]"), ({}, "{}"), ({"a": 1}, "{...}"), (object(), "..."),
        (1.5, "1.5"), (True, "true"), (None, "null"),
    ],
)  # fmt: skip
def test_a_value_is_shown_in_forty_characters(value: object, shown: str) -> None:
    assert show(value) == shown


def test_of_many_names_eight_are_told_and_of_the_near_ones_three() -> None:
    names = [f"{letter}{letter}" for letter in "abcdefgh"]
    assert str(near("zz", names)) == "There are: aa, bb, cc, dd, ee, ff, gg, hh."
    assert str(near("zz", [*names, "ii"])) == "There are: aa, bb, cc, dd, ee, ff, gg, hh, ...."
    assert str(near("zz", [])) == "Nothing has been given a name yet."
    assert str(near("name", ["named", "names", "name1", "name2"])).count(",") == 2


def test_of_a_line_that_cannot_be_read_eighty_characters_are_shown() -> None:
    with pytest.raises(LanguageError) as refused:
        compile_expression("1 + " + "x" * 90 + " +")
    assert str(refused.value.what) == "This cannot be read: 1 + " + "x" * 76


# --- decisions ----------------------------------------------------------------------------------


def problems_of(content: bytes) -> str:
    try:
        read_decisions(content, "level.dmn")
    except ModelError as error:
        return " ".join(str(problem.what) for problem in error.problems)
    return ""


def filled(count: int) -> bytes:
    cells = "<inputEntry/>" * count
    return dmn(["x"], ["y"], [], around=f"<extensionElements>{cells}</extensionElements>")


@pytest.mark.parametrize(
    ("made", "most", "words"),
    [
        (filled, 20_000, "more than 20000 cells"),
        (lambda n: dmn(["x"], ["y"], [["-", "1"]] * n), 2_000, "more than 2000 rules"),
        (lambda n: dmn(["x"] * (n - 1), ["y"], []), 200, "more than 200 columns"),
        (lambda n: drawing(*(decision(f"d{i}", formula("1")) for i in range(n))), 200,
         "more than 200 decisions"),
        (lambda n: drawing(decision("d", formula("1")), *[input_data("i")] * (n - 1)), 2_000,
         "more than 2000 drawn parts"),
        (lambda n: dmn(["x"], ["y"], [], listed=",".join(map(str, range(n)))), 1_000,
         "more than 1000 values"),
    ],
    ids=["cells", "rules", "columns", "decisions", "drawn parts", "listed values"],
)  # fmt: skip
def test_a_drawing_of_just_as_many_parts_as_allowed_is_read(
    made: Callable[[int], bytes], most: int, words: str
) -> None:
    assert problems_of(made(most)) == ""
    assert words in problems_of(made(most + 1))
