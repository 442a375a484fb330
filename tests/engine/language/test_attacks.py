"""No author's text escapes from the language, and none takes longer than its budget.

Every text here is an attack on an evaluator that has been published. Each must end as a sentence
for its author (or as a harmless value), fast and without much memory.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language import (
    LanguageError,
    Namespace,
    compile_expression,
    compile_script,
    compile_template,
)
from engine.language.values import MAX_NODES, measure

# The most that one evaluation may take, with room for a machine shared by others.
MAX_CPU_SECONDS = 1.5
MAX_GROWTH_BYTES = 100 * 1024 * 1024

ESCAPES = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()",
    "case.__class__",
    "case._facts",
    "f.__globals__['__builtins__']",
    "now.__globals__",
    "now.__self__",
    "getattr(case, '_facts')",
    "[x for x in (1,)].__iter__().gi_frame",
    "(x for x in [1]).gi_frame.f_back.f_globals",
    "(lambda: 1).__code__",
    "'{0.__class__}'.format(case)",
    "'{0._facts}'.format_map({})",
    "f'{case.__class__}'",
    "f'{case!r}'",
    "f'{1:{2}}'",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd')",
    "globals()",
    "locals()",
    "vars(case)",
    "dir(case)",
    "type(case)",
    "object()",
    "super()",
    "breakpoint()",
    "input()",
    "help()",
    "memoryview(b'')",
    "print('x')",
    "exit()",
    "__builtins__",
    "__name__",
    "__debug__",
    "case['__class__']",
    "case.get('__class__').__base__",
    "str.format('{0.__class__}', 1)",
    "str.join",
    "case.get",
    "now",
    "[].append.__self__",
    "[i.__class__ for i in [1]]",
    "date('2026-01-01').__class__",
    "date('2026-01-01').strftime('%s')",
    "date('2026-01-01').replace(1)",
    "{}.__class__",
    "{}.fromkeys([1])",
    "min.__call__",
    "max(__builtins__)",
    "sorted([1], key=exec)",
    "int.from_bytes(b'1')",
    "ﬁ.__class__",
    "x.＿＿class＿＿",
]

SCRIPT_ESCAPES = [
    "import os",
    "from os import system",
    "__import__ = 1",
    "def f():\n  return f\n",
    "class A:\n  pass\n",
    "case.x = 1",
    "case['x'] = 1",
    "try:\n  1/0\nexcept Exception as e:\n  x = e.__traceback__\n",
    "with open('x') as f: pass",
    "raise SystemExit",
    "global x",
    "del __builtins__",
    "x = now",
    "x = [].append",
    "async def f(): pass",
    "x = yield",
    "@now\ndef f(): pass",
    "for case.x in [1]: pass",
    "[x.__class__ for x.__class__ in [1]]",
    "a = b = a.__dict__",
]

BOMBS = [
    "9 ** 9 ** 9 ** 9",
    "10 ** 10000000",
    "2 ** 64 ** 64",
    "'a' * 10 ** 12",
    "10 ** 12 * 'a'",
    "[0] * 10 ** 12",
    "list(range(10 ** 12))",
    "range(10 ** 18 - 1)",
    "sum(range(10 ** 9))",
    "max(range(10 ** 9))",
    "[i for i in range(9999) for j in range(9999)]",
    "[0 for a in range(9) for b in range(9999) for c in range(9999) if 0]",
    "any(x == y for x in range(9999) for y in range(9999))",
    "{i: [j for j in range(9999)] for i in range(9999)}",
    "'a'.join(['b' * 1000] * 10000)",
    "('a' * 99999).replace('', 'b' * 99999)",
    "('a' * 99999).replace('a', 'aaaa')",
    "('a' * 99999).strip('b' * 99999 + 'a')",
    "('ß' * 99999).upper()",
    "'a'.zfill(10 ** 12)",
    "'a'.ljust(10 ** 12)",
    "f'{1:999999999}'",
    "f'{1:>9999999}'",
    "'%999999999d' % 1",
    "('a,' * 49999).split(',')",
    "('x' * 99999) in ('x' * 99998 + 'y')",
    "sorted([[0] * 9999] * 9999)",
    "[[[[0] * 999] * 999] * 999] == [[[[0] * 999] * 999] * 999]",
    "str([[[0] * 999] * 999] * 999)",
    "[0] * 9999 in [[0] * 9999] * 9999",
    "[('a' * 99999).startswith(t) for t in [tuple(['a' * 50000 + 'b' + 'a' * 49000] * 9999)]"
    " for i in range(999)]",
    "int('9' * 99999)",
    "float('9' * 99999)",
    "float('inf') + float('nan')",
    "1e308 * 10",
    "1e999",
    "round(5, -10 ** 9)",
    "-1 ** 0.5 * (-1) ** 0.5",
    "1 / 0",
    "0.0 ** -1",
    "9" * 6000,
    "9" * 19999,
    "(" * 9999,
    "[" * 9999,
    "-" * 19000 + "1",
    "not " * 4000 + "1",
    "1" + "+1" * 9000,
    "a" + ".a" * 9000,
    "a" + "[0]" * 6000,
    "f(" * 5000 + ")" * 5000,
    "x if " * 3000 + "x",
    "[" + "1," * 9000 + "]",
    "1 < " * 5000 + "1",
    "'" + "a" * 30000 + "'",
    "lambda: " * 2000 + "1",
    "{" * 9999,
    "f'" + "{" * 9000,
    "\0",
    "\ud800",
    "'\\ud800'",
    "'\\0'",
    "${" * 5000,
    "${" + "!" * 9000 + "1}",
    "${" + "(" * 9000 + "}",
    "${" + "a?" * 9000 + "}",
    "${" + '\\"' * 9000 + "}",
    "${" + "'\\\"" * 6000,
    "${empty " * 3000 + "}" * 3000,
    "${1}" * 4000,
]

SCRIPT_BOMBS = [
    "while True: pass",
    "while 1:\n  x = 1",
    "x = [1]\nfor i in x:\n  x.append(i)",
    "x = []\nwhile True:\n  x.append(x)",
    "x = []\nx.append(x)\ny = x == [x]",
    "x = []\nx.append(x)\ny = str(x)",
    "x = []\nx.append(x)\ny = x in x",
    "x = []\nx.append(x)\ny = sorted([x, x])",
    "x = {}\nx['x'] = x",
    "x = [0]\nfor i in range(60):\n  x = [x, x]",
    "x = [0]\nfor i in range(60):\n  x = [x, x]\ny = x == x",
    "x = [0]\nfor i in range(60):\n  x = {'a': x, 'b': x}\ny = str(x)",
    "x = []\nfor i in range(5000):\n  x = [x]",
    "x = 'a'\nwhile True:\n  x += x",
    "x = 'a' * 99999\ny = []\nfor i in range(9999):\n  y.append(x + str(i))",
    "x = 'a' * 50000\ny = []\nwhile True:\n  y.append(x.upper())",
    "x = [0] * 9999\ny = []\nwhile True:\n  y.append(x + [])",
    "x = [0] * 9999\nwhile True:\n  x.insert(0, 1)\n  x.pop(0)",
    "x = [0] * 9999\nwhile True:\n  y = 1 in x",
    "x = ['a' * 9999] * 9999\nwhile True:\n  y = 'b' in x",
    "x = 1\nwhile True:\n  x *= 9",
    "x = 1.5\nwhile True:\n  x = x ** 50",
    "for i in range(9999):\n  for j in range(9999):\n    pass",
    "for i in range(9999):\n  [" + "0," * 9000 + "]",
    "while True:\n  x = " + " and ".join(["1"] * 4000),
    "x = {}\nfor i in range(9999):\n  x[str(i)] = {str(j): j for j in range(99)}",
    "x = set()\nwhile True:\n  x.add(len(x))",
    "while True:\n  x = sorted([3, 1, 2] * 3000)",
    "while True:\n  x = ('ab' * 9999).replace('ab', 'ba')",
    "while True:\n  x = ('a' * 2500).find('a' * 1200 + 'b')",
    "if 1:\n" + "".join(" " * (i + 1) + "if 1:\n" for i in range(99)) + " " * 101 + "x = 1",
    "x = 1\n" * 9000,
    "del " + "x, " * 5000 + "x",
]


def facts() -> dict[str, object]:
    return {
        "case": Namespace({"institution": "kemhan"}),
        "x": [1, 2],
        "a": {"a": 1},
        "text": "abc",
        "big": ["x" * 100] * 20_000,
    }


FUNCTIONS: Mapping[str, Callable[..., object]] = {"now": lambda: 1, "f": lambda *values: 1}


def ends_within_budget(work: Callable[[], object]) -> Any:
    """The value of `work`, or None if it was refused; fails if it took too much of anything."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    try:
        value = work()
    except LanguageError as error:
        value = None
        assert str(error.what) and str(error.advice) and error.line >= 1
    assert time.process_time() - began < MAX_CPU_SECONDS
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024
    assert grown < MAX_GROWTH_BYTES
    return value


@pytest.mark.parametrize("source", ESCAPES)
@pytest.mark.parametrize("form", ["{}", "${{{}}}", "[{} for i in [1]]", "f(({},))"])
def test_no_expression_escapes(source: str, form: str) -> None:
    with pytest.raises(LanguageError):
        compile_expression(form.format(source)).evaluate(facts(), FUNCTIONS)


@pytest.mark.parametrize("source", [*SCRIPT_ESCAPES, *(f"x = {text}" for text in ESCAPES)])
def test_no_script_escapes(source: str) -> None:
    with pytest.raises(LanguageError):
        compile_script(source).run({"x": 1}, FUNCTIONS, {"case": Namespace({})})


@pytest.mark.parametrize("source", BOMBS, ids=lambda source: repr(source[:40]))
def test_no_expression_exceeds_its_budget(source: str) -> None:
    value = ends_within_budget(lambda: compile_expression(source).evaluate(facts(), FUNCTIONS))
    assert measure(value) < MAX_NODES * 20


@pytest.mark.parametrize("source", SCRIPT_BOMBS, ids=lambda source: repr(source[:40]))
def test_no_script_exceeds_its_budget(source: str) -> None:
    ends_within_budget(lambda: compile_script(source).run({}, FUNCTIONS))


@pytest.mark.parametrize("source", ["${" * 30_000, "${1}" * 20_000, '${"' * 30_000, "a${x}" * 9000])
def test_no_text_exceeds_its_budget(source: str) -> None:
    ends_within_budget(lambda: compile_template(source).render(facts(), FUNCTIONS))


def test_a_budget_holds_for_the_whole_run_not_for_each_loop() -> None:
    with pytest.raises(LanguageError, match="too many steps"):
        compile_script("for i in range(200):\n  for j in range(200):\n    x = i").run({})


def test_ordinary_work_fits_the_budget() -> None:
    script = compile_script(
        "total = 0\nfor row in rows:\n  if row['n'] > 10:\n    total += row['n']\n"
    )
    rows = [{"n": n} for n in range(1000)]
    assert script.run({"rows": rows})["total"] == sum(range(11, 1000))


WORDS = [
    "x", "a", "text", "big", "case", "now", "f", "__class__", "_facts", "0", "1", "9999", "1e300",
    "'a'", "10**17", "None", "True", "[", "]", "(", ")", "{", "}", "+", "*", "**", "//", "%", "-",
    "==", "<", "in", "not", "and", "is", ".", ",", ":", "for", "i", "if", "else", "range", "list",
    "sorted", "str", "join", "replace", "append", "split", "lambda", "import", "=", "\n", " ",
    "while", "${", "?", "!", "&&", "f'{", "}'", "empty",
]  # fmt: skip
soup = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


@settings(deadline=None)
@given(soup | st.text(max_size=60))
def test_no_text_at_all_does_anything_but_give_a_value_or_a_sentence(source: str) -> None:
    ends_within_budget(lambda: compile_expression(source).evaluate(facts(), FUNCTIONS))
    ends_within_budget(lambda: compile_template(source).render(facts(), FUNCTIONS))
    ends_within_budget(lambda: compile_script(source).run({"x": [1]}, FUNCTIONS, facts()))


@st.composite
def greedy_texts(draw: st.DrawFn, depth: int = 4) -> str:
    """Valid expressions that want as much as they can get."""
    if depth == 0:
        return draw(st.sampled_from(["x", "text", "big", "9999", "10**17", "'a'", "[0]", "a"]))
    shape = draw(
        st.sampled_from(
            [
                "({} * {})", "({} + {})", "({} ** {})", "[{}, {}]", "({} == {})", "({} in {})",
                "[i for i in {}]", "[{} for i in {}]", "list(range({}))", "str({})", "sorted({})",
                "''.join([{}])", "({}).replace({}, {})", "{{'k': {}}}", "f'{{{}}}'", "len({})",
                "[[i, j] for i in {} for j in {}]", "({}).split({})", "max({}, {})", "set({})",
                "sum({})", "dict(zip({}, {}))", "tuple({})", "({})[{}]", "round({})",
            ]
        )
    )  # fmt: skip
    return shape.format(*(draw(greedy_texts(depth - 1)) for _ in range(shape.count("{}"))))


@settings(deadline=None)
@given(greedy_texts())
def test_no_valid_expression_exceeds_its_budget(source: str) -> None:
    ends_within_budget(lambda: compile_expression(source).evaluate(facts(), FUNCTIONS))


@settings(deadline=None)
@given(st.lists(greedy_texts(2), min_size=1, max_size=5))
def test_no_loop_of_valid_statements_exceeds_its_budget(sources: list[str]) -> None:
    body = "".join(f"  x = {source}\n  y.append(x)\n" for source in sources)
    script = f"y = []\nwhile True:\n{body}"
    ends_within_budget(lambda: compile_script(script).run({"x": [1]}, FUNCTIONS, facts()))
