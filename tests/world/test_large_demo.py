"""`tindak demo --large` at its full size: its contents, and every page about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from processes.acts.service import Service
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, open_session
from processes.demo import people
from processes.demo.crowd import LARGE
from processes.operation.readiness import DEMO_COMPLETE
from processes.register.states import Stage
from processes.storage.operation.settings import read_setting
from processes.storage.people import users
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from tests.conftest import PostgresServer
from tests.processes.kept.agreement import disagreements
from tests.processes.kept.seeing import seen
from tests.world.walking import walk
from web import demo
from web.app import create_app
from web.composition import open_service
from web.configuration.settings import Settings, read_settings

MORE_THAN_A_PAGE = 50


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a large demo, played once on each database."""
    folder: Path = tmp_path_factory.mktemp("large")
    given = {"TINDAK_DATA_DIR": str(folder), "TINDAK_DEMO": "1"}
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        given["TINDAK_DATABASE_URL"] = server.new_database()
    settings = read_settings(given)
    demo.ensure(settings, print, LARGE)
    return settings


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[Service]:
    """The product on it."""
    service = open_service(settings)
    yield service
    service.close()


@pytest.fixture(scope="module")
def app(service: Service, settings: Settings) -> Flask:
    """Its pages."""
    return create_app(service, settings)


def test_it_holds_what_was_promised_in_every_stage(service: Service) -> None:
    tables = {
        recommendation: LARGE.recommendations,
        institution: LARGE.institutions,
        follow_up: LARGE.follow_ups,
    }
    with service.reading() as connection:
        for table, wanted in tables.items():
            count = select(func.count()).select_from(table)
            assert connection.scalar(count) == wanted, table.name
        assert read_setting(connection, DEMO_COMPLETE)
    found = seen(service)
    assert set(found["follow-ups by status"]) == set(Stage)
    assert min(found["recommendations by status"].values()) > 0
    assert found["mails"]["shown"] > MORE_THAN_A_PAGE


def test_register_and_engine_agree_on_it(service: Service) -> None:
    assert disagreements(service) == []


@pytest.mark.parametrize("name", people.SHOWN)
def test_every_page_answers_everybody_over_it(app: Flask, service: Service, name: str) -> None:
    client = app.test_client()
    with service.transaction() as connection:
        person = users.by_username(connection, name)
        assert person is not None
        now = service.engine.on(connection).real_now()
        visitor = Visitor("127.0.0.1")
        key = open_session(connection, person.id, visitor=visitor, now=now, limits=Limits())
    client.set_cookie("tindak", key)

    visited = list(walk(app, client))

    assert [page for page in visited if page.status != 200] == []
    assert len(visited) > 30, "the walk has found the pages"


def test_the_lists_have_more_rows_than_a_page(service: Service) -> None:
    with service.reading() as connection:
        waiting = seen(service)["open tasks"]
        wide = select(func.count()).select_from(follow_up).group_by(follow_up.c.recommendation_id)
        widest = max(connection.scalars(wide))
    assert waiting["evaluate"] > MORE_THAN_A_PAGE
    assert widest > MORE_THAN_A_PAGE
