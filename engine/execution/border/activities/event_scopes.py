"""Event sub-processes: a scope may start them at any time while it is open.

Owns their triggers, which wait beside the branches of the scope without keeping it open. The facts
of a firing (`timer`, `error`) are a variable of the event sub-process that it starts; the payload
of a message or signal is written outward like any answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.border.activities.calls import Embedded
from engine.execution.border.events import timers
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import Way
from engine.execution.border.tree.expressions import NO_NAMES, write
from engine.execution.border.tree.kernel import WAITING, Token
from engine.execution.border.tree.node import Library, ProcessSpec
from engine.execution.border.tree.scopes import interrupt_all
from engine.execution.border.tree.values import Data
from engine.models.elements import Element


class EventScope(Embedded):
    """An event sub-process that has begun."""

    def own(self, token: Token) -> Data:
        own, facts = super().own(token), token.record.began_with
        if facts is None:
            return own
        del token.record.began_with
        return {**own, **facts}


class Trigger(Catching):
    """The start event of an event sub-process, seen from the scope around it.

    Armed when the scope begins; off when no other token is left in it. An interrupting one ends
    everything else in the scope; a message or an escalation that does not interrupt may come again.
    """

    body: EventScope
    optional = True
    keeps_open = False

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name, element, library)
        self.remembers = self.event.kind == "compensate"

    @property
    def visible(self) -> bool:
        """Not visible: the history shows the start event inside."""
        return False

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        self.watch(token)

    def behind(self, token: Token) -> list[Way]:
        inside = token.workflow.specs[self.body.inside]
        return inside.task_specs[self.element.id].exits

    def fire(self, token: Token) -> None:
        assert self.timer is not None
        facts = timers.fire(token, self.timer).facts()
        self.caught(token, {}, {"timer": facts})
        self.spend(token)

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        scope = token.workflow
        if self.element.interrupting:
            interrupt_all(scope)
        begun = scope.task_tree._add_child(self.body)
        begun.variables = scope.variables
        write(begun, values)
        if facts:
            begun.record.began_with = dict(facts)
        self.body.arrive(begun)
