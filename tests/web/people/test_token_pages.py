"""Tokens for programs, and links for users who forgot the password."""

from __future__ import annotations

import re

import pytest

from processes.authentication.throttle import NETWORK, of_network
from processes.people.links.account_links import ANSWER_FIRST
from processes.storage.authentication import attempts
from processes.storage.notices import mail_rows
from tests.web.conftest import Office, Person, mail_server, text

NEW = {"name": "Skrip laporan", "kind": "read", "lasts": "30"}


def new_key(office: Office, username: str, person: Person) -> str:
    wish = {**NEW, "password": office.gives_password(username)}
    found = re.search(r'id="token" value="([\w-]+)"', text(person.post("/account/tokens", wish)))
    assert found
    return found[1]


def reads(office: Office, key: str) -> int:
    client = office.app.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    return client.get("/api/v1/follow-ups", headers=headers).status_code


def test_a_token_is_shown_once_works_and_is_revoked(office: Office) -> None:
    person = office.enter("kemhan")
    key = new_key(office, "kemhan", person)
    assert reads(office, key) == 200
    listed = text(person.get("/account/tokens"))
    assert key not in listed
    assert "Skrip laporan" in listed

    revoke = re.search(r'action="(/account/tokens/[^"]+/revoke)"', listed)
    assert revoke
    assert office.enter("tni").post(revoke[1]).status_code == 404
    person.post(revoke[1])
    assert reads(office, key) == 401


@pytest.mark.parametrize("wrong", [{"name": ""}, {"lasts": "999"}, {"lasts": "0"}, {"lasts": "x"}])
def test_a_token_without_name_or_end_is_refused(office: Office, wrong: dict[str, str]) -> None:
    wish = {**NEW, "password": office.gives_password("kemhan"), **wrong}
    answer = office.enter("kemhan").post("/account/tokens", wish)
    assert answer.status_code == 422


def test_a_fast_virtual_clock_ends_neither_session_nor_token(office: Office) -> None:
    """As `tindak demo --fast` lets the product's clock run ahead of the real one."""
    person = office.enter("kemhan")
    key = new_key(office, "kemhan", person)
    office.clock.advance(days=400)

    assert person.get("/inbox").status_code == 200
    assert reads(office, key) == 200


def test_the_answer_is_the_same_for_every_name(office: Office) -> None:
    mail_server(office)
    answers = []
    for name in ("kemhan", "nobody"):
        stranger = office.stranger()
        answer = stranger.post("/login/forgotten", {"username": name})
        answers.append((answer.status_code, answer.location, text(stranger.get("/login"))))
    said = [re.sub(r'name="csrf_token" value="[^"]*"', "", page) for *_, page in answers]
    assert answers[0][:2] == answers[1][:2] == (302, "/login")
    assert said[0] == said[1]
    office.service.engine.run_due(office.clock() + ANSWER_FIRST)
    with office.service.reading() as connection:
        mails = mail_rows.page(connection, limit=50)
    assert [m.to_user for m in mails if m.kind == "account"] == ["kemhan"]


def test_nothing_is_promised_to_whoever_names_nobody(office: Office) -> None:
    mail_server(office)
    refused = office.stranger().post("/login/forgotten", {"username": " "})
    assert refused.status_code == 422
    assert "Tulis nama pengguna Anda." in text(refused)


def test_asking_too_often_is_slowed_down(office: Office) -> None:
    mail_server(office)
    stranger = office.stranger()
    wish = {"username": "kemhan"}
    for _ in range(NETWORK.free):
        assert stranger.post("/login/forgotten", wish).status_code == 302
    with office.service.transaction() as connection:  # just now, however slow the machine is
        now = office.service.engine.on(connection).real_now()
        attempts.count(connection, of_network("127.0.0.1", "forgotten"), NETWORK.free + 9, now)
    for name in ("kemhan", "nobody"):
        refused = stranger.post("/login/forgotten", {"username": name})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "Terlalu banyak percobaan" in text(refused)


def test_without_a_mail_server_one_is_told_whom_to_ask(office: Office) -> None:
    page = text(office.stranger().get("/login/forgotten"))
    assert "administrator" in page
    assert "<form" not in page.split("<main")[1]
    assert "/login/forgotten" in text(office.stranger().get("/login"))
