"""Event sub-processes: what a scope may begin at any time as long as something goes on in it.

Owns their triggers, which wait beside the branches of the scope without keeping it open, and the
data of what they begin: it starts from all that the scope knows at that moment, and one that does
not interrupt is a branch of its own from then on. Key of the record: b the data it began with.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.border import timers
from engine.execution.border.calls import Embedded
from engine.execution.border.events import Catching
from engine.execution.border.kernel import WAITING, Token, discard
from engine.execution.border.scopes import current_data
from engine.execution.border.values import Data, changes, patched


class EventScope(Embedded):
    """An event sub-process that has begun."""

    def data_in(self, token: Token) -> Data:
        return dict(token.internal_data.get("b", token.data))

    def data_so_far(self, token: Token, inside: Data) -> Data:
        began = token.internal_data.get("b")
        return inside if began is None else patched(token.data, changes(began, inside))

    def data_out(self, token: Token, data: Data) -> Data:
        return self.data_so_far(token, data)


class Trigger(Catching):
    """The start event of an event sub-process as the scope around it sees it.

    Armed when the scope begins, off when nothing else is left in it. Interrupting, it takes
    everything else in the scope away; otherwise a message or an escalation may come again.
    """

    body: EventScope
    optional = True
    keeps_open = False

    @property
    def visible(self) -> bool:
        """The history shows the start event inside."""
        return False

    def known(self, token: Token) -> Data | None:
        return None

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        self.watch(token)

    def fire(self, token: Token) -> None:
        assert self.timer is not None
        facts = timers.fire(token, self.timer).facts()
        self.caught(token, {"timer": facts})
        again = self.timer.kind == "cycle" and timers.due_at(token)
        if token.live and not again:
            discard(token)

    def caught(self, token: Token, data: Mapping[str, object]) -> None:
        scope = token.workflow
        fork, known = scope.task_tree, current_data(scope)
        began = {**known, **data}
        if self.element.interrupting:
            for other in scope.live_tokens():
                if other.live:
                    discard(other)
            scope.ended = {}
        begun = fork._add_child(self.body)
        begun.data = began if self.element.interrupting else dict(fork.data)
        if not self.element.interrupting:
            begun.internal_data["b"] = began
        self.body.arrive(begun)
        if "b" in begun.internal_data and self.timer is None:
            # What a message or signal brings is news to the process; facts of a timer are not.
            begun.internal_data["b"] = known
