"""What the served product needs before workers are tried on it: a database, and their account."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from processes import service_accounts
from processes.access import scope_of
from processes.confirming import vouched
from processes.service import Service
from processes.storage import users
from tests.conftest import PostgresServer


def database_of(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind that a fixture's parameter names."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'tindak.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


def token_for(service: Service, username: str, topics: Collection[str]) -> str:
    """The secret of a token for these topics, of a new service account."""
    with service.transaction() as connection:
        now = service.engine.on(connection).real_now()
        person = users.by_username(connection, "admin")
        assert person is not None
        admin = vouched(connection, scope_of(connection, person.id))
        account = service_accounts.create(
            connection, admin, username=username, name=username, now=now
        )
        made = service_accounts.make_token(
            connection, admin, account.id, name="hall 7", topics=topics, lasts=timedelta(days=1),
            now=now,
        )  # fmt: skip
    return made.key
