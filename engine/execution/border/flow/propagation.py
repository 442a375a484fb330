"""Errors, escalations and cancellations on their way outward to the event that catches them.

Owns the choice of the catching event: the nearest activity around the token with an armed event for
the code, or the nearest scope with an event sub-process for it. An event with this code comes
before one without a code (BPMN 2.0.2, 10.5.6).
"""

from __future__ import annotations

from typing import Any

from engine.execution.border.flow.flow_node import climb
from engine.execution.border.tree.expressions import stored
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import WAITING, Token
from engine.sentences.sentence import say


def throw_error(token: Token, code: str, message: str = "") -> None:
    """Send a BPMN error to the nearest event that catches this code, or any code.

    Raises Fault if no event catches it (BPMN 2.0.2, 10.5.6).
    """
    if _catch(token, "error", code, message):
        return
    raise Fault(
        token.task_spec.element,
        say("The error {code} was thrown and no boundary event catches it.", code=code),
        say("Attach an error boundary event with this code, or with none, to the activity."),
    )


def throw_escalation(token: Token, code: str | None) -> None:
    """Send an escalation outward; an uncaught one has no effect."""
    _catch(token, "escalation", code)


def cancel_transaction(token: Token) -> None:
    """End the transaction around the token; it goes on at its cancel boundary event."""
    if not _catch(token, "cancel", None):
        raise Fault(
            token.task_spec.element,
            say("The transaction is cancelled here, and no boundary event of it goes on."),
            say("Attach a cancel boundary event to the transaction."),
        )


def _catch(token: Token, kind: str, code: str | None, message: str = "") -> bool:
    """Let the nearest event catch it, with code and message; False: there is no such event. A
    called process that it leaves returns its values first (Camunda 7:
    OutputVariablesPropagator)."""
    for activity in climb(token):
        if activity is not token:
            activity.task_spec.passed_through(activity)
        if (guard := _armed(_guards(activity), kind, code)) is not None:
            return _taken(guard, kind, code, message)
        if activity.task_spec.owner is not None:
            continue
        if (trigger := _armed(_triggers(activity), kind, code)) is not None:
            return _taken(trigger, kind, code, message)
    return False


def _taken(catcher: Any, kind: str, code: str | None, message: str) -> bool:
    """Give the thrown error or escalation to the catching event. The facts of an error belong to
    its branch; the variables that the event names are written around the ended activity."""
    said = {"error": {"code": code, "message": message}} if kind == "error" else {}
    facts = stored(catcher, said)
    event = catcher.task_spec.event
    named = {event.code_variable: code, event.message_variable: message or None}
    told = stored(catcher, {name: value for name, value in named.items() if name})
    catcher.task_spec.caught(catcher, told, facts)
    return True


def _guards(activity: Token) -> list[Any]:
    """The tokens of the boundary events of an activity."""
    parent = activity.workflow.tasks.get(activity._parent)
    siblings: list[Any] = parent.children if parent is not None else []
    return [token for token in siblings if token.task_spec in activity.task_spec.guards]


def _triggers(activity: Token) -> list[Any]:
    """The tokens of the event sub-processes around the activity, without itself: an event
    sub-process does not catch what it throws."""
    beside: list[Any] = activity.workflow.task_tree.children
    triggers = [token for token in beside if token.task_spec.body is not None]
    return [token for token in triggers if token.task_spec.body is not activity.task_spec]


def _armed(candidates: list[Any], kind: str, code: str | None) -> Any | None:
    """The armed event for this code among the candidates; one with a code comes first."""
    events = [token for token in candidates if token._state == WAITING]
    fitting = [
        token
        for token in events
        if token.task_spec.event.kind == kind and _code(token) in (code, None)
    ]
    return min(fitting, key=lambda token: _code(token) is None, default=None)


def _code(armed: Any) -> str | None:
    """What an armed event catches: its code, or what that came out as when it was armed."""
    computed: str | None = armed.record.code
    constant: str | None = armed.task_spec.event.code
    return constant if computed is None else computed
