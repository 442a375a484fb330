"""Checking a password: the one place for every caller and purpose.

Owns the order of throttling, comparing and recording. Must not know sessions, cookies or pages.
Three phases, because comparing is slow: a short act counts the attempt, the comparison runs outside
any transaction, a second act records the result. A stranger is the author of both acts, because the
person is not known yet.
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
    """The origin of a request. `mark`: identifies this browser, empty if nobody has signed in with
    it; `known_to`: the accounts that have; `session_key`: its present session."""

    address: str
    user_agent: str = ""
    session_key: str = ""
    mark: str = ""
    known_to: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal. `wait` zero: name or password is wrong, or the account is not active (one answer
    for all, so that names cannot be probed). Otherwise: try again after that time."""

    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The keys of an attempt's counters, and the owner of the password; None: nobody's."""

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
    """The owner of this name and password. The attempt is counted; a failure is recorded with the
    purpose `wanted`.

    A person who knows the password never waits because of others in the same network. Only a wrong
    answer has to wait for them, and an unknown name always gets that answer.
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
    """Ask the signed-in person for their password again, in a form's `field`. Call it outside any
    transaction. Raises `BadInput` for a wrong one, `TooManyAttempts`."""
    checked = check_password(service, scope.username, password, visitor=visitor, wanted=wanted)
    if isinstance(checked, Credentials):
        return checked
    if checked.wait:
        raise TooManyAttempts(checked.wait, field)
    raise not_the_present_one(field)


def not_the_present_one(field: str) -> BadInput:
    """The error for a wrong password, and for one that is not valid any more."""
    wrong = say("This is not your present password.")
    return BadInput(wrong, {field: wrong})


def normal_username(username: str) -> str:
    """A username in stored form: without spaces around, in lower case."""
    return username.strip().lower()


@act
def _knock(act: Acting, username: str, visitor: Visitor) -> Attempts:
    """Count the attempt: for the browser, if the account's owner has used it, else for the account
    and the network."""
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
    """Record that the attempt was no guess. `renewed`: the hash of the same password with present
    parameters."""
    for attempt in knocks:
        if not attempt.wait:
            throttle.take_back(act.connection, attempt)
    if renewed:
        passwords.rehash(act.connection, known, renewed)


@act
def _failed(act: Acting, known: Credentials | None, wanted: str, address: str) -> None:
    # An unknown name may be a password typed into the wrong field: it is not stored.
    subject, now = f"user:{known.username}" if known else "user:?", act.real_now
    if known:
        failed_sign_ins.note(act.connection, known.user_id, now, address)
    audit.record(act.connection, act.by, f"{wanted}_failed", subject, now=now, address=address)
