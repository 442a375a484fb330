"""Requests for a second administrator, on screen."""

from __future__ import annotations

import re
from html import unescape

from processes.rights.scope import operator
from processes.storage.people import users
from tests.web.conftest import Office, Person, heading, mail_server, text
from web.words import people_names

LINK = re.compile(r'value="http[^"]*(/link/[\w-]+)"')
WISH = re.compile(r'href="(/approvals/[\w-]{36})"')


def user_url(office: Office, username: str) -> str:
    with office.service.reading() as connection:
        found = users.by_username(connection, username)
    assert found is not None
    return f"/users/{found.id}"


def clearance(office: Office, username: str) -> str:
    with office.service.reading() as connection:
        found = users.by_username(connection, username)
    assert found is not None
    return found.clearance


def lowered(office: Office, username: str) -> str:
    """Somebody who sees only the ordinary; their page."""
    address = user_url(office, username)
    with office.service.transaction() as connection:
        found = users.by_username(connection, username)
        assert found is not None
        users.change(connection, found.id, {"clearance": "ordinary"})
    return address


def asked(office: Office, admin: Person) -> str:
    """The address of a request to clear kemhan for everything."""
    page = lowered(office, "kemhan")
    wish = {"clearance": "top_secret", "contacts": ["kemhan"], "rank": ""}
    said = text(admin.post(f"{page}/rights", wish, follow_redirects=True))
    assert "Menunggu administrator kedua." in said
    assert clearance(office, "kemhan") == "ordinary"
    found = WISH.search(said)
    assert found
    return found[1]


def test_a_clearance_is_asked_for_and_approved_by_a_second_administrator(office: Office) -> None:
    first = office.enter("admin")
    wish = asked(office, first)
    own = text(first.get(wish))
    assert "Anda yang meminta ini" in own
    assert 'name="password"' not in own
    assert f"tindak user approve {wish.split('/')[-1]}" in own, "there is no second one yet"
    given = {"password": office.gives_password("admin")}
    assert first.post(f"{wish}/approve", given).status_code == 403

    second, password = office.colleague("admin"), office.gives_password("second")
    listed = text(second.get("/approvals"))
    assert '<b class="waits">1' in listed
    assert "<b class" not in text(first.get("/approvals")).split("<main")[0]
    page = text(second.get(wish))
    assert "Sangat rahasia" in page
    assert "tindak user approve" not in page
    assert second.post(f"{wish}/approve", {"password": "keliru"}).status_code == 422
    assert clearance(office, "kemhan") == "ordinary"
    done = second.post(f"{wish}/approve", {"password": password}, follow_redirects=True)
    assert "Disetujui" in text(done)
    assert clearance(office, "kemhan") == "top_secret"
    assert second.post(f"{wish}/approve", {"password": password}).status_code == 409
    assert "disetujui oleh" in text(office.enter("kemhan").get("/account")), "the person reads it"


def test_a_request_is_refused_with_a_reason(office: Office) -> None:
    wish = asked(office, office.enter("admin"))
    second = office.colleague("admin")
    missing = second.post(f"{wish}/refuse", {"reason": ""})
    assert missing.status_code == 422
    assert re.search(r'<textarea[^>]*name="reason"[^>]*aria-invalid', text(missing))
    assert second.post(f"{wish}/refuse", {"reason": "Tidak perlu."}).status_code == 302
    assert "Tidak perlu." in text(second.get(wish))
    assert clearance(office, "kemhan") == "ordinary"


def test_a_link_of_somebody_in_office_is_shown_to_the_one_who_approves(office: Office) -> None:
    office.gives_password("asdep")
    first, address = office.enter("admin"), user_url(office, "asdep")
    said = text(first.post(f"{address}/link", follow_redirects=True))
    assert not LINK.search(said)
    wish = WISH.search(said)
    assert wish
    second, password = office.colleague("admin"), office.gives_password("second")
    shown = second.post(f"{wish[1]}/approve", {"password": password})
    found = LINK.search(text(shown))
    assert found, text(shown)
    assert '<b class="waits">' not in text(shown), "nothing waits any more, and the menu says so"
    assert office.stranger().get(found[1]).status_code == 200
    assert not LINK.search(text(second.get(wish[1])))


def test_with_a_mail_server_the_link_is_on_no_page_and_not_in_the_outbox(office: Office) -> None:
    mail_server(office)
    admin, address = office.enter("admin"), user_url(office, "asdep")
    said = text(admin.post(f"{address}/link", follow_redirects=True))
    assert "sedang dikirim ke asdep@example.go.id" in said
    assert "/link/" not in said.split("<main")[1].replace(f"{address}/link", "")
    mail = re.search(r'href="(/outbox/[^"]+)"', text(admin.get("/outbox")))
    assert mail
    assert not re.search(r"/link/[\w-]{20}", text(admin.get(mail[1])))


def test_what_the_product_did_itself_is_told_under_its_name(office: Office) -> None:
    with office.app.test_request_context():
        assert people_names.name_of(operator().username) == "Tindak"


def test_nobody_but_administrators_sees_what_waits(office: Office) -> None:
    wish = asked(office, office.enter("admin"))
    for name in ("asdep", "owner", "kemhan", "coordinator"):
        person = office.enter(name)
        assert person.get("/approvals").status_code == 403, name
        assert person.get(wish).status_code == 403, name
        assert person.post(f"{wish}/approve", {"password": "x"}).status_code == 403, name


def test_the_list_has_what_waits_and_everything_there_was(office: Office) -> None:
    admin = office.enter("admin")
    assert "Tidak ada yang menunggu" in text(admin.get("/approvals"))
    wish = asked(office, admin)
    admin.post(f"{wish}/refuse")
    assert "Tidak ada yang menunggu" in text(admin.get("/approvals"))
    everything = text(admin.get("/approvals?show=all"))
    assert wish in everything
    assert "Dicabut" in everything
    assert heading(admin.get(wish)).startswith("Perubahan hak: ")
    assert unescape(text(admin.get(wish))).count("Tarik permintaan") == 0


def test_ones_own_address_is_changed_on_the_page_of_the_account(office: Office) -> None:
    password, person = office.gives_password("kemhan"), office.enter("kemhan")
    for email, given in (("baru@contoh.go.id", "keliru"), ("x", password)):
        refused = person.post("/account/mail", {"email": email, "password": given})
        assert refused.status_code == 422
        assert f'value="{email}"' in text(refused)
    person.post("/account/mail", {"email": "baru@contoh.go.id", "password": password})
    assert "baru@contoh.go.id" in text(person.get("/account"))
