"""What waits for a supervisor's own decision: the beginning of the first page.

Owns this question. The digest of the morning begins with the same tasks
(`processes.notices.digests`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from engine.time.calendar import Timing
from processes.days.calendars import COMMON, calendar_of_edition
from processes.ground.counting import MOST, Count
from processes.rights.access import Scope, may
from processes.rights.visibility import held_tasks
from processes.storage.work import task_rows
from processes.storage.work.task_rows import Dated, OpenTask, Worklist

SHOWN: Final = 5
"""Tasks that the first page names; the inbox has all of them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A task to decide. `timing`: how it stands to its deadline; None without one."""

    task: OpenTask
    timing: Timing | None


@dataclass(frozen=True, slots=True)
class Decisions:
    """The most urgent of them, and how many there are."""

    first: Sequence[Decision]
    count: Count


NONE: Final = Decisions((), Count(0))


def listed(scope: Scope) -> Worklist:
    """What the first page counts, and the tab of the inbox lists: none for anybody but
    supervisors."""
    return task_rows.held(scope.deciding, held_tasks(scope))


def waiting(connection: Connection, scope: Scope, now: datetime) -> Decisions:
    """What waits for the reader's decision; nothing for anybody but supervisors."""
    may(scope, "read_own_work")
    if not scope.deciding:
        return NONE
    found, total = task_rows.first(connection, listed(scope), SHOWN, MOST, COMMON)
    first = [Decision(one.task, _timing(connection, one, now)) for one in found]
    return Decisions(first, Count(min(total, MOST), more=total > MOST))


def _timing(connection: Connection, one: Dated, now: datetime) -> Timing | None:
    if one.task.due_at is None:
        return None
    return calendar_of_edition(connection, one.calendar, one.edition).timing(one.task.due_at, now)
