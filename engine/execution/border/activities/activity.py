"""What all activities have in common, and those passed at once or done by a person or a message.

Owns what happens between a token's arrival at an activity and its leaving: the script before, input
parameters in a scope of their own, the work, output parameters written around it, the script after.
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
