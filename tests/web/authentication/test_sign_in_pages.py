"""Signing in, signing out, and returning after a session ended in the middle of a form."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import cast

import pytest

from processes.people.links.invitations import invite
from processes.rights.access import operator
from processes.storage.people import users
from tests.web.conftest import Office, heading, text

PASSWORD = "hujan turun di bulan Juni"


def give_password(office: Office, username: str) -> None:
    """Through the link an administrator sends."""
    with office.service.reading() as connection:
        user = users.by_username(connection, username)
    assert user is not None
    link = invite(office.service, operator(), user.id)
    stranger = office.stranger()
    stranger.get(f"/link/{link.key}")
    response = stranger.post(f"/link/{link.key}", {"password": PASSWORD})
    assert response.status_code == 302, text(response)


def test_a_stranger_is_asked_to_sign_in_and_then_led_to_where_they_wanted(office: Office) -> None:
    give_password(office, "kemhan")
    stranger = office.stranger()
    assert stranger.get("/inbox?tab=unit").location == "/login?next=/inbox?tab%3Dunit"
    answers = {"username": "kemhan", "password": PASSWORD, "next": "/inbox?tab=unit"}
    assert stranger.post("/login", answers).location == "/inbox?tab=unit"
    assert stranger.get("/inbox?tab=unit").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil", "x:y"])
def test_signing_in_never_leads_to_another_site(demo_office: Office, elsewhere: str) -> None:
    stranger = demo_office.stranger()
    response = stranger.post("/login/as", {"username": "kemhan", "next": elsewhere})
    assert response.location == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(office: Office) -> None:
    give_password(office, "kemhan")
    answers = []
    for username in ("kemhan", "nobody"):
        response = office.stranger().post("/login", {"username": username, "password": "wrong"})
        assert response.status_code == 422
        answers.append(re.sub("kemhan|nobody|value=.*?>", "", text(response)))
    assert answers[0] == answers[1]
    assert "Nama pengguna atau kata sandi salah." in answers[0]


@pytest.mark.parametrize(
    ("entries", "marked"),
    [
        ({"username": "", "password": ""}, ["username", "password"]),
        ({"username": " ", "password": PASSWORD}, ["username"]),
        ({"username": "kemhan", "password": ""}, ["password"]),
    ],
)
def test_a_field_left_empty_is_marked_and_counts_as_no_attempt(
    office: Office, entries: dict[str, str], marked: list[str]
) -> None:
    give_password(office, "kemhan")
    stranger = office.stranger()
    for _ in range(7):
        answer = stranger.post("/login", entries)
        assert answer.status_code == 422
        assert re.findall(r'aria-describedby="(\w+)-error"', text(answer)) == marked
        assert re.findall(r'<a href="#(\w+)">', text(answer)) == marked
        assert "kata sandi salah" not in text(answer)
    right = stranger.post("/login", {"username": "kemhan", "password": PASSWORD})
    assert right.status_code == 302, "had they been counted, one would have to wait"


def test_after_signing_out_the_old_cookie_opens_nothing(office: Office) -> None:
    person = office.enter("kemhan")
    person.post("/logout")
    person.client.set_cookie("tindak", office.keys["kemhan"])
    assert person.get("/inbox").status_code == 302


def test_an_idle_session_ends(office: Office) -> None:
    assert office.enter("kemhan", before=timedelta(hours=7)).get("/inbox").status_code == 200
    assert office.enter("kemhan", before=timedelta(hours=9)).get("/inbox").status_code == 302


def test_example_accounts_are_entered_with_one_click_only_with_example_data(
    office: Office, demo_office: Office
) -> None:
    assert 'value="coordinator"' in text(demo_office.stranger().get("/login"))
    assert "Akun contoh" not in text(office.stranger().get("/login"))
    refused = office.stranger().post("/login/as", {"username": "coordinator"})
    assert refused.status_code == 404
    assert demo_office.stranger().post("/login/as", {"username": "coordinator"}).status_code == 302


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(
    demo_office: Office,
) -> None:
    person, task = demo_office.enter("kemhan"), demo_office.task("acknowledge")
    person.get(task)
    person.post("/logout")
    answers = {"response": "accepted", "contact": "Rina <Sari>, Kabag Tata Usaha"}
    asked = person.post(f"{task}/complete", answers)
    assert asked.status_code == 401
    assert "isian Anda tetap ada" in text(asked)
    kept = cast("re.Match[str]", re.search(r'name="kept" value="([^"]*)"', text(asked)))[1]
    again = {"username": "kemhan", "next": f"{task}/complete", "kept": unescape(kept)}
    back = person.post("/login/as", again)
    assert heading(back) == "Lanjutkan yang tadi"
    assert "Rina &lt;Sari&gt;, Kabag Tata Usaha" in text(back)
    assert person.post(f"{task}/complete", answers).location == task


def test_a_forged_form_changes_nothing_and_gives_the_text_back(office: Office) -> None:
    person, task = office.enter("kemhan"), office.task("acknowledge")
    person.get(task)
    person.token = "forged"
    answers = {"response": "accepted", "contact": "Rina Sari, Kabag Tata Usaha"}
    refused = person.post(f"{task}/complete", answers)
    assert refused.status_code == 400
    assert "Rina Sari, Kabag Tata Usaha" in text(refused)
    assert office.task("acknowledge") == task


def test_a_password_is_never_given_back(office: Office) -> None:
    stranger = office.stranger()
    secret = "a long and secret password"
    refused = stranger.post("/account/password", {"old_password": secret, "new_password": secret})
    assert refused.status_code == 401
    assert secret not in text(refused)


def test_a_link_works_once(office: Office) -> None:
    give_password(office, "kemhan")
    with office.service.reading() as connection:
        user = users.by_username(connection, "kemhan")
    assert user is not None
    link = invite(office.service, operator(), user.id)
    stranger = office.stranger()
    stranger.get(f"/link/{link.key}")
    poor = stranger.post(f"/link/{link.key}", {"password": "short"})
    assert poor.status_code == 422
    assert stranger.post(f"/link/{link.key}", {"password": PASSWORD}).status_code == 302
    used = stranger.get(f"/link/{link.key}")
    assert used.status_code == 404
    assert "sudah dipakai" in text(used)


def test_a_stranger_reads_the_language_they_choose(office: Office) -> None:
    stranger = office.stranger()
    assert heading(stranger.get("/login")) == "Masuk"
    assert heading(stranger.get("/login?lang=en")) == "Sign in"
    assert heading(stranger.get("/login")) == "Sign in"


def test_a_language_chosen_on_the_way_in_is_kept_and_otherwise_that_of_the_account_counts(
    demo_office: Office,
) -> None:
    stranger = demo_office.stranger()
    stranger.get("/login?lang=en")
    stranger.post("/login/as", {"username": "kemhan"})
    assert heading(stranger.get("/inbox")) == "Inbox"
    stranger.post("/logout")
    stranger.post("/login/as", {"username": "coordinator"})
    assert heading(stranger.get("/inbox")) == "Tugas saya", "the choice was for one account"
    assert heading(demo_office.enter("kemhan").get("/inbox")) == "Inbox"


def test_a_part_of_a_page_whose_session_ended_is_a_sentence_and_no_page(
    demo_office: Office,
) -> None:
    person, task = demo_office.enter("kemhan"), demo_office.task("acknowledge")
    person.get(task)
    person.post("/logout")
    headers = {"HX-Request": "true", "Referer": f"http://localhost{task}?from=inbox"}
    answer = person.post(f"{task}/draft", {"contact": "Rina"}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Reswap"] == "afterbegin", "the field stays"
    assert "<html" not in text(answer)
    assert f"/login?next={task}" in unescape(text(answer)), "back to the form, not to its part"


def test_the_pages_of_strangers_offer_the_other_language(office: Office) -> None:
    stranger = office.stranger()
    for address in ("/login", "/login/forgotten"):
        page = text(stranger.get(address))
        assert f'href="{address}?lang=en"' in page, address
        assert "Lupa kata sandi" not in text(office.stranger().get(f"{address}?lang=en"))
