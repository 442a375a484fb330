"""Whose time a follow-up shows: the moves of its deadline, and which of its tasks are late.

Owns what is said of them. Which task is the main one, and how it
stands, is `processes.cases.follow_up.follow_up_list`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from engine.time.calendar import Calendar, Timing
from processes.cases.follow_up.follow_up_list import timing_of
from processes.storage.cases.follow_up_detail import Escalation, Extension
from processes.storage.cases.past import FollowUpThen
from processes.storage.work.task_rows import OpenTask


@dataclass(frozen=True, slots=True)
class Moved:
    """The deadline of a follow-up was moved from one day to another."""

    was: date
    to: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """An open task past its deadline. `level`: whether what stands escalated is about it."""

    task: OpenTask
    timing: Timing
    level: bool


def before(moves: Sequence[Moved], extension: Extension) -> date | None:
    """The deadline that a granted extension has replaced; None where it was not moved or nobody
    knows any more."""
    replaced = [move.was for move in moves if move.at == extension.decided_at]
    return replaced[0] if replaced and extension.new_deadline else None


def moves_of(then: Sequence[FollowUpThen]) -> list[Moved]:
    """The moves of a deadline, oldest first, by how the follow-up stood."""
    return [
        Moved(one.deadline, after.deadline, after.valid_from)
        for one, after in pairwise(then)
        if one.deadline and after.deadline and one.deadline != after.deadline
    ]


def late_of(
    tasks: Sequence[OpenTask], escalated: Sequence[Escalation], calendar: Calendar, now: datetime
) -> list[Late]:
    """The late tasks of a case, the one whose level stands first.

    An escalation stands for its task until the deadline it was about is moved; the highest of
    the case is what lists show beside the time of its main task.
    """
    due = {task.id: task.due_at for task in tasks}
    standing = [
        one
        for one in escalated
        if one.ended_at is None and one.task_id in due and due[one.task_id] == one.due_at
    ]
    highest = max(standing, key=lambda one: (one.level, one.id), default=None)
    about = highest.task_id if highest else None
    late = [
        Late(task, timing, task.id == about)
        for task in tasks
        if (timing := timing_of(task, calendar, now)) and timing.late
    ]
    return sorted(late, key=lambda one: not one.level)
