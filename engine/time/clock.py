"""The engine's time: the database's time, a virtual time stored beside it, or a test's time.

Pure: it turns the database's time into the engine's time. A virtual clock is `origin + (database
time - base) x speed`. A `setting` row keeps it, so that all processes use the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol

import orjson

SETTING = "clock"


class Clock(Protocol):
    """Turns the database's time and the stored clock setting into the engine's time."""

    def at(self, database_now: datetime, stored: str | None) -> datetime:
        """The engine's aware UTC time."""

    def seconds_until(self, moment: datetime, now: datetime, stored: str | None) -> float:
        """Real seconds from the engine's `now` until the engine's `moment`."""


@dataclass(frozen=True, slots=True)
class VirtualTime:
    """A running virtual clock; `speed` is virtual seconds per real second."""

    origin: datetime
    base: datetime
    speed: float

    def at(self, database_now: datetime) -> datetime:
        return self.origin + (database_now - self.base) * self.speed

    def dump(self) -> str:
        """The text of the `setting` row."""
        return orjson.dumps(
            {
                "origin": self.origin.isoformat(),
                "base": self.base.isoformat(),
                "speed": self.speed,
            }
        ).decode()


@lru_cache(maxsize=8)
def read_virtual(stored: str) -> VirtualTime:
    """The virtual clock a `setting` row describes."""
    raw = orjson.loads(stored)
    return VirtualTime(
        datetime.fromisoformat(raw["origin"]), datetime.fromisoformat(raw["base"]), raw["speed"]
    )


class StoredClock:
    """The production clock: the database's time, or the virtual one its `setting` row describes."""

    def at(self, database_now: datetime, stored: str | None) -> datetime:
        return read_virtual(stored).at(database_now) if stored else database_now

    def seconds_until(self, moment: datetime, now: datetime, stored: str | None) -> float:
        speed = read_virtual(stored).speed if stored else 1.0
        return (moment - now).total_seconds() / speed if speed else float("inf")


class ManualClock:
    """A clock that stands until a test moves it, or the demo while it is played."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move the clock by `timedelta(**duration)`; return the new time."""
        self.now += timedelta(**duration)
        return self.now


class GivenClock:
    """Any function `() -> datetime` as the engine's clock; its time passes as fast as real time."""

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read

    def at(self, database_now: datetime, stored: str | None) -> datetime:
        return self._read().astimezone(UTC)

    def seconds_until(self, moment: datetime, now: datetime, stored: str | None) -> float:
        return (moment - now).total_seconds()
