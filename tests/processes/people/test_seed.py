"""What every installation begins with, and that filling it again takes nothing back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.sentences.errors import Forbidden
from engine.time.calendar import Calendar
from processes.days.calendars import calendars_of
from processes.people import institutions
from processes.people.institutions import Details
from processes.people.seed import CALENDARS, INSTITUTIONS, seed_institutions
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.days import calendars
from processes.storage.days.calendars import NamedDay
from processes.storage.people import users
from tests.processes.conftest import NOW, Data, person, scope


def calendar_of(data: Data, institution: str) -> Calendar:
    with data.reading() as connection:
        return calendars_of(connection, {institution})[institution]


@pytest.mark.parametrize("institution", INSTITUTIONS)
def test_every_institution_counts_three_working_days_over_lebaran_alike(
    small: Data, institution: str
) -> None:
    calendar = calendar_of(small, institution)
    assert calendar.add(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_the_days_of_five_years_are_named_in_every_calendar(small: Data) -> None:
    with small.reading() as connection:
        named = {code: calendars.days_of(connection, code) for code in CALENDARS}
    assert {frozenset(one.day for one in days) for days in named.values()} == {
        frozenset(one.day for one in named["common"])
    }
    assert {one.day.year for one in named["common"]} == {2024, 2025, 2026, 2027, 2028}
    of_2026 = [one for one in named["common"] if one.day.year == 2026]
    assert len([one for one in of_2026 if one.kind == "joint_leave"]) == 8
    assert len([one for one in of_2026 if one.kind != "joint_leave"]) == 17


def test_forces_and_police_set_their_own_days(small: Data) -> None:
    with small.transaction() as connection:
        off = NamedDay(date(2026, 10, 5), "Hari TNI", "joint_leave", "Keputusan Panglima TNI")
        calendars.put_day(connection, "tni", off, "adi", NOW)
    friday, tuesday = date(2026, 10, 2), date(2026, 10, 6)
    assert calendar_of(small, "tni").add(friday, 1) == tuesday
    for other in ("polri", "kemhan"):
        assert calendar_of(small, other).add(friday, 1) == date(2026, 10, 5)


def test_what_an_administrator_corrected_is_not_filled_in_again(small: Data) -> None:
    corrected = replace(INSTITUTIONS["brin"], short_name="Badan Riset")
    institutions.change(small, operator(), "brin", corrected)
    with small.transaction() as connection:
        back = NamedDay(date(2026, 3, 18), "Hari kerja", "working", "SKB perubahan")
        calendars.put_day(connection, "common", back, "adi", NOW)
    assert seed_institutions(small, operator()) == []
    with small.reading() as connection:
        assert institutions.one(connection, operator(), "brin").short_name == "Badan Riset"
    assert calendar_of(small, "kemhan").add(date(2026, 3, 17), 1) == date(2026, 3, 18)


def test_only_administrators_fill_it_in(small: Data) -> None:
    who = scope(small, person(small, "ani", granted("coordinator")))
    with pytest.raises(Forbidden):
        seed_institutions(small, who)


# --- the people of an institution ---------------------------------------------------------------


def test_contacts_and_heads_are_the_active_ones_by_their_place(small: Data) -> None:
    from processes.people import leaving

    for name, place in (("pic", "contact_of"), ("pimpinan", "head_of"), ("lama", "contact_of")):
        person(small, name, granted(**{place: "kemhan"}))
    with small.reading() as connection:
        gone = users.by_username(connection, "lama")
    assert gone is not None
    person(small, "another-admin", granted("admin"))
    leaving.close_account(small, operator(), gone.id)
    with small.reading() as connection:
        found = institutions.people(connection, operator(), "kemhan")
        unserved = institutions.unserved(connection, operator(), ["kemhan", "brin"])
    assert [one.username for one in found.contacts] == ["pic"]
    assert [one.username for one in found.heads] == ["pimpinan"]
    assert unserved == {"brin"}


def test_short_names_are_told_of_whatever_codes_are_known(small: Data) -> None:
    with small.reading() as connection:
        found = institutions.short_names(connection, ["tni", "atlantis", "kkip"])
    assert found == {"tni": "Mabes TNI", "kkip": "Sekretariat KKIP"}


@pytest.mark.parametrize("code", ["ab", "a1", "kem-contoh", "9-kem", "a" * 40])
def test_a_code_is_of_small_letters_digits_and_hyphens(small: Data, code: str) -> None:
    details = Details("Kementerian Contoh", "Kemcontoh", "ministry")
    assert institutions.add(small, operator(), code, details).code == code


@pytest.mark.parametrize("code", ["", "a", "-kem", "Kem", "kem contoh", "kem_contoh", "a" * 41])
def test_any_other_code_is_refused_by_its_field(small: Data, code: str) -> None:
    from engine.sentences.errors import BadInput

    with pytest.raises(BadInput) as refused:
        institutions.add(small, operator(), code, Details("Contoh", "Contoh", "ministry"))
    assert set(refused.value.fields) == {"code"}
