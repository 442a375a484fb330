"""Example accounts are entered with one click: only those, and only while they are examples."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from engine.sentences.errors import NotFound
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, SignedIn
from processes.people import example_accounts, leaving
from processes.people.example_accounts import OFFERED
from processes.rights import audit
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.rights.scope import stranger
from processes.storage.authentication import sessions
from processes.storage.people import users
from processes.storage.tables.people import user
from tests.processes.conftest import Data, person


def example(data: Data, username: str) -> None:
    """An account that is marked as fictitious."""
    id = person(data, username)
    with data.transaction() as connection:
        connection.execute(update(user).where(user.c.id == id).values(fictitious=True))


def offered(data: Data) -> list[str]:
    with data.reading() as connection:
        return [one.username for one in example_accounts.offers(connection)]


def enter(data: Data, username: str) -> SignedIn:
    return example_accounts.enter(
        data, stranger(), username, visitor=Visitor("10.0.0.7"), limits=Limits()
    )


def test_they_are_offered_in_the_order_of_the_roles_as_far_as_they_exist(small: Data) -> None:
    assert offered(small) == []
    for name in ("admin", "coordinator", "kemhan"):
        example(small, name)
    assert offered(small) == ["kemhan", "coordinator", "admin"]


def test_a_real_account_of_that_name_is_neither_offered_nor_entered(small: Data) -> None:
    person(small, "coordinator")
    assert offered(small) == []
    with pytest.raises(NotFound):
        enter(small, "coordinator")


def test_a_fictitious_account_of_another_name_is_not_entered(small: Data) -> None:
    example(small, "rina")
    assert offered(small) == []
    with pytest.raises(NotFound):
        enter(small, "rina")


def test_a_closed_one_is_not_offered_any_more(small: Data) -> None:
    example(small, "kemhan")
    with small.reading() as connection:
        found = users.by_username(connection, "kemhan")
    assert found is not None
    person(small, "another-admin", granted("admin"))
    leaving.close_account(small, operator(), found.id)
    assert offered(small) == []
    with pytest.raises(NotFound):
        enter(small, "kemhan")


@pytest.mark.parametrize("username", OFFERED)
def test_entering_opens_a_session_and_is_recorded(small: Data, username: str) -> None:
    example(small, username)
    signed_in = enter(small, username)
    with small.reading() as connection:
        assert len(sessions.sessions_of(connection, signed_in.user_id)) == 1
        entry = audit.read(connection, operator(), limit=1)[0]
    assert (entry.act, entry.by, entry.address) == ("sign_in", username, "10.0.0.7")
