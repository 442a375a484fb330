"""The daily cleaning, run by the scheduler of the whole product."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from engine import Engine
from engine.time.clock import ManualClock
from processes.authentication import sign_in
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits
from processes.operation import upkeep
from processes.people.accounts import NewUser, create
from processes.rights.access import operator
from processes.storage.authentication import sessions as table
from processes.storage.schema import metadata
from tests.processes.conftest import served

SHA256 = "ab" * 32


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An engine whose virtual clock is a year ahead of the real one."""
    real = Engine.open(sqlite_url)
    ahead = ManualClock(real.real_now() + timedelta(days=365))
    real.close()
    opened = Engine.open(sqlite_url, clock=ahead, daily=upkeep.daily(tmp_path / "evidence"))
    with opened.transaction() as connection:
        metadata.create_all(connection)
    yield opened
    opened.close()


def a_session(engine: Engine, user_id: UUID, lasts: timedelta) -> None:
    with engine.transaction() as connection:
        now = engine.on(connection).real_now()
        limits = Limits(absolute=lasts)
        sign_in.open_session(connection, user_id, visitor=Visitor(""), now=now, limits=limits)


def test_sessions_are_removed_by_real_time_whatever_the_virtual_clock_says(engine: Engine) -> None:
    user_id = create(served(engine), operator(), NewUser("adi", "Adi"))
    a_session(engine, user_id, timedelta(seconds=-1))
    a_session(engine, user_id, timedelta(days=7))

    engine.maintain()

    with engine.reading() as connection:
        assert len(table.sessions_of(connection, user_id)) == 1


def test_files_that_no_row_names_are_removed_after_48_real_hours(
    engine: Engine, tmp_path: Path
) -> None:
    shelf = tmp_path / "evidence" / SHA256[:2]
    shelf.mkdir(parents=True)
    old, young = shelf / SHA256, shelf / (SHA256[:2] + "cd" * 31)
    for file, hours in ((old, 49), (young, 47)):
        file.write_bytes(b"x")
        at = (engine.real_now() - timedelta(hours=hours)).timestamp()
        os.utime(file, (at, at))

    engine.maintain()

    assert [old.exists(), young.exists()] == [False, True]


def test_a_second_look_on_the_same_day_cleans_nothing(engine: Engine, tmp_path: Path) -> None:
    engine.maintain()
    shelf = tmp_path / "evidence" / SHA256[:2]
    shelf.mkdir(parents=True)
    old = shelf / SHA256
    old.write_bytes(b"x")
    at = (engine.real_now() - timedelta(hours=49)).timestamp()
    os.utime(old, (at, at))

    engine.maintain()

    assert old.exists()
