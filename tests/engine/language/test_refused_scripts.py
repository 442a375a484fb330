"""The refusal of a script or a timer: the whole sentence, and the line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.language import LanguageError, compile_script
from engine.language.timers import TimerKind, compile_timer, parse_timer_text, timer_value

REFUSED = {
    "assert": "assert x", "async": "async def f(): pass", "await": "await x", "&": "x = a & b",
    "|": "x = a | b", "^": "x = a ^ b", "class": "class A: pass", "def": "def f(): pass",
    "global": "global x", "import": "import os", "~": "x = ~a", "lambda": "x = lambda: 1",
    "<<": "x = a << b", "@": "x = a @ b", "match": "match a:\n  case 1: pass",
    ":=": "x = (y := 1)", "nonlocal": "nonlocal x", "raise": "raise x", "return": "return x",
    ">>": "x = a >> b", "*": "x = [*a]", "try": "try:\n  pass\nfinally:\n  pass",
    "with": "with a: pass", "yield": "x = yield",
}  # fmt: skip
MORE_REFUSED = [
    ("import", "from os import path"), ("async", "async for x in a: pass"),
    ("async", "async with a: pass"), ("yield", "x = yield from a"), ("break", "break"),
    ("continue", "if a:\n  continue"), ("break", "for i in a: pass\nbreak"),
    ("continue", "while a: pass\ncontinue"), ("break", "for i in a: pass\nelse: break"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "source"), [*REFUSED.items(), *MORE_REFUSED])
def test_what_the_language_lacks_is_named_by_the_word_that_was_written(
    word: str, source: str
) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_script(source)
    inside = "stands outside of a loop" if word in ("break", "continue") else "cannot be used here"
    assert str(caught.value.what) == f"`{word}` {inside}."


def test_in_a_script_one_equals_sign_is_no_slip() -> None:
    with pytest.raises(LanguageError) as caught:
        compile_script("x = 1 1")
    assert str(caught.value) == "This cannot be read: x = 1 1 Check brackets, quotes and operators."


DATA: dict[str, Any] = {"total": 5, "by": {"a": 1}, "orders": [1, 2], "status": "open"}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("true = 1", "true is a constant. Assign to another name."),
        ("status[0] = 1", '"open" cannot be changed at 0. Only lists and mappings of the process'
                          " data can be changed."),
        ("orders['a'] = 1", '[...] cannot be changed at "a". Only lists and mappings of the process'
                            " data can be changed."),
        ("orders[7] = 1", "There is no entry number 7. There are 2, counted from 0."),
        ("by[1] = 1", "1 cannot be a key. Write keys as text, in quotes."),
        ("del status[0]", '"open" cannot be changed. Only lists and mappings of the process data'
                          " can be changed."),
        ("del nope", "There is no value called nope here. There are: by, orders, status, total."),
        ("del by['z']", 'There is no entry called "z". There are: a.'),
        ("a, b = [1]", "[...] does not have 2 entries. Give as many names as there are entries."),
        ("x: int = 1", "This kind of expression cannot be used here. Write: name = value, without"
                       " a type."),
        ("a.b = 1", "This kind of expression cannot be used here. Assign to a name or to an entry:"
                    ' x = 1, x["key"] = 1.'),
        ("orders[0:1] = 1", "This kind of expression cannot be used here. Assign to a name or to an"
                            ' entry: x = 1, x["key"] = 1.'),
        ("orders[0:1] += 1", 'This kind of expression cannot be used here. Write x += 1 or x["key"]'
                             " += 1."),
        ("del orders[0:1]", "This kind of expression cannot be used here. Write: del name, or del"
                            ' x["key"].'),
        ("for a.b in orders: pass", "This kind of expression cannot be used here. Assign to a name"
                                    ' or to an entry: x = 1, x["key"] = 1.'),
        ("[i for a.b in orders]", "This kind of expression cannot be used here. Loop with a plain"
                                  " name: for x in xs."),
        ("total |= 1", "`|` cannot be used here. Move the work into a service task, or write it"
                       " with if, for and lists."),
        ("if total:\nx = 1", "This cannot be read: x = 1 Indent what belongs to if, for or while,"
                             " and nothing else."),
        ("x = []\nx.append(x)", "x is too large or contains itself. Work on fewer entries and"
                                " shorter texts at a time, nested less deeply."),
        ("while True: pass", "This takes too many steps. Check loops that do not end, and work on"
                             " less data at a time."),
        ("x = {1}\nx.add([1])", "A set cannot hold lists or mappings. Use a list: [a, b]."),
    ],
)  # fmt: skip
def test_a_script_that_cannot_go_on_says_so_in_the_same_way(source: str, words: str) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_script(source).run(DATA)
    assert str(caught.value) == words


def test_a_value_that_has_no_form_in_json_is_refused_with_its_variable() -> None:
    for value in (object(), float("inf"), {1: 2}, [object()], {"a": {2: 1}}):
        with pytest.raises(LanguageError) as caught:
            compile_script("x = f()").run({}, {"f": lambda value=value: value})
        assert str(caught.value.what) == "x holds a value that cannot be stored."


# --- timers -------------------------------------------------------------------------------------

WRITE = {
    "date": "Write a date such as 2026-12-01T09:00:00+07:00, or ${case.deadline}.",
    "duration": "Write a duration such as P14D, PT2H or P1M.",
    "cycle": "Write a cycle such as R3/PT10H, R/P1D or R/2026-12-01T09:00:00+07:00/P1D.",
}
NEVER = "never fires, or fires without end at once."
OUT = "The date is out of range. Use dates between the years 1 and 9999."


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("date", "2026-13-01", f'"2026-13-01" is not a date with time. {WRITE["date"]}'),
        ("date", "9999-12-31", OUT), ("date", "0001-01-01T00:00:00+00:00",
                                      f"The date is out of range. {WRITE['date']}"),
        ("duration", "P1X", f'"P1X" is not a duration. {WRITE["duration"]}'),
        ("cycle", "R3/P1X", f'"R3/P1X" is not a cycle. {WRITE["cycle"]}'),
        ("cycle", "P1D", f'"P1D" is not a cycle. {WRITE["cycle"]}'),
        ("cycle", "R3/P1D/P1D/P1D", f'"R3/P1D/P1D/P1D" is not a cycle. {WRITE["cycle"]}'),
        ("cycle", "R0/P1D", f'"R0/P1D" {NEVER} {WRITE["cycle"]}'),
        ("cycle", "R/PT0S", f'"R/PT0S" {NEVER} {WRITE["cycle"]}'),
        ("cycle", "R2/9999-12-31T23:00:00+00:00/P1D", OUT),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_shown_with_one_that_can(
    kind: TimerKind, text: str, words: str
) -> None:
    for read in (parse_timer_text, compile_timer, timer_value):
        with pytest.raises(LanguageError) as caught:
            read(kind, text)
        assert (str(caught.value), caught.value.line) == (words, 1)


@pytest.mark.parametrize("kind", WRITE)
def test_a_value_that_is_no_time_is_refused_as_its_kind(kind: TimerKind) -> None:
    with pytest.raises(LanguageError) as caught:
        timer_value(kind, 5)
    assert str(caught.value) == f'"5" is not a {kind}. {WRITE[kind]}'


@pytest.mark.parametrize("kind", WRITE)
def test_a_timer_that_is_no_expression_either_is_told_what_a_time_looks_like(
    kind: TimerKind,
) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_timer(kind, "besok pagi")
    assert (str(caught.value.advice), caught.value.line) == (WRITE[kind], 1)
    with pytest.raises(LanguageError) as caught:
        compile_timer(kind, "${a\n+}")
    assert str(caught.value.advice) == "Check brackets, quotes and operators."


def test_a_duration_that_leads_out_of_the_calendar_is_refused() -> None:
    found = parse_timer_text("duration", "P9999Y")
    with pytest.raises(LanguageError) as caught:
        found.add_to(datetime(2026, 3, 17, tzinfo=UTC))  # type: ignore[union-attr]
    assert (str(caught.value), caught.value.line) == (
        "The time is out of range. Write a shorter duration.", 1,
    )  # fmt: skip
