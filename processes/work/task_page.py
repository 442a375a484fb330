"""One human task for its page, before and after it is done.

Owns what is read for that page. Acts upon a task are `processes.work.tasks`, what was typed into
its form `processes.work.task_drafts`, lists of tasks `processes.work.inbox`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.models.forms import Form, Options
from engine.storage.cases.worklist import Task
from engine.time.calendar import Calendar, CountedDay, Timing
from processes.acts.reading import Reading
from processes.days.calendars import common_calendar
from processes.notices.about import calendar_for
from processes.register.states import RECOMMENDATION_ENDED
from processes.rights import groups
from processes.rights.access import Scope, allows, may
from processes.storage.cases import follow_up_rows, recommendation_rows, report_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.files import evidence
from processes.storage.files.evidence import Evidence
from processes.storage.people import users
from processes.storage.people.users import User
from processes.storage.tables.reports import Release, Report
from processes.storage.work import task_context, task_rows
from processes.storage.work.task_context import Returned
from processes.storage.work.task_rows import OpenTask
from processes.storage.written_report import written_report_rows
from processes.storage.written_report.written_report_rows import WrittenReport
from processes.work import judging, receipts
from processes.work.inbox import access_to, in_case, relations_of
from processes.work.judging import Written


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task with its case. Without a case (another model) `head` is None.

    `due`: the deadline as a date; `timing`: how it stands to it. `text`: what the institution is
    asked to do, changed text included; empty where none is. `returned`: the evaluation that sent
    the work back, if this round began with one. `holder`: name of the person who has the task, or
    empty; `passed_by`: of who gave it to them; `ended_by`: of who completed it. After the end:
    `receipt`, the number given for a report handed in with it, and `coming`, the tasks (of one
    kind) that the case waits for now, and `yours`, the one of them that the reader may complete.
    `secrecy`: the highest classification on the page; `unread`: the report it decides on, if that
    is classified above the reader's clearance: then the reader decides nothing, and `readers` are
    whom to ask; `drafter`: who has written what is released here; `own_draft`: it is the reader,
    with the same effect.
    `report`: what is released or written again, for people of its institution, with its `files`;
    `letter`: the same of a report on progress; `release`: why its head sent it back.
    """

    task: Task
    relations: frozenset[str]
    head: CaseHead | None
    calendar: Calendar
    due: date | None
    timing: Timing | None
    text: str
    returned: Returned | None
    holder: str
    passed_by: str
    ended_by: str
    receipt: str | None
    secrecy: str
    unread: Written | None
    readers: Sequence[User]
    drafter: str | None
    own_draft: bool
    report: Report | None
    letter: WrittenReport | None
    files: Sequence[Evidence]
    release: Release | None
    coming: Sequence[OpenTask]
    yours: OpenTask | None


def page(at: Reading, task_id: UUID) -> TaskPage:
    """Everything on the page of a task. Raises `NotFound`."""
    connection, scope, task = at.connection, at.scope, at.ask.task(task_id)
    head, relations = in_case(connection, scope, task)
    calendar = calendar_for(connection, head) if head else common_calendar(connection)
    people = (task.assignee, task.ended_by, task.passed_by)
    names = users.names_of(connection, [name for name in people if name])
    coming = _coming(connection, scope, head, task) if task.ended_at else []
    report = judging.report_of(connection, task, head)
    secrecy = judging.secrecy(report, head)
    above = report is not None and report.classification not in scope.cleared_for
    unread = report if above and judging.decides(task) else None
    own_draft = judging.is_own_draft(scope.username, task, report)
    inside = not judging.judges(task) and not relations.isdisjoint({"contact", "head"})
    shown = report if inside and not above else None
    asked = unread or (report if own_draft else None)
    return TaskPage(
        task=task,
        relations=relations,
        head=head,
        calendar=calendar,
        due=calendar.due_date_of(task.due_at) if task.due_at else None,
        timing=calendar.timing(task.due_at, at.now) if task.due_at else None,
        text=_text(connection, head),
        returned=_returned(connection, scope, head, task),
        holder=names.get(task.assignee or "", task.assignee or ""),
        passed_by=names.get(task.passed_by or "", task.passed_by or ""),
        ended_by=names.get(task.ended_by or "", task.ended_by or ""),
        receipt=receipts.of_task(connection, task, head),
        secrecy=secrecy,
        unread=unread,
        readers=judging.readers(connection, task, asked) if asked else [],
        drafter=judging.drafter(task, report),
        own_draft=own_draft,
        report=shown if isinstance(shown, Report) else None,
        letter=shown if isinstance(shown, WrittenReport) else None,
        files=_files(connection, shown) if shown and judging.releases(task) else (),
        release=_release(connection, shown) if shown and not judging.releases(task) else None,
        coming=coming,
        yours=next((one for one in coming if _able(scope, one)), None),
    )


def _files(connection: Connection, report: Written) -> list[Evidence]:
    if isinstance(report, WrittenReport):
        return []
    found = evidence.evidence_of(connection, report.follow_up_id)
    return [one for one in found if one.report_id == report.id]


def _release(connection: Connection, report: Written) -> Release | None:
    """Why it was sent back; None of one that was taken back."""
    if isinstance(report, WrittenReport):
        return written_report_rows.release_of(connection, report.id)
    return report_rows.release_of(connection, report.id)


def _text(connection: Connection, head: CaseHead | None) -> str:
    if head is None or head.follow_up_id is None or head.request_id is not None:
        return ""
    return task_context.text_of(connection, head.follow_up_id)


def form(at: Reading, page: TaskPage) -> tuple[Form | None, Options]:
    """The task's form, and the lists for its choices."""
    return at.ask.form(page.task.id)


def form_to_send(at: Reading, task_id: UUID) -> Form | None:
    """The form of a task, for a user who may send it. Raises `NotFound`, `Forbidden`."""
    may(at.scope, "complete_task", access_to(at.connection, at.scope, at.ask.task(task_id)))
    return at.ask.form(task_id)[0]


def purpose(at: Reading, page: TaskPage) -> str:
    """The model's text about the task's element; empty without one."""
    return at.ask.program(page.task.definition_id).element(page.task.element_id).documentation


def task(at: Reading, task_id: UUID) -> Task:
    """The task itself, done or not. Raises `NotFound`."""
    found = at.ask.task(task_id)
    access_to(at.connection, at.scope, found)
    return found


def _coming(
    connection: Connection, scope: Scope, head: CaseHead | None, task: Task
) -> list[OpenTask]:
    """The tasks that follow a task: those begun since in its instance, else what waited there
    already, or what began since in the instances that a recommendation started. A reader of an
    institution does not get tasks of other institutions."""
    waiting = task_rows.of_instances(connection, [task.instance_id])
    of_whole = head is not None and head.follow_up_id is None and head.meeting_id is None
    if not waiting and head is not None and of_whole:
        begun = task_rows.of_instances(connection, _begun(connection, head))
        waiting = _since(task, begun)
    seen = [one for one in waiting if scope.oversees or not _of_others(scope, one)]
    theirs = _since(task, seen) or seen
    return [one for one in theirs if one.element_id == theirs[0].element_id]


def _since(task: Task, others: Sequence[OpenTask]) -> list[OpenTask]:
    """Those that have begun since the task ended."""
    return [one for one in others if task.ended_at and one.created_at >= task.ended_at]


def _able(scope: Scope, task: OpenTask) -> bool:
    return allows(scope, "complete_task", relations_of(scope, task))


def _begun(connection: Connection, head: CaseHead) -> list[UUID]:
    """The instances for which a recommendation waits: its follow-ups; after its end the next
    one."""
    if head.recommendation_status in RECOMMENDATION_ENDED:
        return recommendation_rows.next_instances(connection, head.recommendation)
    parts = follow_up_rows.of_recommendation(connection, head.recommendation)
    return [one.instance_id for one in parts]


def _of_others(scope: Scope, task: OpenTask) -> bool:
    return not scope.served.issuperset(groups.contacted(task.candidate_groups))


@dataclass(frozen=True, slots=True)
class Counted:
    """How the deadline of a task is counted. `until`: the days from its start to the deadline;
    `since`: those from the deadline to today, once it has passed. `today`: from where on the days
    until the deadline are left."""

    until: Sequence[CountedDay]
    since: Sequence[CountedDay]
    today: date

    @property
    def left(self) -> int:
        """The working days that are left: those after today."""
        return sum(one.number is not None for one in self.until if one.day > self.today)


def counted(found: TaskPage, now: datetime) -> Counted:
    """The days of a task; none without a deadline."""
    calendar, today = found.calendar, found.calendar.today(now)
    if found.due is None:
        return Counted((), (), today)
    start = calendar.today(found.task.created_at)
    return Counted(
        calendar.counted_until(start, found.due), calendar.counted_until(found.due, today), today
    )


def _returned(
    connection: Connection, scope: Scope, head: CaseHead | None, task: Task
) -> Returned | None:
    """Only the institution's own work is returned to it; a coordinator's task follows a report."""
    own_work = bool(groups.contacted(task.candidate_groups))
    if head is None or head.follow_up_id is None or head.request_id or not own_work:
        return None
    return task_context.returned(connection, head.follow_up_id, scope.cleared_for)
