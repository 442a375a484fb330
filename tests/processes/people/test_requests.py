"""What waits for a second administrator: its lists, its end, and who reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.people import account_desk, approvals
from processes.people.approvals import LASTS, LONGEST_REASON
from processes.register.states import RequestState
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage.people.approvals import Request
from tests.processes.conftest import TIME, Data, confirmed, person, scope

SECOND = timedelta(seconds=1)


@pytest.fixture
def first(data: Data) -> Scope:
    return confirmed(data, person(data, "first", granted("admin")))


@pytest.fixture
def second(data: Data) -> Scope:
    return confirmed(data, person(data, "second", granted("admin")))


@pytest.fixture
def admin(small: Data) -> Scope:
    return confirmed(small, person(small, "first", granted("admin")))


@pytest.fixture
def other(small: Data) -> Scope:
    return confirmed(small, person(small, "second", granted("admin")))


def asked(data: Data, by: Scope, about: str, clearance: str = "top_secret") -> Request:
    """A request for more clearance of a new account."""
    return of(data, by, person(data, about), clearance)


def of(data: Data, by: Scope, user_id: UUID, clearance: str = "top_secret") -> Request:
    found = account_desk.change_rights(
        data, by, user_id, grants=granted(contact_of="kemhan"), clearance=clearance
    )
    assert found is not None
    return found


def listed(data: Data, who: Scope, **wanted: Any) -> list[UUID]:
    with data.reading() as connection:
        return [one.id for one in approvals.page(connection, who, **wanted).items]


def number(data: Data, who: Scope) -> int:
    with data.reading() as connection:
        return approvals.to_decide(connection, who, TIME.now)


# --- lists --------------------------------------------------------------------------------------


def test_requests_are_listed_newest_first_to_the_end_and_back(
    data: Data, first: Scope, second: Scope
) -> None:
    ids = [asked(data, first, name).id for name in ("adi", "budi", "citra", "dewi", "eka")][::-1]

    def page(**place: Any) -> Any:
        with data.reading() as connection:
            return approvals.page(connection, second, limit=2, **place)

    there = [page()]
    while there[-1].last:
        there.append(page(after=there[-1].last.id))
    assert [[one.id for one in some.items] for some in there] == [ids[:2], ids[2:4], ids[4:]]
    back = page(before=ids[4])
    assert ([one.id for one in back.items], back.earlier, back.more) == (ids[2:4], True, True)


def test_what_waits_what_was_decided_and_what_is_mine_are_three_lists(
    data: Data, first: Scope, second: Scope
) -> None:
    mine, theirs = asked(data, first, "adi"), asked(data, second, "budi")
    refused, about_me = asked(data, second, "citra"), of(data, second, first.user_id)
    account_desk.refuse(data, first, refused.id, "Tidak perlu.")
    every = [about_me.id, refused.id, theirs.id, mine.id]
    assert listed(data, first) == listed(data, second) == every
    waiting = [about_me.id, theirs.id, mine.id]
    assert listed(data, first, waiting_at=TIME.now) == waiting
    assert listed(data, first, waiting_at=TIME.now, mine=True) == [theirs.id]
    assert listed(data, second, waiting_at=TIME.now, mine=True) == [mine.id]
    assert (number(data, first), number(data, second)) == (1, 1)


def test_what_has_waited_for_a_week_waits_no_more(data: Data, first: Scope, second: Scope) -> None:
    request = asked(data, first, "adi")
    assert request.expires_at == TIME.now + LASTS
    TIME.now += LASTS - SECOND
    assert (listed(data, second, waiting_at=TIME.now), number(data, second)) == ([request.id], 1)
    TIME.now += SECOND
    assert (listed(data, second, waiting_at=TIME.now), number(data, second)) == ([], 0)
    with data.reading() as connection:
        assert approvals.waiting_about(connection, second, request.user_id, TIME.now) == []
    assert listed(data, second) == [request.id], "it stays to be read"
    for act in (
        lambda: account_desk.approve(data, second, request.id),
        lambda: account_desk.refuse(data, second, request.id, "Terlambat."),
    ):
        with pytest.raises(Conflict, match="more than a week"):
            act()


def test_people_read_the_newest_requests_about_themselves_decided_or_not(
    small: Data, admin: Scope, other: Scope
) -> None:
    rina = person(small, "rina")
    more = ("restricted", "secret", "top_secret")
    found = [of(small, admin, rina, clearance).id for clearance in more]
    asked(small, admin, "budi")
    with small.reading() as connection:
        me = scope(small, rina)
        read = approvals.about_oneself(connection, me)
        assert [one.id for one in read] == found[::-1]
        states = [one.state for one in read]
        assert states == [RequestState.WAITING, RequestState.WITHDRAWN, RequestState.WITHDRAWN]
        assert [one.id for one in approvals.about_oneself(connection, me, 1)] == found[-1:]


def test_of_requests_of_one_kind_about_one_account_the_newest_waits(
    small: Data, admin: Scope, other: Scope
) -> None:
    rina = person(small, "rina")
    before, after = of(small, admin, rina, "secret"), of(small, other, rina)
    with small.reading() as connection:
        waiting = approvals.waiting_about(connection, admin, rina, TIME.now)
        assert [one.id for one in waiting] == [after.id]
        assert approvals.waiting_about(connection, admin, uuid4(), TIME.now) == []
    with pytest.raises(Conflict, match="second has decided or withdrawn"):
        account_desk.approve(small, other, before.id)


# --- deciding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", " \u200b ", "x" * (LONGEST_REASON + 1)])
def test_a_refusal_says_why_in_some_words(
    small: Data, admin: Scope, other: Scope, reason: str
) -> None:
    request = asked(small, admin, "adi")
    with pytest.raises(BadInput) as refused:
        account_desk.refuse(small, other, request.id, reason)
    assert set(refused.value.fields) == {"reason"}
    assert number(small, other) == 1


def test_whoever_asked_takes_it_back_without_a_word(
    small: Data, admin: Scope, other: Scope
) -> None:
    request = asked(small, admin, "adi")
    account_desk.refuse(small, admin, request.id, " ")
    with small.reading() as connection:
        found = approvals.one(connection, other, request.id)
    assert (found.state, found.decided_by, found.reason) == (RequestState.WITHDRAWN, "first", "")
    with pytest.raises(Conflict, match="first has decided or withdrawn"):
        account_desk.refuse(small, other, request.id, "Tidak perlu.")


def test_a_refusal_keeps_its_reason_and_its_moment(small: Data, admin: Scope, other: Scope) -> None:
    request = asked(small, admin, "adi")
    TIME.now += timedelta(days=2)
    account_desk.refuse(small, other, request.id, f"  {'x' * LONGEST_REASON} ")
    with small.reading() as connection:
        found = approvals.one(connection, admin, request.id)
    assert (found.state, found.decided_by) == (RequestState.REFUSED, "second")
    assert (found.reason, found.decided_at) == ("x" * LONGEST_REASON, TIME.now)


def test_deciders_are_neither_who_asked_nor_who_gains(
    small: Data, admin: Scope, other: Scope
) -> None:
    person(small, "third", granted("admin"))
    about_second = of(small, admin, other.user_id)
    about_adi = asked(small, admin, "adi")
    with small.reading() as connection:
        deciders = [
            [one.username for one in approvals.deciders(connection, request)]
            for request in (about_second, about_adi)
        ]
    assert deciders == [["third"], ["second", "third"]]


def test_a_request_that_is_not_there_is_not_found(small: Data, admin: Scope, other: Scope) -> None:
    with small.reading() as connection, pytest.raises(NotFound):
        approvals.one(connection, admin, uuid4())
    for act in (
        lambda: account_desk.approve(small, admin, uuid4()),
        lambda: account_desk.refuse(small, admin, uuid4(), "Tidak perlu."),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize("role", ["coordinator", "process-owner"])
def test_only_administrators_read_what_waits(small: Data, admin: Scope, role: str) -> None:
    request = asked(small, admin, "adi")
    who = scope(small, person(small, "ani", granted(role)))
    with small.reading() as connection:
        for ask in (
            lambda: approvals.page(connection, who),
            lambda: approvals.one(connection, who, request.id),
            lambda: approvals.waiting_about(connection, who, request.user_id, TIME.now),
            lambda: approvals.to_decide(connection, who, TIME.now),
        ):
            with pytest.raises(Forbidden):
                ask()
    with pytest.raises(Forbidden):
        account_desk.refuse(small, who, request.id, "Tidak perlu.")


def test_the_operator_waits_for_nobody(small: Data, admin: Scope) -> None:
    rina = person(small, "rina")
    done = account_desk.change_rights(
        small, operator("konsol"), rina, grants=granted("coordinator"), clearance="top_secret"
    )
    assert done is None
    assert scope(small, rina).clearance == "top_secret"
