"""Every way in with a password counts attempts together, and names the waiting time."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from processes.authentication.credentials import hash_password
from processes.authentication.throttle import ACCOUNT, of_account
from processes.people.links.invitations import invite
from processes.rights.access import operator
from processes.storage.authentication import attempts, passwords
from processes.storage.people import users
from tests.web.conftest import Office, Person, text

PASSWORD = "kuda lumping di pasar"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


def give_password(office: Office, username: str) -> None:
    with office.service.transaction() as connection:
        found = users.by_username(connection, username)
        assert found is not None
        passwords.set_password_hash(connection, found.id, hash_password(PASSWORD))


def by_login(office: Office, password: str) -> TestResponse:
    entries = {"username": "kemhan", "password": password}
    return office.stranger().post("/login", entries)


def by_account_page(office: Office, password: str) -> TestResponse:
    new = {"old_password": password, "new_password": "wayang kulit semalam suntuk"}
    return office.enter("kemhan").post("/account/password", new)


def by_basic(path: str) -> Callable[[Office, str], TestResponse]:
    def ask(office: Office, password: str) -> TestResponse:
        pair = base64.b64encode(f"kemhan:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        return office.app.test_client().get(path, headers=headers, environ_base=ELSEWHERE)

    return ask


APIS = {
    "engine-rest": by_basic("/engine-rest/version"),
    "v1": by_basic("/api/v1/follow-ups"),
}
"""Programs are asked for credentials as ever; how long to wait stands beside."""
DOORS = {
    "login": by_login,
    "account": by_account_page,
    **APIS,
}


@pytest.mark.parametrize("door", DOORS)
def test_what_was_tried_at_one_door_counts_at_every_other(office: Office, door: str) -> None:
    give_password(office, "kemhan")
    for _ in range(ACCOUNT.free):
        assert DOORS[door](office, "salah").status_code in (401, 422)
    for name, other in DOORS.items():
        for password in ("salah", PASSWORD):
            let_no_time_pass(office)
            answer = other(office, password)
            assert answer.status_code == (401 if name in APIS else 429), name
            assert int(answer.headers["Retry-After"]) > 0, name


def let_no_time_pass(office: Office) -> None:
    """The last attempt was just now and the wait after it is long, however slow the machine is."""
    with office.service.transaction() as connection:
        now = office.service.engine.on(connection).real_now()
        kemhan = of_account("kemhan")
        assert attempts.locked(connection, kemhan, now).count >= ACCOUNT.free
        attempts.count(connection, kemhan, ACCOUNT.free + 7, now)


def signs_in(person: Person) -> TestResponse:
    return person.post("/login", {"username": "kemhan", "password": PASSWORD})


def test_the_owners_browser_is_let_in_while_others_guess(office: Office) -> None:
    give_password(office, "kemhan")
    mine = office.stranger()
    assert signs_in(mine).status_code == 302
    mine.post("/logout")
    mine.get("/login")
    for _ in range(ACCOUNT.free):
        by_login(office, "salah")
    let_no_time_pass(office)

    elsewhere = signs_in(office.stranger())
    assert elsewhere.status_code == 429
    assert "Terlalu banyak percobaan" in text(elsewhere)
    assert signs_in(mine).status_code == 302

    forged = office.stranger()
    cookie = mine.client.get_cookie("tindak-browser")
    assert cookie is not None
    assert cookie.http_only
    forged.client.set_cookie("tindak-browser", cookie.value[:-2] + "xx")
    assert signs_in(forged).status_code == 429


def test_a_browser_of_several_people_is_known_to_each(office: Office) -> None:
    give_password(office, "kemhan")
    give_password(office, "kemenkeu")
    shared = office.stranger()
    assert signs_in(shared).status_code == 302
    second = shared.post("/login", {"username": "kemenkeu", "password": PASSWORD})
    assert second.status_code == 302
    for _ in range(ACCOUNT.free):
        by_login(office, "salah")
    let_no_time_pass(office)

    assert signs_in(office.stranger()).status_code == 429
    assert signs_in(shared).status_code == 302


def test_signing_in_again_ends_the_session_this_browser_had(office: Office) -> None:
    give_password(office, "kemhan")
    browser = office.stranger()
    signs_in(browser)
    former = browser.client.get_cookie("tindak")
    assert former is not None
    assert browser.post("/login", {"username": "kemhan", "password": "salah"}).status_code == 422
    assert browser.get("/account").status_code == 200, "an attempt that failed ends nothing"

    assert signs_in(browser).status_code == 302

    thief = office.app.test_client()
    thief.set_cookie("tindak", former.value)
    assert thief.get("/account").status_code == 302
    assert browser.get("/account").status_code == 200


def test_what_failed_is_told_after_signing_in_in_the_language_of_the_account(
    office: Office,
) -> None:
    give_password(office, "kemhan")
    for times, locale, words in (
        (1, "id", "satu kata sandi salah dicoba untuk akun Anda"),
        (2, "en", "2 wrong passwords were tried for your account"),
    ):
        with office.service.transaction() as connection:
            user_id = users.id_of(connection, "kemhan")
            assert user_id is not None
            users.change(connection, user_id, {"locale": locale})
        for _ in range(times):
            by_login(office, "salah")
        browser = office.stranger()
        browser.get("/login?lang=id")
        assert signs_in(browser).status_code == 302
        page = text(browser.get("/inbox"))
        if locale == "id":
            assert words in page
            assert "127.0.0.1" in page
    assert "kata sandi salah dicoba" not in text(browser.get("/inbox"))


def test_all_other_sessions_are_ended_from_the_account_page(office: Office) -> None:
    here, elsewhere = office.enter("kemhan"), office.enter("kemhan")
    assert "Akhiri semua sesi lain" in text(here.get("/account"))
    password = {"password": office.gives_password("kemhan")}
    assert here.post("/account/sessions/end-others").status_code == 422
    assert here.post("/account/sessions/end-others", password).location == "/account"
    assert "1 sesi lain diakhiri" in text(here.get("/account"))
    assert "Akhiri semua sesi lain" not in text(here.get("/account"))
    assert elsewhere.get("/account").status_code == 302


def test_who_chose_a_password_by_a_link_is_let_in_while_others_guess(office: Office) -> None:
    owner = office.stranger()
    with office.service.reading() as connection:
        user_id = users.id_of(connection, "kemhan")
    assert user_id is not None
    link = invite(office.service, operator(), user_id)
    owner.get(f"/link/{link.key}")
    assert owner.post(f"/link/{link.key}", {"password": PASSWORD}).status_code == 302
    for _ in range(ACCOUNT.free):
        by_login(office, "salah")
    let_no_time_pass(office)

    assert signs_in(office.stranger()).status_code == 429
    owner.get("/login")
    assert signs_in(owner).status_code == 302
