"""The tasks in which somebody decides on a report, which may be classified above its case.

Owns who may have such a task: nobody decides on a report that they may not read. The handlers of
these tasks hold the rule; here it is known beforehand, to route the task and to say whom to ask.
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


def report_of(connection: Connection, task: Task, head: CaseHead | None) -> Report | None:
    """The report that this task decides on; None for any other task."""
    case = _judged(task, head)
    return None if case is None else report_rows.standing(connection, case)


def _judged(task: Task, head: CaseHead | None) -> UUID | None:
    """The follow-up whose report this task decides on."""
    judges = (task.process_key, task.element_id) in JUDGING
    return head.follow_up_id if judges and head is not None else None


def secrecy(report: Report | None, head: CaseHead | None) -> str:
    """The classification that whoever has the task must be cleared for: the higher of report and
    case."""
    levels = [one.classification for one in (report, head) if one is not None]
    return max(levels, key=CLASSIFICATIONS.index, default=CLASSIFICATIONS[0])


def secrecy_of(connection: Connection, task: Task, head: CaseHead | None) -> str:
    """The same for a task."""
    return secrecy(report_of(connection, task, head), head)


def secrecies(
    connection: Connection, tasks: Sequence[Task], heads: Mapping[UUID, CaseHead]
) -> Mapping[UUID, str]:
    """Task id -> the same for each of several tasks. `heads`: by instance id."""
    of = {task.id: heads.get(task.instance_id) for task in tasks}
    judged = {task.id: case for task in tasks if (case := _judged(task, of[task.id]))}
    reports = report_rows.standing_of(connection, set(judged.values())) if judged else {}
    return {id: secrecy(reports.get(judged[id]) if id in judged else None, of[id]) for id in of}


def refuse_unread(connection: Connection, scope: Scope, task: Task, head: CaseHead | None) -> None:
    """Raises `Conflict` where a person would take a task that they cannot do."""
    if secrecy_of(connection, task, head) not in scope.cleared_for:
        raise Conflict(
            say("The report is classified above your clearance, so you cannot take this task.")
        )


def readers(connection: Connection, task: Task, report: Report) -> Sequence[User]:
    """Whom to ask: the people this task was offered to who may read the report, by name."""
    offered = recipients.offered_to(connection, task)
    return [one for one in offered if cleared(one, report.classification)]
