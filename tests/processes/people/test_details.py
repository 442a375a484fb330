"""Name, post and address of an account: who changes them, what is refused, what is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.authentication.credentials import hash_password
from processes.people import account_desk, accounts
from processes.people.accounts import PREFERENCES
from processes.people.links import invitations
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage.authentication import passwords
from processes.storage.notices import mail_rows
from processes.storage.people import approvals, users
from processes.storage.people.users import User
from tests.processes.conftest import TIME, Data, confirmed, person, scope

CONSOLE = operator("konsol")


@pytest.fixture
def admin(small: Data) -> Scope:
    return confirmed(small, person(small, "admin", granted("admin")))


@pytest.fixture
def adi(small: Data, admin: Scope) -> UUID:
    """Somebody who has not chosen a password yet."""
    return person(small, "adi")


def row(data: Data, id: UUID) -> User:
    with data.reading() as connection:
        return accounts.known(connection, id)


def change(data: Data, by: Scope, id: UUID, **changed: Any) -> Any:
    """Change some details, and leave the others as they are."""
    before = row(data, id)
    values = {"name": before.name, "post": before.post, "email": before.email, **changed}
    return account_desk.change_details(data, by, id, **values)


def acts(data: Data, name: str) -> list[tuple[str, dict[str, Any]]]:
    """What the record has about an account after it was made, the oldest first."""
    with data.reading() as connection:
        found = audit.read(connection, CONSOLE, subject=f"user:{name}")
    return [(one.act, dict(one.details)) for one in found][::-1][1:]


def in_use(data: Data, id: UUID) -> None:
    """The account has a password: somebody uses it."""
    with data.transaction() as connection:
        passwords.set_password_hash(connection, id, hash_password("kuda lumping di pasar"))


def told(data: Data, name: str) -> list[str]:
    """The addresses to which somebody was written, the last one first."""
    with data.reading() as connection:
        found = mail_rows.page(connection, limit=50)
    return [one.to_address for one in found if one.to_user == name]


# --- name and post ------------------------------------------------------------------------------


def test_what_is_written_is_kept_without_blanks_around_and_only_changes_are_recorded(
    small: Data, admin: Scope, adi: UUID
) -> None:
    assert change(small, admin, adi, name="  Adi Contoh ", post=" Kabid ") is None
    change(small, admin, adi, post="Kabid")
    change(small, admin, adi, name="Adi")
    found = row(small, adi)
    assert (found.name, found.post) == ("Adi", "Kabid")
    assert acts(small, "adi") == [
        ("change_user", {"name": "Adi Contoh", "post": "Kabid"}),
        ("change_user", {"name": "Adi"}),
    ]


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 121])
def test_a_person_has_a_name_of_some_length(
    small: Data, admin: Scope, adi: UUID, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change(small, admin, adi, name=name, email="bukan alamat")
    assert set(refused.value.fields) == {"name", "email"}, "all that is wrong is told"
    assert acts(small, "adi") == []


def test_the_longest_name_is_taken(small: Data, admin: Scope, adi: UUID) -> None:
    change(small, admin, adi, name="x" * 120)
    assert row(small, adi).name == "x" * 120


@pytest.mark.parametrize("role", ["coordinator", "process-owner"])
def test_only_administrators_change_the_details_of_others(
    small: Data, adi: UUID, role: str
) -> None:
    who = confirmed(small, person(small, "ani", granted(role)))
    for id in (adi, who.user_id):
        with pytest.raises(Forbidden):
            change(small, who, id, name="Lain")
    with pytest.raises(Forbidden):
        account_desk.change_details(small, who, uuid4(), name="Lain", post="", email="")


def test_an_account_that_is_not_there_is_not_found(small: Data, admin: Scope) -> None:
    with pytest.raises(NotFound):
        account_desk.change_details(small, admin, uuid4(), name="Lain", post="", email="")


# --- the address --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email",
    ["a", "a@", "@b.go.id", "a b@c.go.id", "a@b@c", "a@b.go.id, c@d.go.id", "<a@b.go.id>"],
)
def test_an_address_is_one_address(small: Data, admin: Scope, adi: UUID, email: str) -> None:
    with pytest.raises(BadInput) as refused:
        change(small, admin, adi, email=email)
    assert set(refused.value.fields) == {"email"}
    with pytest.raises(BadInput) as refused:
        account_desk.change_own_mail(small, confirmed(small, adi), email)
    assert set(refused.value.fields) == {"email"}


def test_an_address_is_changed_with_the_password_and_told_at_both(
    small: Data, admin: Scope, adi: UUID
) -> None:
    with pytest.raises(BadInput) as refused:
        change(small, replace(admin, confirmed=None), adi, email="baru@contoh.go.id")
    assert set(refused.value.fields) == {"password"}
    assert change(small, admin, adi, email=" baru@contoh.go.id ") is None
    assert row(small, adi).email == "baru@contoh.go.id"
    assert told(small, "adi") == ["adi@contoh.go.id", "baru@contoh.go.id"]
    assert acts(small, "adi") == [
        ("change_mail", {"before": "adi@contoh.go.id", "after": "baru@contoh.go.id"})
    ]


def test_the_same_address_needs_no_password_and_tells_nobody(
    small: Data, admin: Scope, adi: UUID
) -> None:
    change(small, replace(admin, confirmed=None), adi, email=" adi@contoh.go.id", post="Kabid")
    assert told(small, "adi") == []
    assert [act for act, _ in acts(small, "adi")] == ["change_user"]


def test_taking_an_address_away_needs_no_second_administrator_and_another_does(
    small: Data, admin: Scope, adi: UUID
) -> None:
    in_use(small, adi)
    waiting = change(small, admin, adi, email="baru@contoh.go.id", name="Adi B.")
    assert waiting is not None
    assert (row(small, adi).email, row(small, adi).name) == ("adi@contoh.go.id", "Adi B.")
    assert change(small, admin, adi, email="") is None
    assert row(small, adi).email == ""
    with small.reading() as connection:
        assert approvals.waiting_about(connection, adi, TIME.now) == [], "it was for the old one"


def test_the_operator_changes_the_address_of_an_account_in_use(
    small: Data, admin: Scope, adi: UUID
) -> None:
    in_use(small, adi)
    assert change(small, CONSOLE, adi, email="baru@contoh.go.id") is None
    assert row(small, adi).email == "baru@contoh.go.id"


def test_a_new_address_ends_the_links_sent_to_the_old_one(
    small: Data, admin: Scope, adi: UUID
) -> None:
    made = invitations.invite(small, admin, adi)
    account_desk.change_own_mail(small, confirmed(small, adi), "baru@contoh.go.id")
    with small.reading() as connection, pytest.raises(NotFound):
        invitations.look(connection, made.key, now=TIME.now)


def test_an_administrator_changes_the_own_address_alone(small: Data, admin: Scope) -> None:
    in_use(small, admin.user_id)
    me = confirmed(small, admin.user_id)
    assert change(small, me, me.user_id, email="baru@contoh.go.id") is None
    assert row(small, me.user_id).email == "baru@contoh.go.id"


# --- display ------------------------------------------------------------------------------------


def test_every_offered_setting_can_be_chosen(small: Data, adi: UUID) -> None:
    me = scope(small, adi)
    for key, values in PREFERENCES.items():
        for value in values:
            accounts.change_preferences(small, me, {key: value})
            assert getattr(row(small, adi), key) == value


def test_of_settings_of_which_one_is_wrong_none_is_changed(small: Data, adi: UUID) -> None:
    me, before = scope(small, adi), row(small, adi)
    for values in ({"theme": "dark", "locale": "jv"}, {"theme": "dark", "active": "yes"}):
        with pytest.raises(BadInput) as refused:
            accounts.change_preferences(small, me, values)
        assert "theme" not in refused.value.fields
    accounts.change_preferences(small, me, {})
    assert row(small, adi) == before


def test_a_new_account_begins_with_what_suits_most(small: Data, adi: UUID) -> None:
    found = row(small, adi)
    assert (found.locale, found.theme, found.density) == ("id", "system", "comfortable")
    assert (found.zone, found.active, found.clearance) == ("Asia/Jakarta", True, "ordinary")
    assert found.created_at == TIME.now
    with small.reading() as connection:
        assert users.names_of(connection, ["adi"]) == {"adi": "Contoh adi"}
