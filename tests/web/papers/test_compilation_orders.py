"""Ordering compilations on a page: what is typed, how far it is, and what is fetched."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from processes.storage.files.compilation_orders import compilation_order
from processes.storage.tables.people import user
from tests.documents_read import sheets_of_excel, words_of_pdf, words_of_word
from tests.web.conftest import Office, text


def run(office: Office) -> None:
    """The worker comes by."""
    office.clock.now += timedelta(minutes=1)
    office.service.engine.run_due()


def test_a_compilation_is_ordered_from_the_matrix_made_and_fetched(office_anywhere: Office) -> None:
    office = office_anywhere
    person = office.enter("coordinator")
    matrix = text(person.get("/inventory?institution=kemhan"))
    assert 'href="/compilations?institution=kemhan"' in matrix
    form = text(person.get("/compilations?institution=kemhan"))
    assert re.search(r'<option value="kemhan" selected', form)
    sent = person.post("/compilations", {"institution": "kemhan"})
    assert (sent.status_code, sent.location) == (302, "/compilations")
    page = text(person.get("/compilations"))
    assert "0 dari 5" in page and "Menunggu" in page
    assert "Himpunan laporan dari 2 rekomendasi sedang dibuat." in page
    run(office)
    page = text(person.get("/compilations"))
    assert "Siap" in page and "Instansi: Kemhan" in page
    links = re.findall(r'href="(/compilations/[^"]+)"', page)
    files = {link.rpartition(".")[2]: person.get(link) for link in links}
    for answer in files.values():
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    for words in (words_of_word(files["docx"].data), words_of_pdf(files["pdf"].data)):
        assert "REK-2026-0001" in words and "REK-2026-0002" in words
        assert "Kemenkeu" not in words
    standing = sheets_of_excel(files["xlsx"].data).worksheets[1]
    assert [row[1].value for row in standing.iter_rows(min_row=2)] == ["Kemhan", "Kemhan"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"numbers": "REK-2026-0001, XYZ-7"}, "XYZ-7"),
        ({"since": "kemarin"}, "Tulis tanggal"),
        ({"since": "2/2/2026", "until": "1/1/2026"}, "lebih awal"),
        ({"letter": "B/404/2026"}, "Tidak ada yang cocok"),
        ({"numbers": "x" * 10_001}, "karakter"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_typed_stays(
    office: Office, typed: dict[str, str], told: str
) -> None:
    person = office.enter("coordinator")
    answer = person.post("/compilations", typed)
    assert answer.status_code == 422
    page = text(answer)
    assert told in page
    assert all(value in page for value in typed.values())
    ordered = "Pesanan himpunan laporan Anda"
    assert ordered not in text(person.get("/compilations")), "nothing was ordered"


def test_a_file_is_for_who_ordered_it_and_an_institution_orders_none(office: Office) -> None:
    person = office.enter("coordinator")
    person.post("/compilations", {})
    run(office)
    [link, *_] = re.findall(r'href="(/compilations/[^"]+)"', text(person.get("/compilations")))
    assert person.get(link).status_code == 200
    assert office.enter("asdep").get(link).status_code == 404
    for who in ("kemhan", "kemhan-head", "admin"):
        assert office.enter(who).get(link).status_code == 403
        assert office.enter(who).get("/compilations").status_code == 403
    with office.service.transaction() as connection:
        connection.execute(update(compilation_order).values(classification="top_secret"))
        connection.execute(update(user).values(clearance="secret"))
    assert person.get(link).status_code == 404


def test_the_rule_is_said_with_its_figures_where_a_recommendation_is_shown(office: Office) -> None:
    words = "Semua menentukan: 2 dari 2 masih terbuka"
    person = office.enter("coordinator")
    for page in (
        f"/recommendations/{office.cases.first}",
        f"/recommendations/{office.cases.first}/compilation",
        "/inventory",
    ):
        assert words in text(person.get(page)), page
    own = text(office.enter("kemhan").get(f"/recommendations/{office.cases.first}"))
    assert "menentukan:" not in own, "it would say how the others stand"
