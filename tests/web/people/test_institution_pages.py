"""The registry of institutions."""

from __future__ import annotations

from html import unescape

import pytest

from tests.web.conftest import Office, heading, text

NEW = {
    "code": "kemenlu",
    "name": "Kementerian Luar Negeri",
    "short_name": "Kemenlu",
    "kind": "ministry",
    "is_kl": "true",
    "calendar_code": "common",
    "valid_from": "1/7/2026",
}


def test_one_without_an_active_contact_is_marked(office: Office) -> None:
    rows = text(office.enter("admin").get("/institutions")).split('<tr role="row">')
    marked = {row.split("/institutions/")[1].split('"')[0] for row in rows if "aktif" in row}
    assert "polri" in marked
    assert "kemhan" not in marked


def test_a_new_one_is_added_and_corrected(office: Office) -> None:
    admin = office.enter("admin")
    assert admin.post("/institutions/new", NEW).location == "/institutions/kemenlu"
    details = f"/institutions/{NEW['code']}/details"
    assert 'value="1/7/2026"' in text(admin.get(details))

    admin.post(details, {**NEW, "short_name": "Kemlu", "valid_from": ""})
    assert heading(admin.get("/institutions/kemenlu")) == "Kemlu"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code": "Kemenlu"}, 422),
        ({"code": "kemhan"}, 409),
        ({"kind": "club"}, 422),
        ({"valid_from": "kemarin"}, 422),
        ({"calendar_code": "mars"}, 422),
    ],
)
def test_a_refused_one_gives_everything_typed_back(
    office: Office, wrong: dict[str, str], status: int
) -> None:
    answer = office.enter("admin").post("/institutions/new", {**NEW, **wrong})
    assert answer.status_code == status
    assert 'value="Kementerian Luar Negeri"' in text(answer)


def test_the_end_is_checked_before_it_is_recorded(office: Office) -> None:
    admin, address = office.enter("admin"), "/institutions/kemhan/close"
    ending = {"last_day": "31/12/2026", "successor": "kemenperin", "letter": "UU 9/2026"}
    check = unescape(text(admin.post(f"{address}/check", ending)))
    assert "dialihkan pada Jumat, 1 Januari 2027" in check
    assert "1 tindak lanjut yang terbuka beralih ke Kemenperin" in check
    assert "1 tindak lanjut yang terbuka dialihkan, karena Kemenperin sudah" in check
    assert "Kamis, 31 Desember 2026" in check
    assert "Kementerian Perindustrian" in check
    assert "berdiri sampai" not in text(admin.get("/institutions/kemhan")).lower()

    back = admin.post(address, {**ending, "act": "back"})
    assert 'value="UU 9/2026"' in text(back)
    admin.post(address, ending)
    page = text(admin.get("/institutions/kemhan"))
    assert "Berdiri sampai Kamis, 31 Desember 2026" in page
    assert "Kasusnya dialihkan setelah hari itu." in page


@pytest.mark.parametrize("wrong", [{"last_day": ""}, {"successor": "kemhan"}, {"letter": " "}])
def test_an_end_without_day_or_letter_is_refused(office: Office, wrong: dict[str, str]) -> None:
    ending = {"last_day": "31/12/2026", "successor": "", "letter": "UU 9/2026"}
    for step in ("close/check", "close"):
        answer = office.enter("admin").post(f"/institutions/kemhan/{step}", {**ending, **wrong})
        assert answer.status_code == 422


def test_coordinators_read_and_change_nothing(office: Office) -> None:
    person = office.enter("coordinator")
    page = text(person.get("/institutions/kemhan"))
    assert "Kemhan" in page
    assert "/users/" not in page
    assert "/close" not in page
    assert "/institutions/new" not in text(person.get("/institutions"))
    assert person.post("/institutions/new", NEW).status_code == 403
    assert office.enter("kemhan").get("/institutions").status_code == 403
