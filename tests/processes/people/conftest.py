"""A database with both wings' tables, and the people of the stories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection

from engine.storage import tables as engine_tables
from engine.storage.unit_of_work import Database
from processes.access import Scope, operator, scope_of
from processes.accounts import NewUser, create
from processes.grants import granted
from processes.seed import seed_institutions
from processes.storage import (  # noqa: F401  (imported so that their tables exist)
    attempts,
    audit,
    calendars,
    evidence,
    follow_up,
    people,
    register,
    settings,
    sign_in,
)
from processes.storage.schema import metadata
from processes.storage.users import Grants

NOW = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)
"""Tuesday 17 March 2026, 10.00 WIB."""


@dataclass(frozen=True)
class Data:
    """A database as use cases see it."""

    database: Database

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.database.write()

    def reading(self) -> AbstractContextManager[Connection]:
        return self.database.read()


@pytest.fixture
def data(database_url: str) -> Iterator[Data]:
    """Both databases in turn, with tables, calendars and institutions."""
    yield from _opened(database_url)


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Data]:
    """The same on SQLite only, for what the database has no part in."""
    yield from _opened(sqlite_url)


def _opened(url: str) -> Iterator[Data]:
    opened = Data(Database(url))
    with opened.transaction() as connection:
        engine_tables.metadata.create_all(connection)
        metadata.create_all(connection)
        seed_institutions(connection, NOW)
    yield opened
    opened.database.dispose()


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


def scope(data: Data, user_id: UUID) -> Scope:
    """What that person may see now."""
    with data.reading() as connection:
        return scope_of(connection, user_id)
