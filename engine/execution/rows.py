"""The difference between the waits of an instance before and after a step, as table rows.

Pure: two `Waiting` values go in, `RowChanges` come out. Rows of a branch that was removed without a
report are closed here, because they are in the first value and not in the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution.border import HumanTask, Waiting
from engine.models.elements import is_priority
from engine.records.states import TaskStatus
from engine.storage.cases.steps import RowChanges
from engine.storage.cases.worklist import NEVER, candidate_rows, principals
from engine.storage.counters import delta_row
from engine.storage.later.jobs import job_row

PRIORITY = 50
"""Priority of a task without one, as in Camunda 7."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The instance of the rows, and the author, token and time of a completion."""

    instance_id: UUID
    definition_id: UUID
    process_key: str
    business_key: str | None
    now: datetime
    by: str | None
    completed: UUID | None


def difference(before: Waiting, after: Waiting, owner: Owner) -> RowChanges:
    """The changes of a step in tasks, candidates, timers, subscriptions, externals, counters."""
    changes = RowChanges.none()
    _tasks(before, after, owner, changes)
    _timers(before, after, owner, changes)
    _subscriptions(before, after, owner, changes)
    _externals(before, after, owner, changes)
    changes.deltas = _deltas(before, after, owner)
    return changes


def _tasks(before: Waiting, after: Waiting, owner: Owner, changes: RowChanges) -> None:
    for token, task in before.tasks.items():
        now = after.tasks.get(token)
        if now is None:
            done = token == owner.completed
            changes.ended_tasks.append(
                {
                    "task": task.row_id,
                    "status": TaskStatus.COMPLETED if done else TaskStatus.CANCELLED,
                    "ended_at": owner.now,
                    "ended_by": owner.by if done else None,
                }
            )
        elif now.due_at != task.due_at:
            changes.moved_tasks.append(
                {"task": task.row_id, "due_at": now.due_at, "sort_at": now.due_at or NEVER}
            )
    for token, task in after.tasks.items():
        if token not in before.tasks:
            changes.new_tasks.append(_task_row(task, owner))
            who = principals(task.assignee, task.candidate_users, task.candidate_groups)
            changes.new_candidates += candidate_rows(task.row_id, task.due_at, who)


def _priority(given: str | int | None) -> int:
    """A task's priority as a number; the default for any other value."""
    return int(given) if given is not None and is_priority(given) else PRIORITY


def _task_row(task: HumanTask, owner: Owner) -> dict[str, Any]:
    return {
        "id": task.row_id,
        "instance_id": owner.instance_id,
        "definition_id": task.definition or owner.definition_id,
        "process_key": owner.process_key,
        "business_key": owner.business_key,
        "element_id": task.element.id,
        "name": task.name,
        "token": task.token,
        "path": task.path,
        "round": task.round,
        "status": TaskStatus.OPEN,
        "assignee": task.assignee,
        "candidate_users": list(task.candidate_users),
        "candidate_groups": list(task.candidate_groups),
        "form_ref": task.element.form_ref,
        "priority": _priority(task.priority),
        "created_at": task.created,
        "due_at": task.due_at,
        "follow_up_at": task.follow_up_at,
        "held_since": task.created,
        "passed_by": None,
        "passed_reason": None,
        "repairing": False,
        "ended_at": None,
        "ended_by": None,
    }


def _timers(before: Waiting, after: Waiting, owner: Owner, changes: RowChanges) -> None:
    for token, timer in before.timers.items():
        now = after.timers.get(token)
        if now is None or now.due_at != timer.due_at:
            changes.dropped_timers.append({"instance": owner.instance_id, "timer": token})
    for token, timer in after.timers.items():
        was = before.timers.get(token)
        if was is None or was.due_at != timer.due_at:
            changes.new_jobs.append(
                job_row(
                    "timer",
                    timer.due_at,
                    {"element": timer.element_id},
                    instance_id=owner.instance_id,
                    token=token,
                )
            )


def _subscriptions(before: Waiting, after: Waiting, owner: Owner, changes: RowChanges) -> None:
    for token in before.subscriptions.keys() - after.subscriptions.keys():
        changes.dropped_subscriptions.append({"instance": owner.instance_id, "tok": token})
    for token, wanted in after.subscriptions.items():
        if token not in before.subscriptions:
            changes.new_subscriptions.append(
                {
                    "instance_id": owner.instance_id,
                    "token": token,
                    "message": wanted.message,
                    "key": wanted.key,
                    "element_id": wanted.element_id,
                }
            )


def _externals(before: Waiting, after: Waiting, owner: Owner, changes: RowChanges) -> None:
    for token in before.externals.keys() - after.externals.keys():
        changes.dropped_externals.append({"instance": owner.instance_id, "tok": token})
    for token, external in after.externals.items():
        if token not in before.externals:
            changes.new_externals.append(
                {
                    "instance_id": owner.instance_id,
                    "token": token,
                    "definition_id": external.definition or owner.definition_id,
                    "process_key": owner.process_key,
                    "business_key": owner.business_key,
                    "element_id": external.element_id,
                    "topic": external.topic,
                    "priority": external.priority,
                    "created_at": owner.now,
                }
            )


def _deltas(before: Waiting, after: Waiting, owner: Owner) -> list[dict[str, Any]]:
    """+1 or -1 for each element at which the number of waiting tokens changes."""
    sums: dict[str, int] = {}
    for waiting, sign in ((before, -1), (after, 1)):
        for element_id in waiting.elements():
            sums[element_id] = sums.get(element_id, 0) + sign
    name = f"at:{owner.definition_id}"
    return [delta_row(name, element_id, delta) for element_id, delta in sums.items() if delta]
