"""Activities whose work is done by a decision table, a handler in the step, an expression, or an
external worker.

Owns what a handler is told and what becomes of its result. Where handlers come from is the host's
business.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.execution.border.activities.activity import Activity, around, finish, inputs_within
from engine.execution.border.events import ladder
from engine.execution.border.events.messages import send_message
from engine.execution.border.flow.propagation import throw_error
from engine.execution.border.tree import decisions
from engine.execution.border.tree.expressions import (
    blaming,
    stored,
    value_of,
    write,
)
from engine.execution.border.tree.faults import Fault, HandlerFailed
from engine.execution.border.tree.kernel import WAITING, Token
from engine.execution.border.tree.values import Data, deep_copy
from engine.execution.border.tree.variables import Variables
from engine.language.values import show
from engine.models.elements import PRIORITY_ADVICE, is_priority
from engine.ports.handlers import BpmnError
from engine.sentences.sentence import say


class Decided(Activity):
    """A business rule task: evaluates a decision table, or calls a handler if it names a topic."""

    def work(self, token: Token) -> bool:
        element = self.element
        if element.decision_ref is None:
            return serve(token)
        late = late_task_names(token)
        answer = decisions.decide(token, element.decision_ref, element.map_result, late)
        name = element.result_variable or element.decision_ref
        write(token, stored(token, {name: answer}))
        finish(token)
        return True


class Service(Activity):
    """A service task, or an event that calls a service instead of sending a message: an expression,
    a handler in the step, or an external task."""

    def work(self, token: Token) -> bool:
        return serve(token)


class Send(Activity):
    """A send task; with a topic or an expression instead of a message it is a service task."""

    def work(self, token: Token) -> bool:
        element = self.element
        if element.is_service:
            return serve(token)
        send_message(token, element.event, inputs_within(token))
        finish(token)
        return True


def serve(token: Token) -> bool:
    """Compute the expression or run the handler of an element, or wait for an external worker.
    True: go on."""
    element = token.task_spec.element
    if token.finished:
        return True  # the answer of a worker outside has come
    if not element.topic:
        compute(token)
        finish(token)
        return True
    if not token.top.host.has_topic(element.topic):
        token.record.external = _priority(token)
        token._set_state(WAITING)
        return False
    if not call_handler(token, element.topic, looked_at(token)):
        return False
    finish(token)
    return True


def _priority(token: Token) -> int:
    """The priority of an external task; 0 if the model gives none. Raises Fault for a value that is
    no whole number."""
    element = token.task_spec.element
    value = None if element.task_priority is None else value_of(token, element.task_priority)
    if value in (None, ""):
        return 0
    if not is_priority(value):
        what = say("The task priority gives {value}, which is no whole number.", value=show(value))
        raise Fault(element, what, PRIORITY_ADVICE)
    return int(str(value))


def compute(token: Token) -> None:
    """Compute the expression of an element, if it has one, and write the value to its result
    variable."""
    element = token.task_spec.element
    if element.expression is not None:
        value = value_of(token, element.expression)
        if element.result_variable:
            write(token, stored(token, {element.result_variable: value}))


def take_external(token: Token, values: Data, own: Data) -> None:
    """An external worker has finished; `own` are variables of the activity alone, which its output
    parameters read."""
    take_result(token, values)
    if own:
        if token.variables is around(token):
            place = token.task_spec.element.id
            token.variables = Variables("activity", place, token.variables, {})
        for name, value in own.items():
            token.top.writes.put(token.variables, name, value)
    finish(token)
    token.forget()
    token.task_spec.resume(token)


def call_handler(token: Token, topic: str, task: UUID | None) -> bool:
    """Run a handler and take its result; False if a boundary event has taken over.

    Raises HandlerFailed for any exception except a BPMN error, and Fault for a call out of the
    instance's reach.
    """
    element, host = token.task_spec.element, token.top.host
    data, inputs = deep_copy(token.variables.visible()), deep_copy(inputs_within(token))
    try:
        with blaming(element):
            result = host.call(topic, element, token.id, data, inputs, task)
    except BpmnError as error:
        throw_error(token, error.code, error.message)
        return False
    except Fault:
        raise
    except Exception as error:  # the border to foreign code: the step decides what happens next
        raise HandlerFailed(element, error) from error
    take_result(token, stored(token, result or {}))
    return True


def take_result(token: Token, result: Mapping[str, object]) -> None:
    """Write a result: under the result variable, or key by key."""
    element = token.task_spec.element
    if element.result_variable and element.decision_ref is None:
        result = {element.result_variable: dict(result)}
    write(token, result)


def looked_at(token: Token) -> UUID | None:
    """The row of the human task whose boundary timer started this branch."""
    timer = token.variables.get("timer")
    task = timer.get("task") if isinstance(timer, dict) else None
    try:
        return UUID(task) if isinstance(task, str) else None
    except ValueError:  # a person may have filled in a field of that name
        return None


def late_task_names(token: Token) -> dict[str, object]:
    """`stage`, `priority` and `overdue` for a decision in a branch of a task's ladder."""
    timer = token.variables.get("timer")
    if not isinstance(timer, dict) or "overdue" not in timer:
        return {}
    return ladder.names_of(token, timer["element"], timer["overdue"])
