"""The tasks in which somebody decides on a report, which may be classified above its case.

Owns who may have such a task: nobody decides on a report that they may not read. The handlers of
these tasks hold the rule; here it is known beforehand, to route the task and to say whom to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.cases.worklist import Task
from processes.notices import recipients
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope
from processes.storage.cases import report_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.people.users import User
from processes.storage.tables.reports import Report

JUDGING: Final = frozenset({("follow_up", "evaluate"), ("follow_up", "decide_not_feasible")})
"""(process key, id of the task) of the decisions on a report."""


def report_of(connection: Connection, task: Task, head: CaseHead | None) -> Report | None:
    """The report that this task decides on; None for any other task."""
    if head is None or head.follow_up_id is None:
        return None
    if (task.process_key, task.element_id) not in JUDGING:
        return None
    return report_rows.standing(connection, head.follow_up_id)


def secrecy(report: Report | None, head: CaseHead | None) -> str:
    """The classification that whoever has the task must be cleared for: the higher of report and
    case."""
    levels = [one.classification for one in (report, head) if one is not None]
    return max(levels, key=CLASSIFICATIONS.index, default=CLASSIFICATIONS[0])


def secrecy_of(connection: Connection, task: Task, head: CaseHead | None) -> str:
    """The same for a task."""
    return secrecy(report_of(connection, task, head), head)


def refuse_unread(connection: Connection, scope: Scope, task: Task, head: CaseHead | None) -> None:
    """Raises `Conflict` where a person would take a task that they cannot do."""
    if secrecy_of(connection, task, head) not in scope.cleared_for:
        raise Conflict(
            say("The report is classified above your clearance, so you cannot take this task.")
        )


def readers(connection: Connection, task: Task, report: Report) -> Sequence[User]:
    """Whom to ask: the people this task was offered to who may read the report, by name."""
    offered = recipients.offered_to(connection, task)
    return [one for one in offered if recipients.cleared(one, report.classification)]
