"""A database with both wings' tables, and the people of the stories."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, make_url

from engine import Engine
from processes import confirming
from processes.access import Scope, operator, scope_of
from processes.accounts import NewUser, create
from processes.acting import Acting
from processes.common.notify import Notifier
from processes.credentials import chosen
from processes.grants import granted
from processes.letters import Stationery
from processes.seed import seed_institutions
from processes.service import Options, Service
from processes.storage.tree import TREE
from processes.storage.users import Grants
from tests.conftest import PostgresServer

NOW = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
"""Tuesday 17 March 2026, 10.00 WIB: the engine's time."""
_names = itertools.count()

Data = Service
"""A database as use cases see it: no models, no handlers, no mail server."""


@dataclass
class RealTime:
    """The database's time as acts see it, `begin` of the test and `now`."""

    begin: datetime = NOW
    now: datetime = NOW


TIME = RealTime()


@pytest.fixture(autouse=True)
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
def small(prepared_sqlite: Path, tmp_path: Path) -> Iterator[Data]:
    """A filled database on SQLite, for what the kind of database has no part in."""
    copy = shutil.copy(prepared_sqlite, tmp_path / "tindak.db")
    yield from _opened(f"sqlite:///{copy}")


@pytest.fixture
def postgres_copy(postgres: PostgresServer, prepared_postgres: str) -> Iterator[str]:
    """The URL of a filled PostgreSQL database of the test's own."""
    url = make_url(prepared_postgres)
    name = f"{url.database}_{next(_names)}"
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {url.database}")
    server.dispose()
    copy = url.set(database=name).render_as_string(hide_password=False)
    yield copy
    postgres.drop(copy)


@pytest.fixture(params=["sqlite", "postgresql"])
def data(request: pytest.FixtureRequest) -> Iterator[Data]:
    """A filled database: tables, calendars, institutions. Both kinds in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("small")
    else:
        yield from _opened(request.getfixturevalue("postgres_copy"))


def served(engine: Engine) -> Service:
    """What use cases are given that need more than the engine."""
    options = Options(data_dir=Path(), base_url="http://localhost")
    return Service(
        engine, options, Notifier(Stationery("", False), options.translate, options.domain)
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
