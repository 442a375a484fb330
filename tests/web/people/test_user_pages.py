"""Accounts: their users and their rights."""

from __future__ import annotations

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from processes.storage.people import users
from processes.storage.people.users import Grants, Membership, User
from tests.processes.stories.world import enter
from tests.web.conftest import Office, Person, text

LINK = re.compile(r'value="http[^"]*(/link/[\w-]+)"')
NEW = {
    "username": "rina",
    "name": "Rina Contoh",
    "post": "Staf",
    "email": "rina@contoh.go.id",
    "clearance": "ordinary",
    "roles": ["supervisor"],
    "rank": "deputi",
    "contacts": ["kemhan", "tni"],
    "heads": ["polri"],
}
PASSWORD = "hujan turun di bulan Juni"


def user(office: Office, username: str) -> User:
    with office.service.reading() as connection:
        found = users.by_username(connection, username)
    assert found is not None
    return found


def grants(office: Office, username: str) -> Grants:
    user_id = user(office, username).id
    with office.service.reading() as connection:
        return users.grants_of(connection, [user_id])[user_id]


def url(office: Office, username: str) -> str:
    return f"/users/{user(office, username).id}"


def approve(office: Office, admin: Person) -> TestResponse:
    """A second administrator approves the one thing that waits."""
    second, password = office.colleague("admin"), office.gives_password("second")
    found = re.search(r'href="(/approvals/[\w-]+)"', text(second.get("/approvals")))
    assert found
    assert admin.post(f"{found[1]}/approve", {"password": password}).status_code != 302
    return second.post(f"{found[1]}/approve", {"password": password}, follow_redirects=True)


def test_an_invited_user_comes_in_by_the_link_shown_once(office: Office) -> None:
    admin = office.enter("admin")
    shown = admin.post("/users/new", NEW)
    found = LINK.search(text(shown))
    assert found, text(shown)

    assert found[1] not in text(admin.get(url(office, "rina")))
    assert "Belum memilih kata sandi" in text(admin.get("/users?q=rina"))
    stranger = office.stranger()
    stranger.get(found[1])
    assert stranger.post(found[1], {"password": PASSWORD}).status_code == 302
    entered = stranger.post("/login", {"username": "rina", "password": PASSWORD})
    assert entered.status_code == 302
    assert "Belum memilih kata sandi" not in text(admin.get("/users?q=rina"))


def test_what_was_ticked_is_what_is_granted(office: Office) -> None:
    office.enter("admin").post("/users/new", NEW)
    assert user(office, "rina").clearance == "ordinary"
    parts = {Membership("kemhan", "contact"), Membership("tni", "contact")}
    wanted = Grants({"supervisor": "deputi"}, frozenset({*parts, Membership("polri", "head")}))
    assert grants(office, "rina") == wanted


def test_a_rank_without_the_role_of_a_supervisor_is_dropped(office: Office) -> None:
    office.enter("admin").post("/users/new", {**NEW, "roles": ["coordinator"]})
    assert grants(office, "rina").roles == {"coordinator": None}


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"username": "R"}, 422, "Pakai 2 sampai 60 huruf kecil"),
        ({"name": " "}, 422, "Tulis nama orangnya"),
        ({"email": "tidak ada"}, 422, "Tulis alamat seperti nama@instansi.go.id"),
        ({"clearance": ""}, 422, "Pilih salah satu"),
        ({"username": "kemhan"}, 409, "sudah dipakai"),
    ],
)
def test_a_refused_account_gives_everything_typed_back(
    office: Office, wrong: dict[str, str], status: int, said: str
) -> None:
    answer = office.enter("admin").post("/users/new", {**NEW, **wrong})
    page = unescape(text(answer))
    assert answer.status_code == status
    assert said in page
    assert 'value="Staf"' in page
    assert 'name="contacts" value="tni" checked' in page
    assert "<title>Kesalahan:" in page


def test_the_list_pages_along_the_names_and_is_searched(office: Office) -> None:
    admin = office.enter("admin")
    for n in range(30):
        admin.post("/users/new", {"username": f"a{n:02}", "name": "Adi", "clearance": "secret"})
    first = text(admin.get("/users"))
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    assert ">a00<" in first and ">a29<" not in first
    last = text(admin.get(unescape(more[1])))
    assert ">a29<" in last
    back = re.search(r'rel="prev" href="([^"]+)">Sebelumnya<', last)
    assert back
    assert ">a00<" in text(admin.get(unescape(back[1])))
    assert text(admin.get("/users?q=tni")).count('class="row-link"') == 1
    assert "Tidak ada yang bernama itu" in text(admin.get("/users?q=%25"))


def test_new_rights_end_the_sessions_of_the_old_ones(office: Office) -> None:
    theirs, admin = office.enter("kemhan"), office.enter("admin")
    page = text(admin.get(f"{url(office, 'kemhan')}/rights"))
    assert 'name="contacts" value="kemhan" checked' in page

    wanted = {"clearance": "ordinary", "contacts": ["kemenkeu"], "rank": ""}
    admin.post(f"{url(office, 'kemhan')}/rights", wanted)

    assert grants(office, "kemhan") == Grants({}, frozenset({Membership("kemenkeu", "contact")}))
    assert theirs.get("/inbox").status_code == 302


def test_nobody_changes_or_closes_their_own_rights(office: Office) -> None:
    admin, mine = office.enter("admin"), url(office, "admin")
    assert "/rights" not in text(admin.get(mine))
    assert "/close" not in text(admin.get(mine))
    assert admin.post(f"{mine}/rights", {"clearance": "secret"}).status_code == 403
    assert admin.post(f"{mine}/close").status_code == 403


def test_details_are_kept(office: Office) -> None:
    given = {"name": "Dimas", "post": "Kepala Biro", "email": ""}
    admin, address = office.enter("admin"), f"{url(office, 'kemhan')}/details"
    assert admin.post(address, given).status_code == 422, "another address asks for the password"
    admin.post(address, {**given, "password": office.gives_password("admin")})
    found = user(office, "kemhan")
    assert (found.name, found.post, found.email) == ("Dimas", "Kepala Biro", "")


def test_closing_tells_what_hangs_on_it_and_is_undone_by_opening(office: Office) -> None:
    admin, theirs = office.enter("admin"), office.enter("tni")
    address = url(office, "tni")
    check = text(admin.get(f"{address}/close"))
    assert "Yang akan tanpa narahubung aktif: Mabes TNI" in check
    assert user(office, "tni").active, "looking closes nothing"

    admin.post(f"{address}/close")
    assert not user(office, "tni").active
    assert theirs.get("/inbox").status_code == 302
    assert admin.post(f"{address}/link").status_code == 409

    admin.post(f"{address}/reopen")
    assert not user(office, "tni").active, "cleared for everything: it waits"
    approve(office, admin)
    assert user(office, "tni").active


def test_a_new_link_does_not_kill_the_one_just_sent(office: Office) -> None:
    admin = office.enter("admin")
    admin.post("/users/new", NEW)
    address = url(office, "rina")
    found = [LINK.search(text(admin.post(f"{address}/link"))) for _ in range(2)]
    assert found[0] and found[1]
    statuses = [office.stranger().get(link[1]).status_code for link in found if link]
    assert statuses == [200, 200]


def test_only_administrators_see_accounts(office: Office) -> None:
    for name in ("coordinator", "owner", "asdep", "kemhan"):
        person = office.enter(name)
        assert person.get("/users").status_code == 403, name
        assert person.get(url(office, "kemhan")).status_code == 403, name
        assert person.post("/users/new", NEW).status_code == 403, name


def test_closing_gives_the_tasks_back_as_it_said_before(office: Office) -> None:
    task = office.task("acknowledge", "kemhan")
    office.enter("kemhan").post(f"{task}/claim")
    admin, address = office.enter("admin"), url(office, "kemhan")
    assert "1 tugas kembali kepada mereka yang ditawari" in text(admin.get(f"{address}/close"))
    closed = admin.post(f"{address}/close", follow_redirects=True)
    assert "Tugas yang dikembalikan: 1." in text(closed)


def test_closing_hands_the_tasks_to_the_colleague_who_was_chosen_on_the_check_page(
    office: Office,
) -> None:
    task = office.task("acknowledge", "kemhan")
    office.enter("kemhan").post(f"{task}/claim")
    with office.service.transaction() as connection:
        part = Grants({}, frozenset({Membership("kemhan", "contact")}))
        enter(connection, "budi", part)
    admin, address = office.enter("admin"), f"{url(office, 'kemhan')}/close"
    check = text(admin.get(address))
    assert '<option value="budi">Budi (1 tugas)</option>' in check
    assert 'value="kemenkeu"' not in check
    stranger = admin.post(address, {"to": "kemenkeu"})
    assert stranger.status_code == 422
    assert "Pilih salah seorang yang ditawari" in unescape(text(stranger))
    assert user(office, "kemhan").active
    closed = admin.post(address, {"to": "budi", "reason": "Pindah."}, follow_redirects=True)
    assert "Tugas yang diserahkan: 1." in text(closed)
    assert "Budi" in text(office.enter("coordinator").get(task))
