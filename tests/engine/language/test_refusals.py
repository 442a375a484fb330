"""The refusal of an expression: the whole sentence with its facts, and the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest

from engine.language import LanguageError, Namespace, compile_expression

GIVEN = "Check what the function is given."
CHECK = "Check brackets, quotes and operators."
CHECK = "Check brackets, quotes and operators."
KINDS = "Check how many values it is given and of what kind."
NAMES: dict[str, object] = {
    "amount": 1500, "status": "open", "items": [1, 2], "nothing": None, "day": date(2026, 3, 17),
    "moment": datetime(2026, 3, 17, tzinfo=UTC),
    "case": Namespace({"cycle": "month", "number": 7}), "group": {"a": 1}, "deep": [[1], "x"],
}  # fmt: skip
FUNCTIONS: Mapping[str, Callable[..., object]] = {"now": lambda: 1, "halve": lambda x: x / 2}


def refusal(source: str) -> LanguageError:
    with pytest.raises(LanguageError) as caught:
        compile_expression(source).evaluate(NAMES, FUNCTIONS)
    return caught.value


@pytest.mark.parametrize(
    ("source", "words"),
    [
        # names and parts
        ("amonut", "There is no value called amonut here. Did you mean amount, moment?"),
        ("now", "There is no value called now here. To call the function write now()."),
        ("__x", "__x cannot be used here. Use names that do not begin with two underscores."),
        ("case._x", "._x cannot be used here. Use names that do not begin with an underscore."),
        ("case.cycel", 'There is no entry called "cycel". Did you mean cycle?'),
        ("group['b']", 'There is no entry called "b". There are: a.'),
        ("group[1]", "1 cannot be a key. Write keys as text, in quotes."),
        ("amount.length", "1500 has no part called length. Write: len(x)."),
        ("status.colour", '"open" has no part called colour. Only groups such as case have parts.'),
        ("amount.year", "1500 has no part called year. Only groups such as case have parts."),
        ("items[5]", "There is no entry number 5. There are 2, counted from 0."),
        ("items['a']", '[...] has no entry "a". Use whole numbers with lists, and text with'
                       " mappings."),
        ("amount[0]", "1500 has no entry 0. Use whole numbers with lists, and text with mappings."),
        ("amount[0:1]", "1500 cannot be cut like this. Cut lists and text at whole numbers:"
                        " x[0:3]."),
        ("status[0:'x']", '"open" cannot be cut like this. Cut lists and text at whole numbers:'
                          " x[0:3]."),
        ("items[::0]", "[...] cannot be cut like this. Cut lists and text at whole numbers:"
                       " x[0:3]."),
        # functions and methods
        ("sort(items)", "There is no function called sort. Did you mean sorted?"),
        ("halv(1)", "There is no function called halv. Did you mean halve?"),
        ("halve('x')", f'halve("x") has no result. {KINDS}'),
        ("halve(1, 2)", f"halve(1, 2) has no result. {KINDS}"),
        ("len()", f"len() has no result. {KINDS}"),
        ("len(amount)", f"len(1500) has no result. {GIVEN}"),
        ("abs(status)", f'abs("open") has no result. {GIVEN}'),
        ("round(status)", f'round("open") has no result. {GIVEN}'),
        ("round(1.5, 99)", f"round(99) has no result. {GIVEN}"),
        ("round(1.5, 0.5)", f"round(0.5) has no result. {GIVEN}"),
        ("int('x')", f'int("x") has no result. {GIVEN}'),
        ("int(nothing)", f"int(null) has no result. {GIVEN}"),
        ("float('x')", f'float("x") has no result. {GIVEN}'),
        ("float(items)", f"float([...]) has no result. {GIVEN}"),
        ("sum(['a'])", f"sum([...]) has no result. {GIVEN}"),
        ("max([])", f"max([]) has no result. {GIVEN}"),
        ("min([])", f"min([]) has no result. {GIVEN}"),
        ("sorted([1, 'a'])", f"sorted([...]) has no result. {GIVEN}"),
        ("range('x')", f"range([...]) has no result. {GIVEN}"),
        ("range()", f"range([]) has no result. {GIVEN}"),
        ("range(1, 2, 3, 4)", f"range([...]) has no result. {GIVEN}"),
        ("range(1, 2, 0)", f"range(0) has no result. {GIVEN}"),
        ("dict([1])", f"dict([...]) has no result. {GIVEN}"),
        ("dict([[1]])", f"dict([...]) has no result. {GIVEN}"),
        ("dict([[1, 2]])", "1 cannot be a key. Write keys as text, in quotes."),
        ("enumerate(items, 'x')", f'enumerate("x") has no result. {GIVEN}'),
        ("date(5)", "5 is not a date. Give a date such as case.deadline, today() or"
                    ' "2026-12-31".'),
        ("date('soon')", '"soon" is not a date. Write "2026-12-31".'),
        ("date_and_time(5)", f"date_and_time(5) has no result. {GIVEN}"),
        ("date_and_time(day)", f'date_and_time("2026-03-17") has no result. {GIVEN}'),
        ("date_and_time('soon')", '"soon" is not a date with time. Write'
                                  ' "2026-12-31T09:00:00+07:00".'),
        ("date_and_time('2026-03-17T09:00:00')", '"2026-03-17T09:00:00" does not say its zone.'
                                                 ' Write "2026-12-31T09:00:00+07:00".'),
        ("duration(5)", f"duration(5) has no result. {GIVEN}"),
        ("time(5)", f"time(5) has no result. {GIVEN}"),
        ("duration('" + "x" * 50 + "')", "x" * 40 + " is not a duration. Write days and hours such"
         ' as "P3DT4H", or years and months such as "P1Y6M".'),
        ("time('" + "x" * 50 + "')", "x" * 40 + ' is not a time of day. Write "09:00:00".'),
        ("{items}", "A set cannot hold lists or mappings. Use a list: [a, b]."),
        ("[x for x in amount]", "1500 has no entries to go through. Give a list."),
        ("[a for a, b in deep]", "[...] does not have 2 entries. Give as many names as there are"
                                 " entries."),
        ("status.zfill('x')", f'"open".zfill("x") has no result. {KINDS}'),
        ("status.find()", f'"open".find() has no result. {KINDS}'),
        ("items.index(7)", "7 is not in the list. Ask first: x in the list."),
        ("items.append(1)", ".append() cannot be used on this value here. Change lists and"
                            " mappings in a script task."),
        ("status.length()", ".length() cannot be used on this value here. Write: len(x)."),
        ("status.uper()", ".uper() cannot be used on this value here. Did you mean upper,"
                          " isupper?"),
        ("f'{status:d}'", f'format("open") has no result. {KINDS}'),
        ("f'{amount!r}'", "This kind of expression cannot be used here. Write {name} without !r"
                          " or !a."),
        ("f'{amount:{amount}}'", "This kind of expression cannot be used here. Write a fixed format"
                                 " such as {amount:.2f}."),
        ("f'{amount:999d}'", "This kind of expression cannot be used here. Write a fixed format"
                             " such as {amount:.2f}."),
        # arithmetic and comparison
        ("amount / 0", "1500 is divided by zero. Ask first whether the divisor is 0."),
        ("amount + status", '1500 + "open" cannot be calculated. Turn numbers into text with'
                            " str(x), or text into a number with int(x)."),
        ("nothing * 2", "null * 2 cannot be calculated. Check that both sides have a value and are"
                        " numbers."),
        ("day + 1", '"2026-03-17" + 1 cannot be calculated. Move a date with days(n, date),'
                    ' working_days(n, date) or + duration("P3D"); write date(x) where it is a'
                    " text."),
        ("status % 1", '"open" % 1 cannot be calculated. Put values into text with f"... {name}'
                       ' ...".'),
        ("2 ** 61", "The exponent 61 is too large. Use exponents up to 60."),
        ("10 ** 17 * 10", "The number is too large or has no value. Keep whole numbers below"
                          " 10**18 and do not take roots of negative numbers."),
        ("2 ** -61", "The exponent -61 is too large. Use exponents up to 60."),
        ("status < 3", '"open" and 3 cannot be compared by size. Compare numbers with numbers, text'
                       " with text."),
        ("nothing < 3", "null and 3 cannot be compared by size. Ask first whether there is a"
                        " value: x is not None."),
        ("day < moment", '"2026-03-17" and "2026-03-17T00:00:00+00:00" cannot be compared by size.'
                         " Write date(x) to compare only the days."),
        ("1 in amount", "1500 cannot contain 1. Ask `in` of a list, of a mapping, or of text for"
                        " text."),
        ("'x' * 100001", "The text would be longer than 100000 characters. Put less text"
                         " together."),
        ("[0] * 10001", "The list would have more than 10000 entries. Work on fewer entries at a"
                        " time."),
        *((text, "This kind of expression cannot be used here. Remove the character that cannot be"
                 " stored from the text.") for text in (r"'\0'", r"'a\ud800'")),
        ("b'x'", "This kind of expression cannot be used here. Write text, a number, True, False"
                 " or None."),
        ("1e999", "This kind of expression cannot be used here. Write a smaller number."),
        ("1000000000000000000", "This kind of expression cannot be used here. Keep whole numbers"
                                " below 10**18."),
        # what cannot be read
        ("", "There is nothing to evaluate. Write an expression such as x > 1."),
        ("= amount", "A text that begins with '=' is FEEL, which is not read here. Leave the '='"
                     " out: write amount > 1000, or ${amount > 1000}."),
        ("amount >", "This cannot be read: amount > Check brackets, quotes and operators."),
        ("x" * 20_001, "The text is longer than 20000 bytes. Split it, or move the work into a"
                       " service task."),
        ("[" * 99 + "]" * 99, "The expression is nested too deep. Split it into several steps."),
        ("${amount", "A ${ is not closed. End it with }, and close every quote inside."),
        ("${amount ? 1}", "A ? has no matching colon. Write: condition ? one : other."),
        ("${a === b}", "This cannot be read: a === b Write == instead of ===."),
    ],
)  # fmt: skip
def test_a_refusal_shows_what_was_given_and_says_what_to_write(source: str, words: str) -> None:
    assert str(refusal(source)) == words


@pytest.mark.parametrize(
    ("method", "advice"),
    [
        ("format", 'Put values into text with f"... {name} ...".'),
        ("includes", "Write: part in whole."), ("indexOf", "Write: text.find(part)."),
        ("length", "Write: len(x)."), ("push", "Write: list.append(x)."),
        ("toLowerCase", "Write: text.lower()."), ("toString", "Write: str(x)."),
        ("toUpperCase", "Write: text.upper()."), ("trim", "Write: text.strip()."),
    ],
)  # fmt: skip
def test_who_comes_from_another_language_is_told_what_it_is_called_here(
    method: str, advice: str
) -> None:
    assert str(refusal(f"status.{method}()").advice) == advice
    assert str(refusal(f"status.{method}").advice) == advice


@pytest.mark.parametrize(
    ("source", "advice"),
    [
        ("a === b", "Write == instead of ===."), ("a !== b", "Write != instead of !==."),
        ("a && b", "Write `and` instead of &&, or put the text into ${...}."),
        ("a || b", "Write `or` instead of ||, or put the text into ${...}."),
        ("a ? b : c", "Write: a if condition else b."),
        ("!a", "Write `not` instead of !, or put the text into ${...}."),
        *((f"a {word} b", "Put the text into ${...} to use eq, lt and so on.")
          for word in ("eq", "ne", "lt", "gt", "le", "ge", "div", "mod")),
        *((f"{word} a", "Write: name = value, without var.") for word in ("var", "let", "const")),
        *((f"{quote}a", 'Write straight quotes: ".') for quote in "“”‘’"),
        ("a = b", "Write == to compare."), ("'&&' '||' a b", CHECK), ('"===" a', CHECK),
        ("a == b <= c >= 1 1", CHECK),
        ("a != b !", "Write `not` instead of !, or put the text into ${...}."),
    ],
)  # fmt: skip
def test_a_likely_slip_is_answered_with_what_was_meant(source: str, advice: str) -> None:
    assert str(refusal(source).advice) == advice


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("1 / 0", 1), ("x.y()()", 1), ("(1 +\n 1 / 0)", 2), ("[1,\n 2,\n f(1)]", 3),
        ("[1,\n lambda: 1]", 2), ("\n\n  amount ===", 3), ("= amount", 1), ("\n", 1), ("((", 1),
        ("x" * 20_001, 1), ("${a}\n\n${b +}", 3), ("${a}\n${\n b ? 1}", 2), ("a\n${1}\n${b", 3),
        ("${\n\n missing + 1}", 3), ("${a ? \n 1 : \n missing + 1}", 3), ("a\n\nb ${= c}", 3),
        ("\ud800", 1), ("\0", 1),
    ],
)  # fmt: skip
def test_an_error_stands_in_the_line_where_its_author_finds_it(source: str, line: int) -> None:
    with pytest.raises(LanguageError) as caught:
        compile_expression(source).evaluate({"a": 0, "b": 1})
    assert caught.value.line == line
