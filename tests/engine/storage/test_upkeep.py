"""The scheduler's work besides due jobs: once a real day, by one scheduler of a database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import Engine
from engine.storage import upkeep
from engine.storage.settings import read_setting, replace_setting, write_setting
from engine.storage.tables import counter_delta
from engine.storage.upkeep import SWEPT, heartbeat
from engine.time.clock import SETTING, ManualClock, VirtualTime
from tests.engine.conftest import Open
from tests.engine.models_of_tests import REMINDED, REVIEW


def test_daily_work_is_done_once_a_real_day_by_one_of_several_schedulers(
    database_url: str,
) -> None:
    done: list[str] = []
    first = Engine.open(database_url, daily=[lambda _: done.append("first")])
    second = Engine.open(database_url, daily=[lambda _: done.append("second")])

    for engine in (first, second, first):
        engine.maintain()
    assert done == ["first"]

    yesterday = (first.real_now() - timedelta(days=1)).isoformat()
    with first.transaction() as connection:
        write_setting(connection, SWEPT, yesterday)
    for engine in (second, first):
        engine.maintain()
    assert done == ["first", "second"]
    first.close()
    second.close()


def test_counters_are_folded_though_the_heartbeat_was_written_a_moment_ago(
    open_engine: Open,
) -> None:
    engine = open_engine()
    version = engine.deploy(REVIEW, "owner")[0]
    engine.start("review")
    engine.database.repeat(upkeep.beat)

    engine.maintain()

    with engine.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(counter_delta)) == 0
    assert engine.instance_counts(version.id) == {"active": 1}


def test_of_two_who_saw_the_same_value_one_replaces_it(database_url: str) -> None:
    engine = Engine.open(database_url)
    with engine.transaction() as connection:
        assert replace_setting(connection, "x", None, "one")
        assert not replace_setting(connection, "x", None, "two")
        assert replace_setting(connection, "x", "one", "three")
        assert not replace_setting(connection, "x", "one", "four")
        assert read_setting(connection, "x") == "three"
    engine.close()


@pytest.mark.parametrize("given", [True, False], ids=["a given clock", "the stored clock"])
def test_real_time_is_not_moved_by_the_clock_of_the_engine(sqlite_url: str, given: bool) -> None:
    plain = Engine.open(sqlite_url)
    real = plain.real_now()
    ahead = real + timedelta(days=400)
    if not given:
        with plain.transaction() as connection:
            write_setting(connection, SETTING, VirtualTime(ahead, real, 86_400.0).dump())
    engine = Engine.open(sqlite_url, clock=ManualClock(ahead)) if given else plain

    assert engine.now() >= ahead
    assert timedelta(0) <= engine.real_now() - real < timedelta(minutes=5)
    engine.close()
    plain.close()


def test_a_long_queue_does_not_look_like_a_worker_that_died(
    open_engine: Open, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heartbeat is written between jobs too, not only when all of them are done."""
    monkeypatch.setattr(upkeep, "BEAT_EVERY", timedelta(0))
    beats: list[object] = []
    engine = open_engine({"remind": lambda step: beats.append(heartbeat(step.connection))})
    engine.deploy(REMINDED, "owner")
    for _ in range(2):
        engine.start("reminded")
    clock.advance(days=1)

    assert engine.run_due() == 2

    first, second = beats
    assert first is None
    assert second is not None
