"""Small steps: the instance lock, some rows, one event - and no state loaded.

Claiming, handing over, reminding, and facts that no element carries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import history
from engine.errors import Conflict, NotFound
from engine.execution.step import Stepper, event_row
from engine.storage import steps, worklist
from engine.storage.steps import Head
from engine.storage.worklist import Task
from engine.words import say

Write = Callable[[Connection, datetime], None]


def note(
    stepper: Stepper,
    find: Callable[[Connection], Head | None],
    kind: str,
    by: str | None,
    details: Mapping[str, Any],
    write: Callable[[Connection, datetime], Mapping[str, Any] | None],
) -> None:
    """Lock the instance, let `write` write, append one event of this kind.

    What `write` returns is added to the event's details. Raises NotFound.
    """

    stepper.around.database.repeat(
        lambda connection: _noted(stepper, connection, find, kind, by, details, write)
    )


def _noted(
    stepper: Stepper,
    connection: Connection,
    find: Callable[[Connection], Head | None],
    kind: str,
    by: str | None,
    details: Mapping[str, Any],
    write: Callable[[Connection, datetime], Mapping[str, Any] | None],
) -> None:
    head = find(connection)
    if head is None:
        raise NotFound(say("There is no such task or case."))
    now = stepper.clock.at(head.database_now, head.clock)
    added = write(connection, now) or {}
    body = history.body_of((), (), (), {}, {**details, **added})
    steps.append(connection, head, event_row(head, now, kind, by, None, body))


def claim(stepper: Stepper, task_id: UUID, by: str) -> None:
    """Take an open task nobody has; claiming one's own again changes nothing."""

    def write(connection: Connection, now: datetime) -> Mapping[str, Any]:
        task = _open(connection, task_id)
        if task.assignee not in (None, by):
            raise Conflict(
                say("{who} already works on this task.", who=task.assignee),
                who=task.assignee,
                when=task.held_since,
            )
        worklist.hand_over(connection, task, by, now)
        return {"element": task.element_id}

    note(stepper, _holder_of(task_id), "claim", by, {"task": str(task_id)}, write)


def assign(stepper: Stepper, task_id: UUID, user: str | None, by: str, reason: str) -> None:
    """Hand an open task to `user`, or back to its candidates with None."""
    stepper.around.database.repeat(
        lambda connection: assign_on(stepper, connection, task_id, user, by, reason)
    )


def assign_on(
    stepper: Stepper, connection: Connection, task_id: UUID, user: str | None, by: str, reason: str
) -> None:
    """The same as part of something larger: it happens when `connection` commits, or not at all.
    Of a task that is not open it raises before anything is written."""

    def write(connection: Connection, now: datetime) -> Mapping[str, Any]:
        task = _open(connection, task_id)
        worklist.hand_over(connection, task, user, now)
        return {"element": task.element_id, "from": task.assignee, "to": user}

    details = {"reason": reason} if reason else {}
    task = {"task": str(task_id), **details}
    _noted(stepper, connection, _holder_of(task_id), "assign", by, task, write)


def _holder_of(task_id: UUID) -> Callable[[Connection], Head | None]:
    return lambda connection: steps.lock_by_task(connection, task_id)


def _open(connection: Connection, task_id: UUID) -> Task:
    task = worklist.get(connection, task_id)
    if task.status != "open":
        raise worklist.ended(connection, task_id)
    return task
