"""One agreement or directive as a value, and the handlers' questions about it.

Owns reading and changing `agreement`; each change leaves a dated row. Knows neither readers nor
rules.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from processes.register.agreement_states import (
    AgreementAct,
    AgreementDeed,
    AgreementKind,
    AgreementState,
    Holder,
    agreement_moved,
)
from processes.storage.cases.past import Dated
from processes.storage.tables.agreements import IS_OWED, agreement, agreement_past


@dataclass(frozen=True, slots=True)
class Agreement:
    """The columns of `agreement`. `number`: in its meeting; `page`: the institution on whose page
    of the meeting it was typed."""

    id: UUID
    meeting_id: UUID
    number: int
    kind: AgreementKind
    text: str
    holder: Holder | None
    institution: str | None
    deadline: date | None
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    page: str | None
    status: AgreementState
    status_since: datetime
    instance_id: UUID
    version: int
    at: datetime
    by: str | None
    ended_at: datetime | None = None
    ended_reason: str | None = None

    @property
    def is_owed(self) -> bool:
        """Whether somebody has to fulfil it: a directive may be words alone."""
        return self.holder is not None


COLUMNS: Final = [agreement.c[name] for name in Agreement.__slots__]
_past: Final = Dated(agreement_past, "agreement_id", agreement)


def find(connection: Connection, id: UUID) -> Agreement | None:
    """The agreement with this id."""
    row = connection.execute(select(*COLUMNS).where(agreement.c.id == id)).one_or_none()
    return None if row is None else Agreement(*row)


def of_instance(connection: Connection, instance_id: UUID) -> Agreement | None:
    """The agreement that this instance owns."""
    mine = agreement.c.instance_id == instance_id
    row = connection.execute(select(*COLUMNS).where(mine)).one_or_none()
    return None if row is None else Agreement(*row)


def of_meeting(connection: Connection, meeting_id: UUID) -> list[Agreement]:
    """What was settled in a meeting, in the order in which it was typed; nothing that was struck
    out."""
    standing = agreement.c.status != AgreementState.STRUCK
    rows = connection.execute(
        select(*COLUMNS)
        .where(agreement.c.meeting_id == meeting_id, standing)
        .order_by(agreement.c.number)
    )
    return [Agreement(*row) for row in rows]


def owed_for(connection: Connection, follow_up_id: UUID) -> list[Agreement]:
    """The agreements about a follow-up that somebody still owes."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(agreement.c.follow_up_id == follow_up_id, IS_OWED)
        .order_by(agreement.c.id)
    )
    return [Agreement(*row) for row in rows]


def owed_by(connection: Connection, code: str) -> list[Agreement]:
    """What an institution still owes, oldest first."""
    rows = connection.execute(
        select(*COLUMNS).where(agreement.c.institution == code, IS_OWED).order_by(agreement.c.id)
    )
    return [Agreement(*row) for row in rows]


def next_number(connection: Connection, meeting_id: UUID) -> int:
    """The number of the next one in a meeting, whose row the caller has locked."""
    mine = agreement.c.meeting_id == meeting_id
    last = connection.scalar(select(func.max(agreement.c.number)).where(mine))
    return (last or 0) + 1


def add(connection: Connection, new: Agreement) -> None:
    """Store a new one."""
    values = {name: getattr(new, name) for name in Agreement.__slots__}
    connection.execute(insert(agreement).values(values))
    _past.note(connection, new.id, new.at)


class Settling(TypedDict):
    """What is typed of an agreement in the meeting."""

    kind: AgreementKind
    text: str
    holder: Holder | None
    institution: str | None
    deadline: date | None
    recommendation_id: UUID | None
    follow_up_id: UUID | None


class Columns(TypedDict, total=False):
    """The columns of an agreement that may change besides its state."""

    kind: AgreementKind
    text: str
    holder: Holder | None
    institution: str | None
    deadline: date | None
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    ended_at: datetime
    ended_reason: str | None
    version: int
    at: datetime
    by: str | None


def change(connection: Connection, id: UUID, now: datetime, **columns: Unpack[Columns]) -> None:
    """Change columns other than the state."""
    connection.execute(update(agreement).where(agreement.c.id == id).values(**columns))
    _past.note(connection, id, now)


def move(
    connection: Connection,
    found: Agreement,
    act: AgreementAct,
    now: datetime,
    **columns: Unpack[Columns],
) -> None:
    """Move an agreement to the state to which an act leads. Raises `Refusal` for an impossible
    move."""
    to = agreement_moved(found.status, act)
    connection.execute(
        update(agreement)
        .where(agreement.c.id == found.id)
        .values(status=to, status_since=now, **columns)
    )
    _past.note(connection, found.id, now)


def sign(connection: Connection, signed: Collection[Agreement], now: datetime) -> None:
    """The minutes were signed: these are owed from now on."""
    for one in signed:
        move(connection, one, AgreementDeed.SIGN, now)
