"""Each refusal leaves one line in the log: person, origin, thing, reason; and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from tests.web.api.conftest import Api
from tests.web.conftest import Office


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The lines about refusals."""
    from web.gate import refusals

    capture = LogCapture()
    monkeypatch.setattr(refusals, "log", structlog.wrap_logger(None, processors=[capture]))
    return capture.entries


def only(lines: list[Any]) -> dict[str, Any]:
    (line,) = lines
    assert set(line) == {
        "event", "log_level", "status", "who", "address", "method", "path", "reason"
    }  # fmt: skip
    assert line["address"] == "127.0.0.1"
    return dict(line)


def test_a_page_of_another_role_is_a_line(office: Office, lines: list[Any]) -> None:
    office.enter("kemhan").get("/users")
    line = only(lines)
    assert (line["status"], line["who"], line["path"]) == (403, "kemhan", "/users")


def test_a_thing_of_somebody_else_is_a_line(office: Office, lines: list[Any]) -> None:
    task = office.task("acknowledge")
    office.enter("kemenperin").get(task)
    line = only(lines)
    assert (line["status"], line["who"], line["path"]) == (404, "kemenperin", task)


def test_a_forged_form_is_a_line_without_what_was_sent(office: Office, lines: list[Any]) -> None:
    person = office.enter("kemhan")
    person.client.post("/account", data={"csrf_token": "forged-token", "theme": "gelap sekali"})
    line = only(lines)
    assert (line["status"], line["who"], line["method"]) == (400, "kemhan", "POST")
    assert "CSRF" in line["reason"]
    assert not {"forged-token", "gelap"} & set(json.dumps(line).split('"'))


def test_a_stranger_is_a_line(office: Office, lines: list[Any]) -> None:
    office.app.test_client().get("/inbox?secret=1")
    line = only(lines)
    assert (line["status"], line["who"], line["path"]) == (401, "-", "/inbox")


def test_wrong_credentials_are_a_line_without_them(office: Office, lines: list[Any]) -> None:
    client = office.app.test_client()
    client.get("/engine-rest/task", headers={"Authorization": "Bearer a-wrong-token-of-somebody"})
    client.get("/engine-rest/task", auth=("kata sandi saya", "geheim"))
    assert [line["status"] for line in lines] == [401, 401]
    assert not any(secret in str(lines) for secret in ("wrong-token", "kata sandi", "geheim"))


def test_who_guesses_too_often_is_told_from_who_was_wrong_once(
    office: Office, lines: list[Any]
) -> None:
    client = office.app.test_client()
    for _ in range(12):
        client.get("/engine-rest/task", auth=("kemhan", "wrong"))
    assert lines[0]["reason"] != lines[-1]["reason"]


def test_a_program_beyond_its_rights_is_a_line(office: Office, lines: list[Any]) -> None:
    Api(office.app, office.service).call("kemhan", "GET", "/engine-rest/incident")
    line = only(lines)
    assert (line["status"], line["who"]) == (403, "kemhan")


def test_a_used_link_is_a_line_without_its_key(office: Office, lines: list[Any]) -> None:
    key = "k" * 43
    office.app.test_client().get(f"/link/{key}")
    line = only(lines)
    assert (line["status"], line["path"]) == (404, "/link/...")


def test_a_missing_picture_is_no_line(office: Office, lines: list[Any]) -> None:
    office.app.test_client().get("/static/dist/nothing.js")
    office.app.test_client().get("/favicon.ico")
    assert lines == []
