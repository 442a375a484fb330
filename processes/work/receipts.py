"""The receipt of what was handed in with a task."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.storage.cases.worklist import Task
from processes.storage.cases import report_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.written_report import request_rows, written_report_rows


def of_task(connection: Connection, task: Task, head: CaseHead | None) -> str | None:
    """The number given for a report that was handed in with this ended task, if one was."""
    if head is None or head.follow_up_id is None or task.ended_at is None:
        return None
    if head.request_id is None:
        return report_rows.receipt_given_at(connection, head.follow_up_id, task.ended_at)
    part = request_rows.of_instance(connection, task.instance_id)
    assert part is not None, "its head was read from it"
    return written_report_rows.receipt_given_at(connection, part.id, task.ended_at)
