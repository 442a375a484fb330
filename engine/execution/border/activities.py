"""Activities that do their work at once or wait for somebody outside: user, script, decision,
service, send.

Owns what happens between a token's arrival at an activity and its leaving: the script before, input
parameters in a scope of their own, the work, output parameters written around it, the script after.
Where handlers come from is the host's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.errors import TindakError
from engine.execution.border import decisions, ladder
from engine.execution.border.events import Catching
from engine.execution.border.expressions import (
    NO_NAMES,
    blaming,
    run_script,
    stored,
    value_of,
    write,
)
from engine.execution.border.faults import Fault, HandlerFailed
from engine.execution.border.kernel import READY, WAITING, ProcessSpec, Token
from engine.execution.border.messages import send_message
from engine.execution.border.node import Library, Node, inputs_of
from engine.execution.border.people import open_task
from engine.execution.border.propagation import throw_error
from engine.execution.border.values import Data, deep_copy
from engine.execution.border.variables import Variables
from engine.handlers import BpmnError, Refusal
from engine.models.elements import Element
from engine.models.forms import form_of


class Activity(Node):
    """What all activities have in common."""

    def arrive(self, token: Token) -> None:
        self.enter(token)
        self.begin(token)
        self.await_turn(token)

    def begin(self, token: Token) -> None:
        """What comes first: the script before, then input parameters, which are variables of the
        activity alone."""
        run_before(token)
        if self.element.inputs:
            inputs = stored(token, inputs_of(token, self.element))
            token.variables = Variables("activity", self.element.id, token.variables, inputs)

    def await_turn(self, token: Token) -> None:
        """What the activity does once it has begun: by default it works when its turn comes."""
        token._ready()

    def cut_off(self, token: Token) -> None:
        if not token.finished:
            write_outputs(token, cut_off=True)


class Plain(Activity):
    """A task that says nothing of how it is done: passed at once."""

    def work(self, token: Token) -> bool:
        finish(token)
        return True


class Human(Activity):
    """A user or manual task: open from arrival until somebody completes it.

    `form` is that of its own process, whatever forms of the same id a caller has.
    """

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name, element, library)
        self.form = form_of(element, library.forms)

    def await_turn(self, token: Token) -> None:
        open_task(token)
        token._set_state(READY)

    def submit(self, token: Token, answers: Data) -> None:
        """Somebody has completed the task; its `onComplete` handler has already run."""
        write(token, answers)
        finish(token)
        token.internal_data = {}
        token.top.queue.append(token)


class Receive(Activity, Catching):
    """A receive task: an activity that is done when its message comes; one without a message, when
    its token is told to go on."""

    def await_turn(self, token: Token) -> None:
        token._set_state(WAITING)
        self.watch(token)

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        write(token, values)
        finish(token)
        super().caught(token, {})


class Scripted(Activity):
    """A script task."""

    def work(self, token: Token) -> bool:
        if self.element.script is not None:
            run_script(token, self.element.script)
        finish(token)
        return True


class Decided(Activity):
    """A business rule task: asks a decision table, or a handler if it names a topic instead."""

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
    a handler in the step, or an external task that waits for a worker."""

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
    """Compute the expression or run the handler behind an element, or wait for an outside worker;
    True: go on."""
    element = token.task_spec.element
    if token.internal_data.pop("done", False):
        return True
    if not element.topic:
        compute(token)
        finish(token)
        return True
    if not token.top.host.has_topic(element.topic):
        token.internal_data["x"] = 1
        token._set_state(WAITING)
        return False
    if not call_handler(token, element.topic, looked_at(token)):
        return False
    finish(token)
    return True


def compute(token: Token) -> None:
    """Compute the expression of an element, if it has one; what it gives goes into the result
    variable."""
    element = token.task_spec.element
    if element.expression is not None:
        value = value_of(token, element.expression)
        if element.result_variable:
            write(token, stored(token, {element.result_variable: value}))


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
    data, inputs = deep_copy(token.variables.visible()), deep_copy(inputs_within(token))
    try:
        with blaming(element):
            result = host.call(topic, element, token.id, data, inputs, task)
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
    """Write a result: under the result variable, or key by key."""
    element = token.task_spec.element
    if element.result_variable and element.decision_ref is None:
        result = {element.result_variable: dict(result)}
    write(token, result)


def run_before(token: Token) -> None:
    """Run the script before an activity."""
    script = token.task_spec.element.pre_script
    if script is not None:
        run_script(token, script)


def finish(token: Token) -> None:
    """What comes last in every activity: output parameters, then the script after it."""
    write_outputs(token)
    token.variables, token.finished = around(token), True
    element = token.task_spec.element
    if element.post_script is not None:
        run_script(token, element.post_script)


def write_outputs(token: Token, *, cut_off: bool = False) -> None:
    """Write output parameters, read inside the activity, around it; an unset name is null. Of an
    activity that is cut off one that fails is left out: it may not hold up what ends it."""
    outer = around(token)
    for name, expression in token.task_spec.element.outputs:
        unset = dict.fromkeys(expression.names)
        try:
            value = stored(token, {name: value_of(token, expression, unset=unset)})
        except Fault:
            if not cut_off:
                raise
        else:
            write(token, value, outer)


def around(token: Token) -> Variables:
    """The scope around the activity the token is at."""
    scope = token.variables
    if scope.kind == "activity" and scope.place == token.task_spec.element.id:
        assert scope.outer is not None
        return scope.outer
    return scope


def inputs_within(token: Token) -> Data:
    """The input parameters of the activity the token is at."""
    scope = token.variables
    return scope.values if scope is not around(token) else {}


def looked_at(token: Token) -> UUID | None:
    """The row of the human task that a branch behind its boundary timer is about."""
    timer = token.variables.get("timer")
    task = timer.get("task") if isinstance(timer, dict) else None
    try:
        return UUID(task) if isinstance(task, str) else None
    except ValueError:  # a field of that name that somebody filled in
        return None


def late_task_names(token: Token) -> dict[str, object]:
    """`stage`, `priority` and `overdue` for a decision behind a task's ladder."""
    timer = token.variables.get("timer")
    if not isinstance(timer, dict) or "overdue" not in timer:
        return {}
    priority = token.top.host.case.get("priority", ladder.DEFAULT_PRIORITY)
    return {"stage": timer["element"], "priority": priority, "overdue": timer["overdue"]}
