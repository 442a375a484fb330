"""Service accounts: the accounts of programs that work on topics, and their tokens.

Owns making such an account, its tokens and the topics that a token may work on in real cases, which
two administrators allow. It comes with a token and in no other way: that it has no password, no
session, no role and no mail is held where those rows are written (`processes.storage`), that it
does nothing but its work in `processes.access`. Closing one is `processes.leaving`, as for anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import BadInput, Conflict, NotFound
from engine.words import Sentence, say
from processes import accounts, approvals, confirming
from processes.access import Scope, may
from processes.account_rights import approved
from processes.accounts import NewUser, known, record
from processes.credentials import digest, new_key
from processes.states import AccountKind
from processes.storage import sign_in as table
from processes.storage import users
from processes.storage.approvals import Request
from processes.storage.sign_in import Token
from processes.storage.users import User
from processes.tokens import check_life, checked_name
from processes.widening import ORDINARY

LONGEST_TOPIC: Final = 200
MOST_TOPICS: Final = 100


@dataclass(frozen=True, slots=True)
class Made:
    """A new token. `key`: the secret, which is stored nowhere; `waiting`: what was asked of a
    second administrator."""

    key: str
    token: Token
    waiting: Request | None


def create(
    connection: Connection, scope: Scope, *, username: str, name: str, now: datetime
) -> User:
    """A new account of a program. Raises `BadInput`, `Conflict` when the name is taken,
    `Forbidden`."""
    may(scope, "manage_users")
    row = accounts.insert(
        connection, NewUser(username, name, kind=AccountKind.SERVICE), ORDINARY, now
    )
    record(connection, scope, "create_service_account", row, now)
    return row


def make_token(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    *,
    name: str,
    topics: Collection[str],
    case_topics: Collection[str] = (),
    lasts: timedelta,
    now: datetime,
) -> Made:
    """A new token of a service account, for these topics; it works at once, and on `case_topics` in
    real cases too when a second administrator has approved.

    Raises `NotFound`, `Conflict` for a person's and for a closed account, `BadInput` (`name`,
    `topics`, `case_topics`, `lasts`; `password` where it was not given once more), `Forbidden`.
    """
    may(scope, "make_service_token")
    name = checked_name(name)
    check_life(lasts)
    wanted, in_cases = _checked(topics, case_topics)
    confirming.hold(connection, scope, user_id)
    person = _service(connection, user_id)
    if not person.active:
        raise Conflict(say("This account is closed; reactivate it first."))
    key, expires_at = new_key(), now + lasts
    row = Token(uuid7(), user_id, name, "act", now, expires_at, None, sorted(wanted), [])
    table.insert_token(connection, row, digest(key))
    details = {**_named(row), "topics": row.topics, "expires": expires_at.isoformat()}
    record(connection, scope, "create_service_token", person, now, details)
    return Made(key, row, _allow(connection, scope, person, row, in_cases, now))


def allow(
    connection: Connection,
    scope: Scope,
    user_id: UUID,
    token_id: UUID,
    *,
    case_topics: Collection[str],
    now: datetime,
) -> Request | None:
    """Let a token work on exactly these of its topics in real cases; the request, where it would
    come to more of them and so waits for a second administrator. Raises as `make_token`."""
    may(scope, "make_service_token")
    confirming.hold(connection, scope, user_id)
    person, token = _service(connection, user_id), _token(connection, user_id, token_id)
    _, in_cases = _checked(token.topics or (), case_topics)
    return _allow(connection, scope, person, token, in_cases, now)


def give(connection: Connection, scope: Scope, request: Request, *, now: datetime) -> User:
    """Allow what was asked for; `approvals.take` has just approved it. Whose account it is. Raises
    `NotFound` for a token that has run out meanwhile."""
    person = known(connection, request.user_id)
    token = _token(connection, person.id, UUID(request.details["token"]))
    _write(connection, scope, person, token, request.details["after"], now, request)
    return person


def tokens_of(connection: Connection, scope: Scope, user_id: UUID) -> list[Token]:
    """The tokens of a service account, newest first. Raises `NotFound`, `Conflict`, `Forbidden`."""
    may(scope, "read_users")
    return table.tokens_of(connection, _service(connection, user_id).id)


def token(connection: Connection, scope: Scope, user_id: UUID, token_id: UUID) -> Token:
    """One of them. Raises `NotFound`, `Conflict`, `Forbidden`."""
    may(scope, "read_users")
    return _token(connection, _service(connection, user_id).id, token_id)


def revoke(
    connection: Connection, scope: Scope, user_id: UUID, token_id: UUID, *, now: datetime
) -> None:
    """Make a token worthless at once; what was asked for it falls away. Raises `NotFound`,
    `Conflict`, `Forbidden`."""
    may(scope, "manage_users")
    users.lock(connection, user_id)
    person, found = _service(connection, user_id), _token(connection, user_id, token_id)
    table.delete_token(connection, user_id, token_id)
    record(connection, scope, "revoke_service_token", person, now, _named(found))
    _withdraw(connection, scope, person, found, now)


def _service(connection: Connection, user_id: UUID) -> User:
    person = known(connection, user_id)
    users.check_service(connection, user_id)
    return person


def _token(connection: Connection, user_id: UUID, token_id: UUID) -> Token:
    for found in table.tokens_of(connection, user_id):
        if found.id == token_id:
            return found
    raise NotFound(say("There is no such token."))


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


def _allow(
    connection: Connection,
    scope: Scope,
    person: User,
    token: Token,
    in_cases: frozenset[str],
    now: datetime,
) -> Request | None:
    before = frozenset(token.case_topics or ())
    if not in_cases <= before and not scope.operates:
        details = {**_named(token), "before": sorted(before), "after": sorted(in_cases)}
        return approvals.ask(connection, scope, "topics", person, details, now=now)
    _withdraw(connection, scope, person, token, now)
    if in_cases != before:
        _write(connection, scope, person, token, in_cases, now)
    return None


def _write(
    connection: Connection,
    scope: Scope,
    person: User,
    token: Token,
    in_cases: Collection[str],
    now: datetime,
    request: Request | None = None,
) -> None:
    table.allow_in_cases(connection, token.id, in_cases)
    change = {"before": sorted(token.case_topics or ()), "after": sorted(in_cases)}
    details = {**_named(token), **change, **approved(request)}
    record(connection, scope, "change_case_topics", person, now, details)


def _withdraw(
    connection: Connection, scope: Scope, person: User, token: Token, now: datetime
) -> None:
    approvals.withdraw_all(connection, scope, person, ["topics"], token=str(token.id), now=now)


def _named(token: Token) -> Mapping[str, object]:
    """As the audit and requests for approval name a token."""
    return {"token": str(token.id), "name": token.name}
