"""A case and its lateness, as the facts for sentences in letters.

Owns the step from rows to the values of `processes.notices.texts.letters`. Knows neither mails nor
recipients.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.storage.cases.worklist import Task
from engine.time.calendar import Calendar
from processes.days.calendars import calendar_of, common_calendar
from processes.notices import addresses, recipients
from processes.notices.addresses import Addresses
from processes.notices.texts.letters import Lateness, Subject
from processes.storage.cases.case_heads import CaseHead


def of_case(head: CaseHead, pages: Addresses) -> Subject:
    """What a mail about a case says it is about; it leads to the case."""
    if head.request_id is not None:
        return _subject(head, pages.report_request(head.request_id))
    return _subject(head, addresses.of_case(pages, head))


def of_task(head: CaseHead, task_id: UUID, pages: Addresses) -> Subject:
    """The same of a mail about a task of the case; it leads to the task."""
    return _subject(head, pages.task(task_id))


def _subject(head: CaseHead, path: str) -> Subject:
    return Subject(
        number=head.number or "-",
        title=head.title,
        classification=head.classification,
        institution=head.institution_name,
        verdict=head.verdict,
        path=path,
    )


def lateness_of(connection: Connection, task: Task, calendar: Calendar, now: datetime) -> Lateness:
    """The lateness of a task with a deadline at `now`."""
    assert task.due_at is not None, "asked of tasks with a deadline only"
    return Lateness(
        task_name=task.name,
        due=calendar.due_date_of(task.due_at),
        timing=calendar.timing(task.due_at, now),
        holder=recipients.holder_name(connection, task),
        since=calendar.today(task.held_since),
    )


def calendar_for(connection: Connection, head: CaseHead) -> Calendar:
    """The calendar of a case: its institution's, or the common one."""
    if head.institution is None:
        return common_calendar(connection)
    return calendar_of(connection, head.institution)
