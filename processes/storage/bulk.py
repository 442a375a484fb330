"""Acts on many: one row with author and reason, and one row for each part.

Owns the tables and the SQL on them, and the job of each part. Must not know any such act
(`processes.acts.bulk` and the planning modules).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from uuid_utils.compat import uuid7

from engine.storage.cases import incidents
from engine.storage.database.types import DATA, ID, UtcDateTime
from engine.storage.later.jobs import job_row
from engine.storage.tables import job
from processes.ground.payloads import DoPart
from processes.register.states import PartState
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

bulk_act = Table(
    "bulk_act",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", WORD, nullable=False),
    # The subject, `kind:name` as in the audit.
    Column("subject", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("facts", DATA, nullable=False),
    # The author, whose rights each part asks again. No foreign key, because the operator has no
    # account.
    Column("user_id", ID, nullable=False),
    Column("by", NAME, nullable=False),
    Column("token_id", ID, nullable=True),
    Column("at", UtcDateTime, nullable=False),
    # newest: of one subject
    Index(None, "subject", "kind", "at"),
)

bulk_part = Table(
    "bulk_part",
    metadata,
    Column("id", ID, primary_key=True),
    Column("act_id", ID, ForeignKey("bulk_act.id"), nullable=False),
    # The task or case of the part.
    Column("about", ID, nullable=False),
    Column("facts", DATA, nullable=False),
    Column("state", Member(PartState), nullable=False),
    one_of("state", PartState),
    # count: n of m
    Index(None, "act_id", "state"),
)


@dataclass(frozen=True, slots=True)
class BulkAct:
    """A decision on many cases at once."""

    id: UUID
    kind: str
    subject: str
    reason: str
    facts: Mapping[str, Any]
    user_id: UUID
    by: str
    token_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """The part for one task or case. `id` is the request id of its step."""

    id: UUID
    of: BulkAct
    about: UUID
    facts: Mapping[str, Any]
    state: PartState


@dataclass(frozen=True, slots=True)
class Count:
    """The progress of an act on many. `failed`: incidents to be repaired."""

    planned: int = 0
    done: int = 0
    left: int = 0
    refused: int = 0
    failed: int = 0
    stuck: frozenset[UUID] = field(default=frozenset(), compare=False)
    """Those that failed are among these."""

    @property
    def waiting(self) -> int:
        """The number of parts still to do."""
        return self.planned - self.done - self.left - self.refused - self.failed


ACT = [bulk_act.c[name] for name in BulkAct.__slots__]


def plan(
    connection: Connection,
    wanted: BulkAct,
    parts: Sequence[tuple[UUID, Mapping[str, Any]]],
    due_at: datetime | None = None,
) -> None:
    """Store an act with its parts (their task or case, and their facts), and a job for each, which
    is due at that time, else at once."""
    values = {name: getattr(wanted, name) for name in BulkAct.__slots__}
    connection.execute(insert(bulk_act).values(values))
    own = {"act_id": wanted.id, "state": PartState.WAITING}
    found = [(uuid7(), about, facts) for about, facts in parts]
    rows = [{**own, "id": id, "about": about, "facts": facts} for id, about, facts in found]
    connection.execute(insert(bulk_part), rows)
    jobs = [job_row(DoPart.kind, due_at or wanted.at, DoPart(id).encode()) for id, _, _ in found]
    connection.execute(insert(job), jobs)


def find(connection: Connection, part_id: UUID) -> Part | None:
    """One part, with the act that it belongs to."""
    own = bulk_part.c
    row = connection.execute(
        select(own.about, own.facts.label("part_facts"), own.state, *ACT)
        .join(bulk_act, bulk_act.c.id == own.act_id)
        .where(own.id == part_id)
    ).one_or_none()
    if row is None:
        return None
    return Part(part_id, BulkAct(*row[3:]), row.about, row.part_facts, row.state)


def settle(connection: Connection, part_id: UUID, state: PartState) -> bool:
    """Store the result of a waiting part; False if it does not wait any more."""
    waits = (bulk_part.c.id == part_id) & (bulk_part.c.state == PartState.WAITING)
    done = connection.execute(update(bulk_part).where(waits).values(state=state))
    return done.rowcount == 1


def mend(connection: Connection, part_id: UUID) -> None:
    """Mark a part as done whose step had failed."""
    mended = update(bulk_part).where(bulk_part.c.id == part_id).values(state=PartState.DONE)
    connection.execute(mended)


def newest(connection: Connection, kind: str, subject: str) -> BulkAct | None:
    """The newest act of this kind about a subject."""
    row = connection.execute(
        select(*ACT)
        .where(bulk_act.c.subject == subject, bulk_act.c.kind == kind)
        .order_by(bulk_act.c.at.desc(), bulk_act.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else BulkAct(*row)


def count(connection: Connection, act_id: UUID) -> Count:
    """The progress of an act."""
    mine = bulk_part.c.act_id == act_id
    rows = connection.execute(
        select(bulk_part.c.state, func.count()).where(mine).group_by(bulk_part.c.state)
    )
    counts = {row[0]: row[1] for row in rows}
    overtaken = mine & (bulk_part.c.state == PartState.LEFT)
    opened = stuck(connection)
    stopped = select(func.count()).where(overtaken, bulk_part.c.id.in_(opened))
    failed = connection.scalar(stopped) or 0
    return Count(
        planned=sum(counts.values()),
        done=counts.get(PartState.DONE, 0),
        left=counts.get(PartState.LEFT, 0) - failed,
        refused=counts.get(PartState.REFUSED, 0),
        failed=failed,
        stuck=opened,
    )


def is_waiting(connection: Connection, act_id: UUID) -> bool:
    """Whether any part of an act is still to be done."""
    waits = (bulk_part.c.act_id == act_id) & (bulk_part.c.state == PartState.WAITING)
    return connection.scalar(select(bulk_part.c.id).where(waits).limit(1)) is not None


def stuck(connection: Connection) -> frozenset[UUID]:
    """The parts whose step failed and waits as an open incident; also ids of other steps."""
    found = (part_of(one.command) for one in incidents.opened(connection))
    return frozenset(id for id in found if id is not None)


def part_of(command: Mapping[str, Any]) -> UUID | None:
    """The part of a step, from its command: its id, if the request id is one."""
    try:
        return UUID(str(command.get("request_id")))
    except ValueError:
        return None
