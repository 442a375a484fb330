"""The lists of open tasks, each reader's own.

Owns the tabs (mine, my unit's, for my decision, waiting for others) and the relation of a task to
today. Every question takes the `Scope` first. Tasks are completed through `engine.complete` after
`may(scope, "complete_task", ...)`; see `task_access`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, and_

from engine.records.states import TaskStatus
from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from engine.storage.cases.worklist import NEVER, Task, get
from engine.time.calendar import Calendar, Timing
from processes.days.calendars import calendar_of, calendars_of, common_calendar
from processes.ground.counting import MOST, Count, parts
from processes.ground.paging import PAGE, Cursor, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.rights import groups
from processes.rights.access import Scope, TaskFacts, may, relations_to_case, relations_to_task
from processes.rights.visibility import held_tasks, visible_tasks
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.work import task_rows
from processes.storage.work.narrowing import ALL, Narrowing
from processes.storage.work.task_rows import ANY, ORDERS, Due, OpenTask, Worklist
from processes.work import decisions
from processes.work.units import Unit, unit_of

Tab = Literal["mine", "unit", "decide", "waiting"]
TABS: Final[Sequence[Tab]] = ("mine", "unit", "decide", "waiting")
Group = Literal["late", "today", "next", "week", "later"]
BY_DUE: Final = Sort("due")
SORTS: Final = ("due", *ORDERS)
GROUPS: Final[Sequence[Group]] = ("late", "today", "next", "week", "later")
"""In the order in which they are due."""
Ends: TypeAlias = Sequence[tuple[Group, datetime]]
"""Until which moment a deadline belongs to each group but the last."""


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task in a list. `timing`: how it stands to its deadline; None without one. `group`: where
    it stands in the list."""

    task: OpenTask
    timing: Timing | None
    group: Group


def tasks(
    connection: Connection,
    scope: Scope,
    tab: Tab,
    now: datetime,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
    group: Group | None = None,
    ends: Ends | None = None,
    unit: Unit | None = None,
    narrowing: Narrowing = ALL,
    sort: Sort = BY_DUE,
) -> Page[ListedTask]:
    """One tab. mine: what the reader has taken, or nobody else can do; unit: everything of the
    reader's unit, taken or not; decide: what waits for the decision of a supervisor;
    waiting: what others hold in visible cases. `group`: those of one group alone; `ends`, `unit`:
    for whoever has read them already. Raises `BadInput` for an unknown order."""
    may(scope, "read_own_work")
    if sort.by not in SORTS:
        wrong = {"sort": say("Choose one of the offered values.")}
        raise BadInput(say("This list cannot be narrowed like that."), wrong)
    ends = ends or reader_ends(connection, scope, now)
    listed = _listed(scope, tab, unit or unit_of(connection, scope), narrowing)
    at = cursor(after, before)
    found = _read(connection, listed, _span(group, ends), sort, at, limit + 1)
    calendars = calendars_of(connection, {task.institution for task in found})
    entries = [
        ListedTask(
            task, _timing(task, calendars[task.institution], now), group_at(task.due_at, ends)
        )
        for task in found
    ]
    return cut(entries, limit, at)


def _read(
    connection: Connection,
    listed: Worklist,
    due: Due,
    sort: Sort,
    at: Cursor[UUID] | None,
    limit: int,
) -> Sequence[OpenTask]:
    if sort.by != BY_DUE.by:
        return task_rows.sorted_page(connection, listed, due, sort, at, limit)
    place = _place(connection, at)
    return task_rows.page(connection, listed, due, place, limit, descending=sort.descending)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many tasks a tab has: `whole`, and in each group; None: not known, because so many others
    come before."""

    whole: Count
    groups: Mapping[Group, Count | None]


def counts(
    connection: Connection,
    scope: Scope,
    tabs: Sequence[Tab],
    ends: Ends,
    *,
    unit: Unit | None = None,
    narrowing: Narrowing = ALL,
    most: int = MOST,
) -> dict[Tab, Numbers]:
    """How many tasks of each tab there are, on whatever page they stand."""
    may(scope, "read_own_work")
    unit = unit or unit_of(connection, scope)
    listed = [_listed(scope, tab, unit, narrowing) for tab in tabs]
    found = task_rows.counts(connection, listed, _rising(ends), most)
    return {tab: _numbers(*of_tab, most) for tab, of_tab in zip(tabs, found, strict=True)}


def _numbers(upto: Sequence[int], total: int, most: int) -> Numbers:
    groups = dict(zip(GROUPS, parts(upto, total, most), strict=True))
    return Numbers(Count(min(total, most), more=total > most), groups)


def tabs(scope: Scope) -> Sequence[Tab]:
    """The tabs of a reader: only a supervisor has decisions to take."""
    return [tab for tab in TABS if tab != "decide" or scope.deciding]


def reader_ends(connection: Connection, scope: Scope, now: datetime) -> Ends:
    """`group_ends` by the reader's own calendar."""
    return group_ends(_calendar(connection, _own(scope)), now)


def _own(scope: Scope) -> str | None:
    """The institution whose working days are the reader's; None: the common calendar's."""
    return next(iter(scope.institutions)) if len(scope.institutions) == 1 else None


def _calendar(connection: Connection, institution: str | None) -> Calendar:
    if institution is None:
        return common_calendar(connection)
    return calendar_of(connection, institution)


def _timing(task: OpenTask, calendar: Calendar, now: datetime) -> Timing | None:
    return None if task.due_at is None else calendar.timing(task.due_at, now)


def _rising(ends: Ends) -> list[datetime]:
    """The moments alone. On a Friday the next working day ends after the week: then nothing is left
    for the rest of the week."""
    return list(accumulate((end for _, end in ends), max))


def _span(group: Group | None, ends: Ends) -> Due:
    """The deadlines of a group: after the end of the group before it."""
    if group is None:
        return ANY
    bounds = [None, *_rising(ends), None]
    place = GROUPS.index(group)
    return Due(bounds[place], bounds[place + 1])


@lru_cache(task_rows.KEPT)
def _listed(scope: Scope, tab: Tab, unit: Unit, narrowing: Narrowing) -> Worklist:
    """Everything that it rests on is in its arguments: another right is another list."""
    whole = _of_tab(scope, tab, unit)
    return replace(whole, clause=and_(whole.clause, narrowing.clause))


def _of_tab(scope: Scope, tab: Tab, unit: Unit) -> Worklist:
    if tab == "mine":
        return task_rows.alone(unit.alone, held_tasks(scope))
    visible = visible_tasks(scope)
    if tab == "decide":
        return decisions.listed(scope)
    if tab == "unit":
        return task_rows.of_unit(scope.username, unit.people, unit.groups, visible)
    return task_rows.of_cases(scope.username, unit.groups, visible)


def _place(connection: Connection, at: Cursor[UUID] | None) -> Cursor[tuple[datetime, UUID]] | None:
    """The place of the task seen last; its deadline is read again, so that no id can be forged."""
    if at is None:
        return None
    return Cursor((get(connection, at.key).due_at or NEVER, at.key), at.back)


def group_ends(calendar: Calendar, now: datetime) -> Ends:
    """Until which moment a deadline belongs to each group but the last, in order.

    Groups go by the working days of the reader: free days belong to the working day before them,
    so that on Friday what is due on Saturday has to be done today, and on Sunday what is due
    tomorrow stands under the next working day.
    """
    today = calendar.today(now)
    following = calendar.next_working(today)
    after = calendar.next_working(following)
    at_work = today if calendar.is_working(today) else following
    monday = at_work + timedelta(days=7 - at_work.weekday())
    return (
        ("late", now),
        ("today", calendar.moment(following, time.min)),
        ("next", calendar.moment(after, time.min)),
        ("week", calendar.moment(monday, time.min)),
    )


def group_at(due_at: datetime | None, ends: Ends) -> Group:
    """The group of a deadline; without one it can be done later."""
    if due_at is None:
        return "later"
    return next((group for group, end in ends if due_at <= end), "later")


def task_access(connection: Connection, scope: Scope, task_id: UUID) -> frozenset[str]:
    """The user's relations to a task: for `may(scope, act, relations)`.

    Raises `NotFound` if the task does not exist, or not for this reader.
    """
    return task_and_access(connection, scope, task_id)[1]


def task_and_access(
    connection: Connection, scope: Scope, task_id: UUID
) -> tuple[Task, frozenset[str]]:
    """The task with the user's relations to it. Raises the errors of `task_access`."""
    found = get(connection, task_id)
    return found, access_to(connection, scope, found)


def access_to(connection: Connection, scope: Scope, found: Task) -> frozenset[str]:
    """The user's relations to a task that was already read. Raises the errors of `task_access`."""
    return in_case(connection, scope, found)[1]


def in_case(
    connection: Connection, scope: Scope, found: Task
) -> tuple[CaseHead | None, frozenset[str]]:
    """The case of a task, if it has one, and the user's relations to the task. Raises the errors of
    `task_access`."""
    facts = TaskFacts(
        process_key=found.process_key,
        is_open=found.status == TaskStatus.OPEN,
        assignee=found.assignee,
        candidate_users=found.candidate_users,
        candidate_groups=found.candidate_groups,
        ended_by=found.ended_by,
    )
    head = case_heads.of_instance(connection, found.process_key, found.instance_id)
    relations = relations_to_task(scope, facts, _case_relations(connection, scope, head))
    may(scope, "read_task", relations)
    return head, relations


def relations_of(scope: Scope, task: OpenTask) -> frozenset[str]:
    """The same for an open task of a case that was already read, for the buttons of a list."""
    facts = TaskFacts(
        process_key=task.process_key,
        is_open=True,
        assignee=task.assignee,
        candidate_users=task.candidate_users,
        candidate_groups=task.candidate_groups,
    )
    codes = [task.institution] if task.institution else groups.contacted(task.candidate_groups)
    case = relations_to_case(scope, codes, task.classification or "ordinary")
    return relations_to_task(scope, facts, case)


def _case_relations(connection: Connection, scope: Scope, head: CaseHead | None) -> frozenset[str]:
    """The user's relations to the case of a task; a recommendation that is not in the register yet
    counts as ordinary."""
    if head is None:
        return relations_to_case(scope, (), "ordinary")
    # The institutions of the case do not matter for a user without an institution.
    codes = case_heads.institutions_of(connection, head) if scope.institutions else ()
    return relations_to_case(scope, codes, head.classification)
