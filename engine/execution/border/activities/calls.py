"""Sub-processes and called processes: activities with a scope of their own inside.

Owns the data that goes in and out. A sub-process reads the variables around it and has its own. A
called process reads only what `camunda:in` passes and returns only what `camunda:out` names.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.border.activities.activity import Activity, around, finish, run_before
from engine.execution.border.flow.flow_node import climb, inputs_of, passed
from engine.execution.border.tree.expressions import key_given, stored, value_of, write
from engine.execution.border.tree.faults import Fault, short
from engine.execution.border.tree.kernel import STARTED, Token
from engine.execution.border.tree.node import ProcessSpec
from engine.execution.border.tree.port import CalledProcess
from engine.execution.border.tree.values import Data, same
from engine.execution.border.tree.variables import Variables
from engine.language.values import show
from engine.ports.cases import CALL_ANOTHER, begins_elsewhere
from engine.sentences.sentence import say

MAX_SCOPES = 50
"""Nested scopes. With data of the greatest allowed depth, more scopes could not be stored."""


class Embedded(Activity):
    """A sub-process; `inside` is the name of its scope."""

    def await_turn(self, token: Token) -> None:
        self.open(token, self.inside, token.workflow.specs, token.variables)

    def open(
        self, token: Token, name: str, specs: Mapping[str, ProcessSpec], variables: Variables
    ) -> None:
        """Start the inside of the activity. Raises Fault."""
        token._set_state(STARTED)
        if depth_of(token) >= MAX_SCOPES:
            raise Fault(
                self.element,
                say("Processes are nested more than {limit} levels deep here.", limit=MAX_SCOPES),
                say("Draw the repetition as a loop inside one process."),
            )
        scope = token.top.open_scope(token, name, specs, variables)
        scope.spec.start.leave(scope.task_tree)

    def begin(self, token: Token) -> None:
        """Start the sub-process; it always has a scope of its own."""
        run_before(token)
        token.variables = Variables("activity", self.element.id, token.variables, self.own(token))

    def own(self, token: Token) -> Data:
        """The variables that the inside begins with."""
        return stored(token, inputs_of(token, self.element))

    def scope_completed(self, token: Token, inside: Variables) -> None:
        """The inside has ended: take its variables back, then go on."""
        self.take_back(token, inside)
        finish(token)
        token.forget()
        self.resume(token)

    def take_back(self, token: Token, inside: Variables) -> None:
        """Take nothing: the inside of a sub-process has already written to the right scope."""


class Called(Embedded):
    """A call activity: the named process runs as a part of this instance."""

    calls = True

    def begin(self, token: Token) -> None:
        Activity.begin(self, token)

    def await_turn(self, token: Token) -> None:
        called = self.called(token)
        root = called.specs[called.scope].start
        if root.only_by:
            advice = say("Give it a start event without a definition, or call another process.")
            raise Fault(self.element, root.no_usual_start(), advice)
        if called.id is not None:
            token.record.version = called.id
        key = key_given(token, self.element.business_key)
        if key is not None:
            token.record.business_key = key
        given: Data = token.variables.visible() if self.element.passes_all_in else {}
        given.update(stored(token, passed(token, self.element.passed_in)))
        # No scope lies around this one, so its place holds the whole path: one process may be
        # called often.
        place = "/".join(filter(None, (around(token).path, self.element.id)))
        variables = Variables("process", place, None, given)
        self.open(token, called.scope, called.specs, variables)

    def called(self, token: Token) -> CalledProcess:
        """The version of the process for this call, fixed from now on. Raises Fault."""
        key = self.key(token)
        if key in self.library.closed:
            raise Fault(self.element, begins_elsewhere(key), CALL_ANOTHER)
        found = None
        if self.element.binding != "deployment":
            found = token.top.host.called(key, self.element.version)
        elif (name := f"{key}/{key}") in token.workflow.specs:
            found = CalledProcess(None, name, token.workflow.specs)
        if found is None:
            raise Fault(
                self.element,
                say("The called process {process} is not known.", process=key),
                say("Deploy it, then retry; or choose another one."),
            )
        return found

    def key(self, token: Token) -> str:
        """The key of the called process. Raises Fault if the value is no name."""
        expression = self.element.called_by
        if expression is None:
            return self.element.called_process or ""
        value = value_of(token, expression)
        if not isinstance(value, str) or not value:
            raise Fault(
                self.element,
                say("The called process is {value}, which is no name.", value=show(value)),
                say("Give the key of a process, as a text."),
            )
        return short(self.element, value)

    def take_back(self, token: Token, inside: Variables) -> None:
        if token.record.copy is not None:
            self.give_copy_back(token, token.record.copy, inside.visible())
        if self.element.passes_all_out:
            write(token, inside.visible())
        caller, token.variables = token.variables, inside
        try:
            given = stored(token, passed(token, self.element.passed_out))
        finally:
            token.variables = caller
        write(token, given)

    def give_copy_back(self, token: Token, copy: Data, inside: Data) -> None:
        """The end of a call that began with a copy of all data. Output parameters read all its
        data; without output parameters all changed variables are written."""
        if self.element.outputs:
            token.variables = Variables("activity", self.element.id, around(token), inside)
        elif not self.element.passed_out:
            made = {k: v for k, v in inside.items() if k not in copy or not same(v, copy[k])}
            write(token, made)

    def passed_through(self, token: Token) -> None:
        """Return values from a called process that an error or escalation leaves. A value that
        cannot be computed does not stop the error."""
        scope = token.top.subprocesses.get(token.id)
        if scope is not None:
            try:
                self.take_back(token, scope.variables)
            except Fault:
                return


def depth_of(token: Token) -> int:
    """The number of scopes around the token."""
    return sum(1 for one in climb(token) if one.task_spec.inside) - 1
