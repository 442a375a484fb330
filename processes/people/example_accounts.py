"""Example accounts: sign-in with one click, on a machine that nobody else can reach.

Owns which accounts are offered: only accounts marked as fictitious. Must not know when the offer is
made (the sign-in page decides by its settings).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, SignedIn, open_session, record
from processes.storage.people import users

OFFERED: Final[dict[str, Sentence]] = {
    "kemhan": say("K/L user (Kemhan)"),
    "kemhan-head": say("K/L leadership (Kemhan)"),
    "coordinator": say("Coordinator"),
    "supervisor": say("Supervisor"),
    "owner": say("Process owner"),
    "admin": say("Administrator"),
}
"""Username -> role in words, one account for each role."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One button: the account's username and its role in words."""

    username: str
    words: Sentence


def offers(connection: Connection) -> list[Offer]:
    """The example accounts that exist, in the order of the roles."""
    found = users.by_usernames(connection, OFFERED)
    return [Offer(name, OFFERED[name]) for name in OFFERED if _is_example(found.get(name))]


@act
def enter(act: Acting, username: str, *, visitor: Visitor, limits: Limits) -> SignedIn:
    """Open a session of an example account without a password. Raises `NotFound` for any other
    account."""
    person = _example(act.connection, username)
    if person is None:
        raise NotFound(say("There is no such account."))
    key = open_session(act.connection, person.id, visitor=visitor, now=act.real_now, limits=limits)
    record(act, username, "sign_in", visitor.address)
    return SignedIn(person.id, key)


def _example(connection: Connection, username: str) -> users.User | None:
    person = users.by_username(connection, username) if username in OFFERED else None
    return person if _is_example(person) else None


def _is_example(person: users.User | None) -> bool:
    return person is not None and person.active and person.fictitious
