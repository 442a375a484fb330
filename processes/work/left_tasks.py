"""Tasks that have left their reader: a mail led there, and they are somebody else's or done.

Owns what is said of such a task, and to whom: only to those to whom a mail has named it or who
have typed into its form. To anybody else it does not exist. Must not say more than became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from engine.records.states import TaskStatus
from engine.sentences.errors import NotFound
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.acts.reading import Reading
from processes.rights.access import Scope, allows, relations_to_case
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import mail_rows
from processes.storage.people import successions
from processes.work import task_page
from processes.work.task_page import TaskPage

Became = Literal["elsewhere", "completed", "not_needed", "deleted"]


@dataclass(frozen=True, slots=True)
class LeftTask:
    """What became of a task; `at`: since when, None if nobody knows any more. `head`: its case, if
    the reader may still read that."""

    became: Became
    at: datetime | None
    head: CaseHead | None


def found(at: Reading, task_id: UUID) -> TaskPage | LeftTask:
    """The page of a task, or what became of it for whoever had to do with it. Raises `NotFound`."""
    try:
        return task_page.page(at, task_id)
    except NotFound:
        if not _knew(at, task_id):
            raise
    task = worklist.by_id(at.connection, task_id)
    if task is None:
        return LeftTask("deleted", None, None)
    became, when = _became(task)
    return LeftTask(became, when, _case(at.connection, at.scope, task))


def _knew(at: Reading, task_id: UUID) -> bool:
    """Whether the reader was told of this task, or has worked on it."""
    username = at.scope.username
    if at.scope.is_service:
        return False
    return mail_rows.named_task(at.connection, username, task_id) or (
        at.ask.draft(task_id, username) is not None
    )


def _became(task: Task) -> tuple[Became, datetime | None]:
    if task.status == TaskStatus.OPEN:
        return "elsewhere", task.held_since
    return "completed" if task.status == TaskStatus.COMPLETED else "not_needed", task.ended_at


def _case(connection: Connection, scope: Scope, task: Task) -> CaseHead | None:
    head = case_heads.of_instance(connection, task.process_key, task.instance_id)
    if head is None or head.recommendation_id is None or head.request_id is not None:
        return None
    had = (
        successions.had(connection, head.follow_up_id, scope.succeeded)
        if head.follow_up_id and scope.succeeded
        else ()
    )
    codes = case_heads.institutions_of(connection, head)
    relations = relations_to_case(scope, codes, head.classification, had)
    return head if allows(scope, "read_case", relations) else None
