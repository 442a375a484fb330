"""Activities that do their work at once or wait for somebody outside: user, script, decision,
service, send.

Owns what happens between a token's arrival at an activity and its leaving. Where handlers come from
is the host's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.errors import TindakError
from engine.execution.border import decisions, ladder
from engine.execution.border.expressions import blaming, run_script, stored, value_of
from engine.execution.border.faults import Fault, HandlerFailed
from engine.execution.border.kernel import READY, WAITING, ProcessSpec, Token
from engine.execution.border.messages import send_message
from engine.execution.border.node import Library, Node, inputs_of
from engine.execution.border.people import open_task
from engine.execution.border.propagation import throw_error
from engine.execution.border.values import Data, deep_copy
from engine.handlers import BpmnError, Refusal
from engine.models.elements import Element
from engine.models.forms import form_of


class Plain(Node):
    """A task that says nothing about how it is done: passed at once."""

    def work(self, token: Token) -> bool:
        run_scripts_around(token)
        return True


class Human(Node):
    """A user or manual task: open from arrival until somebody completes it.

    `form` is that of its own process, whatever forms of the same id a caller has; `asks` are the
    keys of its answers.
    """

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name, element, library)
        self.form = form_of(element, library.forms)
        self.asks = frozenset(self.form.keys if self.form is not None else ())

    def arrive(self, token: Token) -> None:
        self.enter(token)
        open_task(token)
        token._set_state(READY)

    def submit(self, token: Token, answers: Data) -> None:
        """Somebody has completed the task; its `onComplete` handler has already run."""
        token.data = {**token.data, **answers}
        finish(token)
        token.internal_data = {}
        token.top.queue.append(token)


class Scripted(Node):
    """A script task."""

    def work(self, token: Token) -> bool:
        if self.element.script is not None:
            run_script(token, self.element.script)
        run_scripts_around(token)
        return True


class Decided(Node):
    """A business rule task: asks a decision table, or a handler if it names a topic instead."""

    def work(self, token: Token) -> bool:
        element = self.element
        if element.decision_ref is None:
            return serve(token)
        extra = {**inputs_of(token, element), **late_task_names(token)}
        answer = decisions.decide(token, element.decision_ref, element.map_result, extra)
        name = element.result_variable or element.decision_ref
        token.data = {**token.data, **stored(token, {name: answer})}
        finish(token)
        return True


class Service(Node):
    """A service task: a handler in the step, or an external task that waits for a worker."""

    def work(self, token: Token) -> bool:
        return serve(token)


class Send(Node):
    """A send task or message throw event; with a topic instead of a message it is a service."""

    def work(self, token: Token) -> bool:
        message = self.element.event.message if self.element.event else None
        if message is None and self.element.topic:
            return serve(token)
        send_message(token, message)
        finish(token)
        return True


def serve(token: Token) -> bool:
    """Run the handler behind an element, or wait for an outside worker; True: go on."""
    element = token.task_spec.element
    if token.internal_data.pop("done", False) or not element.topic:
        return True
    if element.pre_script is not None:
        run_script(token, element.pre_script)
    if not token.top.host.has_topic(element.topic):
        token.internal_data["x"] = stored(token, inputs_of(token, element))
        token._set_state(WAITING)
        return False
    if not call_handler(token, element.topic, looked_at(token)):
        return False
    finish(token)
    return True


def take_external(token: Token, values: Data) -> None:
    """An outside worker has finished what the token waits for."""
    take_result(token, values)
    finish(token)
    token.internal_data = {"done": True}
    token.task_spec.resume(token)


def call_handler(token: Token, topic: str, task: UUID | None) -> bool:
    """Run a handler and take its result; False when a boundary event has taken over.

    Raises HandlerFailed for whatever it raised that is neither a BPMN error, a refusal nor an error
    somebody else can act on.
    """
    element, host = token.task_spec.element, token.top.host
    inputs = deep_copy(inputs_of(token, element))
    try:
        with blaming(element):
            result = host.call(topic, element, token.id, deep_copy(token.data), inputs, task)
    except BpmnError as error:
        throw_error(token, error.code, error.message)
        return False
    except (Fault, Refusal, TindakError):
        raise
    except Exception as error:  # the border to foreign code: the step decides what becomes of it
        raise HandlerFailed(element, error) from error
    take_result(token, stored(token, result or {}))
    return True


def take_result(token: Token, result: Mapping[str, object]) -> None:
    """Merge a result into the data: under the result variable, through the output parameters, or
    key by key."""
    element = token.task_spec.element
    if element.result_variable and element.decision_ref is None:
        result = {element.result_variable: dict(result)}
    if element.outputs:
        token.internal_data["in"] = {**token.internal_data.get("in", {}), **result}
    else:
        token.data = {**token.data, **result}


def finish(token: Token) -> None:
    """What comes last in every activity: output parameters, then the script after it."""
    element = token.task_spec.element
    if element.outputs:
        outputs = {name: value_of(token, expression) for name, expression in element.outputs}
        token.data = {**token.data, **stored(token, outputs)}
    if element.post_script is not None:
        run_script(token, element.post_script)


def run_scripts_around(token: Token) -> None:
    """The scripts before and after an activity that has no waiting in between."""
    element = token.task_spec.element
    if element.pre_script is not None:
        run_script(token, element.pre_script)
    finish(token)


def looked_at(token: Token) -> UUID | None:
    """The row of the human task that a branch behind its boundary timer is about."""
    timer = token.data.get("timer")
    task = timer.get("task") if isinstance(timer, dict) else None
    try:
        return UUID(task) if isinstance(task, str) else None
    except ValueError:  # a field of that name that somebody filled in
        return None


def late_task_names(token: Token) -> dict[str, object]:
    """`stage`, `priority` and `overdue` for a decision behind a task's ladder."""
    timer = token.data.get("timer")
    if not isinstance(timer, dict) or "overdue" not in timer:
        return {}
    priority = token.top.host.case.get("priority", ladder.DEFAULT_PRIORITY)
    return {"stage": timer["element"], "priority": priority, "overdue": timer["overdue"]}
