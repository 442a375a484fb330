"""The changes of a mutation run: every small piece of behaviour, and nothing without behaviour."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from benchmarks.mutation import places
from benchmarks.mutation.operators import Mutation, mutations
from benchmarks.mutation.reach import Reach
from benchmarks.mutation.trial import Changed


def changes(source: str) -> set[str]:
    """The changed sources."""
    text = source.encode()
    every = mutations("m.py", text)
    return {one.applied(text).decode() for one in every if one.changes(text)}


def in_function(body: str) -> str:
    return "def f(a, b):\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return a < b", "return (a <= b)"), ("return a < b", "return (not a < b)"),
        ("return a == b", "return (a != b)"), ("return a in b", "return (a not in b)"),
        ("return a is None", "return (a is not None)"), ("return a and b", "return (a or b)"),
        ("return a and b", "return (a)"), ("return a and b", "return (b)"),
        ("return not a", "return (a)"), ("return a + b", "return (a - b)"),
        ("return a + b", "return None"), ("if a:\n    b()", "if (not a):\n    b()"),
        ("a()", "pass"), ("a.b = 1", "pass"), ("a += 1", "pass"), ("a += 1", "a -= 1"),
        ("raise a", "pass"), ("return", "pass"), ("return 3", "return 4"),
        ("return True", "return False"), ("return 'x'", "return 'XXx'"),
        ("return [a, b]", "return ([b])"), ("return {1: a}", "return ({})"),
        ("return f(a, b=1)", "return (f(a))"), ("return and_(a, b)", "return (and_(b))"),
        ("return [x for x in a if b]", "return [x for x in a if True]"),
        ("for x in a:\n    continue", "for x in a:\n    break"),
        ("return a if b else 1", "return a if (not b) else 1"),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_made(before: str, after: str) -> None:
    assert in_function(after) in changes(in_function(before))


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""\n', 'def f():\n    """Words."""\n', "A: int\n", "A: list[int] | None\n",
        "def f(a: int | None) -> tuple[int, str]: ...\n", "@cache(maxsize=1)\ndef f(): ...\n",
        "def f():\n    log.info('words', a=1)\n", "from a import b\n", "__all__ = ['a', 'b']\n",
        "Row = tuple[int, str]\n", "Both = int | float\n", "def f(a):\n    assert a == 1\n",
        "if TYPE_CHECKING:\n    A = 1\n",
    ],
)  # fmt: skip
def test_what_is_no_behaviour_is_left_alone(source: str) -> None:
    assert changes(source) == set()


def test_the_words_of_a_sentence_are_left_alone_and_its_facts_are_not() -> None:
    made = changes(in_function("return say('Words {n}.', n=a + 1)"))
    assert not any("XX" in one for one in made)
    assert in_function("return say('Words {n}.', n=(a - 1))") in made


def test_words_of_other_languages_count_as_bytes() -> None:
    assert "é = 1\nB = 3\n" in changes("é = 1\nB = 2\n")


def test_every_change_compiles_and_says_what_must_run_for_it_to_matter() -> None:
    path = "processes/rights/visibility.py"
    source = (places.ROOT / path).read_bytes()
    for one in [one for one in mutations(path, source) if one.changes(source)]:
        compile(one.applied(source), path, "exec")
        assert one.line in one.lines or not one.lines
        assert one.diff(places.ROOT)


def test_the_same_seed_gives_the_same_sample_and_every_central_module_its_share() -> None:
    paths = places.modules()
    assert not [path for path in paths if "border" in path]
    first = places.sample(paths, 300, 7)
    assert 300 <= len(first) <= 300 + places.LEAST * len(paths), "a share of each, however small"
    few = ["engine/time/calendar.py", "processes/rights/access.py"]
    assert places.sample(few, 9, 7) == places.sample(few, 9, 7) != places.sample(few, 9, 8)
    small = {path for path in paths if path not in {one.path for one in first}}
    assert not [path for path in small if mutations(path, (places.ROOT / path).read_bytes())]
    assert {"processes/rights/visibility.py", "processes/follow_up/handlers.py"} <= set(paths)


def test_the_fastest_tests_that_run_the_line_are_asked() -> None:
    known = Reach()
    known.add({"slow": {"seconds": 3.0, "lines": {"m.py": [1, 2]}}})
    known.add({"fast": {"seconds": 0.1, "lines": {"m.py": [2]}}})
    known.add({"endless": {"seconds": 999.0, "lines": {"m.py": [2]}}})
    known.add({"other": {"seconds": 0.0, "lines": {"n.py": [2]}}})
    assert list(known.tests(Mutation("m.py", 2, 0, 0, "x", "", (2,)))) == ["fast", "slow"]
    assert list(known.tests(Mutation("m.py", 1, 0, 0, "x", "", (1,)))) == ["slow"]
    for on_import in (Mutation("m.py", 3, 0, 0, "x", "", (3,)), Mutation("m.py", 9, 0, 0, "x", "")):
        assert list(known.tests(on_import)) == ["fast", "slow"]
    assert list(known.tests(Mutation("unused.py", 3, 0, 0, "x", "", (3,)))) == []


def test_a_changed_module_is_imported_while_its_file_stays_as_it_is() -> None:
    path = "benchmarks/mutation/__init__.py"
    before = (places.ROOT / path).read_bytes()
    mutation = Mutation(path, 1, 0, 0, "constant", "changed = True\n")
    finder, name = Changed(mutation), "benchmarks.mutation"
    kept = sys.modules.pop(name)
    sys.meta_path.insert(0, finder)
    try:
        assert importlib.import_module(name).changed is True
    finally:
        sys.meta_path.remove(finder)
        sys.modules[name] = kept
    assert Path(places.ROOT, path).read_bytes() == before
