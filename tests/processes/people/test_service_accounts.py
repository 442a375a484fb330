"""Accounts of programs: they are used only with a token for topics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.storage.clock_time import read_time
from processes.acts.acting import Acting
from processes.authentication import sign_in, tokens
from processes.authentication.basic import BasicCheck
from processes.authentication.credentials import digest
from processes.authentication.password_check import Refused, Visitor, check_password
from processes.authentication.sign_in import Limits
from processes.authentication.tokens import Bearer
from processes.people import (
    account_desk,
    account_details,
    account_rights,
    accounts,
    approvals,
    leaving,
    service_accounts,
)
from processes.people.links import invitations
from processes.programs.engine_view import candidate
from processes.rights import audit
from processes.rights.access import Scope, allows, operator
from processes.rights.grants import granted
from processes.storage.authentication import passwords
from processes.storage.authentication import sessions as sign_in_rows
from processes.storage.authentication.sessions import Token
from processes.storage.people import approvals as requests
from processes.storage.people import users
from processes.storage.tables.people import user
from tests.processes.conftest import NOW, TIME, Data, confirmed, person
from tests.processes.conftest import scope as scope_of_person

DAY = timedelta(days=1)
TOPICS = ("invoice", "send.letter")


def worker(data: Data, name: str = "rates-worker") -> UUID:
    return service_accounts.create(data, operator(), username=name, name="Rates").id


def key_of(
    data: Data, user_id: UUID, scope: Scope | None = None, in_cases: tuple[str, ...] = ()
) -> str:
    """A token for both topics, by the operator unless somebody else makes it."""
    return account_desk.make_service_token(
        data, scope or operator(), user_id, name="host 7", topics=TOPICS, case_topics=in_cases,
        lasts=DAY,
    ).key  # fmt: skip


def token_of(data: Data, key: str) -> Token:
    with data.reading() as connection:
        bearer = tokens.verify(connection, key)
    assert bearer is not None
    return bearer.token


def scope_of(data: Data, key: str) -> Scope | None:
    """What a program with this token may do now; None: it is refused."""
    with data.reading() as connection:
        bearer = tokens.verify(connection, key)
        return tokens.scope_of(connection, bearer) if bearer else None


def admin(data: Data, name: str = "adi") -> Scope:
    return confirmed(data, person(data, name, granted("admin"), password="kuda lumping di pasar"))


def acts(data: Data, username: str) -> list[str]:
    with data.reading() as connection:
        found = audit.read(connection, operator(), subject=f"user:{username}")
    return [entry.act for entry in reversed(found)]


# --- what a program may do ----------------------------------------------------------------------


def test_a_program_with_a_token_works_on_its_topics_and_stands_in_no_other_way(data: Data) -> None:
    found = scope_of(data, key_of(data, worker(data)))

    assert found is not None
    assert (found.username, found.topics, found.case_topics) == (
        "rates-worker", frozenset(TOPICS), frozenset(),
    )  # fmt: skip
    assert found.standing == {"worker"}
    assert found.principals == found.groups == found.roles == found.institutions == frozenset()


def test_without_a_token_a_service_account_is_nobody(small: Data) -> None:
    user_id = worker(small)
    with pytest.raises(NotFound, match="no such account"):
        scope_of_person(small, user_id)
    with small.reading() as connection:
        assert candidate(connection, operator(), "rates-worker") == {"user:rates-worker"}


def test_a_person_works_on_no_topic(small: Data) -> None:
    chief = scope_of_person(small, person(small, "adi", granted("admin", "process-owner")))
    assert (chief.topics, chief.is_service) == (frozenset(), False)
    assert not allows(chief, "work_topics")
    assert allows(chief, "read_topics")
    assert not allows(scope_of_person(small, person(small, "budi")), "read_topics")


def test_a_token_ends_at_its_time_when_it_is_revoked_and_with_its_account(data: Data) -> None:
    admin(data)
    user_id = worker(data)
    keys = [key_of(data, user_id) for _ in range(3)]
    service_accounts.revoke(data, operator(), user_id, token_of(data, keys[0]).id)
    with data.transaction() as connection:
        connection.execute(
            update(sign_in_rows.token)
            .where(sign_in_rows.token.c.digest == digest(keys[1]))
            .values(expires_at=read_time(connection)[0])
        )
    assert [scope_of(data, key) is None for key in keys] == [True, True, False]

    leaving.close_account(data, operator(), user_id)
    assert scope_of(data, keys[2]) is None
    account_desk.reopen(data, operator(), user_id)
    assert scope_of(data, keys[2]) is None
    assert scope_of(data, key_of(data, user_id)) is not None


def test_a_closed_account_gets_no_token(small: Data) -> None:
    admin(small)
    user_id = worker(small)
    leaving.close_account(small, operator(), user_id)
    with pytest.raises(Conflict, match="closed"):
        key_of(small, user_id)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"topics": []}, "topics"),
        ({"topics": [""]}, "topics"),
        ({"topics": ["invoice "]}, "topics"),
        ({"topics": ["a\0b"]}, "topics"),
        ({"topics": ["x" * 201]}, "topics"),
        ({"topics": [f"t{n}" for n in range(101)]}, "topics"),
        ({"case_topics": ["another"]}, "case_topics"),
        ({"name": " \u200b"}, "name"),
        ({"lasts": 367 * DAY}, "lasts"),
        ({"lasts": timedelta(0)}, "lasts"),
    ],
)
def test_a_token_has_a_name_topics_and_an_end_within_a_year(
    small: Data, given: dict[str, Any], field: str
) -> None:
    user_id = worker(small)
    whole = {"name": "host 7", "topics": TOPICS, "case_topics": (), "lasts": DAY, **given}
    with pytest.raises(BadInput) as refused:
        account_desk.make_service_token(small, operator(), user_id, **whole)
    assert list(refused.value.fields) == [field]


def test_the_longest_topic_and_the_longest_life_are_taken(small: Data) -> None:
    user_id = worker(small)
    account_desk.make_service_token(
        small, operator(), user_id, name="x", topics=["t" * 200], case_topics=(), lasts=366 * DAY
    )


# --- who makes them -----------------------------------------------------------------------------


def test_only_administrators_make_service_accounts_and_their_tokens_and_all_is_recorded(
    small: Data,
) -> None:
    owner = confirmed(
        small, person(small, "budi", granted("process-owner"), password="kuda lumping di pasar")
    )
    chief = admin(small)
    with pytest.raises(Forbidden):
        service_accounts.create(small, owner, username="w1", name="W")
    made = service_accounts.create(small, chief, username="w1", name="W")
    with pytest.raises(Conflict, match="taken"):
        service_accounts.create(small, chief, username="w1", name="W")
    with pytest.raises(Forbidden):
        key_of(small, made.id, owner)
    key = key_of(small, made.id, chief)
    with small.reading() as connection:
        (token,) = service_accounts.tokens_of(connection, chief, made.id)
        with pytest.raises(Forbidden):
            service_accounts.tokens_of(connection, owner, made.id)
        with pytest.raises(Forbidden):
            service_accounts.token(connection, owner, made.id, token.id)
    with pytest.raises(Forbidden):
        service_accounts.revoke(small, owner, made.id, token.id)
    service_accounts.revoke(small, chief, made.id, token.id)
    with small.reading() as connection:
        recorded = audit.read(connection, operator(), subject="user:w1")

    assert acts(small, "w1") == [
        "create_service_account", "create_service_token", "revoke_service_token",
    ]  # fmt: skip
    assert {entry.by for entry in recorded} == {"adi"}
    assert key not in repr(recorded) + repr(token)


def test_a_token_is_made_by_whoever_gives_the_password_once_more(small: Data) -> None:
    user_id, chief = worker(small), admin(small)
    with small.transaction() as connection:
        passwords.set_password_hash(connection, chief.user_id, "another since then")
    for asker in (replace(chief, confirmed=None), chief):
        with pytest.raises(BadInput) as refused:
            key_of(small, user_id, asker)
        assert set(refused.value.fields) == {"password"}


def test_a_token_is_looked_for_among_those_of_its_own_account(small: Data) -> None:
    user_id, other = worker(small), worker(small, "other-worker")
    key = key_of(small, user_id)
    token = token_of(small, key)
    with pytest.raises(NotFound):
        service_accounts.revoke(small, operator(), other, token.id)
    with small.reading() as connection, pytest.raises(NotFound):
        service_accounts.token(connection, operator(), other, token.id)
    with pytest.raises(NotFound):
        account_desk.allow_topics(small, operator(), other, token.id, ["invoice"])
    assert scope_of(small, key) is not None


# --- real cases: two administrators -------------------------------------------------------------


def waiting(data: Data, user_id: UUID) -> list[requests.Request]:
    with data.reading() as connection:
        return requests.waiting_about(connection, user_id, TIME.now)


def in_cases(data: Data, key: str) -> frozenset[str]:
    found = scope_of(data, key)
    assert found is not None
    return found.case_topics


def approve(data: Data, scope: Scope, request: requests.Request) -> None:
    account_desk.approve(data, scope, request.id)


def test_work_in_real_cases_waits_for_a_second_administrator(data: Data) -> None:
    user_id, first, second = worker(data), admin(data), admin(data, "budi")
    key = key_of(data, user_id, first, in_cases=("invoice",))
    assert in_cases(data, key) == frozenset()

    (request,) = waiting(data, user_id)
    assert (request.act, request.details["after"]) == ("topics", ["invoice"])
    with pytest.raises(Forbidden):
        approve(data, first, request)
    approve(data, second, request)

    assert in_cases(data, key) == {"invoice"}
    with data.reading() as connection:
        newest = audit.read(connection, operator(), subject="user:rates-worker")[0]
    assert (newest.act, newest.by) == ("change_case_topics", "budi")
    assert newest.details["proposed_by"] == "adi"


def test_the_operator_allows_it_alone(small: Data) -> None:
    key = key_of(small, worker(small), in_cases=("invoice",))
    assert in_cases(small, key) == {"invoice"}
    assert acts(small, "rates-worker")[-1] == "change_case_topics"


def allow(data: Data, scope: Scope, user_id: UUID, key: str, *topics: str) -> None:
    account_desk.allow_topics(data, scope, user_id, token_of(data, key).id, topics)


def test_less_is_given_by_one_administrator_at_once_and_ends_what_waited(data: Data) -> None:
    user_id, first = worker(data), admin(data)
    key = key_of(data, user_id, in_cases=("invoice",))
    allow(data, first, user_id, key, "invoice", "send.letter")
    assert in_cases(data, key) == {"invoice"}
    assert len(waiting(data, user_id)) == 1

    allow(data, first, user_id, key)
    assert in_cases(data, key) == frozenset()
    assert waiting(data, user_id) == []


def test_what_is_asked_for_one_token_says_nothing_of_another(small: Data) -> None:
    user_id, first, second = worker(small), admin(small), admin(small, "budi")
    one = key_of(small, user_id, first, in_cases=("invoice",))
    two = key_of(small, user_id, first, in_cases=("send.letter",))
    allow(small, first, user_id, one, *TOPICS)
    asked = {request.details["after"][0]: request for request in waiting(small, user_id)}
    assert len(asked) == 2

    approve(small, second, asked["send.letter"])
    assert (in_cases(small, one), in_cases(small, two)) == (frozenset(), {"send.letter"})
    assert [request.id for request in waiting(small, user_id)] == [asked["invoice"].id]


def test_what_was_asked_for_a_token_falls_away_with_it_and_with_the_account(small: Data) -> None:
    user_id, first = worker(small), admin(small)
    for _ in range(2):
        key_of(small, user_id, first, in_cases=("invoice",))
    with small.reading() as connection:
        (_, old) = service_accounts.tokens_of(connection, first, user_id)
    service_accounts.revoke(small, first, user_id, old.id)
    (request,) = waiting(small, user_id)
    assert request.details["token"] != str(old.id)
    leaving.close_account(small, first, user_id)
    assert waiting(small, user_id) == []


def test_a_token_that_has_run_out_is_allowed_nothing(small: Data) -> None:
    user_id, first, second = worker(small), admin(small), admin(small, "budi")
    key_of(small, user_id, first, in_cases=("invoice",))
    (request,) = waiting(small, user_id)
    with small.transaction() as connection:
        sign_in.clean(connection, read_time(connection)[0] + 2 * DAY)
    with pytest.raises(NotFound, match="no such token"):
        approve(small, second, request)


# --- what only persons have ---------------------------------------------------------------------

ROW = Token(UUID(int=5), UUID(int=0), "x", "act", NOW, NOW + DAY, None)
PERSONS_ONLY: dict[str, Callable[[Acting, UUID], object]] = {
    "password": lambda a, id: passwords.set_password_hash(a.connection, id, "x"),
    "role": lambda a, id: users.replace_grants(a.connection, id, granted("admin")),
    "contact": lambda a, id: users.replace_grants(a.connection, id, granted(contact_of="kemhan")),
    "head": lambda a, id: users.replace_grants(a.connection, id, granted(head_of="kemhan")),
    "mail": lambda a, id: users.change(a.connection, id, {"email": "a@b.go.id"}),
    "clearance": lambda a, id: users.change(a.connection, id, {"clearance": "secret"}),
    "session": lambda a, id: sign_in.open_session(
        a.connection, id, visitor=Visitor(""), now=NOW, limits=Limits()
    ),
    "link": lambda a, id: invitations.invite.within(a, id),
    "token without topics": lambda a, id: sign_in_rows.insert_token(
        a.connection, replace(ROW, user_id=id), "d"
    ),
    "rights": lambda a, id: account_rights.change(a, id, grants=granted(), clearance="ordinary"),
    "address": lambda a, id: account_details.change(a, id, name="W", post="", email="a@b.go.id"),
    **{
        f"request for {name}": lambda a, id, name=name: approvals.ask(
            a, name, accounts.known(a.connection, id), {}
        )
        for name in requests.OF_PERSONS
    },
}


@pytest.mark.parametrize("what", PERSONS_ONLY)
def test_a_service_account_is_never_given_what_only_persons_have(small: Data, what: str) -> None:
    user_id = worker(small)
    # A person, for whom each of these goes through: what is refused is refused for the kind.
    again = person(small, "seseorang")

    def give(to: UUID) -> None:
        small.engine.act(lambda act: PERSONS_ONLY[what](Acting(small, act, operator()), to))

    with pytest.raises(Conflict, match="This is a service account"):
        give(user_id)
    if what not in ("rights", "address"):  # what `operator` may do to anybody
        give(again)


@pytest.mark.parametrize(
    "values",
    [{"password_hash": "x"}, {"email": "a@b.go.id"}, {"clearance": "secret"}, {"kind": "robot"}],
)
def test_the_database_itself_refuses_it(data: Data, values: dict[str, str]) -> None:
    user_id = worker(data)
    with pytest.raises(IntegrityError), data.transaction() as connection:
        connection.execute(update(user).where(user.c.id == user_id).values(**values))


def test_a_person_has_no_token_with_topics(small: Data) -> None:
    user_id = person(small, "adi")
    with pytest.raises(Conflict, match="account of a person"):
        key_of(small, user_id)
    with small.transaction() as connection, pytest.raises(Conflict, match="account of a person"):
        row = replace(ROW, id=uuid7(), user_id=user_id, topics=["invoice"], case_topics=[])
        sign_in_rows.insert_token(connection, row, "d")


def test_a_program_makes_no_token_and_changes_no_account(small: Data) -> None:
    user_id = worker(small)
    found = scope_of(small, key_of(small, user_id))
    assert found is not None
    doors: list[Callable[[], object]] = [
        lambda: tokens.create(small, found, name="x", kind="act", lasts=DAY),
        lambda: accounts.change_preferences(small, found, {"locale": "en"}),
        lambda: service_accounts.create(small, found, username="w2", name="W"),
    ]
    for door in doors:
        with pytest.raises(Forbidden):
            door()
    with small.reading() as connection:
        with pytest.raises(Forbidden):
            tokens.own(connection, found)
        with pytest.raises(Forbidden):
            accounts.account(connection, found, user_id)


def test_nobody_forgets_the_password_of_a_program(small: Data) -> None:
    user_id = worker(small)
    with small.transaction() as connection:
        assert invitations.ask_for_reset(connection, user_id, now=NOW) is None


# --- HTTP Basic ---------------------------------------------------------------------------------


def basic(data: Data, name: str, password: str) -> UUID | Bearer | Refused:
    visitor = Visitor("10.0.0.7")
    return BasicCheck().user_of(data, name, password, visitor=visitor, now=TIME.now)


def test_a_token_is_the_password_of_its_own_account_in_basic(data: Data) -> None:
    one, two = key_of(data, worker(data)), key_of(data, worker(data, "other-worker"))
    found = basic(data, "Rates-Worker ", one)
    assert isinstance(found, Bearer)
    assert found.user.username == "rates-worker"

    adi = confirmed(data, person(data, "adi"))
    own = tokens.create(data, adi, name="x", kind="act", lasts=DAY)
    for name, password in (
        ("rates-worker", two), ("rates-worker", "x"), ("adi", one), ("adi", own), ("nobody", one),
    ):  # fmt: skip
        assert isinstance(basic(data, name, password), Refused), name


def test_wrong_tokens_wait_longer_and_longer_and_the_right_one_never(small: Data) -> None:
    key = key_of(small, worker(small))
    for _ in range(20):
        last = basic(small, "rates-worker", "wrong")
    assert isinstance(last, Refused)
    assert last.wait > timedelta(0)
    assert isinstance(basic(small, "rates-worker", key), Bearer)


def test_at_the_sign_in_page_a_token_is_no_password(small: Data) -> None:
    key = key_of(small, worker(small))
    for check in (sign_in.sign_in, check_password):
        found = check(small, "rates-worker", key, visitor=Visitor("10.0.0.7"))
        assert isinstance(found, Refused)
