"""Statements for stand-ins: who stands in for whom, and what they have while they do.

Owns the SQL on `stand_in`, and the rows of `user_role` and `membership` that name one. Must not
know who may name a stand-in (`processes.people.stand_ins`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from processes.register.posts import LASTING, StandInKind, StandInState
from processes.storage.people.users import Membership
from processes.storage.tables.people import membership, stand_in, user, user_role


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who has a post for a time. `post`: its group; `holder_id` None: the post is vacant;
    `deputy_id` None: its holder is on leave, and nobody stands in."""

    id: UUID
    post: str
    rank: str | None
    holder_id: UUID | None
    deputy_id: UUID | None
    kind: StandInKind
    from_day: date
    to_day: date
    letter: str
    reason: str
    state: StandInState
    named_at: datetime
    named_by: str
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


_COLUMNS: Final = [stand_in.c[name] for name in StandIn.__slots__]


def add(connection: Connection, row: StandIn) -> None:
    """Store a new one."""
    connection.execute(insert(stand_in).values({n: getattr(row, n) for n in StandIn.__slots__}))


def find(connection: Connection, id: UUID) -> StandIn | None:
    """One of them."""
    row = connection.execute(select(*_COLUMNS).where(stand_in.c.id == id)).one_or_none()
    return None if row is None else StandIn(*row)


def move(
    connection: Connection, found: StandIn, to: StandInState, **values: datetime | str
) -> bool:
    """Change the state; False if somebody else has changed it since it was read."""
    as_read = (stand_in.c.id == found.id) & (stand_in.c.state == found.state)
    moved = connection.execute(update(stand_in).where(as_read).values(state=to, **values))
    return moved.rowcount == 1


def of_post(connection: Connection, post: str) -> list[StandIn]:
    """Those of a post that have not ended, by their first day."""
    return _lasting(connection, stand_in.c.post == post)


def about(connection: Connection, user_id: UUID) -> list[StandIn]:
    """Those that have not ended in which somebody is stood in for, or stands in."""
    mine = or_(stand_in.c.holder_id == user_id, stand_in.c.deputy_id == user_id)
    return _lasting(connection, mine)


def _lasting(connection: Connection, which: ColumnElement[bool]) -> list[StandIn]:
    rows = connection.execute(
        select(*_COLUMNS)
        .where(which, stand_in.c.state.in_(LASTING))
        .order_by(stand_in.c.from_day, stand_in.c.id)
    )
    return [StandIn(*row) for row in rows]


def give(connection: Connection, found: StandIn, part: Membership | None) -> None:
    """Give the deputy what the post has: a part in an institution, else the role. What they have
    already is not given twice."""
    table, values = _given(found, part)
    own = [table.c[name] == value for name, value in values.items() if name != "rank"]
    if connection.execute(select(table.c.user_id).where(*own)).first() is None:
        connection.execute(insert(table).values(**values, stand_in_id=found.id))


def _given(found: StandIn, part: Membership | None) -> tuple[Any, Mapping[str, Any]]:
    if part is None:
        return user_role, {"user_id": found.deputy_id, "role": found.post, "rank": found.rank}
    code, role = part.institution_code, part.role
    return membership, {"user_id": found.deputy_id, "institution_code": code, "role": role}


def take_back(connection: Connection, id: UUID) -> None:
    """Take from the deputy what they had as a stand-in."""
    for table in (user_role, membership):
        connection.execute(delete(table).where(table.c.stand_in_id == id))


@dataclass(frozen=True, slots=True)
class Stood:
    """A time in which somebody had a post as a stand-in; `until` None: they have it still."""

    username: str
    post: str
    kind: StandInKind
    since: datetime
    until: datetime | None


def stood(connection: Connection, usernames: Collection[str]) -> Sequence[Stood]:
    """When these people stood in for somebody."""
    rows = connection.execute(
        select(
            user.c.username,
            stand_in.c.post,
            stand_in.c.kind,
            stand_in.c.begun_at,
            stand_in.c.ended_at,
        )
        .join(user, user.c.id == stand_in.c.deputy_id)
        .where(user.c.username.in_(list(usernames)), stand_in.c.begun_at.is_not(None))
        .order_by(stand_in.c.from_day)
    )
    return [Stood(*row) for row in rows]
