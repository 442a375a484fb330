"""Completions, job claims, hand-overs and messages in any order: no deadlock, nothing lost."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import text

from engine import Conflict, Engine
from engine.sentences.errors import Unavailable
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models_of_tests import REMINDED, REVIEW, only_task

ACTS = 10_000
THREADS = 4
CASES = 6


@pytest.mark.long
def test_ten_thousand_interleavings_on_postgresql_meet_no_deadlock(postgres_url: str) -> None:
    clock = ManualClock(MONDAY)
    engine = Engine.open(postgres_url, {"remind": lambda step: None}, clock)
    engine.deploy({**REVIEW, **REMINDED}, "owner")
    reviews = [engine.start("review") for _ in range(CASES)]
    reminded = [engine.start("reminded") for _ in range(CASES)]

    def complete(chance: random.Random) -> None:
        engine.complete(only_task(engine, chance.choice(reviews)).id, {"verdict": "again"}, "ani")

    def hand_over(chance: random.Random) -> None:
        engine.assign(only_task(engine, chance.choice(reviews)).id, "budi", "head")

    def work_off(chance: random.Random) -> None:
        clock.advance(hours=7)
        engine.run_due()

    def replace(chance: random.Random) -> None:
        place = chance.randrange(CASES)
        engine.complete(only_task(engine, reminded[place]).id, {}, "ani")
        reminded[place] = engine.start("reminded")

    def act(seed: int) -> None:
        chance = random.Random(seed)
        # Somebody else may be faster with this very task: that is what is tried here.
        with suppress(Conflict, Unavailable, ValueError):
            chance.choice([complete, complete, complete, hand_over, work_off, replace])(chance)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(act, range(ACTS)))

    assert deadlocks(engine) == 0
    assert all(engine.broken_history(case) is None for case in (*reviews, *reminded))
    assert sum(rounds(engine, case) for case in reviews) > ACTS / 10
    engine.close()


def deadlocks(engine: Engine) -> int:
    """How many the server has counted in this database."""
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with engine.reading() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        return int(connection.scalar(text(query)) or 0)


def rounds(engine: Engine, case: UUID) -> int:
    """How often the case was completed at one of its tasks."""
    return sum(event.kind == "complete" for event in engine.history(case))
