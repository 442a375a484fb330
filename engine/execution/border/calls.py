"""Sub-processes and called processes: an activity with a scope of its own inside.

Owns what data goes in and comes out. Without parameters everything does, both ways; a called
process with input parameters sees only those, with output parameters it gives back only those.
"""

from __future__ import annotations

from engine.cases import CALL_ANOTHER, begins_elsewhere
from engine.execution.border.activities import finish
from engine.execution.border.expressions import run_script, stored
from engine.execution.border.faults import Fault
from engine.execution.border.kernel import STARTED, Token
from engine.execution.border.node import Node, climb, inputs_of
from engine.execution.border.scopes import current_data
from engine.execution.border.values import Data
from engine.words import say

MAX_SCOPES = 50
"""Scopes inside each other; with data nested as deeply as it may be, more could not be stored."""


class Embedded(Node):
    """A sub-process; `inside` is the name of its scope."""

    def arrive(self, token: Token) -> None:
        self.enter(token)
        if self.element.pre_script is not None:
            run_script(token, self.element.pre_script)
        token._set_state(STARTED)
        if self.inside not in token.top.subprocess_specs:
            raise Fault(
                self.element,
                say("The called process {process} is not known.", process=self.inside),
                say("Deploy it first, or choose another one."),
            )
        if depth_of(token) >= MAX_SCOPES:
            raise Fault(
                self.element,
                say("Processes are nested more than {limit} levels deep here.", limit=MAX_SCOPES),
                say("Draw the repetition as a loop inside one process."),
            )
        scope = token.top.open_scope(token, self.inside, self.data_in(token))
        scope.spec.start.leave(scope.task_tree)

    def known(self, token: Token) -> Data | None:
        scope = token.top.subprocesses.get(token.id)
        if self.owner is not None or scope is None:
            return super().known(token)
        return self.data_so_far(token, current_data(scope))

    def data_so_far(self, token: Token, inside: Data) -> Data:
        """The data of the activity while the scope knows what is `inside`."""
        return inside

    def data_in(self, token: Token) -> Data:
        """The data the scope begins with."""
        return {**token.data, **stored(token, inputs_of(token, self.element))}

    def scope_completed(self, token: Token, data: Data) -> None:
        """Take the data over and go on."""
        if self.element.outputs:
            token.internal_data["in"] = data
        else:
            token.data = self.data_out(token, data)
        finish(token)
        token.internal_data = {}
        self.resume(token)

    def data_out(self, token: Token, data: Data) -> Data:
        """Without output parameters: everything."""
        return data


class Called(Embedded):
    """A call activity: the process it names runs as a part of this instance."""

    def arrive(self, token: Token) -> None:
        if self.element.called_process in self.library.closed:
            process = self.element.called_process or ""
            raise Fault(self.element, begins_elsewhere(process), CALL_ANOTHER)
        super().arrive(token)

    def data_in(self, token: Token) -> Data:
        if not self.element.inputs:
            return dict(token.data)
        return stored(token, inputs_of(token, self.element))

    def data_so_far(self, token: Token, inside: Data) -> Data:
        return token.data if self.element.inputs or self.element.outputs else inside

    def data_out(self, token: Token, data: Data) -> Data:
        return {**token.data, **data} if self.element.inputs else data


def depth_of(token: Token) -> int:
    """How many scopes the token is inside of."""
    return sum(1 for one in climb(token) if one.task_spec.inside) - 1
