"""Waiting has a limit and an order; numbers never repeat; a failure leaves nothing behind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, insert, make_url, select, text
from sqlalchemy.exc import IntegrityError

from engine import Engine, Unavailable
from engine.storage.database import unit_of_work
from engine.storage.database.fair_lock import FairLock
from engine.storage.database.unit_of_work import Database
from engine.storage.numbers import next_number
from engine.storage.settings import read_setting, remove_setting, write_setting
from engine.storage.tables import job
from engine.time.clock import SETTING, StoredClock, VirtualTime
from tests.engine.conftest import MONDAY
from tests.engine.models_of_tests import REVIEW, only_task

PATIENCE_SECONDS = 180


def test_waiters_get_the_lock_in_the_order_they_came() -> None:
    lock, order, started = FairLock(), list[int](), Barrier(2)
    assert lock.acquire(0)

    def wait(number: int) -> None:
        started.wait()
        assert lock.acquire(PATIENCE_SECONDS)
        order.append(number)
        lock.release()

    threads = []
    for number in range(4):
        threads.append(Thread(target=wait, args=(number,)))
        threads[-1].start()
        started.wait()
        while len(lock._waiting) <= number:
            threading.Event().wait(0.001)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def test_who_waits_too_long_gives_up_and_leaves_the_queue() -> None:
    lock = FairLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)


def test_a_busy_case_is_unavailable_after_a_while_and_nothing_is_half_done(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "LOCK_SECONDS", 0.2)
    engine = Engine.open(database_url)
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    task = only_task(engine, case)
    holder = create_engine(engine.database.url)
    with holder.connect() as connection:
        if engine.database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT * FROM instance FOR UPDATE"))
        with pytest.raises(Unavailable) as refused:
            engine.complete(task.id, {}, "ani")
        assert refused.value.retry_after_seconds > 0
    holder.dispose()
    assert only_task(engine, case).id == task.id
    engine.complete(task.id, {}, "ani")
    engine.close()


def test_a_database_out_of_reach_is_unavailable_not_a_trace() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable), database.read():
        pass


@pytest.mark.parametrize("wanted", ["primary", "read-write"])
def test_of_several_servers_reading_and_writing_use_the_first(
    postgres_url: str, wanted: str
) -> None:
    url = make_url(postgres_url).update_query_dict({"target_session_attrs": wanted})
    database = Database(url.render_as_string(hide_password=False))
    for way in (database.write, database.read, database.aside):
        with way() as connection:
            assert connection.scalar(text("SELECT pg_is_in_recovery()")) is False
    database.dispose()


def test_an_error_inside_a_transaction_rolls_all_of_it_back(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.transaction() as connection:
        write_setting(connection, "a", "1")
        _ = 1 / 0
    with engine.reading() as connection:
        assert read_setting(connection, "a") is None


def test_a_naive_time_never_reaches_the_database(engine: Engine) -> None:
    row = {
        "id": uuid4(),
        "kind": "x",
        "due_at": datetime(2026, 1, 1),  # noqa: DTZ001 - the mistake under test
        "payload": {},
        "status": "ready",
        "attempts": 0,
    }
    with pytest.raises(Exception, match="naive"), engine.transaction() as connection:
        connection.execute(insert(job), row)


def test_numbers_of_a_series_never_repeat_between_threads(engine: Engine) -> None:
    def draw(_: int) -> int:
        with engine.transaction() as connection:
            return next_number(engine.database, connection, "receipt", 2026)

    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(draw, range(40)))
    assert sorted(drawn) == list(range(1, 41))
    with engine.transaction() as connection:
        assert next_number(engine.database, connection, "receipt", 2027) == 1


def test_settings_are_written_over_and_removed(engine: Engine) -> None:
    with engine.transaction() as connection:
        write_setting(connection, "k", "1")
        write_setting(connection, "k", "2")
        assert read_setting(connection, "k") == "2"
        remove_setting(connection, "k")
        assert read_setting(connection, "k") is None


def test_a_virtual_clock_runs_as_fast_as_it_is_told_in_every_process(database_url: str) -> None:
    first, second = Engine.open(database_url), Engine.open(database_url)
    base = datetime.now(UTC)
    with first.transaction() as connection:
        write_setting(connection, SETTING, VirtualTime(MONDAY, base, 86_400.0).dump())
    for engine in (first, second):
        passed = engine.now() - MONDAY
        real = datetime.now(UTC) - base
        assert timedelta(0) < passed <= real * 86_400
        engine.close()


def test_real_seconds_until_a_virtual_moment_shrink_with_the_speed() -> None:
    stored = VirtualTime(MONDAY, MONDAY, 60.0).dump()
    clock = StoredClock()
    assert clock.seconds_until(MONDAY + timedelta(hours=1), MONDAY, stored) == 60.0
    standing = VirtualTime(MONDAY, MONDAY, 0.0).dump()
    assert clock.seconds_until(MONDAY, MONDAY, standing) == float("inf")


def test_an_in_memory_database_serves_one_process() -> None:
    engine = Engine.open("sqlite://")
    engine.deploy(REVIEW, "owner")
    case = engine.start("review")
    engine.complete(only_task(engine, case).id, {}, "ani")
    assert [task.element_id for task in engine.tasks(instance_id=case)] == ["judge"]
    with engine.reading() as connection:
        assert connection.execute(select(job)).all() == []
    engine.close()


def test_a_commit_that_fails_leaves_the_database_open_for_the_next(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.exec_driver_sql("INSERT INTO child VALUES (7)")
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO parent VALUES (1)")
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM parent").scalar_one() == 1
    database.dispose()


def test_a_commit_is_safe_at_once_unless_somebody_is_in_a_hurry(database_url: str) -> None:
    database = Database(database_url)
    asked = "PRAGMA synchronous" if database.is_sqlite else "SHOW synchronous_commit"

    def answer() -> object:
        with database.write() as connection:
            return connection.exec_driver_sql(asked).scalar()

    assert answer() == (2 if database.is_sqlite else "on")
    database.hurry()
    assert answer() == (0 if database.is_sqlite else "off")
    database.dispose()
