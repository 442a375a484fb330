"""The scheduler's upkeep at each look: heartbeat, counters, what outlived its task or case."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.storage import counters
from engine.storage.cases import drafts, incidents
from engine.storage.clock_time import read_time
from engine.storage.later import workers
from engine.storage.settings import read_setting, remove_setting, replace_setting

HEARTBEAT = "heartbeat"
BEAT_EVERY = timedelta(seconds=10)
"""A shorter interval would only write more rows."""
FOLDED = "folded"
FOLD_EVERY = timedelta(seconds=10)
"""A separate time: during a long queue the heartbeat is written between the jobs, and the next look
would find it fresh."""
SWEPT = "swept"
SWEEP_EVERY = timedelta(days=1)


def look(connection: Connection) -> bool:
    """Write the heartbeat, fold the counters, and once a day tidy up; cheap if there is
    nothing to do. True if this look was the day's first: only one of several schedulers gets it."""
    beat(connection)
    now, _ = read_time(connection)
    if _is_time(connection, FOLDED, now, FOLD_EVERY):
        counters.fold(connection)
    first = _is_time(connection, SWEPT, now, SWEEP_EVERY)
    if first:
        drafts.delete_ended(connection, now)
        incidents.close_outlived(connection)
        workers.forget(connection, now)
    return first


def forget_sweep(connection: Connection) -> None:
    """The day's work was interrupted: the next look begins it again."""
    remove_setting(connection, SWEPT)


def beat(connection: Connection) -> bool:
    """Write the heartbeat; False if it is still fresh."""
    now, _ = read_time(connection)
    return _is_time(connection, HEARTBEAT, now, BEAT_EVERY)


def heartbeat(connection: Connection) -> datetime | None:
    """The last look of a scheduler, by the database's clock."""
    stored = read_setting(connection, HEARTBEAT)
    return datetime.fromisoformat(stored) if stored else None


def _is_time(connection: Connection, key: str, now: datetime, every: timedelta) -> bool:
    stored = read_setting(connection, key)
    if stored is not None and now - datetime.fromisoformat(stored) < every:
        return False
    return replace_setting(connection, key, stored, now.isoformat())
