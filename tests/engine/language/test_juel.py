"""JUEL's spelling: how its words bind, which text they leave unchanged, and where places in a text
end.
"""

from __future__ import annotations

import pytest

from engine.deployment.apart import Apart
from engine.language import LanguageError, Namespace, compile_expression
from engine.language.juel import Part, has_expression, split_parts, translate

NAMES: dict[str, object] = {
    "a": 1, "b": 0, "c": 5, "text": "x", "none": None, "items": [1, 2], "yes": True, "no": False,
    "group": {"eq": 1, "empty": 2, "div": {"lt": 3}, "b": 0},
    "case": Namespace({"open": True, "rows": [[0]]}),
}  # fmt: skip


def value_of(body: str) -> object:
    return compile_expression("${" + body + "}").evaluate(NAMES, {"f": lambda *given: given})


@pytest.mark.parametrize(
    ("body", "value"),
    [
        # words between values
        ("a && c", 5), ("b || c", 5), ("a && b || c", 5), ("a&&c", 5), ("b||c", 5),
        ("a eq 1 && b ne 1", True), ("a lt c", True), ("c gt a", True), ("a le 1", True),
        ("c ge 6", False), ("c div 2", 2.5), ("c mod 2", 1), ("7 mod 4 eq 3", True),
        ("a && c && b", 0), ("no || none || text", "x"),
        # prefixes and what they bind to
        ("!a", False), ("!b", True), ("!!a", True), ("! b", True), ("!b && a", 1),
        ("!b == yes", True), ("!case.open", False), ("!items[0]", False), ("!f(1)", False),
        ("!case.rows[0][0]", True), ("!(a && b)", True), ("!empty text", True),
        ("empty none", True),
        ("empty items", False), ("empty ''", True), ("!empty items && a", 1), ("empty !a", False),
        ("empty group.b", False), ("empty none == yes", True), ("!-a", False), ("!-b", True),
        ("empty f()", True), ("!f", None), ("not empty none", False), ("-a + !b", 0),
        # names that are spelled like words
        ("group.eq + a", 2), ("group.empty && a", 1), ("group.div.lt ge 3", True),
        ("!group.eq", False),
        # questions
        ("a ? 1 : 2", 1), ("b ? 1 : 2", 2), ("a?b?1:2:3", 2), ("b ? 1 : a ? 2 : 3", 2),
        ("a ? b ? 1 : 2 : 3", 2), ("(a ? 1 : 2) + 1", 2), ("f(a ? 1 : 2, b ? 3 : 4)", (1, 4)),
        ("[a ? 1 : 2, b ? 3 : 4, 5]", [1, 4, 5]), ("{'k': a ? 1 : 2, 'l': b ? 3 : 4}",
                                                  {"k": 1, "l": 4}),
        ("{'k': a, 'l': {'m': b ? 3 : 4}}", {"k": 1, "l": {"m": 4}}), ("items[a ? 1 : 0]", 2),
        ("a && b ? 1 : 2", 2), ("a ? b || c : 0", 5), ("!a ? 1 : 2", 2), ("f(a ? 1 : 2,)", (1,)),
        ("{'k': {'l': 1}, 'm': a ? [1] : 2}", {"k": {"l": 1}, "m": [1]}),
        ("b ? 1 : !b ? 2 : 3", 2), ("a ? {'k': 1}['k'] : 2", 1), ("a ? items[0:1] : 2", [1]),
        # text is left alone
        ("'a && b ? c : !d' + (a ? '?' : ':')", "a && b ? c : !d?"),
        ('"eq" + (a ? "\\"" : "")', 'eq"'),
        ("'}' + (a ? '{' : '')", "}{"), ("'it\\'s ' + (a ? 'ne' : '')", "it's ne"),
        ("a ? 'x' : \"'\"", "x"), ("1.5 gt 1", True), ("a\n  && c", 5), ("[\n!b,\na]", [True, 1]),
    ],
)  # fmt: skip
def test_a_word_binds_as_in_juel_and_text_and_names_stay_as_they_are(
    body: str, value: object
) -> None:
    if value is None:
        with pytest.raises(LanguageError, match=r"write f\(\)"):
            value_of(body)
        return
    made = value_of(body)
    assert (made, type(made)) == (value, type(value))


@pytest.mark.parametrize(
    "body",
    ["a !== b", "a ? 1", "a ? : 1", "a ? 1 :", "!", "empty", "a &&", "&& a", "!) a", "(!a", "a ! b",
     "f(a ? 1, 2)", "[a ? 1 : 2", "? 1 : 2", "a : b ? 1 : 2", "'a ? 1 : 2", "a eq eq b", "!, a",
     "!!", "empty !", "!-", "a && !empty", "f(!)"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_not_repaired(body: str) -> None:
    with pytest.raises(LanguageError):
        value_of(body)


def test_a_text_without_words_of_juel_is_left_as_it_was_written() -> None:
    for body in ("a  +b", "f( a ,b)", "(a", "x = {", "'\\'", "a  if b else\n c"):
        assert translate(body) == body


def test_line_breaks_stay_where_they_are() -> None:
    body = "a\n&& (\nb ?\n c :\n !d\n)"
    assert translate(body).count("\n") == body.count("\n")
    with pytest.raises(LanguageError) as refused:
        value_of("a &&\n(b ||\nmissing + 1)")
    assert refused.value.line == 3


# --- places in a text ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []), ("plain", [("plain", False, 1)]), ("${a}", [("a", True, 1)]),
        ("#{a}", [("a", True, 1)]), ("x${a}y", [("x", False, 1), ("a", True, 1), ("y", False, 1)]),
        ("${}", [("", True, 1)]), ("$a {b} #", [("$a {b} #", False, 1)]),
        (r"\${a}", [("${a}", False, 1)]), (r"\#{a} ${b}", [("#{a} ", False, 1), ("b", True, 1)]),
        (r"${a}\${b}", [("a", True, 1), ("${b}", False, 1)]),
        ("${ {'a': {}} }", [(" {'a': {}} ", True, 1)]), ("${'}'}", [("'}'", True, 1)]),
        ('${"\\"}"}', [('"\\"}"', True, 1)]), ("${a}}", [("a", True, 1), ("}", False, 1)]),
        ("1\n${a}\n\n${b}\n3", [("1\n", False, 2), ("a", True, 2), ("\n\n", False, 4),
                                ("b", True, 4), ("\n3", False, 4)]),
    ],
)  # fmt: skip
def test_a_text_falls_into_plain_parts_and_places(
    text: str, parts: list[tuple[str, bool, int]]
) -> None:
    assert split_parts(text) == [Part(*one) for one in parts]
    assert has_expression(text) is any(is_expression for _, is_expression, _ in parts)


@pytest.mark.parametrize(
    ("text", "line"), [("${a", 1), ("1\n2 ${a", 2), ("${a}\n${'}", 2), ("${ {a}\n", 1)]
)
def test_a_place_that_is_not_closed_is_named_with_the_line_it_begins_in(
    text: str, line: int
) -> None:
    with pytest.raises(LanguageError, match="not closed") as refused:
        split_parts(text)
    assert refused.value.line == line


@pytest.mark.parametrize("quote", "\"'")
def test_a_quote_that_is_not_closed_is_read_once(quote: str) -> None:
    """Read anew from every quote behind it, it takes half a minute, and is ended by the bound."""
    apart = Apart(seconds=5)
    try:
        with pytest.raises(RuntimeError, match="not closed"):
            apart.call(split_parts, "${" + quote + rf"\{quote}" * 49_000 + "\\")
    finally:
        apart.close()
