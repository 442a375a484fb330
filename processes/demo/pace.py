"""How fast the clock of the demo runs: for whoever wants to see weeks go by.

Owns the stored clock as far as somebody sets it by hand. It never goes back: what has happened
stays before what happens next.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.storage.clock_time import read_time
from engine.storage.settings import remove_setting, write_setting
from engine.time.clock import SETTING, StoredClock, VirtualTime
from processes.acts.service import Service


def now_of(service: Service) -> datetime:
    """What the clock shows."""
    return service.engine.now()


def run_at(service: Service, speed: float) -> None:
    """Let the stored clock go on from where it is, so many seconds in one."""
    with service.transaction() as connection:
        database_now, stored = read_time(connection)
        now = StoredClock().at(database_now, stored)
        if speed == 1.0 and now == database_now:
            remove_setting(connection, SETTING)
        else:
            value = VirtualTime(now.astimezone(UTC), database_now, speed)
            write_setting(connection, SETTING, value.dump())
