"""Links to choose a password by, and keys for programs: once, for a while, under record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.errors import BadInput, Conflict, Forbidden, NotFound
from engine.storage.clock_time import read_time
from processes import accounts, invitations, sign_in, tokens
from processes.access import operator, scope_of
from processes.grants import granted
from processes.invitations import Invitation
from processes.password_check import Visitor
from processes.sign_in import SignedIn
from processes.storage import audit as audit_table
from processes.storage import users
from tests.processes.people.conftest import NOW, Data, confirmed, person, scope

ADMIN = operator("konsol")
PASSWORD = "kuda lumping di pasar"
DAY = timedelta(days=1)


def link(data: Data, username: str = "adi") -> Invitation:
    with data.transaction() as connection:
        found = users.by_username(connection, username)
        assert found is not None
        return invitations.invite(connection, ADMIN, found.id, now=NOW)


def test_an_invited_person_chooses_a_password_and_signs_in(data: Data) -> None:
    user_id = person(data, "adi")
    made = link(data)
    assert made.purpose == "invite"

    invitations.accept(data, made.key, PASSWORD, address="10.0.0.1", now=NOW)

    found = sign_in.sign_in(data, "adi", PASSWORD, visitor=Visitor("10.0.0.1"), now=NOW)
    assert isinstance(found, SignedIn)
    assert found.user_id == user_id


def test_a_link_works_once_for_24_hours(data: Data) -> None:
    person(data, "adi")
    old, new = link(data), link(data)
    with data.reading() as connection:
        for key in (old.key, new.key):
            assert invitations.look(connection, key, now=NOW).username == "adi"
        for key, now in ((new.key, NOW + DAY), ("dikarang", NOW)):
            with pytest.raises(NotFound):
                invitations.look(connection, key, now=now)

    invitations.accept(data, new.key, PASSWORD, address="", now=NOW + DAY - timedelta(seconds=1))
    for key in (new.key, old.key):
        with pytest.raises(NotFound):
            invitations.accept(data, key, PASSWORD, address="", now=NOW)


def test_a_password_changed_otherwise_ends_every_link(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    made = link(small)
    new = "wayang kulit semalam"
    accounts.change_password(
        small, scope(small, user_id), old=PASSWORD, new=new, visitor=Visitor(""), now=NOW
    )
    with small.reading() as connection, pytest.raises(NotFound):
        invitations.look(connection, made.key, now=NOW)


def test_a_poor_password_does_not_use_the_link_up(small: Data) -> None:
    person(small, "adi")
    made = link(small)
    with pytest.raises(BadInput):
        invitations.accept(small, made.key, "pendek", address="", now=NOW)

    invitations.accept(small, made.key, PASSWORD, address="", now=NOW)


def test_a_reset_ends_the_sessions_of_the_old_password(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    before = sign_in.sign_in(small, "adi", PASSWORD, visitor=Visitor("10.0.0.1"), now=NOW)
    assert isinstance(before, SignedIn)
    made = link(small)
    assert made.purpose == "reset"

    invitations.accept(small, made.key, "wayang kulit semalam", address="", now=NOW)

    with small.reading() as connection:
        assert sign_in.find_session(connection, before.key, NOW) is None


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
    with small.transaction() as connection:
        with pytest.raises(Forbidden):
            invitations.invite(connection, other, user_id, now=NOW)
        users.change(connection, user_id, {"active": False})
        with pytest.raises(Conflict):
            invitations.invite(connection, ADMIN, user_id, now=NOW)


def test_a_token_speaks_for_its_user_until_it_expires_or_is_revoked(data: Data) -> None:
    me = confirmed(data, person(data, "adi", granted("supervisor")))
    with data.transaction() as connection:
        now = read_time(connection)[0]
        old = tokens.create(connection, me, name="lama", kind="read", lasts=DAY, now=now - DAY)
        key = tokens.create(connection, me, name="skrip", kind="read", lasts=DAY, now=now)
        found = tokens.verify(connection, key)
        assert found is not None
        assert (found.user.username, found.token.scope) == ("adi", "read")
        assert tokens.verify(connection, key + "x") is None
        assert tokens.verify(connection, old) is None

        for token in tokens.own(connection, me):
            tokens.revoke(connection, me, token.id, now=now)
        assert tokens.verify(connection, key) is None
        assert tokens.own(connection, me) == []


def test_a_token_is_ones_own_and_its_secret_is_not_in_the_record(small: Data) -> None:
    me, other = confirmed(small, person(small, "adi")), scope(small, person(small, "budi"))
    with small.transaction() as connection:
        key = tokens.create(connection, me, name="skrip", kind="act", lasts=DAY, now=NOW)
        (mine,) = tokens.own(connection, me)
        with pytest.raises(NotFound):
            tokens.revoke(connection, other, mine.id, now=NOW)
        entries = list(audit_table.all_entries(connection))

    assert entries[-1].act == "create_token"
    assert key not in repr(entries) + repr(mine)


def test_a_token_notes_its_use_once_a_day(small: Data) -> None:
    me = confirmed(small, person(small, "adi"))
    with small.transaction() as connection:
        now = read_time(connection)[0]
        key = tokens.create(connection, me, name="skrip", kind="act", lasts=9 * DAY, now=now)
        new = tokens.verify(connection, key)
        assert new is not None
        assert new.needs_touch
        tokens.touch(connection, new)
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
    with small.transaction() as connection, pytest.raises(BadInput) as refused:
        tokens.create(connection, me, name=name, kind="act", lasts=lasts, now=NOW)

    assert list(refused.value.fields) == [field]


def test_a_reading_token_makes_no_further_tokens(small: Data) -> None:
    user_id = person(small, "adi")
    with small.transaction() as connection:
        reader = scope_of(connection, user_id, read_only=True)
        with pytest.raises(Forbidden):
            tokens.create(connection, reader, name="x", kind="act", lasts=DAY, now=NOW)
