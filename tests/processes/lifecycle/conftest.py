"""Handlers called by themselves: a step of plain values, rows in SQLite, and their changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, select, update
from uuid_utils.compat import uuid7

from engine.ports.handlers import NewJob, Refusal
from processes.rights.grants import granted
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.files.evidence import Upload, insert_upload
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW, Data, person
from tests.processes.made_cases import a_case, a_recommendation

TODAY = date(2026, 3, 17)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@dataclass
class ByHand:
    """`engine.ports.handlers.Step` as values; what the handler asks of it is kept."""

    connection: Connection
    instance_id: UUID
    business_key: str | None
    process_key: str
    answers: dict[str, object]
    data: dict[str, object]
    by: str | None = "ani"
    now: datetime = NOW
    element_id: str = "element"
    element_name: str = "Element"
    task_id: UUID | None = None
    inputs: dict[str, object] = field(default_factory=dict)
    jobs: list[NewJob] = field(default_factory=list)
    sent: list[tuple[str, str, Mapping[str, object]]] = field(default_factory=list)
    started: list[tuple[str, UUID, str, Mapping[str, object]]] = field(default_factory=list)
    deadlines: list[tuple[str | None, datetime | None]] = field(default_factory=list)
    numbered: list[tuple[str, int]] = field(default_factory=list)
    announced: list[object] = field(default_factory=list)

    def enqueue(self, job: NewJob) -> None:
        self.jobs.append(job)

    def announce(self, notice: object) -> None:
        self.announced.append(notice)

    def send(self, message: str, key: str, payload: Mapping[str, object]) -> None:
        self.sent.append((message, key, payload))

    def start(self, *wanted: Any) -> None:
        self.started.append(wanted)

    def number(self, series: str, year: int) -> int:
        self.numbered.append((series, year))
        return 40 + len(self.numbered)

    def set_deadline(self, element_id: str | None, due_at: datetime | None) -> None:
        self.deadlines.append((element_id, due_at))


@dataclass
class Desk:
    """A case and the steps made on it by hand."""

    connection: Connection
    id: UUID
    instance_id: UUID
    process_key: str

    def step(self, data: Mapping[str, object] | None = None, **answers: object) -> ByHand:
        return ByHand(
            self.connection, self.instance_id, str(self.id), self.process_key, answers,
            dict(data or {}),
        )  # fmt: skip

    def refused(self, handler: Any, data: Any = None, **answers: object) -> set[str]:
        """The fields that a handler complains about; nothing may have been written."""
        with pytest.raises(Refusal) as refusal:
            handler(self.step(data, **answers))
        return set(refusal.value.fields)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row, the oldest first."""
        found = self.connection.execute(select(table).order_by(table.c.id))
        return [dict(row) for row in found.mappings()]

    def row(self, table: Table) -> dict[str, Any]:
        """The only row."""
        [only] = self.rows(table)
        return only

    def change(self, **values: object) -> None:
        """Put the case into the state a test needs."""
        table = follow_up if self.process_key == "follow_up" else recommendation
        self.connection.execute(update(table).where(table.c.id == self.id).values(**values))

    @property
    def follow_up(self) -> FollowUp:
        found = follow_up_rows.find(self.connection, self.id)
        assert found is not None
        return found

    @property
    def recommendation(self) -> Recommendation:
        found = recommendation_rows.find(self.connection, self.id)
        assert found is not None
        return found

    def upload(self, owner: str = "ani") -> str:
        """A file beside the form; its id as the form sends it."""
        row = Upload(
            uuid7(), owner, None, "0" * 64, "bukti.pdf", "application/pdf", 10, NOW,
            NOW + timedelta(days=7),
        )  # fmt: skip
        insert_upload(self.connection, row)
        return str(row.id)


@pytest.fixture
def connection(small: Data) -> Iterator[Connection]:
    person(small, "rina", granted(contact_of="kemhan"))
    with small.transaction() as opened:
        yield opened


@pytest.fixture
def part(connection: Connection) -> Desk:
    """A follow-up of Kemhan, to be done by 1 December 2026; another one stands beside it."""
    a_case(connection, "kemenkeu")
    id, instance_id = a_case(connection, "kemhan")
    return Desk(connection, id, instance_id, "follow_up")


@pytest.fixture
def whole(connection: Connection) -> Desk:
    """A recommendation led by Kemhan, supported by Kemenperin, BRIN being told; not issued yet."""
    roles = {"brin": "information", "kemhan": "lead", "kemenperin": "supporting"}
    a_recommendation(connection, {"kemenkeu": "lead"})
    id, instance_id = a_recommendation(connection, roles, issued=False)
    return Desk(connection, id, instance_id, "recommendation")


def part_of(desk: Desk, institution: str, **values: object) -> UUID:
    """A follow-up of the recommendation at hand."""
    row = FollowUp(
        id=uuid7(), recommendation_id=desk.id, institution=institution, role="supporting",
        instance_id=uuid7(), kind=None, status="plan", status_since=NOW, round=1, deadline=TODAY,
        rework_deadline=None, contact=None, claimed_status=None, claimed_percent=None,
        claimed_at=None, verdict=None, verdict_at=None, issued_at=NOW, closed_at=None,
    )  # fmt: skip
    follow_up_rows.insert_all(desk.connection, [row])
    if values:
        desk.connection.execute(update(follow_up).where(follow_up.c.id == row.id).values(**values))
    return row.id
