"""The speed of the demo's clock, for a viewer who wants to see weeks pass.

Owns setting the stored clock by hand. The clock never goes back, so earlier events stay before
later ones.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.storage.clock_time import read_time
from engine.storage.settings import remove_setting, write_setting
from engine.time.clock import SETTING, StoredClock, VirtualTime
from processes.acts.service import Service


def now_of(service: Service) -> datetime:
    """The time of the clock."""
    return service.engine.now()


def run_at(service: Service, speed: float) -> None:
    """Let the stored clock run on from its present time, `speed` seconds in each second."""
    with service.transaction() as connection:
        database_now, stored = read_time(connection)
        now = StoredClock().at(database_now, stored)
        if speed == 1.0 and now == database_now:
            remove_setting(connection, SETTING)
        else:
            value = VirtualTime(now.astimezone(UTC), database_now, speed)
            write_setting(connection, SETTING, value.dump())
