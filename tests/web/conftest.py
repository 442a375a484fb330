"""A working office: the ministry and four institutions behind the real application.

The real engine plays the cases once, and each test gets a copy, because playing them costs more
than most tests.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from uuid_utils.compat import uuid7
from werkzeug.test import TestResponse

from engine.face.questions import Questions
from engine.storage.settings import remove_setting
from engine.storage.upkeep import HEARTBEAT
from engine.time.clock import ManualClock
from processes.acts.acting import Acting
from processes.acts.service import Service
from processes.authentication.credentials import hash_password
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, open_session
from processes.composition import open_service
from processes.storage.authentication import passwords
from processes.storage.people import users
from processes.storage.tables.people import user
from tests.conftest import PostgresServer, name_of
from tests.processes.passwords import cheap_passwords  # noqa: F401  (a fixture)
from tests.processes.stories.world import (
    FILES,
    MONDAY,
    World,
    found_ministry,
    open_world,
    options,
)
from tests.web.compiled import application
from web.configuration.settings import read_settings

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PASSWORD = "hujan turun di bulan Juni"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADING = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True)
class Cases:
    """What was played: two recommendations, each to two institutions. `database`: the file, where
    it is one.

    first: kemhan has to acknowledge, kemenperin has to report. second (restricted): kemhan's
    report was returned with notes, kemenkeu's waits for its evaluation; `receipt` is kemenkeu's.
    """

    database: Path
    folder: Path
    first: UUID
    second: UUID
    receipt: str


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """The cases, on a SQLite database to be copied."""
    folder = tmp_path_factory.mktemp("office")
    return play(f"sqlite:///{folder / 'tindak.db'}", folder)


@pytest.fixture(scope="session")
def played_postgres(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Cases]:
    """The same on PostgreSQL: the name of the database to be copied, and what is in it."""
    url = postgres.new_database()
    return name_of(url), play(url, tmp_path_factory.mktemp("office"))


def play(url: str, folder: Path) -> Cases:
    """Found the ministry on an empty database and work the cases as far as they are needed."""
    found_ministry(url, folder)
    world = open_world(url, folder)
    with world.services[0].transaction() as connection:
        connection.execute(update(user).values(locale="id"))
    first = world.issued()
    world.to_report("kemenperin", world.follow_up(first, "kemenperin"))
    second, receipt = _second(world)
    with world.services[0].transaction() as connection:
        # Nobody looks after it: on a busy machine playing takes longer than a heartbeat.
        remove_setting(connection, HEARTBEAT)
    for service in world.services:
        service.close()
    return Cases(folder / "tindak.db", folder, first, second, receipt)


def _second(world: World) -> tuple[UUID, str]:
    id = world.issued(lead=["kemhan"], supporting=["kemenkeu"], classification="restricted")
    for institution in ("kemhan", "kemenkeu"):
        case = world.follow_up(id, institution)
        world.to_report(institution, case)
        outcome = world.hand_in(institution, case)
        if institution == "kemhan":
            world.evaluate(
                case, "not_yet_conforms", notes="Data belum lengkap.", rework_deadline="2026-03-20"
            )
    assert outcome.receipt_number
    return id, outcome.receipt_number


@dataclass
class Person:
    """A signed-in browser. `post` sends a form of the page it comes from, token included."""

    client: FlaskClient
    token: str = ""

    def get(self, url: str, **more: Any) -> TestResponse:
        """Open a page."""
        response = self.client.get(url, **more)
        if response.mimetype == "text/html" and (found := TOKEN.search(text(response))):
            self.token = found[1]
        return response

    def post(self, url: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form."""
        if not self.token:
            self.get("/account")
        return self.client.post(url, data={"csrf_token": self.token, **(data or {})}, **more)


@dataclass
class Office:
    """The application over a copy of the cases, and its people."""

    app: Flask
    service: Service
    clock: ManualClock
    cases: Cases
    keys: dict[str, str] = field(default_factory=dict)

    def stranger(self) -> Person:
        """A browser nobody has signed in with."""
        person = Person(self.app.test_client())
        person.get("/login")
        return person

    def enter(self, username: str, before: timedelta = timedelta(0)) -> Person:
        """A browser in which somebody has signed in, so long before."""
        client, now = self.app.test_client(), self.service.engine.real_now() - before
        with self.service.transaction() as connection:
            person = users.by_username(connection, username)
            assert person is not None
            key = open_session(
                connection, person.id, visitor=Visitor("127.0.0.1"), now=now, limits=Limits()
            )
        client.set_cookie("tindak", key)
        self.keys[username] = key
        return Person(client)

    def gives_password(self, username: str) -> str:
        """Let somebody have a password, which they give where they are asked for it."""
        with self.service.transaction() as connection:
            person = users.by_username(connection, username)
            assert person is not None
            passwords.set_password_hash(connection, person.id, hash_password(PASSWORD))
        return PASSWORD

    def colleague(self, username: str) -> Person:
        """A browser of somebody who may do all that this person may: Sinta Wijaya, `second`."""
        with self.service.transaction() as connection:
            person = users.by_username(connection, username)
            assert person is not None
            second = replace(person, id=uuid7(), username="second", name="Sinta Wijaya")
            users.insert_user(connection, second)
            users.replace_grants(connection, second.id, users.grants(connection, person.id))
        return self.enter("second")

    def task(self, element: str, institution: str = "") -> str:
        """Address of the open task of that element, of one institution if there are several."""
        found = [
            task
            for task in self.service.engine.tasks(limit=200)
            if task.element_id == element and self._is_of(task.business_key, institution)
        ]
        assert len(found) == 1, (element, institution, found)
        return f"/tasks/{found[0].id}"

    def _is_of(self, business_key: str | None, institution: str) -> bool:
        from processes.storage.cases import follow_up_rows

        if not institution:
            return True
        with self.service.reading() as connection:
            row = follow_up_rows.find(connection, UUID(business_key or ""))
        return row is not None and row.institution == institution


@pytest.fixture
def office(played: Cases, tmp_path: Path) -> Iterator[Office]:
    """The office on Thursday 15 January 2026, 09.00 WIB."""
    yield from _copied(played, tmp_path, {})


@pytest.fixture
def demo_office(played: Cases, tmp_path: Path) -> Iterator[Office]:
    """The same with example data on, as `make run` serves it."""
    yield from _copied(played, tmp_path, {"TINDAK_DEMO": "1"})


@pytest.fixture(params=["sqlite", "postgresql"])
def office_anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """The office on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield from _copied(request.getfixturevalue("played"), tmp_path, {})
        return
    yield from on_postgres(request, tmp_path)


def on_postgres(request: pytest.FixtureRequest, folder: Path) -> Iterator[Office]:
    """The office over a copy of the cases on PostgreSQL."""
    server: PostgresServer = request.getfixturevalue("postgres")
    template, cases = request.getfixturevalue("played_postgres")
    url = server.new_database(template)
    yield from _opened(url, cases, folder, {})
    server.drop(url)


def _copied(played: Cases, folder: Path, environment: dict[str, str]) -> Iterator[Office]:
    shutil.copy(played.database, folder / "tindak.db")
    yield from _opened(f"sqlite:///{folder / 'tindak.db'}", played, folder, environment)


def _opened(url: str, cases: Cases, folder: Path, environment: dict[str, str]) -> Iterator[Office]:
    clock = ManualClock(MONDAY + timedelta(days=10))
    service = open_service(url, options(folder), clock, FILES)
    settings = read_settings({"TINDAK_DATA_DIR": str(folder), **environment})
    app = application(service, settings)
    yield Office(app, service, clock, cases)
    service.close()


@pytest.fixture
def real_time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what waits seconds, so that no slow moment is taken for somebody's patience."""
    now = datetime.now(UTC)
    monkeypatch.setattr(Questions, "real_now", lambda _: now)
    monkeypatch.setattr(Acting, "real_now", property(lambda _: now))


def mail_server(office: Office) -> None:
    """Let the product believe that mails go out; nothing is sent, for no scheduler runs."""
    options = replace(office.service.options, smtp_url="smtp://mail.example")
    office.app.extensions["tindak_service"] = replace(office.service, options=options)


def text(response: TestResponse) -> str:
    """The markup of a page."""
    return response.get_data(as_text=True)


def heading(response: TestResponse) -> str:
    """The title of a page."""
    found = HEADING.search(text(response))
    assert found, text(response)[:400]
    return found[1].strip()
