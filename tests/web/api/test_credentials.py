"""The identity of a program: Basic or Bearer in each call, never a cookie."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import update

from processes.authentication import tokens
from processes.authentication.credentials import digest, hash_password
from processes.authentication.throttle import ACCOUNT, of_account
from processes.people import leaving
from processes.rights.access import operator
from processes.storage.authentication import attempts, passwords
from processes.storage.people import users
from processes.storage.tables.authentication import token
from tests.web.api.conftest import Api
from tests.web.conftest import Office

PASSWORD = "kuda lumping di pasar"
PATHS = ("/engine-rest/version", "/engine-rest/nothing", "/api/v1/follow-ups", "/api/v1/nothing")


def basic(username: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def with_password(api: Api, username: str) -> None:
    with api.service.transaction() as connection:
        user = users.by_username(connection, username)
        assert user is not None
        passwords.set_password_hash(connection, user.id, hash_password(PASSWORD))


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_asked_for_credentials(still_api: Api, path: str) -> None:
    answer = still_api.call(None, "GET", path)
    assert answer.status_code == 401
    challenges = answer.headers.getlist("WWW-Authenticate")
    assert [one.split()[0] for one in challenges] == ["Basic", "Bearer"]
    assert answer.mimetype in ("application/json", "application/problem+json")


def test_a_cookie_is_not_a_credential(office: Office) -> None:
    signed_in = office.enter("owner")
    assert signed_in.get("/account").status_code == 200
    assert signed_in.get("/engine-rest/version").status_code == 401
    assert signed_in.get("/api/v1/follow-ups").status_code == 401


def test_no_csrf_token_is_asked_of_a_program(still_api: Api) -> None:
    assert still_api.post("owner", "/engine-rest/message", {}).status_code == 400


def test_name_and_password_open_the_api_and_wrong_ones_do_not(api: Api) -> None:
    with_password(api, "owner")
    path = "/engine-rest/version"
    assert api.call(None, "GET", path, headers=basic("owner", PASSWORD)).status_code == 200
    assert api.call(None, "GET", path, headers=basic("owner", PASSWORD)).status_code == 200
    for name, password in (("owner", "wrong"), ("nobody", PASSWORD), ("", "")):
        assert api.call(None, "GET", path, headers=basic(name, password)).status_code == 401


@pytest.mark.usefixtures("real_time_stands")
def test_guessing_is_slowed_down(small_api: Api) -> None:
    path = "/engine-rest/version"
    for n in range(ACCOUNT.free):
        wrong = small_api.call(None, "GET", path, headers=basic("owner", f"guess {n}"))
        assert wrong.status_code == 401
        assert "Retry-After" not in wrong.headers
    with_password(small_api, "owner")
    with small_api.service.transaction() as connection:  # just now, however slow the machine is
        now = small_api.service.engine.on(connection).real_now()
        attempts.count(connection, of_account("owner"), ACCOUNT.free + 7, now)
    right = small_api.call(None, "GET", path, headers=basic("owner", PASSWORD))
    assert right.status_code == 401, "not even the right one counts meanwhile"
    assert int(right.headers["Retry-After"]) > 0


@pytest.mark.parametrize("value", ["Bearer", "Bearer x", "Basic ???", "Digest a=b", "nonsense"])
def test_a_header_that_is_no_credential_is_none(still_api: Api, value: str) -> None:
    headers = {"Authorization": value}
    assert still_api.call(None, "GET", "/engine-rest/version", headers=headers).status_code == 401


def test_a_reading_token_reads_and_changes_nothing(office: Office, office_api: Api) -> None:
    task = office.task("acknowledge").removeprefix("/tasks/")
    headers = {"Authorization": f"Bearer {office_api.token('kemhan', 'read')}"}
    read = office_api.call(None, "GET", f"/engine-rest/task/{task}", headers=headers)
    assert read.status_code == 200
    for act in ("claim", "complete", "unclaim", "assignee"):
        path = f"/engine-rest/task/{task}/{act}"
        answer = office_api.call(None, "POST", path, headers=headers, json={})
        assert answer.status_code == 403, act
    owner = {"Authorization": f"Bearer {office_api.token('owner', 'read')}"}
    start = "/engine-rest/process-definition/key/x/start"
    assert office_api.call(None, "POST", start, headers=owner, json={}).status_code == 403


def test_a_token_ends_with_its_time_and_with_its_user(small_api: Api) -> None:
    api = small_api
    headers = {"Authorization": f"Bearer {api.token('kemhan')}"}
    assert api.call(None, "GET", "/engine-rest/task", headers=headers).status_code == 200
    expired = tokens.create_for(
        api.service, operator(), "owner", name="old", kind="act", lasts=timedelta(days=1)
    )
    with api.service.transaction() as connection:
        old = {"expires_at": api.service.engine.on(connection).real_now()}
        connection.execute(update(token).where(token.c.digest == digest(expired)).values(**old))
        user = users.by_username(connection, "kemhan")
    assert user is not None
    leaving.close_account(api.service, operator(), user.id)
    for key in (expired, api.token("kemhan")):
        headers = {"Authorization": f"Bearer {key}"}
        assert api.call(None, "GET", "/engine-rest/task", headers=headers).status_code == 401


def test_words_are_english_unless_another_language_is_asked_for(office: Office) -> None:
    api = Api(office.app, office.service)
    path = f"/engine-rest{office.task('acknowledge').replace('/tasks', '/task')}/complete"
    english = api.post("kemhan", path).get_json()["message"]
    indonesian = api.post("kemhan", path, headers={"Accept-Language": "id"}).get_json()["message"]
    assert english != indonesian
    assert english.startswith("Some entries need another look.")
