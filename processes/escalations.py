"""The board of a supervisor: what is late, who holds it, what can be done about it now.

Owns the reading of what stands. The acts on a row (remind, extend, pass on) are those of
`processes.tasks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from processes.access import Scope, may
from processes.calendars import calendar_of, common_calendar
from processes.paging import PAGE, Page, cut
from processes.storage import board
from processes.storage.board import Standing
from processes.visibility import visible_tasks

REMINDER: Final = 0
"""Level of a reminder: told to whoever holds the task, before it is late."""
LATE: Final = 1
"""The lowest level of a late task."""


@dataclass(frozen=True, slots=True)
class LastAct:
    """What somebody last did about a case: remind, extend, assign or claim."""

    kind: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One late task. `overdue`: working days after its deadline as of now."""

    standing: Standing
    overdue: int
    last_act: LastAct | None

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.standing.id


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    from_level: int = LATE,
    after: UUID | None = None,
    limit: int = PAGE,
) -> Page[Row]:
    """What stands escalated, highest level first; leadership of an institution sees its own."""
    may(scope, "read_escalations")
    found = board.page(
        connection, visible_tasks(scope), from_level, _position(connection, after), limit + 1
    )
    acts = board.last_acts(connection, {one.task.instance_id for one in found})
    return cut([_row(connection, one, acts.get(one.task.instance_id), now) for one in found], limit)


def _position(connection: Connection, after: UUID | None) -> tuple[int, UUID] | None:
    level = None if after is None else board.level_of(connection, after)
    return None if after is None or level is None else (level, after)


def _row(
    connection: Connection,
    standing: Standing,
    act: tuple[str, str | None, datetime] | None,
    now: datetime,
) -> Row:
    institution = standing.task.institution
    calendar = calendar_of(connection, institution) if institution else common_calendar(connection)
    assert standing.task.due_at is not None, "only tasks with a deadline are escalated"
    due = calendar.due_date_of(standing.task.due_at)
    overdue = calendar.overdue(due, calendar.today(now))
    return Row(standing, overdue, LastAct(*act) if act else None)


def next_deadline(connection: Connection, scope: Scope, now: datetime) -> datetime | None:
    """The nearest deadline still ahead, for the page on which nothing is late."""
    may(scope, "read_escalations")
    found: datetime | None = board.next_deadline(connection, visible_tasks(scope), now)
    return found
