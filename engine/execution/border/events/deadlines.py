"""Moved deadlines: by a person's decision, or because the case has changed.

Owns the effects of a moved deadline: the ladder of the task, and every waiting timer whose
expression reads a changed value. A timer whose time has then passed fires once, at its next job.
"""

from __future__ import annotations

from datetime import datetime

from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.people import due_of, task_of, utc
from engine.execution.border.tree.kernel import READY, WAITING, Instance, Token
from engine.execution.border.tree.records import TaskRecord

TASK_NAMES = frozenset({"task", "due_at"})
CASE_NAMES = frozenset({"case"})


def set_due(token: Token, due_at: datetime | None) -> None:
    """Somebody has decided on this deadline; None: there is none any more."""
    record = task_of(token)
    record.moved = 1
    _put(record, utc(due_at) if due_at else None)
    rearm_guards(token)


def recompute(top: Instance) -> None:
    """Evaluate every deadline and waiting timer that reads the case."""
    for scope in top.scopes():
        for token in scope.live_tokens():
            if token._state == READY and token.record.task is not None:
                _recompute_task(token, token.record.task)
    for scope in top.scopes():
        for token in scope.live_tokens():
            if token._state == WAITING and token.record.timer is not None:
                token.task_spec.rewatch(token, CASE_NAMES)


def _recompute_task(token: Token, record: TaskRecord) -> None:
    expression = token.task_spec.element.due_date
    if expression is None or not expression.names & CASE_NAMES:
        return
    due, before = due_of(token), record.due
    if record.moved and due is not None and before is not None:
        # What a person granted is not taken back by a case whose deadline lies earlier.
        due = max(due, before)
    if due != before:
        _put(record, due)
        rearm_guards(token)


def _put(record: TaskRecord, due: str | None) -> None:
    if due is not None:
        record.due = due
    elif record.due is not None:
        del record.due


def rearm_guards(token: Token) -> None:
    """Arm the boundary timers of a task again after its deadline has moved."""
    activity = token if token.task_spec.owner is None else token.workflow.tasks[token._parent]
    for sibling in activity.workflow.tasks[activity._parent].children:
        node = sibling.task_spec
        if not isinstance(node, Catching) or node not in activity.task_spec.guards:
            continue
        if sibling._state != WAITING:
            continue
        if node.timer is not None and node.timer.ladder is not None:
            node.watch(sibling)
        else:
            node.rewatch(sibling, TASK_NAMES)
