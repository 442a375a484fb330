"""Service accounts: the accounts of programs that work on topics, and their tokens.

Owns making such an account, its tokens and the topics that a token may work on in real cases, which
two administrators allow. Such an account is used only with a token. `processes.storage` refuses it
a password, a session, a role and mail; `processes.rights.access` limits it to its work.
`processes.people.leaving` closes it, like any account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.authentication import confirming
from processes.authentication.credentials import digest, new_key
from processes.authentication.tokens import check_life, checked_name
from processes.people import accounts, approvals
from processes.people.account_rights import approved
from processes.people.accounts import NewUser, known, record
from processes.register.states import AccountKind
from processes.rights.access import Scope, may
from processes.rights.widening import ORDINARY
from processes.storage.authentication import sessions as table
from processes.storage.authentication.sessions import Token
from processes.storage.people import users
from processes.storage.people.approvals import Request
from processes.storage.people.users import User

LONGEST_TOPIC: Final = 200
MOST_TOPICS: Final = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A new token. `key`: the secret, which is not stored; `waiting`: the request to a second
    administrator."""

    key: str
    token: Token
    waiting: Request | None


@act
def create(act: Acting, *, username: str, name: str) -> User:
    """Create an account of a program. Raises `BadInput`, `Conflict` if the name is taken,
    `Forbidden`."""
    act.lock_accounts()
    act.may("manage_users")
    row = accounts.insert(act, NewUser(username, name, kind=AccountKind.SERVICE), ORDINARY)
    record(act, "create_service_account", row)
    return row


def make_token(
    act: Acting,
    user_id: UUID,
    *,
    name: str,
    topics: Collection[str],
    case_topics: Collection[str] = (),
    lasts: timedelta,
) -> Made:
    """Make a token of a service account for these topics. It works at once; on `case_topics` it
    works in real cases only after a second administrator has approved. Part of
    `account_desk.make_service_token`.

    Raises `NotFound`, `Conflict` for a person's account and for a closed one, `BadInput` (`name`,
    `topics`, `case_topics`, `lasts`; `password` if it was not given again), `Forbidden`.
    """
    act.may("make_service_token")
    name = checked_name(name)
    check_life(lasts)
    wanted, in_cases = _checked(topics, case_topics)
    confirming.hold(act, "make_service_token", user_id)
    person = _service(act.connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    key, now = new_key(), act.real_now
    row = Token(uuid7(), user_id, name, "act", now, now + lasts, None, sorted(wanted), [])
    table.insert_token(act.connection, row, digest(key))
    details = {**_named(row), "topics": row.topics, "expires": row.expires_at.isoformat()}
    record(act, "create_service_token", person, details)
    return Made(key, row, _allow(act, person, row, in_cases))


def allow(
    act: Acting, user_id: UUID, token_id: UUID, *, case_topics: Collection[str]
) -> Request | None:
    """Let a token work on exactly these of its topics in real cases; return the request if there
    are new ones among them, which wait for a second administrator. Part of
    `account_desk.allow_topics`. Raises the errors of `make_token`."""
    confirming.hold(act, "make_service_token", user_id)
    person = _service(act.connection, user_id)
    token = _token(act.connection, user_id, token_id)
    _, in_cases = _checked(token.topics or (), case_topics)
    return _allow(act, person, token, in_cases)


def give(act: Acting, request: Request) -> User:
    """Allow the requested topics, which `approvals.take` has just approved; return the account.
    Raises `NotFound` for a token that has expired meanwhile."""
    person = known(act.connection, request.user_id)
    token = _token(act.connection, person.id, UUID(request.details["token"]))
    _write(act, person, token, request.details["after"], request)
    return person


def account(connection: Connection, scope: Scope, user_id: UUID) -> tuple[User, list[Token]]:
    """A service account with its tokens, newest first. Raises `NotFound`, `Conflict` for a
    person's, `Forbidden`."""
    may(scope, "read_users")
    return _service(connection, user_id), table.tokens_of(connection, user_id)


def tokens_of(connection: Connection, scope: Scope, user_id: UUID) -> list[Token]:
    """The tokens of a service account, newest first. Raises the errors of `account`."""
    return account(connection, scope, user_id)[1]


def token(connection: Connection, scope: Scope, user_id: UUID, token_id: UUID) -> Token:
    """One of its tokens. Raises `NotFound`, `Conflict`, `Forbidden`."""
    return among(tokens_of(connection, scope, user_id), token_id)


def among(found: Iterable[Token], token_id: UUID) -> Token:
    """The one of these tokens with this id. Raises `NotFound`."""
    for one in found:
        if one.id == token_id:
            return one
    raise NotFound(say("There is no such token."))


@act
def revoke(act: Acting, user_id: UUID, token_id: UUID) -> None:
    """Revoke a token at once; requests for it end. Raises `NotFound`, `Conflict`, `Forbidden`."""
    act.lock_accounts(user_id)
    act.may("manage_users")
    person = _service(act.connection, user_id)
    found = _token(act.connection, user_id, token_id)
    table.delete_token(act.connection, user_id, token_id)
    record(act, "revoke_service_token", person, _named(found))
    _withdraw(act, person, found)


def _service(connection: Connection, user_id: UUID) -> User:
    person = known(connection, user_id)
    users.refuse_person(person)
    return person


def _token(connection: Connection, user_id: UUID, token_id: UUID) -> Token:
    return among(table.tokens_of(connection, user_id), token_id)


def _checked(
    topics: Collection[str], case_topics: Collection[str]
) -> tuple[frozenset[str], frozenset[str]]:
    wanted, in_cases = frozenset(topics), frozenset(case_topics)
    wrong: dict[str, Sentence] = {}
    if not 0 < len(wanted) <= MOST_TOPICS or not all(_is_topic(topic) for topic in wanted):
        wrong["topics"] = say(
            "Write 1 to {most} topics as models name them, each of at most {longest} characters.",
            most=MOST_TOPICS,
            longest=LONGEST_TOPIC,
        )
    if not in_cases <= wanted:
        wrong["case_topics"] = say("Choose among the topics of this token.")
    if wrong:
        raise BadInput(next(iter(wrong.values())), wrong)  # the console shows no fields
    return wanted, in_cases


def _is_topic(topic: str) -> bool:
    return 0 < len(topic) <= LONGEST_TOPIC and topic == topic.strip() and topic.isprintable()


def _allow(act: Acting, person: User, token: Token, in_cases: frozenset[str]) -> Request | None:
    before = frozenset(token.case_topics or ())
    if not in_cases <= before and not act.scope.operates:
        details = {**_named(token), "before": sorted(before), "after": sorted(in_cases)}
        return approvals.ask(act, "topics", person, details)
    _withdraw(act, person, token)
    if in_cases != before:
        _write(act, person, token, in_cases)
    return None


def _write(
    act: Acting,
    person: User,
    token: Token,
    in_cases: Collection[str],
    request: Request | None = None,
) -> None:
    table.allow_in_cases(act.connection, token.id, in_cases)
    change = {"before": sorted(token.case_topics or ()), "after": sorted(in_cases)}
    details = {**_named(token), **change, **approved(request)}
    record(act, "change_case_topics", person, details)


def _withdraw(act: Acting, person: User, token: Token) -> None:
    approvals.withdraw_all(act, person, ["topics"], token=str(token.id))


def _named(token: Token) -> Mapping[str, object]:
    """A token in the form of the audit and of requests for approval."""
    return {"token": str(token.id), "name": token.name}
