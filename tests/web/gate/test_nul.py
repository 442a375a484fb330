"""NUL, which no column of PostgreSQL stores, is refused at once, at any place."""

from __future__ import annotations

import base64
import io

import pytest

from tests.web.api.conftest import Api
from tests.web.conftest import Office, text

PDF = (io.BytesIO(b"%PDF-1.4"), "a\0.pdf")


@pytest.mark.parametrize(
    "address",
    [
        "/processes/a%00b",
        "/users?search=a%00b",
        "/users?a%00b=x",
        "/incidents?process=%00",
        "/login?next=/%00",
    ],
)
def test_an_address_that_holds_it_is_a_bad_request(office: Office, address: str) -> None:
    answer = office.enter("admin").get(address)
    assert answer.status_code == 400
    assert "Keluar" in text(answer), "on a page like any other"


def test_a_program_is_told_the_same(office: Office) -> None:
    api = Api(office.app, office.service)
    for path in ("/engine-rest/task?processInstanceBusinessKey=%00", "/api/v1/follow-ups/%00"):
        assert api.call("owner", "GET", path).status_code == 400


@pytest.mark.parametrize(
    "entries", [{"name": "a\0b"}, {"a\0b": "x"}, {"files": PDF}], ids=["value", "name", "file"]
)
def test_a_form_that_holds_it_is_a_bad_request(office: Office, entries: dict[str, object]) -> None:
    person = office.enter("admin")
    assert person.post("/account", entries).status_code == 400


def test_a_stranger_who_signs_in_with_it_is_refused_before_the_account_is_looked_for(
    office: Office,
) -> None:
    answer = office.stranger().post("/login", {"username": "a\0b", "password": "x"})
    assert answer.status_code == 400


def test_who_may_not_come_here_is_told_that_first(office: Office) -> None:
    assert office.enter("kemhan").get("/users?search=%00").status_code == 403
    assert office.stranger().get("/users?search=%00").status_code == 302


def test_nobody_has_a_name_that_holds_it(office_anywhere: Office) -> None:
    pair = base64.b64encode(b"a\0b:x").decode()
    for path in ("/engine-rest/task", "/api/v1/follow-ups"):
        call = office_anywhere.app.test_client().get
        assert call(path, headers={"Authorization": f"Basic {pair}"}).status_code == 401
