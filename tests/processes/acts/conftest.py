"""The stage, opened once for each kind of database and reset before each trial."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.processes.acts.stage import Stage, close_stage, open_stage


@pytest.fixture(scope="session")
def sqlite_stage(founded_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The stage in a file."""
    folder = tmp_path_factory.mktemp("stage")
    shutil.copy(founded_sqlite, folder / "tindak.db")
    stage = open_stage(f"sqlite:///{folder / 'tindak.db'}", folder)
    yield stage
    close_stage(stage)


@pytest.fixture(scope="session")
def postgresql_stage(
    postgres: PostgresServer, founded_postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The stage on the test's server."""
    url = postgres.new_database(founded_postgres)
    stage = open_stage(url, tmp_path_factory.mktemp("stage"))
    yield stage
    close_stage(stage)
    postgres.drop(url)


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    """The one whose kind of database the test names, as the story left it."""
    kind = getattr(request, "param", "sqlite")
    found: Stage = request.getfixturevalue(f"{kind}_stage")
    found.reset()
    return found
