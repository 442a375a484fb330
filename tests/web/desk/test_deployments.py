"""A new process: its files are checked first, and deployed with a note."""

from __future__ import annotations

import io
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scaled import KINDS
from engine.deployment.apart import SHARED, Apart
from tests.engine.models_of_tests import CALCULATION, REVIEW
from tests.web.conftest import Office, Person, heading, text


def check(person: Person, **files: bytes) -> str:
    """The page that tells what would come of these files."""
    chosen = [(io.BytesIO(body), f"{name}.bpmn") for name, body in files.items()]
    person.get("/deployments/new")
    answer = person.post(
        "/deployments/check", {"files": chosen}, content_type="multipart/form-data"
    )
    return text(answer)


def carried(page: str) -> dict[str, list[str]]:
    """What the checked page sends on; the switch of languages above it has the same entries."""
    form = page.partition("<main")[2]
    return {
        name: re.findall(f'name="{name}" value="([^"]+)"', form) for name in ("name", "content")
    }


def test_a_new_process_is_checked_then_deployed_with_its_note(office: Office) -> None:
    owner = office.enter("owner")
    page = check(owner, review=REVIEW["review.bpmn"])
    assert "Review: versi 1" in page
    assert "Proses baru; kasus dimulai oleh kejadian awalnya atau lewat API." in page
    assert office.service.engine.versions("review") == []

    answer = owner.post("/deployments", {**carried(page), "note": "Coba"}, follow_redirects=True)
    assert heading(answer) == "Review"
    (version,) = office.service.engine.versions("review")
    assert (version.number, version.by, version.note) == (1, "owner", "Coba")

    changed = check(owner, review=REVIEW["review.bpmn"].replace(b'"Review"', b'"Tinjauan"'))
    assert "Kasus baru dimulai pada versi 2." in changed
    assert "0 kasus" not in changed


def test_without_a_note_the_files_stay_on_the_page(office: Office) -> None:
    owner = office.enter("owner")
    page = check(owner, review=REVIEW["review.bpmn"])
    answer = owner.post("/deployments", {**carried(page), "note": ""})
    assert answer.status_code == 422
    assert carried(text(answer)) == carried(page)
    assert office.service.engine.versions("review") == []


def test_what_is_wrong_with_a_model_is_told_in_words_and_nothing_is_offered(
    office: Office,
) -> None:
    broken = CALCULATION["calculation.bpmn"].replace(b"100 / count", b"100 / import os")
    page = check(office.enter("owner"), calculation=broken)
    assert "1 kesalahan menghalangi rilis." in page
    assert "calculation.bpmn" in page
    assert "Error" not in re.sub(r"<[^>]+>", "", page)
    assert carried(page) == {"name": [], "content": []}


def test_no_file_is_asked_for_one(office: Office) -> None:
    owner = office.enter("owner")
    owner.get("/deployments/new")
    answer = owner.post("/deployments/check", {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Belum ada berkas yang dipilih." in text(answer)


def test_a_form_that_was_changed_on_its_way_stores_nothing(office: Office) -> None:
    owner = office.enter("owner")
    owner.get("/deployments/new")
    sent = {"name": "review.bpmn", "content": "no base64 é", "note": "x"}
    assert owner.post("/deployments", sent).status_code == 422
    assert office.service.engine.versions("review") == []


@pytest.mark.long
def test_a_model_that_takes_too_much_is_refused_in_words_wherever_it_comes_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = Apart(seconds=0)
    assert office.service.engine.examine == SHARED.examine
    monkeypatch.setattr(office.service.engine, "examine", hurried.examine)
    [table] = KINDS["lists of values"][1](80).values()
    owner = office.enter("owner")
    for address in ("/deployments/check", "/processes/follow_up/draft"):
        owner.get("/deployments/new")
        chosen = [(io.BytesIO(table), f"{n}.dmn") for n in range(6)]
        page = text(owner.post(address, {"files": chosen}, content_type="multipart/form-data"))
        assert "lebih banyak waktu atau memori" in page
    assert office.service.engine.model_draft("follow_up").changed == {}
    hurried.close()


def test_pages_are_answered_while_a_model_is_checked(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker, examine = Apart(), office.service.engine.examine
    os.mkfifo(gate := tmp_path / "gate")

    def blocked(*given: Any) -> Any:
        worker.call(os.open, gate, os.O_RDONLY)  # until somebody writes
        return examine(*given)

    monkeypatch.setattr(office.service.engine, "examine", blocked)
    owner, kemhan = office.enter("owner"), office.enter("kemhan")
    with ThreadPoolExecutor(1) as threads:
        page = threads.submit(check, owner, review=REVIEW["review.bpmn"])
        assert kemhan.get("/inbox").status_code == 200
        assert kemhan.post("/logout").status_code < 400
        assert not page.done()
        with gate.open("wb"):
            assert "Review: versi 1" in page.result()
    worker.close()
