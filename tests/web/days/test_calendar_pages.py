"""Working calendars: the days that count, and the moves after a change."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from processes.days import calendars
from processes.people import accounts, leaving
from processes.people.accounts import NewUser
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.people import users
from tests.web.cases.test_follow_up_pages import words
from tests.web.conftest import Office, text

CHANGE = {
    "calendar": "common",
    "day": "8/1/2026",
    "kind": "joint_leave",
    "name": "Cuti bersama tambahan",
    "decree": "SKB Nomor 9 Tahun 2026",
}


def days(office: Office, code: str = "common") -> dict[date, str]:
    with office.service.reading() as connection:
        found = calendars.days(connection, operator(), code, 2026)
    return {one.day: one.kind for one in found}


def test_everybody_reads_the_days_with_their_decrees(office: Office) -> None:
    page = text(office.enter("kemhan").get("/calendar?calendar=tni&year=2026"))
    assert "Kalender 2026" in page
    assert "SKB Nomor 1497 Tahun 2025" in page
    assert "Tahun Baru Masehi" in page
    assert "/calendar/change" not in page
    assert office.enter("kemhan").get("/calendar/change").status_code == 403


@pytest.mark.parametrize("query", ["calendar=mars", "year=1999", "year=abad", "year=²"])
def test_what_is_no_calendar_is_not_found(office: Office, query: str) -> None:
    answer = office.enter("kemhan").get(f"/calendar?{query}")
    assert answer.status_code == (200 if query in ("year=abad", "year=²") else 404)


def test_the_deadlines_that_would_move_are_shown_and_then_move(office: Office) -> None:
    admin = office.enter("admin")
    before = {task.id: task.due_at for task in office.service.engine.tasks(limit=200)}
    check = unescape(text(admin.post("/calendar/check", CHANGE)))
    announced = re.search(r'id="moved">[^<]*<span class="count">(\d+)', check)
    assert announced
    assert int(announced[1]) > 0
    assert date(2026, 1, 8) not in days(office), "looking changes nothing"

    answer = admin.post("/calendar/change", CHANGE)
    assert answer.location == "/calendar?calendar=common&year=2026"
    assert f"0 dari {announced[1]} tenggat digeser" in words(admin.get(answer.location))
    office.service.engine.run_due()
    after = {task.id: task.due_at for task in office.service.engine.tasks(limit=200)}
    moved = [id for id, due in after.items() if due != before[id]]
    assert len(moved) == int(announced[1])
    assert days(office)[date(2026, 1, 8)] == "joint_leave"
    page = admin.get(answer.location)
    assert f"{len(moved)} dari {len(moved)} tenggat digeser" in words(page)
    listed = text(admin.get("/calendar/moves?calendar=common&fate=done"))
    assert listed.count("<tr") - 1 == len(moved), "the number leads to them"
    [row] = [one for one in listed.split("<tr") if "Kemhan" in one][:1]
    assert re.search(r"8 Jan 2026.*9 Jan 2026", row, re.DOTALL), "from which day to which"
    assert "Tidak ada." in text(admin.get("/calendar/moves?calendar=common&fate=left"))
    assert office.enter("kemhan").get("/calendar/moves").status_code == 403
    assert "tenggat digeser" not in text(office.enter("kemhan").get(answer.location))


def test_the_page_says_how_many_deadlines_stay_because_the_right_is_gone(office: Office) -> None:
    second = NewUser("second", "Second", grants=granted("admin"))
    accounts.create(office.service, operator(), second)
    office.enter("admin").post("/calendar/change", CHANGE)
    with office.service.reading() as connection:
        admin = users.by_username(connection, "admin")
    assert admin is not None
    leaving.close_account(office.service, operator(), admin.id)
    before = {task.id: task.due_at for task in office.service.engine.tasks(limit=200)}

    office.service.engine.run_due()

    after = {task.id: task.due_at for task in office.service.engine.tasks(limit=200)}
    assert after == before
    page = words(office.enter("second").get("/calendar?calendar=common&year=2026"))
    planned = re.search(r"0 dari (\d+) tenggat digeser", page)
    assert planned
    assert f"{planned[1]} tetap: pengubah hari tidak boleh lagi mengubah kalender." in page


def test_a_day_is_taken_back_with_its_decree(office: Office) -> None:
    admin = office.enter("admin")
    form = text(admin.get("/calendar/change?calendar=common&day=2026-01-01&kind=working"))
    assert 'value="1/1/2026"' in form
    assert 'value="Tahun Baru Masehi"' in form
    back = {**CHANGE, "day": "1/1/2026", "kind": "working"}
    admin.post("/calendar/change", back)
    assert days(office)[date(2026, 1, 1)] == "working"


def test_another_calendar_stays_as_it_is(office: Office) -> None:
    office.enter("admin").post("/calendar/change", CHANGE)
    assert date(2026, 1, 8) not in days(office, "tni")


@pytest.mark.parametrize(
    "wrong",
    [{"day": "31/2/2026"}, {"kind": ""}, {"name": ""}, {"decree": ""}],
)
def test_a_refused_day_gives_everything_typed_back(office: Office, wrong: dict[str, str]) -> None:
    admin = office.enter("admin")
    for step in ("check", "change"):
        answer = admin.post(f"/calendar/{step}", {**CHANGE, **wrong})
        assert answer.status_code == 422
        kept = "Cuti bersama tambahan" if "decree" in wrong else "SKB Nomor 9 Tahun 2026"
        assert kept in text(answer)


def test_back_from_the_check_brings_the_form_with_what_was_typed(office: Office) -> None:
    answer = office.enter("admin").post("/calendar/change", {**CHANGE, "act": "back"})
    assert 'value="8/1/2026"' in text(answer)
    assert date(2026, 1, 8) not in days(office)
