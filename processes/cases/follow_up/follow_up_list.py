"""Lists of follow-ups: their filters and order.

Every question takes the `Scope`. `processes.cases.follow_up.follow_ups` reads one case in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, and_

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import Calendar, Timing
from processes.days.calendars import calendars_of, common_calendar
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.register.states import RUNNING, Stage
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_follow_ups
from processes.storage.cases.lists import follow_up_lists, matrix_counts, recommendation_lists
from processes.storage.cases.lists.follow_up_lists import ListedFollowUp, Wanted
from processes.storage.people import users
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask
from processes.work import escalations

TIMES: Final = ("late", "soon", "on_time", "open", "ended")
SORTS: Final = tuple(follow_up_lists.ORDERS)
NEAREST: Final = Sort("deadline")
SOON_WORKING_DAYS: Final = 3
"""Working days before a deadline in which it counts as near."""


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A follow-up in a list. `task`: the work that is open now, None after the end; `timing`: how
    it stands to its deadline; `holder`: name of the person who has the task, empty while it is only
    offered."""

    listed: ListedFollowUp
    task: OpenTask | None
    timing: Timing | None
    holder: str = ""

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.listed.cell.id


def page(
    connection: Connection,
    scope: Scope,
    wanted: Wanted,
    now: datetime,
    *,
    sort: Sort = NEAREST,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[FollowUpRow]:
    """Visible follow-ups in one of `SORTS`. Raises `BadInput` for an unknown filter."""
    may(scope, "read_own_work")
    _check(wanted, sort)
    calendar = common_calendar(connection)
    # Free days that follow count as the last of these working days.
    after_soon = calendar.add(calendar.today(now), SOON_WORKING_DAYS + 1)
    soon = calendar.moment(after_soon, time.min)
    at = cursor(after, before)
    visible = visible_follow_ups(scope)
    found = follow_up_lists.page(connection, visible, wanted, (now, soon), sort, at, limit + 1)
    return cut(_rows(connection, found, now), limit, at)


def _check(wanted: Wanted, sort: Sort) -> None:
    wrong: dict[str, Sentence] = {}
    if wanted.stage is not None and wanted.stage not in tuple(Stage):
        wrong["stage"] = say("Choose one of the offered values.")
    if wanted.time is not None and wanted.time not in TIMES:
        wrong["time"] = say("Choose one of the offered values.")
    if sort.by not in SORTS:
        wrong["sort"] = say("Choose one of the offered values.")
    if wrong:
        raise BadInput(say("This list cannot be narrowed like that."), wrong)


def _rows(
    connection: Connection, found: Sequence[ListedFollowUp], now: datetime
) -> list[FollowUpRow]:
    working = _main_tasks(connection, [one.instance_id for one in found])
    people = users.names_of(
        connection, [task.assignee for task in working.values() if task.assignee]
    )
    calendars = calendars_of(connection, {one.cell.institution for one in found})
    rows = []
    for one in found:
        task = working.get(one.instance_id)
        timing = timing_of(task, calendars[one.cell.institution], now)
        holder = (task.assignee or "") if task else ""
        rows.append(FollowUpRow(one, task, timing, people.get(holder, holder)))
    return rows


def _main_tasks(connection: Connection, instance_ids: Sequence[UUID]) -> dict[UUID, OpenTask]:
    """Instance -> the open task that shows its position."""
    found: dict[UUID, OpenTask] = {}
    for task in task_rows.of_instances(connection, instance_ids):
        found.setdefault(task.instance_id, task)
    return found


def timing_of(task: OpenTask | None, calendar: Calendar, now: datetime) -> Timing | None:
    """How a task stands to its deadline, by the institution's calendar."""
    return None if task is None or task.due_at is None else calendar.timing(task.due_at, now)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many follow-ups an institution has, of those that the reader may see."""

    total: int
    open: int
    late: int


def numbers(connection: Connection, scope: Scope, institution: str, now: datetime) -> Numbers:
    """The numbers of one institution; each is that of the rows of its list."""
    may(scope, "read_own_work")
    mine = follow_up_lists.narrowed(Wanted(institution=institution), (now, now))
    found = matrix_counts.counts(connection, and_(visible_follow_ups(scope), mine), now)
    return Numbers(
        total=sum(one.number for one in found),
        open=sum(one.number for one in found if one.status in RUNNING),
        late=sum(one.late for one in found),
    )


NEWEST = 200
"""Number of recommendations to choose from; older ones are reached from their own page."""


@dataclass(frozen=True, slots=True)
class Choices:
    """`institutions`: (code, short name); `recommendations`: (id, number, title), newest first;
    `levels`: escalation level -> its name; `coordinators`: (username, name), for those who oversee
    all cases."""

    institutions: Sequence[tuple[str, str]]
    recommendations: Sequence[tuple[UUID, str, str]]
    levels: Mapping[int, str]
    coordinators: Sequence[tuple[str, str]] = ()


def choices(connection: Connection, scope: Scope) -> Choices:
    """The choices of a reader."""
    may(scope, "read_own_work")
    visible = visible_follow_ups(scope)
    return Choices(
        follow_up_lists.institutions(connection, visible),
        follow_up_lists.recommendations(connection, visible, NEWEST),
        escalations.levels(connection, scope, of_follow_ups=True),
        recommendation_lists.coordinators(connection) if scope.oversees else (),
    )
