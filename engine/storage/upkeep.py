"""What a scheduler keeps in order at each look: heartbeat, counters, drafts of done tasks."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from engine.storage import counters
from engine.storage.cases import drafts
from engine.storage.clock_time import read_time
from engine.storage.later import workers
from engine.storage.settings import read_setting, remove_setting, replace_setting

HEARTBEAT = "heartbeat"
BEAT_EVERY = timedelta(seconds=10)
"""More often would only write more rows."""
FOLDED = "folded"
FOLD_EVERY = timedelta(seconds=10)
"""By a time of its own: during a long queue the heartbeat is written between the jobs, and a look
after it would find that said a moment ago."""
SWEPT = "swept"
SWEEP_EVERY = timedelta(days=1)


def look(connection: Connection) -> bool:
    """Beat, fold, and once a day sweep; cheap when there is nothing to do. Whether this look was
    the day's first: of several schedulers one is told so."""
    beat(connection)
    now, _ = read_time(connection)
    if _is_time(connection, FOLDED, now, FOLD_EVERY):
        counters.fold(connection)
    first = _is_time(connection, SWEPT, now, SWEEP_EVERY)
    if first:
        drafts.delete_ended(connection, now)
        workers.forget(connection, now)
    return first


def forget_sweep(connection: Connection) -> None:
    """The day's work was left off: whoever looks next begins it anew."""
    remove_setting(connection, SWEPT)


def beat(connection: Connection) -> bool:
    """Say that work is looked after; False if that was said a moment ago."""
    now, _ = read_time(connection)
    return _is_time(connection, HEARTBEAT, now, BEAT_EVERY)


def heartbeat(connection: Connection) -> datetime | None:
    """When a scheduler last looked, by the database's clock."""
    stored = read_setting(connection, HEARTBEAT)
    return datetime.fromisoformat(stored) if stored else None


def _is_time(connection: Connection, key: str, now: datetime, every: timedelta) -> bool:
    stored = read_setting(connection, key)
    if stored is not None and now - datetime.fromisoformat(stored) < every:
        return False
    return replace_setting(connection, key, stored, now.isoformat())
