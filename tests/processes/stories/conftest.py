"""The world of the stories, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PostgresServer, name_of
from tests.processes.stories.world import World, found_ministry, open_world


@pytest.fixture(scope="session")
def founded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the ministry in it, to be copied."""
    folder = tmp_path_factory.mktemp("ministry")
    found_ministry(f"sqlite:///{folder / 'tindak.db'}", folder)
    return folder / "tindak.db"


@pytest.fixture(scope="session")
def founded_postgres(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with the ministry in it, to be copied."""
    url = postgres.new_database()
    found_ministry(url, tmp_path_factory.mktemp("ministry"))
    return name_of(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A fresh world on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield from _sqlite(request.getfixturevalue("founded_sqlite"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(request.getfixturevalue("founded_postgres"))
    yield from _opened(url, tmp_path)
    server.drop(url)


@pytest.fixture
def small_world(founded_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite only, for what the database plays no part in."""
    yield from _sqlite(founded_sqlite, tmp_path)


def _sqlite(founded: Path, folder: Path) -> Iterator[World]:
    shutil.copy(founded, folder / "tindak.db")
    yield from _opened(f"sqlite:///{folder / 'tindak.db'}", folder)


def _opened(url: str, folder: Path) -> Iterator[World]:
    world = open_world(url, folder)
    yield world
    for service in world.services:
        service.close()
