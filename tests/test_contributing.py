"""What CONTRIBUTING.md says is so: commands, folders, tools, commits, who asks what time it is."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from benchmarks.mutation.__main__ import read_arguments
from tests.scripts.tools import ACTS, BIOME, TSC
from web import pages

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")
WINGS = ("engine", "processes", "web")
NAMED = re.compile(r"`((?:engine|processes|web|tests|docs|benchmarks)/[\w./-]*)`")
MODULE = re.compile(r"python -m ([\w.]+)")
TARGET = re.compile(r"`make ([a-z]+)")
MACHINE = {
    *(("datetime", act) for act in ("now", "utcnow", "today")),
    ("date", "today"),
    ("time", "time"),
}
"""How Python asks the machine."""


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product, by its path."""
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8"))
        for wing in WINGS
        for path in (ROOT / wing).rglob("*.py")
        if "node_modules" not in path.parts
    }


def point(begins: str) -> str:
    """One point of a list."""
    (found,) = (one for one in TEXT.split("\n- ") if one.startswith(begins))
    return found.split("\n\n")[0]


def importers(name: str) -> set[str]:
    """Modules that import this name of clock_time."""
    return {
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "engine.storage.clock_time"
        and name in {one.name for one in node.names}
    }


def asked_of_the_machine(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that ask the machine what time it is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            said = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (said, node.func.attr) in MACHINE:
                yield node


def test_only_those_read_the_time_who_are_named() -> None:
    machine = {path for path, tree in sources().items() if any(asked_of_the_machine(tree))}
    told, of_machine = point("The time is").split("The machine's clock")
    assert importers("read_time") == set(NAMED.findall(told)) - {"engine/storage/clock_time.py"}
    assert machine == set(NAMED.findall(of_machine))


def test_the_time_of_the_database_is_compared_in_storage_alone() -> None:
    assert [path for path in importers("database_now") if "/storage/" not in path] == []


@pytest.mark.parametrize("name", sorted({*NAMED.findall(TEXT)}))
def test_a_named_file_or_folder_exists(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", sorted({*MODULE.findall(TEXT)}))
def test_a_named_command_exists(name: str) -> None:
    place = ROOT.joinpath(*name.split("."))
    assert place.with_suffix(".py").exists() or (place / "__main__.py").exists()


def test_a_named_target_is_one_of_make() -> None:
    known = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(TARGET.findall(TEXT)) <= known


# --- what make and continuous integration run ----------------------------------------------------


def made(target: str) -> tuple[set[str], str]:
    """What a target needs first, and what it runs."""
    found = re.search(rf"^{target}: (.*?) ?##.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert found, target
    return set(found[1].split()), found[2]


def test_make_check_runs_all_that_is_named() -> None:
    assert made("check")[0] == {"lint", "types", "imports", "migrations", "test"}


def test_continuous_integration_runs_all_of_it_and_the_world() -> None:
    steps = set(re.findall(r"^step make ([a-z]+)$", CI, re.MULTILINE))
    assert steps >= made("check")[0] | {"world"}


def test_lint_and_types_ask_the_tools_that_are_named() -> None:
    assert "/ruff check" in made("lint")[1]
    assert "/djlint --lint" in made("lint")[1]
    assert "/mypy --strict" in made("types")[1]
    assert all(f"$(SCRIPTS) {act}" in made(act)[1] for act in ("lint", "types", "format"))
    assert (ACTS["lint"][0], ACTS["format"][0], ACTS["types"][0]) == (BIOME, BIOME, TSC)


def test_the_everyday_run_asks_style_and_types_and_is_the_quick_one() -> None:
    needed, run = made("quick")
    assert needed == {"lint", "types"}
    assert "--quick" in run


def test_mutation_makes_as_many_changes_and_wants_as_much_as_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.argv", ["mutation"])
    asked = read_arguments()
    told = re.search(r"makes (\d+) small changes .*?; (\d+) % must be noticed", TEXT, re.DOTALL)
    assert told
    assert [int(number) for number in told.groups()] == [asked.count, asked.least]


# --- how things are added ------------------------------------------------------------------------


def test_a_page_is_made_of_as_many_files_as_it_says() -> None:
    (told,) = re.findall(r"^(\w+) files, listed in `web/pages/__init__.py`", TEXT, re.MULTILINE)
    steps = re.findall(r"^\d\. ", pages.__doc__ or "", re.MULTILINE)
    assert {"Four": 4}[told] == len(steps)


def test_what_is_ours_of_a_running_case_stands_where_it_says() -> None:
    rows = re.findall(r"^\| `.*\| `(\w+)` \(`(\w+\.py)`\)", TEXT, re.MULTILINE)
    border = [path for path in sources() if path.startswith("engine/execution/border/")]
    assert rows
    for name, file in rows:
        (path,) = (one for one in border if one.endswith(f"/{file}"))
        assert name in {
            node.name for node in sources()[path].body if isinstance(node, ast.ClassDef)
        }


def test_each_process_has_the_files_that_are_named() -> None:
    for key in ("recommendation", "follow_up"):
        (folder,) = {path.parent for path in (ROOT / "processes").rglob(f"{key}.bpmn")}
        assert folder.name == key
        assert {file.name for file in folder.iterdir()} >= {"README.md", "handlers.py"}


# --- commits -------------------------------------------------------------------------------------

MOST_OF_A_SUBJECT = 71
RULE = "MOST_OF_A_" + "SUBJECT"
"""The rule holds for every commit since this test."""


def git(*words: str) -> str:
    """What git says; nothing where there is no repository."""
    try:
        return subprocess.check_output(["git", *words], cwd=ROOT, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""


def unfit(commits: Iterable[str]) -> list[str]:
    """Subjects that are too long, or have no body that says why."""
    parts = (commit.strip().partition("\n") for commit in commits if commit.strip())
    return [
        subject
        for subject, _, body in parts
        if len(subject) > MOST_OF_A_SUBJECT or not body.strip()
    ]


def test_a_commit_has_a_short_subject_and_a_body_that_says_why() -> None:
    begun = git("log", f"-S{RULE} =", "--format=%H", "--", "tests/test_contributing.py").split()
    since = git("log", f"{begun[-1]}..HEAD", "--no-merges", "--format=%B%x00") if begun else ""
    assert unfit(since.split("\0")) == []


@pytest.mark.parametrize("commit", ["A" * 72 + "\n\nWhy.", "A subject alone\n"])
def test_an_unfit_commit_would_be_noticed(commit: str) -> None:
    assert unfit([commit, "A subject\n\nWhy it is so.\n"]) == [commit.partition("\n")[0]]
