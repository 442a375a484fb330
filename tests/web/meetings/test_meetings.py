"""The pages of a rakor, from the choice of its recommendations to its inventory sheet."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID

from openpyxl import load_workbook

from tests.web.conftest import Office, Person, text

NEW = re.compile(r"/meetings/new/([0-9a-f-]{36})")
PREPARED = {
    "title": "Rakor industri pertahanan",
    "held_on": "15/12/2026",
    "place": "Ruang Nakula",
    "chair": "Asdep",
}


def words(response: Any) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", text(response)).split())


def begin(coordinator: Person, *recommendations: UUID, **typed: str) -> Any:
    """Begin a rakor from its choice."""
    found = NEW.search(text(coordinator.get("/meetings/new")))
    assert found is not None
    chosen = {"recommendations": [str(one) for one in recommendations], "which": "chosen", **typed}
    return coordinator.post(f"/meetings/new/{found[1]}", chosen)


def meeting_of(office: Office) -> str:
    """The id of the one rakor, as the list links to it."""
    found = re.search(
        r'href="/meetings/([0-9a-f-]{36})"', text(office.enter("coordinator").get("/meetings"))
    )
    assert found is not None
    return found[1]


def invite(office: Office) -> str:
    """A rakor over both recommendations whose invitations are out."""
    coordinator, asdep = office.enter("coordinator"), office.enter("asdep")
    task = begin(coordinator, office.cases.first, office.cases.second).location
    held_on = office.clock.now.date().replace(year=office.clock.now.year + 1)
    answers = {**PREPARED, "held_on": f"{held_on:%d/%m/%Y}"}
    assert coordinator.post(f"{task}/complete", answers).status_code == 302
    id = meeting_of(office)
    found = re.search(r'href="(/tasks/[0-9a-f-]{36})"', text(asdep.get(f"/meetings/{id}")))
    assert found is not None
    decided = {"invitation_approved": "yes", "letter_number": "UND-7"}
    assert asdep.post(f"{found[1]}/complete", decided).status_code == 302
    return id


def test_the_coordinator_chooses_recommendations_and_comes_to_the_task(office: Office) -> None:
    coordinator = office.enter("coordinator")
    page = coordinator.get("/meetings/new")
    assert "2 rekomendasi berjalan cocok." in words(page)
    task = begin(coordinator, office.cases.first)
    assert task.location.startswith("/tasks/")
    assert "Siapkan rakor" in words(coordinator.get(task.location))


def test_the_choice_is_narrowed_and_all_that_fit_are_taken(office: Office) -> None:
    coordinator = office.enter("coordinator")
    narrowed = words(coordinator.get("/meetings/new?institution=kemenkeu"))
    assert "1 rekomendasi berjalan cocok." in narrowed
    begin(coordinator, which="all", institution="kemenkeu")
    assert "1 rekomendasi" in words(coordinator.get(f"/meetings/{meeting_of(office)}"))


def test_a_rakor_without_recommendations_is_refused_and_nothing_begins(office: Office) -> None:
    coordinator = office.enter("coordinator")
    refused = begin(coordinator)
    assert refused.status_code == 422
    assert "Pilihlah paling sedikit satu rekomendasi." in words(refused)
    assert "Belum ada rakor." in words(coordinator.get("/meetings"))


def test_what_it_covers_is_chosen_again_until_it_is_prepared(office: Office) -> None:
    coordinator = office.enter("coordinator")
    begin(coordinator, office.cases.first)
    id = meeting_of(office)
    both = {
        "which": "chosen",
        "recommendations": [str(office.cases.first), str(office.cases.second)],
    }
    coordinator.get(f"/meetings/{id}/recommendations")
    assert coordinator.post(f"/meetings/{id}/recommendations", both).status_code == 302
    assert "2 rekomendasi" in words(coordinator.get(f"/meetings/{id}"))


def test_the_sheet_lists_every_follow_up_and_counts_the_whole(office: Office) -> None:
    id = invite(office)
    coordinator = office.enter("coordinator")
    page = words(coordinator.get(f"/meetings/{id}/sheet"))
    assert "4 tindak lanjut seluruhnya" in page
    narrowed = words(coordinator.get(f"/meetings/{id}/sheet?institution=kemenkeu"))
    assert "4 tindak lanjut seluruhnya" in narrowed
    assert narrowed.count("REK-2026-000") == 1
    assert coordinator.get(f"/meetings/{id}/sheet?only=nonsense").status_code == 422
    assert coordinator.get(f"/meetings/{id}/sheet?after=nonsense").status_code == 404


def test_the_workbook_has_the_rows_of_the_sheet(office: Office) -> None:
    id = invite(office)
    answer = office.enter("coordinator").get(f"/meetings/{id}/sheet.xlsx?only=open")
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    found = [row for row in rows if row[1] and str(row[1]).startswith("REK-")]
    assert len(found) == 4


def test_an_institution_sees_its_own_rows_and_fills_them_in(office: Office) -> None:
    id = invite(office)
    kemhan = office.enter("kemhan")
    page = words(kemhan.get(f"/meetings/{id}"))
    assert "Kemhan" in page
    assert "Kemenkeu" not in page
    assert "2 tindak lanjut seluruhnya" in words(kemhan.get(f"/meetings/{id}/sheet"))
    task = re.search(r'href="(/tasks/[0-9a-f-]{36})"', text(kemhan.get(f"/meetings/{id}")))
    assert task is not None
    form = text(kemhan.get(task[1]))
    assert form.count('value="REK-2026-000') == 2, "a row for each follow-up is there already"


def test_the_list_counts_for_an_institution_what_its_page_shows(office: Office) -> None:
    id = invite(office)
    assert "0 dari 3" in words(office.enter("coordinator").get("/meetings"))
    kemenkeu = office.enter("kemenkeu")
    listed = words(kemenkeu.get("/meetings"))
    assert re.search(r"Sudah diundang 1 0 dari 1\b", listed)
    assert "1 rekomendasi" in words(kemenkeu.get(f"/meetings/{id}"))


def test_a_move_is_checked_and_then_said_on_the_page(office: Office) -> None:
    id = invite(office)
    coordinator = office.enter("coordinator")
    typed = {"change": "cancelled", "reason": "Pimpinan bertugas."}
    coordinator.get(f"/meetings/{id}/change")
    assert coordinator.post(f"/meetings/{id}/change/check", {"change": "moved"}).status_code == 422
    check = words(coordinator.post(f"/meetings/{id}/change/check", typed))
    assert "Kemhan" in check
    assert "Batalkan rakor" in check
    assert coordinator.post(f"/meetings/{id}/change/send", typed).status_code == 302
    page = words(coordinator.get(f"/meetings/{id}"))
    assert "Rakor sudah dibatalkan." in page
    assert "dibatalkan. Pimpinan bertugas." in page
    assert coordinator.get(f"/meetings/{id}/change").status_code == 409
