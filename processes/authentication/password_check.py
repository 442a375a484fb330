"""Checking a password: the one place where it is done, whoever asks and for whatever.

Owns the order of throttling, comparing and recording. Must not know sessions, cookies or pages.
Three phases, because comparing is slow: a short act counts the attempt, the comparison runs outside
any transaction, a second act records how it went. Both are a stranger's: who it is, is just being
asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.authentication import throttle
from processes.authentication.credentials import hash_password, is_outdated, matches
from processes.authentication.throttle import ACCOUNT, NETWORK, Knock, TooManyAttempts
from processes.rights import audit
from processes.rights.scope import Scope, stranger
from processes.storage.authentication import failed_sign_ins, passwords
from processes.storage.authentication.passwords import Credentials


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


@dataclass(frozen=True, slots=True)
class Attempts:
    """What an attempt was counted under, and whose password it is about; None: nobody's."""

    known: Credentials | None
    knocks: tuple[Knock, ...]


def check_password(
    service: Service,
    username: str,
    password: str,
    *,
    visitor: Visitor,
    wanted: str = "sign_in",
) -> Credentials | Refused:
    """Whose name and password these are; counted, and a failure recorded under what was `wanted`.

    Somebody who knows the password never waits for what others of the same network tried: only a
    wrong answer is told to wait for that, and a name nobody has gets no other.
    """
    attempts = _knock(service, stranger(), normal_username(username), visitor)
    known, (account, *network) = attempts.known, attempts.knocks
    if account.wait:
        return Refused(account.wait)
    if matches(known.password_hash if known else None, password) and known and known.active:
        outdated = known.password_hash and is_outdated(known.password_hash)
        renewed = hash_password(password) if outdated else None
        _passed(service, stranger(), known, attempts.knocks, renewed)
        return known
    _failed(service, stranger(), known, wanted, visitor.address)
    return Refused(*(attempt.wait for attempt in network))


def confirm_password(
    service: Service,
    scope: Scope,
    password: str,
    *,
    field: str,
    visitor: Visitor,
    wanted: str = "confirm",
) -> Credentials:
    """Ask the signed-in person for their password once more, in a form's `field`. Call it outside
    any transaction. Raises `BadInput` for a wrong one, `TooManyAttempts`."""
    checked = check_password(service, scope.username, password, visitor=visitor, wanted=wanted)
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


@act
def _knock(act: Acting, username: str, visitor: Visitor) -> Attempts:
    """Count the attempt: in a browser of the account's owner for itself, else for the account and
    the network."""
    connection, now = act.connection, act.real_now
    known = passwords.credentials(connection, username)
    if known and visitor.mark and known.user_id in visitor.known_to:
        own = throttle.of_browser(known.user_id, visitor.mark)
        return Attempts(known, (throttle.knock(connection, own, ACCOUNT, now),))
    account = throttle.knock(connection, throttle.of_account(username), ACCOUNT, now)
    if account.wait:
        return Attempts(known, (account,))
    network = throttle.of_network(visitor.address)
    return Attempts(known, (account, throttle.knock(connection, network, NETWORK, now)))


@act
def _passed(
    act: Acting, known: Credentials, knocks: tuple[Knock, ...], renewed: str | None
) -> None:
    """It was no guess. `renewed`: the hash of the same password by today's parameters."""
    for attempt in knocks:
        if not attempt.wait:
            throttle.take_back(act.connection, attempt)
    if renewed:
        passwords.rehash(act.connection, known, renewed)


@act
def _failed(act: Acting, known: Credentials | None, wanted: str, address: str) -> None:
    # A name nobody has may be a password typed into the wrong field: it is not kept.
    subject, now = f"user:{known.username}" if known else "user:?", act.real_now
    if known:
        failed_sign_ins.note(act.connection, known.user_id, now, address)
    audit.record(act.connection, act.by, f"{wanted}_failed", subject, now=now, address=address)
