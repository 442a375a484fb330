"""Tables and statements of ordered compilations: what is wanted, how far it is, and its files.

Owns the rows. Must not know what a compilation says (`processes.papers.compilation_orders`) or who
may read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from engine.storage.database.types import DATA, ID, UtcDateTime
from engine.storage.later.jobs import job_row
from engine.storage.tables import job
from processes.ground.payloads import MakeCompilation
from processes.register.compilation_states import ORDER_MOVES, UNDER_WAY, OrderState
from processes.register.vocabulary import CLASSIFICATIONS, Classification
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

compilation_order = Table(
    "compilation_order",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, nullable=False),
    Column("by", NAME, nullable=False),
    Column("selection", DATA, nullable=False),
    Column("language", String(10), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("state", Member(OrderState), nullable=False),
    # n of m: recommendations read and files written.
    Column("done", Integer, nullable=False),
    Column("planned", Integer, nullable=False),
    # The highest of all that stands in it: who fetches it must be cleared for that.
    Column("classification", WORD),
    Column("at", UtcDateTime, nullable=False),
    Column("begun_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    one_of("state", OrderState),
    one_of("classification", CLASSIFICATIONS),
    # of_person, newest first; under_way
    Index(None, "user_id", "id"),
    # expire: the daily cleaning
    Index(None, "state", "expires_at"),
)

compilation_file = Table(
    "compilation_file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("order_id", ID, ForeignKey("compilation_order.id"), nullable=False),
    Column("form", String(10), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    # files_of
    Index(None, "order_id"),
    # digests_in_use: is a blob still needed?
    Index(None, "sha256"),
)


@dataclass(frozen=True, slots=True)
class CompilationOrder:
    """A compilation that somebody ordered."""

    id: UUID
    user_id: UUID
    by: str
    selection: Mapping[str, Any]
    language: str
    zone: str
    state: OrderState
    done: int
    planned: int
    classification: Classification | None
    at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to be made."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class CompilationFile:
    """One form of it. `size` in bytes."""

    id: UUID
    order_id: UUID
    form: str
    sha256: str
    name: str
    type: str
    size: int


ORDER = [compilation_order.c[name] for name in CompilationOrder.__slots__]
FILE = [compilation_file.c[name] for name in CompilationFile.__slots__]


def add(connection: Connection, row: CompilationOrder) -> None:
    """Store an order, and the job that makes it."""
    values = {name: getattr(row, name) for name in CompilationOrder.__slots__}
    connection.execute(insert(compilation_order).values(values))
    wanted = job_row(MakeCompilation.kind, row.at, MakeCompilation(row.id).encode())
    connection.execute(insert(job), [wanted])


def find(connection: Connection, id: UUID) -> CompilationOrder | None:
    """One order."""
    mine = compilation_order.c.id == id
    row = connection.execute(select(*ORDER).where(mine)).one_or_none()
    return CompilationOrder(*row) if row else None


def of_person(connection: Connection, user_id: UUID, limit: int) -> list[CompilationOrder]:
    """The newest orders of a person, newest first."""
    rows = connection.execute(
        select(*ORDER)
        .where(compilation_order.c.user_id == user_id)
        .order_by(compilation_order.c.id.desc())
        .limit(limit)
    )
    return [CompilationOrder(*row) for row in rows]


def under_way(connection: Connection, user_id: UUID) -> int:
    """How many orders of a person are still to be made."""
    mine = compilation_order.c.user_id == user_id
    waits = compilation_order.c.state.in_(UNDER_WAY)
    found = select(func.count()).select_from(compilation_order).where(mine, waits)
    return int(connection.execute(found).scalar_one())


class Known(TypedDict, total=False):
    """What is known of an order once it has come to a state."""

    done: int
    classification: Classification
    begun_at: datetime
    ended_at: datetime
    expires_at: datetime


def move(connection: Connection, id: UUID, to: OrderState, known: Known) -> bool:
    """Bring an order to a state, with the day of that and what is known by then; False if it does
    not stand where `ORDER_MOVES` lets it come from."""
    stands = compilation_order.c.state.in_(ORDER_MOVES[to])
    moved = update(compilation_order).where(compilation_order.c.id == id, stands)
    return connection.execute(moved.values(state=to, **known)).rowcount == 1


def note_progress(connection: Connection, id: UUID, done: int) -> None:
    """Store how far it is."""
    mine = compilation_order.c.id == id
    connection.execute(update(compilation_order).where(mine).values(done=done))


def add_files(connection: Connection, rows: Sequence[CompilationFile]) -> None:
    """Store the facts of its files."""
    values = [{name: getattr(row, name) for name in CompilationFile.__slots__} for row in rows]
    connection.execute(insert(compilation_file), values)


def files_of(connection: Connection, order_ids: Sequence[UUID]) -> list[CompilationFile]:
    """The files of these orders."""
    rows = connection.execute(
        select(*FILE)
        .where(compilation_file.c.order_id.in_(order_ids))
        .order_by(compilation_file.c.form)
    )
    return [CompilationFile(*row) for row in rows]


def expire(connection: Connection, now: datetime) -> None:
    """Give up the files that were kept long enough; the orders stay."""
    order = compilation_order.c
    old = (order.state == OrderState.READY) & (order.expires_at <= now)
    connection.execute(
        delete(compilation_file).where(compilation_file.c.order_id.in_(select(order.id).where(old)))
    )
    connection.execute(update(compilation_order).where(old).values(state=OrderState.EXPIRED))
