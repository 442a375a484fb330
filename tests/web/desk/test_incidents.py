"""Failed work, and trying it again or giving it back."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import insert

from engine.sentences.sentence import say
from engine.storage.later import jobs
from engine.storage.tables import job
from processes.rights import audit
from processes.rights.scope import operator
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    flow,
    process,
    script_task,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import CALCULATION
from tests.web.cases.test_follow_up_pages import english
from tests.web.conftest import Office, text


def get_stuck(office: Office) -> UUID:
    """A case of a process of the owner's own that divides by what was entered: nothing."""
    engine = office.service.engine
    engine.deploy(CALCULATION, "owner")
    case = engine.start("calculation")
    (task,) = engine.tasks(instance_id=case)
    received = engine.complete(task.id, {"count": 0}, "kemhan")
    assert received.incident is not None
    return received.incident


def give_up(office: Office) -> UUID:
    """A mail that failed too often."""
    row = jobs.job_row("mail", office.clock.now, {"mail_id": "x"})
    error = say("It could not be sent: {answer}", answer="server antah berantah")
    with office.service.transaction() as connection:
        connection.execute(insert(job), row)
        jobs.bury(connection, row["id"], 10, error)
    found: UUID = row["id"]
    return found


def test_an_incident_says_what_is_wrong_in_the_reader_s_language(office: Office) -> None:
    get_stuck(office)
    incident = office.service.engine.incidents()[0]
    page = text(office.enter("owner").get("/incidents"))
    assert "Divide" in page
    assert "Penyelesaian tugas, Kemhan" in page
    assert str(incident.what) not in page, "English is for readers of English"
    assert str(incident.instance_id) in page
    assert re.search(r"<dt>Percobaan</dt><dd>1</dd>", page)


def test_a_retry_that_fails_again_counts_and_says_so(office: Office) -> None:
    id = get_stuck(office)
    owner = office.enter("owner")
    page = text(owner.post(f"/incidents/{id}/retry", follow_redirects=True))
    assert "Gagal lagi." in page
    assert re.search(r"<dt>Percobaan</dt><dd>2</dd>", page)
    with office.service.reading() as connection:
        entry = audit.read(connection, operator())[0]
    assert (entry.by, entry.act, entry.subject) == ("owner", "retry_incident", f"incident:{id}")


def test_a_deleted_case_leaves_none_and_nobody_is_told_that_it_went_on(office: Office) -> None:
    id, owner = get_stuck(office), office.enter("owner")
    [incident] = office.service.engine.incidents()
    page = text(owner.get("/incidents"))
    assert str(incident.instance_id) in page
    owner.post(f"/instances/{incident.instance_id}/end", {"reason": "Salah mulai"})
    assert str(incident.instance_id) not in text(owner.get("/incidents"))

    told = owner.post(f"/incidents/{id}/retry", follow_redirects=True)
    assert told.status_code == 409
    assert "Kasusnya sudah berakhir: tidak ada lagi yang diulang." in text(told)


def test_who_repeats_what_the_case_went_on_without_is_told_so(office: Office) -> None:
    late = boundary("late", "enter", timer("P1D"))
    parts = (
        start(), user_task("enter"), script_task("divide", "x = 1 / count"), end(), late,
        user_task("ask"), end("asked"), flow("start", "enter"), flow("enter", "divide"),
        flow("divide", "end"), flow("late", "ask"), flow("ask", "asked"),
    )  # fmt: skip
    engine = office.service.engine
    engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    case = engine.start("p")
    [task] = engine.tasks(instance_id=case)
    incident = engine.complete(task.id, {"count": 0}, "kemhan").incident
    office.clock.advance(days=2)
    engine.run_due()
    owner = office.enter("owner")
    assert "Tidak ada insiden." in text(owner.get("/incidents"))
    answer = owner.post(f"/incidents/{incident}/retry")
    assert answer.status_code == 409
    assert "kasusnya berlanjut tanpanya" in text(answer)


def fail_to_start(office: Office) -> UUID:
    """A timer has started a process whose first step fails."""
    parts = (start("daily", timer("P1D")), script_task("divide", "x = 1 / 0"), user_task("look"))
    engine = office.service.engine
    engine.deploy({"timed.bpmn": bpmn(process("timed", *parts))}, "owner")
    office.clock.advance(days=1)
    engine.run_due()
    [found] = engine.incidents("timed")
    return found.id


def test_a_start_that_failed_says_that_there_is_no_case_yet(office: Office) -> None:
    id = fail_to_start(office)
    owner = office.enter("owner")
    page = text(owner.get("/incidents?process=timed"))
    assert "Divide" in page
    assert "<dt>Kasus</dt><dd>belum dimulai</dd>" in page
    assert "Awal kasus" in page
    look = text(owner.get(f"/incidents/{id}/discard"))
    assert "Kasus ini tidak dimulai." in look
    assert owner.post(f"/incidents/{id}/discard").status_code == 302
    assert "Divide" not in text(owner.get("/incidents?process=timed"))


def test_giving_up_says_first_what_becomes_of_the_input(office: Office) -> None:
    id = get_stuck(office)
    admin = office.enter("admin")
    look = text(admin.get(f"/incidents/{id}/discard"))
    assert "Tugas dibuka kembali." in look
    page = text(admin.post(f"/incidents/{id}/discard", follow_redirects=True))
    assert "Insiden ditutup; tidak ada yang diulang." in page
    assert "Tidak ada insiden." in page
    (task,) = [t for t in office.service.engine.tasks(limit=200) if t.element_id == "enter"]
    draft = office.service.engine.draft(task.id, "kemhan")
    assert draft is not None and draft.data == {"count": 0}


def test_an_incident_is_taken_care_of_once(office: Office) -> None:
    id = get_stuck(office)
    owner = office.enter("owner")
    owner.post(f"/incidents/{id}/discard")
    assert owner.post(f"/incidents/{id}/retry").status_code == 409
    assert owner.get(f"/incidents/{id}/discard").status_code == 409


def test_the_list_is_narrowed_to_one_process(office: Office) -> None:
    get_stuck(office)
    owner = office.enter("owner")
    assert "Divide" in text(owner.get("/incidents?process=calculation"))
    assert "Divide" not in text(owner.get("/incidents?process=follow_up"))


def test_the_whole_list_is_narrowed_by_nothing(office: Office) -> None:
    english(office, "owner")
    owner = office.enter("owner")
    assert "Nothing fits these filters" not in text(owner.get("/incidents"))
    assert "Nothing fits these filters" in text(owner.get("/incidents?process=follow_up"))


def test_a_job_that_was_given_up_is_tried_again(office: Office) -> None:
    id = give_up(office)
    owner = office.enter("owner")
    assert "1 pekerjaan dihentikan" in text(owner.get("/incidents"))
    assert "Tidak dapat dikirim: server antah berantah" in text(owner.get("/incidents/jobs"))
    page = text(owner.post(f"/incidents/jobs/{id}/retry", follow_redirects=True))
    assert "berjalan dalam satu menit" in page
    assert "Tidak ada yang dihentikan." in page
    assert owner.post(f"/incidents/jobs/{id}/retry").status_code == 409


@pytest.mark.parametrize("username", ["coordinator", "asdep", "kemhan"])
def test_only_owners_and_administrators_repair(office: Office, username: str) -> None:
    id = get_stuck(office)
    person = office.enter(username)
    assert person.get("/incidents").status_code == 403
    assert person.post(f"/incidents/{id}/retry").status_code == 403
    assert person.post(f"/incidents/{id}/discard").status_code == 403
    assert person.post(f"/incidents/jobs/{id}/retry").status_code == 403
