"""Compilations: 300 reports, one of each of 300 recommendations, made to Word, PDF and Excel."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, insert, select
from uuid_utils.compat import uuid7

from benchmarks import ministry
from benchmarks.databases import Databases
from benchmarks.ministry import Ministry
from benchmarks.report import Line
from processes.papers import compilation_orders as orders
from processes.papers.selections import Selection
from processes.register.compilation_states import OrderState
from processes.storage.files.evidence import evidence
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from web.documents import compiling

REPORTS = 300
ZONE = ZoneInfo("Asia/Jakarta")
PARAGRAPHS = 4


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    count = max(3, int(REPORTS * scale))
    files = databases.folder
    return [
        *_made("PostgreSQL", databases.postgresql_url(), files / "pg", count, runs),
        *_made("SQLite", databases.sqlite_url(), files / "lite", count, runs),
    ]


def _made(name: str, url: str, folder: Any, count: int, runs: int) -> list[Line]:
    place = ministry.found(url, folder, 1, compiling.files("https://tindak.example"))
    id, _ = place.issue()
    with place.service.transaction() as connection:
        for number in range(1, count):
            _copy(connection, id, number)
        for row in connection.execute(select(follow_up.c.id)).all():
            _reported(connection, row.id)
    seconds, cpu = [], []
    for _ in range(runs):
        orders.order(
            place.service, place.scopes["coordinator"], Selection(), language="id", zone=ZONE
        )
        begin, used = time.perf_counter(), time.process_time()
        place.service.engine.run_due()
        seconds.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    sizes = _sizes(place)
    place.service.close()
    section, whole = f"a compilation of {count} reports", "Word, PDF and Excel by the worker"
    return [
        Line.of(section, f"{name}: {whole}", seconds, "s", goal="<= 60 s"),
        Line.of(section, f"{name}: of that CPU time", cpu, "s"),
        *(Line(section, f"{name}: {form}", size / 1e6, "MB") for form, size in sizes.items()),
    ]


def _sizes(place: Ministry) -> Mapping[str, int]:
    with place.service.reading() as connection:
        [newest, *_] = orders.mine(connection, place.scopes["coordinator"])
    assert newest.order.state is OrderState.READY
    return {file.form: file.size for file in newest.files}


def _copy(connection: Connection, id: UUID, number: int) -> None:
    """Another recommendation with its follow-up; nobody opens their state."""
    new = uuid7()
    of_whole = {"id": new, "instance_id": uuid7(), "number": f"REK-2026-{number:04}-X"}
    _again(connection, recommendation, recommendation.c.id == id, of_whole)
    of_part = {"id": uuid7(), "instance_id": uuid7(), "recommendation_id": new}
    _again(connection, follow_up, follow_up.c.recommendation_id == id, of_part)


def _again(connection: Connection, table: Table, mine: Any, changes: Mapping[str, Any]) -> None:
    for row in connection.execute(select(table).where(mine)).mappings().all():
        connection.execute(insert(table), {**row, **changes})


def _reported(connection: Connection, follow_up_id: UUID) -> None:
    id, now = uuid7(), ministry.MONDAY
    told = {name: text for name, text in ministry.REPORT.items() if name in report.c}
    summary = "\n".join([str(told["summary"]) * 4] * PARAGRAPHS)
    given = {
        "id": id, "follow_up_id": follow_up_id, "round": 1, "at": now, "handed_in_at": now,
        "urgency": "ordinary", "letter_date": now.date(),
    }  # fmt: skip
    number = f"TT-{id.hex[-12:]}"
    connection.execute(
        insert(report), {**told, **given, "summary": summary, "receipt_number": number}
    )
    connection.execute(
        insert(evidence),
        {
            "id": uuid7(), "follow_up_id": follow_up_id, "report_id": id,
            "sha256": f"{id.hex}{id.hex}", "name": "bukti dukung.pdf", "type": "application/pdf",
            "size": 1000, "uploaded_by": "kl-000", "uploaded_at": now, "created_at": now,
        },
    )  # fmt: skip
