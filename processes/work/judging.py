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
from processes.lifecycle.releasing import OWN_DRAFT
from processes.notices import recipients
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope
from processes.rights.scope import cleared
from processes.storage.cases import report_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.people.users import User
from processes.storage.tables.reports import Report
from processes.storage.written_report import written_report_rows
from processes.storage.written_report.written_report_rows import WrittenReport

JUDGING: Final = frozenset({("follow_up", "evaluate"), ("follow_up", "decide_not_feasible")})
"""(process key, id of the task) of the decisions on a report."""
RELEASING: Final = frozenset(
    {("follow_up", "release_report"), ("written_report", "release_progress")}
)
"""Where its own institution decides whether a report is sent."""
WRITING: Final = frozenset({("follow_up", "report"), ("written_report", "progress_report")})
"""Where a report is written. After one was taken back, or sent back by the institution's head, the
form begins with what that one says."""
Written = Report | WrittenReport
"""A final report, or a letter on progress."""


def report_of(connection: Connection, task: Task, head: CaseHead | None) -> Written | None:
    """The report that this task decides on, or corrects after it was taken back; None for any
    other task."""
    return _about(task, written_last(connection, task, head))


def written_last(connection: Connection, task: Task, head: CaseHead | None) -> Written | None:
    """The report that was written last in the case of such a task, whatever became of it."""
    if _concerns(task) and _is_letter(task):
        return written_report_rows.written_last(connection, task.instance_id).get(task.instance_id)
    case = _case(task, head)
    return None if case is None else report_rows.written_last(connection, case)


def _concerns(task: Task) -> bool:
    return decides(task) or _place(task) in WRITING


def _is_letter(task: Task) -> bool:
    return task.process_key == "written_report"


def _case(task: Task, head: CaseHead | None) -> UUID | None:
    """The follow-up whose newest report may be what this task is about."""
    if head is None or not _concerns(task) or _is_letter(task):
        return None
    return head.follow_up_id


def _about(task: Task, newest: Written | None) -> Written | None:
    """The report, if the task decides on it or, after it was taken back, corrects it."""
    if newest is None:
        return None
    if _place(task) in WRITING:
        return newest if newest.given_back else None
    if releases(task):
        return newest if newest.awaits_release else None
    return newest if newest.handed_in and not newest.given_back else None


def decides(task: Task) -> bool:
    """Whether it is decided on a report in this task."""
    return judges(task) or releases(task)


def judges(task: Task) -> bool:
    """Whether a report that was handed in is judged in this task."""
    return _place(task) in JUDGING


def releases(task: Task) -> bool:
    """Whether a report is released, or sent back, in this task."""
    return _place(task) in RELEASING


def _place(task: Task) -> tuple[str, str]:
    return task.process_key, task.element_id


def secrecy(report: Written | None, head: CaseHead | None) -> str:
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
    reports = report_rows.written_last_of(connection, set(cases.values())) if cases else {}
    asked = {task.id: task.instance_id for task in tasks if _concerns(task) and _is_letter(task)}
    letters = written_report_rows.written_last(connection, *asked.values()) if asked else {}
    newest: dict[UUID, Written | None] = {
        **{id: reports.get(case) for id, case in cases.items()},
        **{id: letters.get(instance) for id, instance in asked.items()},
    }
    about = {task.id: _about(task, newest.get(task.id)) for task in tasks}
    return {id: secrecy(about[id], head) for id, head in of.items()}


def refuse_unread(connection: Connection, scope: Scope, task: Task, head: CaseHead | None) -> None:
    """Raises `Conflict` where a person would take a task that they cannot do."""
    if is_own_draft(scope.username, task, report_of(connection, task, head)):
        raise Conflict(OWN_DRAFT)
    if decides(task) and secrecy_of(connection, task, head) not in scope.cleared_for:
        raise Conflict(
            say("The report is classified above your clearance, so you cannot take this task.")
        )


def drafter(task: Task, report: Written | None) -> str | None:
    """Who has written what the task would release; None for any other task."""
    return report.by if report is not None and releases(task) else None


def is_own_draft(username: str, task: Task, report: Written | None) -> bool:
    """Whether this person has written what the task would release."""
    return drafter(task, report) == username


def readers(connection: Connection, task: Task, report: Written) -> Sequence[User]:
    """Whom to ask: the people this task was offered to who may read the report, by name."""
    offered = recipients.offered_to(connection, task)
    return [
        one
        for one in offered
        if cleared(one, report.classification) and not is_own_draft(one.username, task, report)
    ]
