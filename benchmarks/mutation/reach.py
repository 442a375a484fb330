"""The tests that run a line, and so could notice a change in it: the map of coverage.

The map is stored outside the tree, for each test file under a digest of all that it depends on:
after a change of one test only its part is drawn again.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import orjson

from benchmarks.mutation.operators import Mutation
from benchmarks.mutation.places import ROOT

SUITE = ("tests/engine", "tests/processes")
LEFT_OUT = ("test_tck.py", "test_any_model.py")
"""Long series about models and tables: no change would be noticed there."""
WINGS = ("engine", "processes")
MOST_SECONDS = 60.0
"""Number of tests that run for one mutation; more would rarely notice more."""
SLOW_SECONDS = 20.0
"""Seconds: a test that takes longer is never used."""
WORKERS = 2


@dataclass(slots=True)
class Reach:
    """`seconds`: test -> its time; `by_line`: file -> line -> tests."""

    seconds: dict[str, float] = field(default_factory=dict)
    by_line: dict[str, dict[int, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def add(self, one: Mapping[str, Mapping[str, object]]) -> None:
        """Add the facts of one test file."""
        for test, known in one.items():
            self.seconds[test] = float(str(known["seconds"]))
            for path, lines in known["lines"].items():  # type: ignore[attr-defined]
                for line in lines:
                    self.by_line[path][line].add(test)

    def tests(self, mutation: Mutation) -> dict[str, float]:
        """Test -> seconds, the fastest first, for those that could notice the mutation. A change in
        code that runs at import, or in a function that no test runs, could be noticed by tests that
        use the module, or a module that imports it."""
        lines = self.by_line.get(mutation.path, {})
        near = set().union(*(lines.get(n, ()) for n in mutation.lines))
        far = set[str]()
        if not near:
            near = set().union(*lines.values())
            far = set() if len(near) > 20 else self._far(mutation.path) - near
        ordered = [test for some in (near, far) for test in self._fastest(some)]
        return dict(self._within_limits(ordered))

    def _far(self, path: str) -> set[str]:
        users = [self.by_line[user] for user in importers(path) if user in self.by_line]
        return set().union(*(tests for lines in users for tests in lines.values()))

    def _fastest(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.seconds[test], test))

    def _within_limits(self, tests: Iterable[str]) -> Iterator[tuple[str, float]]:
        spent = 0.0
        for test in tests:
            spent += self.seconds[test]
            if self.seconds[test] <= SLOW_SECONDS and spent <= MOST_SECONDS:
                yield test, self.seconds[test]


def reach(paths: Sequence[str], files: Sequence[str]) -> Reach:
    """The map of these test files over these modules; missing parts are drawn."""
    found, stale = Reach(), []
    for file in files:
        kept = _kept(file, paths)
        if kept.exists():
            found.add(orjson.loads(kept.read_bytes()))
        else:
            stale.append(file)
    for drawn in _draw(stale, paths):
        found.add(drawn)
    return found


def test_files(places: Sequence[str] = SUITE) -> list[str]:
    """Every test file below these."""
    named = [ROOT / place for place in places]
    every = [found for at in named for found in ([at] if at.is_file() else at.rglob("test_*.py"))]
    return sorted(str(path.relative_to(ROOT)) for path in every if path.name not in LEFT_OUT)


def _draw(files: Sequence[str], paths: Sequence[str]) -> list[dict[str, dict[str, object]]]:
    """Run the files under coverage, some in each of a few processes."""
    if not files:
        return []
    include = ",".join(str(ROOT / path) for path in paths)
    # The largest files go to different processes.
    by_size = sorted(files, key=lambda file: -(ROOT / file).stat().st_size)
    with tempfile.TemporaryDirectory(prefix="reach") as folder:
        running = []
        for number, some in enumerate(s for n in range(WORKERS) if (s := by_size[n::WORKERS])):
            out = Path(folder, f"{number}.json")
            command = [sys.executable, "-m", "benchmarks.mutation.plugin", str(out)]
            command += [str(Path(folder, str(number))), include, *some]
            with Path(folder, f"{number}.log").open("wb") as log:
                process = subprocess.Popen(
                    command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=environment(folder)
                )
            running.append((process, out))
        drawn = []
        for process, out in running:
            if process.wait() != 0:
                raise SystemExit(out.with_suffix(".log").read_text())
            drawn += _keep(orjson.loads(out.read_bytes()), paths)
        return drawn


def _keep(answer: Mapping[str, object], paths: Sequence[str]) -> list[dict[str, dict[str, object]]]:
    """Store the result of a process, file by file. A test that fails by itself notices nothing."""
    seconds, failed, lines = answer["seconds"], answer["failed"], answer["lines"]
    assert isinstance(seconds, dict) and isinstance(failed, list) and isinstance(lines, dict)
    if failed:
        sys.stderr.write(f"left out, because they fail without any change: {', '.join(failed)}\n")
    by_file: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    for test, taken in seconds.items():
        touched = {os.path.relpath(path, ROOT): some for path, some in lines.get(test, {}).items()}
        if test not in failed:
            by_file[test.split("::")[0]][test] = {"seconds": taken, "lines": touched}
    for file, known in by_file.items():
        kept = _kept(file, paths)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(orjson.dumps(known))
    return list(by_file.values())


def environment(folder: str) -> dict[str, str]:
    """The environment: nothing is written beside the sources, and pytest loads only requested
    plugins."""
    own = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_STORAGE_DIRECTORY": folder,
        "PYTHONPYCACHEPREFIX": str(_folder() / "bytecode"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    return {**os.environ, **own}


def _folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches, "tindak-mutation")


def _kept(file: str, paths: Sequence[str]) -> Path:
    digest = hashlib.sha256(_digest_of_wings())
    digest.update("\n".join([str(ROOT), *paths]).encode())
    for needed in sorted(_needs(file)):
        digest.update((ROOT / needed).read_bytes())
    return _folder() / f"{digest.hexdigest()}.json"


@cache
def _digest_of_wings() -> bytes:
    digest = hashlib.sha256(Path(__file__).with_name("plugin.py").read_bytes())
    files = sorted(path for wing in WINGS for path in (ROOT / wing).rglob("*.*"))
    for path in files:
        if path.suffix in (".py", ".bpmn", ".dmn", ".form", ".csv", ".json"):
            digest.update(path.read_bytes())
    return digest.digest()


def _needs(file: str) -> set[str]:
    """The test file, the modules of `tests` that it imports, and every conftest.py above it."""
    open_files, needed = [file], {file}
    while open_files:
        one = open_files.pop()
        conftests = [parent / "conftest.py" for parent in Path(one).parents]
        for other in [*_imported(one), *(str(path) for path in conftests)]:
            if other not in needed and (ROOT / other).is_file() and other.startswith("tests/"):
                needed.add(other)
                open_files.append(other)
    return needed


@cache
def _imported(path: str) -> frozenset[str]:
    """Files of our modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    places = [name.replace(".", "/") for name in names]
    candidates = {f"{place}{end}" for place in places for end in (".py", "/__init__.py")}
    return frozenset(one for one in candidates if (ROOT / one).is_file())


@cache
def importers(path: str) -> Collection[str]:
    """Modules of the product that import this one, by its own name or through its package."""
    names = {path, str(Path(path).with_name("__init__.py"))}
    every = [str(p.relative_to(ROOT)) for wing in WINGS for p in (ROOT / wing).rglob("*.py")]
    return frozenset(one for one in every if one != path and names & _imported(one))
