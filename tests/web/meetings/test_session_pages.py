"""The page of one institution in a rakor, and the pages of what was settled, as people use them."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest

from processes.storage.meetings import agreement_rows
from processes.storage.meetings.agreement_rows import Agreement
from tests.processes.stories.agreement import agreed
from tests.processes.stories.rakor.meeting import MINUTES, invited
from tests.processes.stories.world import World, open_world
from tests.web.conftest import Office, Person, text
from tests.web.papers.test_documents import told

SETTLED = {
    "kind": "agreement", "text": "Serahkan peta jalan.", "holder": "kemhan",
    "deadline": "2/2/2026", "version": "0",
}  # fmt: skip


@pytest.fixture
def world(office: Office) -> World:
    """The stories' hands on the database of the office."""
    url = office.service.engine.database.url.render_as_string(hide_password=False)
    found = open_world(url, office.service.options.data_dir)
    found.clock.now = office.clock.now
    return found


def rakor(office: Office, world: World) -> UUID:
    return invited(world, office.cases.first, held_on="2026-01-20")


def settled(office: Office, meeting: UUID) -> list[Agreement]:
    with office.service.reading() as connection:
        return agreement_rows.of_meeting(connection, meeting)


def test_a_coordinator_types_by_buttons_alone_and_nothing_is_lost(
    office: Office, world: World
) -> None:
    meeting, person = rakor(office, world), office.enter("coordinator")
    page = f"/meetings/{meeting}/institutions/kemhan"
    shown = text(person.get(page))
    assert f"/meetings/{meeting}/institutions/kemenperin" in shown
    saved = person.post(f"{page}/attendance", {"attendance": "present", "attended_by": "Rina",
                                               "version": "0"})  # fmt: skip
    assert (saved.status_code, saved.location.split("#")[1]) == (303, "r-attendance")
    assert "Hadir, Rina" in unescape(text(person.get(f"/meetings/{meeting}")))
    refused = person.post(f"{page}/settled", {**SETTLED, "deadline": "besok"})
    assert refused.status_code == 422
    assert "Serahkan peta jalan." in unescape(text(refused)) and "besok" in text(refused)
    assert "Tenggat: Tulis tanggal" in unescape(text(refused)), "it names its field"
    words = {**SETTLED, "kind": "directive", "holder": "", "deadline": "besok"}
    assert person.post(f"{page}/settled", words).status_code == 422, "no deadline is dropped"
    made = person.post(f"{page}/settled", SETTLED)
    assert made.status_code == 303
    [one] = settled(office, meeting)
    assert (one.deadline, one.holder, one.version) == (date(2026, 2, 2), "institution", 1)
    struck = person.post(f"{page}/settled/{one.id}", {"act": "strike", "version": "1"})
    assert (struck.status_code, settled(office, meeting)) == (303, [])


def test_the_form_of_the_holding_is_filled_in_from_the_session(
    office: Office, world: World
) -> None:
    meeting, person = rakor(office, world), office.enter("coordinator")
    world.wait_until(world.at(date(2026, 1, 20)))
    page, task = f"/meetings/{meeting}/institutions", world.task(meeting, "hold")
    assert "hadir" not in typed_in(person, f"/tasks/{task.id}").lower(), "nothing was typed yet"
    there = {"attendance": "present", "attended_by": "Rina, Kabag", "version": "0"}
    person.post(f"{page}/kemhan/attendance", there)
    person.post(f"{page}/kemenperin/attendance", {"attendance": "absent", "version": "0"})
    said = ["Kemenperin: Tidak hadir", "Kemhan: Hadir, Rina, Kabag"]
    assert typed_in(person, f"/tasks/{task.id}").splitlines() == said


def typed_in(person: Person, task: str) -> str:
    """What stands in the field of who came."""
    found = re.search(r'name="attendance".*?>(.*?)</textarea>', text(person.get(task)), re.DOTALL)
    assert found
    return unescape(found[1]).strip()


def test_who_saves_an_older_text_sees_both_and_may_save_once_more(
    office: Office, world: World
) -> None:
    meeting, person = rakor(office, world), office.enter("coordinator")
    other = office.colleague("coordinator")
    page = f"/meetings/{meeting}/institutions/kemhan"
    person.post(f"{page}/settled", SETTLED)
    [one] = settled(office, meeting)
    other.post(f"{page}/settled/{one.id}", {**SETTLED, "text": "Serahkan lengkap.", "version": "1"})
    mine = {**SETTLED, "text": "Serahkan rencana.", "version": "1"}
    refused = person.post(f"{page}/settled/{one.id}", mine)
    assert refused.status_code == 409
    shown = unescape(text(refused))
    for words in ("Sinta Wijaya", "Serahkan lengkap.", "Serahkan rencana."):
        assert words in shown
    assert f'id="v-{one.id}" name="version" value="2"' in shown
    assert person.post(f"{page}/settled/{one.id}", {**mine, "version": "2"}).status_code == 303
    assert settled(office, meeting)[0].text == "Serahkan rencana."


def test_who_signs_the_minutes_reads_what_was_settled_and_becomes_a_task(
    office: Office, world: World
) -> None:
    meeting, person = rakor(office, world), office.enter("coordinator")
    person.post(f"/meetings/{meeting}/institutions/kemhan/settled", SETTLED)
    world.wait_until(world.at(date(2026, 1, 20)))
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    writing = world.task(meeting, "minutes")
    assert "Serahkan peta jalan." in text(person.get(f"/tasks/{writing.id}"))
    world.do("coordinator", "minutes", meeting, **MINUTES)
    task = world.task(meeting, "sign_minutes")
    signing = unescape(text(office.enter("asdep").get(f"/tasks/{task.id}")))
    assert "Serahkan peta jalan." in signing
    assert "setiap kesepakatan menjadi tugas penanggung jawabnya" in signing


def test_an_institution_reads_what_it_owes_and_nothing_of_the_page_of_the_rakor(
    office: Office, world: World
) -> None:
    meeting = rakor(office, world)
    about = office.cases.first
    follow_up = world.follow_up(about, "kemhan")
    id = agreed.signed(world, meeting, follow_up_id=follow_up, recommendation_id=about)
    kemhan, other = office.enter("kemhan"), office.enter("kemenperin")
    assert "Serahkan peta jalan." in text(kemhan.get("/agreements"))
    assert "Serahkan peta jalan." not in text(other.get("/agreements"))
    one = unescape(text(kemhan.get(f"/agreements/{id}")))
    assert "RAK-2026-0001" in one and "Penuhi kesepakatan" in one
    assert re.search(r"<dt>Tenggat</dt><dd>[^<]+</dd>", one), "the time is of what it waits for"
    assert other.get(f"/agreements/{id}").status_code == 404
    assert kemhan.get(f"/meetings/{meeting}/institutions/kemhan").status_code == 403
    [task] = agreed.open_tasks(world, id)
    assert "Serahkan peta jalan." in text(kemhan.get(f"/tasks/{task.id}"))


def test_the_page_of_a_follow_up_names_what_was_settled_about_it(
    office: Office, world: World
) -> None:
    meeting, about = rakor(office, world), office.cases.first
    follow_up = world.follow_up(about, "kemhan")
    agreed.signed(world, meeting, follow_up_id=follow_up, text="Lengkapi peta.")
    agreed.signed(world, meeting, follow_up_id=follow_up, text="Surati.", institution="kemenperin")
    agreed.noted(world, meeting, follow_up_id=follow_up, text="Belum ditandatangani.")
    seen = {
        who: unescape(text(office.enter(who).get(f"/follow-ups/{follow_up}")))
        for who in ("coordinator", "kemhan")
    }
    listed = ("Lengkapi peta.", "Surati.", "Belum ditandatangani.")
    assert [one in seen["coordinator"] for one in listed] == [True, True, True]
    assert [one in seen["kemhan"] for one in listed] == [True, False, False]


def test_what_is_said_of_a_follow_up_stands_in_minutes_and_compilation_as_oral(
    office: Office, world: World
) -> None:
    meeting, person = rakor(office, world), office.enter("coordinator")
    about = office.cases.first
    for code, said, by, on_behalf in (
        ("kemhan", "Dua jalur berjalan.", "Rina", {}),
        ("kemenperin", "Pagu menunggu.", "Budi", {"on_behalf": "true"}),
    ):
        form = {
            "follow_up": str(world.follow_up(about, code)), "text": said, "said_by": by, **on_behalf
        }  # fmt: skip
        page = f"/meetings/{meeting}/institutions/{code}/statements"
        assert person.post(page, form).status_code == 303
    world.wait_until(world.at(date(2026, 1, 20)))
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    world.do("coordinator", "minutes", meeting, **MINUTES)
    asdep = office.enter("asdep")
    signing = unescape(text(asdep.get(f"/tasks/{world.task(meeting, 'sign_minutes').id}")))
    shown = unescape(text(person.get(f"/meetings/{meeting}")))
    printed = told(person, f"/meetings/{meeting}/minutes")
    for words in (signing, shown, *printed):
        for one in ("Pernyataan lisan", "Dua jalur berjalan.", "Rina", "Pagu menunggu.", "Budi",
                    "REK-2026-0001"):  # fmt: skip
            assert one in words, one
        assert words.count("atas nama") == 1, "only of the one that somebody else said"
        assert "atas nama Kemenperin" in words
    for words in printed:
        assert re.search(r"Rina\s+Lisan\b", words)
        assert re.search(r"Budi\s+Lisan; atas nama Kemenperin", words)
    for words in told(person, f"/recommendations/{about}/compilation"):
        assert "Lisan, belum dikonfirmasi tertulis: Dua jalur berjalan." in words
        assert "Lisan, belum dikonfirmasi tertulis; atas nama Kemenperin: Pagu menunggu." in words
        assert re.search(r"Budi, [^,]*, \d+ Jan 2026, Rakor RAK-2026-0001", words)
    for words in told(office.enter("kemhan"), f"/meetings/{meeting}/minutes"):
        assert ("Dua jalur berjalan." in words, "Pagu menunggu." in words) == (True, False)
