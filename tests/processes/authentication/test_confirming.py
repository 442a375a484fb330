"""The password given again: which acts ask, what counts, and what a new password ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, NotFound
from processes.authentication import confirming, credentials, password_check, sign_in, tokens
from processes.authentication.basic import BasicCheck
from processes.authentication.password_check import Refused, Visitor
from processes.authentication.sign_in import SignedIn
from processes.people import accounts
from processes.people.links import invitations
from processes.rights.access import ACTS, Scope, allows, may, operator
from processes.rights.grants import granted
from processes.storage.people import users
from tests.processes.conftest import TIME, Data, confirmed, person, scope

PASSWORD = "kuda lumping di pasar"
NEW = "wayang kulit semalam"
ADDRESS = "10.0.0.1"
DAY = timedelta(days=1)
ASKING = sorted(act for act, rule in ACTS.items() if rule.asks_again)


def again(data: Data, who: Scope, password: str, after: int = 0) -> Scope:
    TIME.now = TIME.begin + timedelta(seconds=after)
    return confirming.again(data, who, password, Visitor(ADDRESS))


def token(data: Data, who: Scope) -> str:
    return tokens.create(data, who, name="skrip", kind="act", lasts=DAY)


def works(data: Data, key: str) -> bool:
    with data.reading() as connection:
        return tokens.verify(connection, key) is not None


def change(data: Data, user_id: UUID, *, keep_tokens: bool = False) -> None:
    who = scope(data, user_id)
    accounts.change_password(
        data, who, old=PASSWORD, new=NEW, keep_tokens=keep_tokens, visitor=Visitor(ADDRESS)
    )


def link(data: Data, user_id: UUID) -> str:
    return invitations.invite(data, operator(), user_id).key


@pytest.mark.parametrize("act", ASKING)
def test_a_session_alone_does_not_do_what_asks_for_the_password(small: Data, act: str) -> None:
    who = scope(small, person(small, "adi", granted("admin"), password=PASSWORD))
    assert allows(who, act), "the button is shown"
    with pytest.raises(BadInput) as refused:
        may(who, act)
    assert list(refused.value.fields) == ["password"]
    may(again(small, who, PASSWORD), act)
    may(operator(), act)


def test_what_asks_for_the_password_is_what_would_outlive_or_shut_out_its_owner() -> None:
    assert set(ASKING) >= {"make_token", "end_session"}


def test_a_wrong_password_is_an_attempt_as_at_the_sign_in_page(data: Data) -> None:
    who = scope(data, person(data, "adi", password=PASSWORD))
    for _ in range(6):
        with pytest.raises(BadInput) as refused:
            again(data, who, "keliru")
        assert list(refused.value.fields) == ["password"]

    with pytest.raises(BadInput, match="Too many attempts"):
        again(data, who, PASSWORD)
    entered = sign_in.sign_in(data, "adi", PASSWORD, visitor=Visitor(ADDRESS))
    assert isinstance(entered, Refused)
    assert again(data, who, PASSWORD, after=3600).confirmed is not None


def test_no_password_at_all_is_no_attempt(small: Data) -> None:
    who = scope(small, person(small, "adi", password=PASSWORD))
    for _ in range(9):
        with pytest.raises(BadInput, match="once more"):
            again(small, who, "")
    assert again(small, who, PASSWORD).confirmed is not None


def test_a_password_given_before_it_changed_makes_no_token_after(data: Data) -> None:
    user_id = person(data, "adi", password=PASSWORD)
    before = again(data, scope(data, user_id), PASSWORD)
    change(data, user_id)

    with pytest.raises(BadInput) as refused:
        token(data, before)
    assert list(refused.value.fields) == ["password"]
    assert works(data, token(data, again(data, scope(data, user_id), NEW)))


def test_a_password_given_before_it_changed_ends_no_session_after(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    before = again(small, scope(small, user_id), PASSWORD)
    change(small, user_id)
    sign_in.sign_in(small, "adi", NEW, visitor=Visitor(ADDRESS))

    with pytest.raises(BadInput) as refused:
        sign_in.end_other_sessions(small, before, "", address=ADDRESS)
    assert list(refused.value.fields) == ["password"]


def test_a_password_changed_while_it_was_looked_at_opens_no_session(
    small: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    looked = password_check.check_password(small, "adi", PASSWORD, visitor=Visitor(ADDRESS))
    change(small, user_id)
    monkeypatch.setattr(sign_in, "check_password", lambda *_, **__: looked)

    found = sign_in.sign_in(small, "adi", PASSWORD, visitor=Visitor(ADDRESS))

    assert isinstance(found, Refused)


def test_a_password_changed_while_it_was_looked_at_is_not_changed_by_the_old_one(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner, who knows that others know it, chooses another at the same moment."""
    user_id = person(data, "adi", password=PASSWORD)
    who, owns = scope(data, user_id), link(data, user_id)
    hash_password = credentials.hash_password

    def slowly(password: str) -> str:
        invitations.accept(data, owns, NEW, address=ADDRESS)
        return hash_password(password)

    monkeypatch.setattr(accounts, "hash_password", slowly)
    with pytest.raises(BadInput) as refused:
        accounts.change_password(
            data, who, old=PASSWORD, new="kapal karam di teluk", visitor=Visitor(ADDRESS)
        )

    assert list(refused.value.fields) == ["old"]
    assert again(data, who, NEW).confirmed is not None


@pytest.mark.parametrize("keeps", [False, True])
def test_a_password_changed_by_its_owner_ends_the_tokens_unless_they_are_kept(
    data: Data, keeps: bool
) -> None:
    user_id = person(data, "adi", password=PASSWORD)
    mine = token(data, confirmed(data, user_id))
    other = token(data, confirmed(data, person(data, "budi")))

    change(data, user_id, keep_tokens=keeps)

    assert works(data, mine) is keeps
    assert works(data, other)


def test_a_password_chosen_by_a_link_ends_every_token_session_and_remembered_pair(
    data: Data,
) -> None:
    user_id = person(data, "adi", password=PASSWORD)
    key, basic = token(data, confirmed(data, user_id)), BasicCheck()
    entered = sign_in.sign_in(data, "adi", PASSWORD, visitor=Visitor(ADDRESS))
    assert isinstance(entered, SignedIn)
    assert basic.user_of(data, "adi", PASSWORD, visitor=Visitor(ADDRESS), now=TIME.now) == user_id

    invitations.accept(data, link(data, user_id), NEW, address="")

    assert not works(data, key)
    with data.reading() as connection:
        assert sign_in.find_session(connection, entered.key, TIME.now) is None
    assert isinstance(
        basic.user_of(data, "adi", PASSWORD, visitor=Visitor(ADDRESS), now=TIME.now), Refused
    )


def test_a_changed_password_makes_a_link_that_is_still_out_useless(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    key = link(small, user_id)
    change(small, user_id)
    with pytest.raises(NotFound, match="used already or is too old"):
        invitations.accept(small, key, "kopi tubruk di pagi hari", address="")


def test_a_closed_account_is_not_confirmed(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    who = scope(small, user_id)
    with small.transaction() as connection:
        users.change(connection, user_id, {"active": False})
    with pytest.raises(BadInput):
        again(small, who, PASSWORD)


def test_the_console_answers_for_somebody_once(small: Data) -> None:
    user_id = person(small, "adi", password=PASSWORD)
    vouched = confirmed(small, user_id)
    assert replace(vouched, confirmed=None) == scope(small, user_id)
    change(small, user_id)
    with pytest.raises(BadInput):
        token(small, vouched)
