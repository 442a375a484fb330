"""Rows of accounts: who is meant by names, roles and institutions, and what each is granted."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, update

from engine.sentences.errors import Conflict, NotFound
from engine.storage.tables import task
from processes.people import accounts, institutions, leaving
from processes.people.accounts import NewUser
from processes.people.institutions import Ending
from processes.register.states import AccountKind
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.people import account_facts, colleagues, users
from processes.storage.people.colleagues import Colleague
from processes.storage.people.users import Grants, Membership
from tests.processes.conftest import NOW, Data, person
from tests.processes.made_cases import a_case, a_task

ADMIN = operator("konsol")
HEAD_AND_CONTACT = frozenset({Membership("kemhan", "head"), Membership("tni", "contact")})


def program(data: Data, username: str = "rates") -> UUID:
    return accounts.create(data, ADMIN, NewUser(username, "Rates", kind=AccountKind.SERVICE))


# --- one account, several accounts --------------------------------------------------------------


def test_an_account_is_found_by_id_and_by_name_closed_or_not(data: Data) -> None:
    person(data, "admin", granted("admin"))
    adi, budi = person(data, "adi"), person(data, "budi")
    leaving.close_account(data, ADMIN, budi)
    with data.reading() as connection:
        for id, name, active in ((adi, "adi", True), (budi, "budi", False)):
            by_id, by_name = users.by_id(connection, id), users.by_username(connection, name)
            assert by_id is not None and by_id == by_name
            assert (by_id.username, by_id.active) == (name, active)
            assert users.id_of(connection, name) == id
        for missing in (users.by_id(connection, uuid4()), users.by_username(connection, "Adi")):
            assert missing is None
        assert users.id_of(connection, "nobody") is None
        several = users.by_usernames(connection, ["adi", "budi", "nobody"])
        assert {name: one.id for name, one in several.items()} == {"adi": adi, "budi": budi}
        assert users.by_ids(connection, [budi, uuid4()]).keys() == {budi}
        assert users.names_of(connection, ["adi", "nobody"]) == {"adi": "Contoh adi"}
        assert users.names_of(connection, []) == {}
        assert users.by_ids(connection, []) == {}
        assert account_facts.usernames_of_active(connection) == {"admin", "adi"}


def test_each_account_has_its_own_grants_and_one_without_any_has_none(data: Data) -> None:
    wanted = Grants({"supervisor": "deputi", "coordinator": None}, HEAD_AND_CONTACT)
    rich, poor = person(data, "rich", wanted), person(data, "poor")
    with data.reading() as connection:
        assert users.grants_of(connection, [rich, poor]) == {rich: wanted, poor: granted()}
        assert users.grants_of(connection, []) == {}
        assert users.grants(connection, rich) == wanted
        for id, given in ((rich, wanted), (poor, granted())):
            found = users.with_grants(connection, id)
            assert found is not None
            assert (found[0].id, found[1]) == (id, given)
        assert users.with_grants(connection, uuid4()) is None


def test_what_is_granted_anew_replaces_all_that_was(data: Data) -> None:
    id = person(data, "adi", Grants({"coordinator": None}, HEAD_AND_CONTACT))
    after = Grants({"supervisor": "menko"}, frozenset({Membership("brin", "contact")}))
    with data.transaction() as connection:
        for wanted in (after, after, granted()):
            users.replace_grants(connection, id, wanted)
            assert users.grants_of(connection, [id])[id] == wanted


def test_an_institution_with_a_successor_is_told_to_its_people(small: Data) -> None:
    id = person(small, "adi", Grants({}, HEAD_AND_CONTACT))
    institutions.close(small, ADMIN, "kemhan", Ending(NOW.date(), "brin", "Perpres 1/2026"))
    institutions.close(small, ADMIN, "tni", Ending(NOW.date(), None, "Perpres 2/2026"))
    with small.reading() as connection:
        found = users.grants(connection, id)
    assert found.succeeded == {"kemhan"}
    assert replace(found, succeeded=frozenset()) == Grants({}, HEAD_AND_CONTACT)


# --- who is meant -------------------------------------------------------------------------------


def names(found: list[users.User]) -> list[str]:
    return [one.username for one in found]


def crowd(data: Data) -> None:
    """An administrator, contacts, heads, two supervisors, and somebody who has left."""
    person(data, "admin", granted("admin"))
    person(data, "asdep", granted("supervisor", rank="asdep"))
    person(data, "deputi", granted("supervisor", "coordinator", rank="deputi"))
    person(data, "pic", granted(contact_of="kemhan"))
    person(data, "pimpinan", granted(head_of="kemhan"))
    person(data, "rangkap", granted(contact_of="kemhan", head_of="kemhan"))
    leaving.close_account(
        data, ADMIN, person(data, "lama", granted("coordinator", contact_of="kemhan"))
    )


def offered(
    connection: Connection, *, who: tuple[str, ...] = (), of: tuple[Membership, ...] = (),
    roles: tuple[str, ...] = (),
) -> list[str]:  # fmt: skip
    return names(users.offered(connection, who, of, roles))


def test_a_task_means_the_active_people_of_its_names_parts_and_roles_each_once(
    data: Data,
) -> None:
    crowd(data)
    program(data)
    contact, head = Membership("kemhan", "contact"), Membership("kemhan", "head")
    with data.reading() as connection:
        assert offered(connection, who=("pic", "lama", "nobody", "rates")) == ["pic"]
        assert offered(connection, of=(contact,)) == ["pic", "rangkap"]
        assert offered(connection, of=(contact, head)) == ["pic", "pimpinan", "rangkap"]
        assert offered(connection, roles=("coordinator",)) == ["deputi"]
        assert offered(connection, who=("deputi",), roles=("coordinator", "supervisor")) == [
            "asdep", "deputi",
        ]  # fmt: skip
        assert offered(connection, of=(Membership("brin", "contact"),)) == offered(connection) == []


def test_roles_ranks_and_places_are_held_by_active_people_in_the_order_of_names(
    data: Data,
) -> None:
    crowd(data)
    with data.reading() as connection:
        assert names(users.holding_role(connection, "supervisor")) == ["asdep", "deputi"]
        assert names(users.holding_role(connection, "supervisor", "asdep")) == ["asdep"]
        assert users.holding_role(connection, "coordinator", "asdep") == []
        assert names(users.members_of(connection, "kemhan", "contact")) == ["pic", "rangkap"]
        assert names(users.members_of(connection, "kemhan", "head")) == ["pimpinan", "rangkap"]
        assert users.members_of(connection, "brin", "head") == []


def test_colleagues_are_told_by_their_group_with_those_who_left(data: Data) -> None:
    crowd(data)
    with data.reading() as connection:
        found = set(colleagues.of(connection, ["coordinator"], ["kemhan"]))
        assert colleagues.of(connection, [], []) == []
    assert found == {
        Colleague("coordinator", None, "deputi", True),
        Colleague("coordinator", None, "lama", False),
        Colleague("contact", "kemhan", "pic", True),
        Colleague("head", "kemhan", "pimpinan", True),
        Colleague("contact", "kemhan", "rangkap", True),
        Colleague("head", "kemhan", "rangkap", True),
        Colleague("contact", "kemhan", "lama", False),
    }


def test_an_institution_is_served_by_a_contact_who_may_read_the_case(data: Data) -> None:
    person(data, "pic", granted(contact_of="kemhan"), clearance="restricted")
    person(data, "pimpinan", granted(head_of="brin"), clearance="top_secret")
    codes = ["kemhan", "brin"]
    with data.reading() as connection:
        for level, unserved in (
            ("ordinary", {"brin"}), ("restricted", {"brin"}),
            ("secret", {"kemhan", "brin"}), ("top_secret", {"kemhan", "brin"}),
        ):  # fmt: skip
            assert users.institutions_without_contact(connection, codes, level) == unserved, level
        assert users.institutions_without_contact(connection, []) == set()


def test_other_contacts_are_active_ones_besides_the_asked(data: Data) -> None:
    crowd(data)
    with data.reading() as connection:
        pic = users.id_of(connection, "pic")
        assert pic is not None
        codes = ["kemhan", "brin"]
        assert account_facts.other_contacts(connection, codes, pic) == {"kemhan"}
    with data.reading() as connection:
        rangkap = users.id_of(connection, "rangkap")
    assert rangkap is not None
    leaving.close_account(data, ADMIN, rangkap)
    with data.reading() as connection:
        assert account_facts.other_contacts(connection, codes, pic) == set()


def test_tasks_of_a_person_are_those_taken_oldest_first(data: Data) -> None:
    with data.transaction() as connection:
        ids = [
            a_task(connection, a_case(connection, "kemhan")[1], offered_to=(to,))
            for to in ("user:adi", "user:adi", "user:budi", "group:institution:kemhan")
        ]
        for id, name in zip(ids, ("adi", "adi", "budi"), strict=False):
            connection.execute(update(task).where(task.c.id == id).values(assignee=name))
        assert [one.id for one in account_facts.tasks_of(connection, "adi")] == ids[:2]
        assert account_facts.tasks_of(connection, "nobody") == []


# --- what an account can be ---------------------------------------------------------------------


def test_a_name_stands_once_in_the_table(data: Data) -> None:
    id = person(data, "adi")
    with data.transaction() as connection:
        row = users.by_id(connection, id)
        assert row is not None
        assert not users.insert_user(connection, replace(row, id=uuid4()))
        assert users.insert_user(connection, replace(row, id=uuid4(), username="adi-2"))
        found = users.by_username(connection, "adi")
    assert found is not None and found.id == id


def test_a_program_has_no_role_and_no_institution_and_a_person_no_topics(data: Data) -> None:
    rates, adi = program(data), person(data, "adi")
    with data.transaction() as connection:
        for wanted in (granted("coordinator"), granted(contact_of="kemhan")):
            with pytest.raises(Conflict):
                users.replace_grants(connection, rates, wanted)
        users.replace_grants(connection, rates, granted())
        assert users.grants_of(connection, [rates])[rates] == granted()
        with pytest.raises(Conflict, match="service account"):
            users.check_person(connection, rates)
        with pytest.raises(Conflict, match="account of a person"):
            users.check_service(connection, adi)
        users.check_person(connection, adi)
        users.check_service(connection, rates)
        users.change(connection, rates, {"name": "Rates 2"})
        with pytest.raises(Conflict):
            users.change(connection, rates, {"clearance": "secret"})


def test_only_people_of_the_example_are_fictitious(small: Data) -> None:
    for name, fictitious in (("contoh-b", True), ("adi", False), ("contoh-a", True)):
        accounts.create(small, ADMIN, NewUser(name, name, fictitious=fictitious))
    with small.reading() as connection:
        assert names(users.fictitious(connection)) == ["contoh-a", "contoh-b"]
        with pytest.raises(NotFound):
            accounts.known(connection, uuid4())
