"""Two beginnings for tests: a filled database (`data`), and the world of the stories (`world`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from engine import Engine
from processes.acts.acting import Acting
from processes.acts.service import Options, Service
from processes.authentication import confirming
from processes.authentication.credentials import chosen
from processes.notices.notify import Notifier
from processes.notices.texts.letters import Stationery
from processes.people.accounts import NewUser, create
from processes.people.seed import seed_institutions
from processes.rights.access import Scope, operator, scope_of
from processes.rights.grants import granted
from processes.storage.people.users import Grants
from processes.storage.tree import TREE
from tests.conftest import PostgresServer, name_of
from tests.processes.passwords import cheap_passwords  # noqa: F401  (a fixture)
from tests.processes.stories.world import World, found_ministry, open_world
from web.addresses import ADDRESSES

NOW = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
"""Tuesday 17 March 2026, 10.00 WIB: the engine's time."""

Data = Service
"""A database as use cases see it: no models, no handlers, no mail server."""


@dataclass
class RealTime:
    """The database's time as acts see it, `begin` of the test and `now`."""

    begin: datetime = NOW
    now: datetime = NOW


TIME = RealTime()


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> RealTime:
    """The real time stands still until a test moves it."""
    TIME.begin = TIME.now = datetime.now(UTC)
    monkeypatch.setattr(Acting, "real_now", property(lambda _: TIME.now))
    return TIME


@pytest.fixture(scope="session")
def prepared_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled database that each test copies: creating 50 tables costs more than most tests."""
    path = tmp_path_factory.mktemp("prepared") / "tindak.db"
    _fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def prepared_postgres(postgres: PostgresServer) -> str:
    """The same on PostgreSQL, as a template; its URL."""
    url = postgres.new_database()
    _fill(url)
    return url


@pytest.fixture
def small(prepared_sqlite: Path, tmp_path: Path, real_time: RealTime) -> Iterator[Data]:
    """A filled database on SQLite, for what the kind of database has no part in."""
    copy = shutil.copy(prepared_sqlite, tmp_path / "tindak.db")
    yield from _opened(f"sqlite:///{copy}")


@pytest.fixture
def postgres_copy(
    postgres: PostgresServer, prepared_postgres: str, real_time: RealTime
) -> Iterator[str]:
    """The URL of a filled PostgreSQL database of the test's own."""
    copy = postgres.new_database(name_of(prepared_postgres))
    yield copy
    postgres.drop(copy)


@pytest.fixture(params=["sqlite", "postgresql"])
def data(request: pytest.FixtureRequest) -> Iterator[Data]:
    """A filled database: tables, calendars, institutions. Both kinds in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("small")
    else:
        yield from _opened(request.getfixturevalue("postgres_copy"))


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
        yield from _copied(request.getfixturevalue("founded_sqlite"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database(request.getfixturevalue("founded_postgres"))
    yield from _entered(url, tmp_path)
    server.drop(url)


@pytest.fixture
def small_world(founded_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite only, for what the database plays no part in."""
    yield from _copied(founded_sqlite, tmp_path)


def served(engine: Engine) -> Service:
    """What use cases are given that need more than the engine."""
    options = Options(data_dir=Path(), base_url="http://localhost", addresses=ADDRESSES)
    return Service(
        engine,
        options,
        Notifier(Stationery("", ADDRESSES, False), options.translate, options.domain),
    )


def _opened(url: str) -> Iterator[Data]:
    opened = served(Engine.open(url, clock=lambda: NOW))
    yield opened
    opened.close()


def _fill(url: str) -> None:
    for opened in _opened(url):
        TREE.prepare(opened.engine.database)
        seed_institutions(opened, operator())


def person(
    data: Data,
    username: str,
    grants: Grants | None = None,
    *,
    clearance: str = "ordinary",
    password: str | None = None,
) -> UUID:
    """Somebody with an account."""
    new = NewUser(
        username=username,
        name=f"Contoh {username}",
        email=f"{username}@contoh.go.id",
        clearance=clearance,
        grants=grants or granted(),
        password=chosen(password) if password is not None else None,
    )
    return create(data, operator(), new)


def confirmed(data: Data, user_id: UUID) -> Scope:
    """The same, where they have just given the password once more."""
    with data.transaction() as connection:
        return confirming.vouched(connection, scope_of(connection, user_id))


def scope(data: Data, user_id: UUID) -> Scope:
    """What that person may see now."""
    with data.reading() as connection:
        return scope_of(connection, user_id)


def _copied(founded: Path, folder: Path) -> Iterator[World]:
    shutil.copy(founded, folder / "tindak.db")
    yield from _entered(f"sqlite:///{folder / 'tindak.db'}", folder)


def _entered(url: str, folder: Path) -> Iterator[World]:
    world = open_world(url, folder)
    yield world
    for service in world.services:
        service.close()
