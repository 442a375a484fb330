"""A case and its lateness as letters put them: which facts a sentence about them needs.

Owns the step from rows to the values of `processes.letters`. Knows neither mails nor recipients.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from engine.calendar import Calendar
from engine.storage.worklist import Task
from processes.calendars import calendar_of, common_calendar
from processes.common import recipients
from processes.letters import Lateness, Subject
from processes.storage.case_heads import CaseHead


def subject_of(head: CaseHead, path: str | None = None) -> Subject:
    """What a mail about this case says it is about."""
    return Subject(
        number=head.number or "-",
        title=head.title,
        classification=head.classification,
        institution=head.institution_name,
        verdict=head.verdict,
        path=path or head.path,
    )


def lateness_of(connection: Connection, task: Task, calendar: Calendar, now: datetime) -> Lateness:
    """How a task with a deadline stands to it now."""
    assert task.due_at is not None, "asked of tasks with a deadline only"
    due = calendar.due_date_of(task.due_at)
    return Lateness(
        task_name=task.name,
        due=due,
        overdue=calendar.overdue(due, calendar.today(now)),
        holder=recipients.holder_name(connection, task),
        since=calendar.today(task.held_since),
    )


def calendar_for(connection: Connection, head: CaseHead) -> Calendar:
    """The calendar a case counts by: its institution's, or the common one."""
    if head.institution is None:
        return common_calendar(connection)
    return calendar_of(connection, head.institution)
