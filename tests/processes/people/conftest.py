"""A database with both wings' tables, and the people of the stories."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, make_url

from engine.storage import tables as engine_tables
from engine.storage.unit_of_work import Database
from processes import confirming
from processes.access import Scope, operator, scope_of
from processes.accounts import NewUser, create
from processes.grants import granted
from processes.seed import seed_institutions
from processes.storage import (  # noqa: F401  (imported so that their tables exist)
    approvals,
    attempts,
    audit,
    calendars,
    evidence,
    failed_sign_ins,
    follow_up,
    people,
    register,
    settings,
    sign_in,
)
from processes.storage.schema import metadata
from processes.storage.users import Grants
from tests.conftest import PostgresServer

NOW = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
"""Tuesday 17 March 2026, 10.00 WIB."""
_names = itertools.count()


@dataclass(frozen=True)
class Data:
    """A database as use cases see it."""

    database: Database

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.database.write()

    def reading(self) -> AbstractContextManager[Connection]:
        return self.database.read()


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


def _opened(url: str) -> Iterator[Data]:
    opened = Data(Database(url))
    yield opened
    opened.database.dispose()


def _fill(url: str) -> None:
    for opened in _opened(url):
        with opened.transaction() as connection:
            engine_tables.metadata.create_all(connection)
            metadata.create_all(connection)
            seed_institutions(connection, NOW)


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
        password=password,
    )
    with data.transaction() as connection:
        return create(connection, operator(), new, now=NOW)


def confirmed(data: Data, user_id: UUID) -> Scope:
    """The same, where they have just given the password once more."""
    with data.transaction() as connection:
        return confirming.vouched(connection, scope_of(connection, user_id))


def scope(data: Data, user_id: UUID) -> Scope:
    """What that person may see now."""
    with data.reading() as connection:
        return scope_of(connection, user_id)
