"""The board of a supervisor: late work, its holders, and the acts possible now.

Owns reading the escalations. `processes.work.tasks` owns the acts on a row (remind, extend, pass
on).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, and_

from engine.time.calendar import Calendar, Timing
from processes.days.calendars import calendars_of
from processes.ground.counting import MOST, Count, parts
from processes.ground.paging import PAGE, Cursor, Page, cursor, cut
from processes.notices import tellings
from processes.notices.tellings import Told
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_tasks
from processes.storage.notices import reminder_letters
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.people import users
from processes.storage.work import board
from processes.storage.work.board import Obstacle, OpenEscalation, Place
from processes.storage.work.narrowing import ALL, Narrowing
from processes.work.inbox import relations_of

LATE: Final = 1
"""The lowest level of a late task; 0 is a reminder to the holder before the deadline."""


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last act of a person on a case: remind, extend, assign or claim. `name`: name of the
    person, whose username is `by`."""

    kind: str
    by: str | None
    at: datetime
    name: str = ""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One late task. `timing`: how it stands to its deadline now; `holder`: name of the person
    who has it, empty while it is only offered; `relations`: how the reader stands to it;
    `letter`: the newest reminder about it to its institution, for those who send such letters;
    `told`: whom it is for, and when each was told; `obstacle`: the last that its institution has
    reported; `next_look`: when it comes to its next level, or is reminded of again."""

    escalation: OpenEscalation
    timing: Timing
    last_act: LastAct | None
    holder: str = ""
    relations: frozenset[str] = frozenset()
    letter: ReminderLetter | None = None
    told: Sequence[Told] = ()
    obstacle: Obstacle | None = None
    next_look: datetime | None = None

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.escalation.id


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    from_level: int = LATE,
    to_level: int | None = None,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
    narrowing: Narrowing = ALL,
) -> Page[BoardRow]:
    """What stands escalated, highest level first, in it the longest late; leadership of an
    institution sees its own."""
    may(scope, "read_escalations")
    at = _place(connection, cursor(after, before))
    wanted = and_(visible_tasks(scope), narrowing.clause)
    found = board.page(connection, wanted, (from_level, to_level), at, limit + 1)
    return cut(_rows(connection, scope, found, now), limit, at)


def of_tasks(
    connection: Connection, scope: Scope, task_ids: Collection[UUID], now: datetime
) -> list[BoardRow]:
    """What stands escalated of these tasks, the longest late first."""
    may(scope, "read_escalations")
    found = board.of_tasks(connection, visible_tasks(scope), task_ids)
    rows = _rows(connection, scope, found, now)
    return sorted(rows, key=lambda row: (-row.escalation.level, -row.timing.overdue))


def _rows(
    connection: Connection, scope: Scope, found: Sequence[OpenEscalation], now: datetime
) -> list[BoardRow]:
    acts = board.last_acts(connection, {one.task.instance_id for one in found})
    people = users.names_of(connection, _usernames(found, acts))
    letters = (
        reminder_letters.of_tasks(connection, [one.task.id for one in found])
        if scope.oversees
        else {}
    )
    calendars = calendars_of(connection, {one.task.institution for one in found})
    told = tellings.of(connection, found, calendars[None])
    parts = {one.task.follow_up_id for one in found if one.task.follow_up_id is not None}
    obstacles = board.obstacles(connection, parts) if parts else {}
    looks = board.next_looks(connection, [one.task for one in found]) if found else {}
    about = _About(scope, acts, people, letters, calendars, told, obstacles, looks, now)
    return [_row(one, about) for one in found]


def counts(
    connection: Connection, scope: Scope, narrowing: Narrowing = ALL, *, most: int = MOST
) -> Mapping[int, Count | None]:
    """Level -> how much stands there, on whatever page; a level that is missing begins behind so
    many others that it was not counted."""
    may(scope, "read_escalations")
    wanted = and_(visible_tasks(scope), narrowing.clause)
    found, total = board.counts(connection, wanted, (LATE, None), most)
    upto = list(accumulate(found.values()))[:-1]
    return dict(zip(found, parts(upto, total, most), strict=True)) if found else {}


def _place(connection: Connection, at: Cursor[UUID] | None) -> Cursor[Place] | None:
    place = None if at is None else board.place_of(connection, at.key)
    return None if at is None or place is None else Cursor(place, at.back)


@dataclass(frozen=True, slots=True)
class _About:
    """Shared facts for all rows of a page."""

    scope: Scope
    acts: Mapping[UUID, tuple[str, str | None, datetime]]
    people: Mapping[str, str]
    letters: Mapping[UUID, ReminderLetter]
    calendars: Mapping[str | None, Calendar]
    told: Mapping[UUID, Sequence[Told]]
    obstacles: Mapping[UUID, Obstacle]
    looks: Mapping[tuple[UUID, str], datetime]
    now: datetime


def _usernames(
    found: Sequence[OpenEscalation], acts: Mapping[UUID, tuple[str, str | None, datetime]]
) -> set[str]:
    named = {one.task.assignee for one in found} | {by for _, by, _ in acts.values()}
    return {name for name in named if name is not None}


def _row(escalation: OpenEscalation, about: _About) -> BoardRow:
    task, act = escalation.task, about.acts.get(escalation.task.instance_id)
    calendar = about.calendars[task.institution]
    assert task.due_at is not None, "only tasks with a deadline are escalated"
    return BoardRow(
        escalation,
        calendar.timing(task.due_at, about.now),
        LastAct(*act, about.people.get(act[1] or "", act[1] or "")) if act else None,
        about.people.get(task.assignee or "", task.assignee or ""),
        relations_of(about.scope, task),
        about.letters.get(task.id),
        about.told[escalation.id],
        about.obstacles.get(task.follow_up_id) if task.follow_up_id else None,
        about.looks.get((task.instance_id, task.element_id)),
    )


def levels(connection: Connection, scope: Scope, *, of_follow_ups: bool = False) -> dict[int, str]:
    """Level -> its name, for the levels at which something of the reader's stands; for a filter."""
    may(scope, "read_own_work")
    return board.levels(connection, visible_tasks(scope), of_follow_ups=of_follow_ups)


def next_deadline(connection: Connection, scope: Scope, now: datetime) -> datetime | None:
    """The nearest deadline ahead, for a page without late tasks."""
    may(scope, "read_escalations")
    found: datetime | None = board.next_deadline(connection, visible_tasks(scope), now)
    return found
