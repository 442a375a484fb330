"""Slowing down guesses: the number of attempts, and the wait before the next one.

Owns the ladders of delay and the keys of attempts: the account over all addresses, a browser that
has signed in to the account before, the network. Must not know passwords or users. No delay is a
lock: each has a limit, and an attempt refused for its delay extends nothing.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from processes.ground.spans import span
from processes.storage.authentication import attempts as table

NO_WAIT: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Ladder:
    """`free` attempts have no wait; the next one waits `first`, each further one twice as long, up
    to `longest`."""

    free: int
    longest: timedelta
    first: timedelta = timedelta(seconds=1)


ACCOUNT: Final = Ladder(free=5, longest=timedelta(minutes=15))
NETWORK: Final = Ladder(free=30, longest=timedelta(minutes=5))
"""An office shares one address: more attempts are free, and the wait stays short."""

FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""After this time without an attempt, counting starts anew."""
BITS_OF_A_HOME: Final = 64
"""One connection gets an IPv6 network of this length: its addresses belong to one person."""


class TooManyAttempts(BadInput):
    """No attempt is checked before `wait` has passed. `field`: the field of a form for the
    message."""

    def __init__(self, wait: timedelta, field: str = "") -> None:
        sentence = patience(wait)
        super().__init__(sentence, {field: sentence} if field else None)
        self.retry_after_seconds = seconds(wait)


def wait_after(ladder: Ladder, attempts: int) -> timedelta:
    """The wait after the last of so many attempts: none, then 1, 2, 4 ... s."""
    if attempts < ladder.free:
        return NO_WAIT
    doublings: int = min(attempts - ladder.free, 20)
    return min(ladder.first * (1 << doublings), ladder.longest)


@dataclass(frozen=True, slots=True)
class Knock:
    """An attempt at `at`: counted, unless it has to `wait`."""

    key: str
    at: datetime
    last_at: datetime
    wait: timedelta = NO_WAIT


def knock(connection: Connection, key: str, ladder: Ladder, now: datetime) -> Knock:
    """Ask for one attempt: it is counted until `take_back`, or has to wait.

    The row is locked and counted before the attempt, so that of any number sent at the same moment
    only the free ones pass. With several keys, always ask in the same order.
    """
    found = table.locked(connection, key, now)
    before = found.count if now - found.last_at < FORGOTTEN_AFTER else 0
    delay = wait_after(ladder, before)
    # The clocks of two hosts may differ: a free attempt never waits.
    if delay and found.last_at + delay > now:
        return Knock(key, now, found.last_at, found.last_at + delay - now)
    at = max(now, found.last_at)
    table.count(connection, key, before + 1, at)
    return Knock(key, at, found.last_at)


def take_back(connection: Connection, attempt: Knock) -> None:
    """Remove an attempt that was no guess. Other attempts stay; otherwise an owner who signs in
    often would give an attacker endless free ones."""
    table.take_back(connection, attempt.key, attempt.at, attempt.last_at)


def of_account(username: str) -> str:
    """The key for attempts at a name, from any address, whether or not it exists."""
    return _digest("account", username)


def of_browser(user_id: UUID, mark: str) -> str:
    """The key for attempts of a browser that has signed in to this account before: guesses from
    elsewhere do not delay its owner."""
    return _digest("browser", str(user_id), mark)


def of_network(address: str, act: str = "") -> str:
    """The key for attempts from one place, separate for each `act`."""
    return _digest("network", act, network_of(address))


def of_resets(user_id: UUID) -> str:
    """The key for the links that one person gets for a forgotten password."""
    return _digest("resets", str(user_id))


def network_of(address: str) -> str:
    """The network that counts as one place; the address itself for IPv4."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    found = found if isinstance(found, IPv4Address) else found.ipv4_mapped or found
    if isinstance(found, IPv4Address):
        return str(found)
    return str(ip_network((found, BITS_OF_A_HOME), strict=False))


def patience(wait: timedelta) -> Sentence:
    """The time until the next attempt, in words."""
    return say("Too many attempts. Wait {span}, then try again.", span=span(wait))


def seconds(wait: timedelta) -> int:
    """The time until the next attempt, in whole seconds."""
    return math.ceil(wait.total_seconds())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
