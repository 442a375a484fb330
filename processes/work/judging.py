"""The tasks around a report, which may be classified above its case.

Owns who may have such a task: nobody decides on a report that they may not read, and nobody is
given the form that corrects one. The handlers of the decisions hold the first rule; here it is
known beforehand, to route the task and to say whom to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.cases.worklist import Task
from processes.notices import recipients
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope
from processes.rights.scope import cleared
from processes.storage.cases import report_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.people.users import User
from processes.storage.tables.reports import Report

JUDGING: Final = frozenset({("follow_up", "evaluate"), ("follow_up", "decide_not_feasible")})
"""(process key, id of the task) of the decisions on a report."""
WRITING: Final = ("follow_up", "report")
"""Where a report is written. After one was taken back, the form begins with what that one says."""


def report_of(connection: Connection, task: Task, head: CaseHead | None) -> Report | None:
    """The report that this task decides on, or corrects after it was taken back; None for any
    other task."""
    case = _case(task, head)
    return None if case is None else _about(task, report_rows.newest(connection, case))


def _case(task: Task, head: CaseHead | None) -> UUID | None:
    """The follow-up whose newest report may be what this task is about."""
    concerns = _place(task) in JUDGING or _place(task) == WRITING
    return head.follow_up_id if concerns and head is not None else None


def _about(task: Task, newest: Report | None) -> Report | None:
    """The report, if the task decides on it or, after it was taken back, corrects it."""
    if newest is None:
        return None
    corrects, taken_back = _place(task) == WRITING, newest.replaced_at is not None
    return newest if corrects == taken_back else None


def decides(task: Task) -> bool:
    """Whether it is decided on a report in this task."""
    return _place(task) in JUDGING


def _place(task: Task) -> tuple[str, str]:
    return task.process_key, task.element_id


def secrecy(report: Report | None, head: CaseHead | None) -> str:
    """The classification that whoever has the task must be cleared for: the higher of report and
    case."""
    levels = [one.classification for one in (report, head) if one is not None]
    return max(levels, key=CLASSIFICATIONS.index, default=CLASSIFICATIONS[0])


def secrecy_of(connection: Connection, task: Task, head: CaseHead | None) -> str:
    """The same for a task and what was typed into it."""
    return secrecy(report_of(connection, task, head), head)


def secrecies(
    connection: Connection, tasks: Sequence[Task], heads: Mapping[UUID, CaseHead]
) -> Mapping[UUID, str]:
    """Task id -> the same for each of several tasks. `heads`: by instance id."""
    of = {task.id: heads.get(task.instance_id) for task in tasks}
    cases = {task.id: case for task in tasks if (case := _case(task, of[task.id]))}
    reports = report_rows.newest_of(connection, set(cases.values())) if cases else {}
    newest = {id: reports.get(case) for id, case in cases.items()}
    about = {task.id: _about(task, newest.get(task.id)) for task in tasks}
    return {id: secrecy(about[id], head) for id, head in of.items()}


def refuse_unread(connection: Connection, scope: Scope, task: Task, head: CaseHead | None) -> None:
    """Raises `Conflict` where a person would take a task that they cannot do."""
    if decides(task) and secrecy_of(connection, task, head) not in scope.cleared_for:
        raise Conflict(
            say("The report is classified above your clearance, so you cannot take this task.")
        )


def readers(connection: Connection, task: Task, report: Report) -> Sequence[User]:
    """Whom to ask: the people this task was offered to who may read the report, by name."""
    offered = recipients.offered_to(connection, task)
    return [one for one in offered if cleared(one, report.classification)]
