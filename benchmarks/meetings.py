"""Rakor: the inventory sheet over 300 recommendations and 100 institutions, a page and the whole;
and reports asked of 100 institutions at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select
from uuid_utils.compat import uuid7

from benchmarks import ministry
from benchmarks.databases import Databases
from benchmarks.ministry import Ministry
from benchmarks.report import Line
from processes.acts.reading import opened
from processes.meetings import sheet
from processes.storage.meetings import meeting_rows
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.written_report import asking
from processes.written_report.asking import Wanted

RECOMMENDATIONS = 300
INSTITUTIONS = 100


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    whole, bodies = max(3, int(RECOMMENDATIONS * scale)), max(2, int(INSTITUTIONS * scale))
    return [
        *_both("PostgreSQL", databases.postgresql_url(), databases.folder / "pg", whole, bodies,
               runs),
        *_both("SQLite", databases.sqlite_url(), databases.folder / "lite", whole, bodies, runs),
    ]  # fmt: skip


def _both(name: str, url: str, folder: Path, whole: int, bodies: int, runs: int) -> list[Line]:
    place = ministry.found(url, folder, bodies)
    id, _ = place.issue()
    asked = [_timed(lambda: _ask(place, id)) for _ in range(runs)]
    with place.service.transaction() as connection:
        for number in range(1, whole):
            _copy(connection, id, number)
    rakor = _covering(place)
    page = [_timed(lambda: _read(place, rakor, sheet.PAGE)) for _ in range(runs)]
    rows = [_timed(lambda: _read(place, rakor, sheet.ALL_ROWS)) for _ in range(runs)]
    place.service.close()
    section = f"a rakor over {whole} recommendations and {bodies} institutions"
    return [
        Line.of(section, f"{name}: a page of its sheet", page, "s", goal="< 0.3 s"),
        Line.of(
            section,
            f"{name}: all rows read, without writing Excel",
            rows,
            "s",
            goal="well below 5 s",
        ),
        Line.of(section, f"{name}: reports asked of each", asked, "s", goal="<= 3 s"),
    ]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _ask(place: Ministry, id: UUID) -> None:
    """Until each institution has its task."""
    day = place.today()
    wanted = Wanted("Laporan", "Mohon.", "B-1", day, day + timedelta(days=10), frozenset([id]))
    asking.ask(place.service, place.scopes["coordinator"], wanted)
    place.service.engine.run_due()


def _read(place: Ministry, rakor: UUID, limit: int) -> None:
    with opened(place.service, place.scopes["coordinator"]) as at:
        found = sheet.sheet(at, rakor, limit=limit)
    assert found.rows.items, "otherwise nothing is measured"


def _covering(place: Ministry) -> UUID:
    """A rakor over all of them; nobody opens its process."""
    id = uuid7()
    with place.service.transaction() as connection:
        meeting_rows.insert_new(connection, id, uuid7(), "coordinator", ministry.MONDAY)
        every = connection.scalars(select(recommendation.c.id)).all()
        meeting_rows.cover(connection, id, every)
    return id


def _copy(connection: Connection, id: UUID, number: int) -> None:
    """Another recommendation with its follow-ups; nobody opens their state."""
    new = uuid7()
    of_whole = {"id": new, "instance_id": uuid7(), "number": f"REK-2026-{number:04}-X"}
    _again(connection, recommendation, recommendation.c.id == id, lambda: of_whole)
    mine = follow_up.c.recommendation_id == id
    _again(
        connection, follow_up, mine,
        lambda: {"id": uuid7(), "instance_id": uuid7(), "recommendation_id": new},
    )  # fmt: skip


def _again(
    connection: Connection, table: Table, mine: Any, changes: Callable[[], Mapping[str, Any]]
) -> None:
    rows = connection.execute(select(table).where(mine)).mappings().all()
    connection.execute(insert(table), [{**row, **changes()} for row in rows])
