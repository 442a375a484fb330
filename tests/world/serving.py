"""The needs of the served product before a worker's test: a database, and the worker's account."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from processes.acts.service import Service
from processes.authentication.confirming import vouched
from processes.people import account_desk
from processes.rights.access import scope_of
from processes.storage.people import users
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
        person = users.by_username(connection, "admin")
        assert person is not None
        admin = vouched(connection, scope_of(connection, person.id))
    return account_desk.provide_service_token(
        service, admin, username, name="hall 7", topics=topics, case_topics=(),
        lasts=timedelta(days=1),
    ).key  # fmt: skip
