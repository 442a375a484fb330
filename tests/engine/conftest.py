"""An engine on each database that forgets all live instances, with a clock that the test moves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import Engine
from engine.time.clock import ManualClock
from tests.conftest import PostgresServer, name_of

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""09.00 in Jakarta on a working Monday."""

Open = Callable[..., Engine]


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the engine's tables, to be copied: making them costs more than most tests."""
    path = tmp_path_factory.mktemp("engine") / "tindak.db"
    Engine.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def prepared_postgres(postgres: PostgresServer) -> str:
    """The same on PostgreSQL; its name."""
    url = postgres.new_database()
    Engine.open(url).close()
    return name_of(url)


@pytest.fixture
def sqlite_url(prepared_sqlite: Path, sqlite_url: str, tmp_path: Path) -> str:
    """An SQLite database of the test's own, with the engine's tables and nothing in them."""
    shutil.copy(prepared_sqlite, tmp_path / "tindak.db")
    return sqlite_url


@pytest.fixture
def postgres_url(postgres: PostgresServer, prepared_postgres: str) -> Iterator[str]:
    """A PostgreSQL database of the test's own, with the engine's tables and nothing in them."""
    url = postgres.new_database(prepared_postgres)
    yield url
    postgres.drop(url)


@pytest.fixture
def clock() -> ManualClock:
    """Stands at MONDAY until moved."""
    return ManualClock(MONDAY)


@pytest.fixture
def open_engine(database_url: str, clock: ManualClock) -> Iterator[Open]:
    """Opens engines on the test's database: a second one stands for another process."""
    opened: list[Engine] = []

    def opener(handlers: Mapping[str, Any] | None = None, **settings: Any) -> Engine:
        engine = Engine.open(database_url, handlers, clock, **settings)
        opened.append(engine)
        return engine

    yield opener
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    """An engine without handlers and without a case reader."""
    return open_engine()
