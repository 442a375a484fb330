"""The meaning of expressions, in Python's syntax and in JUEL's, and the sentences about wrong
ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language import (
    Expression,
    LanguageError,
    Namespace,
    compile_attribute,
    compile_expression,
)

NAMES: dict[str, object] = {
    "amount": 1500,
    "approved": False,
    "status": "open",
    "nothing": None,
    "items": [{"n": 3}, {"n": 5}],
    "case": Namespace(
        {"deadline": date(2026, 3, 27), "institution": "kemhan", "cycle": {"name": "month"}}
    ),
    "task": Namespace({"created": datetime(2026, 3, 17, 2, tzinfo=UTC)}),
}


def value_of(source: str, **functions: Callable[..., object]) -> object:
    return compile_expression(source).evaluate(NAMES, functions)


def refusal_of(source: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        value_of(source)
    return caught.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("amount > 1000 and status == 'open'", True),
        ("amount if approved else 0", 0),
        ("1000 <= amount < 2000", True),
        ("'o' in status", True),
        ("'kemenkeu' not in ['kemhan', 'kemenperin']", True),
        ("nothing is None", True),
        ("nothing or 'x'", "x"),
        ("items[0]['n'] + items[-1]['n']", 8),
        ("status[0:2]", "op"),
        ("[i['n'] * 2 for i in items if i['n'] > 3]", [10]),
        ("{i['n']: 1 for i in []}", {}),
        ("{'a': [1, 2], 'b': (3, 4)}", {"a": [1, 2], "b": (3, 4)}),
        ("any(i['n'] == 5 for i in items)", True),
        ("[a + b for a in [1, 2] for b in [10, 20]]", [11, 21, 12, 22]),
        ("[[x for x in range(x)] for x in [1, 2]]", [[0], [0, 1]]),
        ("sum([i['n'] for i in items]) / len(items)", 4.0),
        ("max(3, 7, 5) - min([3, 7])", 4),
        ("sorted([3, 1, 2], reverse=True)", [3, 2, 1]),
        ("f'{status}: {amount:,} {7 / 3:.2f}'", "open: 1,500 2.33"),
        ("', '.join(['a', 'b']).upper()", "A, B"),
        ("' a-b '.strip().replace('-', '+').split('+')", ["a", "b"]),
        ("int('12') + round(2.5) + abs(-3)", 17),
        ("-7 // 2, 7 % 3, 2 ** 10", (-4, 1, 1024)),
        ("case.institution", "kemhan"),
        ("case.cycle.name", "month"),
        ("case['institution']", "kemhan"),
        ("case.get('lead', 'none')", "none"),
        ("case.deadline.year, case.deadline.month, case.deadline.day", (2026, 3, 27)),
        ("task.created.year, task.created.month, task.created.day", (2026, 3, 17)),
        ("str(['é', {'k': case.deadline}])", '["é", {"k": "2026-03-27"}]'),
        ("true and not false and null is None", True),
        ("empty(nothing) and empty('') and not empty(0)", True),
        ("\n  amount\n  > 1\n", True),
        ("round(2.345, 2), round(1234, -2)", (2.35, 1200)),
        ("abs(-1.5), +amount", (1.5, 1500)),
        ("{n % 2 for n in [1, 2, 3]} == {0, 1}", True),
        ("{k: v for k, v in [('a', 1)]}", {"a": 1}),
        ("dict([['a', 1]]), dict({'b': 2})", ({"a": 1}, {"b": 2})),
        ("list(enumerate('ab', 1)), zip([1], ['a'])", ([(1, "a"), (2, "b")], [(1, "a")])),
        ("set([1]), tuple([1]), list('ab'), reversed([1, 2])", ({1}, (1,), ["a", "b"], [2, 1])),
        ("range(3), range(1, 3), range(3, 0, -1)", ([0, 1, 2], [1, 2], [3, 2, 1])),
        ("bool(''), str(None), str(1.5), str([1, 'a'])", (False, "None", "1.5", '[1, "a"]')),
        ("'7'.zfill(3), 'a'.ljust(3, '.'), 'a'.rjust(2)", ("007", "a..", " a")),
        ("'abc'.startswith('ab'), 'abc'.endswith(('x', 'c'))", (True, True)),
        ("'a,b'.partition(','), 'xxaxx'.strip('x')", (("a", ",", "b"), "a")),
        ("[3, 5, 3].count(3), [3, 5].index(5), (1, 1).count(1)", (2, 1, 2)),
        (
            "case.cycle.values(), case.cycle.keys(), case.cycle.copy()",
            (["month"], ["name"], {"name": "month"}),
        ),
        ("1 < 2 < 2, 1 == 1 == 1", (False, True)),
        ("approved is false, nothing is not null", (True, False)),
        ("date(case.deadline) == date('2026-03-27T09:00:00+07:00')", True),
        ("date_and_time(task.created) == date_and_time('2026-03-17T09:00:00+07:00')", True),
        ("case.deadline.isoformat(), case.deadline.weekday()", ("2026-03-27", 4)),
        ("1 in {1, 2}, [1] in [[1]], 'name' in case.cycle", (True, True, True)),
    ],
)
def test_python_syntax_means_what_python_means(source: str, value: object) -> None:
    assert value_of(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${amount > 1000 && status eq 'open'}", True),
        ("#{amount lt 1000 || approved}", False),
        ("${!approved}", True),
        ("${!approved == true}", True),
        ("${not empty nothing}", False),
        ("${empty case.cycle || !items[0].n}", False),
        ("${approved ? 'a' : amount > 1 ? 'b' : 'c'}", "b"),
        ("${max(approved ? 1 : 2, 0)}", 2),
        ("${{'k': approved ? 1 : 2}}", {"k": 2}),
        ("${amount div 3 mod 7}", 3.0),
        ("${amount ge 1500 and amount le 1500 and amount ne 1 and amount gt 1}", True),
        ("${'a && b ? c : !d'}", "a && b ? c : !d"),
        ("${status == 'open' ? '}' : '{'}", "}"),
        ("${'institution:' + case.institution}", "institution:kemhan"),
        ("${[i.n for i in items]}", [3, 5]),
        ("  ${amount}\n", 1500),
        ("${\n amount\n && true}", True),
    ],
)
def test_juel_words_mean_what_juel_means(source: str, value: object) -> None:
    assert value_of(source) == value


@pytest.mark.parametrize("source", ["${(amount}", "${!(approved}", "${items[0 && true}", "${!(1]}"])
def test_a_bracket_that_is_not_closed_is_refused_in_either_spelling(source: str) -> None:
    assert "brackets" in str(refusal_of(source).advice)


def test_text_with_several_parts_becomes_one_text() -> None:
    assert value_of("${case.institution}-${amount + 1}!") == "kemhan-1501!"
    assert value_of(r"\${amount} is ${amount}") == "${amount} is 1500"


def test_a_date_is_compared_with_the_iso_text_of_a_form() -> None:
    assert value_of("case.deadline == '2026-03-27'") is True
    assert value_of("'2026-03-26' < case.deadline") is True
    assert value_of("min('2026-04-01', case.deadline)") == date(2026, 3, 27)
    assert value_of("case.deadline in ['2026-03-27']") is True
    assert value_of("case.deadline == 'soon'") is False


def test_two_dates_give_the_time_between_them_and_its_days_as_a_number() -> None:
    assert value_of("case.deadline - date('2026-03-20')") == timedelta(days=7)
    assert value_of("(case.deadline - date('2026-03-20')).days") == 7


def test_functions_are_called_by_name_and_win_over_built_in_ones() -> None:
    assert value_of("working_days(3, 'x')", working_days=lambda n, start: (n, start)) == (3, "x")
    assert value_of("date(1)", date=lambda value: "mine") == "mine"


def test_an_expression_tells_what_it_reads_and_calls() -> None:
    expression = compile_expression(
        "${min(period_end(case.cycle, task.created), [x for x in dates])}"
    )
    assert expression.names == {"case", "task", "dates"}
    assert expression.calls == {"min", "period_end"}
    assert not expression.is_constant


def test_constants_are_told_from_what_must_be_evaluated() -> None:
    assert compile_expression("1 + 1").is_constant
    assert not compile_expression("now()").is_constant
    assert Expression.constant("demo").evaluate({}) == "demo"


def test_a_ladder_timer_names_its_table() -> None:
    assert compile_expression('${next_look("escalation")}').ladder == "escalation"
    for other in (
        'next_look(table) or next_look("x")', 'look("x")', "next_look()", 'next_look("x", "y")',
        "next_look(1)", '"next_look"', 'now(next_look("x"))',
    ):  # fmt: skip
        assert compile_expression(f"${{{other}}}").ladder is None


def test_an_attribute_without_braces_is_the_text_itself() -> None:
    assert compile_attribute("coordinator").evaluate({}) == "coordinator"
    assert compile_attribute("${case.institution}").evaluate(NAMES) == "kemhan"
    with pytest.raises(LanguageError, match="FEEL"):
        compile_attribute("=initiator")


def test_a_list_is_made_anew_each_time() -> None:
    expression = compile_expression("['holder']")
    first: Any = expression.evaluate({})
    first.append("x")
    assert expression.evaluate({}) == ["holder"]


def test_expressions_with_the_same_source_are_equal() -> None:
    assert compile_expression("${a}") == compile_expression("${a}") != compile_expression("${b}")


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("= amount > 1", "Leave the '=' out"),
        ("${= amount}", "Leave the '=' out"),
        ("amount === 1", "Write == instead of ==="),
        ("${amount !== 1 && true}", "Write != instead of !=="),
        ("approved && status", "`and`"),
        ("approved || status", "`or`"),
        ("!approved", "`not`"),
        ("approved ? 1 : 2", "a if condition else b"),
        ("amount = 1", "Write == to compare"),
        ("amount eq 1", "${...}"),
        ("“open” == status", "straight quotes"),
        ("${amount", "End it with }"),
        ("${amount ? 1}", "condition ? one : other"),
        ("", "such as x > 1"),
        ("amount > 1 == true", "brackets"),
        ("amount is 1500", "Write == instead of is"),
        ("items.upper()", "There are: contains, copy, count"),
        ("nothing.size()", "is not None"),
        ("status.length", "len(x)"),
        ("status.includes('o')", "part in whole"),
        ("items.append(1)", "script task"),
        ("amonut > 1", "Did you mean amount?"),
        ("case.institutoin", "Did you mean institution?"),
        ("sort([1])", "Did you mean"),
        ("amount + status", "str(x)"),
        ("case.deadline + 3", "days(n, date)"),
        ("nothing > 3", "is not None"),
        ("status > 3", "numbers with numbers"),
        ("case.deadline < task.created", "date(x)"),
        ("'%s' % 1", 'f"'),
        ("amount / 0", "divisor"),
        ("items[5]", "There are 2"),
        ("10 ** 18", "below 10**18"),
        ("int('x')", "given"),
        ("len()", "how many values"),
        ("date('tomorrow')", "2026-12-31"),
        ("date(5)", "2026-12-31"),
        ("date_and_time(5)", "given"),
        ("date_and_time('2026-03-17T09:00:00')", "+07:00"),
        ("round(1.5, 99)", "given"),
        ("round('x')", "given"),
        ("abs('x')", "given"),
        ("max([])", "given"),
        ("sorted([1, 'a'])", "given"),
        ("range(1, 2, 0)", "given"),
        ("range('x')", "given"),
        ("sum(['a'])", "given"),
        ("dict([1])", "given"),
        ("enumerate([1], 'x')", "given"),
        ("'a'.zfill(10 ** 9)", "less text"),
        ("[1].index(2)", "x in the list"),
        ("f'{status:d}'", "kind"),
        ("[1][0:'x']", "x[0:3]"),
        ("[1][::0]", "x[0:3]"),
        ("[1]['a']", "whole numbers with lists"),
        ("1000000000000000000", "below 10**18"),
        ("1 in 5", "`in`"),
        ("[x for x in 5]", "Give a list"),
        ("[a for a, b in [[1]]]", "as many names"),
        ("[a for a.b in [1]]", "plain name"),
        ("{[1]: 1}", "in quotes"),
        ("{items}", "[a, b]"),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(source: str, advice: str) -> None:
    assert advice in str(refusal_of(source).advice)


@pytest.mark.parametrize(
    "source",
    [
        "lambda: 1", "(x := 1)", "await x", "1 if", "f(*a)", "f(**a)", "a[b] @ c", "~1", "1 & 1",
        "print(1)", "x.y()()", "...", "b'x'", "1j", "yield", "[*a]", "{**a}", "{[1]}", "{1: 2}",
    ],
)  # fmt: skip
def test_a_refusal_names_no_class_of_the_implementation(source: str) -> None:
    words = str(refusal_of(source))
    for name in ("Error", "ast", "object", "NoneType", "Syntax", "Lambda", "Starred", "class"):
        assert name not in words


def test_a_function_that_cannot_use_its_values_is_named() -> None:
    def halve(value: int) -> float:
        return value / 2

    with pytest.raises(LanguageError, match="halve"):
        value_of("halve('x')", halve=halve)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("1 +\n1 / 0", 2),
        ("${amount}\n\n${amount +}", 3),
        ("${\n\n missing + 1}", 3),
        ("\n\n  amount ===", 3),
        ("[1,\n 2,\n nope(1)]", 3),
    ],
)
def test_an_error_knows_its_line_in_the_text(source: str, line: int) -> None:
    assert refusal_of(source).line == line


def test_what_is_wrong_whatever_the_data_is_refused_when_compiled() -> None:
    for source in ("1 / 0", "'a' + 1", "x.__class__", "[].pop()", "'a' * 10 ** 9"):
        with pytest.raises(LanguageError):
            compile_expression(source)


def test_data_is_never_changed_by_an_expression() -> None:
    names = {"items": [1, 2, 3]}
    for source in ("sorted(items)", "items + [4]", "[x for x in items]", "items.copy()"):
        compile_expression(source).evaluate(names)
    assert names == {"items": [1, 2, 3]}


numbers = st.integers(-9, 9)
SHAPES = (
    "({} + {})", "({} - {})", "({} * {})", "({} // {})", "({} % {})", "({} < {})", "({} == {})",
    "({} and {})", "({} or {})", "(not {})", "({} if {} else {})",
    "len([x + 1 for x in [{}, {}] if x != {}])",
)  # fmt: skip


@st.composite
def python_texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Arithmetic and logic over a, b, c."""
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(numbers.map(str), st.sampled_from("abc")))
    shape = draw(st.sampled_from(SHAPES))
    return shape.format(*(draw(python_texts(depth - 1)) for _ in range(shape.count("{}"))))


@given(python_texts(), numbers, numbers, numbers)
def test_expressions_agree_with_python(source: str, a: int, b: int, c: int) -> None:
    names = {"a": a, "b": b, "c": c}
    try:
        expected = eval(source, {"__builtins__": {"len": len}, **names})  # what we must agree with
    except ZeroDivisionError:
        with pytest.raises(LanguageError):
            compile_expression(source).evaluate(names)
        return
    assert compile_expression(source).evaluate(names) == expected


JUEL_SHAPES = {
    "({} && {})": "({} and {})",
    "({} || {})": "({} or {})",
    "({} eq {})": "({} == {})",
    "({} lt {})": "({} < {})",
    "({} ge {})": "({} >= {})",
    "!{}": "(not {})",
    "({}?{}:{})": "({1} if {0} else {2})",
}


@st.composite
def juel_and_python(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """The same condition in both spellings."""
    if depth == 0 or draw(st.booleans()):
        leaf = draw(st.one_of(numbers.map(str), st.sampled_from("ab")))
        return leaf, leaf
    juel, python = draw(st.sampled_from(sorted(JUEL_SHAPES.items())))
    parts = [draw(juel_and_python(depth - 1)) for _ in range(juel.count("{}"))]
    return juel.format(*(p[0] for p in parts)), python.format(*(p[1] for p in parts))


@given(juel_and_python(), numbers, numbers)
def test_juel_agrees_with_its_translation(pair: tuple[str, str], a: int, b: int) -> None:
    juel, python = pair
    names = {"a": a, "b": b}
    assert compile_expression(f"${{{juel}}}").evaluate(names) == eval(python, {}, names)
