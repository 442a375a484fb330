"""A power cut at any moment: committed work exists, and due work is done once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from engine import Engine
from engine.storage.later import jobs
from engine.storage.tables import setting
from engine.time.clock import SETTING, VirtualTime
from tests.engine.conftest import MONDAY
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    compensate,
    condition,
    end,
    event,
    flow,
    node,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import REMINDED, cases_of, open_elements
from tests.world import timer_worker

TIMERS = 200
KILLS = 10
PATIENCE_SECONDS = 180
DEATHS = 3
"""Of workers, each day."""
SOON_SECONDS = 0.2


def set_clock(engine: Engine, days: int) -> None:
    """A clock that stands, stored where every process reads it."""
    value = VirtualTime(MONDAY + timedelta(days=days), MONDAY, 0.0).dump()
    with engine.transaction() as connection:
        connection.execute(setting.delete().where(setting.c.key == SETTING))
        connection.execute(setting.insert(), {"key": SETTING, "value": value})


def run_and_kill(url: str, after: int, pause: float = 0.0) -> int:
    """Start a worker and kill it after so many lines and a pause; returns how many it wrote till
    then. The first says that it begins, each other that a handler has been called."""
    command = [sys.executable, "-m", "tests.world.timer_worker", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        reported = 0
        for _ in worker.stdout:
            reported += 1
            if reported == after:
                time.sleep(pause)
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
        return bool(jobs.due(connection, engine.on(connection).now(), 1))


def with_ledger(url: str) -> Engine:
    """An engine at day 0, on a database that counts what handlers did."""
    engine = Engine.open(url, timer_worker.HANDLERS)
    with engine.transaction() as connection:
        connection.execute(text(timer_worker.LEDGER))
    set_clock(engine, 0)
    return engine


def let_workers_die(engine: Engine, url: str, chance: random.Random, most: int) -> None:
    """Workers that are killed at any moment, the first of them soon after it begins, as long as
    there is much to do; then one that lives does the rest."""
    run_and_kill(url, 1, chance.uniform(0, SOON_SECONDS))
    for _ in range(1, DEATHS):
        run_and_kill(url, chance.randrange(1, most), chance.uniform(0, 0.02))
    run_until_nothing_is_due(engine)


def entries(engine: Engine) -> Counter[tuple[str, str]]:
    """How often each (instance, what was done there) is in the ledger."""
    with engine.reading() as connection:
        rows = connection.execute(text("SELECT instance_id, what FROM ledger"))
        return Counter((str(id), what) for id, what in rows)


@pytest.mark.long
def test_each_timer_fires_exactly_once_though_workers_are_killed(database_url: str) -> None:
    chance = random.Random(20260302)
    engine = with_ledger(database_url)
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


PROCESSES, STARTS = 5, 8


def timed(key: str) -> bytes:
    """A process with several start events, each with a timer a day and a step of its own."""
    parts = []
    for number in range(STARTS):
        begin, step = f"begin_{number}", f"{key}_{number}"
        parts += [start(begin, timer("R/P1D", "timeCycle")), service_task(step, "work")]
        parts += [flow(begin, step), flow(step, "look")]
    return bpmn(process(key, *parts, user_task("look")))


@pytest.mark.long
def test_each_occurrence_starts_one_case_though_workers_are_killed(database_url: str) -> None:
    chance, engine = random.Random(20260303), with_ledger(database_url)
    keys = [f"p{number}" for number in range(PROCESSES)]
    engine.deploy({f"{key}.bpmn": timed(key) for key in keys}, "owner")
    for day in range(1, 3):
        set_clock(engine, day)
        let_workers_die(engine, database_url, chance, PROCESSES * STARTS // DEATHS)
        found = entries(engine)
        assert set(found.values()) == {1}, "no step was done twice"
        steps = Counter(what for _, what in found)
        assert steps == {f"{key}_{n}": day for key in keys for n in range(STARTS)}
        cases = [case for key in keys for case in cases_of(engine, key)]
        assert {str(case.id) for case in cases} == {id for id, _ in found}
        assert all(open_elements(engine, case.id) == ["look"] for case in cases)
    assert engine.incidents() == []
    engine.close()


BOTH = Part(timer("P1D").xml + condition("level > 0").xml)
EITHER = Part(timer("P1D").xml + event("message", "never").xml)


def undone(on: str) -> tuple[Part, ...]:
    """What undoes a step, by a handler."""
    handler = service_task(f"undo_{on}", "work", isForCompensation=True)
    ends = f'sourceRef="{on}_undoable" targetRef="undo_{on}"'
    link = f'<association id="{on}_to_undo" {ends} associationDirection="One"/>'
    return boundary(f"{on}_undoable", on, event("compensate")), Part(handler.xml + link)


CHAIN = (
    start(),
    service_task("book", "work"),
    service_task("pay", "work"),
    catch("a_day", timer("P1D")),
    script_task("raise", "level = level + 1"),
    node("intermediateCatchEvent", "both", BOTH, parallelMultiple=True),
    throw("undo", compensate()),
    catch("either", EITHER),
    service_task("done", "work"),
    end(),
)
NOTED = sub_process(
    "noted",
    start("rises", condition("level > 0"), isInterrupting=False),
    service_task("note", "work"),
    triggeredByEvent=True,
)
BOOKED = bpmn(
    process(
        "booked",
        *CHAIN,
        *undone("book"),
        *undone("pay"),
        NOTED,
        *(flow(one.id, two.id) for one, two in pairwise(CHAIN)),
    )
)
"""Three days of conditions, compensation and events with several definitions."""
BY_DAY = (
    {"book", "pay"},
    {"book", "pay", "note"},
    {"book", "pay", "note", "undo_book", "undo_pay"},
    {"book", "pay", "note", "undo_book", "undo_pay", "done"},
)
CASES = 40


@pytest.mark.long
def test_what_newer_elements_do_is_done_once_though_workers_are_killed(database_url: str) -> None:
    chance, engine = random.Random(20260304), with_ledger(database_url)
    engine.deploy({"booked.bpmn": BOOKED}, "owner")
    cases = [engine.start("booked", {"level": 0}) for _ in range(CASES)]
    for day, done in enumerate(BY_DAY):
        if day:
            set_clock(engine, day)
            let_workers_die(engine, database_url, chance, CASES // DEATHS)
        assert entries(engine) == {(str(case), what): 1 for case in cases for what in done}
    assert {engine.instance(case).status for case in cases} == {"completed"}
    assert all(engine.broken_history(case) is None for case in cases)
    assert engine.incidents() == []
    engine.close()
