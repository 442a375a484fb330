"""Changing a process: saved, checked, released with a note; running cases stay as they are."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from engine.models.bundle import digest_of
from processes.rights import audit
from processes.rights.scope import operator
from processes.storage.tables.people import user
from tests.web.conftest import Office, Person, text

DRAFT = "/processes/follow_up/draft"
MODEL, TABLE = f"{DRAFT}/follow_up.bpmn", f"{DRAFT}/escalation.dmn"
RELEASE = f"{DRAFT}/release"


def content(office: Office, file: str) -> bytes:
    """A file of the draft as it stands."""
    return office.service.engine.model_draft("follow_up").files[file]


def put(person: Person, address: str, body: bytes, tag: str = "") -> TestResponse:
    """What an editor sends."""
    if not person.token:
        person.get(DRAFT)
    headers = {
        "X-CSRFToken": person.token,
        "Accept": "application/json",
        "Content-Type": "application/xml; charset=utf-8",
        **({"If-Match": tag} if tag else {}),
    }
    return person.client.put(address, data=body, headers=headers)


def rename(office: Office, person: Person, name: str = "Kerjakan dan laporkan") -> None:
    """A task of the model gets another name."""
    old = b"Laksanakan dan laporkan kemajuan"
    saved = put(person, MODEL, content(office, "follow_up.bpmn").replace(old, name.encode()))
    assert saved.status_code == 200


def soften(office: Office, person: Person) -> None:
    """A cell of the escalation table, which two processes ask."""
    changed = content(office, "escalation.dmn").replace(b'"Pengingat"', b'"Pengingat awal"', 1)
    assert put(person, TABLE, changed).status_code == 200


def seal(person: Person) -> str:
    """The state of the draft that the release page has shown."""
    found = re.search(r'name="seal" value="(\w+)"', text(person.get(RELEASE)))
    assert found, "the page offers no release"
    return found[1]


def send(person: Person, address: str, *files: tuple[str, bytes], **more: Any) -> TestResponse:
    chosen = [(io.BytesIO(body), name) for name, body in files]
    return person.post(
        address, {"files": chosen, **more}, content_type="multipart/form-data",
        follow_redirects=True,
    )  # fmt: skip


def test_an_editor_saves_a_draft_and_nothing_that_runs_changes(office: Office) -> None:
    owner = office.enter("owner")
    soften(office, owner)
    rename(office, owner)
    assert [one.number for one in office.service.engine.versions("follow_up")] == [1]
    page = text(owner.get(DRAFT))
    assert "Berdasarkan versi 1" in page
    assert ", Owner<" in page[page.index("follow_up.bpmn") :]
    loaded = owner.get(f"{DRAFT}/files/follow_up.bpmn")
    assert "Kerjakan dan laporkan" in text(loaded)


def test_a_save_without_the_token_of_the_page_is_refused(office: Office) -> None:
    owner = office.enter("owner")
    answer = owner.client.put(MODEL, data=b"<other/>", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert content(office, "follow_up.bpmn") != b"<other/>"


def test_of_two_pages_that_edit_one_file_the_later_save_replaces_nothing_unasked(
    office: Office,
) -> None:
    owner, begun = office.enter("owner"), content(office, "follow_up.bpmn")
    tag = owner.get(f"{DRAFT}/files/follow_up.bpmn").headers["ETag"]
    mine, theirs = begun + b"<!-- mine -->", begun + b"<!-- theirs -->"
    first = put(owner, MODEL, theirs, tag)
    assert first.status_code == 200
    late = put(owner, MODEL, mine, tag)
    assert late.status_code == 409
    assert "halaman lain" in late.get_json()["message"]
    assert put(owner, MODEL, theirs + b" ", first.headers["ETag"]).status_code == 200
    assert put(owner, MODEL, mine).status_code == 200, "who says so replaces it"


def test_a_refused_save_is_told_in_a_sentence_of_the_reader_s_language(office: Office) -> None:
    answer = put(office.enter("owner"), f"{DRAFT}/notes.txt", b"x")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["message"].startswith("Berkas ini bukan model. Beri ")


def test_an_editor_is_told_that_the_session_has_ended(office: Office) -> None:
    owner = office.enter("owner")
    owner.get(DRAFT)
    owner.client.delete_cookie("tindak")
    answer = put(owner, MODEL, b"<x/>")
    assert answer.status_code == 401
    assert answer.json is not None
    assert "Silakan masuk" in answer.json["message"]


@pytest.mark.parametrize("username", ["coordinator", "asdep", "kemhan"])
def test_nobody_but_the_owner_changes_a_process(office: Office, username: str) -> None:
    person = office.enter(username)
    person.get("/account")
    assert put(person, MODEL, b"<x/>").status_code == 403
    assert person.post(RELEASE, {"note": "x", "seal": "x"}).status_code == 403
    assert person.post(f"{DRAFT}/discard").status_code == 403
    assert person.post(f"{DRAFT}/problems").status_code == 403


def test_the_check_names_file_element_and_line_and_leads_to_other_files(office: Office) -> None:
    owner = office.enter("owner")
    broken = content(office, "follow_up.bpmn").replace(b'topic="receipt"', b'topic="reciept"')
    put(owner, MODEL, broken)
    put(owner, TABLE, content(office, "escalation.dmn").replace(b"&lt; -1", b"&lt; minus one", 1))
    headers = {"X-CSRFToken": owner.token, "Accept": "application/json"}
    answer = owner.client.post(f"{DRAFT}/problems", headers=headers)
    assert answer.json is not None
    problems = answer.json["problems"]
    assert problems[0]["severity"] == "error"
    table = next(one for one in problems if one["file"] == "escalation.dmn")
    assert table["href"] == TABLE
    topic = next(one for one in problems if one["element_id"] == "receipt")
    assert (topic["file"], topic["element_name"]) == ("follow_up.bpmn", "Terbitkan tanda terima")
    assert topic["line"] > 1
    assert "reciept" in topic["what"]


def test_the_editor_marks_its_way_to_the_release_which_a_narrow_screen_leaves_out(
    office: Office,
) -> None:
    owner = office.enter("owner")
    for address in (MODEL, TABLE):
        assert f'data-editor-release href="{RELEASE}"' in text(owner.get(address))


@pytest.mark.parametrize("typo", [b"<text>two +</text>", b"<text>2</txt>"])
def test_a_typo_in_a_table_is_one_finding_and_not_one_for_each_element_that_asks_it(
    office: Office, typo: bytes
) -> None:
    owner = office.enter("owner")
    table = content(office, "escalation.dmn")
    place = table.index(b"<text>", table.index(b'id="short_wait_next_look"'))
    end = table.index(b"</text>", place) + len(b"</text>")
    put(owner, TABLE, table[:place] + typo + table[end:])
    headers = {"X-CSRFToken": owner.token, "Accept": "application/json"}
    answer = owner.client.post(f"{DRAFT}/problems", headers=headers)
    assert answer.json is not None
    errors = [one for one in answer.json["problems"] if one["severity"] == "error"]
    assert [one["file"] for one in errors] == ["escalation.dmn"]


def test_a_line_is_named_by_what_it_joins_as_its_id_stands_nowhere_in_the_drawing(
    office: Office,
) -> None:
    owner = office.enter("owner")
    lines = (
        (b'id="acknowledge_to_response"', b'id="Flow_1abc"'),
        (
            b'sourceRef="acknowledge" targetRef="response"',
            b'sourceRef="acknowledge" targetRef="issued"',
        ),
        (b'sourceRef="response" targetRef="plan"', b'sourceRef="response" targetRef="issued"'),
    )
    model = content(office, "follow_up.bpmn")
    for old, new in lines:
        model = model.replace(old, new)
    put(owner, MODEL, model)
    page = text(owner.get(f"{DRAFT}/check"))
    assert "alur dari Konfirmasi penerimaan ke Rekomendasi disampaikan" in page
    assert "alur “diterima” dari Sikap K/L? ke Rekomendasi disampaikan" in page
    assert "Flow_1abc" not in page
    headers = {"X-CSRFToken": owner.token, "Accept": "application/json"}
    answer = owner.client.post(f"{DRAFT}/problems", headers=headers)
    assert answer.json is not None
    marked = {one["element_id"]: one["element_name"] for one in answer.json["problems"]}
    assert marked["Flow_1abc"] == "alur dari Konfirmasi penerimaan ke Rekomendasi disampaikan"


def test_without_a_script_the_check_is_a_page(office: Office) -> None:
    owner = office.enter("owner")
    good = text(owner.get(f"{DRAFT}/check"))
    assert "Tidak ada masalah." in good
    assert f'href="{RELEASE}"' in good
    put(owner, MODEL, b"<no-model/>")
    page = text(owner.get(f"{DRAFT}/check"))
    assert "kesalahan menghalangi rilis" in page
    assert f'href="{RELEASE}"' not in page, "nobody is sent where nothing can be released"
    assert f'href="{MODEL}"' in page


def test_a_release_names_every_process_it_versions_and_who_stays(office: Office) -> None:
    owner = office.enter("owner")
    soften(office, owner)
    page = text(owner.get(RELEASE))
    assert "Tindak lanjut: versi 2" in page
    assert "4 kasus yang berjalan tetap pada versinya; kasus baru dimulai pada versi 2." in page
    assert "Rekomendasi: versi 2" in page


def test_a_release_makes_the_next_version_and_running_cases_keep_theirs(office: Office) -> None:
    owner = office.enter("owner")
    rename(office, owner)
    answer = owner.post(RELEASE, {"note": "Nama tugas", "seal": seal(owner)}, follow_redirects=True)
    page = text(answer)
    assert "Tindak lanjut: versi 2 dirilis." in page
    assert "Nama tugas" in page
    assert office.service.engine.drafted() == set()
    newest, first = office.service.engine.versions("follow_up")
    assert (newest.number, newest.by, newest.shipped) == (2, "owner", False)
    assert office.service.engine.instance_counts(first.id)["active"] == 4
    assert office.service.engine.instance_counts(newest.id) == {}
    assert re.search(r'data-label="di antaranya pada versi lama">4<', page)
    with office.service.reading() as connection:
        entry = audit.read(connection, operator())[0]
    assert (entry.by, entry.act, entry.subject) == ("owner", "release", "process:follow_up")
    assert entry.details["note"] == "Nama tugas"


def test_a_release_without_a_note_is_asked_for_one(office: Office) -> None:
    owner = office.enter("owner")
    rename(office, owner)
    answer = owner.post(RELEASE, {"note": "  ", "seal": seal(owner)})
    assert answer.status_code == 422
    assert "Rilis memerlukan catatan." in text(answer)
    assert len(office.service.engine.versions("follow_up")) == 1


def test_what_somebody_else_changed_after_the_check_is_not_released(office: Office) -> None:
    owner = office.enter("owner")
    rename(office, owner)
    seen = seal(owner)
    rename(office, office.enter("admin"), "Lain lagi")
    soften(office, office.enter("admin"))
    answer = owner.post(RELEASE, {"note": "Nama tugas", "seal": seen})
    assert answer.status_code == 409
    assert "Draf berubah sejak Anda memeriksanya" in text(answer)
    assert "Nama tugas" in text(answer), "the note is kept"
    assert "escalation.dmn" in text(answer)
    assert len(office.service.engine.versions("follow_up")) == 1


def test_who_changed_and_released_is_shown_by_name_never_by_account(office: Office) -> None:
    with office.service.transaction() as connection:
        connection.execute(
            update(user).where(user.c.username == "owner").values(name="Sari Kusuma")
        )
    owner = office.enter("owner")
    rename(office, owner)
    pages = [text(owner.get(address)) for address in (DRAFT, RELEASE, f"{DRAFT}/discard")]
    owner.post(RELEASE, {"note": "Nama tugas", "seal": seal(owner)})
    process = "/processes/follow_up"
    pages += [text(owner.get(address)) for address in (process, f"{process}/versions/2")]
    for page in pages:
        body = page[page.index("<main") :]
        assert "Sari Kusuma" in body
        assert "owner" not in body


def test_who_released_another_file_is_told_by_name_and_with_the_day_in_words(
    office: Office,
) -> None:
    """Two processes use the table: one draft would bring back what the other's release replaced."""
    owner, admin = office.enter("owner"), office.enter("admin")
    soften(office, owner)
    table = content(office, "escalation.dmn").replace(b'"Pengingat awal"', b'"Pengingat lain"')
    assert put(admin, "/processes/recommendation/draft/escalation.dmn", table).status_code == 200
    other = "/processes/recommendation/draft/release"
    found = re.search(r'name="seal" value="(\w+)"', text(admin.get(other)))
    assert found
    admin.post(other, {"note": "Lebih cepat", "seal": found[1]})
    answer = owner.post(RELEASE, {"note": "Nama", "seal": seal(owner)})
    assert answer.status_code == 409
    page = text(answer)
    assert "Admin merilis escalation.dmn yang lain pada Kam, 15 Jan 2026" in page
    assert "admin merilis" not in page


def test_a_draft_with_errors_is_not_released(office: Office) -> None:
    owner = office.enter("owner")
    wrong = content(office, "follow_up.bpmn").replace(b'"record_plan"', b'"record_plans"')
    put(owner, MODEL, wrong)
    page = text(owner.get(RELEASE))
    assert 'name="seal"' not in page
    assert "record_plans" in page
    files = office.service.engine.model_draft("follow_up").files
    answer = owner.post(RELEASE, {"note": "x", "seal": digest_of(files)})
    assert answer.status_code == 400
    assert "record_plans" in text(answer)
    assert len(office.service.engine.versions("follow_up")) == 1


def test_without_changes_there_is_nothing_to_release(office: Office) -> None:
    page = text(office.enter("owner").get(RELEASE))
    assert "tidak ada yang perlu dirilis" in page
    assert 'name="seal"' not in page


def test_an_uploaded_file_takes_the_place_of_what_it_defines(office: Office) -> None:
    """A browser calls the second download of a file `plan (1).form`."""
    owner = office.enter("owner")
    form = content(office, "plan.form").replace(b"Unit pelaksana", b"Unit penanggung jawab")
    model = content(office, "follow_up.bpmn")
    page = text(send(owner, DRAFT, ("plan (1).form", form), ("C:\\x\\model.bpmn", model)))
    assert "plan (1).form tersimpan dalam draf sebagai plan.form." in page
    assert "model.bpmn tersimpan dalam draf sebagai follow_up.bpmn." in page
    assert content(office, "plan.form") == form
    assert "Unit penanggung jawab" in text(owner.get(f"{DRAFT}/plan.form"))


def test_of_an_upload_with_a_file_that_is_no_model_nothing_is_kept(office: Office) -> None:
    owner = office.enter("owner")
    form = content(office, "plan.form") + b" "
    answer = send(owner, DRAFT, ("plan.form", form), ("notes.txt", b"x"))
    assert answer.status_code == 422
    assert "Berkas ini bukan model." in text(answer)
    assert content(office, "plan.form") != form
    assert send(owner, DRAFT).status_code == 422


@pytest.mark.parametrize(
    ("file", "body", "place"),
    [
        ("follow_up.bpmn", b"<definitions>\n<process>\n</definitions>", "follow_up.bpmn, baris 3"),
        ("new.bpmn", b"<html/>", "new.bpmn, baris 1"),
        ("escalation.dmn", b"<definitions/>", "escalation.dmn, baris 1"),
        ("plan.form", b'{\n"id": "plan",,', "plan.form, baris 2"),
    ],
)
def test_a_file_no_editor_can_open_is_refused_with_its_line_and_the_draft_stays(
    office: Office, file: str, body: bytes, place: str
) -> None:
    owner = office.enter("owner")
    whole = ("report.form", content(office, "report.form") + b" ")
    answer = send(owner, DRAFT, (file, body), whole)
    assert answer.status_code == 422
    assert "Draf tetap seperti semula" in text(answer)
    assert place in text(answer)
    assert office.service.engine.drafted() == set()


def test_a_form_is_not_replaced_by_what_is_no_form(office: Office) -> None:
    owner = office.enter("owner")
    answer = send(owner, f"{DRAFT}/plan.form", ("plan.form", b"{"))
    assert answer.status_code == 422
    assert "plan.form, baris 1: Berkas bukan JSON yang benar." in text(answer)
    assert office.service.engine.drafted() == set()


def test_a_file_with_ordinary_problems_is_kept_to_be_corrected(office: Office) -> None:
    owner = office.enter("owner")
    wrong = content(office, "follow_up.bpmn").replace(b'"record_plan"', b'"record_plans"')
    assert send(owner, DRAFT, ("follow_up.bpmn", wrong)).status_code == 200
    assert content(office, "follow_up.bpmn") == wrong


def test_a_draft_that_cannot_be_read_is_not_called_unchanged(office: Office) -> None:
    """Its process is in no file any more, so no version would come of it."""
    owner = office.enter("owner")
    put(owner, MODEL, b"<no-model/>")
    page = text(owner.get(RELEASE))
    assert "tidak ada yang perlu dirilis" not in page
    assert "kesalahan menghalangi rilis" in page
    assert "follow_up.bpmn" in page


def test_a_form_is_replaced_under_its_own_name(office: Office) -> None:
    owner = office.enter("owner")
    form = content(office, "plan.form").replace(b"Unit pelaksana", b"Unit kerja")
    page = text(send(owner, f"{DRAFT}/plan.form", ("anything.json", form)))
    assert "plan.form tersimpan dalam draf." in page
    assert "Unit kerja" in page


def test_changes_are_discarded_file_by_file_or_all_after_a_look(office: Office) -> None:
    owner = office.enter("owner")
    rename(office, owner)
    soften(office, owner)
    look = text(owner.get(f"{DRAFT}/discard?file=follow_up.bpmn"))
    assert "follow_up.bpmn" in look and "escalation.dmn" not in look
    owner.post(f"{DRAFT}/discard", {"file": "follow_up.bpmn"})
    assert set(office.service.engine.model_draft("follow_up").changed) == {"escalation.dmn"}
    owner.post(f"{DRAFT}/discard")
    assert office.service.engine.drafted() == set()
