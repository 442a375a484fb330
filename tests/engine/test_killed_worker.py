"""A power cut at any moment: what was committed is there, and overdue timers fire once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from engine import Engine
from engine.clock import SETTING, VirtualTime
from engine.storage import jobs
from engine.storage.tables import setting
from tests.engine import timer_worker
from tests.engine.conftest import MONDAY
from tests.engine.models_of_tests import REMINDED

TIMERS = 200
KILLS = 10
PATIENCE_SECONDS = 180


def set_clock(engine: Engine, days: int) -> None:
    """A clock that stands, stored where every process reads it."""
    value = VirtualTime(MONDAY + timedelta(days=days), MONDAY, 0.0).dump()
    with engine.transaction() as connection:
        connection.execute(setting.delete().where(setting.c.key == SETTING))
        connection.execute(setting.insert(), {"key": SETTING, "value": value})


def run_and_kill(url: str, after: int) -> int:
    """Start a worker and kill it after so many timers; returns how many it reported."""
    command = [sys.executable, "-m", "tests.engine.timer_worker", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        reported = 0
        for _ in worker.stdout:
            reported += 1
            if reported == after:
                worker.send_signal(signal.SIGKILL)
                break
    return reported


def run_until_nothing_is_due(engine: Engine) -> None:
    """As a scheduler does: it looks again at what the connection of the dead still holds."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    engine.run_due()
    while is_due(engine):
        assert time.monotonic() < give_up, "a timer is held for ever"
        engine.run_due()


def is_due(engine: Engine) -> bool:
    """Whether a job is left that should have run."""
    with engine.reading() as connection:
        return bool(jobs.due(connection, engine.now_on(connection), 1))


@pytest.mark.long
def test_each_timer_fires_exactly_once_though_workers_are_killed(database_url: str) -> None:
    chance = random.Random(20260302)
    engine = Engine.open(database_url, {"remind": timer_worker.remind})
    with engine.transaction() as connection:
        connection.execute(text(timer_worker.LEDGER))
    set_clock(engine, 0)
    engine.deploy(REMINDED, "owner")
    cases = [engine.start("reminded") for _ in range(TIMERS)]

    for day in range(1, KILLS + 1):
        set_clock(engine, day)
        after = chance.randrange(1, TIMERS - 1)
        assert run_and_kill(database_url, after) == after
        run_until_nothing_is_due(engine)
        with engine.reading() as connection:
            rows = connection.execute(
                text("SELECT instance_id, count(*) FROM ledger GROUP BY instance_id")
            )
            fired = dict(rows.all())
        assert fired == {str(case): day for case in cases}

    assert all(engine.broken_history(case) is None for case in cases)
    engine.close()
