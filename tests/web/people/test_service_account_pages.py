"""Accounts of programs on screen: made, given tokens, allowed topics in real cases, closed."""

from __future__ import annotations

import re
from uuid import UUID

from processes.authentication import tokens
from processes.rights.access import Scope
from processes.storage.people import users
from tests.web.conftest import Office, Person, heading, text

TOKEN = {"name": "Server 7", "topics": "invoice\r\n send.letter \r\n\r\n", "lasts": "30"}
KEY = re.compile(r'id="token" value="([\w-]+)"')


def made(admin: Person) -> str:
    """The page of a new service account."""
    wish = {"username": "rates-worker", "name": "Kurs harian"}
    answer = admin.post("/users/service-accounts/new", wish)
    assert answer.status_code == 302
    return str(answer.location)


def new_key(office: Office, admin: Person, page: str, **more: str) -> str:
    wish = {**TOKEN, "password": office.gives_password("admin"), **more}
    found = KEY.search(text(admin.post(f"{page}/tokens/new", wish)))
    assert found
    return found[1]


def scope_of(office: Office, key: str) -> Scope | None:
    with office.service.reading() as connection:
        bearer = tokens.verify(connection, key)
        return tokens.scope_of(connection, bearer) if bearer else None


def test_an_administrator_makes_an_account_of_a_program_and_sees_its_token_once(
    office: Office,
) -> None:
    admin = office.enter("admin")
    assert "/users/service-accounts/new" in text(admin.get("/users"))
    page = made(admin)
    assert heading(admin.get(page)) == "Kurs harian"
    assert "Tidak ada program yang mempunyai token akun ini." in text(admin.get(page))

    key = new_key(office, admin, page)
    found = scope_of(office, key)
    assert found is not None
    assert found.topics == {"invoice", "send.letter"}
    shown = text(admin.get(page))
    assert key not in shown
    assert "Server 7" in shown
    assert "invoice, send.letter" in shown

    revoke = re.search(r'action="(/users/[^"]+/revoke)"', shown)
    assert revoke
    assert office.enter("owner").post(revoke[1]).status_code == 403
    admin.post(revoke[1])
    assert scope_of(office, key) is None


def test_the_password_is_asked_for_a_token_and_wrong_entries_are_told(office: Office) -> None:
    admin = office.enter("admin")
    page, password = made(admin), office.gives_password("admin")
    for wrong in (
        {"password": ""}, {"password": "keliru sekali"}, {"topics": ""}, {"name": ""},
        {"lasts": "x"}, {"case_topics": "another"},
    ):  # fmt: skip
        wish = {**TOKEN, "password": password, **wrong}
        answer = admin.post(f"{page}/tokens/new", wish)
        assert answer.status_code == 422, wrong
        assert "Server 7" in text(answer) or "name" in wrong, "what was typed is kept"


def test_topics_in_real_cases_are_ticked_by_one_and_approved_by_another(office: Office) -> None:
    first, password = office.enter("admin"), office.gives_password("admin")
    page = made(first)
    key = new_key(office, first, page, case_topics="invoice")
    wish = re.search(r'href="(/approvals/[\w-]{36})"', text(first.get(page)))
    assert wish

    second, own = office.colleague("admin"), office.gives_password("second")
    asked = text(second.get(wish[1]))
    assert "Topik dalam kasus sungguhan, token Server 7" in asked
    assert "<b>invoice</b>" in asked
    second.post(f"{wish[1]}/approve", {"password": own})
    found = scope_of(office, key)
    assert found is not None
    assert found.case_topics == {"invoice"}

    cases = re.search(r'href="(/users/[^"]+/cases)"', text(first.get(page)))
    assert cases
    ticked = text(first.get(cases[1]))
    assert re.search(r'value="invoice"[^>]* checked', ticked)
    assert not re.search(r'value="send.letter"[^>]* checked', ticked)
    assert first.post(cases[1], {"password": ""}).status_code == 422
    first.post(cases[1], {"password": password})
    found = scope_of(office, key)
    assert found is not None
    assert found.case_topics == frozenset()


def test_a_program_is_offered_nothing_of_persons_and_closed_as_they_are(office: Office) -> None:
    admin = office.enter("admin")
    page = made(admin)
    key = new_key(office, admin, page)
    shown = text(admin.get(page))
    for link in ("/rights", "/link"):
        assert f"{page}{link}" not in shown
    assert "Akun layanan" in text(admin.get("/users"))
    assert "Belum memilih kata sandi" not in text(admin.get("/users?q=rates-worker"))
    assert 'name="email"' not in text(admin.get(f"{page}/details"))
    admin.post(f"{page}/details", {"name": "Kurs", "post": "Server 7, bagian data"})
    assert heading(admin.get(page)) == "Kurs"
    assert admin.post(f"{page}/link").status_code == 409
    assert admin.post(f"{page}/rights", {"clearance": "ordinary"}).status_code == 409
    password = {"password": office.gives_password("admin")}
    given = {"name": "Kurs", "post": "", "email": "a@contoh.go.id", **password}
    assert admin.post(f"{page}/details", given).status_code == 409

    assert "1 token program" in text(admin.get(f"{page}/close"))
    admin.post(f"{page}/close")
    assert scope_of(office, key) is None
    assert admin.get(f"{page}/tokens/new").status_code == 200
    assert admin.post(f"{page}/tokens/new", {**TOKEN, **password}).status_code == 409
    admin.post(f"{page}/reopen")
    assert scope_of(office, new_key(office, admin, page)) is not None


def test_the_account_of_a_person_has_none_of_these_pages(office: Office) -> None:
    admin = office.enter("admin")
    with office.service.reading() as connection:
        found = users.by_username(connection, "kemhan")
    assert found is not None
    nothing = UUID(int=7)
    for path in ("tokens/new", f"tokens/{nothing}/cases"):
        assert admin.get(f"/users/{found.id}/{path}").status_code == 409, path
    assert admin.post(f"/users/{found.id}/tokens/{nothing}/revoke").status_code == 409
