"""Gateways: exclusive, parallel, inclusive, event-based.

Owns splitting and joining. At a joining gateway tokens wait, each with its flow and its number of
arrival. When the gateway fires, one token goes on in the scope of variables that they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.execution.border.flow.flow_node import FlowNode, Way, default_of
from engine.execution.border.tree.kernel import COMPLETED, WAITING, Token
from engine.execution.border.tree.variables import shared_by


class Exclusive(FlowNode):
    """One way on: the first flow in file order whose condition holds, else the default."""

    def choose(self, token: Token) -> list[Way]:
        if len(self.exits) == 1 and self.exits[0].flow and self.exits[0].flow.condition is None:
            return self.exits
        for way in self.exits:
            if not way.is_default and self.is_open(token, way):
                return [way]
        return [default_of(self, token)] if self.exits else []


class EventGateway(FlowNode):
    """Starts every event behind it; the first event that is caught ends the others."""

    exclusive_wait = True

    def choose(self, token: Token) -> list[Way]:
        return self.exits

    def holds(self, token: Token) -> bool:
        return len(token._children) > 1


class Joining(FlowNode):
    """A gateway that waits for tokens; `incoming` are the ids of the flows into it."""

    incoming: frozenset[str] = frozenset()

    def stands(self, token: Token) -> bool:
        return token._state != WAITING

    def arrive(self, token: Token) -> None:
        if len(self.incoming) < 2:
            super().arrive(token)
            return
        token.record.arrived = token.top.arrival()
        token._set_state(WAITING)
        if not self.settles:
            self.settle(token)

    def settle(self, token: Token) -> None:
        """Let the tokens go on together if no other token has to come."""

    def waiting(self, token: Token) -> list[Token]:
        """The tokens waiting at this gateway in this scope, first come first."""
        tokens = [
            one
            for one in token.workflow.tasks.values()
            if one.task_spec is self and one._state == WAITING
        ]
        return sorted(tokens, key=lambda one: one.record.arrived)

    def join(self, tokens: list[Token]) -> None:
        """The last token goes on; the others end here, and so do the facts of a firing that one of
        them carried."""
        last = tokens[-1]
        last.variables = shared_by(token.variables for token in tokens)
        for token in tokens[:-1]:
            token._set_state(COMPLETED)
        last.forget()
        self.enter(last)
        last._ready()


class Parallel(Joining):
    """Waits for one token on each incoming flow (BPMN 2.0.2, 13.4.1), then takes every outgoing."""

    def settle(self, token: Token) -> None:
        first_by_flow: dict[str, Token] = {}
        for one in self.waiting(token):
            first_by_flow.setdefault(one.record.flow, one)
        if self.incoming <= first_by_flow.keys():
            self.join(sorted(first_by_flow.values(), key=lambda one: one.record.arrived))

    def choose(self, token: Token) -> list[Way]:
        return self.exits


class Inclusive(Joining):
    """Waits while another token of the scope can still arrive by a flow on which no token has come,
    and by none of the others (BPMN 2.0.2, 13.4.3). So joins of one loop do not wait for each other.

    The gateway looks when no other token moves. `sources`: id of an incoming flow -> the names of
    all nodes with a path to it that does not pass the gateway.
    """

    settles = True
    sources: Mapping[str, frozenset[str]] = MappingProxyType({})

    def settle(self, token: Token) -> None:
        waiting = self.waiting(token)
        come = {one.record.flow for one in waiting}
        if not any(self.is_missing(one, come) for one in token.workflow.live_tokens()):
            self.join(waiting)

    def is_missing(self, other: Token, come: set[str]) -> bool:
        """Whether the gateway waits for this live token. An armed event is not a token yet."""
        node = other.task_spec
        if node is self or (node.element.kind == "boundaryEvent" and other._state == WAITING):
            return False
        ways = {flow for flow, sources in self.sources.items() if node.name in sources}
        return bool(ways) and not ways & come
