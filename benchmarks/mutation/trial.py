"""One mutation tried, in a forked process. Its parent has imported everything except the product
itself; the child imports the changed module in place of the file. The tree is never changed."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

from benchmarks.mutation.operators import Mutation
from benchmarks.mutation.places import ROOT
from benchmarks.mutation.plugin import TIMED_OUT, Trying, arguments

FIRST_TESTS = 25
"""Tests that run first, so that most runs collect only a few files."""
MOST_MEMORY = 3 * 2**30
LONGEST_SECONDS = 900.0
"""Seconds; a net below the limit of each test, for code that no signal of Python interrupts."""
PREPARED = (
    "pytest", "xdist.plugin", "hypothesis", "sqlalchemy.dialects.sqlite", "psycopg",
    "sqlalchemy.dialects.postgresql", "SpiffWorkflow.bpmn.workflow", "lxml.etree", "orjson",
    "zstandard", "pydantic", "pydantic_settings", "structlog", "holidays", "babel.dates", "argon2",
    "apscheduler.schedulers.background", "re2", "markdown_it", "puremagic", "uuid_utils.compat",
    "alembic.command",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutation (None: the unchanged product) and its tests."""

    mutation: Mutation | None
    tests: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`how`: noticed, timed out, survived, or untested; `by`: the test that noticed."""

    trial: Trial
    how: str
    by: str = ""
    seconds: float = 0.0

    @property
    def killed(self) -> bool:
        return self.how in ("noticed", "timed out")


@dataclass(slots=True)
class Running:
    """A trial in its process."""

    trial: Trial
    pid: int
    folder: str
    since: float

    def ended(self) -> Outcome | None:
        """The outcome, once it has ended."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        taken = time.monotonic() - self.since
        if pid == 0 and taken < LONGEST_SECONDS:
            return None
        with contextlib.suppress(ProcessLookupError):  # processes that the tests left
            os.killpg(self.pid, signal.SIGKILL)
        if pid == 0:
            os.waitpid(self.pid, 0)
            how = "timed out"
        else:
            code = os.waitstatus_to_exitcode(status)
            how = {0: "survived", 5: "survived", TIMED_OUT: "timed out"}.get(code, "noticed")
        told = Path(self.folder, "told")
        by = told.read_text() if told.exists() else ""
        shutil.rmtree(self.folder, ignore_errors=True)
        return Outcome(self.trial, how, by, taken)


def prepare() -> None:
    """Import everything that every child needs and no mutation changes."""
    for name in PREPARED:
        importlib.import_module(name)


def begin(trial: Trial) -> Running:
    """Start a trial."""
    folder = tempfile.mkdtemp(prefix="mutant")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = _child(trial, folder)
        finally:
            os._exit(code)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(pid, pid)
    return Running(trial, pid, folder, time.monotonic())


def _child(trial: Trial, folder: str) -> int:
    os.setpgid(0, 0)
    output = os.open(Path(folder, "output"), os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
    if trial.mutation is not None:
        sys.meta_path.insert(0, Changed(trial.mutation))
    tests = list(trial.tests)
    for number, some in enumerate((tests[:FIRST_TESTS], tests[FIRST_TESTS:])):
        if some and (status := _ask(trial, some, folder, number)) not in (0, 5):
            return status
    return 0


def _ask(trial: Trial, tests: Sequence[str], folder: str, number: int) -> int:
    import pytest

    told = Path(folder, "told")
    trying = Trying({test: trial.tests[test] for test in tests}, told.write_text)
    files = list(dict.fromkeys(test.split("::")[0] for test in tests))
    options = ["-x", *arguments(files, str(Path(folder, str(number))))]
    return int(pytest.main(options, plugins=[trying]))


class Changed(MetaPathFinder):
    """Finds the changed module before the import system finds its file."""

    def __init__(self, mutation: Mutation) -> None:
        self._mutation = mutation
        parts = Path(mutation.path).with_suffix("").parts
        self._name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._name:
            return None
        path = str(ROOT / self._mutation.path)
        loader = _Loader(name, path)
        loader.mutation = self._mutation
        return importlib.util.spec_from_file_location(name, path, loader=loader)


class _Loader(SourceFileLoader):
    mutation: Mutation

    def get_code(self, fullname: str) -> CodeType:
        path = Path(self.get_filename(fullname))
        return compile(self.mutation.applied(path.read_bytes()), path, "exec", dont_inherit=True)
