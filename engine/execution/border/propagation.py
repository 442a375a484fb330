"""Errors and escalations on their way outwards to the boundary event that catches them.

Owns who catches: the nearest activity around the token with an armed event for the code; an event
with this code comes before one without any (BPMN 2.0.2, 10.5.6).
"""

from __future__ import annotations

from typing import Any

from engine.execution.border.faults import Fault
from engine.execution.border.kernel import WAITING, Token
from engine.execution.border.node import climb
from engine.words import say


def throw_error(token: Token, code: str, message: str = "") -> None:
    """Send a BPMN error to the nearest error boundary event with this code, or with none.

    Raises Fault if nobody catches it (BPMN 2.0.2, 10.5.6).
    """
    for activity in climb(token):
        guard = _armed(activity, "error", code)
        if guard is not None:
            error = {"code": code, "message": message}
            guard.task_spec.caught(guard, {**token.data, "error": error})
            return
    raise Fault(
        token.task_spec.element,
        say("The error {code} was thrown and no boundary event catches it.", code=code),
        say("Attach an error boundary event with this code, or with none, to the activity."),
    )


def throw_escalation(token: Token, code: str | None) -> None:
    """Send an escalation outwards; nobody has to catch it."""
    for activity in climb(token):
        guard = _armed(activity, "escalation", code)
        if guard is not None:
            guard.task_spec.caught(guard, dict(token.data))
            return


def _armed(activity: Token, kind: str, code: str | None) -> Token | None:
    """The armed boundary event of the activity for this code; one with a code comes first."""
    guards = [
        guard
        for guard in activity.task_spec.guards
        if guard.event.kind == kind and guard.event.code in (code, None)
    ]
    guards.sort(key=lambda guard: guard.event.code is None)
    parent = activity.workflow.tasks.get(activity._parent)
    siblings: list[Any] = parent.children if parent is not None else []
    for guard in guards:
        for token in siblings:
            if token.task_spec is guard and token._state == WAITING:
                found: Token = token
                return found
    return None
