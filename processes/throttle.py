"""Slowing down guesses: failed attempts per account and address, and per address.

Owns how long one has to wait after how many failures. Must not know passwords or users. The delay
grows and is capped, so that nobody can lock somebody else out: another address is not delayed by
attempts on the same account.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from processes.storage import attempts as table


@dataclass(frozen=True, slots=True)
class Ladder:
    """`free` failures cost nothing; each further one doubles the wait, up to `longest`."""

    free: int
    longest: timedelta


PAIR: Final = Ladder(free=5, longest=timedelta(minutes=15))
ADDRESS: Final = Ladder(free=30, longest=timedelta(minutes=5))
"""An office shares one address: more is free, and the wait stays short."""

FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""Without a failure for this long, counting starts anew."""


def wait_after(ladder: Ladder, failures: int) -> timedelta:
    """How long to wait since the last failure: 0 s, then 1, 2, 4 ... s."""
    if failures < ladder.free:
        return timedelta(0)
    doublings = min(failures - ladder.free, 20)
    return min(timedelta(seconds=2**doublings), ladder.longest)


def knock(connection: Connection, username: str, address: str, now: datetime) -> timedelta:
    """Ask for one attempt: zero, and it is counted as failed until `forgive`, or the time to wait.

    Counting first means that guesses sent at the same moment are all counted. The keys are always
    locked in the same order.
    """
    counted = []
    for key, ladder in _keys(username, address):
        found = table.failures(connection, key)
        before = _still_counts(found, now)
        if found and found.last_at + wait_after(ladder, before) > now:
            return found.last_at + wait_after(ladder, before) - now
        counted.append((key, before + 1))
    for key, count in counted:
        table.count_failure(connection, key, count, now)
    return timedelta(0)


def forgive(connection: Connection, username: str, address: str) -> None:
    """The attempt succeeded: the account's failures from here are forgotten, and the address gets
    back this one attempt only, or one good account would pay for endless guesses at others."""
    (pair, _), (shared, _) = _keys(username, address)
    table.forgive(connection, pair)
    table.take_back(connection, shared)


def _still_counts(found: table.Failures | None, now: datetime) -> int:
    return found.count if found and now - found.last_at < FORGOTTEN_AFTER else 0


def _keys(username: str, address: str) -> tuple[tuple[str, Ladder], tuple[str, Ladder]]:
    return (
        (_digest(f"pair\0{username}\0{address}"), PAIR),
        (_digest(f"address\0{address}"), ADDRESS),
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
