"""The answers to errors: by family, without a trace, without a hint."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from engine.sentences.errors import (
    BadInput,
    Conflict,
    Forbidden,
    ModelError,
    NotFound,
    TindakError,
    Unavailable,
)
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from tests.web.conftest import Office, text
from web.frame import navigation
from web.gate.failures import STATUS, status_of
from web.gate.policy import POLICY

PROBLEM = Problem("a.bpmn", "", "", 0, "error", "x", say("Bad."), say("Do better."))


class Narrower(NotFound):
    """A child of a family."""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput(say("x")), 422),
        (NotFound(say("x")), 404),
        (Narrower(say("x")), 404),
        (Forbidden(say("x")), 403),
        (Conflict(say("x")), 409),
        (ModelError([PROBLEM]), 400),
        (Unavailable(say("x")), 503),
        (KeyError("x"), 500),
    ],
)
def test_the_family_of_an_error_decides_the_status(error: Exception, status: int) -> None:
    assert status_of(error) == status


def failing(office: Office, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a page that fails."""

    def fail() -> str:
        raise error

    monkeypatch.setitem(POLICY, "failing", "open")  # type: ignore[arg-type]  # a dict after all
    monkeypatch.setitem(POLICY, "failing_api", "open")  # type: ignore[arg-type]
    office.app.add_url_rule("/failing", "failing", fail)
    office.app.add_url_rule("/api/failing", "failing_api", fail)
    return office.app


def test_an_error_of_ours_shows_a_number_and_no_trace(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = failing(office, KeyError("geheim"), monkeypatch)
    answer = app.test_client().get("/failing")
    assert answer.status_code == 500
    assert "geheim" not in text(answer)
    assert "KeyError" not in text(answer)
    assert "permintaan" in text(answer)


def test_what_may_not_be_seen_is_not_told_even_by_its_error(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = NotFound(say("The case Rajawali is not yours."))
    answer = failing(office, error, monkeypatch).test_client().get("/failing")
    assert "Rajawali" not in text(answer)


def test_a_busy_database_says_when_to_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = Unavailable(say("The database is busy."), retry_after_seconds=7)
    answer = failing(office, error, monkeypatch).test_client().get("/failing")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


def test_a_program_gets_problem_details(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    error = BadInput(say("Wrong."), {"deadline": say("Write a date.")})
    answer = failing(office, error, monkeypatch).test_client().get("/api/failing")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 422
    assert answer.json["errors"] == {"deadline": "Write a date."}


def test_a_page_that_does_not_exist_is_a_page_too(office: Office) -> None:
    answer = office.stranger().get("/nowhere")
    assert answer.status_code == 404
    assert "Halaman ini tidak ada, atau tidak terbuka bagi Anda." in text(answer)


def test_no_view_handles_an_error_somebody_else_must_act_on() -> None:
    families = "|".join(family.__name__ for family in (*STATUS, TindakError, Exception))
    caught = re.compile(rf"except\b.*\b({families})\b")
    for file in (Path(__file__).parents[3] / "web" / "pages").glob("*.py"):
        assert not caught.search(file.read_text()), file


@pytest.mark.parametrize("address", ["/inbox", "/calendar"])
def test_a_connection_that_is_lost_while_a_page_is_read_says_when_to_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    person, lost = office.enter("kemhan"), [True]
    read = navigation.menu

    def broken(*given: Any, **named: Any) -> Any:
        """The first question after the visitor is known; the page of the error can be drawn."""
        if lost and lost.pop():
            raise OperationalError("SELECT 1", None, Exception("server closed the connection"))
        return read(*given, **named)

    monkeypatch.setattr(navigation, "menu", broken)
    answer = person.get(address)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert int(answer.headers["Retry-After"]) > 0


def test_what_was_written_is_given_back_without_the_names_of_its_fields(office: Office) -> None:
    """A form without its token: its longer texts can be copied, what the page wrote is left out."""
    drawing = "3f0c2a9e-4b1d-4d55-9a55-0f6f6f7c9b10"
    sent = {"activities[0].activity": "Susun peraturan pelaksanaan", "_request": drawing}
    page = text(office.enter("kemhan").client.post("/account", data=sent))
    assert "Susun peraturan pelaksanaan" in page and "Teks 1" in page
    assert "activities[0]" not in page and drawing not in page
