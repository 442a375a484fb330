"""Signing in: slow for guessers, silent about names, ended in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from engine.sentences.errors import BadInput, NotFound
from processes.authentication import sign_in
from processes.authentication.basic import BasicCheck
from processes.authentication.credentials import is_outdated
from processes.authentication.password_check import Refused, Visitor, check_password
from processes.authentication.sign_in import Limits, SignedIn
from processes.authentication.throttle import ACCOUNT
from processes.people import accounts
from processes.rights.scope import stranger
from processes.storage.authentication import passwords
from processes.storage.authentication.attempts import sign_in_attempt
from processes.storage.people import users
from processes.storage.rights import audit as audit_table
from tests.processes.conftest import TIME, Data, confirmed, person, scope

PASSWORD = "kuda lumping di pasar"
VISITOR = Visitor("10.0.0.1", "peramban")
SECOND = timedelta(seconds=1)


def enter(data: Data, username: str, password: str, after: timedelta = timedelta(0)) -> object:
    TIME.now += after
    return sign_in.sign_in(data, username, password, visitor=VISITOR)


def signed_in(data: Data, username: str = "adi") -> SignedIn:
    found = enter(data, username, PASSWORD)
    assert isinstance(found, SignedIn)
    return found


def test_the_right_password_opens_a_session_whose_key_is_stored_nowhere(data: Data) -> None:
    user_id = person(data, "adi", password=PASSWORD)

    found = enter(data, " Adi ", PASSWORD)

    assert isinstance(found, SignedIn)
    assert found.user_id == user_id
    with data.reading() as connection:
        session = sign_in.find_session(connection, found.key, TIME.now)
        assert session is not None
        assert (session.user_id, session.address) == (user_id, "10.0.0.1")
        assert found.key not in repr(session)


def test_wrong_password_unknown_name_and_closed_account_get_one_and_the_same_answer(
    small: Data,
) -> None:
    person(small, "adi", password=PASSWORD)
    person(small, "tanpa-sandi")
    gone = person(small, "lama", password=PASSWORD)
    with small.transaction() as connection:
        users.change(connection, gone, {"active": False})

    for name, password in (("adi", "salah"), ("siapa", PASSWORD), ("lama", PASSWORD)):
        assert enter(small, name, password) == Refused()
    assert enter(small, "tanpa-sandi", "") == Refused()


def test_failures_are_on_record_without_what_was_typed_for_an_unknown_name(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    enter(small, "adi", "salah")
    enter(small, PASSWORD, "salah")

    with small.reading() as connection:
        entries = list(audit_table.all_entries(connection))[-2:]
    assert [(e.act, e.subject, e.address) for e in entries] == [
        ("sign_in_failed", "user:adi", "10.0.0.1"),
        ("sign_in_failed", "user:?", "10.0.0.1"),
    ]


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(small: Data) -> None:
    user_id = person(small, "adi")
    with small.transaction() as connection:
        old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        passwords.set_password_hash(connection, user_id, old)

    signed_in(small)

    with small.reading() as connection:
        known = passwords.credentials(connection, "adi")
    assert known is not None
    assert known.password_hash != old
    assert not is_outdated(known.password_hash or "")
    assert known.password_version == 1, "the same password, so what was remembered stays good"


def test_a_session_ends_idle_at_its_absolute_limit_and_by_signing_out(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    limits = Limits(idle=timedelta(hours=1), absolute=timedelta(hours=3))
    key, start, minutes = signed_in(small).key, TIME.now, timedelta(minutes=1)
    with small.reading() as connection:
        assert sign_in.find_session(connection, key, start + 59 * minutes, limits)
        assert sign_in.find_session(connection, key, start + 60 * minutes, limits) is None

        found = sign_in.find_session(connection, key, start + 59 * minutes, limits)
    assert found is not None
    assert sign_in.needs_touch(found, start + 59 * minutes)
    assert not sign_in.needs_touch(found, start + timedelta(seconds=59))
    TIME.now += 59 * minutes
    sign_in.touch_session(small, stranger(), found, TIME.now)
    with small.reading() as connection:
        assert sign_in.find_session(connection, key, start + 118 * minutes, limits)

        assert sign_in.find_session(connection, key, start + timedelta(days=7), Limits()) is None
    sign_in.sign_out(small, stranger(), key)
    with small.reading() as connection:
        assert sign_in.find_session(connection, key, start, limits) is None


def test_one_ends_ones_own_sessions_only(small: Data) -> None:
    mine = person(small, "adi", password=PASSWORD)
    me, other = confirmed(small, mine), confirmed(small, person(small, "budi"))
    signed_in(small)
    with small.reading() as connection:
        (session,) = sign_in.sessions_of(connection, mine, TIME.now)
    with pytest.raises(NotFound):
        sign_in.end_session(small, other, session.digest)
    with pytest.raises(BadInput, match="once more"):
        sign_in.end_session(small, replace(me, confirmed=None), session.digest)
    sign_in.end_session(small, me, session.digest)
    with small.reading() as connection:
        assert sign_in.sessions_of(connection, mine, TIME.now) == []


def test_a_changed_password_ends_every_session_and_needs_the_old_one(data: Data) -> None:
    user_id = person(data, "adi", password=PASSWORD)
    key, me = signed_in(data).key, scope(data, user_id)
    new = "wayang kulit semalam suntuk"

    with pytest.raises(BadInput) as wrong:
        accounts.change_password(data, me, old="bukan ini", new=new, visitor=VISITOR)
    assert list(wrong.value.fields) == ["old"]
    accounts.change_password(data, me, old=PASSWORD, new=new, visitor=VISITOR)

    with data.reading() as connection:
        assert sign_in.find_session(connection, key, TIME.now) is None
    assert enter(data, "adi", PASSWORD) == Refused()
    assert isinstance(enter(data, "adi", new), SignedIn)


@pytest.mark.parametrize("poor", ["pendek", "aaaaaaaaaaaaaaaa", "ini adi dan sandinya", "x" * 201])
def test_a_poor_new_password_is_refused(small: Data, poor: str) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    with pytest.raises(BadInput) as refused:
        accounts.change_password(
            small, scope(small, user_id), old=PASSWORD, new=poor, visitor=VISITOR
        )

    assert list(refused.value.fields) == ["new"]


def test_an_account_closed_while_its_password_was_looked_at_gets_no_session(
    small: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    looked = check_password(small, "adi", PASSWORD, visitor=VISITOR)
    with small.transaction() as connection:
        users.change(connection, user_id, {"active": False})
    monkeypatch.setattr(sign_in, "check_password", lambda *_, **__: looked)

    assert enter(small, "adi", PASSWORD) == Refused()
    with small.reading() as connection:
        assert sign_in.sessions_of(connection, user_id, TIME.now) == []


def test_the_daily_cleaning_removes_what_proves_nothing_any_more(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    signed_in(small)
    enter(small, "adi", "salah")
    with small.transaction() as connection:
        sign_in.clean(connection, TIME.now + timedelta(days=8))

        assert sign_in.sessions_of(connection, user_id, TIME.now) == []
        assert connection.scalar(select(func.count()).select_from(sign_in_attempt)) == 0


class TestBasic:
    """Name and password with every call, argon2 once a minute."""

    def ask(
        self, check: BasicCheck, data: Data, password: str, after: timedelta = timedelta(0)
    ) -> object:
        TIME.now += after
        return check.user_of(data, "adi", password, visitor=VISITOR, now=TIME.now)

    def test_a_verified_pair_is_remembered_for_a_minute_without_another_check(
        self, small: Data
    ) -> None:
        user_id = person(small, "adi", password=PASSWORD)
        check = BasicCheck()
        assert self.ask(check, small, PASSWORD) == user_id
        for _ in range(ACCOUNT.free):
            self.ask(check, small, "salah")

        assert self.ask(check, small, PASSWORD) == user_id, "a full check would have to wait"
        assert self.ask(BasicCheck(), small, PASSWORD) == Refused(wait=SECOND)
        assert self.ask(check, small, PASSWORD, after=timedelta(hours=2)) == user_id

    def test_a_wrong_password_is_never_remembered_as_right(self, small: Data) -> None:
        person(small, "adi", password=PASSWORD)
        check = BasicCheck()
        self.ask(check, small, PASSWORD)

        assert self.ask(check, small, "salah") == Refused()
        assert self.ask(check, small, PASSWORD + " ") == Refused()

    def test_what_is_remembered_dies_with_the_password_and_the_account(self, data: Data) -> None:
        user_id = person(data, "adi", password=PASSWORD)
        check = BasicCheck()
        self.ask(check, data, PASSWORD)
        with data.transaction() as connection:
            users.change(connection, user_id, {"active": False})
        assert self.ask(check, data, PASSWORD) == Refused()

        with data.transaction() as connection:
            users.change(connection, user_id, {"active": True})
            accounts.store_password(connection, user_id, PasswordHasher().hash("yang lain sama"))
        assert self.ask(check, data, PASSWORD) == Refused()
