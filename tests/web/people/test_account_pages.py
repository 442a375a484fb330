"""One's own account: acts that an open session alone does not allow."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Office, text

NEW = "kopi tubruk di pagi hari"
TOKEN = {"name": "Skrip", "kind": "read", "lasts": "30"}


def others(office: Office, username: str) -> tuple[str, str]:
    """The address of a second session of theirs, and its key."""
    office.enter(username)
    key = office.keys[username]
    page = text(office.enter(username).get("/account"))
    found = re.search(r'formaction="(/account/sessions/\w+/end)"', page)
    assert found, page
    return found[1], key


@pytest.mark.parametrize("given", ["", "keliru sekali"])
def test_a_token_and_the_end_of_a_session_want_the_password(office: Office, given: str) -> None:
    office.gives_password("kemhan")
    person, (end, key) = office.enter("kemhan"), others(office, "kemhan")
    for address, form in (("/account/tokens", TOKEN), (end, {})):
        refused = person.post(address, {**form, "password": given})
        assert refused.status_code == 422
        assert 'type="password"' in text(refused)
        assert re.search(r'aria-describedby="[\w -]*password-(error|hint)', text(refused)), address
        assert given == "" or given not in text(refused)
    still = office.stranger()
    still.client.set_cookie("tindak", key)
    assert still.get("/inbox").status_code == 200
    assert "Skrip" not in text(person.get("/account/tokens"))


def test_with_the_password_the_other_session_ends(office: Office) -> None:
    password = office.gives_password("kemhan")
    end, key = others(office, "kemhan")
    person = office.enter("kemhan")
    assert person.post(end, {"password": password}).location == "/account"
    gone = office.stranger()
    gone.client.set_cookie("tindak", key)
    assert gone.get("/inbox").status_code == 302


@pytest.mark.parametrize("keeps", [False, True])
def test_the_tokens_end_with_the_password_unless_the_box_is_ticked(
    office: Office, keeps: bool
) -> None:
    password, person = office.gives_password("kemhan"), office.enter("kemhan")
    made = text(person.post("/account/tokens", {**TOKEN, "password": password}))
    found = re.search(r'id="token" value="([\w-]+)"', made)
    assert found, made
    assert "checked" not in text(person.get("/account")).split('name="keep_tokens"')[1][:60]

    form = {"old_password": password, "new_password": NEW}
    person.post("/account/password", form | ({"keep_tokens": "true"} if keeps else {}))

    headers = {"Authorization": f"Bearer {found[1]}"}
    answer = office.app.test_client().get("/api/v1/follow-ups", headers=headers)
    assert answer.status_code == (200 if keeps else 401)
