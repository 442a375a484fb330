"""The registry: the real institutions, added once, never removed, succeeded by others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.lifecycle.options import options_of
from processes.people import institutions
from processes.people.institutions import Details, Ending
from processes.people.seed import seed_institutions
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.people.institutions import Institution, by_code
from tests.processes.conftest import Data, person, scope

ADMIN = operator("konsol")
NEW = Details("Kementerian Contoh", "Kemcontoh", "ministry")


def registry(data: Data) -> dict[str, Institution]:
    with data.reading() as connection:
        return {one.code: one for one in institutions.registry(connection, ADMIN)}


def test_every_installation_begins_with_the_institutions_of_the_real_case(data: Data) -> None:
    found = registry(data)

    assert set(found) == {
        "kemhan",
        "tni",
        "polri",
        "kemenperin",
        "kemenkeu",
        "bappenas",
        "bp-bumn",
        "kemendag",
        "brin",
        "kkip",
    }
    assert {code for code, one in found.items() if not one.is_kl} == {"tni", "polri", "kkip"}
    assert {one.calendar_code for one in found.values()} == {"common", "tni", "polri"}
    assert seed_institutions(data, operator()) == [], "once is enough"


def test_an_administrator_adds_and_corrects_an_institution(data: Data) -> None:
    institutions.add(data, ADMIN, "kemcontoh", NEW)
    corrected = replace(NEW, email="tu@contoh.go.id")
    institutions.change(data, ADMIN, "kemcontoh", corrected)
    with pytest.raises(Conflict):
        institutions.add(data, ADMIN, "kemcontoh", NEW)

    assert registry(data)["kemcontoh"].email == "tu@contoh.go.id"


@pytest.mark.parametrize(
    ("code", "details", "field"),
    [
        ("Kem Contoh", NEW, "code"),
        ("kemcontoh", replace(NEW, name=" \u200b"), "name"),
        ("kemcontoh", replace(NEW, short_name=""), "short_name"),
        ("kemcontoh", replace(NEW, kind="kingdom"), "kind"),
        ("kemcontoh", replace(NEW, calendar_code="mars"), "calendar_code"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    small: Data, code: str, details: Details, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        institutions.add(small, ADMIN, code, details)

    assert list(refused.value.fields) == [field]


def test_a_succeeded_institution_stays_and_gets_no_new_work(small: Data) -> None:
    institutions.add(small, ADMIN, "kem-bumn", NEW)
    ending = Ending(date(2025, 10, 5), "bp-bumn", "UU 16/2025")
    institutions.close(small, ADMIN, "kem-bumn", ending)
    with small.reading() as connection:
        closed = by_code(connection, "kem-bumn")

    assert closed is not None
    assert (closed.valid_to, closed.successor_code) == (date(2025, 10, 5), "bp-bumn")
    with small.reading() as connection:
        lists = options_of(connection, None, frozenset({"institutions"}))
    offered = {code for code, _ in lists["institutions"]}
    assert set(registry(small)) - offered == {"kem-bumn"}


@pytest.mark.parametrize(
    ("successor", "letter", "field"),
    [("bp-bumn", "UU 16/2025", "successor"), ("kemenkeu", " \u200b", "letter")],
)
def test_nobody_succeeds_itself_or_without_a_regulation(
    small: Data, successor: str, letter: str, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        institutions.close(small, ADMIN, "bp-bumn", Ending(date(2027, 1, 1), successor, letter))

    assert list(refused.value.fields) == [field]


def test_nobody_is_succeeded_by_an_institution_that_was_closed_before(small: Data) -> None:
    institutions.close(small, ADMIN, "kemenkeu", Ending(date(2026, 1, 1), None, "UU 1/2026"))
    with pytest.raises(BadInput) as refused:
        ending = Ending(date(2027, 1, 1), "kemenkeu", "UU 2/2026")
        institutions.close(small, ADMIN, "bp-bumn", ending)

    assert list(refused.value.fields) == ["successor"]


def test_an_unknown_institution_cannot_be_changed(small: Data) -> None:
    with pytest.raises(NotFound):
        institutions.change(small, ADMIN, "atlantis", NEW)


def test_a_contact_neither_adds_nor_lists_institutions(small: Data) -> None:
    contact = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    with pytest.raises(Forbidden):
        institutions.add(small, contact, "kemcontoh", NEW)
    with small.reading() as connection, pytest.raises(Forbidden):
        institutions.registry(connection, contact)
