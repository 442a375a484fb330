"""The base of all activities, and the activities done at once, by a person or by a message.

Owns the way of a token through an activity: the script before, input parameters in a scope of their
own, the work, output parameters written to the scope around it, the script after.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import FlowNode, inputs_of
from engine.execution.border.flow.people import open_task
from engine.execution.border.tree.expressions import (
    NO_NAMES,
    run_script,
    stored,
    value_of,
    write,
)
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import READY, WAITING, Token
from engine.execution.border.tree.node import Library, ProcessSpec
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Variables
from engine.models.elements import Element
from engine.models.forms import form_of


class Activity(FlowNode):
    """The part that all activities share."""

    def arrive(self, token: Token) -> None:
        self.enter(token)
        self.begin(token)
        self.await_turn(token)

    def begin(self, token: Token) -> None:
        """Run the script before, then evaluate the input parameters: variables of the activity
        alone."""
        run_before(token)
        if self.element.inputs:
            inputs = stored(token, inputs_of(token, self.element))
            token.variables = Variables("activity", self.element.id, token.variables, inputs)

    def await_turn(self, token: Token) -> None:
        """Do what follows the beginning. The default: wait in the queue, then work."""
        token._ready()

    def cut_off(self, token: Token) -> None:
        if not token.finished:
            write_outputs(token, cut_off=True)


class Plain(Activity):
    """A task without a stated kind of work: tokens pass it at once."""

    def work(self, token: Token) -> bool:
        finish(token)
        return True


class Human(Activity):
    """A user or manual task: open from arrival until a person completes it.

    `form` is the form of the task's own process, even if a caller has a form of the same id.
    """

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name, element, library)
        self.form = form_of(element, library.forms)

    def await_turn(self, token: Token) -> None:
        open_task(token)
        token._set_state(READY)

    def submit(self, token: Token, answers: Data) -> None:
        """A person has completed the task; its `onComplete` handler has already run."""
        write(token, answers)
        finish(token)
        token.forget()
        token.top.queue.append(token)


class Receive(Activity, Catching):
    """A receive task: done when its message comes. One without a message is done when a caller
    signals its token."""

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


def run_before(token: Token) -> None:
    """Run the script before an activity."""
    script = token.task_spec.element.pre_script
    if script is not None:
        run_script(token, script)


def finish(token: Token) -> None:
    """Do the last steps of every activity: output parameters, then the script after it."""
    write_outputs(token)
    token.variables, token.finished = around(token), True
    element = token.task_spec.element
    if element.post_script is not None:
        run_script(token, element.post_script)


def write_outputs(token: Token, *, cut_off: bool = False) -> None:
    """Write output parameters: read inside the activity, written around it; an unset name is null.
    For an activity that is cut off a failing parameter is left out, because it must not stop the
    event that ends the activity."""
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
    """The scope around the token's activity."""
    scope = token.variables
    if scope.kind == "activity" and scope.place == token.task_spec.element.id:
        assert scope.outer is not None
        return scope.outer
    return scope


def inputs_within(token: Token) -> Data:
    """The input parameters of the token's activity."""
    scope = token.variables
    return scope.values if scope is not around(token) else {}
