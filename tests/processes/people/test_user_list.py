"""The list of accounts: sorted, searched, of one institution, read to its end and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput, Forbidden
from processes.ground.sorting import Sort
from processes.people import account_desk, accounts, leaving
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.people.user_list import ORDERS
from processes.storage.people.users import Grants, Membership
from processes.storage.tables.people import user
from tests.processes.conftest import Data, person, scope

ADMIN = operator("konsol")


def named(data: Data, names: dict[str, str]) -> dict[str, UUID]:
    """Accounts with these names; their ids by user name."""
    found = {}
    for username, name in names.items():
        found[username] = person(data, username)
        with data.transaction() as connection:
            mine = user.c.id == found[username]
            connection.execute(update(user).where(mine).values(name=name))
    return found


def listed(data: Data, **wanted: Any) -> list[str]:
    with data.reading() as connection:
        page = accounts.page(connection, ADMIN, **wanted)
    return [one.username for one, _ in page.items]


PEOPLE = {"a1": "Citra", "b2": "Adi", "c3": "Budi", "d4": "Adi", "e5": "Zul"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort("username"), ["a1", "b2", "c3", "d4", "e5"]),
        (Sort("username", descending=True), ["e5", "d4", "c3", "b2", "a1"]),
        (Sort("name"), ["b2", "d4", "c3", "a1", "e5"]),
        (Sort("name", descending=True), ["e5", "a1", "c3", "d4", "b2"]),
    ],
)
def test_each_order_is_read_to_its_end_and_back_and_namesakes_both_stand_in_it(
    data: Data, sort: Sort, order: list[str]
) -> None:
    named(data, PEOPLE)

    def page(**place: Any) -> Any:
        with data.reading() as connection:
            return accounts.page(connection, ADMIN, sort=sort, limit=2, **place)

    there = [page()]
    while there[-1].last:
        there.append(page(after=there[-1].last[0].username))
    shown = [[one.username for one, _ in some.items] for some in there]
    assert shown == [order[:2], order[2:4], order[4:]]
    back = page(before=there[-1].first[0].username)
    assert [one.username for one, _ in back.items] == order[2:4]


def test_the_orders_are_those_looked_at() -> None:
    assert set(ORDERS) == {"username", "name"}


@pytest.mark.parametrize("name", ["", "clearance", "password_hash"])
def test_an_order_that_is_not_offered_is_refused(small: Data, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        listed(small, sort=Sort(name))
    assert set(refused.value.fields) == {"sort"}


def test_a_place_behind_the_last_account_is_an_empty_page(small: Data) -> None:
    named(small, PEOPLE)
    assert listed(small, after="e5") == []
    assert listed(small, before="a1") == []


def test_the_people_of_an_institution_are_its_contacts_and_heads_each_once(data: Data) -> None:
    both = frozenset({Membership("kemhan", "head"), Membership("kemhan", "contact")})
    person(data, "pimpinan", Grants({}, both))
    person(data, "pic", granted(contact_of="kemhan"))
    gone = person(data, "lama", granted(contact_of="kemhan"))
    person(data, "lain", granted(contact_of="kemenkeu"))
    person(data, "ani", granted("coordinator"))
    person(data, "admin", granted("admin"))
    leaving.close_account(data, ADMIN, gone)
    assert listed(data, institution="kemhan") == ["lama", "pic", "pimpinan"]
    assert listed(data, institution="kemhan", search="pi") == ["pic", "pimpinan"]
    assert listed(data, institution="kemhan", search="lain") == []
    assert listed(data, institution="brin") == listed(data, institution="") == []


def test_a_search_and_an_order_are_kept_from_page_to_page(data: Data) -> None:
    ids = named(data, PEOPLE)
    account_desk.change_details(
        data, ADMIN, ids["e5"], name="Zul", post="Staf Adi", email="e5@contoh.go.id"
    )
    more = {"search": "adi", "sort": Sort("name"), "limit": 2}
    assert listed(data, **more) == ["b2", "d4"]
    assert listed(data, after="d4", **more) == ["e5"]
    assert listed(data, before="e5", **more) == ["b2", "d4"]


@pytest.mark.parametrize("search", ["100%", "a_b", "\\"])
def test_signs_of_patterns_are_searched_as_they_are_written(data: Data, search: str) -> None:
    named(data, {"a1": "Adi 100% siap", "b2": "a_b", "c3": "axb 100 siap", "d4": "garis \\ miring"})
    found = {"100%": ["a1"], "a_b": ["b2"], "\\": ["d4"]}
    assert listed(data, search=search) == found[search]


def test_several_accounts_are_known_by_id_closed_ones_too(small: Data) -> None:
    ids = named(small, {"a1": "Adi", "b2": "Budi"})
    person(small, "admin", granted("admin"))
    leaving.close_account(small, ADMIN, ids["b2"])
    with small.reading() as connection:
        found = accounts.several(connection, ADMIN, [*ids.values(), UUID(int=3)])
        assert {one.name for one in found.values()} == {"Adi", "Budi"}
        assert accounts.several(connection, ADMIN, []) == {}
    boss = scope(small, person(small, "boss", granted("supervisor", rank="menko")))
    with small.reading() as connection, pytest.raises(Forbidden):
        accounts.several(connection, boss, ids.values())
