"""The positions of a process's cases, and the contents of its versions: each reader gets only
allowed data."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from sqlalchemy import update

from processes.storage.tables.people import user
from tests.web.conftest import Office, heading, text

EDITOR = "/processes/follow_up/draft/follow_up.bpmn"
PAGES = (
    "/processes",
    "/processes/follow_up",
    "/processes/follow_up/versions/1",
    "/processes/follow_up/versions/1/forms/plan.form",
    "/processes/follow_up/at/acknowledge",
)


def counts(page: str) -> dict[str, dict[str, object]]:
    """The numbers the diagram of a page is given."""
    found = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    numbers: dict[str, dict[str, object]] = json.loads(found[1])["counts"]
    return numbers


def clear_only_for_ordinary(office: Office, username: str) -> None:
    with office.service.transaction() as connection:
        connection.execute(
            update(user).where(user.c.username == username).values(clearance="ordinary")
        )


def test_the_list_tells_version_running_cases_and_incidents_of_each_process(
    office: Office,
) -> None:
    page = text(office.enter("owner").get("/processes"))
    row = page[page.index("/processes/follow_up") :]
    assert "versi 1" in row
    assert re.search(r'data-label="Berjalan">4<', row)
    assert re.search(r'data-label="Insiden">0<', row)


@pytest.mark.parametrize("username", ["coordinator", "asdep"])
def test_those_who_oversee_cases_read_processes_and_change_none(
    office: Office, username: str
) -> None:
    person = office.enter(username)
    for address in PAGES:
        assert person.get(address).status_code == 200, address
    assert "Ubah proses" not in text(person.get("/processes/follow_up"))
    assert "Pasang proses baru" not in text(person.get("/processes"))
    for address in (EDITOR, "/processes/follow_up/draft", "/deployments/new", "/incidents"):
        assert person.get(address).status_code == 403, address


def test_an_institution_is_told_nothing_of_processes(office: Office) -> None:
    person = office.enter("kemhan")
    for address in (*PAGES, "/processes/nobody"):
        assert person.get(address).status_code == 403, address


def test_what_does_not_exist_is_not_found(office: Office) -> None:
    person = office.enter("owner")
    for address in (
        "/processes/nobody",
        "/processes/nobody/draft",
        "/processes/follow_up/versions/9",
        "/processes/follow_up/versions/1/files/other.bpmn",
        "/processes/follow_up/draft/other.bpmn",
    ):
        assert person.get(address).status_code == 404, address


def test_the_table_beside_the_diagram_has_the_same_numbers(office: Office) -> None:
    page = text(office.enter("owner").get("/processes/follow_up"))
    numbers = counts(page)
    assert numbers["acknowledge"]["number"] == 1
    row = page[page.index(">Konfirmasi penerimaan</td>") :]
    assert re.search(r'data-label="Tugas terbuka">1<', row[:300])


def test_an_event_that_could_still_come_is_no_place_where_cases_are(office: Office) -> None:
    """Each of the four follow-ups could still be withdrawn; none of them was."""
    page = text(office.enter("owner").get("/processes/follow_up"))
    assert "withdrawn" not in counts(page), "the picture does not show four cases there"
    work, _, events = page.partition("<summary>Kejadian yang masih dapat diterima kasus")
    assert ">Dicabut atau dialihkan</td>" not in work
    row = events[events.index(">Dicabut atau dialihkan</td>") :]
    assert re.search(r'data-label="Kasus yang siap menerima">4<', row[:300])


def test_a_number_leads_supervisors_to_its_cases_and_owners_nowhere(office: Office) -> None:
    """Owners run the machine of real cases, and read none of them."""
    address = "/processes/follow_up/at/acknowledge"
    owner, supervisor = office.enter("owner"), office.enter("asdep")
    assert f'href="{address}"' not in text(owner.get("/processes/follow_up"))
    closed = owner.get(address)
    assert "Percepat kapasitas" not in text(closed)
    assert heading(closed) == "Kasus yang menunggu", "no key of a model where nothing can be read"

    assert counts(text(supervisor.get("/processes/follow_up")))["acknowledge"]["href"] == address
    listed = text(supervisor.get(address))
    assert "Percepat kapasitas industri pertahanan" in listed
    assert "Kemhan" in listed
    assert office.task("acknowledge") in listed


def test_numbers_hold_only_the_cases_a_reader_is_cleared_for(office: Office) -> None:
    """Two of the four follow-ups belong to a restricted recommendation."""
    clear_only_for_ordinary(office, "asdep")
    person = office.enter("asdep")
    assert re.search(r'data-label="Berjalan">2<', text(person.get("/processes")))
    numbers = counts(text(person.get("/processes/follow_up")))
    assert sum(int(str(one["number"])) for one in numbers.values()) == 2
    assert "evaluate" not in numbers
    assert "evaluate" in counts(text(office.enter("deputi").get("/processes/follow_up")))


def test_a_version_gives_its_files_to_be_saved_and_never_run(office: Office) -> None:
    person = office.enter("coordinator")
    answer = person.get("/processes/follow_up/versions/1/files/follow_up.bpmn")
    assert b"<process" in answer.data or b":process" in answer.data
    assert answer.headers["Content-Disposition"] == "attachment; filename=follow_up.bpmn"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    drawing = person.get("/processes/follow_up/versions/1/model")
    assert drawing.mimetype == "application/xml"
    assert "sandbox" in drawing.headers["Content-Security-Policy"]


def test_all_files_of_a_version_come_as_one_archive(office: Office) -> None:
    answer = office.enter("owner").client.get("/processes/follow_up/versions/1/files.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
    assert {"follow_up.bpmn", "escalation.dmn", "report.form"} <= set(names)


def test_a_form_is_shown_as_people_see_it_and_cannot_be_filled_in(office: Office) -> None:
    answer = office.enter("owner").get("/processes/follow_up/versions/1/forms/acknowledge.form")
    assert heading(answer) == "Konfirmasi penerimaan"
    page = text(answer)
    assert '<fieldset class="form" disabled' in page
    assert 'type="radio"' in page
    # A field that some answers hide is shown with its condition in words: no script decides.
    assert "Hanya bila" in page or "Hanya jika" in page
    assert not re.search(r'data-hides="\[\[', page)


def test_only_the_pages_of_editors_may_set_styles(office: Office) -> None:
    person = office.enter("owner")
    for address in (*PAGES, "/processes/follow_up/draft", "/incidents", "/deployments/new"):
        assert "unsafe-inline" not in person.get(address).headers["Content-Security-Policy"]
    policy = person.get(EDITOR).headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
