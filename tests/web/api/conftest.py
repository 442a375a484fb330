"""The application for programs: with a user's token, on both databases."""

from __future__ import annotations

import io
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.time.clock import ManualClock
from processes.acts.service import Service
from processes.authentication import tokens
from processes.composition import open_service
from processes.people import account_desk
from processes.rights.access import operator
from tests.processes.conftest import (  # noqa: F401  (fixtures)
    founded_postgres,
    founded_sqlite,
    small_world,
    world,
)
from tests.processes.stories.world import MONDAY, World, options
from tests.web.compiled import application
from tests.web.conftest import Cases, Office
from web.configuration.settings import read_settings


@dataclass
class Api:
    """Calls as somebody. `json` is the body of the answer."""

    app: Flask
    service: Service
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def token(self, who: str, kind: Literal["read", "act"] = "act") -> str:
        """A token of that user."""
        if (who, kind) not in self.keys:
            self.keys[who, kind] = tokens.create_for(
                self.service, operator(), who, name="test", kind=kind, lasts=timedelta(days=1)
            )
        return self.keys[who, kind]

    def worker_token(self, *topics: str, in_cases: Collection[str] = ()) -> str:
        """A token of a service account for these topics, made at the console, where what is allowed
        in real cases needs no second administrator."""
        return account_desk.provide_service_token(
            self.service, operator(), "scale", name="Scale", topics=topics, case_topics=in_cases,
            lasts=timedelta(days=1),
        ).key  # fmt: skip

    def call(self, who: str | None, method: str, path: str, **more: Any) -> TestResponse:
        """Any call; `who` None: a stranger."""
        headers = {"Authorization": f"Bearer {self.token(who)}"} if who else {}
        headers |= more.pop("headers", {})
        return self.app.test_client().open(path, method=method, headers=headers, **more)

    def get(self, who: str, path: str, **query: str) -> Any:
        """The JSON of an answer that must be 200."""
        answer = self.call(who, "GET", path, query_string=query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.json

    def post(self, who: str, path: str, body: object = None, **more: Any) -> TestResponse:
        """A JSON body, sent."""
        return self.call(who, "POST", path, json={} if body is None else body, **more)

    def deploy(self, who: str, files: Mapping[str, bytes], name: str = "test") -> TestResponse:
        """Deploy as Camunda Modeler does: each part is named as its file."""
        parts = {file: (io.BytesIO(content), file) for file, content in files.items()}
        data = {"deployment-name": name, "deployment-source": "Camunda Modeler", **parts}
        return self.call(who, "POST", "/engine-rest/deployment/create", data=data)

    def start(self, who: str, key: str, business_key: str | None = None, **data: Any) -> str:
        """Start an instance; its id."""
        variables = {name: {"value": value} for name, value in data.items()}
        body = {"businessKey": business_key, "variables": variables}
        answer = self.post(who, f"/engine-rest/process-definition/key/{key}/start", body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        id: str = answer.get_json()["id"]
        return id

    def task(self, who: str, instance: str) -> dict[str, Any]:
        """The one open task of an instance."""
        (task,) = self.get(who, "/engine-rest/task", processInstanceId=instance)
        found: dict[str, Any] = task
        return found

    def complete(self, who: str, task: str, /, **answers: Any) -> TestResponse:
        """Complete a task with plain values."""
        variables = {name: {"value": value} for name, value in answers.items()}
        return self.post(who, f"/engine-rest/task/{task}/complete", {"variables": variables})


def api_over(service: Service, folder: Path) -> Api:
    """The application over a service."""
    return Api(application(service, read_settings({"TINDAK_DATA_DIR": str(folder)})), service)


@pytest.fixture
def api(world: World, tmp_path: Path) -> Api:  # noqa: F811
    """The ministry without any case, on SQLite, then on PostgreSQL."""
    return api_over(world.services[0], tmp_path)


@pytest.fixture
def small_api(small_world: World, tmp_path: Path) -> Api:  # noqa: F811
    """The same on SQLite only, for what the database plays no part in."""
    return api_over(small_world.services[0], tmp_path)


@pytest.fixture(scope="session")
def still_api(played: Cases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The office once for all tests that change nothing in it."""
    folder = tmp_path_factory.mktemp("still")
    shutil.copy(played.database, folder / "tindak.db")
    clock = ManualClock(MONDAY + timedelta(days=10))
    service = open_service(f"sqlite:///{folder / 'tindak.db'}", options(folder), clock)
    yield api_over(service, folder)
    service.close()


@pytest.fixture
def office_api(office: Office) -> Api:
    """The office with two recommendations under way."""
    return Api(office.app, office.service)
