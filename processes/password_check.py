"""Checking a password: the one place where it is done, whoever asks and for whatever.

Owns the order of throttling, comparing and recording. Must not know sessions, cookies or pages.
Three phases, because comparing is slow: a short transaction counts the attempt, the comparison runs
outside any transaction, a second one records how it went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput
from engine.words import say
from processes import audit, throttle
from processes.access import Scope
from processes.credentials import hash_password, is_outdated, matches
from processes.storage import failed_sign_ins, passwords
from processes.storage.passwords import Credentials
from processes.throttle import ACCOUNT, NETWORK, Knock, TooManyAttempts
from processes.transactions import Transactions


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from. `mark`: what tells this browser from others, empty for one that
    nobody has signed in with; `known_to`: the accounts that have; `session_key`: the session it
    still has."""

    address: str
    user_agent: str = ""
    session_key: str = ""
    mark: str = ""
    known_to: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """No. `wait` zero: name or password is wrong, or the account is not active (one answer for
    all, so that names cannot be probed). Otherwise: come back after that time."""

    wait: timedelta = timedelta(0)


def check_password(
    data: Transactions,
    username: str,
    password: str,
    *,
    visitor: Visitor,
    now: datetime,
    act: str = "sign_in",
) -> Credentials | Refused:
    """Whose name and password these are; counted, and a failure recorded under `act`.

    Somebody who knows the password never waits for what others of the same network tried: only a
    wrong answer is told to wait for that, and a name nobody has gets no other.
    """
    username = normal_username(username)
    with data.transaction() as connection:
        known = passwords.credentials(connection, username)
        attempts = _knock(connection, username, known, visitor, now)
    account, *network = attempts
    if account.wait:
        return Refused(account.wait)
    if matches(known.password_hash if known else None, password) and known and known.active:
        return _right(data, known, password, attempts)
    with data.transaction() as connection:
        # A name nobody has may be a password typed into the wrong field: it is not kept.
        subject = f"user:{known.username}" if known else "user:?"
        if known:
            failed_sign_ins.note(connection, known.user_id, now, visitor.address)
        audit.record(connection, "-", f"{act}_failed", subject, now=now, address=visitor.address)
    return Refused(*(attempt.wait for attempt in network))


def confirm_password(
    data: Transactions,
    scope: Scope,
    password: str,
    *,
    field: str,
    visitor: Visitor,
    now: datetime,
    act: str = "confirm",
) -> Credentials:
    """Ask the signed-in person for their password once more, in a form's `field`. Call it outside
    any transaction. Raises `BadInput` for a wrong one, `TooManyAttempts`."""
    checked = check_password(data, scope.username, password, visitor=visitor, now=now, act=act)
    if isinstance(checked, Credentials):
        return checked
    if checked.wait:
        raise TooManyAttempts(checked.wait, field)
    raise not_the_present_one(field)


def not_the_present_one(field: str) -> BadInput:
    """What is said of a wrong password, and of one that is not right any more."""
    wrong = say("This is not your present password.")
    return BadInput(wrong, {field: wrong})


def normal_username(username: str) -> str:
    """As usernames are stored: without spaces around, in lower case."""
    return username.strip().lower()


def _knock(
    connection: Connection,
    username: str,
    known: Credentials | None,
    visitor: Visitor,
    now: datetime,
) -> tuple[Knock, ...]:
    """Count the attempt: in a browser of the account's owner for itself, else for the account and
    the network."""
    if known and visitor.mark and known.user_id in visitor.known_to:
        own = throttle.of_browser(known.user_id, visitor.mark)
        return (throttle.knock(connection, own, ACCOUNT, now),)
    account = throttle.knock(connection, throttle.of_account(username), ACCOUNT, now)
    if account.wait:
        return (account,)
    network = throttle.of_network(visitor.address)
    return account, throttle.knock(connection, network, NETWORK, now)


def _right(
    data: Transactions, known: Credentials, password: str, attempts: tuple[Knock, ...]
) -> Credentials:
    outdated = known.password_hash and is_outdated(known.password_hash)
    renewed = hash_password(password) if outdated else None
    with data.transaction() as connection:
        for attempt in attempts:
            if not attempt.wait:
                throttle.take_back(connection, attempt)
        if renewed:
            passwords.rehash(connection, known, renewed)
    return known
