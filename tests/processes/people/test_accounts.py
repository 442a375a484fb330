"""Accounts: made by administrators, changed with a record, never raised by their owner."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.authentication import sign_in, tokens
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits
from processes.people import account_desk, accounts, leaving
from processes.people.accounts import NewUser
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership
from processes.storage.rights import audit as audit_table
from processes.storage.rights.audit import AuditEntry
from tests.processes.conftest import TIME, Data, confirmed, person, scope

ADMIN = operator("konsol")


def session(data: Data, user_id: UUID) -> str:
    with data.transaction() as connection:
        return sign_in.open_session(
            connection, user_id, visitor=Visitor("10.0.0.1"), now=TIME.now, limits=Limits()
        )


def lives(data: Data, key: str) -> bool:
    with data.reading() as connection:
        return sign_in.find_session(connection, key, TIME.now) is not None


def speaks(data: Data, token: str) -> bool:
    with data.reading() as connection:
        return tokens.verify(connection, token) is not None


def recorded(data: Data) -> list[AuditEntry]:
    with data.reading() as connection:
        return list(audit_table.all_entries(connection))


def test_a_new_account_has_what_it_was_given_and_the_record_says_by_whom(data: Data) -> None:
    grants = Grants(
        {"supervisor": "deputi"},
        frozenset({Membership("kemhan", "head"), Membership("kemhan", "contact")}),
    )
    user_id = person(data, "bapak", grants, clearance="secret")

    with data.reading() as connection:
        found, given = accounts.account(connection, ADMIN, user_id)
    assert (found.username, found.clearance, found.active) == ("bapak", "secret", True)
    assert given == grants
    last = recorded(data)[-1]
    assert (last.by, last.act, last.subject) == ("system", "create_user", "user:bapak")
    assert last.details["memberships"] == ["contact:kemhan", "head:kemhan"]
    assert last.details["roles"] == {"supervisor": "deputi"}


def test_user_names_are_kept_in_small_letters_and_taken_once(data: Data) -> None:
    person(data, "Kemhan")
    with pytest.raises(Conflict, match="kemhan"):
        accounts.create(data, ADMIN, NewUser("KEMHAN", "Lain"))


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewUser("a b", "Nama"), "username"),
        (NewUser("baik", "  "), "name"),
        (NewUser("baik", "Nama", email="bukan-alamat"), "email"),
        (NewUser("baik", "Nama", email="a@b.go.id,c@d.go.id"), "email"),
        (NewUser("baik", "Nama", clearance="cosmic"), "clearance"),
        (NewUser("baik", "Nama", grants=Grants({"king": None}, frozenset())), "roles"),
        (NewUser("baik", "Nama", grants=Grants({"admin": "deputi"}, frozenset())), "roles"),
        (NewUser("baik", "Nama", grants=granted(contact_of="atlantis")), "memberships"),
    ],
)
def test_what_cannot_be_is_refused_by_field(small: Data, new: NewUser, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        accounts.create(small, ADMIN, new)

    assert list(refused.value.fields) == [field]


def test_only_administrators_make_accounts_or_list_them(small: Data) -> None:
    boss = scope(small, person(small, "boss", granted("supervisor", rank="menko")))
    with pytest.raises(Forbidden):
        accounts.create(small, boss, NewUser("baik", "Nama"))
    with small.reading() as connection, pytest.raises(Forbidden):
        accounts.page(connection, boss)


def test_everybody_reads_their_own_account_and_no_other(small: Data) -> None:
    mine, other = person(small, "saya"), person(small, "dia")
    me = scope(small, mine)
    with small.reading() as connection:
        assert accounts.account(connection, me, mine)[0].username == "saya"
        with pytest.raises(Forbidden):
            accounts.account(connection, me, other)
        with pytest.raises(NotFound):
            accounts.account(connection, ADMIN, UUID(int=9))


def test_the_list_of_accounts_pages_along_the_names_with_their_grants(data: Data) -> None:
    person(data, "citra", granted("coordinator"))
    person(data, "adi", granted(contact_of="kemhan"))
    person(data, "budi")
    with data.reading() as connection:
        first = accounts.page(connection, ADMIN, limit=2)
        second = accounts.page(connection, ADMIN, after="budi", limit=2)
        back = accounts.page(connection, ADMIN, before="citra", limit=2)

    pages = [[user.username for user, _ in page.items] for page in (first, second, back)]
    assert pages == [["adi", "budi"], ["citra"], ["adi", "budi"]]
    assert first.items[0][1] == granted(contact_of="kemhan")
    assert second.items[0][1] == granted("coordinator")
    assert [one.more for one in (first, second, back)] == [True, False, True]
    assert [one.earlier for one in (first, second, back)] == [False, True, False]


@pytest.mark.parametrize(
    ("search", "found"),
    [("SARI", ["adi", "sari"]), ("bud", ["budi"]), ("%", []), (" ", ["adi", "budi", "sari"])],
)
def test_accounts_are_found_by_part_of_a_name_or_post(
    data: Data, search: str, found: list[str]
) -> None:
    everybody = [person(data, name) for name in ("adi", "budi", "sari")]
    account_desk.change_details(
        data, ADMIN, everybody[0], name="Adi", post="Staf Bu Sari", email=""
    )
    with data.reading() as connection:
        rows = accounts.page(connection, ADMIN, search=search).items

    assert [user.username for user, _ in rows] == found


def test_a_change_of_rights_replaces_all_of_them_and_ends_the_sessions(data: Data) -> None:
    person(data, "admin", granted("admin"))
    user_id = person(data, "adi", granted("coordinator"), clearance="secret")
    key = session(data, user_id)
    account_desk.change_rights(
        data, ADMIN, user_id, grants=granted(contact_of="kemhan"), clearance="ordinary"
    )

    found = scope(data, user_id)
    assert found.groups == {"institution:kemhan"}
    assert found.clearance == "ordinary"
    assert not lives(data, key)
    details = recorded(data)[-1].details
    assert details["before"] == {
        "clearance": "secret",
        "roles": {"coordinator": ""},
        "memberships": [],
    }


def test_nobody_changes_their_own_rights(small: Data) -> None:
    user_id = person(small, "admin", granted("admin"))
    me = scope(small, user_id)
    with pytest.raises(Forbidden):
        account_desk.change_rights(
            small, me, user_id, grants=granted("admin"), clearance="top_secret"
        )
    with pytest.raises(Forbidden):
        leaving.close_account(small, me, user_id)


def test_the_last_administrator_stays(small: Data) -> None:
    only = person(small, "admin", granted("admin"))
    with pytest.raises(Conflict):
        leaving.close_account(small, ADMIN, only)
    with pytest.raises(Conflict):
        account_desk.change_rights(small, ADMIN, only, grants=granted(), clearance="ordinary")

    assert scope(small, only).roles == {"admin"}


def test_a_closed_account_has_no_session_no_token_and_no_scope(data: Data) -> None:
    person(data, "admin", granted("admin"))
    user_id = person(data, "adi")
    key, me = session(data, user_id), confirmed(data, user_id)
    token = tokens.create(data, me, name="skrip", kind="act", lasts=tokens.LONGEST)
    assert speaks(data, token)
    leaving.close_account(data, ADMIN, user_id)
    assert not speaks(data, token)

    assert not lives(data, key)
    with pytest.raises(NotFound):
        scope(data, user_id)
    account_desk.reopen(data, ADMIN, user_id)
    assert not speaks(data, token), "revoked for good"
    assert scope(data, user_id).username == "adi"


def test_details_are_changed_under_record(small: Data) -> None:
    user_id = person(small, "adi")
    account_desk.change_details(
        small, ADMIN, user_id, name="Adi Contoh", post="Kabid", email="adi@contoh.go.id"
    )
    with small.reading() as connection:
        found, _ = accounts.account(connection, ADMIN, user_id)

    assert (found.name, found.post) == ("Adi Contoh", "Kabid")
    assert recorded(small)[-1].details == {"name": "Adi Contoh", "post": "Kabid"}
    assert recorded(small)[-1].act == "change_user"


def test_preferences_are_ones_own_and_from_the_offered_values(small: Data) -> None:
    user_id = person(small, "adi")
    me = scope(small, user_id)
    accounts.change_preferences(small, me, {"theme": "dark", "locale": "en"})
    with pytest.raises(BadInput) as refused:
        accounts.change_preferences(small, me, {"theme": "pink", "clearance": "secret"})
    with small.reading() as connection:
        found = users.by_id(connection, user_id)

    assert set(refused.value.fields) == {"theme", "clearance"}
    assert found is not None
    assert (found.theme, found.locale, found.clearance) == ("dark", "en", "ordinary")


def test_the_people_behind_a_role_or_institution_are_the_active_ones(data: Data) -> None:
    person(data, "admin", granted("admin"))
    person(data, "asdep", granted("supervisor", rank="asdep"))
    person(data, "deputi", granted("supervisor", rank="deputi"))
    person(data, "pic", granted(contact_of="kemhan"))
    person(data, "pimpinan", granted(head_of="kemhan"))
    gone = person(data, "lama", granted(contact_of="kemenkeu"))
    leaving.close_account(data, ADMIN, gone)
    with data.reading() as connection:

        def names(found: list[users.User]) -> list[str]:
            return [user.username for user in found]

        assert names(users.holding_role(connection, "supervisor")) == ["asdep", "deputi"]
        assert names(users.holding_role(connection, "supervisor", "deputi")) == ["deputi"]
        assert names(users.members_of(connection, "kemhan", "contact")) == ["pic"]
        assert names(users.members_of(connection, "kemhan", "head")) == ["pimpinan"]
        unserved = users.institutions_without_contact(connection, ["kemhan", "kemenkeu", "brin"])
        assert unserved == {"kemenkeu", "brin"}
