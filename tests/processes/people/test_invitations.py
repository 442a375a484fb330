"""The life of a link by which somebody chooses a password: made, looked at, used up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.authentication import sign_in
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import SignedIn
from processes.people import leaving
from processes.people.links import invitations
from processes.people.links.invitations import LASTS, RESETS, Invitation
from processes.rights import audit
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from tests.processes.conftest import Data, RealTime, person, scope

ADMIN = operator()
GOOD = "kuda hitam lari pagi"
SECOND = timedelta(seconds=1)


@pytest.fixture
def rina(small: Data) -> UUID:
    """A contact who has not chosen a password yet."""
    return person(small, "rina", granted(contact_of="kemhan"))


def invite(data: Data, user_id: UUID, who: Scope = ADMIN, *, shown: bool = True) -> Invitation:
    return invitations.invite(data, who, user_id, shown=shown)


def accept(data: Data, key: str, password: str = GOOD) -> str:
    return invitations.accept(data, key, password, address="10.0.0.7").username


def works(data: Data, made: Invitation, time: RealTime, later: timedelta) -> bool:
    with data.reading() as connection:
        try:
            invitations.look(connection, made.key, now=time.now + later)
        except NotFound:
            return False
        return True


def record(data: Data) -> list[str]:
    """Acts upon rina in the record, the oldest first."""
    with data.reading() as connection:
        return [one.act for one in audit.read(connection, ADMIN, subject="user:rina")][::-1]


# --- its time -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "open"),
    [(timedelta(0), True), (LASTS - SECOND, True), (LASTS, False), (LASTS + SECOND, False)],
)
def test_a_link_works_until_its_time_has_come(
    small: Data, rina: UUID, real_time: RealTime, later: timedelta, open: bool
) -> None:
    made = invite(small, rina)
    assert made.expires_at == real_time.now + LASTS
    assert works(small, made, real_time, later) == open


def test_a_link_says_for_whom_it_is_and_no_other_key_is_one(small: Data, rina: UUID) -> None:
    made = invite(small, rina)
    with small.reading() as connection:
        now = small.engine.on(connection).real_now()
        assert invitations.look(connection, made.key, now=now).username == "rina"
        for wrong in ("", made.key[:-1], made.key + "x", str(uuid4())):
            with pytest.raises(NotFound):
                invitations.look(connection, wrong, now=now)


def test_the_first_link_invites_and_those_after_a_password_reset_it(
    small: Data, rina: UUID
) -> None:
    first = invite(small, rina)
    assert first.purpose == "invite"
    accept(small, first.key)
    assert invite(small, rina).purpose == "reset"
    assert record(small) == ["create_user", "link_invite", "choose_password", "link_reset"]


# --- using it up --------------------------------------------------------------------------------


def test_a_password_is_chosen_by_a_link_once(small: Data, rina: UUID) -> None:
    made = invite(small, rina)
    assert accept(small, made.key) == "rina"
    with pytest.raises(NotFound):
        accept(small, made.key, "sapi putih tidur siang")
    with small.reading() as connection:
        assert invitations.unused(connection, ADMIN, [rina]) == set()


@pytest.mark.parametrize("password", ["", "pendek", "rina"])
def test_a_poor_password_leaves_the_link_as_it_was(small: Data, rina: UUID, password: str) -> None:
    made = invite(small, rina)
    with pytest.raises(BadInput) as refused:
        accept(small, made.key, password)
    assert set(refused.value.fields) == {"password"}
    assert accept(small, made.key) == "rina"


def test_who_has_chosen_a_password_comes_in_with_it(small: Data, rina: UUID) -> None:
    accept(small, invite(small, rina).key)
    signed_in = sign_in.sign_in(small, "rina", GOOD, visitor=Visitor("10.0.0.7"))
    assert isinstance(signed_in, SignedIn)
    assert signed_in.user_id == rina


# --- who makes one ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "process-owner"])
def test_only_administrators_make_links(small: Data, rina: UUID, role: str) -> None:
    who = scope(small, person(small, "adi", granted(role)))
    with pytest.raises(Forbidden):
        invite(small, rina, who)
    with small.reading() as connection, pytest.raises(Forbidden):
        invitations.unused(connection, who, [rina])


@pytest.mark.parametrize("shown", [True, False])
def test_a_link_of_an_account_in_use_is_not_shown_to_one_administrator(
    small: Data, rina: UUID, shown: bool
) -> None:
    admin = scope(small, person(small, "adi", granted("admin")))
    accept(small, invite(small, rina, admin).key)
    if shown:
        with pytest.raises(Forbidden):
            invite(small, rina, admin)
    else:
        assert invite(small, rina, admin, shown=False).purpose == "reset"


def test_a_closed_account_and_one_that_is_not_there_get_none(small: Data, rina: UUID) -> None:
    person(small, "another-admin", granted("admin"))
    leaving.close_account(small, ADMIN, rina)
    with pytest.raises(Conflict):
        invite(small, rina)
    with pytest.raises(NotFound):
        invite(small, uuid4())


# --- forgotten passwords ------------------------------------------------------------------------


def reset(data: Data, user_id: UUID, time: RealTime) -> Invitation | None:
    with data.transaction() as connection:
        return invitations.ask_for_reset(connection, user_id, now=time.now)


def test_so_many_links_are_made_for_one_person_and_then_none(
    small: Data, rina: UUID, real_time: RealTime
) -> None:
    found = [reset(small, rina, real_time) for _ in range(RESETS.free + 1)]
    assert [one is not None for one in found] == [True] * RESETS.free + [False]
    other = person(small, "budi")
    assert reset(small, other, real_time) is not None, "somebody else is not kept waiting"


def test_nobody_and_who_was_closed_get_no_link(
    small: Data, rina: UUID, real_time: RealTime
) -> None:
    assert reset(small, uuid4(), real_time) is None
    person(small, "another-admin", granted("admin"))
    leaving.close_account(small, ADMIN, rina)
    assert reset(small, rina, real_time) is None
    assert "ask_for_reset" not in record(small)
