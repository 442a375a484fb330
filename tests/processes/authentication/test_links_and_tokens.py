"""Links for passwords, and tokens for programs: used once or for a time, with a record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.authentication import sign_in, tokens
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import SignedIn
from processes.people import accounts
from processes.people.links import invitations
from processes.people.links.invitations import Invitation
from processes.rights.access import operator, scope_of
from processes.rights.grants import granted
from processes.rights.scope import stranger
from processes.storage.people import users
from processes.storage.rights import audit as audit_table
from tests.processes.conftest import NOW, TIME, Data, confirmed, person, scope

ADMIN = operator("konsol")
PASSWORD = "kuda lumping di pasar"
DAY = timedelta(days=1)


def link(data: Data, username: str = "adi") -> Invitation:
    with data.reading() as connection:
        found = users.by_username(connection, username)
    assert found is not None
    return invitations.invite(data, ADMIN, found.id)


def test_an_invited_person_chooses_a_password_and_signs_in(data: Data) -> None:
    user_id = person(data, "adi")
    made = link(data)
    assert made.purpose == "invite"

    invitations.accept(data, made.key, PASSWORD, address="10.0.0.1")

    found = sign_in.sign_in(data, "adi", PASSWORD, visitor=Visitor("10.0.0.1"))
    assert isinstance(found, SignedIn)
    assert found.user_id == user_id


def test_a_link_works_once_for_24_hours(data: Data) -> None:
    person(data, "adi")
    old, new = link(data), link(data)
    with data.reading() as connection:
        for key in (old.key, new.key):
            assert invitations.look(connection, key, now=TIME.now).username == "adi"
        for key, now in ((new.key, TIME.now + DAY), ("dikarang", TIME.now)):
            with pytest.raises(NotFound):
                invitations.look(connection, key, now=now)

    TIME.now += DAY
    with pytest.raises(NotFound):
        accept(data, new.key)
    TIME.now -= timedelta(seconds=1)
    accept(data, new.key)
    for key in (new.key, old.key):
        with pytest.raises(NotFound):
            accept(data, key)


def accept(data: Data, key: str, password: str = PASSWORD) -> None:
    invitations.accept(data, key, password, address="")


def test_a_password_changed_otherwise_ends_every_link(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    made = link(small)
    new = "wayang kulit semalam"
    accounts.change_password(
        small, scope(small, user_id), old=PASSWORD, new=new, visitor=Visitor("")
    )
    with small.reading() as connection, pytest.raises(NotFound):
        invitations.look(connection, made.key, now=TIME.now)


def test_a_poor_password_does_not_use_the_link_up(small: Data) -> None:
    person(small, "adi")
    made = link(small)
    with pytest.raises(BadInput):
        accept(small, made.key, "pendek")

    accept(small, made.key)


def test_a_reset_ends_the_sessions_of_the_old_password(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    before = sign_in.sign_in(small, "adi", PASSWORD, visitor=Visitor("10.0.0.1"))
    assert isinstance(before, SignedIn)
    made = link(small)
    assert made.purpose == "reset"

    accept(small, made.key, "wayang kulit semalam")

    with small.reading() as connection:
        assert sign_in.find_session(connection, before.key, TIME.now) is None


def test_somebody_who_forgot_gets_a_link_if_there_is_an_address_to_send_it_to(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    with small.transaction() as connection:
        made = invitations.ask_for_reset(connection, user_id, now=NOW)
        assert made is not None
        assert made.user.email == "adi@contoh.go.id"
        assert invitations.ask_for_reset(connection, UUID(int=0), now=NOW) is None
        users.change(connection, user_id, {"email": ""})
        assert invitations.ask_for_reset(connection, user_id, now=NOW) is None


def test_closed_accounts_get_no_link_and_only_administrators_hand_them_out(small: Data) -> None:
    user_id = person(small, "adi")
    other = scope(small, person(small, "budi"))
    with pytest.raises(Forbidden):
        invitations.invite(small, other, user_id)
    with small.transaction() as connection:
        users.change(connection, user_id, {"active": False})
    with pytest.raises(Conflict):
        invitations.invite(small, ADMIN, user_id)


def test_a_token_speaks_for_its_user_until_it_expires_or_is_revoked(data: Data) -> None:
    me = confirmed(data, person(data, "adi", granted("supervisor")))
    key = tokens.create(data, me, name="skrip", kind="read", lasts=DAY)
    TIME.now -= DAY
    old = tokens.create(data, me, name="lama", kind="read", lasts=DAY)
    with data.reading() as connection:
        found = tokens.verify(connection, key)
        assert found is not None
        assert (found.user.username, found.token.scope) == ("adi", "read")
        assert tokens.verify(connection, key + "x") is None
        assert tokens.verify(connection, old) is None
        mine = tokens.own(connection, me)

    for token in mine:
        tokens.revoke(data, me, token.id)
    with data.reading() as connection:
        assert tokens.verify(connection, key) is None
        assert tokens.own(connection, me) == []


def test_a_token_is_ones_own_and_its_secret_is_not_in_the_record(small: Data) -> None:
    me, other = confirmed(small, person(small, "adi")), scope(small, person(small, "budi"))
    key = tokens.create(small, me, name="skrip", kind="act", lasts=DAY)
    with small.reading() as connection:
        (mine,) = tokens.own(connection, me)
    with pytest.raises(NotFound):
        tokens.revoke(small, other, mine.id)
    with small.reading() as connection:
        entries = list(audit_table.all_entries(connection))

    assert entries[-1].act == "create_token"
    assert key not in repr(entries) + repr(mine)


def test_a_token_notes_its_use_once_a_day(small: Data) -> None:
    me = confirmed(small, person(small, "adi"))
    now = TIME.now
    key = tokens.create(small, me, name="skrip", kind="act", lasts=9 * DAY)
    with small.reading() as connection:
        new = tokens.verify(connection, key)
    assert new is not None
    assert new.needs_touch
    tokens.touch(small, stranger(), replace(new, now=now))
    with small.reading() as connection:
        used = tokens.verify(connection, key)
        assert used is not None
        assert not replace(used, now=now + timedelta(hours=23)).needs_touch
        assert replace(used, now=now + timedelta(hours=25)).needs_touch


@pytest.mark.parametrize(
    ("name", "lasts", "field"), [(" \u200b", DAY, "name"), ("skrip", 367 * DAY, "lasts")]
)
def test_a_token_needs_a_name_and_an_end(
    small: Data, name: str, lasts: timedelta, field: str
) -> None:
    me = confirmed(small, person(small, "adi"))
    with pytest.raises(BadInput) as refused:
        tokens.create(small, me, name=name, kind="act", lasts=lasts)

    assert list(refused.value.fields) == [field]


def test_a_reading_token_makes_no_further_tokens(small: Data) -> None:
    me = confirmed(small, person(small, "adi"))
    key = tokens.create(small, me, name="skrip", kind="read", lasts=DAY)
    with small.reading() as connection:
        shown = tokens.verify(connection, key)
        assert shown is not None
        reader = replace(tokens.scope_of(connection, shown), confirmed=me.confirmed)
        without = scope_of(connection, me.user_id, read_only=True)
    for who in (reader, replace(without, confirmed=me.confirmed)):
        with pytest.raises(Forbidden):
            tokens.create(small, who, name="x", kind="act", lasts=DAY)


def test_only_the_operator_makes_a_token_for_somebody_else(small: Data) -> None:
    person(small, "adi")
    chief = confirmed(small, person(small, "budi", granted("admin")))
    with pytest.raises(Forbidden):
        tokens.create_for(small, chief, "adi", name="x", kind="read", lasts=DAY)
    with pytest.raises(NotFound):
        tokens.create_for(small, ADMIN, "nobody", name="x", kind="read", lasts=DAY)
    key = tokens.create_for(small, ADMIN, "adi", name="x", kind="read", lasts=DAY)
    with small.reading() as connection:
        found = tokens.verify(connection, key)
        last = list(audit_table.all_entries(connection))[-1]
    assert found is not None
    assert found.user.username == "adi"
    assert (last.by, last.act, last.details["user"]) == ("konsol", "create_token", "adi")
