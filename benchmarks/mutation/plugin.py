"""Additions to pytest, in a run that draws the map of tests and lines, and in a run that tries a
mutation. Uses only plain values, because it must not import a measured or changed module."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import Phase, settings

TIMED_OUT = 77
"""Exit status of a run in which a test took far longer than usual."""
GRACE_SECONDS = 10.0
GRACE_TIMES = 10.0
LONGEST_WAIT_SECONDS = 300.0
"""A test that waits for ever uses no processor time."""


def needs_postgresql(item: pytest.Item) -> bool:
    """Such tests are left out: SQLite is always there, starts at no cost, and runs the same
    rules."""
    fixtures = getattr(item, "fixturenames", ())
    return "postgresql" in item.nodeid or any(name.startswith("postgres") for name in fixtures)


class Sober:
    """The same examples every time, without a search for a smaller failing one."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "sober", deadline=None, derandomize=True, phases=phases, database=None
        )
        settings.load_profile("sober")


class Mapping(Sober):
    """Records the lines that each test runs, and its processor time: on a shared machine wall time
    would include others."""

    def __init__(self, include: list[str]) -> None:
        self.coverage = Coverage(include=include, data_file=None, config_file=False)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not needs_postgresql(item)]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.process_time() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def lines(self) -> dict[str, dict[str, list[int]]]:
        """test -> file -> lines."""
        data, found = self.coverage.get_data(), dict[str, dict[str, list[int]]]()
        for path in data.measured_files():
            for line, tests in data.contexts_by_lineno(path).items():
                for test in tests:
                    if test:
                        found.setdefault(test, {}).setdefault(path, []).append(line)
        return found


class Trying(Sober):
    """Runs the named tests in the given order, and ends everything if one takes far too long."""

    def __init__(self, seconds: dict[str, float], tell: Any) -> None:
        self._seconds = seconds
        self._rank = {test: place for place, test in enumerate(seconds)}
        self._tell = tell

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        wanted = [item for item in items if item.nodeid in self._rank]
        items[:] = sorted(wanted, key=lambda item: self._rank[item.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        def too_long(*_: object) -> None:
            self._tell(item.nodeid)
            os._exit(TIMED_OUT)

        used = GRACE_SECONDS + GRACE_TIMES * self._seconds[item.nodeid]
        limits = (
            (signal.SIGPROF, signal.ITIMER_PROF, used),
            (signal.SIGALRM, signal.ITIMER_REAL, LONGEST_WAIT_SECONDS),
        )
        for number, timer, seconds in limits:
            signal.signal(number, too_long)
            signal.setitimer(timer, seconds)
        try:
            return (yield)
        finally:
            for _, timer, _ in limits:
                signal.setitimer(timer, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._tell(report.nodeid)


def arguments(paths: list[str], folder: str) -> list[str]:
    """pytest's arguments for these files."""
    plugins = ["-p", "xdist.plugin", "-p", "no:cacheprovider"]  # tests/conftest.py has a hook of it
    return ["-q", "--no-header", *plugins, "--basetemp", folder, *paths]


def main() -> None:
    """`python -m benchmarks.mutation.plugin OUT FOLDER INCLUDE,... FILE...`: draws the map."""
    import orjson

    out, folder, include, *files = sys.argv[1:]
    mapping = Mapping(include.split(","))
    mapping.coverage.start()
    status = pytest.main(arguments(files, folder), plugins=[mapping])
    mapping.coverage.stop()
    answer = {
        "status": int(status), "seconds": mapping.seconds, "failed": sorted(mapping.failed),
        "lines": mapping.lines(),
    }  # fmt: skip
    Path(out).write_bytes(orjson.dumps(answer))
    sys.exit(status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED))


if __name__ == "__main__":
    main()
