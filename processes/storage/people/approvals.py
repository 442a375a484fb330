"""Table and statements of requests for approval: one administrator asks a second one.

Owns the rows, decided ones too. Must not know who may decide (`processes.people.approvals`) or the
effect of an approval.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args
from uuid import UUID

from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, func, insert, select
from sqlalchemy import update as sql_update

from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.ground.paging import Cursor
from processes.register.states import RequestState
from processes.storage.keyset import along, beyond
from processes.storage.people.users import check_person
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import Member, one_of

ActOfPerson: TypeAlias = Literal["rights", "mail", "link"]
WantedAct: TypeAlias = ActOfPerson | Literal["reopen", "topics"]
OF_PERSONS: Final[tuple[ActOfPerson, ...]] = get_args(ActOfPerson)
ACTS: Final[tuple[WantedAct, ...]] = (*OF_PERSONS, "reopen", "topics")
"""rights: roles, memberships and clearance of an account; mail: its address; link: one to choose
its password by, shown on a page; reopen: a closed account; topics: those that a token of a service
account may work on in real cases."""

approval = Table(
    "approval",
    metadata,
    Column("id", ID, primary_key=True),
    Column("act", String(10), nullable=False),
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), nullable=False),
    Column("details", DATA, nullable=False),
    Column("proposed_by", String(60), nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", Member(RequestState, 10), nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
    Column("reason", String(500), nullable=False),
    one_of("act", ACTS),
    one_of("state", RequestState),
    # of_user, withdraw: the waiting requests about an account.
    Index("ix_approval_user_id", "user_id", "state"),
    # page and count_waiting: the list, and the number in every administrator's menu.
    Index("ix_approval_state", "state", "id"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `details`: the changes; `proposed_by`, `decided_by`: accounts."""

    id: UUID
    act: WantedAct
    user_id: UUID
    details: dict[str, Any]
    proposed_by: str
    proposed_at: datetime
    expires_at: datetime
    state: RequestState
    decided_by: str
    decided_at: datetime | None
    reason: str

    def open(self, now: datetime) -> bool:
        """Whether it can still be decided."""
        return self.state == RequestState.WAITING and now < self.expires_at


REQUEST = [approval.c[name] for name in Request.__slots__]


def insert_request(connection: Connection, row: Request) -> None:
    """Store a new request. Raises `Conflict` for a right that this kind of account cannot have."""
    if row.act in OF_PERSONS:
        check_person(connection, row.user_id)
    connection.execute(insert(approval).values({n: getattr(row, n) for n in Request.__slots__}))


def find(connection: Connection, id: UUID) -> Request | None:
    """One request. A caller that decides it locks the account first."""
    found = connection.execute(select(*REQUEST).where(approval.c.id == id)).one_or_none()
    return Request(*found) if found else None


def decide(
    connection: Connection,
    id: UUID,
    state: RequestState,
    by: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Store the end of a request."""
    connection.execute(
        sql_update(approval)
        .where(approval.c.id == id)
        .values(state=state, decided_by=by, decided_at=now, reason=reason)
    )


def waiting_about(
    connection: Connection, user_id: UUID, now: datetime, acts: Collection[str] = ACTS
) -> list[Request]:
    """The waiting requests about an account, oldest first."""
    question = select(*REQUEST).where(
        approval.c.user_id == user_id,
        approval.c.state == RequestState.WAITING,
        approval.c.act.in_(acts),
        approval.c.expires_at > now,
    )
    return [Request(*row) for row in connection.execute(question.order_by(approval.c.id))]


def of_user(connection: Connection, user_id: UUID, limit: int) -> list[Request]:
    """The newest requests about an account, decided or not."""
    question = select(*REQUEST).where(approval.c.user_id == user_id)
    newest = question.order_by(approval.c.id.desc()).limit(limit)
    return [Request(*row) for row in connection.execute(newest)]


def page(
    connection: Connection,
    *,
    waiting_at: datetime | None,
    at: Cursor[UUID] | None,
    limit: int,
    decider: tuple[str, UUID] | None = None,
) -> list[Request]:
    """Requests, newest first; with `waiting_at` those that wait at that time, with `decider` (name
    and id of an account) those that this person can decide."""
    key = (approval.c.id,)
    question = select(*REQUEST).where(beyond(key, at, descending=True))
    if waiting_at is not None:
        question = question.where(_waiting(waiting_at))
    if decider is not None:
        question = question.where(_theirs(*decider))
    question = question.order_by(*along(key, at, descending=True)).limit(limit)
    return [Request(*row) for row in connection.execute(question)]


def count_waiting(connection: Connection, now: datetime, username: str, user_id: UUID) -> int:
    """The number of waiting requests that this person neither made nor is the subject of."""
    waiting = (_waiting(now), _theirs(username, user_id))
    question = select(func.count()).select_from(approval).where(*waiting)
    return connection.execute(question).scalar_one()


def _theirs(username: str, user_id: UUID) -> Any:
    return (approval.c.proposed_by != username) & (approval.c.user_id != user_id)


def _waiting(now: datetime) -> Any:
    return (approval.c.state == RequestState.WAITING) & (approval.c.expires_at > now)
