"""The registry of institutions as its reader sees it, and the end of one as it is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.ground.sorting import Sort
from processes.people import institutions
from processes.people.institutions import Details, Ending
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage import bulk
from processes.storage.bulk import Count
from processes.storage.notices import mail_rows
from processes.storage.people.institutions import Institution
from tests.processes.conftest import Data, person, scope
from tests.processes.made_cases import a_case, a_recommendation

ADMIN = operator("konsol")
YESTERDAY, TODAY = date(2026, 3, 16), date(2026, 3, 17)
LETTER = "Perpres 1/2026"
NEW = Details("Kementerian Contoh", "Kemcontoh", "ministry")


@pytest.fixture
def admin(small: Data) -> Scope:
    return scope(small, person(small, "admin", granted("admin")))


def one(data: Data, code: str) -> Institution:
    with data.reading() as connection:
        return institutions.one(connection, ADMIN, code)


def listed(data: Data, search: str = "", kind: str = "", **sort: Any) -> list[str]:
    with data.reading() as connection:
        every = institutions.registry(connection, ADMIN)
    sorted_by = Sort(sort.pop("by", "institution"), **sort)
    return [one.code for one in institutions.listed(every, search, kind, sorted_by)]


def recorded(data: Data, code: str) -> list[tuple[str, dict[str, Any]]]:
    """Acts upon an institution and their details, the oldest first."""
    with data.reading() as connection:
        found = audit.read(connection, ADMIN, subject=f"institution:{code}")
    return [(entry.act, dict(entry.details)) for entry in found][::-1]


def mails(data: Data, to: str) -> list[str]:
    with data.reading() as connection:
        return [one.body for one in mail_rows.page(connection, limit=50) if one.to_user == to]


def end(data: Data, who: Scope, successor: str | None = None, last_day: date = YESTERDAY) -> None:
    institutions.close(data, who, "kemhan", Ending(last_day, successor, LETTER))


# --- reading it ---------------------------------------------------------------------------------


def test_an_institution_is_found_by_part_of_a_name_or_of_its_code(small: Data) -> None:
    assert listed(small, "INDUSTRI") == ["kemenperin", "kkip"]
    assert listed(small, "mabes") == ["tni"]
    assert listed(small, "bp-") == ["bp-bumn"]
    assert listed(small, "atlantis") == []
    assert len(listed(small)) == 10


def test_one_kind_is_shown_and_an_unknown_kind_narrows_nothing(small: Data) -> None:
    assert listed(small, kind="police") == ["polri"]
    assert sorted(listed(small, kind="agency")) == ["bp-bumn", "brin"]
    assert listed(small, "badan", "ministry") == []
    assert len(listed(small, kind="kingdom")) == 10


def test_the_registry_is_sorted_by_either_name_or_by_kind(small: Data) -> None:
    assert listed(small, kind="agency") == ["bp-bumn", "brin"]
    assert listed(small, kind="agency", descending=True) == ["brin", "bp-bumn"]
    assert listed(small, by="full")[:2] == ["bp-bumn", "brin"]
    assert listed(small, by="kind", descending=True)[0] == "polri"
    institutions.add(small, ADMIN, "aaa", replace(NEW, short_name="abad"))
    assert listed(small)[0] == "aaa", "a small letter stands where a great one would"


def test_a_closed_institution_stays_in_the_registry(small: Data, admin: Scope) -> None:
    end(small, admin)
    assert "kemhan" in listed(small)
    assert (one(small, "kemhan").valid_to, one(small, "kemhan").successor_code) == (YESTERDAY, None)


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_the_office_reads_the_registry_and_institutions_do_not(small: Data, role: str) -> None:
    reader = scope(small, person(small, "ani", granted(role)))
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    with small.reading() as connection:
        assert institutions.one(connection, reader, "kemhan").short_name == "Kemhan"
        with pytest.raises(NotFound):
            institutions.one(connection, reader, "atlantis")
        for ask in (
            lambda: institutions.one(connection, pic, "kemhan"),
            lambda: institutions.people(connection, pic, "kemhan"),
            lambda: institutions.unserved(connection, pic, ["kemhan"]),
            lambda: institutions.handing_over(connection, pic, "kemhan"),
            lambda: institutions.hands_over_later(connection, pic, "kemhan"),
        ):
            with pytest.raises(Forbidden):
                ask()


# --- changing it --------------------------------------------------------------------------------


def test_what_was_changed_is_recorded_and_what_stayed_is_not(small: Data, admin: Scope) -> None:
    institutions.add(small, admin, "kemcontoh", NEW)
    moved = replace(NEW, address="Jalan Contoh 1", calendar_code="tni")
    institutions.change(small, admin, "kemcontoh", moved)
    institutions.change(small, admin, "kemcontoh", moved)
    assert recorded(small, "kemcontoh") == [
        ("add_institution", {"name": "Kementerian Contoh"}),
        ("change_institution", {"address": "Jalan Contoh 1", "calendar_code": "tni"}),
    ]


def test_everything_that_is_wrong_is_told_at_once(small: Data) -> None:
    with pytest.raises(BadInput) as refused:
        institutions.change(small, ADMIN, "kemhan", Details("", " ", "kingdom", True, "mars"))
    assert set(refused.value.fields) == {"name", "short_name", "kind", "calendar_code"}
    assert recorded(small, "kemhan")[1:] == []


@pytest.mark.parametrize("role", ["coordinator", "process-owner"])
def test_only_administrators_change_the_registry(small: Data, role: str) -> None:
    who = scope(small, person(small, "ani", granted(role)))
    for act in (
        lambda: institutions.add(small, who, "kemcontoh", NEW),
        lambda: institutions.change(small, who, "kemhan", NEW),
        lambda: end(small, who),
    ):
        with pytest.raises(Forbidden):
            act()


# --- its end ------------------------------------------------------------------------------------


def test_an_end_is_recorded_with_its_day_successor_and_letter(small: Data, admin: Scope) -> None:
    end(small, admin, "kemenkeu")
    act, details = recorded(small, "kemhan")[-1]
    assert act == "close_institution"
    assert details == {"last_day": "2026-03-16", "successor": "kemenkeu", "letter": LETTER}


@pytest.mark.parametrize("last_day", [date(2025, 10, 5), date(2025, 1, 1)])
def test_an_institution_does_not_end_before_it_began(
    small: Data, admin: Scope, last_day: date
) -> None:
    with pytest.raises(BadInput) as refused:
        institutions.close(small, admin, "bp-bumn", Ending(last_day, None, LETTER))
    assert set(refused.value.fields) == {"last_day"}


@pytest.mark.parametrize(("code", "successor"), [("atlantis", None), ("kemhan", "atlantis")])
def test_an_end_names_institutions_that_there_are(
    small: Data, admin: Scope, code: str, successor: str | None
) -> None:
    with pytest.raises(NotFound):
        institutions.close(small, admin, code, Ending(YESTERDAY, successor, LETTER))


def test_without_a_successor_nothing_is_handed_over(small: Data, admin: Scope) -> None:
    with small.transaction() as connection:
        a_case(connection, "kemhan")
    end(small, admin)
    with small.reading() as connection:
        assert institutions.handing_over(connection, admin, "kemhan") is None
        assert not institutions.hands_over_later(connection, admin, "kemhan")


def test_cases_of_an_institution_that_has_ended_are_planned_at_once_and_its_successor_told(
    data: Data,
) -> None:
    admin = scope(data, person(data, "admin", granted("admin")))
    person(data, "pic", granted(contact_of="kemenkeu"))
    person(data, "pimpinan", granted(head_of="kemenkeu"))
    with data.transaction() as connection:
        for _ in range(2):
            a_case(connection, "kemhan")
        a_recommendation(connection, {"kemenkeu": "lead", "kemhan": "information"})
    end(data, admin, "kemenkeu")
    with data.reading() as connection:
        assert institutions.handing_over(connection, admin, "kemhan") == Count(3, 0, 0, 0)
        assert not institutions.hands_over_later(connection, admin, "kemhan")
    for who in ("pic", "pimpinan"):
        [body] = mails(data, who)
        assert "Kemenkeu succeeds Kemhan (Perpres 1/2026)." in body
        assert "2." in body, "the copies are not among the follow-ups"
    assert mails(data, "admin") == []


def test_where_the_successor_has_nobody_yet_an_administrator_is_told(
    small: Data, admin: Scope
) -> None:
    end(small, admin, "kemenkeu")
    [body] = mails(small, "admin")
    assert "Kemenkeu succeeds Kemhan" in body


@pytest.mark.parametrize(
    ("last_day", "later"), [(YESTERDAY, False), (TODAY, True), (TODAY + timedelta(90), True)]
)
def test_what_has_not_ended_yet_is_handed_over_after_its_last_day(
    small: Data, admin: Scope, last_day: date, later: bool
) -> None:
    with small.transaction() as connection:
        a_case(connection, "kemhan")
    end(small, admin, "kemenkeu", last_day)
    with small.reading() as connection:
        assert institutions.hands_over_later(connection, admin, "kemhan") == later
        assert (institutions.handing_over(connection, admin, "kemhan") is None) == later


def test_an_end_that_is_told_again_plans_nothing_twice(small: Data, admin: Scope) -> None:
    with small.transaction() as connection:
        a_case(connection, "kemhan")
    end(small, admin, "kemenkeu")
    told = len(mails(small, "admin"))
    end(small, admin, "kemenkeu")
    end(small, admin, "kemenkeu", date(2026, 3, 1))
    assert len(mails(small, "admin")) == told
    assert one(small, "kemhan").valid_to == date(2026, 3, 1)
    end(small, admin, "brin")
    assert len(mails(small, "admin")) == told + 1, "another successor is news"


def test_an_end_to_come_is_planned_again_only_where_its_day_was_moved(
    small: Data, admin: Scope
) -> None:
    def planned() -> int:
        with small.reading() as connection:
            return len(connection.execute(select(bulk.bulk_act.c.id)).all())

    for last_day, plans in ((TODAY, 1), (TODAY, 1), (TODAY + timedelta(1), 2)):
        end(small, admin, "kemenkeu", last_day)
        assert planned() == plans


def test_who_was_closed_succeeds_nobody_though_its_last_day_is_to_come(
    small: Data, admin: Scope
) -> None:
    institutions.close(small, admin, "kemenkeu", Ending(date(2027, 1, 1), None, LETTER))
    with pytest.raises(BadInput) as refused:
        end(small, admin, "kemenkeu")
    assert set(refused.value.fields) == {"successor"}


def test_a_code_stands_once_even_of_a_closed_institution(small: Data, admin: Scope) -> None:
    end(small, admin)
    with pytest.raises(Conflict):
        institutions.add(small, admin, "kemhan", NEW)
