"""Agreements in lists: each with its rakor, its holder and what it is about.

Owns the SQL of these lists. Callers pass the clause of visible rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, select, true

from processes.ground.paging import Cursor
from processes.register.agreement_states import AgreementState
from processes.register.vocabulary import Classification
from processes.storage import sorted_rows
from processes.storage.meetings.agreement_rows import COLUMNS, Agreement
from processes.storage.sorted_rows import Order
from processes.storage.tables.agreements import IS_OWED, agreement
from processes.storage.tables.meetings import meeting
from processes.storage.tables.people import institution


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """An agreement with what a row says of it. `holder_name`: of its institution."""

    found: Agreement
    meeting_number: str | None
    meeting_title: str
    held_on: date | None
    classification: Classification
    holder_name: str | None

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.found.id


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of what is owed is narrowed to; None: nothing. `late`: due before this day."""

    institution: str | None = None
    meeting_id: UUID | None = None
    late: date | None = None

    @property
    def clause(self) -> ColumnElement[bool]:
        """Rows of `agreement` that are wanted."""
        clauses: list[ColumnElement[bool]] = [true()]
        if self.institution is not None:
            clauses.append(agreement.c.institution == self.institution)
        if self.meeting_id is not None:
            clauses.append(agreement.c.meeting_id == self.meeting_id)
        if self.late is not None:
            clauses.append(agreement.c.deadline < self.late)
        return and_(*clauses)


_ROW: Final = (
    meeting.c.number,
    meeting.c.title,
    meeting.c.held_on,
    meeting.c.classification,
    institution.c.short_name,
)
_STANDS: Final = agreement.c.status != AgreementState.STRUCK
_BY_DEADLINE: Final = Order((agreement.c.deadline, agreement.c.id))


def _listed() -> Select[Any]:
    return (
        select(*COLUMNS, *_ROW)
        .join(meeting, meeting.c.id == agreement.c.meeting_id)
        .outerjoin(institution, institution.c.code == agreement.c.institution)
    )


def _row(row: Sequence[Any]) -> ListedAgreement:
    width = len(COLUMNS)
    return ListedAgreement(Agreement(*row[:width]), *row[width:])


def owed(
    connection: Connection,
    visible: ColumnElement[bool],
    wanted: Wanted,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedAgreement]:
    """What somebody owes, nearest deadline first."""
    question = _listed().where(IS_OWED, visible, wanted.clause)
    return [_row(row) for row in sorted_rows.read(connection, question, _BY_DEADLINE, at, limit)]


def one(connection: Connection, visible: ColumnElement[bool], id: UUID) -> ListedAgreement | None:
    """One agreement, if it is visible."""
    row = connection.execute(_listed().where(agreement.c.id == id, visible)).one_or_none()
    return None if row is None else _row(row)


def of_follow_up(
    connection: Connection, visible: ColumnElement[bool], follow_up_id: UUID
) -> list[ListedAgreement]:
    """All that was settled about a follow-up, oldest first; nothing that was struck out."""
    mine = agreement.c.follow_up_id == follow_up_id
    rows = connection.execute(_listed().where(mine, _STANDS, visible).order_by(agreement.c.id))
    return [_row(row) for row in rows]


def of_meetings(
    connection: Connection,
    visible: ColumnElement[bool],
    meeting_ids: Collection[UUID],
    *,
    only_owed: bool = False,
) -> list[ListedAgreement]:
    """What was settled in these meetings, in order; nothing that was struck out. `only_owed`: what
    is still open of it."""
    mine = agreement.c.meeting_id.in_(list(meeting_ids))
    return listed(connection, mine, visible, IS_OWED if only_owed else true())


def listed(connection: Connection, *clauses: ColumnElement[bool]) -> list[ListedAgreement]:
    """What fulfils all of these, by rakor and in order; nothing that was struck out."""
    rows = connection.execute(
        _listed().where(_STANDS, *clauses).order_by(agreement.c.meeting_id, agreement.c.number)
    )
    return [_row(row) for row in rows]


def holders(connection: Connection, visible: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(code, short name) of the institutions that owe something, by name."""
    rows = connection.execute(
        select(institution.c.code, institution.c.short_name)
        .where(institution.c.code.in_(select(agreement.c.institution).where(IS_OWED, visible)))
        .order_by(institution.c.short_name)
    )
    return [(row.code, row.short_name) for row in rows]
