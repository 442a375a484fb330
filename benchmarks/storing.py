"""Bytes that a closed follow-up of average life leaves on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg

from benchmarks import ministry
from benchmarks.databases import Databases, with_driver
from benchmarks.ministry import ACCEPTED, PLAN, PROGRESS, REPORT, Ministry
from benchmarks.report import Line
from engine.storage import counters

SECTION = "stored bytes of a closed follow-up (8 human tasks, 3 escalations, 1 return)"
INSTITUTIONS = 60
FEWEST = 30
"""Number of cases: tables and indexes have pages of 8 KiB, which would dominate the figure of fewer
cases."""
ESCALATIONS = 3
WORKED = (("implement", {**PROGRESS, "percent": 100, "done": "yes"}), ("report", REPORT))
ENGINE_TABLES = (
    "instance", "instance_state", "task", "task_candidate", "task_draft", "subscription",
    "external_task", "message", "job", "incident", "event", "counter", "counter_delta",
)  # fmt: skip


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section: medians of several lives, with the smallest and the largest."""
    count = max(FEWEST, int(INSTITUTIONS * scale))
    lives = [_life(databases, count) for _ in range(runs)]
    reference, typed = "(what people typed)", _typed()
    return [
        Line.of(
            SECTION, what, found, "bytes", reference=reference, beside=typed, goal=goal,
            note=f"{len(found)} runs of {count} cases",
        )
        for what, goal, found in (
            ("engine, indexes and history", "<= 15 KB", [engine for engine, _ in lives]),
            ("register, mails and audit too", "", [whole for _, whole in lives]),
        )
    ]  # fmt: skip


def _life(databases: Databases, count: int) -> tuple[float, float]:
    """Bytes of a case in the engine's tables, and in all tables: one recommendation's own rows are
    divided among its follow-ups."""
    url = databases.postgresql_url("")
    place = ministry.found(with_driver(url), databases.folder / "files", count)
    before, engine_before = _bytes(url), _bytes(url, ENGINE_TABLES)
    recommendation, _ = place.issue()
    cases = place.follow_ups(recommendation)
    _live(place, cases)
    for case in cases.values():
        assert place.service.engine.instance(place.instance(case)).status == "completed"
    _fold(place)
    place.service.close()  # while another transaction may read them, a vacuum keeps deleted rows
    whole = (_bytes(url) - before) / count
    engine = (_bytes(url, ENGINE_TABLES) - engine_before) / count
    return engine, whole


def _fold(place: Ministry) -> None:
    """Do the scheduler's folding of every ten seconds: otherwise deltas of counters would count as
    bytes of the cases, some thousands for each."""
    with place.service.transaction() as connection:
        counters.fold(connection)


def _live(place: Ministry, cases: Mapping[str, UUID]) -> None:
    """The life of a follow-up: acknowledged late, after three levels of escalation; worked on,
    returned once, conforming."""
    _wait_for_escalations(place, next(iter(cases.values())))
    for element, answers in (("acknowledge", ACCEPTED), ("plan", PLAN), *WORKED):
        _each(place, cases, element, answers)
    deadline = (place.today() + timedelta(days=14)).isoformat()
    notes = "Lampirkan data produksi."
    back = {"verdict": "not_yet_conforms", "notes": notes, "rework_deadline": deadline}
    for verdict, more in ((back, WORKED), ({"verdict": "conforms"}, ())):
        for case in cases.values():
            place.do("coordinator", "evaluate", case, verdict)
        for element, answers in more:
            _each(place, cases, element, answers)


def _each(
    place: Ministry, cases: Mapping[str, UUID], element: str, answers: Mapping[str, Any]
) -> None:
    for code, case in cases.items():
        place.do(code, element, case, answers)


def _wait_for_escalations(place: Ministry, case: UUID) -> None:
    """Let days pass until the third escalation of the case."""
    while _timers(place, case) < ESCALATIONS:
        place.pass_days(1)


def _timers(place: Ministry, case: UUID) -> int:
    history = place.service.engine.history(place.instance(case))
    return sum(event.kind == "timer" for event in history)


def _bytes(url: str, names: tuple[str, ...] = ()) -> int:
    """Bytes of tables with their indexes, packed as after a vacuum: all, or the named ones."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        found = connection.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return sum(size for name, size in found if not names or name in names)


def _typed() -> int:
    """Bytes of the answers that people give in such a life."""
    given = (ACCEPTED, PLAN, PROGRESS, REPORT, PROGRESS, REPORT)
    return sum(len(json.dumps(one)) for one in given)
